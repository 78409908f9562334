"""Expressions of Terraform's language; the right values are those of Terraform 1.11."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from tests.terraform.written_configurations import machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

LOCALS = 'locals {\n  k = "key"\n  l = [{ a = 1 }, { a = 2 }]\n  m = { a = { b = 3 }, "x y" = 2 }\n}\n'
RESULTS = [
    pytest.param(
        '{ (local.k) = 1, "q${local.k}" = 2, 3 = 4, true = 5, null = 6, a-b = 7, z : 8 }',
        {"key": 1, "qkey": 2, "3": 4, "true": 5, "null": 6, "a-b": 7, "z": 8},
        id="the keys of an object",
    ),
    pytest.param("{ a = 1, a = 2 }", {"a": 2}, id="a key twice"),
    pytest.param("local.l.*.a", [1, 2], id="a splat of attributes"),
    pytest.param("local.l[*].a", [1, 2], id="a full splat"),
    pytest.param("local.m[*].a.b", [3], id="a splat of an object"),
    pytest.param("null[*]", [], id="a splat of null"),
    pytest.param('[local.m["x y"], local.l.0.a, local.l[1].a, (local.l)[0].a]', [2, 1, 2, 1], id="indexes"),
    pytest.param('[-"3", !"true", -2, 1.5]', [-3, False, -2, 1.5], id="signs"),
    pytest.param('["a${"b"}c", "${[1]}", "${5}", "%{ if true }${5}%{ endif }"]', ["abc", [1], 5, "5"], id="templates"),
    pytest.param('"%{ if false }a%{ else }b%{ endif }"', "b", id="the other side of a directive"),
    pytest.param('"%{ for k, v in { a = 1, b = 2 } }${k}${v}%{ endfor }"', "a1b2", id="for in a template"),
    pytest.param("[for i, x in local.l : i if x.a > 1]", [1], id="for with a condition"),
    pytest.param('[for k, v in toset(["b", "a"]) : "${k}${v}"]', ["aa", "bb"], id="for over a set"),
    pytest.param("[for x in { b = 1, a = 2 } : x]", [2, 1], id="for over a map"),
    pytest.param("{ for k, v in { a = 1, b = 2 } : v => k }", {"1": "a", "2": "b"}, id="for to an object"),
    pytest.param('{ for x in ["a", "b", "a"] : x => 1... }', {"a": [1, 1], "b": [1]}, id="for that groups"),
    pytest.param('[try(local.l[5], "d"), can(local.l[5]), can(local.l[0])]', ["d", False, True], id="try and can"),
    pytest.param("[max([1, 2]...), max(toset([1, 3])...)]", [2, 3], id="arguments of a list"),
    pytest.param("<<EOT\na\n${local.k}\nEOT", "a\nkey\n", id="a heredoc"),
]


@pytest.mark.parametrize(("expression", "right"), RESULTS)
def test_value(sfn_sync: SfnSync, tmp_path: Path, expression: str, right: object) -> None:
    files = {"main.tf": LOCALS + f"locals {{\n  r = {expression}\n}}\n" + with_result("local.r")}
    assert result_of(sfn_sync, write(tmp_path, files)) == right


FAULTS = [
    pytest.param("!1", "main.tf:2: !1: a bool is needed, not a number.", id="not of a number"),
    pytest.param('"x${[1]}"', "main.tf:2: [1]: a string is needed, not a list.", id="a list in a template"),
    pytest.param('"%{ if 5 }a%{ endif }"', "main.tf:2: 5: a bool is needed, not a number.", id="a number for if"),
    pytest.param(
        '{ for x in ["a", "a"] : x => 1 }',
        "two rounds of for have the key 'a'; write ... after the value to group them.",
        id="a key of two rounds",
    ),
    pytest.param("[for x in null : x]", "for needs a list, a set or a map, not null.", id="for over null"),
    pytest.param(
        "try()", "no argument of try can be evaluated; of the last: it has no arguments.", id="try of nothing"
    ),
    pytest.param(
        "try([][1], [][2])",
        "no argument of try can be evaluated; of the last: [][2]: the list has no item 2",
        id="try without a value",
    ),
    pytest.param("can()", "can takes one expression, not 0.", id="can of nothing"),
    pytest.param("max({}...)", "a list is needed, not an object.", id="arguments of an object"),
    pytest.param("uper(1)", "Terraform has no function 'uper'. Nearest: upper", id="a function that is misspelt"),
    pytest.param(
        'bcrypt("x")',
        "the function 'bcrypt' of Terraform is not supported here. Give the value that needs it with variables= or "
        "resources= of load_terraform, or register the machine's definition directly with sfn_sync.register.",
        id="a function that is missing here",
    ),
    pytest.param(
        f'nothing("{"a" * 90}")',
        f'main.tf:2: nothing("{"a" * 68}...: Terraform has no function',
        id="a long expression is cut",
    ),
]


@pytest.mark.parametrize(("expression", "told"), FAULTS)
def test_fault(sfn_sync: SfnSync, tmp_path: Path, expression: str, told: str) -> None:
    files = {"main.tf": f"locals {{\n  r = {expression}\n}}\n" + with_result("local.r")}
    with pytest.raises((TemplateError, DefinitionError), match=re.escape(told)):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_template_file_without_an_expression(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": with_result('templatefile("t", {})'), "t": "a\n${1 +}"}
    with pytest.raises((TemplateError, DefinitionError), match=r"t:2: 1 \+ is not an expression of Terraform\."):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_default_of_a_variable_takes_no_template_with_a_name(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": 'variable "v" { default = "a${local.k}" }\n' + LOCALS + with_result("var.v")}
    with pytest.raises((TemplateError, DefinitionError), match="the name 'local' can't be used here"):
        sfn_sync.load_terraform(write(tmp_path, files))


DOUBLED = (
    "locals {\n l0 = [1]\n" + "".join(f" l{at} = [local.l{at - 1}, local.l{at - 1}]\n" for at in range(1, 21)) + "}\n"
)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {"main.tf": with_result("try([for a in range(1000) : [for b in range(1000) : a]], 1)")},
            "evaluating takes more than",
            id="steps",
        ),
        pytest.param(
            {"main.tf": with_result("true ? 1 : [for a in range(1000) : [for b in range(1000) : a]]")},
            "evaluating takes more than",
            id="steps of the side that is not chosen",
        ),
        pytest.param(
            {
                "main.tf": with_result('try([for a in range(100) : templatefile("t", {})], 1)'),
                "t": "x" * 1_000_000,
            },
            "its templates become longer than",
            id="characters",
        ),
        pytest.param(
            {"main.tf": DOUBLED + with_result("try(flatten(local.l20), 1)")},
            "its functions go through more than",
            id="values of a function",
        ),
        pytest.param(
            {"main.tf": DOUBLED + with_result("local.l20 == local.l20")},
            "its functions go through more than",
            id="values that are compared",
        ),
        pytest.param(
            {"main.tf": DOUBLED + with_result("true ? local.l20 : [1]")},
            "its functions go through more than",
            id="values of a conditional",
        ),
        pytest.param(
            {"main.tf": with_result('[for a in range(1000) : merge({ b = "x", c = upper("%s") })]' % ("x" * 2000))},
            "its functions go through more than",
            id="texts and objects of functions",
        ),
        pytest.param(
            {"main.tf": with_result("[for a in range(200) : range(200)[*]]")},
            "evaluating takes more than",
            id="items of a splat",
        ),
    ],
)
def test_work_that_one_configuration_may_take(
    sfn_sync: SfnSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], told: str
) -> None:
    from pytest_sfn_sync.terraform import evaluation_scope

    monkeypatch.setattr(evaluation_scope.Budget, "__init__", _small_budget)
    with pytest.raises((TemplateError, DefinitionError), match=told):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_a_lookup_in_a_long_list_takes_nothing_of_the_budget(
    sfn_sync: SfnSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pytest_sfn_sync.terraform import evaluation_scope

    monkeypatch.setattr(evaluation_scope.Budget, "__init__", _small_budget)
    code = "locals {\n long = range(500)\n}\n" + with_result("[for a in range(500) : element(local.long, a)]")
    sfn_sync.load_terraform(write(tmp_path, {"main.tf": code}))


def _small_budget(self: object) -> None:
    self.steps, self.characters, self.weight = 10_000, 1_500_000, 50_000  # type: ignore[attr-defined]


def test_places_of_values_in_lists(sfn_sync: SfnSync, tmp_path: Path) -> None:
    states = 'A = {\n Type = "Parallel"\n End = true\n Branches = [\n{ StartAt = "B"\nStates = {\nB = {\n'
    code = machine(f'jsonencode({{ StartAt = "A", States = {{ {states}Type = "Pass"\n Next = "C" }} }} }}] }} }} }})')
    with pytest.raises(DefinitionError, match=r"main\.tf:11"):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": code}))


def test_number_with_more_digits_than_python_reads(sfn_sync: SfnSync, tmp_path: Path) -> None:
    with pytest.raises((TemplateError, DefinitionError), match="a number has more than 1,000 digits"):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": with_result("9" * 5_000)}))
