"""The check of a definition that is not registered: it returns the errors and warnings as data.

Placeholders without a value may get plausible values. So a file whose placeholders are filled in at deployment can be
checked without changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.fields.field_reader import ALLOWED_VALUES
from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS
from pytest_sfn_sync.asl.states.number_fields import NUMBER_FIELDS
from pytest_sfn_sync.asl.validation.integrations import Integrations
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.errors import DefinitionError
from pytest_sfn_sync.registry.definition_source import DefinitionSource, FindLineMap, Reading, no_line_map
from pytest_sfn_sync.registry.refusals import fault_lines, located
from pytest_sfn_sync.shown_text import fit_to_be_shown

_ACTIONS: Final = {"ItemReader": "getObject", "ResultWriter": "putObject"}
_WORDS: Final = {field.rpartition(".")[2]: values[0] for field, values in ALLOWED_VALUES.items()}


def _machine(place: Location) -> JSON:
    name = place.replace("/", " ").strip()[-80:]  # The name of a state stands once in a whole machine.
    return {"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}


_STRUCTURES: Final[Mapping[str, Callable[[Location], JSON]]] = {
    "Retry": lambda place: [],
    "Catch": lambda place: [],
    "Branches": lambda place: [_machine(place)],
    "ItemProcessor": _machine,
    "Iterator": _machine,
    "Parameters": lambda place: {},
    "ItemSelector": lambda place: {},
    "ResultSelector": lambda place: {},
    "Assign": lambda place: {},
    "End": lambda place: True,
}
"""Values of the fields of a state that hold no text."""

_BY_FIELD: Final[tuple[tuple[re.Pattern[str], JSON], ...]] = (
    (re.compile("|".join(sorted(NUMBER_FIELDS)) + r"|Numeric(?!.*Path\Z)\w+"), 1),
    (re.compile(r"Timestamp(?!.*Path\Z)\w*"), "2030-01-01T00:00:00Z"),
    (re.compile(r"Boolean(?!.*Path\Z)\w+|Is(?:Present|Null|String|Numeric|Boolean|Timestamp)"), True),
    (re.compile(r".*\.\$|\w+Path|Variable"), "$"),
    (re.compile("ErrorEquals"), ["States.ALL"]),
)
"""Values by the names of fields, which only texts of a certain form or no texts fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionCheck:
    """The result of a check: ``refusal`` is the error of `register`, ``diagnostics`` has all errors and warnings.

    ``warnings`` has each warning with its text for readers.
    """

    refusal: DefinitionError | None
    diagnostics: tuple[Diagnostic, ...]
    warnings: tuple[tuple[Diagnostic, str], ...] = ()


def check_definition(
    name: str,
    definition: DefinitionSource,
    *,
    machine_type: str = EXPRESS,
    integrations: Integrations | None = None,
    known: Mapping[str, str],
    substitutions: Mapping[str, Any] | None = None,
    fills_in_the_rest: bool = False,
    source: str | None = None,
    line_map: FindLineMap = no_line_map,
) -> DefinitionCheck:
    """Read and check a definition as `Registry.register` would.

    ``known`` and ``substitutions`` have the values of placeholders. If ``fills_in_the_rest`` is True, all others get
    plausible values.
    """
    reading = Reading(
        name=name,
        source=source,
        known=dict(known),
        substitutions=substitutions,
        line_map=line_map,
        invent=plausible_value if fills_in_the_rest else None,
        verdict="is not valid",
        caller="validate_definition",
    )
    refusal = None
    try:
        document = reading.read(definition)
        reading.compile(document, machine_type=machine_type, integrations=integrations)
    except DefinitionError as error:
        refusal = error
    lines = reading.line_map() if reading.warnings else None
    found = tuple(located(warning, lines) for warning in reading.warnings)
    with_texts = tuple((warning, fit_to_be_shown("\n".join(fault_lines([warning], lines)))) for warning in found)
    faults = () if refusal is None else refusal.diagnostics
    return DefinitionCheck(refusal=refusal, diagnostics=(*faults, *found), warnings=with_texts)


def plausible_value(name: str, location: str | None) -> JSON:
    """Return a value for a placeholder that fits its field.

    ``location`` is empty for a bare placeholder in JSON text, and None for one within a longer string.
    """
    if location is None:
        return _in_arns(name)
    place = Location(location)
    field = place.last
    holder = place.parent or ROOT
    if field == "Resource":
        is_state = (holder.parent or ROOT).last == "States"
        if holder.last in _ACTIONS and not is_state:
            return f"arn:aws:states:::s3:{_ACTIONS[holder.last]}"
        return f"arn:aws:lambda:{DEFAULT_REGION}:{DEFAULT_ACCOUNT_ID}:function:{_in_arns(name)}"
    if field in _STRUCTURES and (holder.parent or ROOT).last == "States":
        return _STRUCTURES[field](place)
    if not location:
        return 1
    return next((value for pattern, value in _BY_FIELD if pattern.fullmatch(field)), _WORDS.get(field, name))


def _in_arns(name: str) -> str:
    return name.replace("::", "-").replace(".", "-")
