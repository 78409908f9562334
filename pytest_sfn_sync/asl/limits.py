"""The limits of executions and of the States Language, in one place.

Source: the developer guide's quotas and API pages, and recordings. The limit of transitions is this fake's own.
"""

from __future__ import annotations

from typing import Final

MICROSECONDS: Final = 1_000_000
"""Microseconds in a second: the unit of the virtual clock."""

EXPRESS_TIMEOUT_SECONDS: Final = 300
"""An Express execution ends TIMED_OUT after five minutes."""

STANDARD_TIMEOUT_SECONDS: Final = 31_536_000
"""A Standard execution ends TIMED_OUT after a year (documented)."""

STANDARD_EVENTS: Final = 25_000
"""The most events of a Standard execution; it fails at the last one (measured)."""

PAYLOAD_BYTES: Final = 262_144
"""The most bytes of UTF-8 that an input, a result, an output or an assigned variable may have."""

VARIABLES_BYTES: Final = 10 * 1024 * 1024
"""The most bytes that all variables of an execution may have."""

MAX_SECONDS: Final = 99_999_999
"""The largest TimeoutSeconds, HeartbeatSeconds, IntervalSeconds, MaxAttempts and Wait Seconds."""

MAX_WAIT_SECONDS: Final = 2_147_483_647
"""The longest wait until a timestamp. Recorded: 24,855 days are accepted, 24,856 are not."""

MAX_RETRY_DELAY_SECONDS: Final = 31_622_400
"""The largest MaxDelaySeconds (measured)."""

MAX_COUNT: Final = 2_147_483_647
"""The largest MaxConcurrency, ToleratedFailureCount and MaxItemsPerBatch.

Assumption: AWS reads them as Java's int. Documented: a concurrency that is too large is reduced at run time.
"""

MAX_BATCH_BYTES: Final = 262_144
"""The largest MaxInputBytesPerBatch (documented)."""

MAX_DEFINITION_CHARACTERS: Final = 1_048_576
"""The most characters that a definition may have (documented)."""

MAX_READER_ITEMS: Final = 100_000_000
"""The most items that a ReaderConfig may ask for (measured)."""

MAX_LABEL_LENGTH: Final = 40
"""The longest Label of a distributed Map."""

INLINE_MAP_CONCURRENCY: Final = 40
"""The most iterations of an inline Map that run at once; a larger MaxConcurrency changes nothing."""

DISTRIBUTED_MAP_CONCURRENCY: Final = 10_000
"""The most children of a distributed Map that run at once (documented); a larger MaxConcurrency changes nothing."""

MAX_TRANSITIONS: Final = 100_000
"""State transitions after which an execution is ended as timed out.

On AWS every transition takes time, so a workflow that loops forever reaches the five-minute limit. On the virtual clock
a loop without a Wait takes no time. This limit ends it in the same way.
"""

MAX_NESTING: Final = 50
"""The deepest nesting of Parallel and Map states. Assumption: AWS refuses deep nesting; its limit was not recorded."""

EXPRESSION_STEPS: Final = 5_000_000
"""The most steps of one evaluation of a JSONata expression; one more ends it as an expression that takes too long.

Documented: AWS's limit is one second on its own machines. Steps are the same on every machine. This number takes about
half a second here. Assumption: the engine of AWS is not faster.
"""

UNCOUNTED_EXPRESSION_STEPS: Final = 2_000
"""An evaluation of at most so many steps is not counted, and is never ended for the work of others."""
