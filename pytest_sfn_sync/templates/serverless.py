"""A configuration of the serverless framework, with the state machines of its plugin serverless-step-functions.

Its functions, activities and machines become the resources that the framework and the plugin create for them. The
resources of the section ``resources`` are added. Names, logical ids and the handling of definitions are those of the
plugin's version 3.31.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.templates.definitions import ReadDefinition, definition_in_text, resolved_definition
from pytest_sfn_sync.templates.documents import Document, Spot, is_function
from pytest_sfn_sync.templates.placeholders import Placeholders
from pytest_sfn_sync.templates.resource_kinds import LAMBDA_FUNCTIONS, STATE_MACHINES
from pytest_sfn_sync.templates.resources import Resource
from pytest_sfn_sync.templates.serverless_variables import Variables
from pytest_sfn_sync.templates.stack import Environment, Stack
from pytest_sfn_sync.templates.state_machines import (
    DEFAULT_TYPE,
    BrokenMachine,
    TemplateMachine,
    finished,
    is_state_machine,
    machine_of,
    read_apart,
    type_of,
)
from pytest_sfn_sync.templates.template_budget import TemplateBudget
from pytest_sfn_sync.templates.template_faults import Fault, NoMachinesError, UnresolvableError, kind_of
from pytest_sfn_sync.templates.template_functions import sub

_PSEUDO_PARAMETER = re.compile(r"#\{([^}]+)\}")


def is_serverless(root: Any) -> bool:
    """Return whether a document is a configuration of the serverless framework."""
    return isinstance(root, Mapping) and ("stepFunctions" in root or {"service", "provider"} <= set(root))


def read_serverless(
    document: Document, environment: Environment
) -> tuple[Stack, list[TemplateMachine | BrokenMachine]]:
    """Read the state machines; record faults in the stack."""
    return _Configuration(document, environment).read()


def resources_in(root: Mapping[str, Any]) -> dict[str, Any]:
    """Return the resources of CloudFormation in a configuration, without those whose variables are not filled in."""
    sections = root.get("resources")
    sections = sections if isinstance(sections, list) else [sections]
    found: dict[str, Any] = {}
    for section in sections:
        resources = section.get("Resources") if isinstance(section, Mapping) else None
        found |= resources if isinstance(resources, Mapping) else {}
    return found


class _Stack(Stack):
    """A stack in which the ``Ref`` of a function is its ARN, if it is a value by itself, as in the plugin."""

    def resolve(self, value: Any, spot: Spot, plain: Callable[[str, Spot], Any] | None = None) -> Any:
        if isinstance(value, Mapping) and list(value) == ["Ref"]:
            resource = self.resources.find(str(value["Ref"]))
            if resource is not None and resource.keys and resource.type in LAMBDA_FUNCTIONS:
                return self.resources.attribute(resource, "Arn")
        return super().resolve(value, spot, plain)


class _Configuration:
    def __init__(self, document: Document, environment: Environment) -> None:
        self._document = document
        notes: list[str] = []
        budget = TemplateBudget()
        self._faults: list[Fault] = []
        self._variables = Variables(
            document,
            given=environment.parameters,
            region=environment.region,
            account_id=environment.account_id,
            notes=notes,
            budget=budget,
        )
        self._machines: list[tuple[str, Mapping[str, Any], Spot, Resource]] = []
        self._faults_of: dict[str, list[Fault]] = {}
        sections, found = self._resources()
        self._stack = _Stack(
            sections,
            document.root / "resources",
            found,
            environment,
            text=self._variables.fill_in,
            notes=notes,
            budget=budget,
        )
        self._stack.faults += self._faults

    def read(self) -> tuple[Stack, list[TemplateMachine | BrokenMachine]]:
        of_resources = [one for one in self._stack.resources.by_id.values() if is_state_machine(one) and not one.keys]
        if not self._machines and not of_resources and not self._stack.faults:
            if "stepFunctions" not in self._document.value:
                raise NoMachinesError(
                    f"The template {self._document.file} has no state machines: it has no stepFunctions, and no state "
                    "machine in its resources."
                )
            spot = self._document.root / "stepFunctions"
            self._stack.faults.append(Fault("it has no stateMachines.", spot))
        machines = [
            read_apart(self._stack, resource, key, partial(self._machine, key, machine, spot, resource))
            for key, machine, spot, resource in self._machines
        ]
        machines += [
            read_apart(self._stack, one, one.logical_id, partial(machine_of, self._stack, one)) for one in of_resources
        ]
        self._stack.parameters.accept(self._variables.names())
        return self._stack, machines

    def _resources(self) -> tuple[Mapping[str, Any], list[Resource]]:
        """Return the sections of ``resources``, and all resources: those in it, functions, activities and machines."""
        root = self._document.root
        sections: dict[str, Any] = {}
        found: list[Resource] = []
        for name, section, spot in self._members(self._document.value.get("resources"), root / "resources"):
            if name != "Resources":
                sections.setdefault(name, {}).update(section if isinstance(section, Mapping) else {})
                continue
            for logical_id, resource, at in self._members(section, spot):
                if isinstance(resource, Mapping):
                    found.append(_resource(logical_id, resource, at))
        for key, function, spot in self._members(self._document.value.get("functions"), root / "functions"):
            found.append(self._function(key, function, spot))
        step_functions = root / "stepFunctions"
        for name, section, spot in self._members(self._document.value.get("stepFunctions"), step_functions):
            if name == "activities" and isinstance(section, list):
                found += [_activity(name, spot / index) for index, name in enumerate(section) if isinstance(name, str)]
            elif name == "stateMachines":
                for key, machine, at in self._members(section, spot, keep_faults_of=self._faults_of):
                    found.append(self._machine_resource(key, machine, at))
        return sections, found

    def _members(
        self, value: Any, spot: Spot, *, keep_faults_of: dict[str, list[Fault]] | None = None
    ) -> Iterator[tuple[str, Any, Spot]]:
        """Yield the members of an object, or of a list of objects; variables in their place are filled in.

        ``keep_faults_of`` gets the faults of single members by their keys. Without it, they are the template's faults.
        """
        value, spot = self._filled(value, spot)
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._members(item, spot / index, keep_faults_of=keep_faults_of)
        elif isinstance(value, Mapping):
            for key, member in value.items():
                count = len(self._faults)
                filled = self._filled(member, spot / key)
                if keep_faults_of is not None:
                    keep_faults_of[str(key)] = self._faults[count:]
                    del self._faults[count:]
                yield str(key), *filled

    def _filled(self, value: Any, spot: Spot) -> tuple[Any, Spot]:
        if not isinstance(value, str):
            return value, spot
        try:
            return self._variables.fill_in(value, spot)
        except UnresolvableError as error:
            self._faults.append(Fault(error.why, error.spot))
            return None, spot

    def _function(self, key: str, function: Any, spot: Spot) -> Resource:
        service = (
            "${self:service.name}" if isinstance(self._document.value.get("service"), Mapping) else "${self:service}"
        )
        own: Mapping[str, Any] = function if isinstance(function, Mapping) else {}
        provider = self._document.value.get("provider")
        shared: Mapping[str, Any] = provider if isinstance(provider, Mapping) else {}
        name = own.get("name")
        variables = {**_object(shared.get("environment")), **_object(own.get("environment"))}
        properties = {
            "FunctionName": name or f"{service}-${{sls:stage}}-{key}",
            "Handler": own.get("handler"),
            "Runtime": own.get("runtime", shared.get("runtime")),
            "Environment": {"Variables": variables} if variables else None,
        }
        return Resource(
            logical_id=f"{_normalised(key)}LambdaFunction",
            type="AWS::Lambda::Function",
            properties={name: value for name, value in properties.items() if value is not None},
            spots={"FunctionName": spot / "name" if name else spot},
            spot=spot,
            keys=(key,),
        )

    def _machine_resource(self, key: str, machine: Any, spot: Spot) -> Resource:
        own = self._faults_of.setdefault(key, [])
        if not isinstance(machine, Mapping):
            own += [] if own else [Fault(f"a state machine is an object, not {kind_of(machine)}.", spot)]
            machine = {}
        count = len(self._faults)
        called, _ = self._filled(machine.get("id") or machine.get("name"), spot)
        own += self._faults[count:]
        del self._faults[count:]
        name = machine.get("name")
        resource = Resource(
            logical_id=_normalised(called)
            if isinstance(called, str)
            else f"{_normalised(key)}StepFunctionsStateMachine",
            type=STATE_MACHINES[0],
            properties={} if name is None else {"StateMachineName": name},
            spots={"StateMachineName": spot / "name"},
            spot=spot,
            keys=(key,),
        )
        self._machines.append((key, machine, spot, resource))
        return resource

    def _machine(self, key: str, machine: Mapping[str, Any], spot: Spot, resource: Resource) -> TemplateMachine | None:
        stack = self._stack
        if self._faults_of[key]:
            stack.faults += self._faults_of[key]
            return None
        count = len(stack.faults)
        kind = type_of(stack, machine.get("type", DEFAULT_TYPE), spot / "type")
        if "definition" not in machine:
            stack.faults.append(Fault("it has no definition.", spot))
            return None
        read = self._definition(machine["definition"], spot / "definition")
        if read is None or len(stack.faults) > count:
            return None
        return finished(stack, resource, kind, read, key=key)

    def _definition(self, value: Any, spot: Spot) -> ReadDefinition | None:
        stack = self._stack
        try:
            value, spot = self._variables.fill_in(value, spot) if isinstance(value, str) else (value, spot)
        except UnresolvableError as error:
            stack.faults.append(Fault(error.why, error.spot))
            return None
        if isinstance(value, str):
            return definition_in_text(stack, value, spot, Placeholders(stack))
        # If the text contains a function or a pseudo parameter, the plugin turns the whole text into one Fn::Sub.
        is_substituted = _has_functions(value)

        def plain(text: str, at: Spot) -> Any:
            if is_substituted or "#{" in text or "${AWS::" in text:
                if not is_substituted and "#{" not in text:
                    stack.notes.append(
                        f"{at}: {shown_value(text)} is filled in here, but by the plugin only within Fn::Sub"
                    )
                return sub(stack, _PSEUDO_PARAMETER.sub(r"${\1}", text), at)
            return text

        return resolved_definition(stack, value, spot, plain)


def _resource(logical_id: str, resource: Mapping[str, Any], spot: Spot) -> Resource:
    properties = resource.get("Properties")
    properties = properties if isinstance(properties, Mapping) else {}
    return Resource(
        logical_id=logical_id,
        type=str(resource.get("Type")),
        properties=properties,
        spots={name: spot / "Properties" / name for name in properties},
        spot=spot,
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _activity(name: str, spot: Spot) -> Resource:
    return Resource(
        logical_id=f"{_normalised(name)}StepFunctionsActivity",
        type="AWS::StepFunctions::Activity",
        properties={"Name": name},
        spots={"Name": spot},
        spot=spot,
    )


def _normalised(name: str) -> str:
    """Return a name in the form that it has in the framework's logical ids."""
    text = name.replace("-", "Dash").replace("_", "Underscore")
    return text[:1].upper() + text[1:]


def _has_functions(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(is_function(key) for key in value) or any(map(_has_functions, value.values()))
    if isinstance(value, list):
        return any(map(_has_functions, value))
    return isinstance(value, str) and "#{" in value
