"""A mock and its calls: the handle that ``mock_task``, ``mock_lambda`` and ``mock_resource`` return.

A mock has its target and its calls. The mock table chooses among mocks.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Final
from weakref import WeakMethod

from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources.document_size import is_too_large
from pytest_sfn_sync.tasks.call_assertions import CallAssertions
from pytest_sfn_sync.tasks.differences import equal, shown
from pytest_sfn_sync.tasks.exception_texts import text_of_exception
from pytest_sfn_sync.tasks.integrations.rendering import rendered
from pytest_sfn_sync.tasks.integrations.shapes import MODES
from pytest_sfn_sync.tasks.json_values import NotPlainError, plain_copy, with_copied_containers
from pytest_sfn_sync.tasks.mock_targets import MockTarget
from pytest_sfn_sync.tasks.responders import Responder, Returning, responder_of

_taking: Final = Lock()
"""Held while a mock with a number of calls takes one of them."""


class TaskMock(CallAssertions):
    """A mock of some of the workflow's tasks, with the calls that it answered.

    ``calls`` has the `TaskCall` of each call. ``constant`` is the answer to all of them, if every call has the same.
    ``submits`` is true if the answer only submits the work of a task that waits for a token.
    ``most_calls`` is the number of calls that it answers; None is no limit. ``optional`` is true for a mock that not
    every test needs.
    """

    __slots__ = (
        "_calls",
        "_forgotten_calls",
        "_remove",
        "_when_is_plain",
        "checked",
        "constant",
        "described",
        "has_responses",
        "most_calls",
        "optional",
        "respond",
        "submits",
        "takes",
        "target",
        "validate",
        "when",
    )

    def __init__(
        self,
        target: MockTarget,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        submits: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
        validate: str | None = None,
        optional: bool = False,
        described: str | None = None,
        remove: WeakMethod[Callable[[TaskMock], None]] | None = None,
    ) -> None:
        self.target = target
        is_of_the_test = described is None
        described = self.described = described or str(target)
        self.respond: Responder = responder_of(
            described,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            submits=submits,
            is_of_the_test=is_of_the_test,
            **({"render": rendered} if target.is_of_an_integration else {}),
        )
        if validate is not None and validate not in MODES:
            raise MockError(f"{described}: validate= takes 'strict', 'present' or 'none', not {shown_value(validate)}.")
        self.validate = validate
        self.checked: set[str] = set()
        self.takes = microseconds_of(takes, f"{described}: takes=")
        self.when, self._when_is_plain = kept_condition(when)
        self.has_responses = responses is not MISSING
        self.submits = submits is not MISSING
        self.most_calls = _most_calls(times, responses, described)
        self.optional = _flag(optional, f"{described}: optional=")
        self._calls: list[TaskCall] = []
        self._forgotten_calls = 0
        self._remove = remove
        self.constant = (
            TaskAnswer(self.respond.document, takes=self.takes) if isinstance(self.respond, Returning) else None
        )

    @property
    def calls(self) -> list[TaskCall]:
        """The calls that the mock answered, in their order; a new list at each access."""
        return list(self._calls)

    def record(self, call: TaskCall) -> None:
        """Record a call that the mock answers."""
        self._calls.append(call)

    def take(self, call: TaskCall) -> bool:
        """Record a call unless the mock is used up, as another thread may have used it; return whether it is taken."""
        if self.most_calls is None:
            self._calls.append(call)
            return True
        with _taking:
            if len(self._calls) + self._forgotten_calls >= self.most_calls:
                return False
            self._calls.append(call)
        return True

    @property
    def payloads(self) -> list[JSON]:
        """The payloads of all calls, in the order of the calls.

        For ``mock_lambda`` a payload is the function's event. For ``mock_task`` and ``mock_resource`` it is the task's
        effective input: its evaluated ``Parameters`` or ``Arguments``.
        """
        return [call.payload for call in self._calls]

    @property
    def call_args_list(self) -> list[JSON]:
        """The same as `payloads`, under the name that it has in unittest.mock."""
        return self.payloads

    @property
    def call_args(self) -> JSON:
        """The payload of the last call, as `assert_called_with` takes it; None if there was no call."""
        return self._calls[-1].payload if self._calls else None

    @property
    def accepts_every_payload(self) -> bool:
        """Return whether the mock answers calls with any payload, as long as it is not used up."""
        return self.when is MISSING

    @property
    def has_literal_results(self) -> bool:
        """Return whether the test has written the results down, by ``returns=`` or ``responses=``."""
        return self.constant is not None or self.has_responses

    @property
    def is_used_up(self) -> bool:
        """Return whether the mock has answered as many calls as its ``times=`` or its ``responses=`` allow."""
        return self.most_calls is not None and self.answered_calls >= self.most_calls

    @property
    def answered_calls(self) -> int:
        """The number of calls that the mock answered, those before `reset_mock` included."""
        return len(self._calls) + self._forgotten_calls

    @property
    def called(self) -> bool:
        """Return whether the mock answered at least one call."""
        return bool(self._calls)

    @property
    def call_count(self) -> int:
        """The number of calls that the mock answered, including retries."""
        return len(self._calls)

    def matches(self, payload: JSON) -> bool:
        """Return whether the mock's ``when=`` accepts a payload."""
        when = self.when
        if when is MISSING:
            return True
        try:
            if self._when_is_plain:
                return equal(when, payload)
            # It is the user's code that compares, so it gets a copy.
            return equal(when, copied(payload)) if is_matcher(when) else bool(when(copied(payload)))
        except Exception as error:
            raise MockError(
                f"{self!r}: when= raised {type(error).__name__}: {shown_text(text_of_exception(error))}\n"
                f"  payload  {shown(payload)}\n"
                "A when= must answer True or False for every payload that its target may get."
            ) from error

    def remove(self) -> None:
        """Remove the mock from its fake: it answers no further call, and older mocks answer again.

        Its calls can still be read. Removing it twice, or after the end of the fake, does nothing.
        """
        remove = None if self._remove is None else self._remove()
        if remove is not None:
            remove(self)

    def reset_mock(self) -> None:
        """Forget the calls, as in unittest.mock; a ``times=`` or ``responses=`` that is used up stays used up."""
        self._forgotten_calls += len(self._calls)
        self._calls = []

    def _documents(self) -> list[JSON]:
        return [call.document for call in self._calls]

    def _place(self, index: int) -> str:
        return place_of(self._calls[index])

    def __repr__(self) -> str:
        return self.described


def kept_condition(when: Any) -> tuple[Any, bool]:
    """Return a ``when=`` that the test can't change any more, and whether it is a document, without matchers."""
    if is_too_large(when):
        return when, False  # A copy would fill the memory: the value may contain itself, or the same list many times.
    try:
        return plain_copy(when), True
    except NotPlainError:
        return with_copied_containers(when), False


def is_matcher(when: Any) -> bool:
    """Return whether a ``when=`` is compared by ``==``, such as a value or a dirty-equals matcher, or called."""
    return not callable(when) or isinstance(when, type)


def place_of(call: TaskCall) -> str:
    """Return the place of a call for a message: its state, its Map iteration, and the number of the retry."""
    place = f"state {call.state_name!r}"
    if call.iteration:
        place += f", iteration {'.'.join(map(str, call.iteration))}"
    return f"{place}, retry {call.attempt}" if call.attempt else place


def microseconds_of(seconds: Any, what: str) -> int:
    """Return a duration in microseconds of virtual time; raise MockError if ``seconds`` is not a number from 0 on."""
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= MAX_SECONDS:
        limit = f"at most {MAX_SECONDS:,}" if is_number and seconds > MAX_SECONDS else "0 or more"
        raise MockError(f"{what} takes seconds of virtual time, {limit}, not {shown_value(seconds)}.")
    microseconds: int = round(seconds * 1_000_000)
    return microseconds


def _most_calls(times: Any, responses: Any, described: str) -> int | None:
    """Return the number of calls that the mock answers; None is no limit."""
    if times is None:
        return None if responses is MISSING else len(responses)
    if responses is not MISSING:
        raise MockError(f"{described}: responses= says how many calls are answered; leave times= out.")
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise MockError(f"{described}: times= takes a whole number of calls, 1 or more, not {shown_value(times)}.")
    return int(times)


def _flag(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise MockError(f"{what} takes True or False, not {shown_value(value)}.")
    return value
