"""The elements of a definition that tests can run: its states, choice rules, defaults, retriers and catchers.

They are read from the document, not from the compiled model, because coverage.py reports on files whose placeholders
nobody fills in any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.graph.walk import StateSet, WrittenState, outermost
from pytest_sfn_sync.asl.location import Location

STATE: Final = "state"
RULE: Final = "choice rule"
DEFAULT: Final = "default"
RETRIER: Final = "retrier"
CATCHER: Final = "catcher"

END: Final = ""
"""The target of an element that ends its branch; also the location of the whole definition."""

_ERRORS_SHOWN: Final = 3


class Element(NamedTuple):
    """One element at a ``location``, in AWS's syntax.

    ``state`` is the name of the state that it is or belongs to. ``target`` is the name of the state that it leads to,
    `END` where it ends its branch, None where it leads nowhere by itself: a Choice, a Fail, a retrier. ``label`` is
    its name for readers: ``Charge: catcher 1 (States.ALL -> Decline)``.
    """

    kind: str
    location: Location
    state: str
    target: str | None
    label: str


@dataclass(slots=True, kw_only=True)
class StateElements:
    """A state with the elements that belong to it, each kind in the order in which the state tries them."""

    state: Element
    rules: list[Element] = field(default_factory=list)
    default: Element | None = None
    retriers: list[Element] = field(default_factory=list)
    catchers: list[Element] = field(default_factory=list)

    @property
    def others(self) -> list[Element]:
        """All elements except the state itself."""
        defaults = [] if self.default is None else [self.default]
        return [*self.rules, *defaults, *self.retriers, *self.catchers]

    def add(self, element: Element) -> None:
        """Add an element to those of its kind."""
        if element.kind == DEFAULT:
            self.default = element
        else:
            {RULE: self.rules, RETRIER: self.retriers, CATCHER: self.catchers}[element.kind].append(element)


def elements_of(definition: Any) -> tuple[Element, ...]:
    """Return the elements of a definition in the order of the text, nested states after their container."""
    states = outermost(definition)
    return () if states is None else tuple(_of_states(states))


def by_state(elements: Iterable[Element]) -> list[StateElements]:
    """Return the elements grouped by state."""
    found: dict[str, StateElements] = {}
    for element in elements:
        if element.kind == STATE:
            found[element.state] = StateElements(state=element)
        else:
            found[element.state].add(element)
    return list(found.values())


def _of_states(states: StateSet) -> Iterator[Element]:
    for state in states.states:
        yield from _of_state(state)
        for inner in state.sets:
            yield from _of_states(inner)


def _of_state(state: WrittenState) -> Iterator[Element]:
    name, kind = state.name, state.fields.get("Type")
    yield Element(STATE, state.location, name, _target_of_state(kind, state.fields), name)
    if kind == "Choice":
        yield from _of_choice(state)
    for retrier in state.entries("Retry"):
        label = f"{name}: retrier {retrier.position + 1} ({_errors(retrier.fields)})"
        yield Element(RETRIER, retrier.location, name, None, label)
    for catcher in state.entries("Catch"):
        target = _name(catcher.fields.get("Next"))
        label = f"{name}: catcher {catcher.position + 1} ({_errors(catcher.fields)} -> {target})"
        yield Element(CATCHER, catcher.location, name, target, label)


def _of_choice(state: WrittenState) -> Iterator[Element]:
    name = state.name
    for rule in state.entries("Choices"):
        target = _name(rule.fields.get("Next"))
        yield Element(RULE, rule.location, name, target, f"{name}: rule {rule.position + 1} (-> {target})")
    if "Default" in state.fields:
        target = _name(state.fields["Default"])
        yield Element(DEFAULT, state.location / "Default", name, target, f"{name}: Default (-> {target})")


def _target_of_state(kind: Any, state: dict[str, Any]) -> str | None:
    if kind in ("Choice", "Fail"):
        return None
    return _name(state["Next"]) if "Next" in state else END


def _errors(entry: dict[str, Any]) -> str:
    names = entry.get("ErrorEquals")
    names = [str(name) for name in names] if isinstance(names, list) else []
    return ", ".join([*names[:_ERRORS_SHOWN], *(["..."] if len(names) > _ERRORS_SHOWN else [])])


def _name(value: Any) -> str:
    return value if isinstance(value, str) else END
