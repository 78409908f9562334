"""The billing of an Express execution: its duration in steps of 100 ms, and its memory in steps of 64 MB.

Documented on the pricing page. Recorded: 100, 300 and 7600 ms and, for small workflows, always 64 MB.
"""

from __future__ import annotations

from typing import Final

_DURATION_STEP: Final = 100_000
_MEMORY_STEP: Final = 64
_BASE_MEMORY: Final = 50 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024


def billed_duration(microseconds: int) -> int:
    """Return a virtual duration in milliseconds, rounded up to the next 100.

    The result is at least 100: on AWS, every execution takes some time.
    """
    return max(1, -(-microseconds // _DURATION_STEP)) * 100


def billed_memory(*, definition_size: int, payload_size: int, parts: int) -> int:
    """Return an estimate of the billed memory in MB; sizes are in bytes, and ``parts`` counts branches and iterations.

    Documented: the memory is 50 MB, the definition, and the payload once for each branch and iteration that was run.
    Assumption: the size of the payload is that of the execution's input or output, the larger one.
    """
    used = _BASE_MEMORY + definition_size + payload_size * max(1, parts)
    return -(-used // (_MEMORY_STEP * _MEGABYTE)) * _MEMORY_STEP
