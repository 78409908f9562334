"""Text fit to be shown: control characters, halves of surrogate pairs, long values, values that can't be written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_sfn_sync import shown_text as room
from pytest_sfn_sync.errors import DefinitionError, SfnSyncUsageError
from pytest_sfn_sync.shown_text import (
    MOST_OF_A_MESSAGE,
    MOST_OF_A_VALUE,
    fit_to_be_shown,
    kind_of_value,
    number_of_digits,
    on_one_line,
    shown_lines,
    shown_names,
    shown_text,
    shown_value,
)
from tests.hostile_documents import doubled, nested_lists


@pytest.fixture
def everything_is_shown() -> Iterator[None]:
    restore = room.show_whole(True)
    yield
    restore()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("orders", "orders", id="plain text"),
        pytest.param("über 日本 🚀", "über 日本 🚀", id="letters of other scripts"),
        pytest.param("one\n\ttwo", "one\n\ttwo", id="line ends and tabs"),
        pytest.param("\x1b[31mred", "\\x1b[31mred", id="the escape of a terminal"),
        pytest.param("a\rb\x07\x00", "a\\x0db\\x07\\x00", id="other control characters"),
        pytest.param("\x7f\x9b31m", "\\x7f\\x9b31m", id="DEL and C1"),
        pytest.param("a\u202eb\u2066c", "a\\u202eb\\u2066c", id="marks that turn the direction of text"),
        pytest.param("a\u2028b\ufeff", "a\\u2028b\\ufeff", id="line separators and marks of byte order"),
        pytest.param("\ud800", "\\ud800", id="half a surrogate pair"),
    ],
)
def test_characters(text: str, shown: str) -> None:
    assert fit_to_be_shown(text) == shown
    assert fit_to_be_shown(shown) == shown


class Broken:
    def __repr__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("a'b", '"a\'b"', id="a text"),
        pytest.param({"a": [1, (2,), ()]}, "{'a': [1, (2,), ()]}", id="a document"),
        pytest.param("x" * 500, "'" + "x" * (MOST_OF_A_VALUE - 1) + "...", id="a long text"),
        pytest.param(list(range(10**6)), str(list(range(100)))[:MOST_OF_A_VALUE] + "...", id="a long list"),
        pytest.param(nested_lists(100_000), "[" * MOST_OF_A_VALUE + "...", id="a deep list"),
        pytest.param(doubled(200), "[" * MOST_OF_A_VALUE + "...", id="a list that is shared"),
        pytest.param(10**5000, "an int of about 5,001 digits", id="an integer that Python doesn't write"),
        pytest.param([Broken()], "[<Broken whose __repr__ fails>]", id="an object without a repr"),
        pytest.param("\x1b", "'\\x1b'", id="a control character"),
    ],
)
def test_values(value: object, shown: str) -> None:
    assert shown_value(value) == shown


def test_a_long_text_tells_how_much_is_left_out() -> None:
    assert shown_text("x" * 1_500, 400) == "x" * 400 + " ...(1,100 more characters)"


def test_a_long_list_tells_how_many_are_left_out() -> None:
    assert shown_names("abc", 2) == "a, b and 1 more"
    assert shown_names(["a", "b"], quoted=True) == "'a', 'b'"


def test_lines_that_are_left_out_are_never_made() -> None:
    made = []

    def lines() -> Iterator[str]:
        for number in range(1_000):
            made.append(number)
            yield str(number)

    assert shown_lines(lines(), 1_000, 3) == ["0", "1", "2", "... and 997 more"]
    assert len(made) == 3


def test_everything_is_shown_on_demand(everything_is_shown: None) -> None:
    assert shown_text("x" * 1_000) == "x" * 1_000
    assert shown_value("x" * 1_000) == repr("x" * 1_000)
    assert shown_names(map(str, range(30))).endswith("28, 29")
    assert len(shown_lines(map(str, range(30)), 30)) == 30
    assert len(str(SfnSyncUsageError("x" * 100_000))) == 100_000


def test_kinds() -> None:
    values: tuple[object, ...] = (1, [], "a")
    assert [kind_of_value(value) for value in values] == ["an int", "a list", "a str"]
    assert [number_of_digits(number) for number in (0, -5, 10**99)] == [1, 1, 100]


@pytest.mark.parametrize("error", [SfnSyncUsageError, DefinitionError])
def test_messages_of_usage_errors_are_fit_to_be_shown(error: type[SfnSyncUsageError]) -> None:
    assert str(error("a\x1b[2J\ud800")) == "a\\x1b[2J\\ud800"
    told = str(error("x" * 1_000_000))
    assert len(told) < MOST_OF_A_MESSAGE
    assert "(981,000 characters are left out; pytest -vv shows them)" in told
    assert str(error("x" * 1_000_000).at("here")).startswith("here: xxx")


def test_a_text_on_one_line_has_no_line_ends() -> None:
    assert on_one_line("a\n\tb\r\u2028c") == "a\\n\\tb\\x0d\\u2028c"
