"""What `load_terraform` is given: a folder, one of its files, or the JSON of ``terraform show -json``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.show_json import read_show_json
from pytest_sfn_sync.terraform.terraform_machines import read_terraform

if TYPE_CHECKING:
    from pytest_sfn_sync.templates.stack import Environment
    from pytest_sfn_sync.templates.template import ReadTemplate


def read_configuration(path: str | os.PathLike[str] | Mapping[str, Any], environment: Environment) -> ReadTemplate:
    """Read the machines of a configuration; raise TemplateError if there is none."""
    if isinstance(path, Mapping):
        return read_show_json(path, environment)
    place = Path(path)
    if place.suffix == ".json" and not place.name.endswith(".tf.json"):
        return read_show_json(place, environment)
    folder = place.parent if place.name.endswith((".tf", ".tf.json")) and os.path.isfile(place) else place
    if os.path.isfile(folder):
        raise TemplateError(
            f"The configuration {shown_path(str(place))} can't be loaded: it is no folder, no file *.tf and no plan "
            "in JSON. Templates of CloudFormation, SAM and the serverless framework are loaded with load_template."
        )
    if not os.path.isdir(folder):
        raise TemplateError(f"The configuration {shown_path(str(place))} can't be loaded: there is no such folder.")
    return read_terraform(folder, environment)
