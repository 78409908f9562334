"""A source read into a document, JSON or YAML, with the places of its parts: the first of two steps.

In the second step, the caller fills in the placeholders of the document by its own rules. Placeholders outside of
strings in JSON have to be filled in before, in the text (`SourceText.with_bare_placeholders`). A placeholder without
quotes in YAML becomes an `UnquotedText`, which reads the value that is filled in as YAML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

from pytest_sfn_sync.sources.json_source import json_line_map, read_json
from pytest_sfn_sync.sources.line_map import LineMap
from pytest_sfn_sync.sources.source_text import SourceText
from pytest_sfn_sync.sources.text_files import UnreadableSourceError
from pytest_sfn_sync.sources.yaml_dialects import YAML_1_1, Dialect

MOST_YAML_TEXTS: Final = 64
"""The most texts of YAML whose documents are kept."""


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A document before its placeholders are filled in, with the map of its parts to lines.

    ``repetitions`` has an error for each key that an object has twice; the last value counts.
    """

    document: Any
    _map: Callable[[], LineMap]
    _has_placeholders: bool
    repetitions: tuple[UnreadableSourceError, ...] = ()

    def line_map(self, name_of: Callable[[str, str], str] | None = None) -> LineMap:
        """Return the places of all parts; a JSON text is read a second time for them.

        ``name_of`` is called with a key and the location of its object. It returns the key after the placeholders in it
        were filled in.
        """
        lines = self._map()
        return lines.renamed(self.document, name_of) if name_of is not None and self._has_placeholders else lines


def read(
    source: SourceText, *, tags: Callable[[str, Any], Any] | None = None, dialect: Dialect = YAML_1_1
) -> ReadSource:
    """Read a source; raise UnreadableSourceError if it is not valid JSON or YAML.

    A definition is YAML if its file has such a suffix. A template, for which ``tags`` is given, is also YAML if it does
    not begin with ``{``, because a name such as ``stack.template`` does not show the language. ``tags`` and ``dialect``
    are those of `read_yaml`.

    A text of YAML is read once in a process, so its document is shared: nobody may change it.
    """
    if source.is_yaml or (tags is not None and not source.is_json):
        return _read_yaml_once(source, tags, dialect)
    has_placeholders = "${" in source.written
    repetitions: list[UnreadableSourceError] = []
    document = read_json(source.text, on_repetition=repetitions.append)
    places = partial(json_line_map, source.written, file=source.file)
    return ReadSource(document, places, has_placeholders, tuple(repetitions))


@lru_cache(maxsize=MOST_YAML_TEXTS)
def _read_yaml_once(source: SourceText, tags: Callable[[str, Any], Any] | None, dialect: Dialect) -> ReadSource:
    # Imported only for YAML.
    from pytest_sfn_sync.sources.yaml_source import read_yaml

    repetitions: list[UnreadableSourceError] = []
    document, lines = read_yaml(
        source.text, file=source.file, tags=tags, dialect=dialect, on_repetition=repetitions.append
    )
    return ReadSource(document, lambda: lines, "${" in source.written, tuple(repetitions))
