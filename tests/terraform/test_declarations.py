"""Names that are declared twice or not at all, and override files; the right values are those of Terraform 1.11."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import SfnSync, TemplateError
from tests.terraform.written_configurations import machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

REFUSED = [
    pytest.param(
        {"a.tf": 'variable "r" { default = 1 }\n', "b.tf": 'variable "r" { default = 2 }\n'},
        "b.tf:1: Duplicate variable: 'r' is declared at {folder}/a.tf:1 already.",
        id="a variable twice",
    ),
    pytest.param(
        {"a.tf": "locals { a = 1 }\nlocals { a = 2 }\n"},
        "a.tf:2: Duplicate local: 'a' is declared at {folder}/a.tf:1 already.",
        id="a local twice",
    ),
    pytest.param(
        {"a.tf": "locals {\n  a = 1\n  a = 2\n}\n"},
        "a.tf:3: 'a' is set at {folder}/a.tf:2 already.",
        id="a local twice in one block",
    ),
    pytest.param(
        {"a.tf": machine() + machine()},
        "a.tf:5: Duplicate resource: 'aws_sfn_state_machine.orders' is declared at {folder}/a.tf:1 already.",
        id="a resource twice",
    ),
    pytest.param(
        {"a.tf": machine(more="  count = 1\n  for_each = {}\n")},
        "a.tf:1: aws_sfn_state_machine.orders has count and for_each; a block has one of them.",
        id="count with for_each",
    ),
    pytest.param(
        {"a.tf": 'data "aws_region" "x" {}\ndata "aws_region" "x" {}\n'},
        "a.tf:2: Duplicate data source: 'aws_region.x' is declared at {folder}/a.tf:1 already.",
        id="a data source twice",
    ),
    pytest.param(
        {"a.tf": 'module "m" { source = "./m" }\nmodule "m" { source = "./n" }\n'},
        "a.tf:2: Duplicate module: 'm' is declared at {folder}/a.tf:1 already.",
        id="a module twice",
    ),
    pytest.param(
        {"a.tf": 'output "o" { value = 1 }\noutput "o" { value = 2 }\n'},
        "a.tf:2: Duplicate output: 'o' is declared at {folder}/a.tf:1 already.",
        id="an output twice",
    ),
    pytest.param(
        {"a.tf.json": '{"locals": [{"a": 1}, {"a": 2}]}'},
        "a.tf.json: Duplicate local: 'a' is declared at {folder}/a.tf.json already.",
        id="a local twice in JSON",
    ),
    pytest.param(
        {"a.tf": "", "a_override.tf": 'variable "r" { default = 2 }\n'},
        "a_override.tf:1: an override file changes what other files declare, and none declares the variable 'r'.",
        id="an override of no variable",
    ),
    pytest.param(
        {"a.tf": "", "override.tf": "locals { a = 1 }\n"},
        "override.tf:1: an override file changes what other files declare, and none declares the local 'a'.",
        id="an override of no local",
    ),
    pytest.param(
        {"a.tf": 'resource "aws_sfn_state_machine" {\n}\n'},
        "a.tf:1: a resource has its type and its name in quotes, not 1 labels.",
        id="a resource without a name",
    ),
    pytest.param(
        {"a.tf": 'variable "a" "b" {\n}\n'},
        "a.tf:1: a variable has its name in quotes, not 2 labels.",
        id="a variable with two names",
    ),
    pytest.param({"a.txt": ""}, "the folder has no *.tf file.", id="no file"),
    pytest.param({".a.tf": machine()}, "the folder has no *.tf file.", id="a hidden file alone"),
    pytest.param(
        {"main.tf": 'module "m" { source = "./m" }\n' + machine(), "m/main.tf": "locals { a = 1 }\nlocals { a = 2 }\n"},
        "m/main.tf:2: Duplicate local: 'a' is declared at {folder}/m/main.tf:1 already.",
        id="in a module that has no machine",
    ),
    pytest.param(
        {"main.tf": 'module "m" { source = "./m" }\n' + machine(), "m/main.tf": "x = = 1\n"},
        "m/main.tf:1: it can't be parsed as HCL",
        id="a module that is not HCL",
    ),
]


@pytest.mark.parametrize(("files", "told"), REFUSED)
def test_configuration_that_terraform_refuses(
    sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], told: str
) -> None:
    with pytest.raises(TemplateError, match=re.escape(told.format(folder=tmp_path))):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_override_file_replaces_attributes_and_locals(sfn_sync: SfnSync, tmp_path: Path) -> None:
    main = (
        'variable "r" {\n  type = number\n  default = 1\n}\nlocals {\n  a = 1\n  b = "b"\n}\n'
        'module "m" {\n  source = "./m"\n  x = 1\n  y = 2\n}\n'
    )
    files = {
        "main.tf": main + with_result("[var.r, local.a, local.b, local.y, local.w, module.m.o]"),
        "a_override.tf": 'variable "r" { default = "2" }\nlocals { a = 2 }\n'
        'module "m" {\n  source = "./m"\n  y = 3\n}\n',
        "override.tf.json": '{"locals": {"a": 3}}',
        "b.override.tf": "locals { y = 4 }\n",
        "myoverride.tf": "locals { w = 5 }\n",
        ".hidden.tf": "locals { a = 1 }\n",
        "m/main.tf": 'variable "x" {}\nvariable "y" {}\noutput "o" { value = "${var.x} ${var.y}" }\n',
    }
    assert result_of(sfn_sync, write(tmp_path, files)) == [2, 3, "b", 4, 5, "1 3"]
