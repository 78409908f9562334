"""The order of the files with values of variables."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import SfnSync
from tests.terraform.written_configurations import result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

FILES = {
    "terraform.tfvars": 'v = "first"\n',
    "terraform.tfvars.json": '{"v": "second"}',
    "a.auto.tfvars": 'v = "third"\n',
    "b.auto.tfvars.json": '{"v": "fourth"}',
    "c.auto.tfvars": 'v = "fifth"\n',
}


@pytest.mark.parametrize("count", range(1, len(FILES) + 1))
def test_later_file_wins(sfn_sync: SfnSync, tmp_path: Path, count: int) -> None:
    files = dict(list(FILES.items())[:count])
    right = ["first", "second", "third", "fourth", "fifth"][count - 1]
    main = {"main.tf": 'variable "v" { default = "none" }\n' + with_result("var.v"), "other.tfvars": 'v = "other"\n'}
    assert result_of(sfn_sync, write(tmp_path, main | files)) == right


def test_value_of_the_test_wins(sfn_sync: SfnSync, tmp_path: Path) -> None:
    main = {"main.tf": 'variable "v" { default = "none" }\n' + with_result("var.v")}
    assert result_of(sfn_sync, write(tmp_path, main | FILES), variables={"v": "mine"}) == "mine"
