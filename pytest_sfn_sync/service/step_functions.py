"""The object that answers for Step Functions: a request body in, a response or an error as on the wire out.

It picks the operation, lets injected errors come first, and wraps what comes out. An operation that it does not know is
never answered by accident.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.runtime import InvokeTask
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import OptionError, SfnSyncUsageError, UnsupportedOperationError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.registry import Registry, StateMachine
from pytest_sfn_sync.service.errors import ServiceError
from pytest_sfn_sync.service.injected_errors import InjectedError, InjectedErrors
from pytest_sfn_sync.service.requests import Request, decode_request
from pytest_sfn_sync.service.start_sync_execution import StartSyncExecution

UNSUPPORTED_OPERATIONS: Final = ("raise", "pass")

_CONTENT_TYPE: Final = "application/x-amz-json-1.0"
_NO_HEADERS: Final[Mapping[str, str]] = {}

_encode = json.JSONEncoder(separators=(",", ":")).encode


class WireResponse(NamedTuple):
    """An HTTP response: header names are in lower case, the body is JSON in UTF-8."""

    status: int
    headers: dict[str, str]
    body: bytes


class StepFunctions:
    """Step Functions as far as it is answered here: StartSyncExecution.

    ``registry`` has the machines; ``invoke_task`` is asked once for each execution, with the machine and the test case
    that the call named by ``#Case``, for the callable that does the work of its tasks; ``has_test_case`` is asked
    whether a machine has such a case; ``now`` gives microseconds since the epoch on the virtual clock; ``random`` is
    the source of every generated id; ``on_execution`` gets each execution as it ends, before the client gets its
    response, with the call of the task that started it, if one did.

    ``unsupported_operations`` says what becomes of any other operation: ``"raise"`` (a usage error) or ``"pass"`` (the
    call goes on as if there were no fake). ``notes`` gathers hints for a failure report; ``usage_errors`` those usage
    errors that went out through a call, in case the code under test swallows them.
    """

    def __init__(
        self,
        *,
        registry: Registry,
        invoke_task: Callable[[StateMachine, str | None], InvokeTask],
        now: Callable[[], int],
        random: Random,
        on_execution: Callable[[Execution, TaskCall | None], None],
        has_test_case: Callable[[StateMachine, str], bool] = lambda machine, case: False,
        unsupported_operations: str = "raise",
    ) -> None:
        if unsupported_operations not in UNSUPPORTED_OPERATIONS:
            raise OptionError(f"unsupported_operations={unsupported_operations!r}: write 'raise' or 'pass'.")
        self.registry = registry
        self.notes: list[str] = []
        self.usage_errors: list[SfnSyncUsageError] = []
        self.injected_errors = InjectedErrors()
        self._unsupported_operations = unsupported_operations
        self._now = now
        self._random = random
        self._date = (-1, "")
        self.start_sync_execution = StartSyncExecution(
            registry=registry,
            invoke_task=invoke_task,
            has_test_case=has_test_case,
            now=now,
            random=random,
            on_execution=on_execution,
            notes=self.notes,
        )
        self._operations: dict[str, Callable[[Request, Mapping[str, str]], dict[str, Any]]] = {
            "StartSyncExecution": self.start_sync_execution.answer,
        }

    def inject_error(
        self,
        code: str,
        *,
        message: str | None = None,
        machine: str | StateMachine | None = None,
        times: int | None = 1,
        kms_key_state: str | None = None,
    ) -> InjectedError:
        """Have the next calls refused with an error of AWS that no machine can produce by itself.

        ``machine`` (a name, an ARN or a `StateMachine`, which need not be registered) limits it to calls for that one;
        ``times=None`` is for always; ``kms_key_state`` belongs to KmsInvalidStateException (default ``DISABLED``).
        Errors are answered in the order in which they were given, in AWS's words where there is no ``message``.
        ``times`` counts requests, as AWS sees them: a client that retries by itself uses one up with each attempt.

        Raises MockError for a code that StartSyncExecution never answers with, and for arguments that make no sense.
        """
        return self.injected_errors.add(
            code, message=message, machine=machine, times=times, kms_key_state=kms_key_state
        )

    def answer(
        self, operation: str, body: bytes | str, headers: Mapping[str, str] = _NO_HEADERS
    ) -> WireResponse | None:
        """Answer a call by its operation's name and its serialised body; None lets the call go on elsewhere.

        Of the request's ``headers`` only X-Amzn-Trace-Id matters, in any case of its letters. Raises a usage error
        where the test is at fault, and whatever a task handler lets through.
        """
        operate = self._operations.get(operation)
        if operate is None:
            self._decline(operation)
            return None
        try:
            request = decode_request(body)
            if self.injected_errors.pending:
                self.injected_errors.raise_first(request, self.registry.account_id)
            return self._on_wire(200, _encode(operate(request, headers)).encode())
        except ServiceError as error:
            return self._on_wire(error.status, error.body())
        except SfnSyncUsageError as error:
            self.usage_errors.append(error)
            raise

    def note_retried(self, operation: str, code: str) -> None:
        """Note that a client retried after an error by itself, with success: whoever called it saw no error."""
        note = (
            f"The client retried {operation} after {code} by itself, as it does on AWS, and succeeded: its caller saw "
            "no error. times=None injects the error into every attempt."
        )
        if note not in self.notes:
            self.notes.append(note)

    def _decline(self, operation: str) -> None:
        if self._unsupported_operations == "pass":
            return
        error = UnsupportedOperationError(
            f"The code under test called {operation} of Step Functions, which this fake does not answer "
            f"(it answers {', '.join(self._operations)}). Keep the call out of the test, stub it on its client, or let "
            "it go on to whatever comes next, such as moto or AWS itself, with unsupported_operations='pass'."
        )
        self.usage_errors.append(error)
        raise error

    def _on_wire(self, status: int, body: bytes) -> WireResponse:
        headers = {
            "x-amzn-requestid": random_uuid(self._random),
            "date": self._http_date(),
            "content-type": _CONTENT_TYPE,
            "content-length": str(len(body)),
        }
        return WireResponse(status, headers, body)

    def _http_date(self) -> str:
        second = self._now() // 1_000_000
        if self._date[0] != second:  # formatting it anew for each call would cost more than the rest of the headers
            self._date = (second, _format_http_date(second))
        return self._date[1]


def _format_http_date(second: int) -> str:
    moment = time.gmtime(second)
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.tm_wday]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.tm_mon - 1]
    return (
        f"{weekday}, {moment.tm_mday:02} {month} {moment.tm_year} "
        f"{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02} GMT"
    )
