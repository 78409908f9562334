"""The object that answers for Step Functions: it takes the body of a request and returns a response as on the wire.

It finds the operation, raises injected errors first, and encodes the response. An operation that it does not know is
never answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_sfn_sync.asl.json_text import body_of
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.runtime import InvokeTask
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.defaults import DEFAULT_WORK_BUDGET
from pytest_sfn_sync.errors import OptionError, SfnSyncUsageError, UnsupportedOperationError
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.internal_errors import internal_error
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.service.errors import MODELLED_ERRORS, ServiceError
from pytest_sfn_sync.service.injected_errors import InjectedError, InjectedErrors
from pytest_sfn_sync.service.requests import decode_request
from pytest_sfn_sync.service.start_sync_execution import StartSyncExecution
from pytest_sfn_sync.shown_text import shown_value

if TYPE_CHECKING:
    from pytest_sfn_sync.service.account import Account

UNSUPPORTED_OPERATIONS: Final = ("raise", "pass")

_START_SYNC_EXECUTION: Final = "StartSyncExecution"
_CONTENT_TYPE: Final = "application/x-amz-json-1.0"
_NO_HEADERS: Final[Mapping[str, str]] = {}


class WireResponse(NamedTuple):
    """An HTTP response; header names are in lower case, and the body is JSON in UTF-8."""

    status: int
    headers: dict[str, str]
    body: bytes


class StepFunctions:
    """The operations of Step Functions, which are answered over one account.

    ``registry`` has the machines. ``invoke_task`` is called once for each execution, with the machine and the test case
    of the call (``#Case``), and returns the callable that runs its tasks. ``has_test_case`` returns whether a machine
    has a test case. ``now`` returns microseconds since the epoch on the virtual clock. ``random`` is the source of all
    generated ids. ``on_execution`` is called with each execution that ends, before the client gets the response. Its
    second argument is the call of the task that started the execution, or None.

    ``unsupported_operations`` is for operations that are not known here, such as those of a newer botocore: ``"raise"``
    raises a usage error, ``"pass"`` lets the call go on as if there were no fake. ``notes`` collects hints for failure
    reports. ``usage_errors`` collects the usage errors that calls raised, because the code under test may swallow them.
    ``work_budget`` is the most steps that the expressions of one execution may take.
    """

    def __init__(
        self,
        *,
        registry: Registry,
        invoke_task: Callable[[RegisteredMachine, str | None], InvokeTask],
        now: Callable[[], int],
        random: Random,
        on_execution: Callable[[Execution, TaskCall | None], None],
        has_test_case: Callable[[RegisteredMachine, str], bool] = lambda machine, case: False,
        unsupported_operations: str = "raise",
        work_budget: int = DEFAULT_WORK_BUDGET,
    ) -> None:
        if unsupported_operations not in UNSUPPORTED_OPERATIONS:
            raise OptionError(f"unsupported_operations={shown_value(unsupported_operations)}: write 'raise' or 'pass'.")
        self.registry = registry
        self.notes: list[str] = []
        self.usage_errors: list[SfnSyncUsageError] = []
        self.injected_errors = InjectedErrors()
        self._unsupported_operations = unsupported_operations
        self._now = now
        self._random = random
        self.start_sync_execution = StartSyncExecution(
            registry=registry,
            invoke_task=invoke_task,
            has_test_case=has_test_case,
            now=now,
            random=random,
            on_execution=on_execution,
            note=partial(_note, self.notes),
            work_budget=work_budget,
        )
        self._account: Account | None = None
        self._outer: StepFunctions | None = None

    @property
    def account(self) -> Account:
        """The account; it is made at the first use, because tests of StartSyncExecution don't need it."""
        if self._account is None:
            from pytest_sfn_sync.service.account import Account

            self._account = Account(
                registry=self.registry, start=self.start_sync_execution, now=self._now, random=self._random
            )
            self._account.outer = None if self._outer is None else self._outer.account
        return self._account

    def nest(self, outer: StepFunctions | None) -> None:
        """Look in the account of another fake for what this one does not have; None ends it."""
        self._outer = outer
        self.injected_errors.outer = None if outer is None else outer.injected_errors
        if self._account is not None:
            self._account.outer = None if outer is None else outer.account

    def stop(self) -> None:
        """Let no execution go on any more."""
        if self._account is not None:
            self._account.timeline.clock.has_stopped = True

    def clear(self) -> None:
        """Remove the injected errors, and what the account has besides its machines."""
        self.stop()
        self.injected_errors.clear()
        self._account = None

    def inject_error(
        self,
        code: str,
        *,
        message: str | None = None,
        machine: str | RegisteredMachine | None = None,
        operation: str | None = None,
        times: int | None = 1,
        kms_key_state: str | None = None,
        optional: bool = False,
    ) -> InjectedError:
        """Answer the next calls with an error of AWS that no machine can produce by itself.

        ``machine`` (a name, an ARN or a `RegisteredMachine`) limits the error to calls for that machine, which need not
        be registered. ``times=None`` means always. ``kms_key_state`` is only for KmsInvalidStateException (default
        ``DISABLED``). Errors are answered in the order in which they were injected. Without ``message``, the text is
        AWS's. ``times`` counts requests, as AWS does: each attempt of a client that retries by itself is one.

        ``operation`` limits the error to one operation; without it, the error is for all operations that declare it. An
        error that is ``optional`` is never reported as unused.

        Raise MockError for a code that no operation answers with, and for arguments that make no sense.
        """
        return self.injected_errors.add(
            code,
            message=message,
            machine=machine,
            operation=operation,
            times=times,
            kms_key_state=kms_key_state,
            optional=optional,
        )

    def answer(
        self,
        operation: str,
        body: bytes | str,
        headers: Mapping[str, str] = _NO_HEADERS,
        model: Any = None,
        region: str | None = None,
    ) -> WireResponse | None:
        """Answer a call by its operation's name and its serialised body; return None if the fake does not answer it.

        ``model`` is botocore's model of the operation; only StartSyncExecution is answered without it. Only the header
        X-Amzn-Trace-Id is read, in upper or lower case. ``region`` is that of the client, which finds nothing in other
        regions; None is the fake's region. Raise a usage error for a mistake in the test, and any exception that a task
        handler does not catch.
        """
        operate = None
        if operation != _START_SYNC_EXECUTION:
            # Imported only here, so that tests of StartSyncExecution don't import the other operations.
            from pytest_sfn_sync.service.operations import OPERATIONS

            operate = OPERATIONS.get(operation)
            if operate is None:
                self._decline(operation, OPERATIONS)
                return None
        try:
            request = decode_request(body)
            if self.injected_errors.pending or self.injected_errors.outer is not None:
                declared = MODELLED_ERRORS if model is None else [error.error_code for error in model.error_shapes]
                of_client = self.registry.region if region is None else region
                self.injected_errors.raise_first(operation, request, declared, self.registry.account_id, of_client)
            if operate is None:
                response = self.start_sync_execution.answer(request, headers, region)
            else:
                from pytest_sfn_sync.service.constraints import check_request

                check_request(request, model.input_shape)
                account = self.account if region is None else self.account.in_region(region)
                response = operate(account, request)
            return self._on_wire(200, body_of(response))
        except ServiceError as error:
            return self._on_wire(error.status, error.body())
        except SfnSyncUsageError as error:
            self.usage_errors.append(error)
            raise
        except Exception as error:
            found = internal_error(operation, error)
            if found is None:
                raise
            self.usage_errors.append(found)
            raise found from error

    def note_retried(self, operation: str, code: str) -> None:
        """Record a note that a client retried after an error by itself and succeeded, so its caller saw no error."""
        note = (
            f"The client retried {operation} after {code} by itself, as it does on AWS, and succeeded. Its caller saw "
            "no error. times=None injects the error into every attempt."
        )
        self.note(note)

    def note(self, note: str) -> None:
        """Record a hint for failure reports, once."""
        _note(self.notes, note)

    def _decline(self, operation: str, known: Iterable[str]) -> None:
        if self._unsupported_operations == "pass":
            return
        nearest = ", ".join(nearest_first(operation, sorted([_START_SYNC_EXECUTION, *known]))[:3])
        error = UnsupportedOperationError(
            f"The code under test called {operation} of Step Functions, an operation that this fake does not know "
            f"(nearest: {nearest}). Keep the call out of the test, stub it on its client, or let it go on to moto or "
            "to AWS itself with unsupported_operations='pass'."
        )
        self.usage_errors.append(error)
        raise error

    def _on_wire(self, status: int, body: bytes) -> WireResponse:
        headers = {
            "x-amzn-requestid": random_uuid(self._random),
            "date": _http_date(self._now() // 1_000_000),
            "content-type": _CONTENT_TYPE,
            "content-length": str(len(body)),
        }
        return WireResponse(status, headers, body)


def _note(notes: list[str], note: str) -> None:
    """Record a hint for failure reports, once; no method, so that no circle of objects keeps a fake in memory."""
    if note not in notes:
        notes.append(note)
    recorders.add_note(note)


@lru_cache(maxsize=16)  # Formatting it for each call would cost more than all other headers.
def _http_date(second: int) -> str:
    moment = time.gmtime(second)
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.tm_wday]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.tm_mon - 1]
    return (
        f"{weekday}, {moment.tm_mday:02} {month} {moment.tm_year} "
        f"{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02} GMT"
    )
