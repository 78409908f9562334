"""Requests: the body is read, and each member is checked as AWS's front end checks it.

These checks come before an operation reads the values. A body that can't be read raises SerializationException. Members
that break their constraints raise one ValidationException, which lists all of them.

Source: the API's model, for the constraints. Recorded: the texts, from other operations of the service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.service.errors import service_error

Request: TypeAlias = dict[str, Any]
"""The members of a request by their names on the wire."""

_JAVA_TYPES: Final = {
    "string": "a String",
    "boolean": "a Boolean",
    "integer": "an Integer",
    "long": "a Long",
    "float": "a Float",
    "double": "a Double",
}


class Member(NamedTuple):
    """The constraints of one member; all members are strings. ``max_length`` is in characters unless ``in_bytes``."""

    required: bool = False
    min_length: int = 0
    max_length: int = 0
    in_bytes: bool = False
    enum: tuple[str, ...] = ()
    ascii_only: bool = False
    sensitive: bool = False


START_SYNC_EXECUTION: Final[Mapping[str, Member]] = {
    "stateMachineArn": Member(required=True, min_length=1, max_length=256),
    "name": Member(min_length=1, max_length=80),
    "input": Member(max_length=PAYLOAD_BYTES, in_bytes=True, sensitive=True),
    "traceHeader": Member(max_length=256, ascii_only=True),
    "includedData": Member(max_length=256, enum=("ALL_DATA", "METADATA_ONLY")),
}


_decode: Final = json.JSONDecoder().decode


def decode_request(body: bytes | str) -> Request:
    """Return the members of a request from its body; raise SerializationException if it is not a JSON object.

    Assumption: the texts; AWS's texts for a body that can't be read were not recorded.
    """
    try:
        request = _decode(body.decode() if isinstance(body, bytes) else body)
    except (ValueError, RecursionError):
        raise service_error("SerializationException", reason="The request body is not valid JSON") from None
    if not isinstance(request, dict):
        raise service_error("SerializationException", reason="Start of structure or map expected")
    return request


def check_members(request: Request, members: Mapping[str, Member]) -> None:
    """Check the members of a request against their constraints; ignore members that the operation doesn't know.

    Raise SerializationException for a member that is not a string, and ValidationException for broken constraints.
    """
    for name, value in request.items():
        member = members.get(name)
        if member is not None and not _is_valid(value, member):
            raise _refusal(request, members)
    for name, member in members.items():
        if not member.required:
            break  # required members come first in every table
        if request.get(name) is None:
            raise _refusal(request, members)


def _is_valid(value: object, member: Member) -> bool:
    if type(value) is not str:
        return value is None
    _, min_length, max_length, in_bytes, enum, ascii_only, _ = member
    is_ascii = value.isascii()
    length = utf8_length(value) if in_bytes and not is_ascii else len(value)
    if not min_length <= length <= max_length:
        return False
    return not (enum and value not in enum) and (is_ascii or not ascii_only)


def utf8_length(text: str) -> int:
    """Return the number of bytes of a text in UTF-8; a lone surrogate counts as three bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _refusal(request: Request, members: Mapping[str, Member]) -> Exception:
    found: list[str] = []
    for name, member in members.items():
        value = request.get(name)
        if value is None:
            if member.required:
                found.append(f"Value null at '{name}' failed to satisfy constraint: Member must not be null")
        elif isinstance(value, str):
            # Assumption: a sensitive value is left out of the text, as in other AWS services.
            shown = "Value" if member.sensitive else f"Value '{value}'"
            found += [f"{shown} at '{name}' failed to satisfy constraint: {fault}" for fault in _faults(value, member)]
        else:
            return service_error("SerializationException", reason=misfit(value))
    count = f"{len(found)} validation error{'' if len(found) == 1 else 's'} detected"
    return service_error("ValidationException", reason=f"{count}: {'; '.join(found)}")


def _faults(value: str, member: Member) -> list[str]:
    length = utf8_length(value) if member.in_bytes else len(value)
    faults: list[str] = []
    if length < member.min_length:
        faults.append(f"Member must have length greater than or equal to {member.min_length}")
    if member.enum:
        if value not in member.enum:
            faults.append(f"Member must satisfy enum value set: [{', '.join(member.enum)}]")
    elif length > member.max_length:
        faults.append(f"Member must have length less than or equal to {member.max_length}")
    if member.ascii_only and not value.isascii():
        faults.append("Member must satisfy regular expression pattern: \\p{ASCII}*")
    return faults


def misfit(value: object, wanted: str = "string") -> str:
    """Return the text for a value of the wrong type; ``wanted`` is the type's name in botocore's models.

    Assumption: worded as in other AWS services with this protocol.
    """
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    if isinstance(value, list):
        return "Start of list found where not expected"
    if wanted in ("list", "map", "structure"):
        return "Unexpected token received from parser"
    if isinstance(value, bool):
        kind = "TRUE_VALUE" if value else "FALSE_VALUE"
    else:
        kind = "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"
    return f"{kind} can not be converted to {_JAVA_TYPES[wanted]}"
