"""What unquoted scalars are in each dialect of YAML: that of SAM and CloudFormation, and that of js-yaml."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.yaml_dialects import JS_YAML, YAML_1_1, Dialect
from pytest_sfn_sync.sources.yaml_source import read_yaml


def read(text: str, dialect: Dialect) -> Any:
    return read_yaml(text, file=None, dialect=dialect)[0]


@pytest.mark.parametrize(
    ("scalar", "in_1_1", "in_js_yaml"),
    [
        *(pytest.param(word, True, word, id=f"{word}, a boolean of 1.1 alone") for word in ("Yes", "yes", "on", "ON")),
        *(pytest.param(word, False, word, id=f"{word}, a boolean of 1.1 alone") for word in ("No", "no", "off", "Off")),
        *(pytest.param(word, word, word, id=f"{word}, a text in both") for word in ("y", "n", "Y", "N")),
        *(pytest.param(word, True, True, id=f"{word}, a boolean in both") for word in ("true", "True", "TRUE")),
        *(pytest.param(word, False, False, id=f"{word}, a boolean in both") for word in ("false", "False", "FALSE")),
        *(pytest.param(word, None, None, id=f"{word!r}, null in both") for word in ("~", "null", "Null", "NULL", "")),
        pytest.param("nULL", "nULL", "nULL", id="no null, by its case"),
        pytest.param("tRUE", "tRUE", "tRUE", id="no boolean, by its case"),
        pytest.param("010", 8, 10, id="a leading zero"),
        pytest.param("08", "08", 8, id="a leading zero before what is no octal digit"),
        pytest.param("0o14", "0o14", 12, id="an octal number of 1.2"),
        pytest.param("0x1F", 31, 31, id="a hexadecimal number"),
        pytest.param("0b101", 5, 5, id="a binary number, which js-yaml still knows"),
        pytest.param("1_000", 1000, 1000, id="underscores, which js-yaml still knows"),
        pytest.param("1_000_", 1000, "1_000_", id="an underscore at the end"),
        pytest.param("0_1", 1, 1, id="an underscore after a zero"),
        pytest.param("-010", -8, -10, id="a negative number"),
        pytest.param("+5", 5, 5, id="a plus"),
        pytest.param("12:30", 750, "12:30", id="a time of day"),
        pytest.param("1:30.5", 90.5, "1:30.5", id="a time of day with a fraction"),
        pytest.param("1e3", "1e3", 1000, id="an exponent alone"),
        pytest.param("1E-2", "1E-2", 0.01, id="a negative exponent alone"),
        pytest.param("1.5e+3", 1500.0, 1500, id="a fraction and an exponent"),
        pytest.param("2.0", 2.0, 2, id="a fraction of zero"),
        pytest.param("2.", 2.0, 2, id="a point at the end"),
        pytest.param(".5", 0.5, 0.5, id="a point at the beginning"),
        pytest.param("-.5", "-.5", "-.5", id="a sign before a point"),
        pytest.param("123456789012", 123456789012, 123456789012, id="an account id"),
        pytest.param("012345678901", "012345678901", 12345678901, id="an account id that begins with a zero"),
        pytest.param("12345678901234567890", 12345678901234567890, 12345678901234567000, id="more than 53 bits"),
        pytest.param("2020-01-01", "2020-01-01", "2020-01-01T00:00:00.000Z", id="a date"),
        pytest.param("2020-1-1", "2020-1-1", "2020-1-1", id="a date of short parts, which is none"),
        pytest.param("2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z", "2024-05-06T07:08:09.000Z", id="a timestamp"),
        pytest.param(
            "2024-5-6 7:08:09.1234 +02:30",
            "2024-5-6 7:08:09.1234 +02:30",
            "2024-05-06T04:38:09.123Z",
            id="a timestamp with a fraction and a zone",
        ),
        pytest.param(
            "2024-05-06t07:08:09-5", "2024-05-06t07:08:09-5", "2024-05-06T12:08:09.000Z", id="a zone of whole hours"
        ),
        pytest.param("2021-02-31", "2021-02-31", "2021-03-03T00:00:00.000Z", id="a date that rolls over"),
        pytest.param("2021-13-01", "2021-13-01", "2022-01-01T00:00:00.000Z", id="a month that rolls over"),
        pytest.param("'Yes'", "Yes", "Yes", id="quotes"),
        pytest.param('"010"', "010", "010", id="double quotes"),
        pytest.param("!!str 010", "010", "010", id="a tag for a text"),
        pytest.param("!!int '010'", 8, 10, id="a tag for a number"),
        pytest.param("=", "=", "=", id="an equals sign"),
    ],
)
def test_a_scalar_in_both_dialects(scalar: str, in_1_1: Any, in_js_yaml: Any) -> None:
    for dialect, expected in ((YAML_1_1, in_1_1), (JS_YAML, in_js_yaml)):
        value = read(f"a: {scalar}\n", dialect)["a"]
        # As JSON, in which true is not 1, and 2.0 is not 2.
        assert json.dumps(value) == json.dumps(expected)


def test_keys_of_js_yaml_are_texts() -> None:
    text = "on: 1\n1: 2\n0x10: 3\ntrue: 4\n~: 5\n2030-01-01: 6\n1.50: 7\n"

    assert read(text, JS_YAML) == {"on": 1, "1": 2, "16": 3, "true": 4, "null": 5, "2030-01-01": 6, "1.5": 7}


def test_keys_that_become_one_text_are_refused() -> None:
    with pytest.raises(UnreadableSourceError, match="the key '16' stands twice in one object, at line 1 and at line 2"):
        read("0x10: 1\n16: 2\n", JS_YAML)


@pytest.mark.parametrize(
    ("scalar", "why"),
    [
        pytest.param(".inf", ".inf is not a JSON number (line 1, column 4)", id="infinity"),
        pytest.param("1e999", "1e999 is not a JSON number (line 1, column 4)", id="more than a double can hold"),
        pytest.param(
            "!!int x", "x is no number (invalid literal for int() with base 10: 'x') (line 1, column 4)", id="a tag"
        ),
    ],
)
def test_what_js_yaml_reads_and_json_has_not(scalar: str, why: str) -> None:
    with pytest.raises(UnreadableSourceError) as raised:
        read(f"a: {scalar}\n", JS_YAML)
    assert raised.value.why == why


def test_merges_are_known_to_both() -> None:
    text = "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n"

    assert read(text, JS_YAML) == read(text, YAML_1_1) == {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}
