"""The names, types and definitions of machines that the provider or AWS refuses."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from tests.terraform.written_configurations import ORDERS, SUCCEEDS, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


def resource(attributes: str, definition: str = SUCCEEDS) -> str:
    return f'resource "aws_sfn_state_machine" "orders" {{\n{attributes}  definition = {definition}\n}}\n'


def call(attributes: str) -> str:
    source = "terraform-aws-modules/step-functions/aws"
    return f'module "orders" {{\n  source = "{source}"\n{attributes}  definition = {SUCCEEDS}\n}}\n'


LONG = "n" * 81
REFUSED = [
    pytest.param(resource(f'  name = "{LONG}"\n'), "name has 1 to 80 characters, not 81.", id="a long name"),
    pytest.param(call(f'  name = "{LONG}"\n'), "name has 1 to 80 characters, not 81.", id="a long name of a module"),
    pytest.param(resource('  name = ""\n'), "name has 1 to 80 characters, not 0.", id="an empty name"),
    pytest.param(
        resource(f'  name_prefix = "{LONG[:55]}"\n'), "name_prefix has 1 to 54 characters, not 55.", id="a long prefix"
    ),
    pytest.param(
        resource('  name = "or ders"\n'),
        "name may contain 0-9, A-Z, a-z, - and _ only, and is 'or ders'.",
        id="a space",
    ),
    pytest.param(
        resource('  type = "express"\n'),
        "type is 'EXPRESS' or 'STANDARD', in capitals, not 'express'.",
        id="a type in small letters",
    ),
    pytest.param(call('  type = "fast"\n'), "not 'FAST'.", id="an unknown type of a module"),
    pytest.param(resource("", '"[]"'), "definition is the JSON of an object.", id="a definition that is a list"),
    pytest.param(resource("", "5"), "definition is a string of JSON, not a number.", id="a number"),
    pytest.param(
        resource("", 'jsonencode("a")'), "definition is the JSON of an object.", id="a definition that is a string"
    ),
    pytest.param(
        resource("", 'join("", ["{", "]"])'),
        "main.tf:1: it is not JSON",
        id="no JSON from a function",
    ),
    pytest.param(
        resource("", "null"), "main.tf:1: definition is a string of JSON, not null.", id="a definition that is null"
    ),
]


@pytest.mark.parametrize(("code", "told"), REFUSED)
def test_machine_is_refused(sfn_sync: SfnSync, tmp_path: Path, code: str, told: str) -> None:
    with pytest.raises((TemplateError, DefinitionError), match=re.escape(told)):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": code}))


@pytest.mark.parametrize(
    ("code", "name", "type_"),
    [
        pytest.param(resource(f'  name = "{LONG[:80]}"\n'), LONG[:80], "STANDARD", id="a name of 80 characters"),
        pytest.param(resource('  type = "EXPRESS"\n'), "orders", "EXPRESS", id="no name"),
        pytest.param(
            resource(f'  name_prefix = "{LONG[:54]}"\n').replace('"orders"', f'"{"o" * 40}"'),
            "n" * 54 + "o" * 26,
            "STANDARD",
            id="a prefix and a long label",
        ),
        pytest.param(call('  type = "express"\n'), "orders", "EXPRESS", id="a module makes the type capitals"),
    ],
)
def test_name_and_type(sfn_sync: SfnSync, tmp_path: Path, code: str, name: str, type_: str) -> None:
    (found,) = sfn_sync.load_terraform(write(tmp_path, {"main.tf": code})).values()
    assert (found.name, found.type) == (name, type_)


@pytest.mark.parametrize(
    ("given", "name", "type_"),
    [
        pytest.param({f"{ORDERS}.name": "mine"}, "mine", "STANDARD", id="a name"),
        pytest.param({ORDERS: {"type": "EXPRESS"}}, "orders", "EXPRESS", id="a type"),
        pytest.param(
            {f"{ORDERS}.definition": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'},
            "orders",
            "STANDARD",
            id="a definition",
        ),
    ],
)
def test_attribute_of_the_test_wins(
    sfn_sync: SfnSync, tmp_path: Path, given: dict[str, object], name: str, type_: str
) -> None:
    definition = "var.none" if f"{ORDERS}.definition" in given else SUCCEEDS
    files = {"main.tf": resource("", definition)}
    (found,) = sfn_sync.load_terraform(write(tmp_path, files), resources=given).values()
    assert (found.name, found.type) == (name, type_)


def test_long_name_of_the_test_is_refused(sfn_sync: SfnSync, tmp_path: Path) -> None:
    with pytest.raises((TemplateError, DefinitionError), match="name has 1 to 80 characters, not 81"):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": resource("")}), resources={f"{ORDERS}.name": LONG})
