"""The grammar of intrinsic function calls: text to a tree of calls, paths and literals.

Sources: the States Language specification ("Intrinsic Functions"), and recordings of calls that AWS refuses at
creation. The names of functions and the paths are not checked here but where the tree is compiled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import MAX_NUMBER_LENGTH

MAX_NESTING: Final = 10
"""The deepest nesting of calls in one field (AWS's developer guide)."""

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NAME: Final = re.compile(r"[A-Za-z0-9._]+(?=\()")
_WORD: Final = re.compile(r"[A-Za-z0-9_.+-]+")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_STRING: Final = re.compile(r"'([^'\\]*(?:\\['\\{}][^'\\]*)*)'")
_ESCAPE: Final = re.compile(r"\\(['\\{}])")
_CONSTANTS: Final[dict[str, JSON]] = {"null": None, "true": True, "false": False}
# Inside these parts of a path a bracket has no meaning: quoted names and texts, and regular expressions of filters.
_PATH_PIECE: Final = re.compile(
    r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"|=~\s*/[^/\\]*(?:\\.[^/\\]*)*/|\\.|.""", re.DOTALL
)


class IntrinsicSyntaxError(ValueError):
    """A text that is not a valid intrinsic function call; ``text`` is the fault and its position."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant argument; ``template`` is the text of a string literal with its escapes, for States.Format."""

    value: JSON
    template: str | None = None


@dataclass(frozen=True, slots=True)
class PathArgument:
    """A path argument as written: ``$.a``, ``$$.Execution.Id`` or ``$variable``."""

    source: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments."""

    name: str
    arguments: tuple[Argument, ...]


Argument: TypeAlias = "Literal | PathArgument | Call"


def parse_call(source: str) -> Call:
    """Parse the text of one call, which may have space around it; raise `IntrinsicSyntaxError` for its faults."""
    parser = _Parser(source)
    parser.skip_space()
    call = parser.call(depth=1)
    parser.skip_space()
    if parser.at < len(source):
        parser.fail("nothing may follow the call")
    return call


class _Parser:
    __slots__ = ("at", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def call(self, depth: int) -> Call:
        name = _NAME.match(self.source, self.at)
        if name is None:
            self.fail("a function name and '(' are expected")
        if depth > MAX_NESTING:
            self.fail(f"calls are nested more than {MAX_NESTING} deep")
        self.at = name.end() + 1
        self.skip_space()
        if self._take(")"):
            return Call(name.group(), ())
        arguments: list[Argument] = []
        while True:
            arguments.append(self._argument(depth))
            self.skip_space()
            if self._take(")"):
                return Call(name.group(), tuple(arguments))
            if not self._take(","):
                self.fail("',' or ')' is expected")
            self.skip_space()

    def _argument(self, depth: int) -> Argument:
        char = self.source[self.at : self.at + 1]
        if char == "'":
            return self._string()
        if char == "$":
            return self._path()
        if _NAME.match(self.source, self.at):
            return self.call(depth + 1)
        return self._constant()

    def _string(self) -> Literal:
        match = _STRING.match(self.source, self.at)
        if match is None:
            self.fail(r"the string is not closed, or has a '\' before another character than ' \ { }")
        self.at = match.end()
        raw = match.group(1)
        return Literal(_ESCAPE.sub(r"\1", raw), template=raw)

    def _path(self) -> PathArgument:
        start, depth = self.at, 0
        while self.at < len(self.source):
            char = self.source[self.at]
            if depth == 0 and char in ",)":
                break
            depth += (char in "[(") - (char in ")]")
            # Outside of brackets quotes have no meaning. Inside, a bracket between quotes has no meaning.
            piece = _PATH_PIECE.match(self.source, self.at) if depth else None
            self.at = piece.end() if piece else self.at + 1
        return PathArgument(self.source[start : self.at].rstrip(" \t\r\n"))

    def _constant(self) -> Literal:
        match = _WORD.match(self.source, self.at)
        word = match.group() if match else ""
        if word in _CONSTANTS:
            value = _CONSTANTS[word]
        elif number := _NUMBER.fullmatch(word):
            value = self._number(number)
        else:
            self.fail("an argument is expected: a string in apostrophes, a number, null, true, false, a path or a call")
        self.at += len(word)
        return Literal(value)

    def _number(self, number: re.Match[str]) -> JSON:
        if number.group(1) or number.group(2):
            return float(number.group())
        # Assumption: literals have the same limit as numbers of JSON texts.
        if len(number.group().lstrip("-")) > MAX_NUMBER_LENGTH:
            self.fail(f"the number has more than {MAX_NUMBER_LENGTH:,} digits")
        return int(number.group())

    def skip_space(self) -> None:
        match = _SPACE.match(self.source, self.at)
        assert match is not None
        self.at = match.end()

    def _take(self, char: str) -> bool:
        if self.source.startswith(char, self.at):
            self.at += 1
            return True
        return False

    def fail(self, reason: str) -> NoReturn:
        raise IntrinsicSyntaxError(f"{reason}, at character {self.at + 1} of: {self.source}")
