"""A stack as CloudFormation would create it from a template: parameters, conditions, mappings, resources, and values.

Values are computed when they are used, so a value that no machine needs is never a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources.yaml_source import NotAName
from pytest_sfn_sync.templates import conditions
from pytest_sfn_sync.templates.documents import Spot, is_function
from pytest_sfn_sync.templates.parameters import Parameters, url_suffix_of
from pytest_sfn_sync.templates.plausible_values import PlausibleValues
from pytest_sfn_sync.templates.resource_kinds import NESTED_STACKS, SAM_FUNCTION, STATE_MACHINES
from pytest_sfn_sync.templates.resources import Resource, Resources
from pytest_sfn_sync.templates.template_budget import TemplateBudget
from pytest_sfn_sync.templates.template_faults import Fault, UnresolvableError, nearest_sentence
from pytest_sfn_sync.templates.template_functions import FUNCTIONS, NO_VALUE, chosen_by_if

_OUTPUTS: Final = "Outputs."

Text = Callable[[str, Spot], "tuple[Any, Spot]"]
"""Returns the value of a text of the template, and its spot; in serverless.yml a text may be a variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The settings with which a template is read: the place of the deployment, and the values from the test.

    ``definitions`` has the files of definitions by machine. ``fitting`` has plausible values that fit their places, by
    the names of parameters, exports and attributes. ``name_prefix`` begins the plausible names of resources without a
    name, which differ in each nested stack.

    If ``invents_numbers`` is True, a Number of which nothing is known gets a plausible value too, and a template may
    have no machine that can be read. It is for checks that do not run a machine.
    """

    region: str
    account_id: str
    partition: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    resources: Mapping[str, Any] = field(default_factory=dict)
    definitions: Mapping[str, Path] = field(default_factory=dict)
    fitting: Mapping[str, str] = field(default_factory=dict)
    name_prefix: str = ""
    invents_numbers: bool = False


class Stack:
    """The values of one template; ``faults`` has the values that `resolve` could not compute, ``notes`` has remarks."""

    def __init__(
        self,
        sections: Mapping[str, Any],
        spot: Spot,
        resources: Iterable[Resource],
        environment: Environment,
        *,
        text: Text = lambda text, spot: (text, spot),
        notes: list[str] | None = None,
        budget: TemplateBudget | None = None,
        child: Callable[[Stack, Resource], Stack | None] = lambda stack, resource: None,
    ) -> None:
        region, account_id, partition = environment.region, environment.account_id, environment.partition
        self.region = region
        self.faults: list[Fault] = []
        self.notes: list[str] = [] if notes is None else notes
        self.budget = TemplateBudget() if budget is None else budget
        self.plausible = PlausibleValues(environment.fitting)
        self.text = text
        self._sections = sections
        self.spot = spot
        suffix = url_suffix_of(partition)
        self.parameters = Parameters(
            self._section("Parameters"),
            spot / "Parameters",
            given=environment.parameters,
            pseudo={
                "AWS::Region": region,
                "AWS::AccountId": account_id,
                "AWS::Partition": partition,
                "AWS::URLSuffix": suffix,
            },
            plausible=self.plausible,
            invents_numbers=environment.invents_numbers,
        )
        self.given_resources = environment.resources
        self.resources = Resources(
            resources,
            given=environment.resources,
            stack={"region": region, "account": account_id, "partition": partition, "suffix": suffix},
            evaluate=self.evaluate,
            plausible=self.plausible,
            name_prefix=environment.name_prefix,
        )
        self._make_child = child
        self._children: dict[str, Stack | None] = {}
        self._definitions = environment.definitions
        self._used_definitions: set[str] = set()
        self._imported: set[str] = set()
        self._conditions: dict[str, bool | UnresolvableError] = {}
        self._under_way: set[str] = set()
        self._open_values: set[Spot] = set()

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._sections.get(name)
        return section if isinstance(section, Mapping) else {}

    def resolve(self, value: Any, spot: Spot, plain: Callable[[str, Spot], Any] | None = None) -> Any:
        """Compute a value, and record a fault for each part that can't be computed.

        ``plain`` is called with each text in the value, but not with the result of a function.
        """
        self.budget.step(spot)
        try:
            if is_intrinsic(value, spot):
                return self.evaluate(value, spot)
            if isinstance(value, Mapping):
                return self._resolved_members(value, spot, plain)
            if isinstance(value, list):
                items = [self.resolve(item, spot / index, plain) for index, item in enumerate(value)]
                return [item for item in items if item is not NO_VALUE]
            if isinstance(value, str):
                stands_for, at = self.text(value, spot)
                if stands_for is not value:
                    with self._opened(at, spot):
                        return self.resolve(stands_for, at, plain)
                return value if plain is None else plain(value, spot)
        except UnresolvableError as error:
            self.faults.append(Fault(error.why, error.spot))
            return None
        return value

    def _resolved_members(
        self, value: Mapping[str, Any], spot: Spot, plain: Callable[[str, Spot], Any] | None
    ) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, member in value.items():
            name = self._key(key, spot / key, plain)
            if name in members:
                raise UnresolvableError(f"the key {shown_value(name)}, filled in, stands twice in one object.", spot)
            members[name] = self.resolve(member, spot / key, plain)
        return {name: member for name, member in members.items() if member is not NO_VALUE}

    def _key(self, key: str, spot: Spot, plain: Callable[[str, Spot], Any] | None) -> str:
        if isinstance(key, NotAName):
            raise UnresolvableError(key.why, spot)
        return key if plain is None else str(plain(key, spot))

    def evaluate(self, value: Any, spot: Spot) -> Any:
        """Compute a value; raise UnresolvableError if a part of it can't be computed."""
        self.budget.step(spot)
        if is_intrinsic(value, spot):
            (name,) = value
            function = FUNCTIONS.get(name)
            if function is None:
                raise self._with_nearest(f"{shown_text(name)} is not worked out here.", name, FUNCTIONS.keys, spot)
            return function(self, value[name], spot / name)
        if isinstance(value, Mapping):
            members = {key: self.evaluate(member, spot / key) for key, member in value.items()}
            return {key: member for key, member in members.items() if member is not NO_VALUE}
        if isinstance(value, list):
            items = [self.evaluate(item, spot / index) for index, item in enumerate(value)]
            return [item for item in items if item is not NO_VALUE]
        if isinstance(value, str):
            stands_for, at = self.text(value, spot)
            if stands_for is value:
                return value
            with self._opened(at, spot):
                return self.evaluate(stands_for, at)
        return value

    @contextmanager
    def _opened(self, at: Spot, spot: Spot) -> Iterator[None]:
        """Compute a value that a variable stands for; raise UnresolvableError if the value contains the variable."""
        if at in self._open_values:
            raise UnresolvableError("the variable stands for a value that contains the variable.", spot)
        self._open_values.add(at)
        try:
            yield
        finally:
            self._open_values.discard(at)

    def made(self, text: str, spot: Spot) -> str:
        """Return a text that a function made, and count its characters."""
        return self.budget.text(text, spot)

    def chosen(self, value: Any, spot: Spot) -> tuple[Any, Spot]:
        """Return the value that ``Fn::If`` chooses, before it is computed, and its spot; any other value unchanged."""
        while isinstance(value, Mapping) and list(value) == ["Fn::If"]:
            value, spot = chosen_by_if(self, value["Fn::If"], spot / "Fn::If")
        return value, spot

    def reference(self, name: str, spot: Spot) -> Any:
        """Return the value of ``Ref``."""
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.parameters.names:
            return self.parameters.value(name, spot)
        resource = self.resources.find(name)
        if resource is not None:
            return self.resources.reference(resource)
        if self.is_qualified(name):
            function, _, qualifier = name.partition(".")
            return self.resources.qualified(function, qualifier, spot)
        why = f"Ref names neither a parameter nor a resource: {shown_value(name)}."
        raise self._with_nearest(why, name, lambda: [*self.resources.written, *self.parameters.like(name)], spot)

    def _with_nearest(self, why: str, name: str, known: Callable[[], Iterable[str]], spot: Spot) -> UnresolvableError:
        """Return the error for a name that is not known, with those that are nearest to it."""
        near = f" {nearest_sentence(name, known())}" if self.budget.may_search() else ""
        return UnresolvableError(f"{why}{near}", spot)

    def is_qualified(self, name: str) -> bool:
        """Return whether a name is SAM's for the alias or the version of a function: ``Function.Alias``."""
        function, _, qualifier = name.partition(".")
        resource = self.resources.find(function)
        return qualifier in ("Alias", "Version") and resource is not None and resource.type == SAM_FUNCTION

    def attribute(self, name: str, attribute: str, spot: Spot) -> Any:
        """Return the value of ``Fn::GetAtt``."""
        resource = self.resources.find(name)
        if resource is None:
            why = f"Fn::GetAtt names no resource: {shown_value(name)}."
            raise self._with_nearest(why, name, lambda: self.resources.written, spot)
        if resource.type in NESTED_STACKS and attribute.startswith(_OUTPUTS):
            child = self.child_of(resource)
            if child is not None and not self.resources.is_given(resource, attribute):
                return child.output(attribute.removeprefix(_OUTPUTS), spot)
        return self.resources.attribute(resource, attribute)

    def child_of(self, resource: Resource) -> Stack | None:
        """Return the stack of a resource that is a nested stack; None if its template can't be followed."""
        key = resource.logical_id
        if key not in self._children:
            if key in self._under_way:
                raise UnresolvableError(f"the nested stack {shown_value(key)} refers to itself", resource.spot)
            self._under_way.add(key)
            try:
                self._children[key] = self._make_child(self, resource)
            finally:
                self._under_way.discard(key)
        return self._children[key]

    def output(self, name: str, spot: Spot) -> Any:
        """Return the value of an output of the stack; ``spot`` is the place that asks for it."""
        declared = self._section("Outputs")
        if name not in declared:
            why = f"the nested stack has no output {shown_value(name)}."
            raise self._with_nearest(why, name, declared.keys, spot)
        output = declared[name]
        value = output.get("Value") if isinstance(output, Mapping) else None
        return self.evaluate(value, self.spot / "Outputs" / name / "Value")

    def imported(self, name: str) -> Any:
        """Return the value of ``Fn::ImportValue``: the one that the test gave for the export, or a plausible one."""
        self._imported.add(name)
        given = self.given_resources.get(name)
        return self.plausible.guess(name, name, "resources") if given is None else given

    def condition(self, name: str, spot: Spot) -> bool:
        """Return whether a condition of the template is true."""
        declared = self._section("Conditions")
        if name not in declared:
            raise self._with_nearest(f"there is no condition {shown_value(name)}.", name, declared.keys, spot)
        if name in self._under_way:
            raise UnresolvableError(f"the condition {shown_value(name)} refers to itself", spot)
        if name not in self._conditions:
            self._under_way.add(name)
            try:
                self._conditions[name] = conditions.holds(self, declared[name], self.spot / "Conditions" / name)
            except UnresolvableError as error:
                self._conditions[name] = error
            finally:
                self._under_way.discard(name)
        found = self._conditions[name]
        if isinstance(found, UnresolvableError):
            raise found
        return found

    def mapping(self, keys: list[str], spot: Spot) -> Any:
        """Find a value in ``Mappings`` by the name of the map and two keys."""
        found: Any = self._section("Mappings")
        for depth, key in enumerate(keys):
            if not isinstance(found, Mapping) or key not in found:
                place = "/".join(("Mappings", *keys[:depth]))
                why = f"Fn::FindInMap finds no {shown_value(key)} in {shown_text(place)}."
                if not isinstance(found, Mapping):
                    raise UnresolvableError(f"{why} It holds no object.", spot)
                raise self._with_nearest(why, key, found.keys, spot)
            found = found[key]
        return found

    def _is_within_child(self, name: str) -> bool:
        resource = self.resources.find_loosely(name.partition(".")[0]) if "." in name else None
        return resource is not None and resource.type in NESTED_STACKS

    def check_given(self) -> None:
        """Record a fault for each parameter and resource that the test gave but that the template does not have."""
        self.faults += self.parameters.faults()
        self._check_definitions()
        strange = [
            name
            for name in self.given_resources
            if self.resources.find_loosely(name) is None and not self._is_within_child(name)
        ]
        if not strange:
            return
        exports = self._imported | self._all_imports()
        for name in strange:
            if name not in exports:
                near = nearest_sentence(name, [*self.resources.written, *exports])
                why = "but the template has no such resource and imports no such value."
                self.faults.append(Fault(f"resources= has {shown_value(name)}, {why} {near}", None))

    def definition_of(self, resource: Resource) -> Path | None:
        """Return the file that the test gave for the definition of a machine."""
        for name in (*self.resources.names_of(resource), self.resources.name_of(resource)):
            if name in self._definitions:
                self._used_definitions.add(name)
                return self._definitions[name]
        return None

    def _check_definitions(self) -> None:
        machines = [resource for resource in self.resources.by_id.values() if resource.type in STATE_MACHINES]
        names = {name for one in machines for name in (*self.resources.names_of(one), self.resources.name_of(one))}
        for name in self._definitions:
            if self._is_within_child(name):
                continue
            if name not in names:
                near = nearest_sentence(name, [self.resources.names_of(one)[0] for one in machines])
                self.faults.append(Fault(f"definitions= has {shown_value(name)}, but no machine has it. {near}", None))
            elif name not in self._used_definitions:
                why = "but the template itself has its definition."
                self.faults.append(Fault(f"definitions= has {shown_value(name)}, {why}", None))

    def _all_imports(self) -> set[str]:
        found: set[str] = set()
        with self.plausible.unnoticed():
            for argument, spot in _arguments_of("Fn::ImportValue", self._sections, self.spot):
                try:
                    name = self.evaluate(argument, spot)
                except UnresolvableError:
                    continue
                if isinstance(name, str):
                    found.add(name)
        return found


def is_intrinsic(value: Any, spot: Spot) -> bool:
    """Return whether a value calls an intrinsic function; raise UnresolvableError if it also has other members."""
    if not isinstance(value, Mapping):
        return False
    functions = [key for key in value if is_function(key)]
    if not functions:
        return False
    if len(value) == 1:
        return True
    if functions == ["Ref"]:
        return False
    function = next(name for name in functions if name != "Ref")
    raise UnresolvableError(f"{shown_text(function)} stands beside other members, so it is not worked out here.", spot)


def _arguments_of(function: str, value: Any, spot: Spot) -> Iterable[tuple[Any, Spot]]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            if key == function:
                yield member, spot / key
            yield from _arguments_of(function, member, spot / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _arguments_of(function, item, spot / index)
