"""The validation blocks of variables, as Terraform 1.11 checks them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import SfnSync, TemplateError
from tests.terraform.written_configurations import machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

STAGE = """\
variable "stage" {
  default = "dev"
  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "The stage ${var.stage} is unknown."
  }
  validation {
    condition = length(var.stage) > 2
  }
}
"""


def test_a_value_that_the_conditions_take(sfn_sync: SfnSync, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": STAGE + with_result("var.stage")})
    assert result_of(sfn_sync, tmp_path, variables={"stage": "prod"}) == "prod"


@pytest.mark.parametrize("definition", ["jsonencode({ StartAt = var.stage, States = {} })", None])
def test_a_value_that_a_condition_refuses_whether_a_machine_needs_it_or_not(
    sfn_sync: SfnSync, tmp_path: Path, definition: str | None
) -> None:
    write(tmp_path, {"main.tf": STAGE + (machine() if definition is None else machine(definition))})
    with pytest.raises(TemplateError) as caught:
        sfn_sync.load_terraform(tmp_path, variables={"stage": "bogus"})
    assert str(caught.value).endswith(
        "main.tf:3: the value of the variable 'stage' is refused by its validation: The stage bogus is unknown."
    )


def test_a_validation_without_a_message(sfn_sync: SfnSync, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": STAGE.replace('"prod"]', '"x"]') + machine()})
    with pytest.raises(
        TemplateError, match=r"main.tf:7: the value of the variable 'stage' is refused by its validation"
    ):
        sfn_sync.load_terraform(tmp_path, variables={"stage": "x"})


def test_a_value_that_is_made_up_is_not_checked(sfn_sync: SfnSync, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": STAGE.replace('  default = "dev"\n', "") + with_result("var.stage")})
    assert result_of(sfn_sync, tmp_path) == "stage"
