"""The names of workflow variables that ``Assign`` of a state, a choice rule or a catcher may use."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_sfn_sync.asl.diagnostics import INVALID_VARIABLE_NAME, RESERVED_VARIABLE_NAME
from pytest_sfn_sync.asl.fields.field_reader import FieldReader

_MAX_VARIABLE_NAME = 80
_RESERVED = "states"


def check_variable_names(reader: FieldReader, keys: Iterable[str], *, suffix: str = "") -> None:
    """Record each key of an ``Assign`` that, without the suffix, is not the name of a variable."""
    for key in keys:
        fault = fault_of_name(key.removesuffix(suffix))
        if fault is not None:
            code, message = fault
            # Assumption: the location; codes and messages are measured.
            reader.diagnostics.add(message, reader.at("Assign"), code=code, place=reader.at("Assign") / key)


def fault_of_name(name: str) -> tuple[str, str] | None:
    """Return the code and the message for a name that may not be assigned; None for one that may."""
    if name == _RESERVED:
        return RESERVED_VARIABLE_NAME, f"Cannot assign to reserved variable '${name}'."
    if is_variable_name(name):
        return None
    is_too_long = _has_right_characters(name)
    # Assumption: the text for a name that is too long. It was measured for states and labels.
    what = (
        f"exceeds the {_MAX_VARIABLE_NAME}-character limit allowed by the service."
        if is_too_long
        else "contains invalid characters."
    )
    return INVALID_VARIABLE_NAME, f"Invalid variable name '{name}': the variable name {what}"


def is_variable_name(name: str) -> bool:
    """Report whether a name may be assigned: a Unicode identifier of at most 80 characters, not ``states``."""
    return _has_right_characters(name) and len(name) <= _MAX_VARIABLE_NAME and name != _RESERVED


def _has_right_characters(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_")
