"""JSONata text to tokens, as the reference implementation of 2.0.6 reads it.

``/`` is division or the start of a regular expression, depending on the place; the parser passes which one it expects.
The engine has already accepted the text. So a fault is reported only for syntax that the engine accepts and 2.0.6 does
not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pytest_sfn_sync.asl.jsonata.expression_faults import JsonataSyntaxError, UnreadableSyntax

_SPACE: Final = re.compile(r"(?:[ \t\n\r\v]|/\*.*?\*/)*", re.DOTALL)
_TOKEN: Final = re.compile(
    r"""
    (?P<string>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')
  | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)
  | (?P<quoted>`[^`]*`)
  | (?P<newer>\?\?|\?:)
  | (?P<operator>\.\.|:=|!=|>=|<=|\*\*|~>|[.\[\]{}(),@\#;:?+\-*/%|=<>^&!~])
  | \$(?P<variable>[^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~]*)
  | (?P<name>[^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~]+)
    """,
    re.DOTALL | re.VERBOSE,
)
_CONSTANTS: Final = frozenset({"true", "false", "null"})
_REGEX_FLAGS: Final = re.compile(r"[im]*")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its ``kind``, its ``text`` without quotes and the like, and its span in the expression."""

    kind: str
    text: str
    start: int
    end: int


class Tokens:
    """The tokens of a text; a parser asks for the next one several times before it takes it."""

    __slots__ = ("_asked", "_found", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._asked = (0, False)
        self._found: Token | None = None

    def at(self, position: int, operand_expected: bool) -> Token:
        """Return the token at or after a position; see `next_token`."""
        if self._found is None or self._asked != (position, operand_expected):
            self._found = next_token(self._text, position, operand_expected=operand_expected)
            self._asked = (position, operand_expected)
        return self._found


def next_token(text: str, at: int, *, operand_expected: bool) -> Token:
    """Read the token at or after a position; raise `JsonataSyntaxError` for operators newer than 2.0.6."""
    space = _SPACE.match(text, at)
    start = space.end() if space is not None else at
    if start == len(text):
        return Token("end", "", start, start)
    if operand_expected and text[start] == "/":
        return _regex(text, start)
    match = _TOKEN.match(text, start)
    if match is None:
        raise UnreadableSyntax(start)
    kind = str(match.lastgroup)
    if kind == "newer":
        # 2.0.6 reads `??` and `?:` as a conditional without its second operand, and reports it with this text.
        symbol = match.group()[1]
        raise JsonataSyntaxError(f'The symbol "{symbol}" cannot be used as a unary operator', start + 1)
    content = match.group(kind)
    if kind == "quoted":
        return Token("name", content[1:-1], start, match.end())
    if kind == "name" and content in _CONSTANTS:
        kind = "constant"
    elif kind == "name" and content in ("and", "or", "in") and not operand_expected:
        kind = "operator"
    return Token(kind, content, start, match.end())


def _regex(text: str, start: int) -> Token:
    depth = 0
    at = start + 1
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
            continue
        if char == "/" and depth == 0:
            flags = _REGEX_FLAGS.match(text, at + 1)
            return Token("regex", text[start + 1 : at], start, flags.end() if flags is not None else at + 1)
        depth += (char in "([{") - (char in ")]}")
        at += 1
    raise UnreadableSyntax(start)
