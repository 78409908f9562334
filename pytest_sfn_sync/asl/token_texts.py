"""Task tokens: the opaque texts by which the outside answers a task."""

from __future__ import annotations

from base64 import b64encode
from random import Random
from typing import Final

_BEGINNING: Final = "AQCEAAAAKgAAAAMAAAAA"
_BYTES: Final = 480


def new_token(random: Random) -> str:
    """Return a token that differs from all others. Documented: it is opaque, with at most 2,048 characters.

    Assumption: its length, and the characters that follow the beginning that all known tokens share.
    """
    return _BEGINNING + b64encode(random.randbytes(_BYTES)).decode()
