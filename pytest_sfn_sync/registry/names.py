"""The names that AWS accepts, and the partition of a region."""

from __future__ import annotations

import re
from typing import Final

_PARTITIONS: Final = {
    "cn": "aws-cn",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "us-isof": "aws-iso-f",
    "eu-isoe": "aws-iso-e",
    "eusc-de": "aws-eusc",
}

NAME_MAX_LENGTH: Final = 80
_FORBIDDEN_IN_NAMES: Final = re.compile('[\\s<>{}\\[\\]?*"#%\\\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]')


def is_valid_name(name: str) -> bool:
    """Return whether a name follows AWS's rule for machines and executions; its length is checked elsewhere.

    Documented: the API's StartExecution page. Recorded: the refusal of each character.
    """
    return forbidden_character(name) is None


def forbidden_character(name: str) -> str | None:
    """Return the first character of a name that AWS refuses; None if AWS refuses none."""
    found = _FORBIDDEN_IN_NAMES.search(name)
    return None if found is None else found.group()


def partition_of(region: str) -> str:
    """Return the partition of a region, which is the second part of its ARNs: ``aws-cn`` for ``cn-north-1``."""
    return _PARTITIONS.get(region.rsplit("-", 2)[0], "aws")
