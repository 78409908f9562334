"""The trace of an execution: its run in words, for failure reports and assertion messages.

States are listed in order, each with the virtual time since the start. States of a branch or an iteration are indented
below it. Below a state are its attempts, the retriers and catchers that took its errors, the rule that a Choice chose,
and the variables that it assigned. Documents are shortened, and only a few of many iterations are shown. The text is
not meant to be parsed. `trace_colours` adds the colours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.graph.machine_graph import Arrow, machine_graph
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.records import HandledError
from pytest_sfn_sync.asl.run import MapChild, MapRun, Run, awaited_within
from pytest_sfn_sync.executions.pending_tasks import waits_text
from pytest_sfn_sync.executions.state_visits import CAUGHT, FAILED, WAITS, Attempt, Branch, Round, Visit, state_visits
from pytest_sfn_sync.executions.trace_colours import coloured
from pytest_sfn_sync.shown_text import fit_to_be_shown, fits, most, shown_text
from pytest_sfn_sync.tasks.differences import one_line, shown
from pytest_sfn_sync.tasks.lambda_functions import event_of
from pytest_sfn_sync.tasks.resources import LAMBDA_INVOKE, resource_of

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.run import Run
    from pytest_sfn_sync.executions.execution_values import ExecutionValues
    from pytest_sfn_sync.registry import RegisteredMachine

_INVOKE: Final = (LAMBDA_INVOKE, f"aws-sdk:{LAMBDA_INVOKE}")
_DOCUMENT_LENGTH: Final = 100
_CONDITION_LENGTH: Final = 80
_MOST_LINES: Final = 150
_ITERATIONS_SHOWN: Final = 3
_FAILED_ITERATIONS_SHOWN: Final = 3
_WAITING_SHOWN: Final = 10
_FAILURES: Final = ("FAILED", "TIMED_OUT", "ABORTED")

_Line: TypeAlias = Callable[[], str]
"""A line that is written only if it is shown: most lines of a long run are not."""


def trace_of(execution: ExecutionValues, *, color: bool = False) -> str:
    """Return the trace of one execution: its status, its input, its states, and its output or its error."""
    run = execution.run
    writer = _TraceWriter(execution.machine, run)
    lines = [
        f"{execution.machine.name}: {execution.status} after {seconds(run.elapsed(run.latest_at))} "
        f"(execution {execution.name})",
        f"  input   {_document(run.input)}",
        *_shortened(list(writer.branch(state_visits(run), 0))),
    ]
    if execution.status == "SUCCEEDED":
        lines.append(f"  output  {_document(run.output)}")
    if run.error is not None:
        lines.append(f"  error   {shown_text(run.error)}")
    if run.cause is not None:
        lines.append(f"  cause   {shown_text(run.cause, 600)}")
    if run.note is not None:
        lines.append(f"  note    {run.note}")
    waiting = list(awaited_within(run).values())
    lines += [f"  waits   {waits_text(awaited, run.started_at)}" for awaited in waiting[:_WAITING_SHOWN]]
    if len(waiting) > _WAITING_SHOWN:
        lines.append(f"  waits   ... and {len(waiting) - _WAITING_SHOWN} more tasks")
    text = fit_to_be_shown("\n".join(lines))
    return coloured(text) if color else text


def seconds(microseconds: int) -> str:
    """Return a virtual duration in words: ``2 s``, ``0.125 s``."""
    return f"{microseconds / 1_000_000:.6f}".rstrip("0").rstrip(".") + " s"


def shown_name(name: str) -> str:
    """Return a state's name, quoted if it has characters that can't be printed, such as line breaks."""
    return name if name.isprintable() else repr(name)


def work_of(resource: str, payload: JSON) -> tuple[str, JSON]:
    """Return what a Task called, in words, and its payload; for a Lambda function, its name and its event."""
    if resource in _INVOKE and isinstance(payload, dict):
        function, qualifier = payload.get("FunctionName"), payload.get("Qualifier")
        if isinstance(function, str):
            name = function.rpartition("function:")[2]
            return f"{resource} {name}{f':{qualifier}' if qualifier else ''}", event_of(payload)
    function_name = resource_of(resource).function
    return (resource if function_name is None else f"function {function_name.name}"), payload


def _answer(resource: str, result: JSON) -> str:
    """Return the result of an attempt in words; that of a Lambda function comes first in its envelope."""
    if resource not in _INVOKE or not isinstance(result, dict) or "Payload" not in result:
        return _document(result)
    rest = {name: value for name, value in result.items() if name != "Payload"}
    whole = one_line({"Payload": result["Payload"], **rest})
    if fits(len(whole), _DOCUMENT_LENGTH):
        return whole
    return f'{{"Payload": {_document(result["Payload"])}{", ..." if rest else ""}}}'


class _TraceWriter:
    """Writes the visits of one run, line by line."""

    def __init__(self, machine: RegisteredMachine, run: Run) -> None:
        self.machine = machine
        self.elapsed = run.elapsed
        self.map_runs = run.map_runs
        self._redrives = run.redriven
        self._redrives_to_show = list(run.redriven)

    @cached_property
    def arrows(self) -> dict[str, Arrow]:
        """The arrows of the machine by location; computed only if a line needs one."""
        return {arrow.location: arrow for arrow in machine_graph(self.machine.document).all_arrows()}

    def branch(self, branch: Branch, depth: int) -> Iterator[_Line]:
        for visit in branch.visits:
            yield from self.redriven(visit.event, depth)
            yield partial(self.visit, visit, depth)
            if visit.attempts or visit.handled or visit.rounds:
                yield from self.work(visit, depth + 1)
            if visit.rule is not None:
                yield partial(self.rule, visit, depth + 1, visit.rule)
            if visit.assigned:
                yield partial(self.assigned, visit, depth + 1)

    def work(self, visit: Visit, depth: int) -> Iterator[_Line]:
        """Yield the lines of attempts or rounds and, between them, how their errors were handled."""
        retries, last_event, unused = 0, visit.event, iter([*visit.handled, None])
        handled = next(unused)
        attempts: list[Attempt] | list[Round] = visit.attempts or visit.rounds
        for attempt in attempts:
            while handled is not None and handled.last_event < attempt.event:
                yield partial(self.handled, handled, visit, depth)
                retries += handled.delay is not None
                handled = next(unused)
            yield from self.redriven(attempt.event, depth)
            if any(last_event < redrive.event < attempt.event for redrive in self._redrives):
                retries = 0  # Measured: the retriers have all their attempts again.
            last_event = attempt.event
            if isinstance(attempt, Attempt):
                yield partial(self.attempt, attempt, retries, depth)
            else:
                if retries:
                    yield partial(self.line, attempt.at, depth, f"retry {retries}")
                yield from self.round(attempt, "iteration" if visit.type == "Map" else "branch", depth)
                for map_run in self.map_runs:
                    if map_run.visit == visit.event and _round_of(map_run, visit.rounds) is attempt:
                        yield from self.map_run(map_run, depth)
        while handled is not None:
            yield partial(self.handled, handled, visit, depth)
            handled = next(unused)

    def redriven(self, event: int, depth: int) -> Iterator[_Line]:
        """Yield a line for each redrive before an event, unless it was shown before."""
        shown = [redrive for redrive in self._redrives_to_show if redrive.event < event]
        del self._redrives_to_show[: len(shown)]
        for redrive in shown:
            yield partial(self.line, redrive.at, depth, "redriven")

    def round(self, round_: Round, kind: str, depth: int) -> Iterator[_Line]:
        chosen = _chosen(round_.branches) if kind == "iteration" else round_.branches
        for branch in chosen:
            at = branch.visits[0].at if branch.visits else round_.at
            yield partial(self.line, at, depth, f"{kind} {branch.index}{' (failed)' if branch.has_failed else ''}")
            yield from self.branch(branch, depth + 1)
        if len(chosen) < len(round_.branches):
            yield partial(self.line, None, depth, f"... and {len(round_.branches) - len(chosen)} more iterations")

    def map_run(self, map_run: MapRun, depth: int) -> Iterator[_Line]:
        """Yield the lines of a Map Run: how many children ended in which way, and the first that failed."""
        total = len(map_run.children)
        text = f"Map Run: {total} child execution{'' if total == 1 else 's'}"
        if map_run.total_items > total:
            text += f" for {map_run.total_items} items"
        counts = [f"{count} {_in_words(status)}" for status, count in map_run.execution_counts().items() if count]
        if counts:
            text += f" ({', '.join(counts)})"
        yield partial(self.line, map_run.started_at, depth, text)
        failed = [child for child in map_run.children if child.run is not None and child.status in _FAILURES]
        shown_ones = failed[: most(_FAILED_ITERATIONS_SHOWN, len(failed))]
        for child in shown_ones:
            yield partial(self.child, child, depth + 1)
        if len(shown_ones) < len(failed):
            yield partial(self.line, None, depth + 1, f"... and {len(failed) - len(shown_ones)} more that failed")

    def child(self, child: MapChild, depth: int) -> str:
        run = child.run
        assert run is not None
        why = "" if run.error is None else f" {_error(run.error, run.cause)}"
        text = f"child {child.index}: {_document(child.input)} -> {_in_words(run.status)}{why}"
        return self.line(run.started_at, depth, text)

    def line(self, at: int | None, depth: int, text: str) -> str:
        since_start = "" if at is None else f"+{seconds(self.elapsed(at))}"
        return f"{since_start:>12}  {'  ' * depth}{text}"

    def visit(self, visit: Visit, depth: int) -> str:
        text = f"{shown_name(visit.name)} ({visit.type}): {_document(visit.input)} -> {_end(visit)}"
        return self.line(visit.at, depth, text)

    def attempt(self, attempt: Attempt, retry: int, depth: int) -> str:
        what, payload = work_of(attempt.resource, attempt.payload)
        if attempt.error is not None:
            outcome = f"error {_error(attempt.error, attempt.cause)}"
        else:
            outcome = "no answer" if attempt.result is MISSING else _answer(attempt.resource, attempt.result)
        is_answered = attempt.error is not None or attempt.result is not MISSING
        by = "" if attempt.answered_by is None else f"{', by' if is_answered else ' from'} {attempt.answered_by}"
        text = f"{f'retry {retry}: ' if retry else ''}{what} {_document(payload)} -> {outcome}{by}"
        return self.line(attempt.at, depth, text)

    def handled(self, handled: HandledError, visit: Visit, depth: int) -> str:
        place = handled.location.last
        then = ""
        if handled.delay is not None:
            then = f", waits {seconds(handled.delay)}"
        elif visit.output is not MISSING:
            then = f", goes on to {shown_name(self.arrows[handled.location].target_name)}"
        return self.line(handled.at, depth, f"{place} takes {handled.error or 'an error without a name'}{then}")

    def rule(self, visit: Visit, depth: int, location: Location) -> str:
        arrow = self.arrows.get(location)
        if arrow is None:
            return self.line(visit.at, depth, "no rule matches, and there is no Default")
        place = location.last
        condition = f" ({shown_text(arrow.label, _CONDITION_LENGTH)})" if arrow.kind == "choice" else ""
        then = "is chosen" if visit.output is MISSING else f"goes on to {shown_name(arrow.target_name)}"
        return self.line(visit.at, depth, f"{place}{condition} {then}")

    def assigned(self, visit: Visit, depth: int) -> str:
        at = visit.at if visit.left_at is None else visit.left_at
        return self.line(at, depth, f"assigns {_document(visit.assigned)}")


def _in_words(status: str) -> str:
    return status.lower().replace("_", " ")


def _round_of(map_run: MapRun, rounds: list[Round]) -> Round | None:
    """Return the attempt of a Map that a Map Run belongs to: the last one before it."""
    return next((round_ for round_ in reversed(rounds) if round_.event < map_run.event), None)


def _chosen(iterations: list[Branch]) -> list[Branch]:
    failed = [iteration for iteration in iterations if iteration.has_failed][:_FAILED_ITERATIONS_SHOWN]
    first = iterations[: most(_ITERATIONS_SHOWN, len(iterations))]
    return first + [iteration for iteration in failed if all(iteration is not other for other in first)]


def _end(visit: Visit) -> str:
    outcome = visit.outcome
    if outcome == FAILED:
        return "fails" if visit.type == "Fail" else "failed"
    if visit.output is MISSING:
        return "waits" if outcome == WAITS else "not left"
    caught = visit.caught if outcome == CAUGHT else None
    if caught is None:
        return _document(visit.output)
    return f"caught{'' if caught.error is None else f' {caught.error}'}, {_document(visit.output)}"


def _error(error: str, cause: str | None) -> str:
    name = error or "without a name"
    return name if cause is None else f"{name}: {shown_text(cause, 200)}"


def _document(value: JSON) -> str:
    return shown(value, _DOCUMENT_LENGTH)


def _shortened(lines: list[_Line]) -> list[str]:
    if fits(len(lines), _MOST_LINES):
        return [line() for line in lines]
    half = _MOST_LINES // 2
    cut = f"{'':>12}  ... {len(lines) - 2 * half} more lines"
    return [*(line() for line in lines[:half]), cut, *(line() for line in lines[-half:])]
