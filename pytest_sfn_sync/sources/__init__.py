"""Texts of definitions and templates, read into documents that know where in the text each part stands.

`SourceText` is a file or a text; `read` turns it into a document; a `LineMap` finds lines and columns by location. What
a document means, states or templates, is not known here, nor what its placeholders stand for.
"""

from pytest_sfn_sync.sources.line_map import LineMap, Span
from pytest_sfn_sync.sources.reading import ReadSource, read
from pytest_sfn_sync.sources.source_text import SourceText, UnquotedText, UnreadableSourceError

__all__ = ["LineMap", "ReadSource", "SourceText", "Span", "UnquotedText", "UnreadableSourceError", "read"]
