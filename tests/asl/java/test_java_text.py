"""Values as Java prints them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.java.java_text import java_integer, java_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, None, True], "b": {"c": "x y"}, "d": {}}, "{a=[1, null, true], b={c=x y}, d={}}"),
        ([], "[]"),
        (1.0, "1.0"),
        (-2.5, "-2.5"),
        (0.0, "0.0"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (9999999.5, "9999999.5"),
        (1e7, "1.0E7"),
        (1.25e-9, "1.25E-9"),
        (1e22, "1.0E22"),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_values_are_printed_as_java_does(value: Any, text: str) -> None:
    assert java_text(value) == text


@pytest.mark.parametrize("text", ["", "-", "1-2", "2147483648", "-2147483649", "1.5", "9" * 100])
def test_what_is_no_java_integer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="NumberFormatException") as caught:
        java_integer(text)
    assert str(caught.value) == f'java.lang.NumberFormatException: For input string: "{text}"'


@pytest.mark.parametrize(("text", "number"), [("01", 1), ("-1", -1), ("2147483647", 2147483647)])
def test_java_integers_are_read(text: str, number: int) -> None:
    assert java_integer(text) == number
