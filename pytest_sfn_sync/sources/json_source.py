"""JSON documents and the places of their parts; the standard library reads documents, but without places.

Placeholders (``${Name}``) may also be outside of strings; their values are filled in later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources.document_size import TOO_MANY_DIGITS
from pytest_sfn_sync.sources.line_map import LONGEST_LOCATION, LineIndex, LineMap, Span
from pytest_sfn_sync.sources.text_files import UnreadableSourceError

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|(?:\$\{[^{}]*\}|[^\s{}\[\]:,"])+', re.DOTALL)

_MANY_DIGITS: Final = re.compile(r"[0-9]{4301}")
_TOO_DEEP: Final = "it is nested too deeply to be read"

Place = Callable[[int], "tuple[int, int]"]
"""Returns the line and the column of a position in the text."""


def read_json(text: str, *, on_repetition: Callable[[UnreadableSourceError], None] | None = None) -> Any:
    """Parse a text; raise UnreadableSourceError if it is not JSON, or if an object has the same key twice.

    With ``on_repetition``, the last value of such a key counts, and the function is called with the error.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as error:
        raise UnreadableSourceError(
            f"it is not JSON ({error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno})",
            line=error.lineno,
            column=error.colno,
        ) from None
    except _RepeatedKeyError as repeated:
        if on_repetition is None:
            raise _repetition_error(repeated, text) from None
        on_repetition(_repetition_error(repeated, text))
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise UnreadableSourceError(_TOO_DEEP) from None
    except ValueError as error:
        why = TOO_MANY_DIGITS if _MANY_DIGITS.search(text) else shown_text(str(error))
        raise UnreadableSourceError(f"it is not JSON ({why})") from None


def repeated_key(key: str, first_line: int, line: int, column: int) -> UnreadableSourceError:
    """Return the error for a key that an object has twice; without the error, one of the two would be lost."""
    why = f"the key {shown_value(key)} stands twice in one object, at line {first_line} and at line {line}"
    return UnreadableSourceError(why, line=line, column=column)


class _RepeatedKeyError(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _RepeatedKeyError(_first_repetition(key for key, _ in pairs))
    return members


def _first_repetition(keys: Iterable[str]) -> str:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    raise AssertionError("some key is repeated")


def _repetition_error(repeated: _RepeatedKeyError, text: str) -> UnreadableSourceError:
    seen: dict[str, Span] = {}
    repetitions = []
    for location, span in _all_spans(text):
        if not location.endswith(f"/{repeated.key}"):
            continue
        if location in seen:
            repetitions.append((location, seen[location], span))
        seen[location] = span
    # The keys inside a repeated part are repeated too, so the outermost one is reported.
    _, first, second = min(repetitions, key=lambda repetition: len(repetition[0]))
    return repeated_key(repeated.key, first.line, second.line, second.column)


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a JSON number")


def json_line_map(text: str, *, file: str | None) -> LineMap:
    """Return the line map of a JSON text, which must be valid except for its placeholders."""
    return LineMap(dict(spans_of_json(text)), text=text, file=file)


def spans_of_json(text: str, *, place: Place | None = None) -> Iterator[tuple[str, Span]]:
    """Yield the location and the span of each part of a JSON text whose location is not too long, inner parts first.

    ``place`` returns lines and columns if the text is itself a part of another one, such as a string in a template.
    """
    for location, span in _all_spans(text, place):
        if len(location) <= LONGEST_LOCATION:
            yield location, span


def _all_spans(text: str, place: Place | None = None) -> Iterator[tuple[str, Span]]:
    place = LineIndex(text).place if place is None else place
    # There is one entry for each open container: its location, the place of its key, the place of its value, the next
    # index (None in an object), and the last key with its place.
    open_: list[tuple[str, tuple[int, int], tuple[int, int], list[int] | None]] = []
    location, key_place = "", None
    expects_key = False
    for token in _TOKEN.finditer(text):
        what, start = token[0], token.start()
        if what == ":":
            expects_key = False
        elif what == ",":
            expects_key = bool(open_) and open_[-1][3] is None
        elif what in "}]":
            if not open_:
                return
            at, of_key, of_value, _ = open_.pop()
            yield at, Span(*of_key, *of_value, *place(token.end()))
            expects_key = False
        elif expects_key:
            location = f"{open_[-1][0]}/{_string(what)}"
            key_place = place(start)
        else:
            here = place(start)
            if open_ and open_[-1][3] is not None:
                counter = open_[-1][3]
                location, key_place = f"{open_[-1][0]}[{counter[0]}]", None
                counter[0] += 1
            of_key = here if key_place is None else key_place
            if what in "{[":
                open_.append((location, of_key, here, None if what == "{" else [0]))
                expects_key, key_place = what == "{", None
            else:
                yield location, Span(*of_key, *here, *place(token.end()))


def _string(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token.strip('"')
