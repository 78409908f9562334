"""The targets of mocks: the tasks of a state, a Lambda function, an activity, or a resource.

A target decides whether it covers a call. It explains why it does not cover one, and measures how near it is to one. It
also selects the payload that its mock gets. `TARGETS` has the kinds in the order in which they answer: the more
specific kind first.
"""

from __future__ import annotations

import json
import re
import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import likeness
from pytest_sfn_sync.errors import DefinitionWarning, MockError
from pytest_sfn_sync.registry.registration_warnings import level_of_the_caller
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.integrations.definition_checks import KNOWN_INTEGRATIONS
from pytest_sfn_sync.tasks.integrations.integration import Integration, integration_of
from pytest_sfn_sync.tasks.lambda_functions import event_of
from pytest_sfn_sync.tasks.logical_ids import LogicalIds
from pytest_sfn_sync.tasks.resources import FunctionName, Resource, function_name_of, resource_of

_FUNCTION_NAME: Final = re.compile("[A-Za-z0-9_-]+")
_ADDRESS: Final = re.compile(
    r"(module\.[\w-]+(\[[^\]]*\])?\.?)+|(.+\.)?aws_lambda_\w+\.[\w-]+(\[[^\]]*\])?"  # of Terraform
    r"|[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)+"  # of a nested stack: Child.Charge
)
_QUALIFIER: Final = re.compile(r"\$LATEST|[A-Za-z0-9_-]+")


@dataclass(slots=True, kw_only=True)
class Called:
    """The parts of a call that targets use: its state, its resource, its function, and the functions' logical ids."""

    state_name: str
    resource: Resource
    function: FunctionName | None
    logical_ids: LogicalIds

    @property
    def logical_id(self) -> str | None:
        """The logical id of the function in a template; None if it has no logical id."""
        return None if self.function is None else self.logical_ids.suggested(self.function)


@dataclass(frozen=True, slots=True)
class _Target(ABC):
    """The base of all targets; ``text`` is the argument that the test gave."""

    text: str

    method: ClassVar[str]
    marker: ClassVar[str]
    takes: ClassVar[str]
    stands_for_a_function: ClassVar[bool] = False
    """True if a mock of this kind returns a function's own result, False if it returns the task's result."""

    @property
    def is_of_an_integration(self) -> bool:
        """Return whether all calls that it covers are of one integration, other than a Lambda function."""
        return False

    @property
    def integration(self) -> Integration | None:
        """The integration that the target names; None if it names none, or one that is not known here."""
        return None

    def covers(self, called: Called) -> bool:
        """Return whether a mock with this target may answer a call."""
        return self.why_not(called) is None

    @abstractmethod
    def why_not(self, called: Called) -> str | None:
        """Return the reason why it does not cover a call; None if it covers it."""

    @abstractmethod
    def nearness(self, called: Called) -> float:
        """Return the likeness of this target to one that would cover the call, from 0 to 1."""

    def given(self, payload: JSON, resource: Resource) -> JSON:
        """Return the payload that its mock gets for a call: the task's effective input."""
        return payload

    @property
    def arguments(self) -> str:
        """The arguments that make such a mock, as source text."""
        return f"({json.dumps(self.text, ensure_ascii=False)}, returns={{}})"

    def __str__(self) -> str:
        return f"{self.method}({shown_value(self.text)})"


@dataclass(frozen=True, slots=True)
class StateTarget(_Target):
    """The Task states of one name."""

    method: ClassVar[str] = "mock_task"
    marker: ClassVar[str] = "sfn_task"
    takes: ClassVar[str] = "the name of a state"

    @classmethod
    def of(cls, text: str) -> StateTarget:
        """Return the target for the text that a test gave."""
        return cls(text)

    def why_not(self, called: Called) -> str | None:
        """Return the reason why it does not cover a call; None if it covers it."""
        return None if self.text == called.state_name else "for another state"

    def nearness(self, called: Called) -> float:
        """Return the likeness of its name to the call's, from 0 to 1."""
        return _likeness(self.text, called.state_name)


@dataclass(frozen=True, slots=True)
class FunctionTarget(_Target):
    """A Lambda function in all Tasks that call it."""

    function: FunctionName

    method: ClassVar[str] = "mock_lambda"
    marker: ClassVar[str] = "sfn_lambda"
    takes: ClassVar[str] = "the name or ARN of a Lambda function"
    stands_for_a_function: ClassVar[bool] = True

    @classmethod
    def of(cls, text: str) -> FunctionTarget:
        """Return the target for the text that a test gave; raise MockError if it is not a function's name."""
        function = function_name_of(text)
        if function is None:
            raise MockError(
                f"{cls.method}({shown_value(text)}): this is not the name or the ARN of a Lambda function. "
                "For another resource use mock_resource, for a state mock_task."
            )
        fault = fault_of_name(function)
        if fault is not None:
            raise MockError(f"{cls.method}({shown_value(text)}): {fault} For a state use mock_task.")
        return cls(text, function)

    def given(self, payload: JSON, resource: Resource) -> JSON:
        """Return the payload that its mock gets for a call: the function's event."""
        return event_of(payload) if resource.is_lambda_invoke else payload

    def why_not(self, called: Called) -> str | None:
        """Return the reason why it does not cover a call; None if it covers it."""
        if called.function is None:
            return "for a Lambda function, and this task calls none"
        if called.logical_ids.covers(self.function, called.function):
            return None
        if self.function.name != called.function.name:
            return "for another function"
        return "for another version, alias, account or region of the function"

    def nearness(self, called: Called) -> float:
        """Return the likeness of its name to the call's, from 0 to 1."""
        if called.function is None:
            return _likeness(self.function.name, "")
        names = {called.function.name, called.logical_id or called.function.name}
        return max(_likeness(self.function.name, name) for name in names)


def fault_of_name(function: FunctionName) -> str | None:
    """Report that no Lambda function can have a name, version or alias; None if one can.

    An address of Terraform is a name too: a function of a configuration is mocked by it.
    """
    if _ADDRESS.fullmatch(function.name) is not None:
        return None
    for part, allowed in ((function.name, _FUNCTION_NAME), (function.qualifier, _QUALIFIER)):
        if part is not None and allowed.fullmatch(part) is None:
            way_out = " To fill in a placeholder, write register(..., substitutions={...})." if "${" in part else ""
            return (
                f"no Lambda function can be called {shown_value(part)}. Names, versions and aliases have letters, "
                "digits, hyphens "
                f"and underscores only.{way_out}"
            )
    return None


@dataclass(frozen=True, slots=True)
class ResourceTarget(_Target):
    """A resource such as ``dynamodb:getItem`` in all Tasks that have it."""

    resource: Resource

    method: ClassVar[str] = "mock_resource"
    marker: ClassVar[str] = "sfn_resource"
    takes: ClassVar[str] = "a resource such as 'dynamodb:getItem'"

    @classmethod
    def of(cls, text: str) -> ResourceTarget:
        """Return the target for the text that a test gave; raise MockError if it is not a resource."""
        resource = resource_of(text)
        if ":" not in resource.key:
            raise MockError(
                f"{cls.method}({shown_value(text)}): a resource is named as in its ARN, for example "
                "'dynamodb:getItem', "
                "'aws-sdk:s3:getObject', or by the whole ARN. For a Lambda function use mock_lambda, "
                "for a state mock_task."
            )
        if not resource.key.startswith("arn:"):
            _check_integration(f"{cls.method}({shown_value(text)})", resource.key)
        return cls(text, resource)

    @property
    def is_of_an_integration(self) -> bool:
        """Return whether all calls that it covers are of one integration, other than a Lambda function."""
        return not self.resource.is_lambda

    @property
    def integration(self) -> Integration | None:
        """The integration that the target names; None if it names none, or one that is not known here."""
        return integration_of(self.resource.key)

    def why_not(self, called: Called) -> str | None:
        """Return the reason why it does not cover a call; None if it covers it."""
        if self.resource.key in (called.resource.key, called.resource.request):
            return None
        return "for another resource"

    def nearness(self, called: Called) -> float:
        """Return the likeness of its name to the call's, from 0 to 1."""
        return _likeness(self.text, called.resource.key)


@dataclass(frozen=True, slots=True)
class ActivityTarget(_Target):
    """An activity, by its name or its ARN, in all Tasks that have it."""

    method: ClassVar[str] = "mock_activity"
    marker: ClassVar[str] = "sfn_activity"
    takes: ClassVar[str] = "the name or ARN of an activity"

    @classmethod
    def of(cls, text: str) -> ActivityTarget:
        """Return the target for the text that a test gave; raise MockError if it is not the name of an activity."""
        if ":" in text and resource_of(text).activity is None:
            raise MockError(
                f"{cls.method}({shown_value(text)}): this is not the name or the ARN of an activity. For another "
                "resource use mock_resource, for a state mock_task."
            )
        return cls(text)

    def why_not(self, called: Called) -> str | None:
        """Return the reason why it does not cover a call; None if it covers it."""
        if called.resource.activity is None:
            return "for an activity, and this task has none"
        arn = called.resource.key
        if self.text in (called.resource.activity, arn) or called.logical_ids.names_activity(self.text, arn):
            return None
        return "for another activity"

    def nearness(self, called: Called) -> float:
        """Return the likeness of its name to the call's, from 0 to 1."""
        return _likeness(self.text.rpartition(":")[2], called.resource.activity or "")


MockTarget: TypeAlias = StateTarget | FunctionTarget | ActivityTarget | ResourceTarget

TARGETS: Final[dict[str, type[MockTarget]]] = {
    target.method: target for target in (StateTarget, FunctionTarget, ActivityTarget, ResourceTarget)
}
"""The kind of target for each method of the fake that mocks; the more specific kind is first."""


def target_of(method: str, text: object) -> MockTarget:
    """Return the target for a call of one of the fake's methods; raise MockError if the text names no such target."""
    kind = TARGETS[method]
    if not isinstance(text, str) or not text:
        raise MockError(f"{method} takes {kind.takes}, not {shown_value(text)}.")
    return kind.of(text)


def _check_integration(described: str, key: str) -> None:
    """Raise MockError for an integration that AWS does not have; warn of one that may be newer than botocore."""
    base, _, pattern = key.partition(".")
    fault = KNOWN_INTEGRATIONS.unrecognised_hint(base, pattern)
    if fault is not None:
        raise MockError(f"{described}: no task can have this resource. {fault}")
    doubt = KNOWN_INTEGRATIONS.doubt_about(base)
    if doubt is not None:
        warnings.warn(
            DefinitionWarning(f"{described}: {doubt[0]} Its tasks and this mock are not checked."),
            stacklevel=level_of_the_caller(),
        )


def _likeness(name: str, called: str) -> float:
    return likeness(name, called)
