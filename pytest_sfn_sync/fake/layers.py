"""The fakes whose ``with`` blocks are open, from the outermost to the innermost.

Each fake is linked to the one around it: it uses that one's machines, mocks, clients and injected errors after its own.
A fake may end before one that was entered later, for example in another thread; the others are then linked anew.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final, Protocol

from pytest_sfn_sync.errors import SfnSyncUsageError


class NestedFake(Protocol):
    """What is used of a fake here."""

    @property
    def usage_errors(self) -> list[SfnSyncUsageError]:
        """The usage errors that were raised in its calls."""

    def _nest(self, outer: NestedFake | None) -> None:
        """Link the fake to the one around it; None ends it."""


# Not a ContextVar: threads that the code under test starts must see the fakes too.
_entered: list[NestedFake] = []
_lock: Final = Lock()

around_all: list[Callable[[NestedFake], NestedFake | None]] = []
"""The last function here returns the fake around the outermost one; that fake answers no calls itself."""


def enter(fake: NestedFake) -> None:
    """Add the innermost fake."""
    with _lock:
        fake._nest(_entered[-1] if _entered else _around(fake))
        _entered.append(fake)


def _around(fake: NestedFake) -> NestedFake | None:
    return around_all[-1](fake) if around_all else None


def leave(fake: NestedFake) -> None:
    """Remove a fake, wherever it is; link the one within it to the one around it."""
    with _lock:
        for index, entered in enumerate(_entered):
            if entered is fake:
                del _entered[index]
                fake._nest(None)
                if index < len(_entered):
                    _entered[index]._nest(_entered[index - 1] if index else _around(_entered[0]))
                return


def entered() -> list[NestedFake]:
    """Return the fakes whose blocks are open, the outermost first."""
    return list(_entered)
