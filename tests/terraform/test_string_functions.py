"""The functions on strings; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param('basename("a/b/")', "b", id="the last part of a path"),
        pytest.param('basename("/")', "/", id="the last part of the root"),
        pytest.param('basename("")', ".", id="the last part of nothing"),
        pytest.param(r'chomp("a\n\r\n\n")', "a", id="line ends at the end"),
        pytest.param('dirname("/foo")', "/", id="the folder of a file at the root"),
        pytest.param('dirname("a//b/../c/d")', "a/c", id="the folder of a path that is not clean"),
        pytest.param('dirname("//a")', "/", id="the folder after two slashes"),
        pytest.param('dirname("a")', ".", id="the folder of a name"),
        pytest.param('dirname("a/b/")', "a/b", id="the folder of a path with a slash at its end"),
        pytest.param('endswith("abc", "c")', True, id="the end of a text"),
        pytest.param(r'indent(2, "a\nb\n")', "a\n  b\n  ", id="an indented text"),
        pytest.param('join(",", ["a", 1, true])', "a,1,true", id="a list with numbers and bools"),
        pytest.param('join("-", ["a"], [1])', "a-1", id="two lists"),
        pytest.param('join(",", toset(["b", "a"]))', "a,b", id="a set"),
        pytest.param('lower("É")', "é", id="small letters"),
        pytest.param('replace("a.b", ".", "-")', "a-b", id="a part of a text"),
        pytest.param('replace("abc", "", "-")', "-a-b-c-", id="the empty part"),
        pytest.param(r'replace("a1b2", "/([a-z])(\\d)/", "$2$1")', "1a2b", id="groups by number"),
        pytest.param(
            r'replace("a1b2", "/([a-z])(\\d)/", "$${1}x$$")', "ax$bx$", id="a group in braces and a dollar sign"
        ),
        pytest.param('replace("a1b2", "/(?P<l>[a-z])/", "<$${l}>")', "<a>1<b>2", id="a group by name"),
        pytest.param('replace("a1", "/(a)/", "$1x")', "1", id="a group that is not there"),
        pytest.param('replace("abc", "/(b)/", "$${9}")', "ac", id="a group with a number that is too high"),
        pytest.param('replace("hello", "/l*/", "-")', "-h-e-o-", id="matches that are empty"),
        pytest.param(r'replace("abc", "/b/", "\\")', "a\\c", id="a backslash"),
        pytest.param('replace("a", "/", "b")', "a", id="a slash alone"),
        pytest.param('split(",", "a,b")', ["a", "b"], id="a text with separators"),
        pytest.param('split(",", "")', [""], id="an empty text"),
        pytest.param('split("", "abc")', ["a", "b", "c"], id="a text without a separator"),
        pytest.param('split("", "")', [], id="nothing without a separator"),
        pytest.param('startswith(1, "1")', True, id="the beginning of a number"),
        pytest.param('strcontains("abc", "b")', True, id="a part that is there"),
        pytest.param('strrev("abc")', "cba", id="a reversed text"),
        pytest.param('substr("hello", 1, 4)', "ello", id="a part by place"),
        pytest.param('substr("hello", -5, -1)', "hello", id="a part that counts from the end"),
        pytest.param('substr("abc", -5, 2)', "ab", id="a part that begins before the beginning"),
        pytest.param('substr("abc", 5, 2)', "", id="a part after the end"),
        pytest.param('substr("abc", 1, 0)', "", id="a part without a length"),
        pytest.param('title("hello world-a b_c 1d")', "Hello World-A B_c 1d", id="capitals of words"),
        pytest.param('title("élan o\'neil")', "Élan O'Neil", id="capitals with an accent"),
        pytest.param('trim("?!hello?!", "!?")', "hello", id="characters at both ends"),
        pytest.param('trimprefix("helloworld", "hello")', "world", id="a beginning"),
        pytest.param('trimsuffix("helloworld", "world")', "hello", id="an end"),
        pytest.param(r'trimspace("  a\n")', "a", id="white space"),
        pytest.param('upper("aé")', "AÉ", id="capitals"),
        pytest.param(
            'urlencode("Hello World/ü~a*b\'()")', "Hello+World%2F%C3%BC~a%2Ab%27%28%29", id="a text for a URL"
        ),
        pytest.param('md5("a")', "0cc175b9c0f1b6a831c399e269772661", id="a digest of MD5"),
        pytest.param('sha1("a")', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", id="a digest of SHA-1"),
        pytest.param(
            'sha256("a")', "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", id="a digest of SHA-256"
        ),
        pytest.param(
            'sha512("a")',
            "1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d56"
            "0252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75",
            id="a digest of SHA-512",
        ),
        pytest.param('base64sha256("a")', "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=", id="a digest in Base64"),
        pytest.param(
            'base64sha512("a")',
            "H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1MChgxlK/CNVgJSql50IQVG82n7u86MEs/HlXsmUv6adQ==",
            id="a long digest in Base64",
        ),
    ],
)
def test_value(expression: str, value: Any) -> None:
    found = in_json(expression)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param('join(",", [null])', "a string is needed, not null.", id="null in a list"),
        pytest.param("upper(null)", "a string is needed, not null.", id="null"),
        pytest.param('startswith("a")', "startswith takes 2 arguments, not 1.", id="an argument too few"),
        pytest.param('upper("a", "b")', "upper takes 1 argument, not 2.", id="an argument too many"),
        pytest.param('join(",")', "join takes 2 arguments or more, not 1.", id="no list"),
        pytest.param("tostring([])", "a string is needed, not a list.", id="a list for a string"),
    ],
)
def test_fault_is_told(expression: str, told: str) -> None:
    assert why_not(expression) == told
