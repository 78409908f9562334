"""Values in the types of their variables; the right values are those of Terraform 1.11."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from tests.terraform.written_configurations import result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

CONVERTED = [
    pytest.param("string", "5", "5", id="a number to a string"),
    pytest.param("number", '"1.50"', 1.5, id="a string to a number"),
    pytest.param("bool", '"true"', True, id="a string to a bool"),
    pytest.param("any", "[1, true]", [1, True], id="any keeps a tuple"),
    pytest.param("set(number)", '["1", 2, 1]', [1, 2], id="a set of numbers"),
    pytest.param("list(string)", "[1, null]", ["1", None], id="null in a list"),
    pytest.param("map(string)", "{ x = true, y = 1.5 }", {"x": "true", "y": "1.5"}, id="a map of strings"),
    pytest.param("map(list(string))", "{ q = [1], r = [] }", {"q": ["1"], "r": []}, id="a map of lists"),
    pytest.param("tuple([string, bool])", '[1, "false"]', ["1", False], id="a tuple"),
    pytest.param(
        "object({ name = string, n = optional(number, 3), s = optional(set(string)), "
        "t = optional(object({ x = optional(string, 5) }), {}) })",
        "{ name = 5, extra = 1 }",
        {"name": "5", "n": 3, "s": None, "t": {"x": "5"}},
        id="an object with optional attributes, without those it does not have",
    ),
    pytest.param(
        'object({ "n" = optional(number, "4"), q = object({ r = optional(string, "d") }) })',
        "{ n = null, q = { r = null } }",
        {"n": 4, "q": {"r": "d"}},
        id="null takes the default of an optional attribute",
    ),
    pytest.param("object({ n = number })", "{ n = null }", {"n": None}, id="null in an object"),
    pytest.param("list(object({ n = number }))", '[{ n = "1", z = 2 }]', [{"n": 1}], id="a list of objects"),
    pytest.param("list", '[1, null, "a"]', ["1", None, "a"], id="list alone"),
    pytest.param("map", '{ a = 1, b = "x" }', {"a": "1", "b": "x"}, id="map alone"),
    pytest.param("list(string)", "null", None, id="a list that is null"),
    pytest.param("list", "null", None, id="a list of anything that is null"),
    pytest.param("list(any)", '[1, "x", true]', ["1", "x", "true"], id="strings, numbers and bools become strings"),
    pytest.param("list(any)", "[1, 2]", [1, 2], id="numbers alone stay numbers"),
    pytest.param("set(any)", '[1, "1", 2]', ["1", "2"], id="a set of anything"),
    pytest.param("list(any)", "[]", [], id="an empty list"),
    pytest.param("list(any)", '[{ a = 1 }, { a = "x" }]', [{"a": "1"}, {"a": "x"}], id="objects with the same keys"),
    pytest.param("list(any)", '[{ a = 1 }, { b = "x" }]', [{"a": "1"}, {"b": "x"}], id="objects with other keys"),
    pytest.param("map(any)", '{ x = [1], y = ["a"] }', {"x": ["1"], "y": ["a"]}, id="tuples of one length"),
    pytest.param("map(any)", '{ x = [1, "q"], y = [2, "a"] }', {"x": [1, "q"], "y": [2, "a"]}, id="by position"),
    pytest.param(
        "map(any)", '{ x = [1, 2], y = ["a"], z = null }', {"x": ["1", "2"], "y": ["a"], "z": None}, id="null"
    ),
]


@pytest.mark.parametrize(("type_", "value", "right"), CONVERTED)
def test_default_has_the_type_of_its_variable(
    sfn_sync: SfnSync, tmp_path: Path, type_: str, value: str, right: object
) -> None:
    declared = f'variable "v" {{\n  type = {type_}\n  default = {value}\n}}\n'
    assert result_of(sfn_sync, write(tmp_path, {"main.tf": declared + with_result("var.v")})) == right


REFUSED = [
    pytest.param("number", "true", "a number is needed, not a bool", id="a bool for a number"),
    pytest.param("bool", "1", "a bool is needed, not a number", id="a number for a bool"),
    pytest.param("string", "[1]", "a string is needed, not a list", id="a list for a string"),
    pytest.param("list(string)", "{ a = 1 }", "a list is needed, not an object", id="an object for a list"),
    pytest.param("map(string)", "{ a = [] }", "at .a: a string is needed, not a list", id="a list in a map"),
    pytest.param(
        "tuple([string, bool])", "[1]", "a tuple of 2 is needed, not a list of 1", id="a tuple of another length"
    ),
    pytest.param(
        "object({ a = string, b = number })",
        '{ b = "x" }',
        "the object has no 'a', which its type needs",
        id="an object without an attribute",
    ),
    pytest.param(
        "object({ n = object({ z = number }) })",
        '{ n = { z = "q" } }',
        "at .n.z: a number is needed, not 'q'",
        id="a fault in the depth",
    ),
    pytest.param(
        "list(object({ n = number }))", '[{ n = "x" }]', "at [0].n: a number is needed, not 'x'", id="a fault in a list"
    ),
    pytest.param(
        'object({ n = optional(number, "x") })',
        "{}",
        "at .n: a number is needed, not 'x'",
        id="a default of an attribute that does not fit",
    ),
    pytest.param(
        "list(any)",
        "[1, []]",
        "all members must have the same type, and these have a list and a number",
        id="nothing in common",
    ),
    pytest.param(
        "list(any)",
        "[1, true]",
        "all members must have the same type, and these have a bool and a number",
        id="a number and a bool",
    ),
    pytest.param("strin", "1", "strin is no type. The types are string, number, bool", id="no type"),
    pytest.param("lst(string)", "1", "lst(string) is no type.", id="no type with an argument"),
    pytest.param("list()", "[]", "list() is no type.", id="a list of nothing"),
    pytest.param('"string"', "1", '"string" is no type.', id="a type in quotes, as in Terraform 0.11"),
]


@pytest.mark.parametrize(("type_", "value", "told"), REFUSED)
def test_value_that_does_not_fit_is_refused(
    sfn_sync: SfnSync, tmp_path: Path, type_: str, value: str, told: str
) -> None:
    declared = f'variable "v" {{\n  type = {type_}\n  default = {value}\n}}\n'
    with pytest.raises((TemplateError, DefinitionError)) as caught:
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": declared + with_result("var.v")}))
    assert f"main.tf:7: var.v: the value of the variable 'v' does not fit its type: {told}" in str(caught.value)


def test_type_in_json_is_a_text(sfn_sync: SfnSync, tmp_path: Path) -> None:
    variables = {"v": {"type": "map(string)"}, "w": {"type": "string", "default": 1}, "x": {}}
    files = {"v.tf.json": json.dumps({"variable": variables}), "main.tf": with_result("[var.v, var.w, var.x]")}
    given = {"v": {"q": 1}, "x": [1]}
    assert result_of(sfn_sync, write(tmp_path, files), variables=given) == [{"q": "1"}, "1", [1]]


def test_type_in_json_that_is_none_is_refused(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"v.tf.json": '{"variable": {"v": {"type": "map(", "default": 1}}}', "main.tf": with_result("var.v")}
    with pytest.raises((TemplateError, DefinitionError), match=re.escape("map( is not an expression of Terraform")):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_object_of_a_variable_keeps_its_lines(sfn_sync: SfnSync, tmp_path: Path) -> None:
    declared = (
        'variable "d" {\n  type = object({ StartAt = string, States = map(any) })\n  default = {\n'
        '    StartAt = "A"\n    States = {\n      A = {\n        Type = "Pass"\n        Next = "B"\n}\n}\n}\n}\n'
    )
    files = {
        "main.tf": declared
        + 'resource "aws_sfn_state_machine" "orders" {\n  name = "orders"\n  definition = jsonencode(var.d)\n}\n'
    }
    with pytest.raises(DefinitionError, match=r"main\.tf:8"):
        sfn_sync.load_terraform(write(tmp_path, files))
