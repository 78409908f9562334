"""JSONata text to tokens, as the reference implementation of 2.0.6 reads it.

``/`` is division or the start of a regular expression, depending on the place; the parser passes which one it expects.
The engine has already accepted the text. So a fault is reported only for syntax that the engine accepts and 2.0.6 does
not.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.jsonata.expression_faults import JsonataSyntaxError, UnreadableSyntax

_SPACE: Final = r"[ \t\n\r\v]*(?:/\*.*?\*/[ \t\n\r\v]*)*"
_TOKEN: Final = re.compile(
    rf"""{_SPACE}()(?:"""
    r"""
    (?P<string>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')
  | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)
  | (?P<quoted>`[^`]*`)
  | (?P<newer>\?\?|\?:)
  | (?P<operator>\.\.|:=|!=|>=|<=|\*\*|~>|[.\[\]{}(),@\#;:?+\-*/%|=<>^&!~])
  | \$(?P<variable>[^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~]*)
  | (?P<name>[^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~]+)
  | (?P<end>\Z)
    )""",
    re.DOTALL | re.VERBOSE,
)
_CONSTANTS: Final = frozenset({"true", "false", "null"})
_WORDS: Final = frozenset({"and", "or", "in"})
_REGEX_FLAGS: Final = re.compile(r"[im]*")


class Token(NamedTuple):
    """One token: its ``kind``, its ``text`` without quotes and the like, and its span in the expression."""

    kind: str
    text: str
    start: int
    end: int


def next_token(text: str, at: int, *, operand_expected: bool) -> Token:
    """Read the token at or after a position; raise `JsonataSyntaxError` for operators newer than 2.0.6."""
    match = _TOKEN.match(text, at)
    if match is None:
        raise UnreadableSyntax(at)
    kind, start = str(match.lastgroup), match.start(1)
    content = match.group(kind)
    if kind == "operator" and operand_expected and content == "/":
        return _regex(text, start)
    if kind == "newer":
        # 2.0.6 reads `??` and `?:` as a conditional without its second operand, and reports it with this text.
        raise JsonataSyntaxError(f'The symbol "{content[1]}" cannot be used as a unary operator', start + 1)
    if kind == "quoted":
        return Token("name", content[1:-1], start, match.end())
    if kind == "name" and content in _CONSTANTS:
        kind = "constant"
    elif kind == "name" and not operand_expected and content in _WORDS:
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
