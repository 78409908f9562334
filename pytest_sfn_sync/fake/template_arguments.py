"""The checks of the arguments with which a test loads a template or a Terraform configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pytest_sfn_sync.argument_checks import is_account_id, is_region
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.document_size import why_not_json

_PSEUDO_PARAMETERS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "AWS::Region": (is_region, "the name of a region such as 'eu-west-1'"),
    "AWS::AccountId": (is_account_id, "a str of 12 digits"),
}


def definition_paths(definitions: object) -> dict[str, Path]:
    """Return the paths of definitions by machine; raise OptionError for another value."""
    is_dict = isinstance(definitions, Mapping)
    if definitions is not None and not is_dict:
        shown = shown_value(definitions)
        raise OptionError(f"load_template takes definitions= as a dict of paths by machine, not {shown}.")
    paths = {}
    for name, path in definitions.items() if isinstance(definitions, Mapping) else ():
        if not isinstance(name, str) or not isinstance(path, str | os.PathLike):
            shown = f"{shown_value(path)} for {shown_value(name)}"
            raise OptionError(f"load_template takes definitions= as a dict of paths by machine; it has {shown}.")
        paths[name] = Path(path)
    return paths


def check_template_arguments(path: object, mappings: Mapping[str, object], method: str = "load_template") -> None:
    """Raise OptionError for a path or a mapping that is of another kind, or that has a value that is no JSON."""
    if not isinstance(path, str | os.PathLike):
        raise OptionError(f"{method} takes the path of a template, not {shown_value(path)}.")
    for argument, given in mappings.items():
        if given is None:
            continue
        if not (isinstance(given, Mapping) and all(isinstance(name, str) for name in given)):
            shown = shown_value(given)
            raise OptionError(f"{method} takes {argument}= as a dict with names as its keys, not {shown}.")
        for name, value in given.items():
            why = why_not_json(value)
            if why is not None:
                raise OptionError(f"{method} can't use the value of {shown_value(name)} in {argument}=: {why}.")
        _check_pseudo_parameters(argument, given)


def _check_pseudo_parameters(argument: str, given: Mapping[str, object]) -> None:
    if argument != "parameters":
        return
    for name, (is_fit, wanted) in _PSEUDO_PARAMETERS.items():
        if name in given and not is_fit(given[name]):
            raise OptionError(
                f"load_template takes {shown_value(name)} in parameters= as {wanted}, not {shown_value(given[name])}."
            )
