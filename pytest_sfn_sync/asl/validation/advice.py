"""Warnings for the paths of a state: paths that AWS takes as plain text, and paths that AWS reads as something else.

ValidateStateMachineDefinition warns of the first kind. Source: the codes and their meanings in the API's model.
Assumption: the messages, which were never recorded. Each has the name of the field and the meaning from the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pytest_sfn_sync.asl.diagnostics import WARNING
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.graph.walk import TEMPLATE_FIELDS, Text, templates_in, texts_in
from pytest_sfn_sync.asl.intrinsics import is_intrinsic_function, paths_in_call
from pytest_sfn_sync.asl.json_paths import FUNCTION, NEGATIVE_INDEX, PathSyntaxError, compile_path, doubts_about
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX

NO_DOLLAR: Final = "NO_DOLLAR"
NO_PATH: Final = "NO_PATH"
PASS_RESULT_IS_STATIC: Final = "PASS_RESULT_IS_STATIC"

_PATH: Final = re.compile(r"\$\$?(?:[.\[].+)?", re.DOTALL)
_CALL: Final = re.compile(r"(States\.\w+)\(.*\)", re.DOTALL)
_NOT_OF_THE_STATE: Final = frozenset({"Branches", "ItemProcessor", "Iterator", "Result"})
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
_WITH_PATH_TWIN: Final = ("Error", "Cause")


def warn_of_static_paths(reader: FieldReader, type_: str) -> None:
    """Record the values of a JSONPath state that look like paths and will not be evaluated."""
    for template in templates_in(reader.fields, reader.location):
        for text in texts_in(*template):
            if not text.key.endswith(EVALUATED_SUFFIX) and _looks_evaluated(text.value):
                message = f"No .$ on the field '{text.key}' that appears to be a JSONPath or Intrinsic Function."
                _warn(reader, NO_DOLLAR, message, text.location, _how_to_evaluate(text))
    if type_ == "Fail":
        _warn_of_fail(reader)
    elif type_ == "Pass" and "Result" in reader.fields:
        for text in texts_in({"Result": reader.fields["Result"]}, reader.location, "", is_static=True):
            if text.key.endswith(EVALUATED_SUFFIX) or _looks_evaluated(text.value):
                message = "Attempt to use a path in the result of a pass state."
                hint = "Write it in Parameters, which are evaluated."
                _warn(reader, PASS_RESULT_IS_STATIC, message, text.location, hint)


def _warn_of_fail(reader: FieldReader) -> None:
    for name in _WITH_PATH_TWIN:
        if _looks_like_path(reader.fields.get(name)):
            message = f"The value of the field '{name}' looks like a path, but the field name does not end with 'Path'."
            _warn(reader, NO_PATH, message, reader.at(name), f"Write '{name}Path', if it is to be evaluated.")


def warn_of_doubtful_paths(reader: FieldReader) -> None:
    """Record the paths of a JSONPath state that AWS reads in another way than their author most likely meant.

    These warnings are this package's own. AWS says nothing about such paths until they fail in a run.
    """
    for text in _evaluated(reader.fields, reader.location):
        for path in [text.value] if text.value.startswith("$") else paths_in_call(text.value):
            for code, message, hint in doubts_about(path):
                instead = _instead_in(text.key).get(code, hint)
                _warn(reader, code, f"{message[:-1]} ({path}).", text.location, instead)


def _instead_in(field: str) -> Mapping[str, str]:
    """Return hints by code for a field that accepts less than a payload template does."""
    if field.endswith(EVALUATED_SUFFIX):
        return {}
    return _IN_PATHS if field in ("InputPath", "OutputPath") else _IN_REFERENCE_PATHS


def _evaluated(part: JSON, location: Location) -> Iterator[Text]:
    """Yield every path, and every call of an intrinsic function, in a state or in a part of it."""
    members = enumerate(part) if isinstance(part, list) else part.items()
    for name, member in members:
        if isinstance(member, str):
            if isinstance(name, str) and (name == "Variable" or name.endswith("Path")):
                yield Text(location, name, name, member)
        elif not isinstance(member, (dict, list)) or name in _NOT_OF_THE_STATE:
            continue
        elif name in TEMPLATE_FIELDS:
            for text in texts_in(member, location / name, name):
                if text.key.endswith(EVALUATED_SUFFIX):
                    yield text
        else:
            yield from _evaluated(member, location / name)


def _warn(reader: FieldReader, code: str, message: str, location: Location, hint: str) -> None:
    reader.diagnostics.add(message, location, code=code, severity=WARNING, hint=hint)


def _how_to_evaluate(text: Text) -> str:
    if isinstance(text.step, int):
        return "Strings in arrays are never evaluated; States.Array(...) makes an array of values."
    return f"Write '{text.key}{EVALUATED_SUFFIX}', if it is to be evaluated."


def _looks_evaluated(value: JSON) -> bool:
    if _looks_like_path(value):
        return True
    call = _CALL.fullmatch(value) if isinstance(value, str) else None
    return call is not None and is_intrinsic_function(call[1])


def _looks_like_path(value: JSON) -> bool:
    """Return whether a text is a path into the input or the context object; ``$10`` may be an amount of money."""
    if not isinstance(value, str) or _PATH.fullmatch(value) is None:
        return False
    try:
        compile_path(value)
    except PathSyntaxError:
        return False
    return True
