"""The two query languages by name: which one an object is in, and fields that only the other one has.

What the languages mean is the business of `dialects`.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.parsing.field_reader import FieldReader

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
    """Tell in which language a state is; measured: any value but ``JSONPath`` behaves as JSONata."""
    return JSON_PATH if reader.fields.get("QueryLanguage", default) == JSON_PATH else JSONATA


def note_query_language(reader: FieldReader) -> None:
    """Note a ``QueryLanguage`` that is none."""
    reader.one_of("QueryLanguage")


def note_other_language(reader: FieldReader, field: str, language: str, *, place: str | None = None) -> None:
    """Note a field that only the other query language has (measured for states; assumption: alike for parts of them).

    ``language`` is that of the state; ``place`` is where the field is, if not in the object itself.
    """
    other = JSONATA if language == JSON_PATH else JSON_PATH
    reader.fault(
        f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{other}' "
        "QueryLanguage",
        of=place or field,
        hint=_COUNTERPARTS.get(field),
    )
