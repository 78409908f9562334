"""Random UUIDs from an execution's own source of randomness, so that a seed repeats them."""

from __future__ import annotations

from random import Random
from typing import Final

_FREE_BITS: Final = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION_AND_VARIANT: Final = 0x4000 << 64 | 0x8000 << 48


def random_uuid(random: Random) -> str:
    """Return a version 4 UUID, as States.UUID does; AWS's generated names and request ids have this form too."""
    # The uuid module takes several times as long and would read the system's randomness.
    digits = (random.getrandbits(128) & _FREE_BITS | _VERSION_AND_VARIANT).to_bytes(16, "big").hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
