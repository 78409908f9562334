"""The files with values of a root module's variables that Terraform reads by itself."""

from __future__ import annotations

from pathlib import Path

from pytest_sfn_sync.terraform.hcl_source import SourceExpression
from pytest_sfn_sync.terraform.json_form import read_values


def tfvars(folder: Path) -> dict[str, SourceExpression]:
    """Return the variables of the files that Terraform reads by itself; a later file wins over an earlier one.

    Recorded: Terraform's documentation has the order terraform.tfvars, terraform.tfvars.json, then the *.auto.tfvars
    and *.auto.tfvars.json in the order of their names. Environment variables are not read.
    """
    files = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    files += sorted([*folder.glob("*.auto.tfvars"), *folder.glob("*.auto.tfvars.json")])
    found: dict[str, SourceExpression] = {}
    for path in files:
        if path.is_file():
            found.update(read_values(path))
    return found
