"""The template language of Terraform's strings: ``${...}``, ``%{ if }``, ``%{ for }`` and the marks ``~``.

It is used in quoted strings, heredocs and the files of templatefile. A template is parsed to parts; the expressions in
them stay source code, with their places. Plain text is in pieces, as in Terraform: outside of quotes, a piece ends with
its line. A mark removes the white space of one piece only, so that it never goes beyond one end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, cast

from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.hcl_source import Code, TerraformError

_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_FOR: Final = re.compile(r"for\s+([\w-]+)\s*(?:,\s*([\w-]+)\s*)?\bin\s+(.*)", re.DOTALL)
_LAST_CHARACTER: Final = 0x10FFFF
_HEREDOC: Final = re.compile(r"<<(-?)([\w-]+)[^\n]*\n")
_NOT_CODE: Final = re.compile(r"(?:#|//)[^\n]*|/\*.*?(?:\*/|\Z)|<<-?([\w-]+)\n.*?(?:\n[ \t]*\1(?=\W)|\Z)", re.DOTALL)
"""Comments and heredocs, in which a brace or a quotation mark has no meaning; one without an end has the whole rest."""
_PLAIN: Final = re.compile(r"[^$%\\\n]+")
"""Characters that never begin a sequence or an escape, and never end a piece."""
_MOST_PIECES: Final = 200_000
_HEXADECIMAL: Final = {"u": re.compile(r"[0-9A-Fa-f]{4}"), "U": re.compile(r"[0-9A-Fa-f]{8}")}


@dataclass(slots=True)
class PlainText:
    """A piece of plain text; ``origins`` has the position of each character in the code."""

    text: str
    origins: Sequence[int]

    def cut(self, start: int, end: int) -> None:
        """Keep the characters between two positions."""
        self.text, self.origins = self.text[start:end], self.origins[start:end]


@dataclass(slots=True)
class Interpolation:
    """``${...}``: the source code of its expression; ``origins`` has the position of each character in the code."""

    source: str
    origins: Sequence[int]

    @property
    def start(self) -> int:
        """The position of the expression in the code."""
        return self.origins[0]

    def origin(self, at: int) -> int:
        """Return the position in the code of a position in the source; what lies outside has the nearest one."""
        return self.origins[min(max(at, 0), len(self.origins) - 1)]


@dataclass(slots=True)
class IfDirective:
    """``%{ if }``: its condition and its two sides."""

    condition: Interpolation
    then: list[Part] = field(default_factory=list)
    otherwise: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class ForDirective:
    """``%{ for }``: the names that it sets, what it runs over, and its body."""

    names: list[str]
    over: Interpolation
    body: list[Part] = field(default_factory=list)


Part = PlainText | Interpolation | IfDirective | ForDirective


def parse_quoted(code: Code, start: int, end: int) -> list[Part]:
    """Parse a string in quotes; ``start`` and ``end`` are the positions inside the quotes."""
    return _Parsing(code, code.text[start:end], range(start, end), is_quoted=True).parts()


def parse_whole(code: Code) -> list[Part]:
    """Parse the text of a file."""
    return _Parsing(code, code.text, range(len(code.text)), is_quoted=False).parts()


def parse_heredoc(code: Code, start: int, end: int) -> list[Part]:
    """Parse a heredoc, with its marks; ``<<-`` removes the indentation that all lines have."""
    written = code.text[start:end]
    head = _HEREDOC.match(written)
    assert head is not None  # The parser has read it.
    text = "".join(f"{line}\n" for line in written[head.end() :].rstrip().split("\n")[:-1])
    at = start + head.end()
    parsing = _Parsing(code, text, range(at, at + len(text)), is_quoted=False)
    parts = parsing.parts()
    if head[1]:
        _remove_indentation(parsing.pieces)
    return parts


def _remove_indentation(pieces: Sequence[PlainText | None]) -> None:
    """Remove the indentation that all lines have; ``pieces`` has None for each sequence.

    As in Terraform, marks come first: text after a mark that has removed the end of a line begins no line. A blank line
    does not count.
    """
    beginnings: list[PlainText] = []
    indent: int | None = None
    begins_line = True
    for piece in pieces:
        if begins_line:
            begins_line = False
            spaces = 0
            if piece is not None:
                spaces = len(piece.text) - len(piece.text.lstrip())
                if spaces == len(piece.text) and piece.text.endswith("\n"):
                    begins_line = True
                    continue
                beginnings.append(piece)
            indent = spaces if indent is None else min(indent, spaces)
        if piece is not None and piece.text.endswith("\n"):
            begins_line = True
    for piece in beginnings:
        piece.cut(indent or 0, len(piece.text))


def end_of_expression(text: str, start: int) -> int:
    """Return the position of the brace that closes an interpolation; -1 if there is none."""
    depth, at = 0, start
    while at < len(text):
        character = text[at]
        other = _NOT_CODE.match(text, at) if character in "#/<" else None
        if other is not None:
            at = other.end()
            continue
        if character == '"':
            at = _end_of_string(text, at + 1)
            if at < 0:
                return -1
        elif character == "{":
            depth += 1
        elif character == "}":
            if not depth:
                return at
            depth -= 1
        at += 1
    return -1


def _end_of_string(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == '"':
            return at
        elif text.startswith(("$${", "%%{"), at):
            at += 3
        elif text.startswith(("${", "%{"), at):
            at = end_of_expression(text, at + 2)
            if at < 0:
                return -1
            at += 1
        else:
            at += 1
    return -1


def _rest(found: Interpolation, length: int) -> Interpolation:
    """Return the end of a directive, without white space after it: the expression of an if or a for."""
    end = len(found.source.rstrip())
    return Interpolation(found.source[end - length : end], found.origins[end - length :] or found.origins[-1:])


class _Parsing:
    def __init__(self, code: Code, text: str, origins: Sequence[int], *, is_quoted: bool) -> None:
        self._code = code
        self._text = text
        self._origins = origins
        self._is_quoted = is_quoted
        self._root: list[Part] = []
        self._open: list[tuple[IfDirective | ForDirective, list[Part], int]] = []
        self._has_else: list[bool] = []
        self._into = self._root
        self._plain: list[str] = []
        self._places: list[Sequence[int]] = []
        self._strips_next = False
        self.pieces: list[PlainText | None] = []
        """The plain text in the order of the source, with None for each sequence."""

    def parts(self) -> list[Part]:
        at, text = 0, self._text
        while at < len(text):
            if text.startswith(("$${", "%%{"), at):
                self._add(text[at], at)
                self._add("{", at + 2)
                at += 3
            elif text.startswith(("${", "%{"), at):
                at = self._sequence(at)
            elif self._is_quoted and text[at] == "\\":
                at = self._escape(at)
            else:
                plain = _PLAIN.match(text, at)
                end = at + 1 if plain is None else plain.end()
                self._plain.append(text[at:end])
                self._places.append(self._origins[at:end])
                if text[at] == "\n" and not self._is_quoted:
                    self._flush()
                at = end
        self._flush()
        if self._open:
            _, _, begun = self._open[-1]
            raise self._error("the directive has no end: %{ endif } or %{ endfor }.", begun)
        # A template with one part alone has the part's value, with its places.
        return [part for part in self._root if not isinstance(part, PlainText) or part.text]

    def _add(self, character: str, at: int) -> None:
        self._plain.append(character)
        self._places.append(self._origins[at : at + 1])

    def _escape(self, at: int) -> int:
        letter = self._text[at + 1 : at + 2]
        if letter in _HEXADECIMAL:
            digits = _HEXADECIMAL[letter].match(self._text, at + 2)
            if digits is None or int(digits[0], 16) > _LAST_CHARACTER:
                raise self._error(
                    f"\\{letter} needs the {4 if letter == 'u' else 8} hexadecimal digits of a character.", at
                )
            self._add(chr(int(digits[0], 16)), at)
            return digits.end()
        if letter not in _ESCAPES:
            raise self._error(f"\\{letter} is no escape; a backslash itself is written \\\\.", at)
        self._add(_ESCAPES[letter], at)
        return at + 2

    def _flush(self) -> None:
        if not self._plain:
            return
        origins = self._places[0] if len(self._places) == 1 else list(chain.from_iterable(self._places))
        piece = PlainText("".join(self._plain), origins)
        if self._strips_next:
            piece.cut(len(piece.text) - len(piece.text.lstrip()), len(piece.text))
        self._strips_next = False
        if len(self.pieces) >= _MOST_PIECES:
            raise self._error(f"the template has more than {_MOST_PIECES:,} lines and sequences.", 0)
        self._into.append(piece)
        self.pieces.append(piece)
        self._plain, self._places = [], []

    def _sequence(self, at: int) -> int:
        end = end_of_expression(self._text, at + 2)
        if end < 0:
            raise self._error(f"{self._text[at : at + 2]} has no closing brace.", at)
        self._flush()
        start, stop = at + 2, end
        if self._text[start : start + 1] == "~":
            start += 1
            piece = self.pieces[-1] if self.pieces else None
            if piece is not None:
                piece.cut(0, len(piece.text.rstrip()))
        strips = stop > start and self._text[stop - 1] == "~"
        stop -= strips
        self.pieces.append(None)
        source = self._text[start:stop]
        # An empty expression has the place of its closing brace.
        found = Interpolation(source, self._origins[start : max(stop, start + 1)])
        self._strips_next = False
        if self._text[at] == "$":
            self._into.append(found)
        else:
            self._directive(source.strip(), found, at)
        self._strips_next = strips
        return end + 1

    def _directive(self, source: str, found: Interpolation, at: int) -> None:
        word = re.split(r"\W", source, maxsplit=1)[0]
        if word == "if":
            branch = IfDirective(_rest(found, len(source) - len("if")))
            self._enter(branch, branch.then, at)
        elif word == "for":
            match = _FOR.fullmatch(source)
            if match is None:
                raise self._error(f"%{{ {source} }} is not of the form %{{ for name in list }}.", at)
            loop = ForDirective([name for name in (match[1], match[2]) if name], _rest(found, len(match[3])))
            self._enter(loop, loop.body, at)
        elif source == "else" and self._is_in(IfDirective) and not self._has_else[-1]:
            self._has_else[-1] = True
            self._into = cast(IfDirective, self._open[-1][0]).otherwise
        elif (source == "endif" and self._is_in(IfDirective)) or (source == "endfor" and self._is_in(ForDirective)):
            self._has_else.pop()
            self._into = self._open.pop()[1]
        else:
            raise self._error(f"%{{ {source} }} has no beginning, or is no directive.", at)

    def _is_in(self, kind: type[IfDirective] | type[ForDirective]) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0], kind)

    def _enter(self, part: IfDirective | ForDirective, into: list[Part], at: int) -> None:
        self._into.append(part)
        self._open.append((part, self._into, at))
        self._has_else.append(False)
        self._into = into

    def _error(self, why: str, at: int) -> TerraformError:
        line = self._code.place(self._origins[at])[0]
        return TerraformError(why, f"{shown_path(str(self._code.file))}:{line}")
