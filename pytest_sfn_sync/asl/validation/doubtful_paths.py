"""Warnings for the paths of a state that look right and that AWS's JSONPath reads as something else.

These warnings are this package's own; AWS says nothing of such paths until they fail in a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pytest_sfn_sync.asl.diagnostics import WARNING
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.intrinsics import paths_in_call
from pytest_sfn_sync.asl.json_paths import FUNCTION, NEGATIVE_INDEX, PathSyntaxError, compile_path, doubts_of
from pytest_sfn_sync.asl.parsing.field_reader import FieldReader
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX

_TEMPLATES: Final = frozenset({"Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign", "BatchInput"})
_IN_PATHS: Final = {
    FUNCTION: "Let a state before compute it, by an intrinsic function or JSONata, and read its result here.",
}
_IN_REFERENCE_PATHS: Final = {
    **_IN_PATHS,
    NEGATIVE_INDEX: (
        "A Reference Path cannot count from the end. Let a state before pick the element: "
        '"last.$": "$.a[(@.length-1)]".'
    ),
}
_NOT_OF_THE_STATE: Final = frozenset({"Branches", "ItemProcessor", "Iterator", "Result"})


def warn_of_doubtful_paths(reader: FieldReader) -> None:
    """Note the paths of a JSONPath state that AWS reads in another way than their author most likely meant."""
    for source, location in _evaluated(reader.fields, reader.location, in_template=False):
        for path in [source] if source.startswith("$") else paths_in_call(source):
            for code, message, hint in _doubts(path):
                text = f"{message[:-1]} ({path})."
                hint = _instead_in(location).get(code, hint)
                reader.diagnostics.add(text, location, code=code, severity=WARNING, hint=hint)


def _instead_in(location: str) -> Mapping[str, str]:
    """Return, by code, what to write in a field that takes less than a payload template does."""
    if location.endswith(EVALUATED_SUFFIX):
        return {}
    return _IN_PATHS if location.endswith(("/InputPath", "/OutputPath")) else _IN_REFERENCE_PATHS


def _doubts(source: str) -> Iterator[tuple[str, str, str]]:
    try:
        path = compile_path(source)
    except PathSyntaxError:
        return  # It is told as an error by the field that it stands in.
    yield from doubts_of(path.steps)


def _evaluated(value: JSON, location: str, *, in_template: bool) -> Iterator[tuple[str, str]]:
    """Yield every path and call of an intrinsic function in the fields of a state, with its location."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _evaluated(item, f"{location}[{index}]", in_template=in_template)
    elif isinstance(value, dict):
        for name, member in value.items():
            place = f"{location}/{name}"
            if not isinstance(member, str):
                if in_template or name not in _NOT_OF_THE_STATE:
                    yield from _evaluated(member, place, in_template=in_template or name in _TEMPLATES)
            elif name.endswith(EVALUATED_SUFFIX) if in_template else name == "Variable" or name.endswith("Path"):
                yield member, place
