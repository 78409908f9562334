"""Wait states: the virtual time at which to go on.

Recorded: an absent value, a negative value and a value that is not a whole number each have their own text.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.definition import WaitState
from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.json_paths import PathNotFound
from pytest_sfn_sync.asl.limits import MAX_WAIT_SECONDS, MICROSECONDS
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.states.number_fields import text_of, whole_number
from pytest_sfn_sync.asl.timestamps import parse_timestamp


def wait_until(state: WaitState, effective_input: JSON, scope: BranchScope, now: int) -> int:
    """Return the virtual time, in microseconds since the epoch, at which the state's wait is over."""
    if state.seconds is not None:
        return now + _number(state.seconds, effective_input, scope) * MICROSECONDS
    if state.seconds_path is not None:
        return now + _seconds(state.seconds_path, effective_input, scope) * MICROSECONDS
    if state.timestamp_path is not None:
        return _not_too_late(_timestamp(state.timestamp_path, effective_input, scope), now)
    assert state.timestamp is not None, "the parser lets through no Wait without one of the four"
    return _not_too_late(_number(state.timestamp, effective_input, scope), now)


def _number(value: int | Expression, effective_input: JSON, scope: BranchScope) -> int:
    """Return a literal, or the value of a JSONata expression, which checks its result itself."""
    if isinstance(value, int):
        return value
    number: int = value.evaluate(effective_input, scope)
    return number


def _seconds(path: Expression, effective_input: JSON, scope: BranchScope) -> int:
    value = _referenced(path, "SecondsPath", effective_input, scope)
    seconds = whole_number(value)
    # Recorded: an object and a fraction are refused with this text. Measured: numeric strings are accepted.
    if seconds is None:
        raise runtime_error(
            f"The SecondsPath parameter cannot be parsed as a long value: {path.source} == {text_of(value)}"
        )
    if seconds < 0:
        raise runtime_error(f"The SecondsPath parameter references a negative value: {path.source} == {seconds}")
    if seconds > MAX_WAIT_SECONDS:
        raise _too_long()  # Assumption: the same text as recorded for a timestamp.
    return seconds


def _timestamp(path: Expression, effective_input: JSON, scope: BranchScope) -> int:
    value = _referenced(path, "TimestampPath", effective_input, scope)
    moment = parse_timestamp(value) if isinstance(value, str) else None
    if moment is None:
        raise runtime_error(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
            f"{path.source} == {text_of(value)}"
        )
    return moment


def _referenced(path: Expression, field: str, effective_input: JSON, scope: BranchScope) -> JSON:
    try:
        return path.evaluate(effective_input, scope)
    except PathNotFound:
        raise runtime_error(f"The {field} parameter does not reference an input value: {path.source}") from None


def _not_too_late(moment: int, now: int) -> int:
    moment -= moment % MICROSECONDS  # Documented: the fraction of a second is cut off.
    if moment - now > MAX_WAIT_SECONDS * MICROSECONDS:
        raise _too_long()
    return moment


def _too_long() -> Exception:
    return runtime_error("Wait state delay is too long.")
