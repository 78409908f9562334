"""Numbers that a template has as texts, turned into numbers in fields that must be a number in the States Language.

Assumption: Step Functions gets the text. A parameter of type Number is a text in CloudFormation. SAM turns each
function in an inline ``Definition`` into ``"${definition_substitution_1}"``, in quotes. DefinitionSubstitutions
replaces text in a text. So ``Seconds: !Ref Pause`` becomes ``"Seconds": "5"``, which Step Functions would refuse, and
the payload ``{"limit": !Ref Limit}`` reaches its Lambda function as ``{"limit": "5"}``.

In this module, the fields that must be a number get one, with a note, so that such a machine can be tested. Payloads
keep the text that they have on AWS. (The plugin of the serverless framework removes the quotes only of ``Seconds`` in a
Wait state.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.asl.states.number_fields import NUMBER_FIELDS
from pytest_sfn_sync.templates.parameters import NumberText

_COMPARISONS: Final = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
_FIELDS: Final = NUMBER_FIELDS | {f"Numeric{comparison}" for comparison in _COMPARISONS}
_PAYLOADS: Final = frozenset(
    {
        "Arguments",
        "Assign",
        "BatchInput",
        "Input",
        "ItemSelector",
        "Items",
        "Output",
        "Parameters",
        "Result",
        "ResultSelector",
    }
)


def with_numbers(definition: Any, on_number: Callable[[str, NumberText], None]) -> Any:
    """Return a copy of a definition in which texts of numbers are numbers, in fields that must be a number.

    ``on_number`` is called for each of them with its location and its text.
    """
    return _copied(definition, ROOT, on_number, is_states=False)


def _copied(
    value: Any, location: Location, on_number: Callable[[str, NumberText], None] | None, *, is_states: bool
) -> Any:
    if isinstance(value, dict):
        copy = {}
        for key, member in value.items():
            at = location / str(key)
            if not is_states and key in _FIELDS and isinstance(member, NumberText) and on_number is not None:
                on_number(at, member)
                copy[str(key)] = member.number
                continue
            further = None if not is_states and key in _PAYLOADS else on_number
            copy[str(key)] = _copied(member, at, further, is_states=key == "States" and not is_states)
        return copy
    if isinstance(value, list):
        return [_copied(item, location / index, on_number, is_states=False) for index, item in enumerate(value)]
    return str(value) if isinstance(value, str) else value
