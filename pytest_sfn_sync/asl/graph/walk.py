"""The walk over a definition as it is written: sets of states, states, and the rules, retriers and templates in them.

Validation, coverage and diagrams all walk by it. The walk is lenient: it passes over a part that has the wrong type, so
that the faults of one part hide no other part, and a file whose placeholders nobody fills in can be walked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeGuard

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_NESTING
from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX

_PROCESSORS: Final = ("ItemProcessor", "Iterator")
_TEMPLATES: Final = ("Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign")
_TEMPLATES_OF_PARTS: Final = (
    ("ItemReader", "Parameters"),
    ("ItemBatcher", "BatchInput"),
    ("ResultWriter", "Parameters"),
    ("Choices", "Assign"),
    ("Catch", "Assign"),
)
TEMPLATE_FIELDS: Final = frozenset({*_TEMPLATES, *(name for _, name in _TEMPLATES_OF_PARTS)})
"""The fields of a JSONPath state, and of its parts, that are payload templates."""


class Entry(NamedTuple):
    """An object in an array of a state: a choice rule, a retrier, a catcher, a branch; ``position`` counts from 0."""

    fields: dict[str, JSON]
    location: Location
    position: int


class Template(NamedTuple):
    """A payload template of a state or of one of its parts; ``field`` is the name of the field that holds it."""

    value: JSON
    location: Location
    field: str


class Text(NamedTuple):
    """A string in a payload template, at a ``step`` of its ``holder``; ``key`` is the nearest key above it."""

    holder: Location
    step: str | int
    key: str
    value: str

    @property
    def location(self) -> Location:
        """The place of the string itself. It is made on demand, since most strings are never reported."""
        return self.holder / self.step


class WrittenState:
    """A state as it is written; ``sets`` are a Parallel's branches or a Map's processor."""

    __slots__ = ("fields", "location", "name", "sets")

    def __init__(self, name: str, fields: dict[str, JSON], location: Location, depth: int) -> None:
        self.name = name
        self.fields = fields
        self.location = location
        self.sets: tuple[StateSet, ...] = tuple(_sets_in(fields, location, depth)) if depth < MAX_NESTING else ()

    def entries(self, field: str) -> Iterator[Entry]:
        """Yield the objects in an array of the state, such as ``Retry``; a value of another type has none."""
        return entries_in(self.fields, field, self.location)


class StateSet:
    """One ``States`` object with its ``StartAt``: the machine's, a branch's, or a processor's.

    ``names`` has every state as it is written; ``states`` has those that are objects.
    """

    __slots__ = ("fields", "location", "names", "states")

    def __init__(self, fields: dict[str, JSON], location: Location, depth: int = 0) -> None:
        self.fields = fields
        self.location = location
        self.names: dict[str, JSON] = fields["States"]
        self.states = [
            WrittenState(name, state, location.state(name), depth)
            for name, state in self.names.items()
            if isinstance(state, dict)
        ]

    def with_inner(self) -> Iterator[StateSet]:
        """Yield this set and every set inside it, in the order in which they are written."""
        yield self
        for state in self.states:
            for inner in state.sets:
                yield from inner.with_inner()


def outermost(definition: JSON) -> StateSet | None:
    """Return the machine's own set of states; None where a definition has no ``States`` to walk over."""
    return StateSet(definition, ROOT) if _has_states(definition) else None


def entries_in(fields: dict[str, JSON], field: str, location: Location) -> Iterator[Entry]:
    """Yield the objects in an array of an object at a location; a value of another type has none."""
    value = fields.get(field)
    if isinstance(value, list):
        array = location / field
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                yield Entry(entry, array / index, index)


def templates_in(state: dict[str, JSON], location: Location) -> Iterator[Template]:
    """Yield the payload templates of a JSONPath state at a location, and of its parts, that are objects or arrays."""
    yield from _templates(state, location, _TEMPLATES)
    for part, field in _TEMPLATES_OF_PARTS:
        held = state.get(part)
        if isinstance(held, dict):
            yield from _templates(held, location / part, (field,))
        elif isinstance(held, list):
            for entry in entries_in(state, part, location):
                yield from _templates(entry.fields, entry.location, (field,))


def texts_in(template: JSON, location: Location, key: str, *, is_static: bool = False) -> Iterator[Text]:
    """Yield every string in a payload template; ``is_static`` says that ``.$`` has no meaning in it."""
    if isinstance(template, dict):
        for name, member in template.items():
            if isinstance(member, str):
                yield Text(location, name, name, member)
            elif isinstance(member, (dict, list)) and (is_static or not name.endswith(EVALUATED_SUFFIX)):
                yield from texts_in(member, location / name, name, is_static=is_static)
    elif isinstance(template, list):
        for index, item in enumerate(template):
            if isinstance(item, str):
                yield Text(location, index, key, item)
            elif isinstance(item, (dict, list)):
                yield from texts_in(item, location / index, key, is_static=is_static)


def _templates(fields: dict[str, JSON], location: Location, names: tuple[str, ...]) -> Iterator[Template]:
    for name in names:
        value = fields.get(name)
        if isinstance(value, (dict, list)):
            yield Template(value, location / name, name)


def _sets_in(state: dict[str, JSON], location: Location, depth: int) -> Iterator[StateSet]:
    for branch in entries_in(state, "Branches", location):
        if _has_states(branch.fields):
            yield StateSet(branch.fields, branch.location, depth + 1)
    for field in _PROCESSORS:
        processor = state.get(field)
        if _has_states(processor):
            yield StateSet(processor, location / field, depth + 1)


def _has_states(value: JSON) -> TypeGuard[dict[str, JSON]]:
    return isinstance(value, dict) and isinstance(value.get("States"), dict)
