"""A registered state machine with its versions and aliases: the handle that `Registry.register` returns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final

from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.shown_text import shown_names, shown_value
from pytest_sfn_sync.sources import LineMap

_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_ALIAS_NAME: Final = re.compile(r"(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}")
_ALL_WEIGHT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The configurations of a machine that only AWS acts on; each has the members of the API."""

    logging: Mapping[str, Any] = field(default_factory=lambda: {"level": "OFF", "includeExecutionData": False})
    tracing: Mapping[str, Any] = field(default_factory=lambda: {"enabled": False})
    encryption: Mapping[str, Any] = field(default_factory=lambda: {"type": "AWS_OWNED_KEY"})


@dataclass(slots=True, kw_only=True, eq=False)
class Revisions:
    """The parts that all revisions of a machine share; an update makes a new `RegisteredMachine`.

    ``versions`` has the published versions by number, ``aliases`` the aliases by name, and ``tags`` the values by key.
    ``last_version`` is the highest number that was ever published. ``status`` is ``ACTIVE`` or ``DELETING``.
    ``created_with`` are the arguments ``publish`` and ``versionDescription`` of CreateStateMachine.
    """

    status: str = "ACTIVE"
    versions: dict[int, StateMachineVersion] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    last_version: int = 0
    created_with: tuple[bool, str | None] = (False, None)


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class RegisteredMachine:
    """A registered state machine, in one revision.

    ``document`` is the definition with its placeholders filled in. Machines of the same definition share it, also those
    of other tests, so it is never changed; ``definition`` is a copy. ``compiled`` is the model that the interpreter
    runs.
    ``source`` is the file of the definition, None if there is no file; ``line_map`` has the places of its parts.
    ``given_text`` is the text of a definition that came through the API. ``revision_id`` and ``updated_at`` are None
    for a machine that was never updated.
    """

    name: str
    arn: str
    type: str
    document: JSON
    compiled: StateMachineDefinition
    role_arn: str
    region: str
    creation_date: datetime
    definition_size: int
    execution_arn_prefix: str
    source: str | None = None
    find_line_map: Callable[[], LineMap | None] = field(default=lambda: None)
    given_text: str | None = None
    revision_id: str | None = None
    updated_at: datetime | None = None
    configuration: Configuration = field(default_factory=Configuration)
    revisions: Revisions = field(default_factory=Revisions)
    _definition: JSON = field(default=MISSING, init=False)

    @property
    def definition(self) -> JSON:
        """A copy of the definition with its placeholders filled in."""
        if self._definition is MISSING:
            self._definition = copied(self.document)
        return self._definition

    @property
    def status(self) -> str:
        """``ACTIVE``, or ``DELETING`` for a machine that is about to be deleted."""
        return self.revisions.status

    @property
    def versions(self) -> dict[int, StateMachineVersion]:
        """The published versions by number."""
        return self.revisions.versions

    @property
    def aliases(self) -> dict[str, Alias]:
        """The aliases by name."""
        return self.revisions.aliases

    @property
    def text(self) -> str:
        """The text of the definition, as DescribeStateMachine returns it.

        It is the text that CreateStateMachine or UpdateStateMachine got; for another machine it is compact JSON.
        """
        return compact(self.document) if self.given_text is None else self.given_text

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
        version = self.published_version(description) or self.publish(description, self.creation_date)
        return version.arn

    def published_version(
        self, description: str | None, *, compares_description: bool = False
    ) -> StateMachineVersion | None:
        """Return the newest version of this revision, or None.

        Documented: PublishStateMachineVersion does not compare the description. Measured: UpdateStateMachine does, and
        publishes another version.
        """
        for version in reversed(self.versions.values()):
            if version.machine is self and not (
                compares_description and description not in (None, version.description)
            ):
                return version
        return None

    def publish(self, description: str | None, now: datetime) -> StateMachineVersion:
        """Publish this revision as a version. Recorded: the number of a deleted version is never used again."""
        number = self.revisions.last_version = self.revisions.last_version + 1
        version = StateMachineVersion(
            number=number, arn=f"{self.arn}:{number}", description=description, creation_date=now, machine=self
        )
        self.versions[number] = version
        return version

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
        alias = Alias(name=name, arn=f"{self.arn}:{name}", routing={number: _ALL_WEIGHT}, date=self.creation_date)
        self.aliases[name] = alias
        return alias.arn

    def mark_deleting(self) -> None:
        """Set the status to ``DELETING``, so that calls for this machine are answered with StateMachineDeleting."""
        self.revisions.status = "DELETING"

    def qualified(self, qualifier: str, random: Random | None = None) -> RegisteredMachine | None:
        """Find the machine of a version number or an alias name; None if there is no such version or alias."""
        version = self.version_of(qualifier, random)
        return None if version is None else version.machine

    def version_of(self, qualifier: str, random: Random | None = None) -> StateMachineVersion | None:
        """Find the version of a number or of an alias, which chooses by weight among its versions."""
        alias = self.aliases.get(qualifier)
        number = self._version_number(qualifier) if alias is None else alias.route(random)
        return self.versions.get(number)

    @staticmethod
    def _version_number(text: str) -> int:
        last = text.rpartition(":")[2]
        return int(last) if _NUMBER.fullmatch(last) else 0

    def __repr__(self) -> str:
        came_from = "" if self.source is None else f" from {self.source}"
        state_names = list(self.document.get("States", ()))
        states = ", ".join(state_names[:4]) + (", ..." if len(state_names) > 4 else "")
        return f"<StateMachine {self.name!r} {self.type} {self.status} {self.arn}{came_from}, states: {states}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachineVersion:
    """A published version: the machine as it was at that moment, with a number that is never used again."""

    number: int
    arn: str
    description: str | None
    creation_date: datetime
    machine: RegisteredMachine = field(repr=False)


class Alias:
    """A name for one or two published versions; ``routing`` has the weight in percent of each by its number."""

    __slots__ = ("arn", "creation_date", "description", "name", "routing", "updated_at")

    def __init__(
        self, *, name: str, arn: str, routing: dict[int, int], date: datetime, description: str | None = None
    ) -> None:
        self.name = name
        self.arn = arn
        self.routing = routing
        self.description = description
        self.creation_date = date
        self.updated_at = date

    def route(self, random: Random | None = None) -> int:
        """Return the number of the version that answers a call; with two versions, it is drawn by weight."""
        numbers = [number for number, weight in self.routing.items() if weight]
        if len(numbers) == 1 or random is None:
            return numbers[0]
        return random.choices(numbers, [self.routing[number] for number in numbers])[0]
