"""Java's ``java.util.Random`` as far as seeded States.MathRandom shows it: the first bounded ``nextInt``."""

from __future__ import annotations

_MULTIPLIER = 0x5DEECE66D
_MASK = (1 << 48) - 1


def next_int(seed: int, bound: int) -> int:
    """Give the first ``nextInt(bound)`` of a generator seeded with ``seed`` (``bound`` from 1 to 2**31 - 1)."""
    state = (seed ^ _MULTIPLIER) & _MASK
    while True:
        state = (state * _MULTIPLIER + 0xB) & _MASK
        bits = state >> 17
        if bound & (bound - 1) == 0:
            return (bound * bits) >> 31
        value = bits % bound
        if bits - value + bound - 1 < 1 << 31:
            return value
