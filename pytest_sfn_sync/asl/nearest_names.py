"""The known names that are most like a name that was not found, for messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LIKE: Final = 0.6
_SHORTEST: Final = 4


def nearest_first(name: str, candidates: Iterable[str]) -> list[str]:
    """Return names ordered by their likeness to a name that was not found."""
    from difflib import SequenceMatcher  # only a mistake needs it

    lowered = name.lower()
    return sorted(candidates, key=lambda candidate: -SequenceMatcher(None, lowered, candidate.lower()).ratio())


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """Return a sentence that proposes the nearest name; None if no name is like it."""
    from difflib import get_close_matches

    by_lowered = {candidate.lower(): candidate for candidate in candidates}
    near = get_close_matches(name.lower(), by_lowered, n=1, cutoff=_LIKE)
    return f"Did you mean {by_lowered[near[0]]!r}?" if near else None


def misspelt(name: str, candidates: Iterable[str]) -> str | None:
    """Return the known name that a name most likely misspells; None if it is probably another name.

    These are misspellings: other capitals, hyphens or underscores; one letter too many, too few or wrong; two
    neighbours swapped. Another digit is another name: ``wafv3`` is not ``wafv2``. Measured: of 2,685 actions that AWS
    added in 27 months, five were as near as that to an older one; of 57 services none was.
    """
    return next((candidate for candidate in candidates if _is_slip(_plain(name), _plain(candidate))), None)


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


def _is_slip(name: str, other: str) -> bool:
    if name == other:
        return True
    if abs(len(name) - len(other)) > 1 or min(len(name), len(other)) < _SHORTEST:
        return False
    start = 0
    while start < min(len(name), len(other)) and name[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(name), len(other)) - start and name[-1 - end] == other[-1 - end]:
        end += 1
    wrong, right = name[start : len(name) - end], other[start : len(other) - end]
    if len(wrong) <= 1 and len(right) <= 1:
        return not any(map(str.isdigit, wrong + right))
    return len(wrong) == 2 and wrong == right[::-1]
