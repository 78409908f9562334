"""The mock configs that a fake uses: the test case in which a machine runs, and the answers of that case.

If several configs are in use, the last one that was added is searched first. A case that the call's ARN names
(``stateMachineArn#Case``) is preferred to the case that was chosen for a whole config.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_lines, shown_names, shown_text, shown_value
from pytest_sfn_sync.tasks.differences import shown
from pytest_sfn_sync.tasks.failing_results import function_error, settled
from pytest_sfn_sync.tasks.lambda_response_checks import RESPONSE_MEMBERS
from pytest_sfn_sync.tasks.mock_config.config_reading import nearest
from pytest_sfn_sync.tasks.mock_config.model import MockConfig, MockedCase, MockedResponse, pointer
from pytest_sfn_sync.tasks.mocks import place_of
from pytest_sfn_sync.tasks.resources import Resource

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import RegisteredMachine


@dataclass(slots=True, kw_only=True, eq=False)
class _InUse:
    config: MockConfig
    case: str | None


class MockConfigs:
    """The mock configs of one fake; ``outer`` has those of the fake around it."""

    def __init__(self) -> None:
        self.outer: MockConfigs | None = None
        self._in_use: list[_InUse] = []
        self._fitting: set[tuple[RegisteredMachine, MockConfig]] = set()

    def use(self, config: MockConfig, case: str | None) -> None:
        """Use a config for all machines that it names; raise MockError for a case that none of them has."""
        if case is not None and not _has(config, case):
            raise MockError(_about_unknown_case(case, [config]))
        self._in_use.insert(0, _InUse(config=config, case=case))

    def choose(self, case: str) -> None:
        """Choose a case of the configs in use; raise MockError if none of them has it, or if no config is in use.

        For the configs of the fakes around this one, the case is chosen for this fake only.
        """
        in_use = list(self._visible())
        if not in_use:
            raise MockError(
                f"use_mock_config(case={shown_value(case)}): no mock config is in use. Give its path or its content "
                "too, or name its file in the ini option sfn_sync_mock_config."
            )
        having = [used for used in in_use if _has(used.config, case)]
        if not having:
            raise MockError(_about_unknown_case(case, [used.config for used in in_use]))
        own = list(self._in_use)
        for used in having:
            if used in own:
                used.case = case
            else:
                self._in_use.append(_InUse(config=used.config, case=case))

    def _visible(self) -> Iterator[_InUse]:
        yield from self._in_use
        if self.outer is not None:
            yield from self.outer._visible()

    def has_test_case(self, machine: RegisteredMachine, case: str) -> bool:
        """Return whether a call for a machine may name a case; return False if no config names the machine.

        Raise MockError if configs name the machine, but none of them has the case.
        """
        configs = [used.config for used in self._visible() if machine.name in used.config.machines]
        known = [name for config in configs for name in config.machines[machine.name]]
        if case in known:
            return True
        if not configs:
            return False
        raise MockError(
            f"{machine.arn}#{case} was called: {_sources(configs)} has no test case {shown_value(case)} for the "
            f"state machine {machine.name!r}; {nearest(case, known)}."
        )

    def begin(self, machine: RegisteredMachine, case: str | None) -> RunningCase | None:
        """Return the test case for one execution of a machine; None if no case is chosen. Its invocations start at 0.

        Raise MockError if the config names states that the machine does not have, or that are not Task states.
        """
        for used in self._in_use:
            name = used.case if case is None else case
            found = None if name is None else used.config.machines.get(machine.name, {}).get(name)
            if found is not None:
                self._check_fit(machine, used.config)
                return RunningCase(used.config, found)
        return None

    def _check_fit(self, machine: RegisteredMachine, config: MockConfig) -> None:
        if (machine, config) in self._fitting:
            return
        faults = list(_misfits(machine, config))
        if faults:
            lines = shown_lines((fault() for fault in faults), len(faults))
            first = f"{config.source} does not fit the state machine {machine.name!r} as registered:"
            raise MockError("\n  ".join([first, *lines]))
        self._fitting.add((machine, config))

    def hint(self, machine: RegisteredMachine, running: RunningCase | None) -> str | None:
        """Report, for a task without a mock, that the test case leaves its state out, or the cases to choose from."""
        if running is not None:
            states = shown_names(running.case.responses, quoted=True) or "no state"
            return f"The test case {running.case.name!r} of {running.source} mocks {states}."
        for used in self._in_use:
            cases = used.config.machines.get(machine.name)
            if cases:
                return (
                    f"The test cases of {used.config.source} for this machine are {shown_names(cases, quoted=True)}, "
                    f"but none is chosen: write use_mock_config(..., case={next(iter(cases))!r}), or call "
                    f"{machine.arn}#{next(iter(cases))}."
                )
        return None

    def clear(self) -> None:
        """Remove all configs."""
        self._in_use.clear()
        self._fitting.clear()


class RunningCase:
    """A test case during one execution: it counts the invocations of each state, retries included."""

    __slots__ = ("_invocations", "case", "source")

    def __init__(self, config: MockConfig, case: MockedCase) -> None:
        self.source = config.source
        self.case = case
        self._invocations: dict[str, int] = {}

    def mocks(self, state_name: str) -> bool:
        """Return whether the case answers for a state."""
        return state_name in self.case.responses

    def answer(self, call: TaskCall, resource: Resource) -> TaskAnswer:
        """Return the answer to the next invocation of a state.

        Raise MockError if the file has no answer to it. Measured: Step Functions Local then fails the execution with
        States.Runtime. A Catch could hide that error, although the fault is in the file, so the test fails here.
        """
        call.answered_by = f"test case {self.case.name!r} of {self.source}"
        response = self.case.responses[call.state_name]
        invocation = self._invocations.get(call.state_name, 0)
        self._invocations[call.state_name] = invocation + 1
        answer = response.answer_to(invocation)
        if answer is None:
            raise MockError(self._about_run_out(call, response, invocation))
        return _payload_alone(answer) if resource.function is not None else answer

    def _about_run_out(self, call: TaskCall, response: MockedResponse, invocation: int) -> str:
        entries = shown_names(f'"{entry}"' for entry in response.entries)
        count = sum(entry.last - entry.first + 1 for entry in response.entries)
        return (
            f"The test case {self.case.name!r} of {self.source} has no answer to invocation {invocation} of the state "
            f"{call.state_name!r}: its MockedResponses entry {response.name!r} answers {count}, {entries}.\n"
            f"  from     {place_of(call)}\n"
            f"  payload  {shown(call.document)}\n"
            f'Give {pointer("MockedResponses", response.name)} an entry "{invocation}", or widen a range. Invocations '
            "count from 0 over the whole execution: retries, loops and Map iterations each take one."
        )


def _payload_alone(answer: TaskAnswer) -> TaskAnswer:
    """Return the answer of a function called by its own ARN, with the ``Payload`` of Lambda's response as its result.

    Files for Step Functions Local have the response of Lambda's Invoke for such tasks too, although the task's result
    is the function's own. Recorded: a Map over a function's ARN, and the file that mocks it. Assumption: a result that
    has StatusCode and Payload, and only members of Invoke's response, is such a response and not the function's result.
    """
    result = answer.result
    if isinstance(result, dict) and {"StatusCode", "Payload"} <= result.keys() <= RESPONSE_MEMBERS:
        answer = settled(answer, function_error)
        return answer if answer.error is not None else answer._replace(result=result["Payload"])
    return answer


def _misfits(machine: RegisteredMachine, config: MockConfig) -> Iterator[Callable[[], str]]:
    """Yield the faults of a config for a machine, as functions that return them in words."""
    states = {state.name: state.type for state in machine.compiled.states.with_inner()}
    for case in config.machines[machine.name].values():
        for name in case.responses:
            at = pointer("StateMachines", machine.name, "TestCases", case.name, name)
            if states.get(name) != "Task":
                yield partial(_about_misfit, at, name, states)


def _about_misfit(at: str, name: str, states: Mapping[str, str]) -> str:
    if name in states:
        return f"{at}: the state {shown_value(name)} is of type {states[name]}; only Task states are mocked"
    tasks = [state for state, type_ in states.items() if type_ == "Task"]
    return f"{shown_text(at)}: there is no state {shown_value(name)}; {nearest(name, tasks)}"


def _has(config: MockConfig, case: str) -> bool:
    return any(case in cases for cases in config.machines.values())


def _about_unknown_case(case: str, configs: list[MockConfig]) -> str:
    known = dict.fromkeys(name for config in configs for cases in config.machines.values() for name in cases)
    unknown = f"no state machine of {_sources(configs)} has the test case {shown_value(case)}"
    return f"use_mock_config: {unknown}; {nearest(case, known)}."


def _sources(configs: list[MockConfig]) -> str:
    return " and ".join(dict.fromkeys(config.source for config in configs))
