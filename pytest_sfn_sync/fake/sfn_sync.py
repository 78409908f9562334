"""`SfnSync`: the fake that a test uses. It registers machines, mocks tasks, and keeps the executions.

While its ``with`` block runs, it answers the calls of all Step Functions clients in this process. If several blocks are
nested, the innermost fake answers; `layers` links it to the fakes around it. Calls reach it through `botocore_hook`,
and `service` answers them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn
from weakref import ref

from pytest_sfn_sync import botocore_hook
from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION, DEFAULT_WORK_BUDGET
from pytest_sfn_sync.errors import MockError, SfnSyncUsageError
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.executions.assertions import ExpectedError, expect_service_error
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.fake import layers
from pytest_sfn_sync.fake.absent_states import error_of_absent_maps, error_of_absent_states
from pytest_sfn_sync.fake.configured_region import configured_region
from pytest_sfn_sync.fake.failure_listing import FailureListing
from pytest_sfn_sync.fake.history_use import HistoryUse
from pytest_sfn_sync.fake.kept_executions import KeptExecutions
from pytest_sfn_sync.fake.layers import NestedFake
from pytest_sfn_sync.fake.loaded_template import LoadedTemplate
from pytest_sfn_sync.fake.machines import StateMachine, runnable
from pytest_sfn_sync.fake.swallowed_errors import error_of_swallowed
from pytest_sfn_sync.fake.task_mocking import TaskMocking
from pytest_sfn_sync.fake.template_loading import TemplateLoading
from pytest_sfn_sync.fake.unused_mocks import error_of_unused
from pytest_sfn_sync.fake.waiting_tasks import WaitingTasks
from pytest_sfn_sync.internal_errors import with_public_doors
from pytest_sfn_sync.options import Options
from pytest_sfn_sync.registry import DefinitionSource, Registry
from pytest_sfn_sync.service.injected_errors import check_code
from pytest_sfn_sync.service.known_activities import KnownActivities
from pytest_sfn_sync.service.nested_executions import NestedExecutions
from pytest_sfn_sync.service.step_functions import StepFunctions
from pytest_sfn_sync.tasks.integrations.definition_checks import KNOWN_INTEGRATIONS
from pytest_sfn_sync.tasks.live_clients import LiveClients
from pytest_sfn_sync.tasks.made_clients import NO_CREDENTIALS, new_client
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.mocks import TaskMock
from pytest_sfn_sync.tasks.object_access import ObjectAccess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_sfn_sync.recorded_histories.recorded_history import RecordedHistory
    from pytest_sfn_sync.registry import RegisteredMachine
    from pytest_sfn_sync.service.account import Account
    from pytest_sfn_sync.service.injected_errors import InjectedError


@with_public_doors
class SfnSync(WaitingTasks, TaskMocking, TemplateLoading, HistoryUse, FailureListing):
    """A fake of Step Functions that answers clients within its ``with`` block.

    ``region`` and ``account_id`` are those of its machines. Without ``region``, it is the region that a client without
    arguments gets when the fake is made, or ``us-east-1``. ``start_time``, a datetime with a time zone or its text in
    ISO 8601, is the time on the virtual clock at which every execution starts; without it, executions start at the real
    time. ``seed`` makes
    generated ids, random intrinsics and jitter repeatable. ``assert_all_mocks_used`` reports, at the end of the block,
    the mocks that were never called; ``assert_no_pending`` reports the tasks that still wait for an answer.
    ``unsupported_operations="pass"`` passes operations that the fake does not know,
    such as those of a newer botocore, to moto or AWS. ``validate_mocks`` (``"strict"``, ``"present"`` or ``"none"``)
    sets how results of mocks are checked against botocore's service models. ``work_budget`` is the most steps that the
    expressions of one execution may take; one that takes more is a usage error.

    ``executions`` has all executions in the order in which they ended. ``templates`` has the loaded templates, each
    with its machines by logical id. ``histories`` has the recorded executions that `use_history` returned.
    ``usage_errors`` has the usage errors that were raised in calls. If the code under test swallowed one of them, it is
    raised again at the end of the block. A test that expects one clears the list.

    Blocks may be nested, also as fixtures of several scopes. The innermost fake answers, and keeps the executions and
    the usage errors. It knows the machines of the fakes around it. A task that none of its own mocks and clients
    answers is answered by those of the next fake around it, however specific they are. A machine hides one of the same
    ARN in a fake around it. The fakes are those of the whole process, so two threads share them.
    """

    def __init__(
        self,
        *,
        region: str | None = None,
        account_id: str = DEFAULT_ACCOUNT_ID,
        start_time: datetime | str | None = None,
        seed: int | str | None = None,
        assert_all_mocks_used: bool = False,
        assert_no_pending: bool = False,
        unsupported_operations: str = "raise",
        validate_mocks: str = "present",
        work_budget: int = DEFAULT_WORK_BUDGET,
    ) -> None:
        self._set_up(
            Options(
                region=region,
                account_id=account_id,
                start_time=start_time,
                seed=seed,
                assert_all_mocks_used=assert_all_mocks_used,
                assert_no_pending=assert_no_pending,
                unsupported_operations=unsupported_operations,
                validate_mocks=validate_mocks,
                work_budget=work_budget,
            )
        )

    @classmethod
    def _of(cls, options: Options, region: str | None = None) -> SfnSync:
        """Return a fake with options that are complete and already checked, such as the plugin's."""
        fake = cls.__new__(cls)
        fake._set_up(options, region)
        return fake

    def _set_up(self, options: Options, region: str | None = None) -> None:
        self.options = options
        self._region = region or options.region or configured_region() or DEFAULT_REGION
        self._phase = "new"
        self._was_around_another = False
        self.executions: list[Execution] = []
        self.templates: list[LoadedTemplate] = []
        self.histories: list[RecordedHistory] = []
        self._standard_executions: list[Execution] = []
        self._children: dict[int, list[Execution]] = {}
        self._random = Random(options.seed)
        self._mock_table = MockTable(random=self._random, validate_mocks=options.validate_mocks)
        now = options.clock()
        self._registry = Registry(
            region=self._region, account_id=options.account_id, now=now, integrations=KNOWN_INTEGRATIONS
        )
        self._service = StepFunctions(
            registry=self._registry,
            invoke_task=self._mock_table.invoker,
            has_test_case=self._mock_table.mock_configs.has_test_case,
            now=now,
            random=self._random,
            on_execution=KeptExecutions(self.executions, self._standard_executions, self._children).keep,
            unsupported_operations=options.unsupported_operations,
            work_budget=options.work_budget,
        )
        self._registry.make_machine = partial(StateMachine, runner=ref(self))
        self._live_clients = LiveClients(region=self._region, random=self._random)
        nested = NestedExecutions(service=self._service, random=self._random)
        self._object_access = ObjectAccess(self._live_clients, self._random)
        self._service.start_sync_execution.map_objects = self._object_access
        self._mock_table.clients.append(self._live_clients)
        self._mock_table.unmocked.append(nested)
        self._mock_table.check_activity = KnownActivities(self._service)

    @property
    def last_execution(self) -> Execution:
        """The execution that ended last; raise SfnSyncUsageError if no execution has ended."""
        if not self.executions:
            hints = "".join(f"\n{note}" for note in self.notes)
            raise SfnSyncUsageError(f"No execution has run yet.{hints}")
        return self.executions[-1]

    @property
    def machines(self) -> list[StateMachine]:
        """The machines that are registered in this fake, in the order of their registration."""
        return list(map(runnable, self._registry.own))

    def _account_for(self, method: str) -> Account:
        self._refuse_after_the_end(method)
        return self._service.account

    @property
    def mocks(self) -> list[TaskMock]:
        """The mocks, in the order in which they were added."""
        return list(self._mock_table.mocks)

    @property
    def notes(self) -> list[str]:
        """Remarks about refused calls, such as the names that are nearest to a machine that was not found."""
        return self._service.notes

    @property
    def usage_errors(self) -> list[SfnSyncUsageError]:
        """The usage errors that were raised in calls; clear it in a test that expects one."""
        return self._service.usage_errors

    def register(
        self,
        name: str,
        definition: DefinitionSource,
        *,
        type: str = "EXPRESS",
        role_arn: str | None = None,
        region: str | None = None,
        account_id: str | None = None,
        substitutions: Mapping[str, Any] | None = None,
        replace: bool = False,
    ) -> StateMachine:
        """Register a state machine and return it; its ``arn`` is the one to pass to the client.

        ``definition`` is a dict, JSON or YAML text, or the path of a JSON or YAML file. ``type`` is ``"EXPRESS"`` or
        ``"STANDARD"``; StartSyncExecution refuses ``"STANDARD"``, as AWS does. ``substitutions`` has the values of
        ``${Name}`` placeholders. ``replace=True`` updates a machine of the same name.

        Raise DefinitionError with every fault in the definition and its location.
        """
        self._refuse_after_the_end("register")
        check_arguments("register", role_arn=role_arn, region=region, account_id=account_id, replace=replace)
        machine = self._registry.register(
            name,
            definition,
            type=type,
            role_arn=role_arn,
            region=region,
            account_id=account_id,
            substitutions=substitutions,
            replace=replace,
        )
        return runnable(machine)

    def inject_error(
        self,
        code: str,
        *,
        message: str | None = None,
        machine: str | StateMachine | None = None,
        operation: str | None = None,
        times: int | None = 1,
        kms_key_state: str | None = None,
        optional: bool = False,
    ) -> InjectedError:
        """Refuse the next calls with a service error that no machine produces by itself: throttling, KMS or access.

        ``code`` is the error's code and ``message`` its text. ``times`` is the number of requests to refuse; None
        refuses all. A retry by the client is a request of its own. If botocore retries after the error, the code under
        test sees it only if ``times`` is at least the number of the client's attempts. ``machine`` limits the error to
        the calls for one machine. ``operation`` limits it to one operation, such as ``"StartExecution"``; without it,
        the error is for all operations that may answer with it. ``kms_key_state`` is for KmsInvalidStateException only.
        ``optional=True`` is for an error that not every test needs: it is never reported as unused.

        Raise MockError for a code with which Step Functions, or the operation, never answers.
        """
        self._refuse_after_the_end("inject_error")
        check_arguments(
            "inject_error", code=code, message=message, operation=operation, machine=machine, optional=optional
        )
        return self._service.inject_error(
            code,
            message=message,
            machine=machine,
            operation=operation,
            times=times,
            kms_key_state=kms_key_state,
            optional=optional,
        )

    def raises(self, code: str, *, match: str | None = None) -> AbstractContextManager[ExpectedError]:
        """Expect a block to end with botocore's exception for a service error, such as ``StateMachineDoesNotExist``.

        ``match`` is a regular expression that is searched for in the error's message. Return a context manager. Its
        ``with`` statement binds an object whose ``value`` is the exception when the block has ended.

        Raise MockError for a code with which Step Functions never answers.
        """
        check_arguments("raises", code=code, match=match)
        check_code(code, "raises")
        return expect_service_error(code, match=match, notes=self.notes)

    def client(self, **kwargs: Any) -> Any:
        """Return a Step Functions client that needs no configuration: boto3's, or botocore's if boto3 is not installed.

        The arguments are those of ``boto3.client``. The region and the credentials have default values. The client
        never sends a request: outside of the ``with`` block its calls raise SfnSyncUsageError.
        """
        client = new_client("stepfunctions", **{"region_name": self._region, **NO_CREDENTIALS, **kwargs})
        botocore_hook.attach(client)
        botocore_hook.keep_from_network(client)
        return client

    def attach(self, client: Any) -> None:
        """Answer a client that the ``with`` block does not find by itself, such as a client of a vendored botocore."""
        check_arguments("attach", client=client)
        botocore_hook.attach(client)

    def reset(self) -> None:
        """Remove all machines, mocks, injected errors, executions and usage errors, as in a new fake."""
        self._refuse_after_the_end("reset")
        self._record_the_rest()
        self._registry.clear()
        self._mock_table.clear()
        self._live_clients.clear()
        self._object_access.mocks.clear()
        self._service.clear()
        self._random.seed(self.options.seed)
        for kept in (self.executions, self.templates, self.histories, self._children, self.notes, self.usage_errors):
            kept.clear()

    def __enter__(self) -> SfnSync:
        if self._phase != "new":
            self._refuse_second_entry()
        botocore_hook.install()
        layers.enter(self)
        botocore_hook.activate(self._service)
        self._phase = "active"
        return self

    def _nest(self, outer: NestedFake | None) -> None:
        """Use the machines, mocks, clients and injected errors of the fake around this one after its own."""
        fake = outer if isinstance(outer, SfnSync) else None
        if fake is not None:
            fake._was_around_another = True
        self._registry.outer = None if fake is None else fake._registry
        self._mock_table.nest(None if fake is None else fake._mock_table)
        self._object_access.outer = None if fake is None else fake._object_access
        self._service.nest(None if fake is None else fake._service)

    def _register_when_used(self, name: str, register: Callable[[], object]) -> None:
        """Register a machine by a function that is called when a call asks for the machine for the first time."""
        self._registry.register_when_used(name, register)

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        self._phase = "left"
        try:
            absent = self._error_of_absent_names() if exc is None else None
        finally:
            botocore_hook.deactivate(self._service)
            self._service.stop()
            layers.leave(self)
            self._record_the_rest()
        self._raise_usage_errors_again(exc)
        if exc is None and self.options.assert_no_pending:
            self._raise_pending_tasks()
        if exc is None and self.options.assert_all_mocks_used:
            self._raise_unused_mocks()
        if absent is not None:
            raise absent

    def _error_of_absent_names(self) -> MockError | None:
        """Return the error for mocks of states that no machine has, if an execution ran to its end.

        If there is none, return that for injected errors of machines that are not registered. Return None if there may
        be a state of that name in a machine of a template that could not be registered.
        """
        ran = [execution.machine for execution in self.executions if execution.status != "ABORTED"]
        if any(template.broken for template in self.templates):
            return None
        if self._was_around_another:  # Its mocks may be for the machines of that one, which are gone.
            return None

        def machines() -> list[RegisteredMachine]:
            return [*self._registry, *ran]

        absent = None
        if ran:
            absent = error_of_absent_states(self._mock_table.mocks, machines)
            absent = absent or error_of_absent_maps(self._object_access.unused(), machines)
        return absent or self._service.injected_errors.error_of_absent_machines(machines)

    def _record_the_rest(self) -> None:
        for execution in self._standard_executions:
            recorders.record(execution)
        self._standard_executions.clear()
        recorders.forget(self._registry.own)

    def _raise_usage_errors_again(self, exception: BaseException | None) -> None:
        __tracebackhide__ = True
        error = error_of_swallowed(self.usage_errors, exception)
        if error is not None:
            raise error

    def _raise_unused_mocks(self) -> None:
        __tracebackhide__ = True
        mocks = [*self.mocks, *self._object_access.mocks]
        unused = [*self._mock_table.unused(), *self._object_access.unused()]
        error = error_of_unused(mocks, unused, self._service.injected_errors, self.executions)
        if error is not None:
            raise error

    def _refuse_after_the_end(self, what: str) -> None:
        if self._phase == "left":
            raise SfnSyncUsageError(
                f"{what} was called on an SfnSync whose with block has ended; it answers no calls any more. "
                "Its executions and mocks can still be read. Make a new one, or call it within the block."
            )

    def _refuse_second_entry(self) -> NoReturn:
        state = "is active already" if self._phase == "active" else "has ended already"
        raise SfnSyncUsageError(f"This SfnSync {state}: a with block can be entered once. Make a new one: SfnSync().")

    def __repr__(self) -> str:
        return (
            f"<SfnSync {self._phase}: {len(self.machines)} machines, {len(self.mocks)} mocks, "
            f"{len(self.executions)} executions>"
        )
