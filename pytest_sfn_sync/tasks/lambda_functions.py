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
from pytest_sfn_sync.asl.scopes import iso_time
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.lambda_exits import EXIT_ERROR, exit_message
from pytest_sfn_sync.tasks.lambda_marshalling import LambdaRuntimeError
from pytest_sfn_sync.tasks.resources import FunctionName

# assumption: the longest time that Lambda allows; virtual time does not pass inside a handler.
_REMAINING_MILLISECONDS: Final = 900_000

# Assumption: a function that times out at once, as no time was given, had Lambda's own timeout of 3 seconds.
_TIMEOUT_MICROSECONDS: Final = 3_000_000

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
        """Return the milliseconds left before Lambda would end the function: always 900,000."""
        return _REMAINING_MILLISECONDS

    def __repr__(self) -> str:
        return f"LambdaContext(invoked_function_arn={self.invoked_function_arn!r})"


def event_of(payload: JSON) -> JSON:
    """Return the event of a function that is called by ``lambda:invoke``."""
    # assumption: a function that is invoked without a Payload gets {}.
    return payload.get("Payload", {}) if isinstance(payload, dict) else {}


def envelope(
    result: JSON, *, payload: JSON, called: FunctionName | None, random: Random, at_microseconds: int
) -> tuple[JSON, int]:
    """Return a function's result as ``lambda:invoke`` gives it, and a size that its text does not exceed.

    The order of the keys is recorded. The size is a number of bytes.
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
    """Return a header's values; envelopes share them, as documents are never changed."""
    return [str(value)]


def failure_of(exception: BaseException, *, compact: bool, random: Random) -> tuple[str, str]:
    """Return error and cause of a function that raised: its class name, and the JSON text of Lambda's Python runtime.

    ``compact`` is for ``lambda:invoke``, which writes that JSON anew without spaces; a direct ARN passes the runtime's
    own text on (both recorded).
    """
    request_id = random_uuid(random)
    if not isinstance(exception, Exception):
        # No Python runtime is left to report: the sandbox does.
        return EXIT_ERROR, sandbox_report(EXIT_ERROR, exit_message(exception, request_id))
    from_runtime = isinstance(exception, LambdaRuntimeError)
    error_type = exception.error_type if isinstance(exception, LambdaRuntimeError) else type(exception).__name__
    report: dict[str, Any] = {
        "errorMessage": str(exception),
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": [] if from_runtime else stack_trace(exception),
    }
    # assumption: text outside ASCII stays as it is, as in the Python runtimes since 3.12.
    return error_type, (compact_text if compact else python_text)(report)


def sandbox_report(error_type: str, message: str) -> str:
    """Return what Lambda reports of a function whose process has ended, or was ended."""
    return compact_text({"errorType": error_type, "errorMessage": message})


def unknown_cause(payload_text: str) -> str:
    """Return the cause of ``Lambda.Unknown``: a payload that names no type of error (recorded)."""
    return (
        "The cause could not be determined because Lambda did not return an error type. "
        f"Returned payload: {payload_text}"
    )


def cause_of_lambda_name(name: str, *, takes: int, at_microseconds: int, random: Random) -> str | None:
    """Return the cause of an error of Lambda that a test gave by its name alone; None for names without one.

    Recorded: that of a function that timed out, when Lambda named no error type. Measured: those of its sandbox today.
    """
    request_id, ran = random_uuid(random), takes or _TIMEOUT_MICROSECONDS
    seconds = f"{ran / 1_000_000:.2f}"
    match name:
        case "Lambda.Unknown":
            message = f"{iso_time(at_microseconds + ran)} {request_id} Task timed out after {seconds} seconds"
            return unknown_cause(compact_text({"errorMessage": message}))
        case "Sandbox.Timedout":
            return sandbox_report(name, f"RequestId: {request_id} Error: Task timed out after {seconds} seconds")
        case "Runtime.ExitError":
            return sandbox_report(name, f"RequestId: {request_id} Error: Runtime exited with error: exit status 1")
        case _:
            return None


def stack_trace(exception: BaseException) -> list[str]:
    """Return the frames of the function that raised, in the runtime's form; none where nothing was really raised."""
    # As tuples, without columns: the runtime's frames have no lines of carets.
    frames = [
        (frame.filename, frame.lineno or 0, frame.name, frame.line)
        for frame in traceback.extract_tb(exception.__traceback__)
        if not frame.filename.startswith(_OWN_FOLDER)
    ]
    return traceback.format_list(frames)


_OWN_FOLDER: Final = __file__.rpartition("lambda_functions")[0]
