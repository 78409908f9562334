"""What an Express execution is billed for: its duration in steps of 100 ms and its memory in steps of 64 MB.

Source: the pricing page; recordings show 100, 300 and 7600 ms and, for small workflows, always 64 MB.
"""

from __future__ import annotations

from typing import Final

_DURATION_STEP: Final = 100_000
_MEMORY_STEP: Final = 64
_BASE_MEMORY: Final = 50 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024


def billed_duration(microseconds: int) -> int:
    """Round a duration on the virtual clock up to the next 100 ms; the result is in milliseconds.

    At least 100: on AWS no execution takes no time at all.
    """
    return max(1, -(-microseconds // _DURATION_STEP)) * 100


def billed_memory(*, definition_size: int, payload_size: int, parts: int) -> int:
    """Estimate the memory that is billed, in MB; sizes are in bytes, ``parts`` counts branches and iterations.

    The pricing page's estimate: 50 MB, the definition, and the payload once for each branch and iteration that was run.
    Assumption: the payload's size is that of the larger of the execution's input and output.
    """
    used = _BASE_MEMORY + definition_size + payload_size * max(1, parts)
    return -(-used // (_MEMORY_STEP * _MEGABYTE)) * _MEMORY_STEP
