"""The ways between the elements of a definition, and how often each was taken.

There are ways from a state to its next state, to its retriers and to its catchers. A Choice has a way to its first
rule, and each rule has one to its target and one to the next rule. An error that ends an execution is not a way, so no
test is required for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pytest_sfn_sync.asl.graph.elements import END, STATE, Element, StateElements, by_state
from pytest_sfn_sync.executions.ran import Ran


class Way(NamedTuple):
    """A way from one location to another; `END` is the end of a branch. ``never`` is the text if it was not taken."""

    source: str
    target: str
    never: str
    times: int


def times_taken(element: Element, ran: Ran) -> int:
    """Return how often an element ran: a state was entered, a rule matched, or a retrier or a catcher was used."""
    return ran.entered[element.state] if element.kind == STATE else ran.taken[element.location]


def times_went_on(parts: StateElements, ran: Ran) -> int:
    """Return how often a state was left without an error."""
    # A catcher that was used may itself fail, so that the state is not left.
    return max(0, ran.left[parts.state.state] - sum(ran.taken[catcher.location] for catcher in parts.catchers))


def times_reached(elements: Iterable[Element], ran: Ran) -> dict[str, int]:
    """Return, by location, how often each element was reached; a rule also counts if it did not match."""
    reached: dict[str, int] = {}
    for parts in by_state(elements):
        for element in (parts.state, *parts.others):
            reached[element.location] = times_taken(element, ran)
        for rule, passed in zip(parts.rules, _times_passed(parts, ran), strict=True):
            reached[rule.location] = ran.taken[rule.location] + passed
    return reached


def ways_of(elements: Iterable[Element], ran: Ran) -> Iterator[Way]:
    """Yield all ways of a definition, each with the number of times that it was taken."""
    states = by_state(elements)
    at: dict[str, str] = {parts.state.state: parts.state.location for parts in states}
    for parts in states:
        yield from _ways_of_state(parts, at, ran)


def _ways_of_state(parts: StateElements, at: dict[str, str], ran: Ran) -> Iterator[Way]:
    state = parts.state
    if state.target is not None:
        never = f"{state.label} never {_went_on(state.target)} without an error"
        yield Way(state.location, at.get(state.target, END), never, times_went_on(parts, ran))
    for retrier in parts.retriers:
        times = ran.taken[retrier.location]
        yield Way(state.location, retrier.location, f"{retrier.label} was never taken", times)
        yield Way(retrier.location, state.location, f"{retrier.label} was never taken", times)
    for catcher in parts.catchers:
        times = ran.taken[catcher.location]
        yield Way(state.location, catcher.location, f"{catcher.label} was never taken", times)
        yield Way(catcher.location, at.get(catcher.target or END, END), f"{catcher.label} was never taken", times)
    yield from _ways_of_choice(parts, at, ran)


def _ways_of_choice(parts: StateElements, at: dict[str, str], ran: Ran) -> Iterator[Way]:
    followers = [*parts.rules, *([parts.default] if parts.default is not None else [])]
    if followers:
        first = followers[0]
        times = times_reached([parts.state, *followers], ran)[first.location]
        yield Way(parts.state.location, first.location, f"{first.label} was never reached", times)
    for index, passed in enumerate(_times_passed(parts, ran)):
        rule = parts.rules[index]
        matched = ran.taken[rule.location]
        yield Way(rule.location, at.get(rule.target or END, END), f"{rule.label} never matched", matched)
        if index + 1 < len(followers):
            yield Way(rule.location, followers[index + 1].location, f"{rule.label} always matched", passed)
    if parts.default is not None:
        times = ran.taken[parts.default.location]
        target = at.get(parts.default.target or END, END)
        yield Way(parts.default.location, target, f"{parts.default.label} was never taken", times)


def _times_passed(parts: StateElements, ran: Ran) -> list[int]:
    """Return, for each rule, how often it was evaluated and did not match."""
    times = ran.taken[parts.state.location / "Default"]
    passed = []
    for rule in reversed(parts.rules):
        passed.append(times)
        times += ran.taken[rule.location]
    return passed[::-1]


def _went_on(target: str) -> str:
    return f"went on to {target}" if target else "ended its branch"
