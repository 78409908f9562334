"""The functions of Terraform's language that take values; those that read files are in `evaluation`."""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote_plus

from pytest_sfn_sync.sources import LineMap, UnreadableSourceError
from pytest_sfn_sync.sources.json_source import read_json, spans_of_json
from pytest_sfn_sync.sources.yaml_dialects import JS_YAML
from pytest_sfn_sync.terraform.values import (
    PlacedObject,
    PlacedText,
    SetValue,
    ValueKindError,
    bool_of,
    json_of,
    kind_of,
    list_of,
    map_of,
    number_of,
    pairs_of,
    same,
    set_of,
    text_of,
    text_of_file,
    whole_of,
)

_LONGEST_RANGE: Final = 1024  # Documented: the limit of Terraform's own range.
_VERB: Final = re.compile(r"%(?:%|([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z]))")


def _jsonencode(value: Any) -> Any:
    text = json_of(value)
    line_map = getattr(value, "line_map", None)
    return PlacedText(text, line_map=line_map) if line_map is not None else text


def _jsondecode(value: Any) -> Any:
    text = text_of(value)
    try:
        return _placed(read_json(text), value)
    except UnreadableSourceError as error:
        raise ValueKindError(f"{error.why}{_in_file(value, error.line)}") from None


def _yamldecode(value: Any) -> Any:
    from pytest_sfn_sync.sources.yaml_source import read_yaml

    text = text_of(value)
    try:
        document, lines = read_yaml(text, file=getattr(value, "file", None), dialect=JS_YAML)
    except UnreadableSourceError as error:
        raise ValueKindError(f"{error.why}{_in_file(value, error.line)}") from None
    found = _placed(_plain(document), value)
    if isinstance(found, PlacedObject):
        found.line_map = lambda: _moved(lines, value)
    return found


def _plain(value: Any) -> Any:
    """Return a YAML document with plain texts in place of those with a placeholder."""
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _moved(lines: LineMap, text: Any) -> LineMap:
    """Return a line map of a rendered text with the lines of the file that the text is from."""
    embedded = getattr(text, "embedded", None)
    if embedded is None:
        return lines
    starts = [0]
    for line in str(text).split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def moved(line: int, column: int) -> tuple[int, int]:
        place: tuple[int, int] = embedded.place(min(starts[line - 1] + column - 1, len(text)))
        return place

    spans = {
        location: type(span)(*moved(*span[:2]), *moved(*span[2:4]), *moved(*span[4:]))
        for location, span in lines.spans.items()
    }
    return LineMap(spans, text=text_of_file(lines.file), file=lines.file)


def _placed(document: Any, text: Any) -> Any:
    embedded = getattr(text, "embedded", None)
    if embedded is None or not isinstance(document, dict):
        return document
    found = PlacedObject(document)
    found.line_map = lambda: LineMap(
        dict(spans_of_json(text, place=embedded.place)), text=text_of_file(text.file), file=text.file
    )
    return found


def _in_file(text: Any, line: int | None) -> str:
    embedded = getattr(text, "embedded", None)
    if embedded is None or line is None:
        return ""
    start = sum(len(part) + 1 for part in str(text).split("\n")[: line - 1])
    return f", which is line {embedded.place(min(start, len(text)))[0]} of {text.file}"


def _yamlencode(value: Any) -> str:
    return json_of(value)  # JSON is YAML; only a reader of the text could see the difference.


def _format(pattern: Any, *arguments: Any) -> str:
    left: Iterator[Any] = iter(arguments)

    def verb(match: re.Match[str]) -> str:
        flags, width, precision, letter = match.groups()
        if letter is None:
            return "%"
        try:
            value = next(left)
        except StopIteration:
            raise ValueKindError(f"format has fewer values than {text_of(pattern)!r:.60} needs") from None
        return _formatted(value, flags, width, precision, letter)

    made = _VERB.sub(verb, text_of(pattern))
    if next(left, verb) is not verb:
        raise ValueKindError(f"format has more values than {text_of(pattern)!r:.60} needs")
    return made


def _formatted(value: Any, flags: str, width: str, precision: str | None, letter: str) -> str:
    if letter in "sv":
        text = json_of(value) if isinstance(value, list | Mapping) else "null" if value is None else text_of(value)
        text = text if precision is None else text[: int(precision)]
    elif letter == "q":
        text = json_of(text_of(value))
    elif letter == "t":
        text = text_of(bool_of(value))
    elif letter in "dxXobf":
        number = number_of(value) if letter == "f" else whole_of(value)
        digits = f".{precision or 6}" if letter == "f" else ""
        return f"{number:{'+' if '+' in flags else ''}{'0' if '0' in flags else ''}{width}{digits}{letter}}"
    else:
        raise ValueKindError(f"the verb %{letter} of format is not supported")
    return text.ljust(int(width or 0)) if "-" in flags else text.rjust(int(width or 0))


def _formatlist(pattern: Any, *arguments: Any) -> list[str]:
    length = max((len(one) for one in arguments if isinstance(one, list)), default=1)
    rows = [one if isinstance(one, list) else [one] * length for one in arguments]
    return [_format(pattern, *row) for row in zip(*rows, strict=True)]


def _replace(text: Any, what: Any, by: Any) -> str:
    what = text_of(what)
    if len(what) > 1 and what.startswith("/") and what.endswith("/"):
        return re.sub(what[1:-1], re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", text_of(by)), text_of(text))
    return text_of(text).replace(what, text_of(by))


def _merge(*maps: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for one in maps:
        if one is not None:
            merged.update(map_of(one))
    return merged


def _lookup(map_: Any, key: Any, *default: Any) -> Any:
    found = map_of(map_)
    if text_of(key) in found:
        return found[text_of(key)]
    if default:
        return default[0]
    raise ValueKindError(f"the map has no {text_of(key)!r}, and lookup has no default")


def _flatten(value: Any) -> list[Any]:
    flat: list[Any] = []
    for item in list_of(value):
        flat += _flatten(item) if isinstance(item, list) else [item]
    return flat


def _distinct(value: Any) -> list[Any]:
    found: list[Any] = []
    for item in list_of(value):
        if not any(same(item, other) for other in found):
            found.append(item)
    return found


def _element(items: Any, index: Any) -> Any:
    found = list_of(items)
    if not found:
        raise ValueKindError("element needs a list with items")
    return found[whole_of(index) % len(found)]


def _length(value: Any) -> int:
    if isinstance(value, str | list | Mapping):
        return len(value)
    raise ValueKindError(f"length needs a list, a map or a string, not {kind_of(value)}")


def _coalesce(*values: Any) -> Any:
    found = next((value for value in values if value not in (None, "")), None)
    if found is None:
        raise ValueKindError("coalesce has no value that is neither null nor empty")
    return found


def _tomap(value: Any) -> Any:
    return map_of(value)


def _concat(*lists: Any) -> list[Any]:
    return [item for one in lists for item in list_of(one)]


def _contains(items: Any, item: Any) -> bool:
    return any(same(item, other) for other in list_of(items))


def _index(items: Any, item: Any) -> int:
    for index, other in enumerate(list_of(items)):
        if same(item, other):
            return index
    raise ValueKindError("index: the list does not have the item")


def _substr(text: Any, offset: Any, length: Any) -> str:
    whole, start, count = text_of(text), whole_of(offset), whole_of(length)
    start = start + len(whole) if start < 0 else start
    return whole[start:] if count < 0 else whole[start : start + count]


def _regex(pattern: Any, text: Any) -> Any:
    match = re.search(text_of(pattern), text_of(text))
    if match is None:
        raise ValueKindError(f"regex: {text_of(pattern)!r:.60} does not match")
    return match.groupdict() or (list(match.groups()) or match[0])


def _slice(items: Any, start: Any, end: Any) -> list[Any]:
    return list_of(items)[whole_of(start) : whole_of(end)]


def _range(*arguments: Any) -> list[Any]:
    found = range(*map(whole_of, arguments))
    if len(found) > _LONGEST_RANGE:
        raise ValueKindError(f"range makes more than {_LONGEST_RANGE} items")
    return list(found)


def _pow(number: Any, power: Any) -> int | float:
    if abs(number_of(power)) > _LONGEST_RANGE:
        raise ValueKindError(f"pow is not supported for powers over {_LONGEST_RANGE}")
    found: int | float = number_of(number) ** number_of(power)
    return found


def _zipmap(keys: Any, values: Any) -> dict[str, Any]:
    if len(list_of(keys)) != len(list_of(values)):
        raise ValueKindError("zipmap needs as many values as keys")
    return dict(zip(map(text_of, keys), values, strict=True))


def _digest(name: str) -> Callable[[Any], str]:
    return lambda text: hashlib.new(name, text_of(text).encode()).hexdigest()


def _on_text(function: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda text: function(text_of(text))


def _title(text: str) -> str:
    return re.sub(r"(?<!\S)\S", lambda match: match[0].upper(), text)


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": lambda number: abs(number_of(number)),
    "alltrue": lambda items: all(map(bool_of, list_of(items))),
    "anytrue": lambda items: any(map(bool_of, list_of(items))),
    "base64decode": _on_text(lambda text: base64.b64decode(text).decode()),
    "base64encode": _on_text(lambda text: base64.b64encode(text.encode()).decode()),
    "base64sha256": _on_text(lambda text: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()),
    "basename": _on_text(lambda text: text.rstrip("/").rpartition("/")[2]),
    "ceil": lambda number: math.ceil(number_of(number)),
    "chomp": _on_text(lambda text: text.rstrip("\r\n")),
    "coalesce": _coalesce,
    "coalescelist": lambda *lists: next((one for one in map(list_of, lists) if one), []),
    "compact": lambda items: [item for item in list_of(items) if item not in (None, "")],
    "concat": _concat,
    "contains": _contains,
    "dirname": _on_text(lambda text: text.rpartition("/")[0] or "."),
    "distinct": _distinct,
    "element": _element,
    "endswith": lambda text, end: text_of(text).endswith(text_of(end)),
    "flatten": _flatten,
    "floor": lambda number: math.floor(number_of(number)),
    "format": _format,
    "formatlist": _formatlist,
    "indent": lambda spaces, text: text_of(text).replace("\n", "\n" + " " * whole_of(spaces)),
    "index": _index,
    "join": lambda separator, *lists: text_of(separator).join(map(text_of, _concat(*lists))),
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "keys": lambda map_: sorted(map_of(map_)),
    "length": _length,
    "lookup": _lookup,
    "lower": _on_text(str.lower),
    "max": lambda *numbers: max(map(number_of, numbers)),
    "md5": _digest("md5"),
    "merge": _merge,
    "min": lambda *numbers: min(map(number_of, numbers)),
    "nonsensitive": lambda value: value,
    "one": lambda items: list_of(items)[0] if len(list_of(items)) == 1 else None,
    "parseint": lambda text, base: int(text_of(text), whole_of(base)),
    "pow": _pow,
    "range": _range,
    "regex": _regex,
    "regexall": lambda pattern, text: re.findall(text_of(pattern), text_of(text)),
    "replace": _replace,
    "reverse": lambda items: list_of(items)[::-1],
    "sensitive": lambda value: value,
    "setintersection": lambda first, *more: functools.reduce(
        lambda left, right: set_of(item for item in left if _contains(right, item)), more, set_of(first)
    ),
    "setsubtract": lambda left, right: set_of(item for item in left if not _contains(right, item)),
    "setunion": lambda *sets: set_of(_concat(*sets)),
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
    "slice": _slice,
    "sort": lambda items: sorted(map(text_of, list_of(items))),
    "split": lambda separator, text: text_of(text).split(text_of(separator)) if text_of(text) else [],
    "startswith": lambda text, start: text_of(text).startswith(text_of(start)),
    "strcontains": lambda text, part: text_of(part) in text_of(text),
    "substr": _substr,
    "sum": lambda numbers: sum(map(number_of, list_of(numbers))),
    "title": _on_text(_title),
    "tobool": lambda value: None if value is None else bool_of(value),
    "tolist": lambda value: list(list_of(value)),
    "tomap": _tomap,
    "tonumber": lambda value: None if value is None else number_of(value),
    "toset": lambda value: value if isinstance(value, SetValue) else set_of(list_of(value)),
    "tostring": lambda value: None if value is None else text_of(value),
    "trim": lambda text, characters: text_of(text).strip(text_of(characters)),
    "trimprefix": lambda text, prefix: text_of(text).removeprefix(text_of(prefix)),
    "trimspace": _on_text(str.strip),
    "trimsuffix": lambda text, suffix: text_of(text).removesuffix(text_of(suffix)),
    "upper": _on_text(str.upper),
    "urlencode": _on_text(quote_plus),
    "values": lambda map_: [value for _, value in pairs_of(map_of(map_))],
    "yamldecode": _yamldecode,
    "yamlencode": _yamlencode,
    "zipmap": _zipmap,
}
"""Functions by name; each takes evaluated values, and raises ValueKindError for a value of the wrong kind."""
