"""A source read into a document, JSON or YAML, with the places of its parts: the first of two steps.

The second step is the caller's: it fills in the placeholders of the document, by its own rules. What stands outside
strings in JSON has to be filled in before, in the text (`SourceText.with_bare_placeholders`); what stands without
quotes in YAML is an `UnquotedText`, which knows how YAML reads what is filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_sfn_sync.sources.json_source import json_line_map, read_json
from pytest_sfn_sync.sources.line_map import LineMap
from pytest_sfn_sync.sources.source_text import SourceText
from pytest_sfn_sync.sources.yaml_dialects import YAML_1_1, Dialect


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A document as it is written, and what maps its parts to lines."""

    document: Any
    _map: Callable[[], LineMap]
    _has_placeholders: bool

    def line_map(self, name_of: Callable[[str, str], str] | None = None) -> LineMap:
        """Return the places of all parts; JSON is read once more for them.

        ``name_of`` is given a key and the location of its object, and returns the key as it is filled in.
        """
        lines = self._map()
        return lines.renamed(self.document, name_of) if name_of is not None and self._has_placeholders else lines


def read(
    source: SourceText, *, tags: Callable[[str, Any], Any] | None = None, dialect: Dialect = YAML_1_1
) -> ReadSource:
    """Read a source; UnreadableSourceError where it is not what it should be.

    A definition is YAML where its file's name says so. A template, for which ``tags`` are given, is YAML too unless it
    begins with ``{``: names such as ``stack.template`` say nothing. ``tags`` and ``dialect`` are those of `read_yaml`.
    """
    has_placeholders = "${" in source.written
    if source.is_yaml or (tags is not None and not source.is_json):
        # Imported where there is YAML.
        from pytest_sfn_sync.sources.yaml_source import read_yaml

        document, lines = read_yaml(source.text, file=source.file, tags=tags, dialect=dialect)
        return ReadSource(document, lambda: lines, has_placeholders)
    return ReadSource(read_json(source.text), lambda: json_line_map(source.written, file=source.file), has_placeholders)
