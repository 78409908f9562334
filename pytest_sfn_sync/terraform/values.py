"""The values of Terraform's language, and its conversions between them.

A text is a str, a number an int or a float, a list or tuple a list, a set a `SetValue`, a map or object a dict.
Texts and objects know where they were written, so that a fault of a definition is reported at its own line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from pytest_sfn_sync.sources.embedded_text import EmbeddedText
from pytest_sfn_sync.sources.line_map import LineMap


class ValueKindError(Exception):
    """A value has not the kind that is needed; the text is the reason."""


class SetValue(list[Any]):
    """A set: its members in order, each once."""


class PlacedText(str):
    """A text that was rendered from a template: the places of its characters, or the map of its JSON."""

    embedded: EmbeddedText | None
    file: str | None
    line_map: Callable[[], LineMap] | None

    def __new__(
        cls,
        text: str,
        *,
        embedded: EmbeddedText | None = None,
        file: str | None = None,
        line_map: Callable[[], LineMap] | None = None,
    ) -> PlacedText:
        """Return the text with its places."""
        placed = super().__new__(cls, text)
        placed.embedded, placed.file, placed.line_map = embedded, file, line_map
        return placed


class PlacedObject(dict[str, Any]):
    """An object with the map of its parts to lines."""

    line_map: Callable[[], LineMap] | None = None


class HasAttributes(Protocol):
    """A resource, a module or another thing whose attributes are evaluated when they are needed."""

    def attribute(self, name: str) -> Any:
        """Return an attribute; raise ValueKindError if there is none."""


_KINDS: Final = {bool: "a bool", int: "a number", float: "a number", str: "a string", SetValue: "a set", list: "a list"}


def kind_of(value: object) -> str:
    """Return the name of a value's kind in Terraform."""
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    return next((name for kind, name in _KINDS.items() if isinstance(value, kind)), "a whole resource or module")


def is_number(value: object) -> bool:
    """Return whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def text_of(value: Any) -> str:
    """Convert to a string, as Terraform does for numbers and bools; raise ValueKindError for all else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return str(int(value)) if value == int(value) else repr(value)
    raise ValueKindError(f"a string is needed, not {kind_of(value)}")


def number_of(value: Any) -> int | float:
    """Convert to a number, as Terraform does for strings with a number in them."""
    if is_number(value):
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        try:
            number = float(value)
            return int(value) if value.lstrip("+-").isdigit() else number
        except ValueError:
            raise ValueKindError(f"a number is needed, not {value!r:.60}") from None
    raise ValueKindError(f"a number is needed, not {kind_of(value)}")


def whole_of(value: Any) -> int:
    """Convert to a whole number."""
    number = number_of(value)
    if number != int(number):
        raise ValueKindError(f"a whole number is needed, not {number}")
    return int(number)


def bool_of(value: Any) -> bool:
    """Convert to a bool, as Terraform does for "true" and "false"."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueKindError(f"a bool is needed, not {repr(value)[:60] if isinstance(value, str) else kind_of(value)}")


def list_of(value: Any) -> list[Any]:
    """Return the items of a list or a set."""
    if isinstance(value, list):
        return value
    raise ValueKindError(f"a list is needed, not {kind_of(value)}")


def map_of(value: Any) -> Mapping[str, Any]:
    """Return a map or an object."""
    if isinstance(value, Mapping):
        return value
    raise ValueKindError(f"a map is needed, not {kind_of(value)}")


def set_of(items: Iterable[Any]) -> SetValue:
    """Return the set of some items; Terraform keeps sets of strings in order."""
    distinct: list[Any] = []
    for item in items:
        if not any(same(item, other) for other in distinct):
            distinct.append(item)
    if all(isinstance(item, str) for item in distinct):
        distinct.sort()
    return SetValue(distinct)


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal in Terraform, where a bool never equals a number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return isinstance(left, bool) and isinstance(right, bool) and left == right
    return bool(left == right)


def pairs_of(value: Any) -> list[tuple[Any, Any]]:
    """Return the keys and values that a for expression runs over: maps in the order of their keys."""
    if isinstance(value, SetValue):
        return [(item, item) for item in value]
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, Mapping):
        return sorted(value.items())
    raise ValueKindError(f"for needs a list, a set or a map, not {kind_of(value)}")


def json_of(value: Any) -> str:
    """Return the JSON text of a value as jsonencode writes it, with the keys of objects in order."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        raise ValueKindError("it has a whole resource or module in it: name the attributes that are needed") from None


def text_of_file(file: str | None) -> str:
    """Return the text of a file that was read before; its lines are shown in messages."""
    return "" if file is None else Path(file).read_text(encoding="utf-8-sig")
