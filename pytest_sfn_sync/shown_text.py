"""Text fit to be shown: every value, name and list that a message quotes is made here.

A message goes to terminals, log files, XML reports and workers of pytest-xdist. So control characters are escaped, as a
terminal would obey them, and halves of surrogate pairs, as nothing can encode them. Long values are cut before they are
written out. A value is never asked for a text that takes long: shared and nested values are written piece by piece, and
an object whose ``__repr__`` fails is named by its class.

`show_whole` lifts all limits. The setting holds for the process; there is one, as there is one terminal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from pytest_sfn_sync.printed_sizes import prints_too_much

MOST_OF_A_VALUE: Final = 200
"""The most characters of a value in a message; an ARN fits."""

MOST_OF_A_TEXT: Final = 400
"""The most characters of a name, a path or a line in a message."""

MOST_OF_A_LIST: Final = 20
"""The most names in a list in a message, and the most faults that a message tells in words."""

MOST_OF_A_MESSAGE: Final = 20_000
"""The most characters of a message."""

_MOST_DIGITS: Final = 1_000
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters: C0 but for tabs and line ends, DEL, C1
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # line separators, and marks that turn the direction of text
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"  # no characters in XML, or in any text
)

_is_whole = False


def show_whole(is_whole: bool) -> Callable[[], None]:
    """Set whether messages show everything, and return a function that restores the setting before it."""
    global _is_whole
    before, _is_whole = _is_whole, is_whole

    def restore() -> None:
        global _is_whole
        _is_whole = before

    return restore


def fits(length: int, limit: int) -> bool:
    """Return whether something of a length is shown whole: it is not longer than a limit, or everything is shown."""
    return _is_whole or length <= limit


def most(limit: int, length: int) -> int:
    """Return how many of ``length`` things are shown: ``limit`` at most, or all if everything is shown."""
    return length if fits(length, limit) else limit


def fit_to_be_shown(text: str) -> str:
    """Return a text with its control characters and halves of surrogate pairs escaped; lines and tabs stay."""
    return text if text.isascii() and text.isprintable() else _UNFIT.sub(_escaped, text)


def is_unicode(text: str) -> bool:
    """Return whether a text has no half of a surrogate pair, so that it can be written in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def on_one_line(text: str) -> str:
    """Return a text that is fit to be shown, on one line: line ends and tabs are escaped as in Python."""
    return fit_to_be_shown(text.replace("\n", "\\n").replace("\t", "\\t"))


def message(text: str) -> str:
    """Return a message that is fit to be shown; a message that is far too long loses its middle part."""
    if not fits(len(text), MOST_OF_A_MESSAGE):
        head, tail = MOST_OF_A_MESSAGE * 3 // 4, MOST_OF_A_MESSAGE // 5
        left_out = f"{len(text) - head - tail:,} characters are left out; pytest -vv shows them"
        text = f"{text[:head]}\n... ({left_out}) ...\n{text[-tail:]}"
    return fit_to_be_shown(text)


def shown_text(text: str, limit: int = MOST_OF_A_TEXT) -> str:
    """Return a text without quotes, such as a name, a path or a line; a long one is cut at its end."""
    if fits(len(text), limit):
        return fit_to_be_shown(text)
    return f"{fit_to_be_shown(text[:limit])} ...({len(text) - limit:,} more characters)"


def shown_value(value: object, limit: int = MOST_OF_A_VALUE) -> str:
    """Return a value as Python writes it; a long one is cut at its end."""
    if _is_whole:
        limit = 10 * MOST_OF_A_MESSAGE
    text = ""
    for piece in _pieces(value, limit):
        text += piece
        if len(text) > limit:
            return f"{fit_to_be_shown(text[:limit])}..."
    return fit_to_be_shown(text)


def shown_names(names: Iterable[object], limit: int = MOST_OF_A_LIST, *, quoted: bool = False) -> str:
    """Return names with commas between them; a long list is cut, with the number of those that are left out."""
    known = list(names)
    shown = [shown_value(name) if quoted else shown_text(str(name), MOST_OF_A_VALUE) for name in _first(known, limit)]
    rest = len(known) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def shown_lines(lines: Iterable[str], count: int, limit: int = MOST_OF_A_LIST) -> list[str]:
    """Return the first of ``count`` lines, and a line about the rest; the lines of the rest are never made."""
    shown = list(islice(lines, most(limit, count)))
    return [*shown, f"... and {count - len(shown):,} more"] if count > len(shown) else shown


def kind_of_value(value: object) -> str:
    """Return the kind of a value with its article: ``an int``, ``a list``."""
    name = shown_text(type(value).__name__, MOST_OF_A_VALUE)
    return f"{'an' if name[:1] in tuple('aeiouAEIOU') else 'a'} {name}"


def number_of_digits(number: int) -> int:
    """Return about how many digits an integer has, without writing it."""
    return int(math.log10(abs(number))) + 1 if number else 1


def _first(known: list[object], limit: int) -> list[object]:
    return known[: most(limit, len(known))]


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class _Written(str):
    """A part of the text of a container, as opposed to a value in it."""

    __slots__ = ()


def _pieces(root: object, limit: int) -> Iterator[str]:
    """Yield the text of a value piece by piece, without recursion; nothing is written that is not asked for."""
    pending: list[Iterator[object]] = [iter([root])]
    while pending:
        value = next(pending[-1], pending)
        if value is pending:
            pending.pop()
        elif type(value) is _Written:
            yield value
        elif type(value) in _MEMBERS:
            pending.append(_MEMBERS[type(value)](value))
        else:
            yield _of_one(value, limit)


def _of_one(value: object, limit: int) -> str:
    if type(value) is str or type(value) is bytes:
        return repr(value[: limit + 1])
    if type(value) is int and value.bit_length() > _MOST_DIGITS * 4:
        return f"an int of about {number_of_digits(value):,} digits"
    if prints_too_much(value):
        return f"<{type(value).__name__} that is too large to be shown>"
    try:
        return repr(value)
    except Exception:  # The code of a test is not trusted with the text of its values.
        return f"<{type(value).__name__} whose __repr__ fails>"


def _items(brackets: str) -> Callable[[Any], Iterator[object]]:
    def members(values: Any) -> Iterator[object]:
        yield _Written(brackets[0])
        for index, value in enumerate(values):
            if index:
                yield _Written(", ")
            yield value
        yield _Written(",)" if brackets == "()" and len(values) == 1 else brackets[1])

    return members


def _entries(values: Mapping[object, object]) -> Iterator[object]:
    yield _Written("{")
    for index, (key, value) in enumerate(values.items()):
        if index:
            yield _Written(", ")
        yield key
        yield _Written(": ")
        yield value
    yield _Written("}")


_MEMBERS: Final[dict[type, Callable[[Any], Iterator[object]]]] = {
    dict: _entries,
    list: _items("[]"),
    tuple: _items("()"),
}
