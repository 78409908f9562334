"""The parser of ``Retry`` and ``Catch``; their effect when a state fails is in `states.error_handling`."""

from __future__ import annotations

from pytest_sfn_sync.asl.definition import Catcher, Retrier
from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.error_names import STATES_ALL
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.query_languages import report_other_language
from pytest_sfn_sync.asl.limits import MAX_RETRY_DELAY_SECONDS, MAX_SECONDS

_RETRIER_FIELDS = frozenset(
    {
        "Comment",
        "ErrorEquals",
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
    }
)


def parse_retry(reader: FieldReader) -> tuple[Retrier, ...]:
    """Parse ``Retry``; an empty array is legal (recorded)."""
    retriers = []
    entries = reader.parts("Retry", may_be_empty=True)
    for retrier in entries:
        retrier.only(_RETRIER_FIELDS)
        max_delay = retrier.integer("MaxDelaySeconds", minimum=1, maximum=MAX_RETRY_DELAY_SECONDS, default=0)
        retriers.append(
            Retrier(
                location=retrier.location,
                error_equals=_error_equals(retrier, is_last=retrier is entries[-1]),
                interval_seconds=retrier.integer("IntervalSeconds", minimum=0, maximum=MAX_SECONDS, default=1),
                max_attempts=retrier.integer("MaxAttempts", minimum=0, maximum=MAX_SECONDS, default=3),
                backoff_rate=retrier.number("BackoffRate", minimum=1.0, maximum=None, default=2.0),
                max_delay_seconds=max_delay or None,
                jitter_strategy=retrier.one_of("JitterStrategy") or "NONE",
            )
        )
    return tuple(retriers)


def parse_catch(reader: FieldReader, dialect: Dialect) -> tuple[Catcher, ...]:
    """Parse ``Catch``; an empty array is legal (recorded)."""
    catchers = []
    entries = reader.parts("Catch", may_be_empty=True)
    for catcher in entries:
        for field in catcher.fields:
            if field in dialect.other_catcher_fields:
                report_other_language(catcher, field, dialect.language)
            elif field not in dialect.catcher_fields:
                catcher.not_supported(field, dialect.catcher_fields)
        catcher.require("Next")
        next_state = catcher.string("Next")
        catchers.append(
            Catcher(
                location=catcher.location,
                error_equals=_error_equals(catcher, is_last=catcher is entries[-1]),
                next=next_state or "",
                flow=dialect.catcher_flow(catcher),
            )
        )
    return tuple(catchers)


def _error_equals(reader: FieldReader, *, is_last: bool) -> tuple[str, ...]:
    if not reader.require("ErrorEquals"):
        return ()
    names: JSON = reader.fields["ErrorEquals"]
    if not isinstance(names, list):
        reader.fault("Expected value of type Array", "ErrorEquals")
        return ()
    if not names:
        reader.fault("Value cannot be empty", "ErrorEquals")
    if not all(isinstance(name, str) for name in names):
        reader.fault("Expected value of type String", "ErrorEquals")
        return ()
    if STATES_ALL in names and (len(names) > 1 or not is_last):
        # Measured where the name comes first. Assumption: otherwise it is the name's own index.
        location = reader.at("ErrorEquals") / names.index(STATES_ALL)
        reader.diagnostics.add("States.ALL must appear alone and at end of list", location)
    return tuple(names)
