"""The conversion of parameters and responses between Step Functions and a boto3 client, by botocore's shapes.

Shapes come from the client's own service model. This module loads no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.tasks.integrations.java_names import Spelling
from pytest_sfn_sync.tasks.integrations.rendering import rendered


def as_parameters(document: JSON, shape: Any, spelling: Spelling) -> dict[str, Any]:
    """Return a task's parameters as the keyword arguments of a client's method."""
    if shape is None or not isinstance(document, dict):
        return {}
    arguments: dict[str, Any] = _to_client(document, shape, spelling)
    return arguments


def _to_client(value: JSON, shape: Any, spelling: Spelling) -> Any:
    match shape.type_name:
        case "structure" if isinstance(value, dict) and not getattr(shape, "is_document_type", False):
            return _structure_to_client(value, shape, spelling)
        case "structure" if isinstance(value, str) and shape.name == "AttributeValue":
            return {"S": value}  # Only an optimized integration accepts a text here.
        case "list" if isinstance(value, list):
            return [_to_client(item, shape.member, spelling) for item in value]
        case "map" if isinstance(value, dict):
            return {key: _to_client(item, shape.value, spelling) for key, item in value.items()}
        case "blob":
            # Recorded: the Body of s3:putObject, where a string keeps its quotes. Assumption: other blobs do too.
            return compact(value).encode()
        case "string" if not isinstance(value, str):
            return compact(value)  # Recorded: JSON in place of a string is sent as its text, without spaces.
        case "integer" | "long" if isinstance(value, float) and value.is_integer():
            return int(value)
        case _:
            return copied(value)


def _structure_to_client(value: dict[str, JSON], shape: Any, spelling: Spelling) -> dict[str, Any]:
    members = {_member(name, shape, spelling): name for name in shape.members}
    arguments: dict[str, Any] = {}
    for name, item in value.items():
        member = members.get(name)
        if member is None:
            # The client checks it: its model may be newer than the one that was checked with.
            arguments[name] = copied(item)
        elif item is not None:  # Recorded: null is the same as an absent member.
            arguments[member] = _to_client(item, shape.members[member], spelling)
    return arguments


def _member(name: str, shape: Any, spelling: Spelling) -> str:
    return spelling(name, shape.name, is_union=getattr(shape, "is_tagged_union", False))


def with_dates_in_milliseconds(value: Any) -> Any:
    """Return a value of a client with each datetime as milliseconds since the epoch, as jobs have them (measured)."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return (moment - EPOCH) // timedelta(milliseconds=1)
    if isinstance(value, Mapping):
        return {name: with_dates_in_milliseconds(member) for name, member in value.items()}
    if isinstance(value, list):
        return [with_dates_in_milliseconds(item) for item in value]
    return value


def as_result(response: Mapping[str, Any], shape: Any, spelling: Spelling) -> dict[str, JSON]:
    """Return a client's response, without its ResponseMetadata, as the result of a task."""
    if shape is None:
        return {}
    result: dict[str, JSON] = _from_client(response, shape, spelling)
    return result


def _from_client(value: Any, shape: Any, spelling: Spelling) -> JSON:
    match shape.type_name:
        case "structure" if isinstance(value, Mapping) and not getattr(shape, "is_document_type", False):
            # Recorded: members are in the order of their names, and a streamed body is last.
            body = shape.serialization.get("payload")
            names = sorted(value, key=lambda name: (name == body, name))
            return {
                _member(name, shape, spelling): _from_client(value[name], shape.members[name], spelling)
                for name in names
            }
        case "list":
            return [_from_client(item, shape.member, spelling) for item in value]
        case "map":
            return {key: _from_client(item, shape.value, spelling) for key, item in value.items()}
        case "blob" if hasattr(value, "read"):
            return rendered(value.read())  # Recorded: a streamed body is text like any other blob.
        case _:
            return rendered(value)
