"""Upper bounds of the size of a payload template's value, so that the value need not be measured.

The values of many templates are all parts of one document. The result is then at most as large as the literal text
plus, for each of the values, the whole document.
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
    """An upper bound of a template's size: ``literal_bytes`` plus ``parts`` times the size of the document."""

    literal_bytes: int
    parts: int


def size_bound(template: JSON) -> SizeBound | None:
    """Return an upper bound of the size of a template's value; None if not all its values are parts of its document.

    An item of a Map counts as a part, because the items are parts of the effective input.
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
