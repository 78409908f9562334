"""Errors that a test injects because no machine can produce them: KMS, throttling, access denied.

Their arguments are checked when they are injected: the code, the number of times, the state of the KMS key. They are
answered in the order in which they were injected. Only the machine's ARN is read from the request before that, so the
machine need not be registered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from threading import Lock
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.service.arns import names_machine
from pytest_sfn_sync.service.errors import COMMON_ERRORS, ERRORS, KMS_KEY_STATES, MODELLED_ERRORS, ServiceError
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.shown_text import shown_value

_COLONS_BEFORE_QUALIFIER: Final = 7
_RESOURCES: Final = {
    "CreateActivity": "activity:{name}",
    "CreateStateMachine": "stateMachine:{name}",
    "ListActivities": "activity:*",
    "ListStateMachines": "stateMachine:*",
}
_REASONS: Final = {"InvalidArn": "Invalid ARN prefix: {arn}", "InvalidExecutionInput": "Invalid execution input."}


class InjectedError:
    """One injected error: it is answered at most ``times`` times (None: always), and ``answered`` counts these."""

    __slots__ = ("answered", "code", "kms_key_state", "machine", "message", "operation", "optional", "times")

    def __init__(
        self,
        code: str,
        *,
        message: str | None,
        machine: str | None,
        operation: str | None,
        times: int | None,
        kms_key_state: str | None,
        optional: bool = False,
    ) -> None:
        self.optional = optional
        self.code = code
        self.message = message
        self.machine = machine
        self.operation = operation
        self.times = times
        self.kms_key_state = kms_key_state
        self.answered = 0

    @property
    def is_used_up(self) -> bool:
        """True if it was answered as often as ``times`` allows."""
        return self.times is not None and self.answered >= self.times

    def covers(self, operation: str, arn: str, modelled: Collection[str]) -> bool:
        """Report whether it is for a request; ``modelled`` are the codes that the operation declares.

        Without an operation of its own, it is for all operations that may answer with its code.
        """
        if self.operation is None:
            if self.code not in COMMON_ERRORS and self.code not in modelled:
                return False
        elif self.operation != operation:
            return False
        return self.machine is None or names_machine(arn, self.machine)

    def error_for(self, operation: str, arn: str, *, account_id: str, name: str) -> ServiceError:
        """Return the error for a request; without a message of the test, its text is AWS's."""
        template, status = ERRORS[self.code]
        message = self.message
        if message is None:
            message = template.format(
                arn=arn,
                name=name,
                account_id=account_id,
                reason=_REASONS.get(self.code, "").format(arn=arn),
                kms_key_state=self.kms_key_state,
                operation=operation,
                output="",
            )
        members = {} if self.kms_key_state is None else {"kmsKeyState": self.kms_key_state}
        return ServiceError(self.code, message, status, members)

    def __repr__(self) -> str:
        where = "" if self.operation is None else f" in {self.operation}"
        where += "" if self.machine is None else f" for {self.machine}"
        times = "always" if self.times is None else f"at most {shown_value(self.times)}x"
        return f"<InjectedError {self.code}{where}, {times}, answered {self.answered}x>"


class InjectedErrors:
    """The injected errors of one service; ``pending`` has those still to be answered, in order; ``added`` has all.

    ``outer`` has those of the fake around this one, which are answered after its own.
    """

    __slots__ = ("_lock", "added", "outer", "pending")

    def __init__(self) -> None:
        self.outer: InjectedErrors | None = None
        self.pending: list[InjectedError] = []
        self.added: list[InjectedError] = []
        self._lock = Lock()  # Several threads of the code under test may call, and ``times`` must hold for all of them.

    def add(
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
        """Add an error for the next calls; raise MockError for arguments that make no sense on AWS."""
        check_code(code, "inject_error", operation)
        _check_times(code, times)
        if code == "KmsInvalidStateException":
            kms_key_state = "DISABLED" if kms_key_state is None else kms_key_state
        _check_kms_key_state(code, kms_key_state)
        if "{reason}" in ERRORS[code].template and code not in _REASONS and message is None:
            raise MockError(
                f"inject_error({shown_value(code)}) needs a message=: AWS's text says what is wrong in the request."
            )
        target = machine.arn if isinstance(machine, RegisteredMachine) else machine
        injected = InjectedError(
            code,
            message=message,
            machine=target,
            operation=operation,
            times=times,
            kms_key_state=kms_key_state,
            optional=optional,
        )
        self.pending.append(injected)
        self.added.append(injected)
        return injected

    def unused(self) -> list[InjectedError]:
        """Return the errors that were never answered, except for those that are optional."""
        return [injected for injected in self.added if not injected.answered and not injected.optional]

    def error_of_absent_machines(self, machines: Callable[[], Iterable[RegisteredMachine]]) -> MockError | None:
        """Return the error for injected errors that were never answered, and that are for none of the machines.

        ``machines`` is called only if an injected error has to be checked.
        """
        idle = [injected for injected in self.unused() if injected.machine is not None]
        if not idle:
            return None
        names = {machine.arn: machine.name for machine in machines()}
        faults = []
        for injected in idle:
            machine = str(injected.machine)
            unqualified = machine if machine.count(":") < _COLONS_BEFORE_QUALIFIER else machine.rpartition(":")[0]
            if names and not {machine, unqualified} & {*names, *names.values()}:
                near = nearest_first(machine, names if ":" in machine else names.values())[:3]
                faults.append(
                    f"{injected!r}: no machine of that name or ARN is registered. "
                    f"Nearest: {', '.join(map(repr, near))}."
                )
        if not faults:
            return None
        remedy = "Correct the machine, or write optional=True at an error that not every test needs."
        return MockError("\n".join([*faults, remedy]))

    def clear(self) -> None:
        """Remove all errors."""
        self.pending.clear()
        self.added.clear()

    def raise_first(
        self, operation: str, request: Request, modelled: Collection[str], account_id: str, region: str
    ) -> None:
        """Raise the first error for a request, if there is one; ``modelled`` are the codes of its operation."""
        arn = _resource_of(operation, request, account_id, region)
        with self._lock:
            injected = self._take_first(operation, arn, modelled)
        if injected is not None:
            raise injected.error_for(operation, arn, account_id=account_id, name=str(request.get("name", "")))
        if self.outer is not None:
            self.outer.raise_first(operation, request, modelled, account_id, region)

    def _take_first(self, operation: str, arn: str, modelled: Collection[str]) -> InjectedError | None:
        for injected in self.pending:
            if injected.covers(operation, arn, modelled):
                injected.answered += 1
                if injected.is_used_up:
                    self.pending.remove(injected)
                return injected
        return None


def _resource_of(operation: str, request: Request, account_id: str, region: str) -> str:
    """Return the ARN of the resource of a request, as the text of a refused access has it.

    Documented: the kinds of resources. Assumption: operations without a resource have ``*``.
    """
    resource = _RESOURCES.get(operation)
    if resource is not None:
        prefix = f"arn:{partition_of(region)}:states:{region}:{account_id}"
        return f"{prefix}:{resource.format(name=request.get('name', ''))}"
    if operation == "CreateStateMachineAlias":
        version = str(next(iter(request.get("routingConfiguration") or [{}])).get("stateMachineVersionArn", ""))
        return version.rpartition(":")[0]
    arns = (str(value) for name, value in request.items() if name.endswith("Arn") and name != "roleArn")
    return next(arns, "*")


def check_code(code: Any, caller: str, operation: str | None = None) -> None:
    """Raise MockError for a code with which no operation, or not this one, ever answers."""
    declared: Collection[str] = MODELLED_ERRORS
    known: Collection[str] = ERRORS
    given = shown_value(code)
    if operation is not None:
        # Imported only here, because it reads botocore's model.
        from pytest_sfn_sync.service.operation_models import codes_of, operation_names

        given = f"{shown_value(code)}, operation={shown_value(operation)}"
        codes = codes_of(operation)
        if codes is None:
            near = ", ".join(nearest_first(str(operation), operation_names())[:3])
            raise MockError(f"{caller}({given}): Step Functions has no such operation. Nearest: {near}.")
        declared = sorted(codes)
        known = [*declared, *COMMON_ERRORS]
    if isinstance(code, str) and code in known:
        return
    near = ", ".join(nearest_first(str(code), known)[:3])
    raise MockError(
        f"{caller}({given}): {operation or 'Step Functions'} has no such error. Nearest: {near}. "
        f"{operation or 'StartSyncExecution'} has {', '.join(declared)}, and the errors common to all operations."
    )


def _check_times(code: str, times: Any) -> None:
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise MockError(
            f"inject_error({shown_value(code)}, times={shown_value(times)}): give a whole number from 1, or None "
            "for always."
        )


def _check_kms_key_state(code: str, kms_key_state: Any) -> None:
    if kms_key_state is None:
        return
    if code != "KmsInvalidStateException":
        raise MockError(
            f"inject_error({shown_value(code)}, kms_key_state={shown_value(kms_key_state)}): "
            "only KmsInvalidStateException has a key state."
        )
    if kms_key_state not in KMS_KEY_STATES:
        raise MockError(
            f"inject_error({shown_value(code)}, kms_key_state={shown_value(kms_key_state)}): "
            f"a key state is one of {', '.join(KMS_KEY_STATES)}."
        )
