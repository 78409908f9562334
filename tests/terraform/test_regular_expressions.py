"""Regular expressions of RE2; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param('regex("b+", "abbc")', "bb", id="no group"),
        pytest.param('regex("(a)(b)?", "a")', ["a", None], id="groups of which one is not there"),
        pytest.param('regex("(?P<a>x)|(?P<b>y)", "x")', {"a": "x", "b": None}, id="groups by name"),
        pytest.param('regex("(?<a>x)", "x")', {"a": "x"}, id="the short form of a name"),
        pytest.param('regex("(?:a)(?i:B)", "ab")', "ab", id="groups that are not counted"),
        pytest.param('regex("(?i)AB", "ab")', "ab", id="capitals that don't count"),
        pytest.param('regex("[[:alpha:]]+", "ab1")', "ab", id="a class of POSIX"),
        pytest.param('regex("[a[:digit:]&]+", "a1b")', "a1", id="a class of POSIX among characters"),
        pytest.param('regex("[]a-]+", "x]a-")', "]a-", id="a bracket at the beginning of a class"),
        pytest.param('regex("[^]a]+", "]ax")', "x", id="a bracket that is not in a class"),
        pytest.param(r'regex("[\\d$]+", "1$")', "1$", id="an escape in a class"),
        pytest.param('regex("[[]+", "[")', "[", id="a bracket in a class"),
        pytest.param(r'regex("a\\z", "a")', "a", id="the end of a text"),
        pytest.param(r'regex("(?m)^b$", "a\nb\nc")', "b", id="the end of a line"),
        pytest.param(r'regex("\\x{41}\\$", "A$")', "A$", id="a character by its number"),
        pytest.param(r'regex("\\Qa.b\\E.", "a.bc")', "a.bc", id="a literal text"),
        pytest.param(r'regex("\\Qa.b", "a.b")', "a.b", id="a literal text up to the end"),
        pytest.param('regexall("(a)b", "abab")', [["a"], ["a"]], id="one group of each match"),
        pytest.param('regexall("a(?P<x>b)", "abab")', [{"x": "b"}, {"x": "b"}], id="names of each match"),
        pytest.param('regexall("a*", "baac")', ["", "aa", ""], id="empty matches"),
        pytest.param('regexall("x", "abc")', [], id="no match"),
        pytest.param(
            f'regexall("(a+)(b*)-(c+)", "{"ab-cc" * 100}")',
            [["a", "b", "cc"]] * 100,
            id="repetitions beside each other",
        ),
        pytest.param(
            f'regex("^((a+)-?)+$", "{"a" * 200}")', ["a" * 200, "a" * 200], id="a repetition in a repetition that ends"
        ),
        pytest.param(f'length(regexall("(ab?)+c|d*", "{"d" * 30000}"))', 1, id="a long text"),
    ],
)
def test_value(expression: str, value: Any) -> None:
    found = in_json(expression)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param('regex("x", "a")', "the pattern 'x' does not match any part of the string.", id="no match at all"),
        pytest.param(
            r'regex("a$", "a\n")',
            "the pattern 'a$' does not match any part of the string.",
            id="the end is not before a line end",
        ),
        pytest.param(
            r'regex("\\d", "٣")',
            r"""the pattern '\\d' does not match any part of the string.""",
            id="digits are those of ASCII",
        ),
        pytest.param(
            'regex("(?P<a>x)(y)", "xy")',
            "a regular expression can't mix named and unnamed groups.",
            id="names and numbers of groups",
        ),
        pytest.param(
            'regex("a(?=b)", "ab")',
            "'a(?=b)' is no regular expression of RE2: invalid or unsupported syntax (?=.",
            id="a lookahead",
        ),
        pytest.param(
            r'regex("(a)\\1", "aa")',
            r"""'(a)\\1' is no regular expression of RE2: invalid escape sequence \1.""",
            id="a reference to a group",
        ),
        pytest.param(
            r'regex("a\\Z", "a")',
            r"""'a\\Z' is no regular expression of RE2: invalid escape sequence \Z.""",
            id="an escape that RE2 does not have",
        ),
        pytest.param(
            r'regex("[\\b]", "a")',
            r"""'[\\b]' is no regular expression of RE2: invalid escape sequence \b.""",
            id="an escape that a class does not have",
        ),
        pytest.param(
            'regex("a++", "a")',
            "'a++' is no regular expression of RE2: invalid nested repetition operator ++.",
            id="a possessive repetition",
        ),
        pytest.param(
            'regex("[[:x:]]", "a")',
            "'[[:x:]]' is no regular expression of RE2: invalid character class range [:x:].",
            id="a class that is not there",
        ),
        pytest.param(
            'regex("(", "a")',
            "'(' is no regular expression of RE2: missing ), unterminated subpattern at position 0.",
            id="a group without an end",
        ),
        pytest.param(
            'regex("a{2,1}", "a")',
            "'a{2,1}' is no regular expression of RE2: min repeat greater than max repeat at position 2.",
            id="a repetition of less than its least",
        ),
        pytest.param(
            'regex("[[:^digit:]]", "a")',
            "'[[:^digit:]]' is no regular expression of RE2: "
            "[:^digit:] is not supported by pytest-sfn-sync; write [^0-9].",
            id="a class of POSIX turned round",
        ),
        pytest.param(
            r'regex("\\pL", "a")',
            r"'\\pL' is no regular expression of RE2: "
            r"\p is not supported by pytest-sfn-sync; write the characters themselves: [a-zA-Z].",
            id="a class of Unicode",
        ),
        *(
            pytest.param(
                expression,
                "the pattern '(a+)+$' takes too many steps on this string, because it repeats what is repeated. "
                "Write each repetition once: a+ for (a+)+, or [ab]* for (a|b)*.",
                id=name,
            )
            for name, expression in {
                "a repetition in a repetition": f'regex("(a+)+$", "{"a" * 40}b")',
                "one that is searched everywhere": f'regexall("(a+)+$", "{"a" * 40}b")',
                "one that is replaced": f'replace("{"a" * 40}b", "/(a+)+$/", "x")',
            }.items()
        ),
    ],
)
def test_fault_is_told(expression: str, told: str) -> None:
    assert why_not(expression) == told
