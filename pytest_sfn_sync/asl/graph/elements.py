"""The elements of a definition that tests can run: its states, choice rules, defaults, retriers and catchers.

They are read from the document, not from the compiled model: coverage.py reports on files whose placeholders nobody
fills in any more. What isn't as it should be is passed over, since no such machine could be registered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.graph.transitions import entries_in

STATE: Final = "state"
RULE: Final = "choice rule"
DEFAULT: Final = "default"
RETRIER: Final = "retrier"
CATCHER: Final = "catcher"

END: Final = ""
"""The target of what ends its branch; it is the location of the whole definition, too."""

_ERRORS_SHOWN: Final = 3
_PROCESSORS: Final = ("ItemProcessor", "Iterator")


class Element(NamedTuple):
    """One element at a ``location``, in AWS's syntax.

    ``state`` is the name of the state that it is or belongs to. ``target`` is the name of the state that it leads to,
    `END` where it ends its branch, None where it leads nowhere by itself: a Choice, a Fail, a retrier. ``label`` tells
    it to readers: ``Charge: catcher 1 (States.ALL -> Decline)``.
    """

    kind: str
    location: str
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
        """All but the state itself."""
        defaults = [] if self.default is None else [self.default]
        return [*self.rules, *defaults, *self.retriers, *self.catchers]

    def add(self, element: Element) -> None:
        """Put an element where its kind belongs."""
        if element.kind == DEFAULT:
            self.default = element
        else:
            {RULE: self.rules, RETRIER: self.retriers, CATCHER: self.catchers}[element.kind].append(element)


def elements_of(definition: Any) -> tuple[Element, ...]:
    """Give the elements of a definition in the order in which they are written, nested states after their container."""
    return tuple(_of_states(definition, ""))


def by_state(elements: Iterable[Element]) -> list[StateElements]:
    """Put the elements of each state together."""
    found: dict[str, StateElements] = {}
    for element in elements:
        if element.kind == STATE:
            found[element.state] = StateElements(state=element)
        else:
            found[element.state].add(element)
    return list(found.values())


def _of_states(container: Any, location: str) -> Iterator[Element]:
    states = container.get("States") if isinstance(container, dict) else None
    if not isinstance(states, dict):
        return
    for name, state in states.items():
        if isinstance(state, dict):
            yield from _of_state(name, state, f"{location}/States/{name}")


def _of_state(name: str, state: dict[str, Any], location: str) -> Iterator[Element]:
    kind = state.get("Type")
    yield Element(STATE, location, name, _target_of_state(kind, state), name)
    if kind == "Choice":
        yield from _of_choice(name, state, location)
    for at, number, retrier in _entries(state, "Retry", location):
        yield Element(RETRIER, at, name, None, f"{name}: retrier {number} ({_errors(retrier)})")
    for at, number, catcher in _entries(state, "Catch", location):
        target = _name(catcher.get("Next"))
        yield Element(CATCHER, at, name, target, f"{name}: catcher {number} ({_errors(catcher)} -> {target})")
    for at, _, branch in _entries(state, "Branches", location):
        yield from _of_states(branch, at)
    for field_name in _PROCESSORS:
        yield from _of_states(state.get(field_name), f"{location}/{field_name}")


def _of_choice(name: str, state: dict[str, Any], location: str) -> Iterator[Element]:
    for at, number, rule in _entries(state, "Choices", location):
        target = _name(rule.get("Next"))
        yield Element(RULE, at, name, target, f"{name}: rule {number} (-> {target})")
    if "Default" in state:
        target = _name(state["Default"])
        yield Element(DEFAULT, f"{location}/Default", name, target, f"{name}: Default (-> {target})")


def _target_of_state(kind: Any, state: dict[str, Any]) -> str | None:
    if kind in ("Choice", "Fail"):
        return None
    return _name(state["Next"]) if "Next" in state else END


def _entries(state: dict[str, Any], field_name: str, location: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for number, (entry, at) in enumerate(entries_in(state, field_name, location), 1):
        yield at, number, entry


def _errors(entry: dict[str, Any]) -> str:
    names = entry.get("ErrorEquals")
    names = [str(name) for name in names] if isinstance(names, list) else []
    return ", ".join([*names[:_ERRORS_SHOWN], *(["..."] if len(names) > _ERRORS_SHOWN else [])])


def _name(value: Any) -> str:
    return value if isinstance(value, str) else END
