"""Java's ``java.util.Random``: the first number of a seeded generator, for States.MathRandom and ``$random``."""

from __future__ import annotations

_MULTIPLIER = 0x5DEECE66D
_MASK = (1 << 48) - 1


def next_int(seed: int, bound: int) -> int:
    """Return the first ``nextInt(bound)`` of a generator seeded with ``seed`` (``bound`` from 1 to 2**31 - 1)."""
    state = _first_state(seed)
    while True:
        bits, state = _next_bits(state, 31)
        if bound & (bound - 1) == 0:
            return (bound * bits) >> 31
        value = bits % bound
        if bits - value + bound - 1 < 1 << 31:
            return value


def first_double(seed: int) -> float:
    """Return the first ``nextDouble()`` of a generator seeded with ``seed``."""
    high, state = _next_bits(_first_state(seed), 26)
    low, _ = _next_bits(state, 27)
    return ((high << 27) + low) * 2.0**-53


def _first_state(seed: int) -> int:
    return (seed ^ _MULTIPLIER) & _MASK


def _next_bits(state: int, count: int) -> tuple[int, int]:
    state = (state * _MULTIPLIER + 0xB) & _MASK
    return state >> (48 - count), state
