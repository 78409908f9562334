"""``Assign`` of states, choice rules and catchers: names are checked, values compiled as a payload template."""

from __future__ import annotations

from pytest_sfn_sync.asl.expressions import Expression
from pytest_sfn_sync.asl.field_reader import FieldReader
from pytest_sfn_sync.asl.templates import compile_template

_MAX_VARIABLE_NAME = 80


def parse_assign(reader: FieldReader) -> Expression | None:
    """Compile ``Assign`` of a state, a choice rule or a catcher; variable names are checked here."""
    assign = reader.object("Assign")
    if assign is None:
        return None
    for key in assign:
        name = key.removesuffix(".$")
        if not is_variable_name(name):
            # Assumption: AWS's words are not recorded; the rule is the specification's.
            reader.fault(f"'{name}' is not a valid variable name", "Assign")
    return compile_template(assign, location=reader.at("Assign"), diagnostics=reader.diagnostics)


def is_variable_name(name: str) -> bool:
    """Tell whether a name may be assigned: a Unicode identifier of at most 80 characters, not ``states``."""
    return name.isidentifier() and not name.startswith("_") and len(name) <= _MAX_VARIABLE_NAME and name != "states"
