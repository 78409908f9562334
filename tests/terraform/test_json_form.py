"""Configurations and tfvars files in JSON; the right values are those of Terraform 1.11."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from tests.terraform.written_configurations import machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


def test_texts_are_templates_but_not_where_terraform_takes_plain_values(sfn_sync: SfnSync, tmp_path: Path) -> None:
    root = {
        "//": {"made": "by a tool"},
        "variable": {"a": {}, "b": {"default": "${local.z}"}, "data": {}},
        "locals": [{"//": "no local", "z": 2}, {"y": {"n": ["${local.z}", True, None]}}],
        "module": {"m": {"//": "no argument", "source": "./m", "v": "${local.z}"}},
        "output": None,
    }
    files = {
        "root.tf.json": json.dumps({name: value for name, value in root.items() if value is not None}),
        "terraform.tfvars.json": '{"a": "${local.z}", "data": {"x": 1}}',
        "m/main.tf": 'variable "v" {}\noutput "o" { value = var.v }\n',
        "main.tf": with_result("[var.a, var.b, var.data, local.y, module.m.o]"),
    }
    right = ["${local.z}", "${local.z}", {"x": 1}, {"n": [2, True, None]}, 2]
    assert result_of(sfn_sync, write(tmp_path, files)) == right


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('{\n"a": }', "x.tf.json:2: it is not JSON", id="no JSON"),
        pytest.param('{\n"locals": {"a": 1,\n"a": 2}}', "x.tf.json:3: the key 'a' stands twice", id="a key twice"),
        pytest.param("[]", "x.tf.json: it is not an object.", id="no object"),
        pytest.param('{"locals": [4]}', "x.tf.json: locals is an object, or a list of objects.", id="no block"),
        pytest.param(
            '{"resource": {"aws_x": 5}}', "x.tf.json: resource.aws_x is an object, or a list of objects.", id="no name"
        ),
        pytest.param(
            '{"resource": {"aws_x": {"q": 5}}}',
            "x.tf.json: resource.aws_x.q is an object, or a list of objects.",
            id="no attributes",
        ),
        pytest.param("[" * 100_000, "x.tf.json: it is nested too deep", id="nested too deep"),
    ],
)
def test_file_that_terraform_refuses(sfn_sync: SfnSync, tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(told)):
        sfn_sync.load_terraform(write(tmp_path, {"x.tf.json": text, "main.tf": machine()}))


def test_fault_in_a_tfvars_file_breaks_the_machines_that_need_it(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": 'variable "v" {}\n' + with_result("var.v"), "terraform.tfvars.json": "{"}
    with pytest.raises((TemplateError, DefinitionError), match=r"terraform\.tfvars\.json:1: it is not JSON"):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_template_needs_the_reader_too(sfn_sync: SfnSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    resource = {"aws_sfn_state_machine": {"orders": {"definition": "${local.a}"}}}
    root = {"resource": resource, "locals": {"a": "{}"}}
    with pytest.raises(TemplateError, match=re.escape('pip install "pytest-sfn-sync[terraform]"')):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf.json": json.dumps(root)}))
