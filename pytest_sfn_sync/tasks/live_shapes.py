"""Parameters and responses on their way between Step Functions' form and that of a boto3 client, by botocore's shapes.

Shapes come from the client's own service model; nothing is loaded here.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.timestamps import instant_text
from pytest_sfn_sync.tasks.integrations.java_names import sdk_member, upper_first


class UnusableParametersError(Exception):
    """A task's parameters have a field that the operation's input has not."""


def as_parameters(document: JSON, shape: Any, *, is_sdk: bool) -> dict[str, Any]:
    """Turn a task's parameters into the keyword arguments of a client's method."""
    if shape is None:
        return {}
    if not isinstance(document, dict):
        raise UnusableParametersError("The parameters are not an object")
    arguments: dict[str, Any] = _to_client(document, shape)
    return arguments


def _to_client(value: JSON, shape: Any) -> Any:
    match shape.type_name:
        case "structure" if isinstance(value, dict) and not getattr(shape, "is_document_type", False):
            return _structure_to_client(value, shape)
        case "list" if isinstance(value, list):
            return [_to_client(item, shape.member) for item in value]
        case "map" if isinstance(value, dict):
            return {key: _to_client(item, shape.value) for key, item in value.items()}
        case "blob":
            # Recorded for the Body of s3:putObject, where a string keeps its quotes; assumption for other blobs.
            return compact(value).encode()
        case "string" if not isinstance(value, str):
            return compact(value)  # recorded: JSON where a string belongs is serialised by the way, without spaces
        case "integer" | "long" if isinstance(value, float) and value.is_integer():
            return int(value)
        case _:
            return value


def _structure_to_client(value: dict[str, JSON], shape: Any) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members}
    arguments: dict[str, Any] = {}
    for name, item in value.items():
        member = members.get(name.lower())
        if member is None:
            raise UnusableParametersError(f"The field '{name}' is not supported by Step Functions")
        if item is not None:  # recorded: null is as good as absent
            arguments[member] = _to_client(item, shape.members[member])
    return arguments


def as_result(response: Mapping[str, Any], shape: Any, *, is_sdk: bool) -> dict[str, JSON]:
    """Turn a client's response, without its ResponseMetadata, into the result of a task."""
    if shape is None:
        return {}
    result: dict[str, JSON] = _from_client(response, shape, is_sdk)
    return result


def _from_client(value: Any, shape: Any, is_sdk: bool) -> JSON:
    match shape.type_name:
        case "structure" if isinstance(value, Mapping) and not getattr(shape, "is_document_type", False):
            # Recorded: members in the order of their names, a streamed body last.
            body = shape.serialization.get("payload")
            names = sorted(value, key=lambda name: (name == body, name))
            named = sdk_member if is_sdk else upper_first
            return {named(name): _from_client(value[name], shape.members[name], is_sdk) for name in names}
        case "list":
            return [_from_client(item, shape.member, is_sdk) for item in value]
        case "map":
            return {key: _from_client(item, shape.value, is_sdk) for key, item in value.items()}
        case "timestamp" if isinstance(value, datetime):
            return instant_text(value.astimezone(timezone.utc))
        case "blob":
            return _text_of(value.read() if hasattr(value, "read") else value)
        case _:
            return value


def _text_of(data: Any) -> str:
    if isinstance(data, str):
        return data
    try:
        return bytes(data).decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()  # assumption: Step Functions shows only text that is UTF-8 as it is
