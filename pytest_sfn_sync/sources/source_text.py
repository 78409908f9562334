"""A text to be read: a file or what a test wrote down; and the error that says why it can't be."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

YAML_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML, which knows more of them than JSON."""

PLACEHOLDER: Final = re.compile(r"\$\{([\w-]+(?:(?:\.|::)[\w-]+)*)\}")
"""What stands for a value that is filled in at deployment: ``${Name}``, ``${Function.Arn}``, ``${AWS::Region}``."""

_STRING_OR_PLACEHOLDER: Final = re.compile(r'"(?:[^"\\]|\\.)*"|' + PLACEHOLDER.pattern)
"""Finds, in JSON text, the placeholders that stand outside strings: those are group 1."""

_YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})


class UnreadableSourceError(Exception):
    """A text that is not what it should be: why, and where, lines and columns counted from 1."""

    def __init__(self, why: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A text with the file that it came from, if any; ``as_written`` is the text before anything was filled in."""

    text: str
    file: str | None
    is_yaml: bool
    as_written: str | None = None

    @property
    def lines(self) -> list[str]:
        """The lines of the text, as its language counts them."""
        return YAML_LINE_END.split(self.text) if self.is_yaml else self.text.split("\n")

    @property
    def written(self) -> str:
        """The text as it stands in the file, in which places are counted."""
        return self.text if self.as_written is None else self.as_written

    def with_bare_placeholders(self, filled: Callable[[str, int], str]) -> SourceText:
        """Return the source with what stands outside strings of JSON filled in; YAML has no such placeholders.

        ``filled`` is given a name and its line, and returns the text that is to be read there.
        """
        return self if self.is_yaml else replace(self, text=bare_filled_in(self.text, filled), as_written=self.written)

    @property
    def is_json(self) -> bool:
        """Whether it is JSON by what it begins with, where its file's name doesn't say that it is YAML."""
        return not self.is_yaml and self.text.lstrip().startswith("{")

    @classmethod
    def of_text(cls, text: str) -> SourceText | None:
        """Take a str that begins with ``{`` for JSON, one of several lines for YAML; None for any other: a path."""
        text = text.removeprefix("\ufeff")
        if text.lstrip().startswith("{"):
            return cls(text=text, file=None, is_yaml=False)
        return cls(text=text, file=None, is_yaml=True) if "\n" in text else None

    @classmethod
    def of_file(cls, path: Path) -> SourceText:
        """Read a file; UnreadableSourceError where it can't be read, FileNotFoundError where there is none.

        A file is YAML if any of its suffixes says so: ``orders.asl.yaml``, ``orders.asl.yml.tftpl``.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise
        except (OSError, ValueError) as error:  # what is no UTF-8, or no name of a file
            raise UnreadableSourceError(f"its file can't be read: {error}") from None
        is_yaml = not _YAML_SUFFIXES.isdisjoint(suffix.lower() for suffix in path.suffixes)
        return cls(text=text, file=str(path), is_yaml=is_yaml)


class UnquotedText(str):
    """A string that stands in YAML without quotes and begins with a placeholder: it may become a number.

    CloudFormation fills in before it reads, so what is filled in here is read as YAML again.
    """

    __slots__ = ("_read_again",)
    _read_again: Callable[[str], Any]

    def __new__(cls, text: str, read_again: Callable[[str], Any]) -> UnquotedText:
        """Keep the text and the reader; that may raise UnreadableSourceError."""
        string = super().__new__(cls, text)
        string._read_again = read_again
        return string

    def read_as(self, filled: Any) -> Any:
        """Return what YAML makes of the text that was filled in; a value that is no text stays as it is."""
        if not isinstance(filled, str):
            return filled
        return str(self) if filled == self else self._read_again(filled)


def bare_filled_in(text: str, filled: Callable[[str, int], str]) -> str:
    """Fill in the placeholders that stand outside strings of a JSON text, each by its name and its line."""

    def replacement(match: re.Match[str]) -> str:
        name: str | None = match[1]
        return match[0] if name is None else filled(name, text.count("\n", 0, match.start()) + 1)

    return _STRING_OR_PLACEHOLDER.sub(replacement, text)


def shown_path(file: str) -> str:
    """Return a path as messages show it: from the working directory, where the file is in it."""
    relative = os.path.relpath(file) if os.path.isabs(file) else file
    return file if relative.startswith("..") else relative
