"""The state machines that a fake knows: definitions are read, checked and compiled here, once in a process.

`Registry.register` reads a definition from a dict, a JSON or YAML text, or a file. It fills in the ``${Name}``
placeholders, compiles the definition, and keeps the `RegisteredMachine` under its ARN. A mistake in the definition
raises a `DefinitionError` with all mistakes. This package does not run machines or answer requests.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace as replace_fields
from datetime import timedelta
from typing import Any, Final

from pytest_sfn_sync.argument_checks import is_one_of
from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS, STANDARD
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.validation.integrations import Integrations
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.errors import DefinitionError, OptionError, SfnSyncUsageError
from pytest_sfn_sync.registry.compiled_definitions import shared_definitions
from pytest_sfn_sync.registry.definition_source import (
    DefinitionSource,
    FindLineMap,
    Reading,
    known_placeholders,
    no_line_map,
)
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.registry.registration_warnings import warn_of
from pytest_sfn_sync.registry.state_machine import RegisteredMachine, StateMachineVersion
from pytest_sfn_sync.shown_text import shown_value

__all__ = [
    "DefinitionSource",
    "Registry",
    "RegisteredMachine",
    "StateMachineVersion",
]

MACHINE_TYPES: Final = (EXPRESS, STANDARD)


class AlreadyRegisteredError(DefinitionError):
    """A machine with another definition, type or role is registered under the name already."""

    __module__ = "pytest_sfn_sync"


class Registry:
    """The machines of one fake by ARN. Iteration yields them in the order of their registration, then those of `outer`.

    ``integrations`` knows the integrations of AWS; without it, every integration is accepted. ``outer`` is the registry
    of the fake around this one: a machine that is not registered here is looked up there.
    """

    def __init__(
        self,
        *,
        region: str = DEFAULT_REGION,
        account_id: str = DEFAULT_ACCOUNT_ID,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
        integrations: Integrations | None = None,
    ) -> None:
        self.region = region
        self.account_id = account_id
        self._now = now
        self.integrations = integrations
        self.outer: Registry | None = None
        self.make_machine: Callable[..., RegisteredMachine] = RegisteredMachine
        self._by_arn: dict[str, RegisteredMachine] = {}
        self._broken: dict[str, SfnSyncUsageError] = {}
        self._deferred: dict[str, Callable[[], object]] = {}

    def register(
        self,
        name: str,
        definition: DefinitionSource,
        *,
        type: str = EXPRESS,
        role_arn: str | None = None,
        region: str | None = None,
        account_id: str | None = None,
        substitutions: Mapping[str, Any] | None = None,
        source: str | None = None,
        line_map: FindLineMap = no_line_map,
        replace: bool = False,
    ) -> RegisteredMachine:
        """Read, check and compile a definition; register the machine and return it.

        ``definition`` is a dict, JSON text (a str whose first character that isn't white space is ``{``), YAML text (a
        str of several lines), or a path (any other str, or a Path). A file is YAML if its suffix says so. ``source`` is
        the name for messages of a definition that is not a file; ``line_map`` then returns the places of its parts.

        ``substitutions`` has the values of ``${Name}`` placeholders in strings, in keys, and bare in JSON text. If a
        string is exactly one placeholder, it becomes the value itself: a number stays a number, a dict a dict. Inside a
        longer string the value must be a string, a number or a boolean. It is written as CloudFormation's
        DefinitionSubstitutions would write it. For a bare placeholder in JSON text, a str is inserted without changes,
        and any other value as JSON. Values are not searched for placeholders. ``${AWS::Region}``,
        ``${AWS::AccountId}`` and ``${AWS::Partition}`` have values without being given.

        If the same machine is already registered, return it. The same name with another definition, type or role is
        refused, unless ``replace=True``. This keeps the versions and aliases, as UpdateStateMachine does.

        Raise DefinitionError with all faults and their locations, or OptionError for an unknown ``type``. Report things
        that may fail on AWS, or can't be checked here, in one DefinitionWarning.
        """
        if not is_one_of(type, *MACHINE_TYPES):
            raise OptionError(
                f"Machine {shown_value(name)} has the type {shown_value(type)}; write 'EXPRESS' or 'STANDARD'."
            )
        region = self.region if region is None else region
        account_id = self.account_id if account_id is None else account_id
        partition = partition_of(region)
        known = known_placeholders(region, account_id)
        reading = Reading(name=name, source=source, known=known, substitutions=substitutions, line_map=line_map)
        reading.check_name()
        read = shared_definitions.compile(reading, definition, machine_type=type, integrations=self.integrations)
        machine = self._machine(
            name=name,
            type=type,
            document=read.document,
            compiled=read.compiled,
            size=read.size,
            role_arn=f"arn:{partition}:iam::{account_id}:role/StepFunctionsRole" if role_arn is None else role_arn,
            region=region,
            account_id=account_id,
        )
        machine.source, machine.find_line_map = reading.source, reading.line_map
        kept = self._keep(machine, replace=replace)
        if kept is machine:
            warn_of(reading)
        return kept

    def arn_of(self, name: str, region: str) -> str:
        """Return the ARN that a machine of this name has in this account and a region."""
        return _arn_of(name, region, self.account_id)

    def create(
        self, name: str, document: JSON, compiled: StateMachineDefinition, *, type: str, role_arn: str, region: str
    ) -> RegisteredMachine:
        """Add a machine that came through the API, which has checked it, and return it."""
        machine = self.unregistered(name, document, compiled, type=type, role_arn=role_arn, region=region)
        self._by_arn[machine.arn] = machine
        self._broken.pop(machine.arn, None)
        return machine

    def unregistered(
        self,
        name: str,
        document: JSON,
        compiled: StateMachineDefinition,
        *,
        role_arn: str,
        region: str,
        type: str = EXPRESS,
    ) -> RegisteredMachine:
        """Return a machine of this account that is not registered, such as that of TestState."""
        return self._machine(
            name=name,
            type=type,
            document=document,
            compiled=compiled,
            role_arn=role_arn,
            region=region,
            account_id=self.account_id,
        )

    def update(self, machine: RegisteredMachine, document: JSON, compiled: StateMachineDefinition) -> RegisteredMachine:
        """Replace a machine by a new revision with another definition, where it is registered; return the revision."""
        revision = replace_fields(
            machine,
            document=document,
            compiled=compiled,
            definition_size=_size_of(document),
            source=None,
            find_line_map=no_line_map,
        )
        self._owner_of(machine)._by_arn[machine.arn] = revision
        return revision

    def delete(self, machine: RegisteredMachine) -> None:
        """Remove a machine with its versions and aliases, where it is registered."""
        self._owner_of(machine)._by_arn.pop(machine.arn, None)

    def _owner_of(self, machine: RegisteredMachine) -> Registry:
        """Return the registry that has a machine: this one, or one of a fake around it."""
        registry: Registry | None = self
        while registry is not None:
            if machine.arn in registry._by_arn:
                return registry
            registry = registry.outer
        return self

    def _machine(
        self,
        *,
        name: str,
        type: str,
        document: JSON,
        compiled: StateMachineDefinition,
        role_arn: str,
        region: str,
        account_id: str,
        size: int | None = None,
    ) -> RegisteredMachine:
        prefix = f"arn:{partition_of(region)}:states:{region}:{account_id}"
        kind = "express" if type == EXPRESS else "execution"
        return self.make_machine(
            name=name,
            arn=_arn_of(name, region, account_id),
            type=type,
            document=document,
            compiled=compiled,
            role_arn=role_arn,
            region=region,
            creation_date=EPOCH + timedelta(microseconds=self._now()),
            definition_size=_size_of(document) if size is None else size,
            execution_arn_prefix=f"{prefix}:{kind}:{name}:",
        )

    def keep_broken(self, name: str, error: SfnSyncUsageError, *, region: str, account_id: str, replace: bool) -> None:
        """Keep the error of a machine that could not be registered; `find` raises it for the machine's ARN.

        A machine that is already registered under that ARN stays, unless ``replace`` is True.
        """
        arn = _arn_of(name, region, account_id)
        if replace:
            self._by_arn.pop(arn, None)
        if arn not in self._by_arn:
            self._broken[arn] = error

    def register_when_used(self, name: str, register: Callable[[], object]) -> None:
        """Call a function that registers a machine of this registry's region when the machine is looked up first.

        If the function raises a usage error, looking the machine up raises it.
        """
        self._deferred[self.arn_of(name, self.region)] = register

    def _register_deferred(self, arn: str) -> None:
        register = self._deferred.get(arn)
        if register is None:  # another thread has just registered it
            return
        try:
            register()
        except SfnSyncUsageError as error:
            self._broken[arn] = error
        # Removed only now, as another thread may look the machine up meanwhile.
        self._deferred.pop(arn, None)

    def _keep(self, machine: RegisteredMachine, *, replace: bool) -> RegisteredMachine:
        before = self._by_arn.get(machine.arn)
        if before is not None:
            changed = _differences(before, machine)
            if not changed:
                return before
            if not replace:
                raise AlreadyRegisteredError(
                    f"A machine named {shown_value(machine.name)} is registered already, with another "
                    f"{' and '.join(changed)}.\n"
                    f"  registered: {before!r}\n"
                    f"  now:        {machine!r}\n"
                    "Give the second one another name, or write replace=True."
                )
            machine.revisions, machine.creation_date = before.revisions, before.creation_date
            machine.updated_at = EPOCH + timedelta(microseconds=self._now())
        self._by_arn[machine.arn] = machine
        self._broken.pop(machine.arn, None)
        self._deferred.pop(machine.arn, None)
        return machine

    def find(self, arn: str) -> RegisteredMachine | None:
        """Find the machine of an ARN, which may end in a version or an alias; None if there is no such machine.

        A machine that is registered here hides those of the same ARN in `outer`, with their versions and aliases.
        Raise the error of a machine that could not be registered.
        """
        machine = self._by_arn.get(arn)
        if machine is not None:
            return machine
        unqualified, _, qualifier = arn.rpartition(":")
        for deferred in (arn, unqualified):
            if deferred in self._deferred:
                self._register_deferred(deferred)
                return self.find(arn)
        broken = self._broken.get(arn) or self._broken.get(unqualified)
        if broken is not None:
            raise broken.at(f"{arn} was not registered")
        machine = self._by_arn.get(unqualified)
        if machine is not None:
            return machine.qualified(qualifier)
        return None if self.outer is None else self.outer.find(arn)

    def nearest(self, arn: str) -> list[RegisteredMachine]:
        """Return all machines; first those whose ARN is most like ``arn``, which was not found."""
        by_arn = self._visible()
        return [by_arn[near] for near in nearest_first(arn, by_arn)]

    @property
    def own(self) -> list[RegisteredMachine]:
        """The machines that are registered here, without those of `outer`."""
        for arn in list(self._deferred):
            self._register_deferred(arn)
        return list(self._by_arn.values())

    def clear(self) -> None:
        """Remove all machines that are registered here."""
        self._by_arn.clear()
        self._broken.clear()
        self._deferred.clear()

    def _visible(self) -> dict[str, RegisteredMachine]:
        own = {machine.arn: machine for machine in self.own}
        if self.outer is None:
            return own
        hidden = own.keys() | self._broken.keys()
        return own | {arn: machine for arn, machine in self.outer._visible().items() if arn not in hidden}

    def __iter__(self) -> Iterator[RegisteredMachine]:
        return iter(self._visible().values())

    def __len__(self) -> int:
        return len(self._visible())


def _arn_of(name: str, region: str, account_id: str) -> str:
    return f"arn:{partition_of(region)}:states:{region}:{account_id}:stateMachine:{name}"


def _differences(before: RegisteredMachine, machine: RegisteredMachine) -> list[str]:
    pairs = {
        "definition": (_canonical(before.document), _canonical(machine.document)),
        "type": (before.type, machine.type),
        "role": (before.role_arn, machine.role_arn),
    }
    return [what for what, (old, new) in pairs.items() if old != new]


def _size_of(document: JSON) -> int:
    return len(_canonical(document).encode("utf-8", "surrogatepass"))


def _canonical(document: JSON) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
