"""Python's values in a mock's result, written as Step Functions shows them: timestamps and blobs.

Recorded: a timestamp is an ISO 8601 string in UTC, and a blob in UTF-8 is text.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from pytest_sfn_sync.asl.timestamps import instant_text


def rendered(value: Any) -> Any:
    """Return a value with each datetime as an ISO 8601 string and bytes as text, at any depth."""
    if isinstance(value, datetime):
        # Assumption: a datetime without a time zone is in UTC.
        return instant_text(value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc))
    if isinstance(value, bytes | bytearray):
        return _text_of(bytes(value))
    if isinstance(value, Mapping):
        return {key: rendered(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [rendered(item) for item in value]
    return value


def _text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()  # Assumption: a blob that is not UTF-8 is shown in base64.
