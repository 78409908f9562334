"""The shapes of Lambda: event and result, the ``lambda:invoke`` envelope, the runtime's error, the context object.

Sources: recordings of both forms of Lambda task (direct ARN and ``lambda:invoke``); what was never recorded is marked.
"""

from __future__ import annotations

import json
import traceback
from datetime import timedelta
from email.utils import format_datetime
from functools import lru_cache
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.tasks.resources import FunctionName

# assumption: the longest time that Lambda allows; virtual time does not pass inside a handler.
_REMAINING_MILLISECONDS: Final = 900_000

_encode_compact: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_encode_spaced: Final = json.JSONEncoder(ensure_ascii=False).encode


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


def request_id(random: Random) -> str:
    """Make a request id, a version 4 UUID, from the fake's own source of randomness."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def event_of(payload: JSON) -> JSON:
    """Give the event of a function that is called by ``lambda:invoke``."""
    # assumption: a function that is invoked without a Payload gets {}.
    return payload.get("Payload", {}) if isinstance(payload, dict) else {}


def envelope(result: JSON, *, payload: JSON, called: FunctionName | None, random: Random, at_microseconds: int) -> JSON:
    """Wrap a function's result as ``lambda:invoke`` gives it (key order as recorded)."""
    if isinstance(payload, dict) and payload.get("InvocationType") in ("Event", "DryRun"):
        # assumption: Lambda answers these without running to the end: 202 and 204, and no payload.
        status, result, length = (202 if payload["InvocationType"] == "Event" else 204), "", "0"
    else:
        status, length = 200, str(len(_encode_compact(result).encode(errors="replace")))
    version = called.qualifier if called is not None and (called.qualifier or "").isdigit() else "$LATEST"
    request = request_id(random)
    date = _http_date(at_microseconds // 1_000_000)
    trace = f"Root=1-{at_microseconds // 1_000_000:08x}-{random.getrandbits(96):024x}"
    return {
        "ExecutedVersion": version,
        "Payload": result,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {
                "X-Amz-Executed-Version": [version],
                "x-amzn-Remapped-Content-Length": ["0"],
                "Connection": ["keep-alive"],
                "x-amzn-RequestId": [request],
                "Content-Length": [length],
                "Date": [date],
                "X-Amzn-Trace-Id": [trace],
                "Content-Type": ["application/json"],
            },
            "HttpHeaders": {
                "Connection": "keep-alive",
                "Content-Length": length,
                "Content-Type": "application/json",
                "Date": date,
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


@lru_cache(maxsize=64)
def _http_date(second: int) -> str:
    return format_datetime(EPOCH + timedelta(seconds=second), usegmt=True)


def failure_of(exception: BaseException, *, compact: bool, random: Random) -> tuple[str, str]:
    """Give error and cause of a function that raised: its class name, and the JSON text of Lambda's Python runtime.

    ``compact`` is for ``lambda:invoke``, which writes that JSON anew without spaces; a direct ARN passes the runtime's
    own text on (both recorded).
    """
    error_type = type(exception).__name__
    report: dict[str, Any] = {
        "errorMessage": str(exception),
        "errorType": error_type,
        "requestId": request_id(random),
        "stackTrace": stack_trace(exception),
    }
    # assumption: text outside ASCII stays as it is, as in the Python runtimes since 3.12.
    return error_type, (_encode_compact if compact else _encode_spaced)(report)


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
