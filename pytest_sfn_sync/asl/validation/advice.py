"""What ValidateStateMachineDefinition warns of: paths in places where they are taken as plain text.

Source: the codes and their meanings in the API's model. Assumption: the messages, which were never recorded; each is
the meaning that the model gives, with the field's name before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.diagnostics import WARNING
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.transitions import entries_in
from pytest_sfn_sync.asl.intrinsics import is_intrinsic_function
from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_path
from pytest_sfn_sync.asl.parsing.field_reader import FieldReader
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX

NO_DOLLAR: Final = "NO_DOLLAR"
NO_PATH: Final = "NO_PATH"
PASS_RESULT_IS_STATIC: Final = "PASS_RESULT_IS_STATIC"

_PATH: Final = re.compile(r"\$\$?(?:[.\[].+)?", re.DOTALL)
_CALL: Final = re.compile(r"(States\.\w+)\(.*\)", re.DOTALL)
_TEMPLATES: Final = ("Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign")
_TEMPLATES_OF_PARTS: Final = (
    ("ItemReader", "Parameters"),
    ("ItemBatcher", "BatchInput"),
    ("ResultWriter", "Parameters"),
    ("Choices", "Assign"),
    ("Catch", "Assign"),
)
_WITH_PATH_TWIN: Final = ("Error", "Cause")


def warn_of_static_paths(reader: FieldReader, type_: str) -> None:
    """Note the values of a JSONPath state that look like paths and will not be evaluated."""
    fields = reader.fields
    for template, place, name in _templates(reader):
        for location, key, value in _literals(template, place, name):
            if _looks_evaluated(value):
                message = f"No .$ on the field '{key}' that appears to be a JSONPath or Intrinsic Function."
                _warn(reader, NO_DOLLAR, message, location, _how_to_evaluate(key, location))
    if type_ == "Fail":
        for name in _WITH_PATH_TWIN:
            if _looks_like_path(fields.get(name)):
                message = (
                    f"The value of the field '{name}' looks like a path, but the field name does not end with 'Path'."
                )
                _warn(reader, NO_PATH, message, reader.at(name), f"Write '{name}Path', if it is to be evaluated.")
    if type_ == "Pass" and "Result" in fields:
        for location, key, value in _literals(fields["Result"], reader.at("Result"), "Result", are_static=True):
            if key.endswith(EVALUATED_SUFFIX) or _looks_evaluated(value):
                message = "Attempt to use a path in the result of a pass state."
                _warn(reader, PASS_RESULT_IS_STATIC, message, location, "Write it in Parameters, which are evaluated.")


def _warn(reader: FieldReader, code: str, message: str, location: str, hint: str) -> None:
    reader.diagnostics.add(message, location, code=code, severity=WARNING, hint=hint)


def _templates(reader: FieldReader) -> Iterator[tuple[JSON, str, str]]:
    """Yield the payload templates of a state and of its parts, with their locations and names."""
    holders = [(reader.fields, reader.location, name) for name in _TEMPLATES]
    for part, name in _TEMPLATES_OF_PARTS:
        held = reader.fields.get(part)
        if isinstance(held, dict):
            holders.append((held, reader.at(part), name))
        holders += [(entry, location, name) for entry, location in entries_in(reader.fields, part, reader.location)]
    for holder, location, name in holders:
        if isinstance(holder.get(name), (dict, list)):
            yield holder[name], f"{location}/{name}", name


def _literals(value: JSON, location: str, key: str, *, are_static: bool = False) -> Iterator[tuple[str, str, JSON]]:
    """Yield location, key and value of each string that is not evaluated, which all are where they are static."""
    if isinstance(value, str):
        yield location, key, value
    elif isinstance(value, dict):
        for name, member in value.items():
            if are_static or not name.endswith(EVALUATED_SUFFIX):
                yield from _literals(member, f"{location}/{name}", name, are_static=are_static)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _literals(item, f"{location}[{index}]", key, are_static=are_static)


def _how_to_evaluate(key: str, location: str) -> str:
    if location.endswith("]"):
        return "Strings in arrays are never evaluated; States.Array(...) makes an array of values."
    return f"Write '{key}{EVALUATED_SUFFIX}', if it is to be evaluated."


def _looks_evaluated(value: JSON) -> bool:
    if _looks_like_path(value):
        return True
    call = _CALL.fullmatch(value) if isinstance(value, str) else None
    return call is not None and is_intrinsic_function(call[1])


def _looks_like_path(value: JSON) -> bool:
    """Tell whether a text is a path into the input or the context object; a variable's may be any amount of money."""
    if not isinstance(value, str) or _PATH.fullmatch(value) is None:
        return False
    try:
        compile_path(value)
    except PathSyntaxError:
        return False
    return True
