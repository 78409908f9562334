"""The shapes of Lambda: event and result, the ``lambda:invoke`` envelope, the runtime's error, the context object.

Sources: recordings of both forms of Lambda task, direct ARN and ``lambda:invoke``. All else is marked as an assumption.
"""

from __future__ import annotations

import linecache
import traceback
from datetime import timedelta
from email.utils import format_datetime
from functools import lru_cache
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json, python_text
from pytest_sfn_sync.asl.json_text import compact as compact_text
from pytest_sfn_sync.asl.scopes import iso_time
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.exception_texts import text_of_exception
from pytest_sfn_sync.tasks.lambda_exits import EXIT_ERROR, exit_message
from pytest_sfn_sync.tasks.lambda_marshalling import LambdaRuntimeError
from pytest_sfn_sync.tasks.resources import FunctionName

# Assumption: the longest time that Lambda allows. Virtual time does not pass inside a handler.
_REMAINING_MILLISECONDS: Final = 900_000

# Assumption: if a test gave no time, a function that times out had Lambda's default timeout of 3 seconds.
_TIMEOUT_MICROSECONDS: Final = 3_000_000

# The size that an envelope adds to the text of its payload: about 850 bytes, and no part of it grows.
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
        """Return the milliseconds before Lambda would end the function: always 900,000."""
        return _REMAINING_MILLISECONDS

    def __repr__(self) -> str:
        return f"LambdaContext(invoked_function_arn={self.invoked_function_arn!r})"


def event_of(payload: JSON) -> JSON:
    """Return the event of a function that is called by ``lambda:invoke``."""
    # Recorded: a function that is invoked with a Payload of null gets {}. Assumption: so does one without a Payload.
    event = payload.get("Payload") if isinstance(payload, dict) else None
    return {} if event is None else event


def answers_before_the_end(payload: JSON) -> bool:
    """Return whether Lambda answers the parameters of ``lambda:invoke`` before the function has ended.

    Documented: an error of the function is not seen by the state then.
    """
    return isinstance(payload, dict) and payload.get("InvocationType") in ("Event", "DryRun")


def is_of_lambda(error: str) -> bool:
    """Return whether an error is one of the service itself, which refuses the call, and not one of the function."""
    return error.startswith(("Lambda.", "States."))


def envelope(
    result: JSON, *, payload: JSON, called: FunctionName | None, random: Random, at_microseconds: int
) -> tuple[JSON, int]:
    """Return the result of ``lambda:invoke`` for a function's result, and the greatest size in bytes of its text.

    Recorded: the order of the keys.
    """
    if answers_before_the_end(payload):
        # Assumption: 202 and 204, and no payload.
        status, result, length = (202 if payload["InvocationType"] == "Event" else 204), "", 0
    else:
        # Recorded: the length of the Python runtime's own text, which has spaces.
        text = python_text(result)
        status, length = 200, len(text) if text.isascii() else len(text.encode(errors="replace"))
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


@lru_cache(maxsize=64)
def _date_and_trace_root(second: int) -> tuple[list[str], str]:
    return [format_datetime(EPOCH + timedelta(seconds=second), usegmt=True)], f"Root=1-{second:08x}-"


@lru_cache(maxsize=1024)
def _header(value: int | str) -> list[str]:
    """Return a header's values; envelopes share the list, as documents are never changed."""
    return [str(value)]


def failure_of(exception: BaseException, *, compact: bool, random: Random) -> tuple[str, str]:
    """Return the error and the cause for an exception: its class name, and the JSON text of Lambda's Python runtime.

    ``compact`` is for ``lambda:invoke``. Recorded: it writes that JSON again without spaces, while the cause for a
    direct ARN is the runtime's own text.
    """
    request_id = random_uuid(random)
    if not isinstance(exception, Exception):
        # The Python runtime has ended, so the sandbox reports the error.
        return EXIT_ERROR, sandbox_report(EXIT_ERROR, exit_message(exception, request_id))
    from_runtime = isinstance(exception, LambdaRuntimeError)
    error_type = exception.error_type if isinstance(exception, LambdaRuntimeError) else type(exception).__name__
    report: dict[str, Any] = {
        "errorMessage": text_of_exception(exception),
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": [] if from_runtime else stack_trace(exception),
    }
    # Assumption: characters outside ASCII are not escaped, as in the Python runtimes since 3.12.
    return error_type, (compact_text if compact else python_text)(report)


def sandbox_report(error_type: str, message: str) -> str:
    """Return Lambda's report for a function whose process has ended, or was ended."""
    return compact_text({"errorType": error_type, "errorMessage": message})


def document_of_payload(text: str) -> JSON:
    """Return the payload of a response. Recorded: a text that is not JSON is the payload itself."""
    try:
        return parse_json(text)
    except JSONTextError:
        return text


def error_of_payload(text: str) -> tuple[str, str]:
    """Return the error and the cause of a function that failed with this payload.

    Assumption: the cause is the runtime's report without changes, as recorded for functions called by their ARN.
    Recorded: the error and the cause for a payload that names no type of error.
    """
    document = document_of_payload(text)
    error_type = document.get("errorType") if isinstance(document, dict) else None
    if error_type:
        return str(error_type), text
    return "Lambda.Unknown", unknown_cause(text)


def unknown_cause(payload_text: str) -> str:
    """Return the cause of ``Lambda.Unknown``. Recorded: its text, for a payload that names no type of error."""
    return (
        "The cause could not be determined because Lambda did not return an error type. "
        f"Returned payload: {payload_text}"
    )


def cause_of_lambda_name(name: str, *, takes: int, at_microseconds: int, random: Random) -> str | None:
    """Return the cause of a Lambda error for which a test gave only the name; None for names without a cause.

    Recorded: the cause of a function that timed out, from the time when Lambda named no error type. Measured: the
    causes that Lambda's sandbox gives today.
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
    """Return the frames of the handler in the runtime's form; none if the exception was not raised in a handler."""
    frames: list[tuple[str, int, str]] = []
    at = exception.__traceback__
    while at is not None:
        code, line = at.tb_frame.f_code, at.tb_lineno
        if not code.co_filename.startswith(_OWN_FOLDER):
            linecache.lazycache(code.co_filename, at.tb_frame.f_globals)
            frames.append((code.co_filename, line or 0, code.co_name))
        at = at.tb_next
    return list(_formatted(tuple(frames)))


_OWN_FOLDER: Final = __file__.rpartition("lambda_functions")[0]


@lru_cache(maxsize=256)
def _formatted(frames: tuple[tuple[str, int, str], ...]) -> list[str]:
    """Return frames as text, once for those of one place: reading lines takes a third of the time of a failing task."""
    # The frames are tuples without columns, as the runtime's frames have no lines of carets.
    return traceback.format_list([(file, line, name, linecache.getline(file, line)) for file, line, name in frames])
