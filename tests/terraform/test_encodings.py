"""JSON, YAML and Base64; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")
needs_yaml = pytest.mark.skipif(find_spec("yaml") is None, reason="needs the reader of YAML")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param(
            'jsonencode({ b = 1.5 * 2, a = null, c = 1e21, d = "<&>", e = 0.0000001, f = [true, "x"] })',
            '{"a":null,"b":3,"c":1000000000000000000000,"d":"\\u003c\\u0026\\u003e","e":0.0000001,"f":[true,"x"]}',
            id="JSON",
        ),
        pytest.param("jsonencode(toset([10, 9]))", "[9,10]", id="a set in JSON"),
        pytest.param(r'jsondecode("{\"a\":3.0}")', {"a": 3}, id="a number in JSON"),
        pytest.param(r'jsondecode("[1, {\"a\": null}]")', [1, {"a": None}], id="a list in JSON"),
        pytest.param(r'base64decode("aG\nk=")', "hi", id="Base64 of several lines"),
        pytest.param('base64encode("é")', "w6k=", id="a text in Base64"),
        pytest.param(r'jsondecode("{\"a\":1,\"a\":2}")', {"a": 2}, id="a key twice in JSON"),
        pytest.param('textencodebase64("Hello", "UTF-16LE")', "SABlAGwAbABvAA==", id="a text in an encoding"),
        pytest.param('textencodebase64("é", "UTF-16")', "/v8A6Q==", id="a text in an encoding with a mark"),
        pytest.param('textencodebase64("é", "windows-1252")', "6Q==", id="a text in an encoding of Windows"),
        pytest.param('textdecodebase64("SABlAGwAbABvAA==", "UTF-16LE")', "Hello", id="a text of an encoding"),
        pytest.param(
            'yamlencode({ foo = [1, { a = "b", c = "d" }, 3], bar = "baz", e = [], m = {}, n = null, t '
            r'= true, ml = "a\nb", l = [[1, 2], []] })',
            '"bar": "baz"\n'
            '"e": []\n'
            '"foo":\n'
            "- 1\n"
            '- "a": "b"\n'
            '  "c": "d"\n'
            "- 3\n"
            '"l":\n'
            "- - 1\n"
            "  - 2\n"
            "- []\n"
            '"m": {}\n'
            '"ml": |-\n'
            "  a\n"
            "  b\n"
            '"n": null\n'
            '"t": true\n',
            id="blocks of YAML",
        ),
        pytest.param(
            r'yamlencode({ a = "x\ny\n", b = "  lead\nx", c = "a\n\nb\n\n", d = "", e = "é", g = "\n" })',
            '"a": |\n  x\n  y\n"b": |2-\n    lead\n  x\n"c": |+\n  a\n\n  b\n\n"d": ""\n"e": "é"\n"g": |2+\n\n',
            id="texts of several lines",
        ),
        pytest.param(
            r'yamlencode(["a", ["b", { c = "d", e = [1] }], "p\nq"])',
            '- "a"\n- - "b"\n  - "c": "d"\n    "e":\n    - 1\n- |-\n  p\n  q\n',
            id="lists in lists",
        ),
        pytest.param(r'yamlencode("a\nb")', "|-\n  a\n  b\n", id="a text in YAML"),
        pytest.param(
            "yamlencode({ a = { b = { c = [{ d = 1 }] } } })",
            '"a":\n  "b":\n    "c":\n    - "d": 1\n',
            id="maps in maps",
        ),
        pytest.param("yamlencode(5)", "5\n...\n", id="a number in YAML"),
        pytest.param("yamlencode([])", "[]\n", id="an empty list in YAML"),
        pytest.param(
            "yamldecode(\"[yes, Y, On, true, no, n, OFF, False, ~, null, '', abc, yEs]\")",
            [True, True, True, True, False, False, False, False, None, None, "", "abc", "yEs"],
            id="YAML: bools and null",
            marks=needs_yaml,
        ),
        pytest.param(
            'yamldecode("[0o10, 010, 08, 0b11, 1_000, 1:30, 1e3, +5, 0x1F, -0x1F, .5, 5., 0.1, -5]")',
            [8, 10, 8, "0b11", "1_000", "1:30", 1000, 5, 31, "-0x1F", 0.5, 5, 0.1, -5],
            id="YAML: numbers",
            marks=needs_yaml,
        ),
        pytest.param(
            'yamldecode("[2020-01-01, 2020-01-01T10:00:00Z, 2020-1-1, 2020-1-2 1:2:3.25, 2020-13-01, '
            '2020-02-31, 2020-01-01T10:00:00, 2020-01-01T10:00:00+02:00]")',
            [
                "2020-01-01T00:00:00Z",
                "2020-01-01T10:00:00Z",
                "2020-01-01T00:00:00Z",
                "2020-01-02T01:02:03Z",
                "2020-13-01",
                "2020-02-31",
                "2020-01-01T10:00:00",
                "2020-01-01T10:00:00+02:00",
            ],
            id="YAML: dates",
            marks=needs_yaml,
        ),
        pytest.param(r'yamldecode("a: 1\na: 2")', {"a": 2}, id="YAML: a key twice", marks=needs_yaml),
        pytest.param(r'yamldecode("\ufeffa: 1")', {"a": 1}, id="YAML: a byte order mark", marks=needs_yaml),
        pytest.param(
            r'yamldecode("a: &x {b: 1}\nd: {<<: *x, e: 2}\n1: x")',
            {"1": "x", "a": {"b": 1}, "d": {"b": 1, "e": 2}},
            id="YAML: a merge, and a key that is a number",
            marks=needs_yaml,
        ),
    ],
)
def test_value(expression: str, value: Any) -> None:
    found = in_json(expression)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param('base64decode("aGk")', "it is no Base64.", id="Base64 that was cut off"),
        pytest.param(
            'base64decode("/w==")',
            "its Base64 stands for bytes that are no text in UTF-8.",
            id="bytes that are no text",
        ),
        pytest.param(
            'jsondecode("{")',
            "it is not JSON (Expecting property name enclosed in double quotes at line 1, column 2), "
            "which is line 2 of main.tf.",
            id="no JSON",
        ),
        pytest.param(
            'yamldecode("a: [")',
            "it is not YAML (did not find expected node content at line 2, column 1), which is line 2 of main.tf.",
            id="YAML: no YAML",
            marks=needs_yaml,
        ),
        pytest.param(
            'textencodebase64("é€", "ISO-8859-1")',
            "the text has characters that 'ISO-8859-1' does not have.",
            id="characters that an encoding does not have",
        ),
        pytest.param('textencodebase64("a", "hex")', "'hex' is not the name of an encoding.", id="no encoding"),
        pytest.param(
            'textencodebase64("a", "punycode")', "'punycode' is not the name of an encoding.", id="a codec of Python"
        ),
        pytest.param('textdecodebase64("-", "UTF-8")', "it is no Base64.", id="no Base64 of an encoding"),
        pytest.param(
            'textdecodebase64("/w==", "UTF-8")',
            "its Base64 stands for bytes that are no text in 'UTF-8'.",
            id="bytes that are no text of an encoding",
        ),
        pytest.param(
            'jsondecode(join("", ["{"]))',
            "it is not JSON (Expecting property name enclosed in double quotes at line 1, column 2).",
            id="no JSON in a text that was made",
        ),
    ],
)
def test_fault_is_told(expression: str, told: str) -> None:
    assert why_not(expression) == told
