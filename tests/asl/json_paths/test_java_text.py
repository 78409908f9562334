"""Values as Java prints them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths.java_text import java_text, unescape


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


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"a\\b", r"a\b"),
        (r"\'\"\/\q", "'\"/q"),
        (r"\n\t\r\b\f", "\n\t\r\b\f"),
        (r"\u00e9\ud83d\ude00", "é😀"),
        ("end\\", "end\\"),
        (r"\u00e", ""),
    ],
)
def test_escapes_are_resolved(escaped: str, text: str) -> None:
    assert unescape(escaped) == text
