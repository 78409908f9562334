"""The state machines that a fake knows: definitions are read, checked and compiled here, once, when registered.

`Registry.register` takes a definition as a dict, as JSON text or as a file, fills in its ``${Name}`` placeholders, has
it parsed and keeps the `StateMachine` under its ARN. Every mistake in it is a `DefinitionError`, and all mistakes of
one definition are told at once. Nothing here runs a machine or answers a request.
"""

from __future__ import annotations

import json
import math
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.parser import InvalidDefinition, parse_definition
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.errors import DefinitionError, OptionError

DefinitionSource: TypeAlias = "Mapping[str, Any] | str | os.PathLike[str]"
"""A definition as `Registry.register` takes it: a dict, JSON text, or the path of a JSON file."""

DEFAULT_REGION: Final = "us-east-1"
DEFAULT_ACCOUNT_ID: Final = "123456789012"
MACHINE_TYPES: Final = ("EXPRESS", "STANDARD")

_PARTITIONS: Final = {
    "cn": "aws-cn",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "us-isof": "aws-iso-f",
    "eu-isoe": "aws-iso-e",
    "eusc": "aws-eusc",
}

NAME_MAX_LENGTH: Final = 80
_FORBIDDEN_IN_NAMES: Final = re.compile('[\\s<>{}\\[\\]?*"#%\\\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]')
_ALIAS_NAME: Final = re.compile(r"(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}")

_PLACEHOLDER_NAME: Final = r"\$\{([\w-]+(?:(?:\.|::)[\w-]+)*)\}"
_PLACEHOLDER: Final = re.compile(_PLACEHOLDER_NAME)
_STRING_OR_PLACEHOLDER: Final = re.compile(r'"(?:[^"\\]|\\.)*"|' + _PLACEHOLDER_NAME)


def is_valid_name(name: str) -> bool:
    """Tell whether a name obeys AWS's rule for machines and executions (the length is checked elsewhere).

    Source: the API's StartExecution page; the refusal of each character is recorded.
    """
    return _FORBIDDEN_IN_NAMES.search(name) is None


def partition_of(region: str) -> str:
    """Name the partition of a region, the second part of its ARNs: ``aws-cn`` for ``cn-north-1``."""
    return _PARTITIONS.get(region.rsplit("-", 2)[0], "aws")


def nearest_first(name: str, candidates: Iterable[str]) -> list[str]:
    """Order names by their likeness to a name that was not found, for messages."""
    from difflib import SequenceMatcher  # only a mistake needs it

    lowered = name.lower()
    return sorted(candidates, key=lambda candidate: -SequenceMatcher(None, lowered, candidate.lower()).ratio())


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class StateMachine:
    """A registered state machine.

    ``definition`` is the document with its placeholders filled in; ``compiled`` is what the interpreter runs;
    ``source`` is the file that it was read from, if any; ``versions`` holds what was published, by number, and
    ``aliases`` the version numbers by alias name. ``status`` is ``ACTIVE`` or ``DELETING``.
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
    status: str = "ACTIVE"
    versions: dict[int, StateMachineVersion] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)

    def publish_version(self, description: str | None = None) -> str:
        """Publish the definition as the next version and return the version's ARN.

        Publishing what is published already returns that version's ARN, as PublishStateMachineVersion does.
        """
        for version in self.versions.values():
            if version.machine is self:
                return version.arn
        number = max(self.versions, default=0) + 1
        version = StateMachineVersion(number=number, arn=f"{self.arn}:{number}", description=description, machine=self)
        self.versions[number] = version
        return version.arn

    def create_alias(self, name: str, version: int | str) -> str:
        """Let an alias name a published version, given by number or ARN, and return the alias's ARN.

        Raises OptionError for a name that AWS refuses and for a version that was not published.
        """
        if _ALIAS_NAME.fullmatch(name) is None:
            raise OptionError(
                f"{name!r} can't be an alias of machine {self.name!r}: "
                "an alias has 1 to 80 of the characters A-Z a-z 0-9 _ - . and not only digits."
            )
        number = version if isinstance(version, int) else self._version_number(version)
        if number not in self.versions:
            published = ", ".join(map(str, self.versions)) or "none; call publish_version() first"
            raise OptionError(
                f"Alias {name!r} of machine {self.name!r} names version {version!r}, which was not published "
                f"(published: {published})."
            )
        self.aliases[name] = number
        return f"{self.arn}:{name}"

    def mark_deleting(self) -> None:
        """From now on calls for this machine are answered with StateMachineDeleting."""
        self.status = "DELETING"
        for version in self.versions.values():
            version.machine.status = "DELETING"

    def qualified(self, qualifier: str) -> StateMachine | None:
        """Find what a version number or an alias name stands for; None where there is no such version or alias."""
        number = self.aliases.get(qualifier)
        if number is None:
            number = self._version_number(qualifier)
        version = self.versions.get(number)
        return None if version is None else version.machine

    @staticmethod
    def _version_number(text: str) -> int:
        last = text.rpartition(":")[2]
        return int(last) if last.isascii() and last.isdigit() else 0

    def __repr__(self) -> str:
        came_from = "" if self.source is None else f" from {self.source}"
        state_names = list(self.definition.get("States", ()))
        states = ", ".join(state_names[:4]) + (", ..." if len(state_names) > 4 else "")
        return f"<StateMachine {self.name!r} {self.type} {self.status} {self.arn}{came_from}, states: {states}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachineVersion:
    """A published version: the machine as it was registered at that moment, under a number that is never used again."""

    number: int
    arn: str
    description: str | None
    machine: StateMachine = field(repr=False)


class Registry:
    """The machines of one fake, by ARN; iterating gives them in the order of their registration."""

    def __init__(
        self,
        *,
        region: str = DEFAULT_REGION,
        account_id: str = DEFAULT_ACCOUNT_ID,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self.region = region
        self.account_id = account_id
        self._now = now
        self._by_arn: dict[str, StateMachine] = {}

    def register(
        self,
        name: str,
        definition: DefinitionSource,
        *,
        type: str = "EXPRESS",
        role_arn: str | None = None,
        region: str | None = None,
        account_id: str | None = None,
        substitutions: Mapping[str, Any] | None = None,
        source: str | None = None,
        replace: bool = False,
    ) -> StateMachine:
        """Read, check and compile a definition and keep it as a machine; return the machine.

        ``definition`` is a dict, JSON text (a str whose first character that isn't white space is ``{``), or a path:
        any other str, or a Path. ``source`` is what messages call it where it is not a file.

        ``substitutions`` gives values for ``${Name}`` placeholders, wherever they stand in a string, a key, or bare in
        JSON text. A string that is nothing but one placeholder becomes the value itself: a number stays a number, a
        dict a dict. Inside a longer string the value must be a string, a number or a boolean, and is written as
        CloudFormation's DefinitionSubstitutions would write it. Bare in JSON text, a str is inserted as it stands and
        any other value as JSON. Values are not searched for placeholders. ``${AWS::Region}``, ``${AWS::AccountId}``
        and ``${AWS::Partition}`` are known without being given.

        Registering the same machine again returns the one there is; the same name with another definition, type or role
        is refused unless ``replace=True``, which keeps the versions and aliases, as UpdateStateMachine does.

        Raises DefinitionError, which tells every fault with its location, and OptionError for an unknown ``type``.
        """
        if type not in MACHINE_TYPES:
            raise OptionError(f"Machine {name!r} has the type {type!r}; write 'EXPRESS' or 'STANDARD'.")
        region = self.region if region is None else region
        account_id = self.account_id if account_id is None else account_id
        partition = partition_of(region)
        known = {"AWS::Region": region, "AWS::AccountId": account_id, "AWS::Partition": partition}
        reading = _Reading(name=name, source=source, known=known, substitutions=dict(substitutions or {}))
        reading.check_name()
        document = reading.read(definition)
        text = _canonical(document)
        machine = StateMachine(
            name=name,
            arn=f"arn:{partition}:states:{region}:{account_id}:stateMachine:{name}",
            type=type,
            definition=document,
            compiled=reading.compile(document),
            role_arn=f"arn:{partition}:iam::{account_id}:role/StepFunctionsRole" if role_arn is None else role_arn,
            region=region,
            creation_date=EPOCH + timedelta(microseconds=self._now()),
            definition_size=len(text.encode("utf-8", "surrogatepass")),
            execution_arn_prefix=f"arn:{partition}:states:{region}:{account_id}:express:{name}:",
            source=reading.source,
        )
        return self._keep(machine, replace=replace)

    def _keep(self, machine: StateMachine, *, replace: bool) -> StateMachine:
        before = self._by_arn.get(machine.arn)
        if before is not None:
            changed = _differences(before, machine)
            if not changed:
                return before
            if not replace:
                raise DefinitionError(
                    f"A machine named {machine.name!r} is registered already, with another {' and '.join(changed)}.\n"
                    f"  registered: {before!r}\n"
                    f"  now:        {machine!r}\n"
                    "Give the second one another name, or write register(..., replace=True)."
                )
            machine.versions = before.versions
            machine.aliases = before.aliases
        self._by_arn[machine.arn] = machine
        return machine

    def find(self, arn: str) -> StateMachine | None:
        """Find the machine that an ARN names, be it unqualified or qualified by a version or an alias; None if none."""
        machine = self._by_arn.get(arn)
        if machine is not None:
            return machine
        unqualified, _, qualifier = arn.rpartition(":")
        machine = self._by_arn.get(unqualified)
        return None if machine is None else machine.qualified(qualifier)

    def nearest(self, arn: str) -> list[StateMachine]:
        """Give all machines, those first whose ARN is most like one that was not found."""
        return [self._by_arn[near] for near in nearest_first(arn, self._by_arn)]

    def clear(self) -> None:
        """Forget every machine."""
        self._by_arn.clear()

    def __iter__(self) -> Iterator[StateMachine]:
        return iter(self._by_arn.values())

    def __len__(self) -> int:
        return len(self._by_arn)


def _differences(before: StateMachine, machine: StateMachine) -> list[str]:
    pairs = {
        "definition": (_canonical(before.definition), _canonical(machine.definition)),
        "type": (before.type, machine.type),
        "role": (before.role_arn, machine.role_arn),
    }
    return [what for what, (old, new) in pairs.items() if old != new]


def _canonical(document: JSON) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class _Reading:
    """The reading of one definition, from what the author gave to a compiled model, with its faults told together."""

    def __init__(self, *, name: str, source: str | None, known: dict[str, str], substitutions: dict[str, Any]) -> None:
        self.name = name
        self.source = source
        self._given = substitutions
        self._values: dict[str, Any] = {**known, **substitutions}
        self._used: set[str] = set()
        self._unresolved: list[tuple[str, str]] = []
        self._faults: list[str] = []

    def check_name(self) -> None:
        name: object = self.name
        if not isinstance(name, str) or not 1 <= len(name) <= NAME_MAX_LENGTH:
            raise self._refusal(f"a name has 1 to {NAME_MAX_LENGTH} characters")
        forbidden = _FORBIDDEN_IN_NAMES.search(name)
        if forbidden is not None:
            raise self._refusal(f"a name can't contain {forbidden.group()!r}")

    def read(self, definition: object) -> JSON:
        """Turn what the author gave into a document of its own, with every placeholder filled in."""
        if isinstance(definition, Mapping):
            given: JSON = definition
        elif isinstance(definition, str) and definition.lstrip().startswith("{"):
            given = self._parse(definition)
        elif isinstance(definition, (str, os.PathLike)):
            given = self._parse(self._read_file(Path(definition)))
        else:
            raise self._refusal(
                f"a definition is a dict, JSON text or a path, not {_type_name(definition)} ({definition!r:.80})"
            )
        document = self._document(given, "", self._fill_in)
        if self._unresolved:
            raise self._unresolved_placeholders()
        if self._faults:
            raise self._refusal("it is not a JSON document", self._faults)
        return document

    def compile(self, document: JSON) -> StateMachineDefinition:
        try:
            return parse_definition(document)
        except InvalidDefinition as invalid:
            count = len(invalid.diagnostics)
            found = f"its definition has {count} fault{'' if count == 1 else 's'}"
            raise self._refusal(found, [str(diagnostic) for diagnostic in invalid.diagnostics]) from None

    def _read_file(self, path: Path) -> str:
        self.source = str(path)
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise self._refusal(_about_missing(path)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise self._refusal(f"its file can't be read: {error}") from None

    def _parse(self, text: str) -> JSON:
        text = _STRING_OR_PLACEHOLDER.sub(self._fill_in_bare, text)
        if self._unresolved:
            raise self._unresolved_placeholders()
        try:
            return json.loads(text, parse_constant=_refuse_constant)
        except json.JSONDecodeError as error:
            line = text.splitlines()[error.lineno - 1] if text.splitlines()[error.lineno - 1 :] else ""
            at = f"line {error.lineno}, column {error.colno}"
            raise self._refusal(f"it is not JSON ({error.msg} at {at})", [line.strip()[:120]]) from None
        except ValueError as error:
            raise self._refusal(f"it is not JSON ({error})") from None

    def _fill_in_bare(self, match: re.Match[str]) -> str:
        """Fill in a placeholder that stands outside any string of a JSON text; leave strings as they are."""
        name = match[1]
        if name is None:
            return match[0]
        if name not in self._values:
            self._unresolved.append((name, f"line {match.string.count(chr(10), 0, match.start()) + 1}"))
            return "null"
        self._used.add(name)
        value = self._values[name]
        return value if isinstance(value, str) else json.dumps(self._document(value, f"substitution {name}"))

    def _document(self, value: Any, location: str, text: Callable[[str, str], JSON] | None = None) -> JSON:
        """Copy a value that came from Python, each string by ``text``, noting whatever in it is not JSON."""
        if isinstance(value, str):
            return value if text is None else text(value, location)
        if isinstance(value, Mapping):
            return {
                self._key(key, location, text): self._document(member, f"{location}/{key}", text)
                for key, member in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._document(item, f"{location}[{index}]", text) for index, item in enumerate(value)]
        if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        what = repr(value) if isinstance(value, float) else _type_name(value)
        self._faults.append(f"{what} is not JSON at {location or '/'}")
        return None

    def _key(self, key: Any, location: str, text: Callable[[str, str], JSON] | None) -> str:
        if isinstance(key, str):
            return key if text is None else self._fill_in_text(key, f"{location}/{key}")
        self._faults.append(f"the key {key!r} is {_type_name(key)}, not a string at {location or '/'}")
        return str(key)

    def _fill_in(self, text: str, location: str) -> JSON:
        whole = _PLACEHOLDER.fullmatch(text)
        if whole is not None and whole[1] in self._values:
            self._used.add(whole[1])
            return self._document(self._values[whole[1]], location)
        return self._fill_in_text(text, location)

    def _fill_in_text(self, text: str, location: str) -> str:
        return _PLACEHOLDER.sub(lambda match: self._inserted(match, location), text)

    def _inserted(self, match: re.Match[str], location: str) -> str:
        name = match[1]
        if name not in self._values:
            self._unresolved.append((name, location))
            return match[0]
        self._used.add(name)
        value = self._values[name]
        if isinstance(value, str):
            return value
        if not isinstance(value, (int, float)):
            found = f"the substitution {name!r} is {_type_name(value)}"
            self._faults.append(f"{found}, which can't stand inside a longer string at {location}")
        return json.dumps(value, default=repr)

    def _unresolved_placeholders(self) -> DefinitionError:
        names = list(dict.fromkeys(name for name, _ in self._unresolved))
        lines = [f"${{{name}}} at {location}" for name, location in self._unresolved]
        for unused in [name for name in self._given if name not in self._used]:
            nearest = nearest_first(unused, names)[0]
            lines.append(f"substitution {unused!r} fits no placeholder; nearest: ${{{nearest}}}")
        wanted = ", ".join(f'"{name}": ...' for name in names)
        lines.append(f"Give the values with register(..., substitutions={{{wanted}}}).")
        lines.append(f'Text that is to stay as it is stands for itself: {{"{names[0]}": "${{{names[0]}}}"}}.')
        count = len(names)
        return self._refusal(f"{count} placeholder{' has' if count == 1 else 's have'} no value", lines)

    def _refusal(self, why: str, lines: Iterable[str] = ()) -> DefinitionError:
        came_from = "" if self.source is None else f" ({self.source})"
        what = f"Machine {self.name!r}{came_from} can't be registered: {why}"
        return DefinitionError("\n  ".join([f"{what}:" if lines else f"{what}.", *lines]))


def _refuse_constant(text: str) -> JSON:
    raise ValueError(f"{text} is not a JSON number")


def _type_name(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _about_missing(path: Path) -> str:
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"there is no folder {folder} (a str that doesn't begin with '{{' is taken as a path)"
    files = nearest_first(path.name, (entry.name for entry in folder.iterdir() if entry.is_file()))[:5]
    there = ", ".join(files) if files else "no files"
    return (
        f"there is no file {path.name!r} in {folder}, which has {there} "
        "(a str that doesn't begin with '{' is taken as a path)"
    )
