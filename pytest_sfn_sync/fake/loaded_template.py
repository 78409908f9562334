"""A loaded template: its machines by name, and the real handlers and the environment of its Lambda functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.errors import SfnSyncUsageError, TemplateError
from pytest_sfn_sync.fake.machines import StateMachine
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.mocks import TaskMock
from pytest_sfn_sync.tasks.resources import function_name_of

if TYPE_CHECKING:
    from pytest_sfn_sync.templates.lambda_code import LambdaSource
    from pytest_sfn_sync.templates.template import FunctionNames


class UnknownMachineError(TemplateError, KeyError):
    """A template does not contain the machine; it is also a KeyError, as a mapping has to raise one."""

    __module__ = "pytest_sfn_sync"

    __str__ = Exception.__str__


class LoadedTemplate(Mapping[str, StateMachine]):
    """The machines of a template by logical id.

    In the serverless framework the logical id is the key in ``stateMachines``. A machine may also be looked up by its
    name, or by a logical id of the CDK without its hash.

    ``file`` is the template. ``notes`` has remarks that no failing test would show. Each machine that could not be
    registered has a note with its first fault. ``made_up`` has the plausible values that were used because neither the
    template nor the test has them. Its keys are names: of a parameter, an export, a resource (``Queue``) or an
    attribute (``Queue.Arn``). ``broken`` has the errors of the machines that could not be registered, by logical id.
    Looking up such a machine, or starting it, raises its error.
    """

    def __init__(
        self,
        file: str,
        machines: Mapping[str, StateMachine],
        *,
        also_known_as: Mapping[str, str],
        left_out: Mapping[str, str],
        broken: Mapping[str, SfnSyncUsageError],
        notes: list[str],
        made_up: Mapping[str, Any],
        functions: Sequence[FunctionNames] = (),
        region: str,
        mock_function: Callable[..., TaskMock],
    ) -> None:
        self.file = file
        self.notes = notes
        self.made_up = dict(made_up)
        self.broken = dict(broken)
        self._machines = dict(machines)
        self._also_known_as = also_known_as
        self._left_out = left_out
        self._functions = functions
        self._region = region
        self._mock_function = mock_function

    def use_handlers(self, *functions: str) -> dict[str, TaskMock]:
        """Mock Lambda functions of the template with their real Python handlers, and return the mocks by logical id.

        Without arguments, all functions are mocked that have Python code beside the template: a folder (``CodeUri``),
        an asset of the CDK, or code in the template. Each handler is imported at its first call, from its own folder.
        While it runs, its environment variables are those of the template, with AWS_REGION, AWS_DEFAULT_REGION and
        AWS_LAMBDA_FUNCTION_NAME.

        Raise TemplateError for a function that has no such code, or if no function has any.
        """
        from pytest_sfn_sync.fake.template_handlers import handler_of
        from pytest_sfn_sync.templates.lambda_code import NoPythonCodeError

        chosen = [self._function(name) for name in functions] if functions else list(self._functions)
        reasons, mocks = [], {}
        for one in chosen:
            key = one.keys[0]
            if one.source is None:
                reasons.append(f"{key}: only templates have code, and this is a Terraform configuration")
                continue
            try:
                handler = handler_of(one.source.code(), key, partial(self._variables_of, one, one.source))
            except NoPythonCodeError as error:
                reasons.append(f"{key}: {error}")
                continue
            mocks[key] = self._mock_function(
                key, calls=handler, optional=True, described=f"use_handlers({shown_value(key)})"
            )
        if reasons and (functions or not mocks):
            raise TemplateError(f"{self.file} has no Python code to run: {'; '.join(reasons)}. Mock them: mock_lambda.")
        return mocks

    def _variables_of(self, function: FunctionNames, source: LambdaSource) -> dict[str, str]:
        """Return the variables while a handler runs. Documented: Lambda sets these, and no template can change them."""
        names = [found.name for found in map(function_name_of, function.called_by) if found is not None]
        return {
            **source.environment(),
            "AWS_REGION": self._region,
            "AWS_DEFAULT_REGION": self._region,
            "AWS_LAMBDA_FUNCTION_NAME": next(iter(names), function.keys[0]),
        }

    def environment(self, function: str) -> dict[str, str]:
        """Return the environment variables of a Lambda function, as a deployment of the template would set them.

        Raise TemplateError for another function, or for a variable that can't be worked out.
        """
        source = self._function(function).source
        if source is None:
            raise TemplateError(f"{self.file} is a Terraform configuration, whose functions have no environment here.")
        return source.environment()

    def _function(self, name: str) -> FunctionNames:
        found = next((one for one in self._functions if name in one.keys or name in one.called_by), None)
        if found is None:
            near = nearest(str(name), [one.keys[0] for one in self._functions])
            raise TemplateError(f"{self.file} has no Lambda function {shown_value(name)}. Nearest: {near}.")
        return found

    def __getitem__(self, key: str) -> StateMachine:
        if not isinstance(key, str):
            raise UnknownMachineError(f"{self.file} has machines by their names, not by {shown_value(key)}.")
        logical_id = self._also_known_as.get(key, key)
        machine = self._machines.get(logical_id)
        if machine is not None:
            return machine
        if logical_id in self.broken:
            raise self.broken[logical_id].at(f"The machine {shown_value(key)} of {self.file} was not registered")
        if key in self._left_out:
            raise UnknownMachineError(f"{self.file} leaves the machine {shown_value(key)} out: {self._left_out[key]}.")
        near = nearest(str(key), self._machines)
        raise UnknownMachineError(f"{self.file} has no machine {shown_value(key)}. Nearest: {near}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._machines)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._also_known_as.get(key, key) in self._machines

    def __len__(self) -> int:
        return len(self._machines)

    def __repr__(self) -> str:
        return f"<LoadedTemplate {self.file}: {', '.join(self._machines)}>"
