"""A text to read, from a file or from a test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text
from pytest_sfn_sync.sources.text_files import read_text_file

YAML_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""The ends of a line in YAML, which has more of them than JSON."""

PLACEHOLDER: Final = re.compile(r"\$\{[ \t]*([\w-]+(?:(?:\.|::)[\w-]+)*)[ \t]*\}")
"""A placeholder for a value that is filled in at deployment: ``${Name}``, ``${Function.Arn}``, ``${AWS::Region}``.

Terraform's templates may have blanks in it: ``${ name }``.
"""

_STRING_OR_PLACEHOLDER: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|' + PLACEHOLDER.pattern)
"""Matches strings and placeholders in a JSON text; group 1 is a placeholder outside of strings."""

_YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A text and its file, if it has one; ``as_written`` is the text before placeholders were filled in."""

    text: str
    file: str | None
    is_yaml: bool
    as_written: str | None = None

    @property
    def lines(self) -> list[str]:
        """The lines of the text by the rules of its language."""
        return YAML_LINE_END.split(self.text) if self.is_yaml else self.text.split("\n")

    @property
    def written(self) -> str:
        """The text as it is in the file; all places are places in this text."""
        return self.text if self.as_written is None else self.as_written

    def with_bare_placeholders(self, filled: Callable[[str, int], str]) -> SourceText:
        """Return the source with the placeholders outside of JSON's strings filled in; YAML has no such placeholders.

        ``filled`` is called with a name and its line, and returns the text to use in place of the placeholder.
        """
        return self if self.is_yaml else replace(self, text=bare_filled_in(self.text, filled), as_written=self.written)

    @property
    def is_json(self) -> bool:
        """Return whether the text is JSON: its file has no suffix of YAML, and it begins like JSON."""
        return not self.is_yaml and self.text.lstrip().startswith("{")

    @classmethod
    def of_text(cls, text: str) -> SourceText | None:
        """Return the source for a str: JSON if it begins with ``{``, YAML if it has several lines; None for a path."""
        text = text.removeprefix("\ufeff")
        if text.lstrip().startswith("{"):
            return cls(text=text, file=None, is_yaml=False)
        return cls(text=text, file=None, is_yaml=True) if "\n" in text else None

    @classmethod
    def of_file(cls, path: Path) -> SourceText:
        """Read a file; raise UnreadableSourceError if it can't be read, and FileNotFoundError if it does not exist.

        A file is YAML if one of its suffixes is YAML's: ``orders.asl.yaml``, ``orders.asl.yml.tftpl``.
        """
        text = read_text_file(path)
        is_yaml = not _YAML_SUFFIXES.isdisjoint(suffix.lower() for suffix in path.suffixes)
        return cls(text=text, file=str(path), is_yaml=is_yaml)


class UnquotedText(str):
    """A string without quotes in YAML that begins with a placeholder, so that it may become a number.

    CloudFormation fills in values before it reads the text. So the text with its values is read as YAML again.
    """

    __slots__ = ("_read_again",)
    _read_again: Callable[[str], Any]

    def __new__(cls, text: str, read_again: Callable[[str], Any]) -> UnquotedText:
        """Return the text with its reader, ``read_again``, which may raise UnreadableSourceError."""
        string = super().__new__(cls, text)
        string._read_again = read_again
        return string

    def read_as(self, filled: Any) -> Any:
        """Return the value of the filled-in text in YAML; a value that is not a text is not changed."""
        if not isinstance(filled, str):
            return filled
        return str(self) if filled == self else self._read_again(filled)


def bare_filled_in(text: str, filled: Callable[[str, int], str]) -> str:
    """Return a JSON text with the placeholders outside of strings filled in, each by its name and its line."""

    def replacement(match: re.Match[str]) -> str:
        name: str | None = match[1]
        return match[0] if name is None else filled(name, text.count("\n", 0, match.start()) + 1)

    return _STRING_OR_PLACEHOLDER.sub(replacement, text)


def shown_path(file: str) -> str:
    """Return a path as messages show it: relative to the working directory, if the file is in it."""
    relative = os.path.relpath(file) if os.path.isabs(file) and "\0" not in file else file
    return shown_text(file if relative.startswith("..") else relative)
