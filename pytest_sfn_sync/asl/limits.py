"""The limits of Express executions and of the States Language, in one place.

Source: the developer guide's quotas and API pages, and recordings; the limit of transitions is this fake's own.
"""

from __future__ import annotations

from typing import Final

MICROSECONDS: Final = 1_000_000
"""Microseconds in a second: the unit of the virtual clock."""

EXPRESS_TIMEOUT_SECONDS: Final = 300
"""An Express execution ends TIMED_OUT after five minutes."""

PAYLOAD_BYTES: Final = 262_144
"""The most bytes of UTF-8 that an input, a result, an output or an assigned variable may have."""

VARIABLES_BYTES: Final = 10 * 1024 * 1024
"""The most bytes that all variables of an execution may have."""

MAX_SECONDS: Final = 99_999_999
"""The largest TimeoutSeconds, HeartbeatSeconds, IntervalSeconds, MaxAttempts and Wait Seconds."""

MAX_WAIT_SECONDS: Final = 2_147_483_647
"""The longest wait until a timestamp (recorded: 24,855 days pass, 24,856 fail)."""

MAX_RETRY_DELAY_SECONDS: Final = 31_622_400
"""The largest MaxDelaySeconds (measured)."""

MAX_COUNT: Final = 2_147_483_647
"""The largest MaxConcurrency, ToleratedFailureCount and MaxItemsPerBatch.

Assumption: AWS reads them as Java's int. Documented is that more concurrency than there can be is cut at run time.
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
"""How many iterations of an inline Map run at once at most, whatever MaxConcurrency says."""

MAX_TRANSITIONS: Final = 100_000
"""State transitions after which an execution is ended as timed out.

On AWS every transition takes time, so that a workflow that loops for ever meets the five-minute limit. On the virtual
clock a loop without a Wait takes none; this limit ends it in the same way.
"""

MAX_NESTING: Final = 50
"""How deep Parallel and Map states may be nested (assumption: AWS refuses deep nesting, at an unrecorded depth)."""
