"""The values of Terraform's language, and its conversions between them.

A text is a str, a list or tuple a list, a set a `SetValue`, a map or object a dict. Terraform has one type of numbers:
here a number is an int, or a float if it has a fraction.
Texts and objects know where they were written, so that a fault of a definition is reported at its own line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.document_size import MOST_DIGITS, TOO_LARGE, TOO_MANY_DIGITS, is_too_large
from pytest_sfn_sync.sources.embedded_text import EmbeddedText
from pytest_sfn_sync.sources.line_map import LineMap
from pytest_sfn_sync.sources.text_files import read_text_file
from pytest_sfn_sync.terraform.guessed_values import GuessedMap, GuessedText


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


_KINDS: Final = {bool: "a bool", int: "a number", float: "a number", str: "a string", SetValue: "a set", list: "a list"}
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_ESCAPED_IN_JSON: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def kind_of(value: object) -> str:
    """Return the name of a value's kind in Terraform."""
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    return next((name for kind, name in _KINDS.items() if isinstance(value, kind)), "a whole resource or module")


def _named(value: object) -> str:
    """Return a string itself, and the kind of any other value, for a message."""
    return shown_value(value, 60) if isinstance(value, str) else kind_of(value)


def is_number(value: object) -> bool:
    """Return whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def one_number(number: int | float | Decimal) -> int | float:
    """Return a number in its one form: an int if it has no fraction, so that 3.0 is shown as 3."""
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite() or exact.adjusted() > MOST_DIGITS:
        raise ValueKindError(TOO_MANY_DIGITS)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def text_of(value: Any) -> str:
    """Convert to a string, as Terraform does for numbers and bools; raise ValueKindError for all else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        # Recorded: Terraform never writes an exponent.
        return format(Decimal(repr(one_number(value))), "f")
    raise ValueKindError(f"a string is needed, not {kind_of(value)}")


def number_of(value: Any) -> int | float:
    """Convert to a number, as Terraform does for strings with a number in them."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return one_number(Decimal(value))
    if is_number(value):
        return one_number(value)
    if isinstance(value, GuessedText):
        return 1
    raise ValueKindError(f"a number is needed, not {_named(value)}")


def whole_of(value: Any) -> int:
    """Convert to a whole number."""
    number = number_of(value)
    if isinstance(number, float):
        raise ValueKindError(f"a whole number is needed, not {text_of(number)}")
    return number


def bool_of(value: Any) -> bool:
    """Convert to a bool, as Terraform does for "true" and "false"."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    if isinstance(value, GuessedText):
        return False
    raise ValueKindError(f"a bool is needed, not {_named(value)}")


def list_of(value: Any) -> list[Any]:
    """Return the items of a list or a set."""
    if isinstance(value, list):
        return value
    if isinstance(value, GuessedText):
        return [value]
    raise ValueKindError(f"a list is needed, not {kind_of(value)}")


def items_of(value: Any) -> list[Any]:
    """Return the items of a list or a tuple; a set has no order."""
    if isinstance(value, SetValue):
        raise ValueKindError("a list is needed, not a set, whose members have no order; write tolist(...) around it")
    return list_of(value)


def map_of(value: Any) -> Mapping[str, Any]:
    """Return a map or an object."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, GuessedText):
        return GuessedMap(value.part)
    raise ValueKindError(f"a map is needed, not {kind_of(value)}")


def set_of(items: Iterable[Any]) -> SetValue:
    """Return the set of some items, which have one type.

    Recorded: Terraform has sets of strings and of numbers in order, and false before true.
    """
    distinct = distinct_of(list(items))
    kinds = {kind_of(item) for item in distinct}
    return SetValue(sorted(distinct) if len(kinds) == 1 and kinds <= _PRIMITIVES else distinct)


_PRIMITIVES: Final = {"a string", "a number", "a bool"}


def distinct_of(items: list[Any]) -> list[Any]:
    """Return items without those that are equal to an earlier one."""
    found: dict[Any, Any] = {}
    for item in items:
        found.setdefault(_identity(item), item)
    return list(found.values())


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal in Terraform, where values of two types are never equal."""
    return same_as(left)(right)


def same_as(value: Any) -> Callable[[Any], bool]:
    """Return a function that says whether a value is equal to this one."""
    identity = _identity(value)
    return lambda other: bool(identity == _identity(other))


def among(values: list[Any]) -> Callable[[Any], bool]:
    """Return a function that says whether a value is equal to one of these."""
    identities = {_identity(value) for value in values}
    return lambda value: _identity(value) in identities


def _identity(value: Any) -> Any:
    """Return a key that equal values have in common; a resource or a module is equal to itself alone."""
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return isinstance(value, bool), value
    if isinstance(value, list | Mapping):
        return kind_of(value), json_of(value)
    return id(value)


def pairs_of(value: Any) -> list[tuple[Any, Any]]:
    """Return the keys and values that a for expression runs over: maps in the order of their keys."""
    if isinstance(value, SetValue):
        return [(item, item) for item in value]
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, Mapping):
        return sorted(value.items())
    if isinstance(value, GuessedText):
        return [(0, value)]
    raise ValueKindError(f"for needs a list, a set or a map, not {kind_of(value)}")


def json_of(value: Any) -> str:
    """Return the JSON text of a value as jsonencode writes it: keys in order, and no exponents.

    Documented: jsonencode writes ``<``, ``>``, ``&`` and two line separators as escapes.
    """
    check_size(value)
    return _json(value)


def check_size(value: Any) -> None:
    """Raise ValueKindError if a value is larger than a document that is read; shared parts count each time."""
    if is_too_large(value):
        raise ValueKindError(f"it is too large: {TOO_LARGE}")


def _json(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPED_IN_JSON)
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_json(key)}:{_json(member)}' for key, member in sorted(value.items()))}}}"
    if isinstance(value, bool | int | float):
        return text_of(value)
    raise ValueKindError("it has a whole resource or module in it: name the attributes that are needed")


_TEXTS: Final[dict[str, str]] = {}
"""The texts of files as they were read last; a message shows a line even if its file is gone."""


def read_text(path: Path) -> str:
    """Return the text of a file, and remember it for messages.

    Raise FileNotFoundError if there is no such file, and UnreadableSourceError if it can't be read.
    """
    text = read_text_file(path)
    _TEXTS[str(path)] = text
    return text


def text_of_file(file: str | None) -> str:
    """Return the text of a file that was read before; its lines are shown in messages."""
    return "" if file is None else _TEXTS.get(file) or read_text(Path(file))
