"""Texts of definitions and templates, read into documents with the places of their parts in the text.

`SourceText` is a file or a text. `read` turns it into a document. A `LineMap` finds lines and columns by location. The
meaning of a document is not known here: neither states and templates, nor the values of placeholders.
"""

from pytest_sfn_sync.sources.line_map import LineMap, Span
from pytest_sfn_sync.sources.reading import ReadSource, read
from pytest_sfn_sync.sources.source_text import SourceText, UnquotedText
from pytest_sfn_sync.sources.text_files import UnreadableSourceError

__all__ = ["LineMap", "ReadSource", "SourceText", "Span", "UnquotedText", "UnreadableSourceError", "read"]
