"""The names of the two query languages, the language of an object, and the fields that only the other one has.

How a field is compiled in either language is in `dialects`.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.location import Location

JSON_PATH: Final = "JSONPath"
JSONATA: Final = "JSONata"

_OR_JSONATA: Final = '; or give the state "QueryLanguage": "JSONata".'
_COUNTERPARTS: Final = {
    "InputPath": "In JSONata, read $states.input where it is needed.",
    "OutputPath": "In JSONata, write Output.",
    "ResultPath": "In JSONata, write Output, or Assign to keep a value.",
    "ResultSelector": "In JSONata, write Output, with $states.result in it.",
    "Parameters": "In JSONata, write Arguments; in a Map, ItemSelector.",
    "Result": "In JSONata, write Output.",
    "ItemsPath": "In JSONata, write Items.",
    "Variable": "In JSONata, write Condition.",
    "Arguments": f"In JSONPath, write Parameters{_OR_JSONATA}",
    "Output": f"In JSONPath, write ResultSelector, ResultPath or OutputPath{_OR_JSONATA}",
    "Items": f"In JSONPath, write ItemsPath{_OR_JSONATA}",
    "Condition": f"In JSONPath, write Variable and an operator{_OR_JSONATA}",
}


def query_language(reader: FieldReader, default: str) -> str:
    """Return the language of a state. Measured: any value except ``JSONPath`` behaves as JSONata."""
    return JSON_PATH if reader.fields.get("QueryLanguage", default) == JSON_PATH else JSONATA


def check_query_language(reader: FieldReader) -> None:
    """Record a ``QueryLanguage`` that does not exist."""
    reader.one_of("QueryLanguage")


def report_other_language(reader: FieldReader, field: str, language: str, *, place: Location | None = None) -> None:
    """Record a field that only the other query language has. Measured: for states. Assumption: alike for their parts.

    ``language`` is that of the state; ``place`` is the location of the field, if it is not in the object itself.
    """
    other = JSONATA if language == JSON_PATH else JSON_PATH
    reader.fault(
        f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{other}' "
        "QueryLanguage",
        place=place or reader.at(field),
        hint=_COUNTERPARTS.get(field),
    )
