"""The tokens of a definition file, JSON or YAML, line by line; coverage.py colours them on its HTML pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

Token: TypeAlias = tuple[str, str]
"""A class of coverage.py (``key``, ``str``, ``num``, ...) and the text."""

_TOKEN: Final = re.compile(
    r"""
    (?P<ws>\s+)
  | (?P<com>(?:(?<=\s)|^)\#.*)
  | (?P<nam>"[^"\\]*(?:\\.[^"\\]*)*"(?=\s*:)|(?<![\w$.])[A-Za-z][\w.]*(?=:(?:\s|$)))
  | (?P<str>"[^"\\]*(?:\\.[^"\\]*)*"|'(?:[^']|'')*')
  | (?P<num>(?<![\w$.-])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.-]))
  | (?P<key>(?<![\w$.-])(?:true|false|null)(?![\w.-]))
  | (?P<op>[{}\[\]:,])
  | (?P<txt>[^\s"'{}\[\]:,]+|.)
    """,
    re.VERBOSE,
)


def source_tokens(text: str) -> Iterator[list[Token]]:
    """Yield the tokens of each line; joined, they are the line again."""
    for line in text.splitlines():
        yield [(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(line)]
