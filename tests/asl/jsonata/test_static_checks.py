"""What AWS refuses at creation: codes, texts, locations, and the position in the author's text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.jsonata.evaluating import ENGINE, IN_EVERY_FIELD, WITHOUT_ENGINE, diagnosed

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

INVALID = "INVALID_JSONATA_EXPRESSION"
UNSUPPORTED = "UNSUPPORTED_JSONATA_EXPRESSION"
MEASURED = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "measured.json"


def top_level(name: str) -> str:
    return f"Reference to '{name}' at the top level is not supported."


def absent(member: str) -> str:
    return f"Field '$states.{member}' does not exist."


INVALID_TEXTS = {
    "a bracket closed by a parenthesis": ("{% $a[1,2) %}", 'Expected "]", got ","', 7),
    "an open string": ('{% "open %}', "String literal must be terminated by a matching quote", 3),
    "a number too many, written as JavaScript writes it": ("{% 10 + * 2 %}", "Syntax error: 2", 10),
    "an operand missing": ("{% 1 + %}", "Unexpected end of expression", 6),
    "nothing at all": ("{%  %}", "Unexpected end of expression", 4),
    "nothing, without a space": ("{%%}", "Unexpected end of expression", 2),
    "a bracket at the start": ("{% } %}", 'The symbol "}" cannot be used as a unary operator', 3),
    "an open regular expression": ('{% $match("a", /abc %}', "No terminating / in regular expression", 15),
    "coalescing, which came after 2.0.6": ("{% $a ?? 1 %}", 'The symbol "?" cannot be used as a unary operator', 7),
    "coalescing within a predicate": ("{% $a[b ?? 1] %}", 'The symbol "?" cannot be used as a unary operator', 9),
    "the elvis operator": ("{% $a ?: 1 %}", 'The symbol ":" cannot be used as a unary operator', 7),
}


@pytest.mark.parametrize("name", INVALID_TEXTS)
def test_text_that_is_no_expression_is_refused(name: str) -> None:
    source, message, position = INVALID_TEXTS[name]

    _, [diagnostic] = diagnosed(source)

    assert (diagnostic.code, diagnostic.message, diagnostic.position) == (INVALID, message, position)


@pytest.mark.parametrize(
    ("source", "position"),
    [
        pytest.param("{% 1", 4, id="a half-open expression"),
        pytest.param("{% 1 %} ", 8, id="text behind the expression"),
        pytest.param("{%}", 3, id="both marks sharing their percent sign"),
    ],
)
def test_what_only_begins_as_an_expression_is_a_fault_of_the_schema(source: str, position: int) -> None:
    _, [diagnostic] = diagnosed(source)

    assert (diagnostic.code, diagnostic.position) == ("SCHEMA_VALIDATION_FAILED", position)
    assert diagnostic.message == "JSONata string must start with {% and end with %}"


REFERENCES = {
    "a bare name": ("phone", [top_level("phone")]),
    "a backquoted name": ("`a b`", [top_level("a b")]),
    "the first name of a path only": ("phone.mobile.prefix", [top_level("phone")]),
    "a string as first step": ("'phone'.mobile", [top_level("phone")]),
    "each name once, in order": ("b + a & $f(b, c)", [top_level("b"), top_level("a"), top_level("c")]),
    "within blocks, conditions and constructors": (
        "(a; [b, c..d, {e: f}]) ? g : h",
        [top_level(name) for name in "abcdefgh"],
    ),
    "in the body of a function": ("$map([1], function($v){ phone })", [top_level("phone")]),
    "the context item": ("$", [top_level("$")]),
    "a member of the context item": ("$.phone", [top_level("$")]),
    "the context item filtered": ("$[0]", [top_level("$")]),
    "the input document": ("$$", ["Reference to '$$' is not supported."]),
    "the input document in a predicate": ("$x[$$.y]", ["Reference to '$$' is not supported."]),
    "an unavailable member": ("$states.result", [absent("result")]),
    "an unavailable member, quoted": ("$states.`result`", [absent("result")]),
    "an unavailable member, filtered": ("$states.result[0].a", [absent("result")]),
    "a member that never exists": ("$states.inputs", [absent("inputs")]),
    "a member in a predicate": ("$x[$states.errorOutput]", [absent("errorOutput")]),
    "several kinds at once": ("$states.result & phone & $", [absent("result"), top_level("phone"), top_level("$")]),
    "a name called like a function": ("foo(1)", [top_level("foo")]),
    "names after an operator that looks like a regular expression": ("a / b / c", [top_level(name) for name in "abc"]),
    "names beside a comment and a regular expression": ("/* x */ a ~> $f(/y'[/]z/i)", [top_level("a")]),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_references_that_mean_nothing_are_refused(name: str) -> None:
    text, messages = REFERENCES[name]

    _, found = diagnosed(f"{{% {text} %}}")

    assert [(diagnostic.code, diagnostic.message) for diagnostic in found] == [
        (UNSUPPORTED, message) for message in messages
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$states.input.items[value > 3 and $.x]", id="names in a predicate"),
        pytest.param("$states.input.(a + $.b)", id="names in a later step"),
        pytest.param("$states.input.items^(<price, >name)", id="names in sort terms"),
        pytest.param("$states.input.items{sku: qty}", id="names in a grouping"),
        pytest.param("$states.input ~> |items|{'a': b}, 'c'|", id="names in a transform"),
        pytest.param("$states.input.items@$i.prices@$p[$i.sku = sku]", id="names behind a join"),
        pytest.param("$states.input.items.{'a': b, c: [d]}", id="names in a constructor that is a step"),
        pytest.param("$unset.a", id="a variable that nobody sets"),
        pytest.param("($states).result", id="$states in parentheses"),
        pytest.param("$states['result']", id="$states with a predicate"),
        pytest.param("{'a': 'b'}", id="strings"),
        pytest.param("function($x, $y)<n?n:n>{$x}", id="parameters and a signature"),
        pytest.param("$states.context.Execution.Id", id="the context object"),
        pytest.param("'x' in ['x'] and true or null", id="words that are operators"),
        pytest.param("* ", id="a wildcard"),
        pytest.param("$f(?, 1)", id="a partial application"),
    ],
)
def test_references_that_mean_something_pass(text: str) -> None:
    _, found = diagnosed(f"{{% {text} %}}")

    assert found == []


def test_members_that_the_field_has_pass() -> None:
    _, found = diagnosed("{% [$states.result, $states.errorOutput] %}", available=IN_EVERY_FIELD | {"result"})

    assert [diagnostic.message for diagnostic in found] == [absent("errorOutput")]


def test_every_string_of_a_field_is_checked_at_its_location() -> None:
    value = {"a": {"b": ["{% phone %}", "{% 1 + %}"]}, "Comment": "{% mail + phone %}", "plain": "phone"}

    _, found = diagnosed(value)

    assert [(str(diagnostic), diagnostic.position) for diagnostic in found] == [
        (f"{UNSUPPORTED}: {top_level('phone')} at /States/X/Output/a/b[0]", 3),
        (f"{INVALID}: Unexpected end of expression at /States/X/Output/a/b[1]", 6),
        (f"{UNSUPPORTED}: {top_level('mail')} at /States/X/Output/Comment", 3),
        (f"{UNSUPPORTED}: {top_level('phone')} at /States/X/Output/Comment", 10),
    ]


def test_an_expression_nested_beyond_reason_is_refused() -> None:
    _, [diagnostic] = diagnosed("{%" + "(" * 5000 + "1" + ")" * 5000 + "%}")

    assert diagnostic.code == INVALID
    assert "nested too deeply" in diagnostic.message


def measured() -> list[Any]:
    if not MEASURED.exists():
        return []
    cases = json.loads(MEASURED.read_text())
    return [
        pytest.param(case["definition"], diagnostic, id=case["id"])
        for case in cases
        if case["kind"] == "validation"
        for diagnostic in case["expected"].get("diagnostics", [])
        if diagnostic["code"] in (INVALID, UNSUPPORTED)
    ]


@pytest.mark.skipif(not MEASURED.exists(), reason="needs the recorded data beside the project")
@pytest.mark.parametrize(("definition", "expected"), measured())
def test_measured_refusals(definition: JSON, expected: dict[str, str]) -> None:
    location = expected["location"]
    value = definition
    for name, index in re.findall(r"/([^/\[]+)|\[(\d+)\]", location):
        value = value[name] if name else value[int(index)]

    _, found = diagnosed(value, location=location)

    assert [(found_one.code, found_one.message, found_one.location) for found_one in found] == [
        (expected["code"], expected["message"], location)
    ]
