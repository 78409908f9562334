"""The one type of the two sides of a conditional; the right values are those of Terraform 1.11."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from tests.terraform.written_configurations import machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

RESULTS = [
    pytest.param('true ? 1 : "a"', "1", id="a number beside a string"),
    pytest.param('true ? true : "x"', "true", id="a bool beside a string"),
    pytest.param("true ? 1 : null", 1, id="a number beside null"),
    pytest.param("true ? null : 1", None, id="null beside a number"),
    pytest.param("true ? null : null", None, id="null beside null"),
    pytest.param('true ? [1] : ["a"]', ["1"], id="tuples of one length"),
    pytest.param('true ? [1, "a"] : [2, "b"]', [1, "a"], id="tuples of the same types"),
    pytest.param('true ? [1, "a"] : []', ["1", "a"], id="tuples of two lengths"),
    pytest.param('true ? { a = 1, b = "x" } : {}', {"a": "1", "b": "x"}, id="objects with other keys are maps"),
    pytest.param("true ? { a = 1 } : { b = 2 }", {"a": 1}, id="maps of numbers"),
    pytest.param('true ? { a = 1, b = [1] } : { a = 2, b = ["x"] }', {"a": 1, "b": ["1"]}, id="objects by key"),
    pytest.param(
        'true ? { X = { Type = "Pass" }, Y = { Type = "Wait", Seconds = 5 } } : {}',
        {"X": {"Type": "Pass"}, "Y": {"Type": "Wait", "Seconds": "5"}},
        id="states that may be left out become maps of strings",
    ),
    pytest.param('true ? toset(["a"]) : toset(["b", "c"])', ["a"], id="sets"),
    pytest.param('true ? toset([1]) : ["b"]', [1], id="a set beside a list"),
    pytest.param("true ? 1 : aws_x.none[5].a", 1, id="a fault of the other side is none"),
    pytest.param("false ? 1 : aws_x.q.v", 2, id="an attribute of the configuration"),
    pytest.param("false ? aws_x.q.guessed : 5", 5, id="a guess has any type"),
    pytest.param("aws_x.q.v == 2 ? aws_x.q.guessed : 5", "q-guessed", id="a guess that is chosen"),
    pytest.param("(true ? aws_x.q : aws_x.r).v", 2, id="whole resources"),
]


@pytest.mark.parametrize(("expression", "right"), RESULTS)
def test_side_of_a_conditional(sfn_sync: SfnSync, tmp_path: Path, expression: str, right: object) -> None:
    resources = 'resource "aws_x" "q" { v = 2 }\nresource "aws_x" "r" { v = 3 }\n'
    assert result_of(sfn_sync, write(tmp_path, {"main.tf": resources + with_result(expression)})) == right


@pytest.mark.parametrize(
    ("expression", "kinds"),
    [
        pytest.param("true ? 1 : true", "a bool and a number", id="a number and a bool"),
        pytest.param("true ? 1 : [1]", "a list and a number", id="a number and a list"),
        pytest.param("true ? { a = 1 } : [1]", "a list and an object", id="an object and a list"),
        pytest.param("true ? { a = 1, b = [1] } : {}", "a list and a number", id="a map of numbers and lists"),
    ],
)
def test_sides_without_a_common_type(sfn_sync: SfnSync, tmp_path: Path, expression: str, kinds: str) -> None:
    told = f"the two sides of a conditional have one type: all members must have the same type, and these have {kinds}"
    with pytest.raises((TemplateError, DefinitionError), match=re.escape(told)):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": with_result(expression)}))


def test_number_that_terraform_makes_a_string_is_refused_in_a_field(sfn_sync: SfnSync, tmp_path: Path) -> None:
    states = 'true ? { A = { Type = "Wait", Seconds = 5, Next = "B" }, B = { Type = "Succeed" } } : {}'
    code = machine(f'jsonencode({{ StartAt = "A", States = {states} }})')
    with pytest.raises(DefinitionError, match="Seconds"):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": code}))
