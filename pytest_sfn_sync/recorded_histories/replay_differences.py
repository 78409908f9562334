"""The first step at which a replay differs from the recorded execution: what it is, and where.

States are compared in the order in which they were entered, each one by its input, the parameters of its attempts,
their number and errors, its branches and iterations, and its output.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.recorded_histories.generated_values import GeneratedValues
from pytest_sfn_sync.recorded_histories.recorded_visits import (
    RecordedAttempt,
    RecordedBranch,
    RecordedVisit,
    place_of_visit,
)
from pytest_sfn_sync.tasks.differences import path_of, shown

_MOST_LINES = 8
_NOTHING = "none"

_Found: TypeAlias = "Iterator[StepDifference]"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDifference:
    """One step that differs: the recorded event, the place and the values in words, and what differs in them."""

    event: int
    where: str
    what: str
    recorded: str
    replayed: str
    details: tuple[str, ...] = ()


class ReplayComparison:
    """The comparison of one replay; differences at the paths of ``ignoring`` do not count."""

    def __init__(self, generated: GeneratedValues, ignoring: Collection[str] = ()) -> None:
        self._generated = generated
        self._ignoring = tuple(ignoring)

    def first(self, recorded: RecordedBranch, replayed: RecordedBranch) -> StepDifference | None:
        """Return the first step that differs; None if all agree."""
        return next(self._branch(recorded, replayed), None)

    def value(
        self, event: int, where: str, what: str, recorded: JSON, replayed: JSON, *states: str
    ) -> StepDifference | None:
        """Compare two documents; ``states`` are those whose generated values may come up here for the first time."""
        if recorded is MISSING or replayed is MISSING:
            if recorded is replayed:
                return None
            return StepDifference(
                event=event, where=where, what=what, recorded=_text(recorded), replayed=_text(replayed)
            )
        found = [
            f"{path}: {difference.what}"
            for difference in self._generated.differences(recorded, replayed, *states)
            if not self._is_ignored(path := path_of(difference.keys))
        ]
        if not found:
            return None
        more = ["... and more"] if len(found) > _MOST_LINES else []
        details = (*found[:_MOST_LINES], *more)
        return StepDifference(
            event=event, where=where, what=what, recorded=_text(recorded), replayed=_text(replayed), details=details
        )

    def _is_ignored(self, path: str) -> bool:
        """Return whether a path is one of those to ignore, or beneath one of them."""
        return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in self._ignoring)

    def _branch(self, recorded: RecordedBranch, replayed: RecordedBranch) -> _Found:
        before: RecordedVisit | None = None
        for one, other in zip_longest(recorded.visits, replayed.visits):
            if one is None or other is None or one.name != other.name:
                break
            yield from self._visit(one, other)
            before = one
        else:
            return
        yield _path_difference(before, one, other, recorded)

    def _visit(self, one: RecordedVisit, other: RecordedVisit) -> _Found:
        container = one.branch.container
        states = [one.name] if container is None else [one.name, container.name]
        yield from self._compared(one, "input", one.input, other.input, *states)
        yield from self._attempts(one, other)
        yield from self._rounds(one, other)
        yield from self._compared(one, "error", one.error or MISSING, other.error or MISSING)
        if one.was_left is other.was_left:
            yield from self._compared(one, "output", one.output, other.output, one.name)
        else:
            yield StepDifference(
                event=one.event, where=place_of_visit(one), what="output", recorded=_end(one), replayed=_end(other)
            )
        yield from self._compared(one, "assigned variables", one.variables, other.variables, one.name)

    def _compared(
        self, visit: RecordedVisit, what: str, one: JSON, other: JSON, *states: str, event: int | None = None
    ) -> _Found:
        found = self.value(event or visit.event, place_of_visit(visit), what, one, other, *states)
        if found is not None:
            yield found

    def _attempts(self, one: RecordedVisit, other: RecordedVisit) -> _Found:
        for number, (attempt, repeated) in enumerate(zip(one.attempts, other.attempts, strict=False)):
            of = f" of retry {number}" if number else ""
            resources = ({"Resource": _work_of(attempt)}, {"Resource": _work_of(repeated)})
            yield from self._compared(one, "resource", *resources, event=attempt.event)
            payloads = (attempt.payload, repeated.payload)
            yield from self._compared(one, f"task input{of}", *payloads, one.name, event=attempt.event)
            roles = (attempt.credentials, repeated.credentials)
            if MISSING in roles:  # Two roles are not compared: their names and accounts differ between deployments.
                yield from self._compared(one, f"credentials{of}", *roles, event=attempt.event)
            if attempt.timed_out and attempt.limits:  # Its answer here is the timeout, whatever the definition allows.
                yield from self._compared(one, f"timeout{of}", attempt.limits, repeated.limits, event=attempt.event)
            results = (attempt.result, repeated.result)
            if MISSING not in results:
                yield from self._compared(one, f"result{of}", *results, event=attempt.event)
            errors = (attempt.error or MISSING, repeated.error or MISSING)
            yield from self._compared(one, f"error{of}", *errors, event=attempt.event)
        if len(one.attempts) != len(other.attempts):
            yield _count(one, "attempts of the task", len(one.attempts), len(other.attempts))

    def _rounds(self, one: RecordedVisit, other: RecordedVisit) -> _Found:
        if len(one.rounds) != len(other.rounds):
            yield _count(one, "attempts of the state", len(one.rounds), len(other.rounds))
        for branches, repeated in zip(one.rounds, other.rounds, strict=False):
            firsts = [self.first(*pair) for pair in _pairs(one.type, branches, repeated)]
            yield from sorted((found for found in firsts if found is not None), key=_event_of)
            if len(branches) != len(repeated):
                what = "iterations" if one.type == "Map" else "branches"
                yield _count(one, what, len(branches), len(repeated))


def _pairs(
    type_: str, branches: list[RecordedBranch], repeated: list[RecordedBranch]
) -> Iterator[tuple[RecordedBranch, RecordedBranch]]:
    """Pair iterations by their index, and branches by their first state; branches that are left are paired in order.

    The branches of a Parallel run at the same time, so that their first states are entered in any order.
    """
    key = _first_state if type_ == "Parallel" else _index
    by_key = {key(branch): branch for branch in repeated}
    left = [branch for branch in branches if key(branch) not in by_key]
    keys = {key(branch) for branch in branches}
    yield from ((branch, by_key[key(branch)]) for branch in branches if key(branch) in by_key)
    yield from zip(left, (branch for branch in repeated if key(branch) not in keys), strict=False)


def _first_state(branch: RecordedBranch) -> str:
    return branch.visits[0].name


def _index(branch: RecordedBranch) -> str:
    return str(branch.index)


def _event_of(difference: StepDifference) -> int:
    return difference.event


def _path_difference(
    before: RecordedVisit | None, one: RecordedVisit | None, other: RecordedVisit | None, branch: RecordedBranch
) -> StepDifference:
    """Return the difference of two paths; one of the two visits is there."""
    if before is None:
        where = "the first state" if branch.container is None else f"the first state within {branch.container.name!r}"
    else:
        where = f"the state after {before.name!r}"
    # A path that ends early differs after all that was recorded of it.
    end = branch.event if before is None else before.event + 1
    return StepDifference(
        event=end if one is None else one.event,
        where=where,
        what="path",
        recorded="no further state" if one is None else repr(one.name),
        replayed="no further state" if other is None else repr(other.name),
    )


def _count(visit: RecordedVisit, what: str, one: int, other: int) -> StepDifference:
    return StepDifference(
        event=visit.event, where=place_of_visit(visit), what=f"number of {what}", recorded=str(one), replayed=str(other)
    )


def _end(visit: RecordedVisit) -> str:
    """Return the output of a state, or why it has none."""
    if visit.was_left:
        return shown(visit.output)
    error = visit.error or (visit.attempts[-1].error if visit.attempts else None)
    return _NOTHING if error is None else f"{_NOTHING}: the error {error or 'without a name'} was not caught"


def _work_of(attempt: RecordedAttempt) -> str:
    """Return the integration, or the name of the function or the activity.

    Their ARNs have a region, an account and perhaps an alias, which differ between deployments.
    """
    parts = attempt.resource.split(":")
    return f"{parts[5]} {parts[6]}" if len(parts) > 6 else attempt.resource


def _text(value: Any) -> str:
    return _NOTHING if value is MISSING else shown(value)
