"""The names of workflow variables, as ``Assign`` of states, choice rules and catchers may give them."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_sfn_sync.asl.field_reader import FieldReader

_MAX_VARIABLE_NAME = 80


def note_bad_variable_names(reader: FieldReader, keys: Iterable[str], *, suffix: str = "") -> None:
    """Note each key of an ``Assign`` that is no variable's name, once the suffix is taken away."""
    for key in keys:
        name = key.removesuffix(suffix)
        if not is_variable_name(name):
            # Assumption: AWS's words are not recorded; the rule is the specification's.
            reader.fault(f"'{name}' is not a valid variable name", "Assign", of=f"Assign/{key}")


def is_variable_name(name: str) -> bool:
    """Tell whether a name may be assigned: a Unicode identifier of at most 80 characters, not ``states``."""
    return name.isidentifier() and not name.startswith("_") and len(name) <= _MAX_VARIABLE_NAME and name != "states"
