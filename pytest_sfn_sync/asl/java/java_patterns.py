"""Java's regular expressions, ``/pattern/`` or ``/pattern/i`` in a filter, as Python's.

For the patterns of filters the two dialects mostly agree. Escapes and brackets that differ are translated. Java's
unions and intersections of character classes are not, and neither are its ``\\p{...}`` beyond the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.java.counted_matching import CountedPattern

_CLASSES = {
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Upper": "A-Z",
    "Lower": "a-z",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r" \t\n\x0b\f\r",
    "Blank": r" \t",
    "XDigit": "0-9a-fA-F",
    "ASCII": r"\x00-\x7f",
    "L": r"^\W\d_",
    "N": r"\d",
}
_ESCAPES = {
    r"\z": r"\Z",
    r"\Z": r"(?=\n?\Z)",
    r"\h": r"[ \t]",
    r"\e": r"\x1b",
    r"\R": r"(?:\r\n|[\n-\r\x85\u2028\u2029])",
}
_REPETITIONS = re.compile(r"[*+?{]")
_TOKEN = re.compile(r"\\Q(.*?)(?:\\E|$)|\\p\{(\w+)\}|\\.|\(\?<(?=[A-Za-z])|.", re.DOTALL)


class JavaPattern:
    """A compiled regular expression, which has to match the whole of a value."""

    __slots__ = ("_compiled", "_counted", "_is_simple")

    def __init__(self, compiled: re.Pattern[str]) -> None:
        self._compiled = compiled
        self._counted: CountedPattern | None = None
        # With a single repetition and no alternatives, a match takes at most as many steps as the value has characters.
        self._is_simple = len(_REPETITIONS.findall(compiled.pattern)) <= 1 and "|" not in compiled.pattern

    def matches(self, text: str, count: Callable[[int], None]) -> bool:
        """Report whether a text matches; ``count`` is called with the steps that were taken, and may raise."""
        if self._is_simple:
            return self._compiled.fullmatch(text) is not None
        if self._counted is None:
            # Imported here because few paths need it.
            from pytest_sfn_sync.asl.java.counted_matching import CountedPattern

            self._counted = CountedPattern(self._compiled)
        return self._counted.matches(text, count)


def compile_pattern(source: str, *, ignores_case: bool) -> JavaPattern:
    """Compile the text between the slashes.

    Raise ValueError, with the name of Java's exception, if it is not a regular expression.
    """
    flags = re.ASCII | re.IGNORECASE if ignores_case else re.ASCII
    try:
        return JavaPattern(re.compile(_translate(source), flags))
    except (re.error, ValueError, OverflowError, RecursionError, Warning) as fault:
        raise ValueError(f"java.util.regex.PatternSyntaxException: {fault}") from None


def _translate(source: str) -> str:
    parts: list[str] = []
    in_class = False
    for match in _TOKEN.finditer(source):
        token = match.group()
        if token.startswith(r"\Q"):
            parts.append(re.escape(match.group(1)))
        elif match.group(2):
            members = _CLASSES.get(match.group(2), "")
            parts.append(members if in_class else f"[{members}]")
        elif in_class and token in "[&|~":
            parts.append("\\" + token)
        else:
            in_class = (in_class or token == "[") and token != "]"
            parts.append("(?P<" if token == "(?<" else _ESCAPES.get(token, token))
    return "".join(parts)
