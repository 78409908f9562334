"""What a mock stands for, as a value: the tasks of a state, a Lambda function, or a resource.

A target says whether it covers a call, why it does not, how near it is to one, and what a mock of it gets. The order of
`TARGETS` is that in which they answer: the more specific one first.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import ClassVar, Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.integrations.integration import Integration, integration_of
from pytest_sfn_sync.tasks.lambda_functions import event_of
from pytest_sfn_sync.tasks.logical_ids import LogicalIds
from pytest_sfn_sync.tasks.resources import FunctionName, Resource, function_name_of, resource_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a call is of: its state, its resource, the function that it calls, and the names that functions have."""

    state_name: str
    resource: Resource
    function: FunctionName | None
    logical_ids: LogicalIds

    @property
    def logical_id(self) -> str | None:
        """The logical id of the function, as a template has it; None where there is none."""
        return None if self.function is None else self.logical_ids.suggested(self.function)


@dataclass(frozen=True, slots=True)
class _Target(ABC):
    """What all targets have: the ``text`` that a test gave for it, and the words for it."""

    text: str

    method: ClassVar[str]
    marker: ClassVar[str]
    takes: ClassVar[str]
    stands_for_a_function: ClassVar[bool] = False
    """Whether a mock of it gives a function's own result, and not the task's."""

    @property
    def is_of_an_integration(self) -> bool:
        """Whether every call that it covers is of one integration other than a Lambda function."""
        return False

    @property
    def integration(self) -> Integration | None:
        """The integration that it names, where that is known here."""
        return None

    def covers(self, called: Called) -> bool:
        """Return whether a mock of it may answer a call."""
        return self.why_not(called) is None

    @abstractmethod
    def why_not(self, called: Called) -> str | None:
        """Return why it does not cover a call; None where it does."""

    @abstractmethod
    def nearness(self, called: Called) -> float:
        """Return how like it is to the target that would cover a call, from 0 to 1."""

    def given(self, payload: JSON, resource: Resource) -> JSON:
        """Return what a mock of it gets of a call: the task's effective input."""
        return payload

    @property
    def arguments(self) -> str:
        """The arguments that make such a mock, as source text."""
        return f"({json.dumps(self.text, ensure_ascii=False)}, returns={{}})"

    def __str__(self) -> str:
        return f"{self.method}({self.text!r})"


@dataclass(frozen=True, slots=True)
class StateTarget(_Target):
    """The Task states of one name."""

    method: ClassVar[str] = "mock_task"
    marker: ClassVar[str] = "sfn_task"
    takes: ClassVar[str] = "the name of a state"

    @classmethod
    def of(cls, text: str) -> StateTarget:
        """Return the target that a test names."""
        return cls(text)

    def why_not(self, called: Called) -> str | None:
        """Return why it does not cover a call; None where it does."""
        return None if self.text == called.state_name else "for another state"

    def nearness(self, called: Called) -> float:
        """Return how like its name is to the call's."""
        return _likeness(self.text, called.state_name)


@dataclass(frozen=True, slots=True)
class FunctionTarget(_Target):
    """A Lambda function, wherever a Task calls it."""

    function: FunctionName

    method: ClassVar[str] = "mock_lambda"
    marker: ClassVar[str] = "sfn_lambda"
    takes: ClassVar[str] = "the name or ARN of a Lambda function"
    stands_for_a_function: ClassVar[bool] = True

    @classmethod
    def of(cls, text: str) -> FunctionTarget:
        """Return the target that a test names; MockError for what is no function's name."""
        function = function_name_of(text)
        if function is None:
            raise MockError(
                f"{cls.method}({text!r}): this is not the name or the ARN of a Lambda function. "
                "For another resource use mock_resource, for a state mock_task."
            )
        return cls(text, function)

    def given(self, payload: JSON, resource: Resource) -> JSON:
        """Return what a mock of it gets of a call: the function's event."""
        return event_of(payload) if resource.is_lambda_invoke else payload

    def why_not(self, called: Called) -> str | None:
        """Return why it does not cover a call; None where it does."""
        if called.function is None:
            return "for a Lambda function, and this task calls none"
        if called.logical_ids.covers(self.function, called.function):
            return None
        if self.function.name != called.function.name:
            return "for another function"
        return "for another version, alias, account or region of the function"

    def nearness(self, called: Called) -> float:
        """Return how like its name is to the call's."""
        if called.function is None:
            return _likeness(self.function.name, "")
        names = {called.function.name, called.logical_id or called.function.name}
        return max(_likeness(self.function.name, name) for name in names)


@dataclass(frozen=True, slots=True)
class ResourceTarget(_Target):
    """A resource such as ``dynamodb:getItem``, whichever Task has it."""

    resource: Resource

    method: ClassVar[str] = "mock_resource"
    marker: ClassVar[str] = "sfn_resource"
    takes: ClassVar[str] = "a resource such as 'dynamodb:getItem'"

    @classmethod
    def of(cls, text: str) -> ResourceTarget:
        """Return the target that a test names; MockError for what is no resource."""
        resource = resource_of(text)
        if ":" not in resource.key:
            raise MockError(
                f"{cls.method}({text!r}): a resource is named as in its ARN, for example 'dynamodb:getItem', "
                "'aws-sdk:s3:getObject', or by the whole ARN. For a Lambda function use mock_lambda, "
                "for a state mock_task."
            )
        return cls(text, resource)

    @property
    def is_of_an_integration(self) -> bool:
        """Whether every call that it covers is of one integration other than a Lambda function."""
        return not self.resource.is_lambda

    @property
    def integration(self) -> Integration | None:
        """The integration that it names, where that is known here."""
        return integration_of(self.resource.key)

    def why_not(self, called: Called) -> str | None:
        """Return why it does not cover a call; None where it does."""
        return None if self.resource.key == called.resource.key else "for another resource"

    def nearness(self, called: Called) -> float:
        """Return how like its name is to the call's."""
        return _likeness(self.text, called.resource.key)


MockTarget: TypeAlias = StateTarget | FunctionTarget | ResourceTarget

TARGETS: Final[dict[str, type[MockTarget]]] = {
    target.method: target for target in (StateTarget, FunctionTarget, ResourceTarget)
}
"""By the method that makes a mock of it: the kind of target, the more specific one first."""


def target_of(method: str, text: object) -> MockTarget:
    """Return the target that a test names in a call of a method of the fake; MockError where it names none."""
    kind = TARGETS[method]
    if not isinstance(text, str) or not text:
        raise MockError(f"{method} takes {kind.takes}, not {text!r}.")
    return kind.of(text)


def _likeness(name: str, called: str) -> float:
    return SequenceMatcher(None, name.lower(), called.lower()).ratio()
