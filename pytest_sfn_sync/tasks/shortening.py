"""How much of a document, a text or a list a message shows: a part of a long one, or all of it.

Messages, traces and differences are short by default. The plugin makes them whole for ``-vv``. The setting holds for
the process; there is one, as there is one terminal.
"""

from __future__ import annotations

from collections.abc import Callable

_is_whole = False


def show_whole(is_whole: bool) -> Callable[[], None]:
    """Set whether messages show everything, and return a function that restores the setting before it."""
    global _is_whole
    before, _is_whole = _is_whole, is_whole

    def restore() -> None:
        global _is_whole
        _is_whole = before

    return restore


def fits(length: int, limit: int) -> bool:
    """Return whether something of a length is shown whole: it is not longer than a limit, or everything is shown."""
    return _is_whole or length <= limit


def most(limit: int, length: int) -> int:
    """Return how many of ``length`` things are shown: ``limit`` at most, or all if everything is shown."""
    return length if fits(length, limit) else limit


def shown_text(text: str, limit: int) -> str:
    """Return a text, cut if it is too long for a message."""
    return text if fits(len(text), limit) else f"{text[:limit]} ...({len(text) - limit} more characters)"
