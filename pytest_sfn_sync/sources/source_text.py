"""A text to be read: a file or what a test wrote down; and the error that says why it can't be."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

YAML_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML, which knows more of them than JSON."""

PLACEHOLDER: Final = re.compile(r"\$\{([\w-]+(?:(?:\.|::)[\w-]+)*)\}")
"""What stands for a value that is filled in at deployment: ``${Name}``, ``${Function.Arn}``, ``${AWS::Region}``."""

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
    """A text with the file that it came from, if any."""

    text: str
    file: str | None
    is_yaml: bool

    @property
    def lines(self) -> list[str]:
        """The lines, as whoever reads the text counts them."""
        return YAML_LINE_END.split(self.text) if self.is_yaml else self.text.split("\n")

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


def shown_path(file: str) -> str:
    """Give a path as messages show it: from the working directory, where the file is in it."""
    relative = os.path.relpath(file) if os.path.isabs(file) else file
    return file if relative.startswith("..") else relative
