"""Which known names are nearest to one that was not found, for messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LIKE: Final = 0.6


def nearest_first(name: str, candidates: Iterable[str]) -> list[str]:
    """Order names by their likeness to a name that was not found."""
    from difflib import SequenceMatcher  # only a mistake needs it

    lowered = name.lower()
    return sorted(candidates, key=lambda candidate: -SequenceMatcher(None, lowered, candidate.lower()).ratio())


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """Ask whether the nearest name was meant; None where none is like it."""
    from difflib import get_close_matches

    by_lowered = {candidate.lower(): candidate for candidate in candidates}
    near = get_close_matches(name.lower(), by_lowered, n=1, cutoff=_LIKE)
    return f"Did you mean {by_lowered[near[0]]!r}?" if near else None
