"""What the value of a payload template can come to at most, told from its text: it saves measuring the value itself.

A template whose values are all parts of one document can't give more than its own literal text and, for each of them,
the whole of that document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_path
from pytest_sfn_sync.asl.json_text import utf8_size
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX

_ITEM_PATHS: Final = frozenset({"$$.Map.Item.Value", "$$.Map.Item.Index"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeBound:
    """A size that a template's value can't exceed: its literal bytes, and so many parts of one document."""

    literal_bytes: int
    parts: int


def size_bound(template: JSON) -> SizeBound | None:
    """Return a bound of what a template's value comes to; None where its values are not all parts of its document.

    An item of a Map counts as a part: it is one of the effective input where the items are.
    """
    parts = 0
    pending = [template]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            for key, member in value.items():
                if not key.endswith(EVALUATED_SUFFIX):
                    pending.append(member)
                elif not _is_part(member):
                    return None
                else:
                    parts += 1
    return SizeBound(literal_bytes=utf8_size(template), parts=parts)


def _is_part(source: JSON) -> bool:
    if not isinstance(source, str) or not source.startswith("$"):
        return False
    if source in _ITEM_PATHS:
        return True
    try:
        path = compile_path(source)
    except PathSyntaxError:
        return False
    return path.is_reference_path and path.root == "input"
