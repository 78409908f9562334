"""The trace of an execution: its run told in words, for failure reports and assertion messages.

States stand in order, those of a branch or an iteration indented beneath it, each with the virtual time since the
start. Documents are shortened, and of many like iterations only a few are shown; nothing here is meant to be parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.state_visits import Attempt, Branch, Round, Visit, state_visits
from pytest_sfn_sync.tasks.differences import shown
from pytest_sfn_sync.tasks.lambda_functions import event_of
from pytest_sfn_sync.tasks.resources import LAMBDA_INVOKE, resource_of

if TYPE_CHECKING:
    from pytest_sfn_sync.executions import Execution

_DOCUMENT_LENGTH = 100
_MOST_LINES = 150
_ITERATIONS_SHOWN = 3
_FAILED_ITERATIONS_SHOWN = 3


def trace_of(execution: Execution) -> str:
    """Tell one execution: how it ended, its input, its states, and its output or its error."""
    run = execution.run
    lines = [
        f"{execution.machine.name}: {execution.status} after {_seconds(run.stopped_at - run.started_at)} "
        f"(execution {execution.name})",
        f"  input   {_document(run.input)}",
        *_shortened(list(_branch_lines(state_visits(run.history), run.started_at, 0))),
    ]
    if execution.status == "SUCCEEDED":
        lines.append(f"  output  {_document(run.output)}")
    if run.error is not None:
        lines.append(f"  error   {run.error}")
    if run.cause is not None:
        lines.append(f"  cause   {shown_text(run.cause, 600)}")
    if run.note is not None:
        lines.append(f"  note    {run.note}")
    return "\n".join(lines)


def shown_text(text: str, limit: int) -> str:
    """Cut a text that is too long for a message."""
    return text if len(text) <= limit else f"{text[:limit]} ...({len(text) - limit} more characters)"


def _branch_lines(branch: Branch, start: int, depth: int) -> Iterator[str]:
    for visit in branch.visits:
        yield _line(visit.at - start, depth, f"{visit.name} ({visit.type}): {_document(visit.input)} -> {_end(visit)}")
        for retry, attempt in enumerate(visit.attempts):
            yield _line(attempt.at - start, depth + 1, _attempt_told(attempt, retry))
        for retry, round_ in enumerate(visit.rounds):
            if retry:
                yield _line(round_.at - start, depth + 1, f"retry {retry}")
            yield from _round_lines(round_, "iteration" if visit.type == "Map" else "branch", start, depth + 1)


def _round_lines(round_: Round, kind: str, start: int, depth: int) -> Iterator[str]:
    chosen = _chosen(round_.branches) if kind == "iteration" else round_.branches
    for branch in chosen:
        at = branch.visits[0].at if branch.visits else round_.at
        yield _line(at - start, depth, f"{kind} {branch.index}{' (failed)' if branch.has_failed else ''}")
        yield from _branch_lines(branch, start, depth + 1)
    if len(chosen) < len(round_.branches):
        yield _line(None, depth, f"... and {len(round_.branches) - len(chosen)} more iterations")


def _chosen(iterations: list[Branch]) -> list[Branch]:
    failed = [iteration for iteration in iterations if iteration.has_failed][:_FAILED_ITERATIONS_SHOWN]
    first = iterations[:_ITERATIONS_SHOWN]
    return first + [iteration for iteration in failed if all(iteration is not other for other in first)]


def _end(visit: Visit) -> str:
    last_failed = bool(visit.attempts) and visit.attempts[-1].error is not None
    if visit.output is not MISSING:
        error = visit.attempts[-1].error if last_failed else visit.error
        caught = f"caught{'' if error is None else f' {error}'}, " if last_failed or visit.has_failed else ""
        return f"{caught}{_document(visit.output)}"
    if visit.type == "Fail":
        return "fails"
    if last_failed or visit.has_failed or visit.has_ended or visit.error is not None:
        return "failed"
    return "not left"


def _attempt_told(attempt: Attempt, retry: int) -> str:
    what = f"retry {retry}: " if retry else ""
    resource, payload = _work_of(attempt)
    if attempt.error is not None:
        cause = "" if attempt.cause is None else f": {shown_text(attempt.cause, 200)}"
        outcome = f"error {attempt.error}{cause}"
    else:
        outcome = "no answer" if attempt.result is MISSING else _document(attempt.result)
    return f"{what}{resource} {_document(payload)} -> {outcome}"


def _work_of(attempt: Attempt) -> tuple[str, JSON]:
    """Name what did the work of a Task and what it was given, Lambda functions by their own name and event."""
    payload = attempt.payload
    if attempt.resource == LAMBDA_INVOKE and isinstance(payload, dict):
        function = payload.get("FunctionName")
        if isinstance(function, str):
            return f"{LAMBDA_INVOKE} {function.rpartition('function:')[2]}", event_of(payload)
    function_name = resource_of(attempt.resource).function
    return (attempt.resource if function_name is None else f"function {function_name.name}"), payload


def _line(microseconds: int | None, depth: int, text: str) -> str:
    at = "" if microseconds is None else f"+{_seconds(microseconds)}"
    return f"{at:>12}  {'  ' * depth}{text}"


def _seconds(microseconds: int) -> str:
    return f"{microseconds / 1_000_000:.6f}".rstrip("0").rstrip(".") + " s"


def _document(value: JSON) -> str:
    return shown(value, _DOCUMENT_LENGTH)


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    half = _MOST_LINES // 2
    return [*lines[:half], _line(None, 0, f"... {len(lines) - 2 * half} more lines"), *lines[-half:]]
