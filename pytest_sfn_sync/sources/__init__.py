"""Texts of definitions and templates, read into documents that know where in the text each part stands.

`SourceText` is a file or a text; `json_text` and `yaml_text` read it into a document; `line_map` finds lines and
columns by location. What a document means, states or templates, is not known here.
"""

from pytest_sfn_sync.sources.line_map import LineMap, Span
from pytest_sfn_sync.sources.source_text import SourceText, UnreadableSourceError

__all__ = ["LineMap", "SourceText", "Span", "UnreadableSourceError"]
