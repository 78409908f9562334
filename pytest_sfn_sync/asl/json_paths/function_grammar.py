"""Splits the arguments of a function within a path, as Jayway does: by counting brackets, not by reading JSON.

So a comma within a JSON text is lost, and so is an argument that begins like neither JSON nor a path (``'x'``): it
is passed over silently.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.json_paths.characters import Characters
from pytest_sfn_sync.asl.json_paths.faults import PathSyntaxError

_BLANKS = " \t\n\r"
_OPENING = {"(": "()", "{": "{}", "[": "[]"}
_CLOSING = {")": "()", "}": "{}", "]": "[]"}
_BRACKET_NAMES = {"}": "brace", "]": "bracket"}


def argument_texts(text: Characters, function: str) -> list[tuple[bool, str]]:
    """Read the arguments from the opening parenthesis on, each as ``(is it JSON, its text)``.

    Leaves the cursor after the closing parenthesis; raises `PathSyntaxError` where there is none.
    """
    if not _has_closing(text):
        raise _not_closed(function)
    text.position += 1
    arguments = _Arguments()
    while text.within() and not arguments.closed:
        character = text.current
        text.position += 1
        arguments.read(character, text.position)
    if any(arguments.depths.values()):
        raise _not_closed(function)
    return arguments.complete


class _Arguments:
    """What was read of a function's arguments so far."""

    __slots__ = ("closed", "complete", "depths", "is_json", "partial", "previous", "quotes")

    def __init__(self) -> None:
        self.complete: list[tuple[bool, str]] = []
        self.partial = ""
        self.is_json: bool | None = None
        self.depths = {"()": 1, "{}": 0, "[]": 0}
        self.quotes = 0
        self.previous = ""
        self.closed = False

    def read(self, character: str, position: int) -> None:
        if self.is_json is None:
            if character in _BLANKS:
                return
            self.is_json = _kind(character)
        self._count(character, position)
        if character in "),":
            self._end_argument(character)
        if self.is_json is not None and not (character == "," and self._is_outermost(1)):
            self.partial += character
        self.previous = character

    def _count(self, character: str, position: int) -> None:
        if character == '"':
            self.quotes += -1 if self.previous != "\\" and self.quotes else 1
        elif character in _OPENING:
            self.depths[_OPENING[character]] += 1
        elif character in _CLOSING:
            kind = _CLOSING[character]
            if character != ")" and not self.depths[kind]:
                raise PathSyntaxError(
                    f"Unexpected close {_BRACKET_NAMES[character]} '{character}' at character position: {position}"
                )
            self.depths[kind] -= 1

    def _end_argument(self, character: str) -> None:
        if character == ")" and (self.depths["()"] < 0 or self.previous == "("):
            self.partial += character
        if self.quotes or not (self._is_outermost(1) or (character == ")" and self._is_outermost(0))):
            return
        self.closed = self.depths["()"] == 0
        if self.is_json is not None:
            self.complete.append((self.is_json, self.partial))
            self.partial = ""
            self.is_json = None

    def _is_outermost(self, depth: int) -> bool:
        return self.depths["()"] == depth and not self.depths["{}"] and not self.depths["[]"]


def _kind(character: str) -> bool | None:
    if character in '{"-' or character.isdecimal():
        return True
    return False if character in "$@" else None


def _has_closing(text: Characters) -> bool:
    depth = 0
    for character in text.text[text.position : text.end + 1]:
        depth += (character == "(") - (character == ")")
        if not depth:
            return True
    return False


def _not_closed(function: str) -> PathSyntaxError:
    return PathSyntaxError(f"Arguments to function: '{function}' are not closed properly.")
