"""Rows of CSV as AWS reads them."""

from __future__ import annotations

import csv

import pytest

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.item_readers.csv_items import rows_of


@pytest.mark.parametrize(
    ("text", "delimiter", "headers", "rows"),
    [
        pytest.param("a,b\n1,2\n", ",", None, [{"a": "1", "b": "2"}], id="headers in the first row"),
        pytest.param("1,2\r\n", ",", ("a", "b"), [{"a": "1", "b": "2"}], id="headers given, and Windows line ends"),
        pytest.param("a,b\n1\n", ",", None, [{"a": "1", "b": ""}], id="a missing cell is empty"),
        pytest.param("a,b\n1,2,3\n", ",", None, [{"a": "1", "b": "2"}], id="a surplus cell is left out"),
        pytest.param("a,\n1,2\n", ",", None, [{"": "2", "a": "1"}], id="a column without a name"),
        pytest.param("a\n\n1\n", ",", None, [{"a": "1"}], id="an empty line is no row"),
        pytest.param("a\n  \n", ",", None, [{"a": "  "}], id="a line of blanks is a row"),
        pytest.param('a|b\n"x|y"|"q""r"\n', "|", None, [{"a": "x|y", "b": 'q"r'}], id="pipes and quotes"),
        pytest.param('a\n"two\nlines"\n', ",", None, [{"a": "two\nlines"}], id="a cell of two lines"),
        pytest.param("", ",", None, [], id="nothing"),
        pytest.param("a,b", ",", None, [], id="headers alone"),
    ],
)
def test_each_row_is_an_object(text: str, delimiter: str, headers: tuple[str, ...] | None, rows: list[JSON]) -> None:
    assert rows_of(text, delimiter=delimiter, headers=headers) == rows


def test_a_cell_may_be_longer_than_the_limit_of_the_csv_module() -> None:
    limit = csv.field_size_limit()
    assert rows_of("a\n" + "x" * 200_000, delimiter=",", headers=None) == [{"a": "x" * 200_000}]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize(
    ("text", "headers", "cause"),
    [
        pytest.param("a,a\n1,2", None, "CSV headers cannot contain duplicates.", id="duplicates in the first row"),
        pytest.param("1,2", ("a", "a"), "CSV headers cannot contain duplicates.", id="duplicates that were given"),
        pytest.param("a" * 10_241 + "\n1", None, "CSV headers cannot exceed 10 KiB.", id="more than 10 KiB"),
    ],
)
def test_headers_that_are_refused(text: str, headers: tuple[str, ...] | None, cause: str) -> None:
    with pytest.raises(AslError) as raised:
        rows_of(text, delimiter=",", headers=headers)
    assert (raised.value.error, raised.value.cause) == ("States.ItemReaderFailed", cause)
