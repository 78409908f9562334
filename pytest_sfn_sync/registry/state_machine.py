"""A registered state machine with its versions and aliases: the handle that `Registry.register` returns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.shown_text import shown_names, shown_value
from pytest_sfn_sync.sources import LineMap

_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_ALIAS_NAME: Final = re.compile(r"(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}")


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class StateMachine:
    """A registered state machine.

    ``definition`` is the document with its placeholders filled in. ``compiled`` is the model that the interpreter runs.
    ``source`` is the file of the definition, None if there is no file; ``line_map`` has the places of its parts.
    ``versions`` has the published versions by number, and ``aliases`` has the version numbers by alias name.
    ``status`` is ``ACTIVE`` or ``DELETING``.
    """

    name: str
    arn: str
    type: str
    definition: JSON
    compiled: StateMachineDefinition
    role_arn: str
    region: str
    creation_date: datetime
    definition_size: int
    execution_arn_prefix: str
    source: str | None = None
    find_line_map: Callable[[], LineMap | None] = field(default=lambda: None)
    status: str = "ACTIVE"
    versions: dict[int, StateMachineVersion] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)

    @property
    def line_map(self) -> LineMap | None:
        """The places of the definition's parts in its source; None if the definition did not come from a text.

        The source is read again at each use, so that tests that only run machines are not slower.
        """
        return self.find_line_map()

    @public_door
    def publish_version(self, description: str | None = None) -> str:
        """Publish the definition as the next version and return the version's ARN.

        If the definition is already published, return that version's ARN, as PublishStateMachineVersion does.
        """
        check_arguments("publish_version", description=description)
        for version in self.versions.values():
            if version.machine is self:
                return version.arn
        number = max(self.versions, default=0) + 1
        version = StateMachineVersion(number=number, arn=f"{self.arn}:{number}", description=description, machine=self)
        self.versions[number] = version
        return version.arn

    @public_door
    def create_alias(self, name: str, version: int | str) -> str:
        """Register an alias for a published version, and return the alias's ARN.

        ``version`` is the number or the ARN of the version. Raise OptionError for a name that AWS refuses, and for a
        version that was not published.
        """
        check_arguments("create_alias", name=name, version=version)
        if _ALIAS_NAME.fullmatch(name) is None:
            raise OptionError(
                f"{shown_value(name)} can't be an alias of machine {self.name!r}: "
                "an alias has 1 to 80 of the characters A-Z a-z 0-9 _ - . and not only digits."
            )
        number = version if isinstance(version, int) else self._version_number(version)
        if number not in self.versions:
            published = shown_names(self.versions) or "none; call publish_version() first"
            raise OptionError(
                f"Alias {name!r} of machine {self.name!r} names version {shown_value(version)}, which was not "
                f"published (published: {published})."
            )
        self.aliases[name] = number
        return f"{self.arn}:{name}"

    def mark_deleting(self) -> None:
        """Set the status to ``DELETING``, so that calls for this machine are answered with StateMachineDeleting."""
        self.status = "DELETING"
        for version in self.versions.values():
            version.machine.status = "DELETING"

    def qualified(self, qualifier: str) -> StateMachine | None:
        """Find the machine of a version number or an alias name; None if there is no such version or alias."""
        number = self.aliases.get(qualifier)
        if number is None:
            number = self._version_number(qualifier)
        version = self.versions.get(number)
        return None if version is None else version.machine

    @staticmethod
    def _version_number(text: str) -> int:
        last = text.rpartition(":")[2]
        return int(last) if _NUMBER.fullmatch(last) else 0

    def __repr__(self) -> str:
        came_from = "" if self.source is None else f" from {self.source}"
        state_names = list(self.definition.get("States", ()))
        states = ", ".join(state_names[:4]) + (", ..." if len(state_names) > 4 else "")
        return f"<StateMachine {self.name!r} {self.type} {self.status} {self.arn}{came_from}, states: {states}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachineVersion:
    """A published version: the machine as it was at that moment, with a number that is never used again."""

    number: int
    arn: str
    description: str | None
    machine: StateMachine = field(repr=False)
