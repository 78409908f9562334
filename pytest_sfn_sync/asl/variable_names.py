"""The names of workflow variables, as ``Assign`` of states, choice rules and catchers may give them."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_sfn_sync.asl.field_reader import FieldReader

_MAX_VARIABLE_NAME = 80


def note_bad_variable_names(reader: FieldReader, names: Iterable[str]) -> None:
    """Note each name that no variable may have."""
    for name in names:
        if not is_variable_name(name):
            # Assumption: AWS's words are not recorded; the rule is the specification's.
            reader.fault(f"'{name}' is not a valid variable name", "Assign")


def is_variable_name(name: str) -> bool:
    """Tell whether a name may be assigned: a Unicode identifier of at most 80 characters, not ``states``."""
    return name.isidentifier() and not name.startswith("_") and len(name) <= _MAX_VARIABLE_NAME and name != "states"
