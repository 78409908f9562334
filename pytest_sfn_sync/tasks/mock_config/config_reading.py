"""The reader of mock config files of Step Functions Local, which reports all faults at once, with their places.

Documented: the developer guide on mock configuration files. The states that a test case names are checked when a
machine runs, as the machines are not known here.
"""

from __future__ import annotations

import json
import math
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.task_call import TaskAnswer
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import MOST_OF_A_VALUE, shown_lines, shown_names, shown_text, shown_value
from pytest_sfn_sync.sources.document_size import TOO_MANY_DIGITS, why_not_json
from pytest_sfn_sync.sources.text_files import UnreadableSourceError, about_missing_file, path_fault, read_text_file
from pytest_sfn_sync.tasks.json_values import document_of
from pytest_sfn_sync.tasks.mock_config.model import Invocations, MockConfig, MockedCase, MockedResponse, pointer

MockConfigSource: TypeAlias = "Mapping[str, Any] | str | os.PathLike[str]"
"""The argument of `SfnSync.use_mock_config`: a dict with the content of a mock config file, or its path."""

_INVOCATIONS: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")
_KINDS: Final = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}


def read_mock_config(config: MockConfigSource) -> MockConfig:
    """Return a mock config; raise MockError with every fault in it and its place."""
    if isinstance(config, Mapping):
        return _Reading("the mock config").config(document_of(dict(config), "The mock config"))
    named: object = config
    if isinstance(config, os.PathLike):
        named = os.fspath(config)
    if not isinstance(named, str):
        raise MockError(f"A mock config is a dict or the path of a JSON file, not {shown_value(named)}.")
    why = path_fault(named)
    if why is not None:
        raise MockError(f"The mock config file {shown_text(named)} can't be read: {why}.")
    path = Path(named)
    try:
        status = path.stat()
    except OSError as error:
        raise MockError(_about_missing(path, error)) from None
    return _read_file(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=16)
def _read_file(path: Path, modified: int, size: int) -> MockConfig:
    """Return the mock config of a file; the file is read again only if it has changed."""
    named = shown_text(str(path))
    try:
        text = read_text_file(path)
    except UnreadableSourceError as error:
        raise MockError(f"The mock config file {named} can't be read: {error.why}.") from None
    except FileNotFoundError as error:
        raise MockError(_about_missing(path, error)) from None
    try:
        document = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise MockError(f"The mock config file {named} can't be read as JSON: {_reason(error)}.") from None
    why = why_not_json(document)
    if why is not None:
        raise MockError(f"The mock config file {named} can't be read as JSON: {why}.")
    return _Reading(named).config(document)


def _refuse_constant(constant: str) -> NoReturn:
    raise _UnfitNumberError(f"{constant} has no form in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _UnfitNumberError(f"{shown_text(text, MOST_OF_A_VALUE)} is larger than any number that AWS reads")
    return number


class _UnfitNumberError(ValueError):
    """A number that Python reads, and AWS does not."""


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, (json.JSONDecodeError, _UnfitNumberError)):
        return str(error)
    return TOO_MANY_DIGITS  # The one other ValueError is that of Python's int.


def _about_missing(path: Path, error: OSError) -> str:
    if not isinstance(error, FileNotFoundError):
        return f"The mock config file {shown_text(str(path))} can't be read: {error.strerror}."
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"There is no mock config file {shown_text(str(path))}: there is no folder {shown_text(str(folder))}."
    return f"There is no mock config file {about_missing_file(path).removeprefix('there is no file ')}."


class _Reading:
    """The reading of one document, which continues after a fault to find all faults."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[tuple[tuple[str, ...], Callable[[], str]]] = []

    def config(self, document: JSON) -> MockConfig:
        """Return the config of the whole document; raise MockError with all faults in it."""
        machines: dict[str, dict[str, MockedCase]] = {}
        members = self._members(document, (), known=("StateMachines", "MockedResponses"), required=("StateMachines",))
        mocked = self._members(members.get("MockedResponses", {}), ("MockedResponses",))
        responses = {name: self._response(name, entries) for name, entries in mocked.items()}
        for name, machine in self._members(members.get("StateMachines", {}), ("StateMachines",)).items():
            at = ("StateMachines", name)
            cases = self._members(machine, at, known=("TestCases",), required=("TestCases",)).get("TestCases", {})
            machines[name] = {
                case: MockedCase(name=case, responses=self._case(states, (*at, "TestCases", case), responses))
                for case, states in self._members(cases, (*at, "TestCases")).items()
            }
        if self.faults:
            count = "is 1 fault" if len(self.faults) == 1 else f"are {len(self.faults)} faults"
            texts = (f"{shown_text(pointer(*at) or '/')}: {text()}" for at, text in self.faults)
            lines = shown_lines(texts, len(self.faults))
            raise MockError("\n  ".join([f"In {self.source} there {count}:", *lines]))
        return MockConfig(source=self.source, machines=machines)

    def _case(
        self, states: JSON, at: tuple[str, ...], responses: Mapping[str, MockedResponse]
    ) -> dict[str, MockedResponse]:
        case: dict[str, MockedResponse] = {}
        for state, name in self._members(states, at).items():
            if not isinstance(name, str):
                self._fault((*at, state), f"must be the name of a MockedResponses entry, not {_kind(name)}")
            elif name in responses:
                case[state] = responses[name]
            else:
                self._fault((*at, state), partial(_about_unknown_entry, name, responses))
        return case

    def _response(self, name: str, entries: JSON) -> MockedResponse:
        at = ("MockedResponses", name)
        members = self._members(entries, at)
        if members == entries == {}:
            self._fault(at, 'must have an entry for at least one invocation, such as "0"')
        found: list[Invocations] = []
        for key, entry in members.items():
            answer = self._answer(entry, (*at, key))
            bounds = self._bounds(key, (*at, key))
            if bounds is None:
                continue
            invocations = Invocations(*bounds, answer)
            place = bisect_right(found, invocations.first, key=lambda other: other.first)
            # The entries are in order, and no two of them overlap: only the neighbours can overlap a new one.
            for other in found[max(0, place - 1) : place + 1]:
                if other.first <= invocations.last and invocations.first <= other.last:
                    number = max(other.first, invocations.first)
                    self._fault((*at, key), f"invocation {number} is answered by the entry '{other}' already")
                    break
            else:
                found.insert(place, invocations)
        return MockedResponse(name=name, entries=tuple(found))

    def _bounds(self, key: str, at: tuple[str, ...]) -> tuple[int, int] | None:
        match = _INVOCATIONS.fullmatch(key)
        if match is None:
            self._fault(at, 'an invocation is a number such as "0", or a range such as "1-2"; they count from 0')
            return None
        first = int(match[1])
        last = first if match[2] is None else int(match[2])
        if last < first:
            self._fault(at, f'a range begins with the lower number: "{last}-{first}"')
            return None
        return first, last

    def _answer(self, entry: JSON, at: tuple[str, ...]) -> TaskAnswer:
        members = self._members(entry, at, known=("Return", "Throw"))
        if len(members) != 1 and isinstance(entry, dict):
            self._fault(at, f"must have exactly one of Return and Throw, it has {'both' if members else 'neither'}")
        if "Throw" not in members:
            return TaskAnswer(members.get("Return"))
        fields = ("Error", "Cause")
        thrown = self._members(members["Throw"], (*at, "Throw"), known=fields, required=fields)
        for field, value in thrown.items():
            if not isinstance(value, str):
                self._fault((*at, "Throw", field), f"must be a string, not {_kind(value)}")
        if thrown.get("Error") == "":
            self._fault((*at, "Throw", "Error"), 'must be the name of an error, such as "Ship.Busy"')
        return TaskAnswer(None, thrown.get("Error"), thrown.get("Cause"))

    def _members(
        self, value: JSON, at: tuple[str, ...], *, known: tuple[str, ...] = (), required: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Return the members of an object; if ``known`` names are given, any other member is a fault and left out."""
        if not isinstance(value, dict):
            self._fault(at, f"must be an object, not {_kind(value)}")
            return {}
        for name in required:
            if name not in value:
                self._fault(at, f"the member {name!r} is missing")
        if not known:
            return value
        for name in value:
            if name not in known:
                self._fault((*at, name), partial(_about_unknown_member, name, known))
        return {name: value[name] for name in known if name in value}

    def _fault(self, at: tuple[str, ...], text: str | Callable[[], str]) -> None:
        """Record a fault; a text that takes a search is a function, which is called only if the fault is shown."""
        self.faults.append((at, text if callable(text) else lambda: text))


def _about_unknown_entry(name: str, entries: Iterable[str]) -> str:
    return f"there is no MockedResponses entry {shown_value(name)}; {nearest(name, entries)}"


def _about_unknown_member(name: str, known: Iterable[str]) -> str:
    return f"there is no such member; {nearest(name, known)}"


def nearest(name: str, candidates: Iterable[str], count: int = 3) -> str:
    """Return a text of the candidates that are most like a name that does not exist."""
    names = nearest_first(name, candidates)[:count]
    return f"nearest: {shown_names(names, quoted=True)}" if names else "there are none"


def _kind(value: JSON) -> str:
    return _KINDS.get(type(value), "a number")
