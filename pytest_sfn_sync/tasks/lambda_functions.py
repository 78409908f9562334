"""The shapes of Lambda: event and result, the ``lambda:invoke`` envelope, the runtime's error, the context object.

Sources: recordings of both forms of Lambda task (direct ARN and ``lambda:invoke``); what was never recorded is marked.
"""

from __future__ import annotations

import traceback
from datetime import timedelta
from email.utils import format_datetime
from functools import lru_cache
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact as compact_text
from pytest_sfn_sync.asl.json_text import python_text
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.resources import FunctionName

# assumption: the longest time that Lambda allows; virtual time does not pass inside a handler.
_REMAINING_MILLISECONDS: Final = 900_000

# What an envelope adds to the text of its payload; it is about 850 bytes, and nothing in it grows.
_ENVELOPE_BYTES: Final = 2_000


class LambdaContext:
    """The context object of Lambda's Python runtime, given to handlers that take ``(event, context)``."""

    def __init__(self, *, function: FunctionName, arn: str, request_id: str, at_microseconds: int) -> None:
        self.function_name = function.name
        self.function_version = function.qualifier if (function.qualifier or "").isdigit() else "$LATEST"
        self.invoked_function_arn = arn
        self.memory_limit_in_mb = "128"
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{function.name}"
        day = (EPOCH + timedelta(microseconds=at_microseconds)).strftime("%Y/%m/%d")
        self.log_stream_name = f"{day}/[{self.function_version}]{request_id.replace('-', '')}"
        self.identity = None
        self.client_context = None

    def get_remaining_time_in_millis(self) -> int:
        """Give the milliseconds left before Lambda would end the function: always 900,000."""
        return _REMAINING_MILLISECONDS

    def __repr__(self) -> str:
        return f"LambdaContext(invoked_function_arn={self.invoked_function_arn!r})"


def event_of(payload: JSON) -> JSON:
    """Give the event of a function that is called by ``lambda:invoke``."""
    # assumption: a function that is invoked without a Payload gets {}.
    return payload.get("Payload", {}) if isinstance(payload, dict) else {}


def envelope(
    result: JSON, *, payload: JSON, called: FunctionName | None, random: Random, at_microseconds: int
) -> tuple[JSON, int]:
    """Wrap a function's result as ``lambda:invoke`` gives it (key order as recorded).

    Gives the wrapped result, and a number of bytes that its text does not exceed.
    """
    if isinstance(payload, dict) and payload.get("InvocationType") in ("Event", "DryRun"):
        # assumption: Lambda answers these without running to the end: 202 and 204, and no payload.
        status, result, length = (202 if payload["InvocationType"] == "Event" else 204), "", 0
    else:
        # Recorded: the length is that of the Python runtime's own text, with spaces.
        status, length = 200, _utf8_length(python_text(result))
    version = called.qualifier if called is not None and (called.qualifier or "").isdigit() else "$LATEST"
    request = random_uuid(random)
    date, root = _date_and_trace_root(at_microseconds // 1_000_000)
    trace = f"{root}{random.getrandbits(96):024x}"
    content_length = _header(length)
    wrapped = {
        "ExecutedVersion": version,
        "Payload": result,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {
                "X-Amz-Executed-Version": _header(version),
                "x-amzn-Remapped-Content-Length": _header("0"),
                "Connection": _header("keep-alive"),
                "x-amzn-RequestId": [request],
                "Content-Length": content_length,
                "Date": date,
                "X-Amzn-Trace-Id": [trace],
                "Content-Type": _header("application/json"),
            },
            "HttpHeaders": {
                "Connection": "keep-alive",
                "Content-Length": content_length[0],
                "Content-Type": "application/json",
                "Date": date[0],
                "X-Amz-Executed-Version": version,
                "x-amzn-Remapped-Content-Length": "0",
                "x-amzn-RequestId": request,
                "X-Amzn-Trace-Id": trace,
            },
            "HttpStatusCode": status,
        },
        "SdkResponseMetadata": {"RequestId": request},
        "StatusCode": status,
    }
    return wrapped, length + _ENVELOPE_BYTES


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="replace"))


@lru_cache(maxsize=64)
def _date_and_trace_root(second: int) -> tuple[list[str], str]:
    return [format_datetime(EPOCH + timedelta(seconds=second), usegmt=True)], f"Root=1-{second:08x}-"


@lru_cache(maxsize=1024)
def _header(value: int | str) -> list[str]:
    """Give a header's values; envelopes share them, as documents are never changed."""
    return [str(value)]


def failure_of(exception: BaseException, *, compact: bool, random: Random) -> tuple[str, str]:
    """Give error and cause of a function that raised: its class name, and the JSON text of Lambda's Python runtime.

    ``compact`` is for ``lambda:invoke``, which writes that JSON anew without spaces; a direct ARN passes the runtime's
    own text on (both recorded).
    """
    error_type = type(exception).__name__
    report: dict[str, Any] = {
        "errorMessage": str(exception),
        "errorType": error_type,
        "requestId": random_uuid(random),
        "stackTrace": stack_trace(exception),
    }
    # assumption: text outside ASCII stays as it is, as in the Python runtimes since 3.12.
    return error_type, (compact_text if compact else python_text)(report)


def stack_trace(exception: BaseException) -> list[str]:
    """Give the frames of the function that raised, in the form of the runtime; none where nothing was really raised."""
    # As tuples, without columns: the runtime's frames have no lines of carets.
    frames = [
        (frame.filename, frame.lineno or 0, frame.name, frame.line)
        for frame in traceback.extract_tb(exception.__traceback__)
        if not frame.filename.startswith(_OWN_FOLDER)
    ]
    return traceback.format_list(frames)


_OWN_FOLDER: Final = __file__.rpartition("lambda_functions")[0]
