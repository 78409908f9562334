"""Diagnostics for readers: AWS's words, then file, line and column, the line itself, and a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pytest_sfn_sync.asl.diagnostics import SCHEMA_VALIDATION_FAILED, WARNING, Diagnostic
from pytest_sfn_sync.shown_text import shown_lines, shown_text
from pytest_sfn_sync.sources import LineMap, Span, UnreadableSourceError
from pytest_sfn_sync.sources.embedded_text import place_in_scalar
from pytest_sfn_sync.sources.source_text import shown_path

_MOST_OF_A_DIAGNOSTIC = 1_000
_MOST_COLUMNS = 120
_BEFORE = 60


def located(diagnostic: Diagnostic, lines: LineMap | None) -> Diagnostic:
    """Return a diagnostic with its file, line and column."""
    if lines is None or diagnostic.line is not None:
        return diagnostic
    place = _place(diagnostic, lines)
    if place is None:
        return replace(diagnostic, file=lines.file)
    return replace(diagnostic, file=lines.file, line=place[0], column=place[1])


def repetition_warning(error: UnreadableSourceError, file: str | None) -> Diagnostic:
    """Return the warning about a key that an object of a definition has twice.

    Assumption: AWS takes the last value, as its JSON reader does by default.
    """
    return Diagnostic(
        code=SCHEMA_VALIDATION_FAILED,
        message=f"{shown_text(error.why)}. The last value counts, and the others are lost.",
        location=None,
        severity=WARNING,
        file=file,
        line=error.line,
        column=error.column,
    )


def fault_lines(diagnostics: Iterable[Diagnostic], lines: LineMap | None) -> list[str]:
    """Return the lines for diagnostics: each diagnostic is followed by its place in the source and its hint.

    The first ones are told in words. Of the others, their number is told.
    """
    found = list(diagnostics)
    texts = ("\n".join(_lines_of(diagnostic, lines)) for diagnostic in found)
    return [line for text in shown_lines(texts, len(found)) for line in text.split("\n")]


def _lines_of(diagnostic: Diagnostic, lines: LineMap | None) -> Iterator[str]:
    yield shown_text(str(diagnostic), _MOST_OF_A_DIAGNOSTIC)
    if lines is not None and diagnostic.line is not None and diagnostic.column is not None:
        file = "" if diagnostic.file is None else f"{shown_path(diagnostic.file)}:"
        yield f"    {file or 'line '}{diagnostic.line}:{diagnostic.column}"
        yield from _excerpt(lines, diagnostic)
    elif diagnostic.text is not None and diagnostic.position is not None:
        yield from _expression_excerpt(diagnostic.text, diagnostic.position)
    if diagnostic.hint is not None:
        yield f"    {shown_text(diagnostic.hint, _MOST_OF_A_DIAGNOSTIC)}"


def _place(diagnostic: Diagnostic, lines: LineMap) -> tuple[int, int] | None:
    span = lines.span(diagnostic.place or diagnostic.location)
    if span is None:
        return None
    if diagnostic.position is not None and diagnostic.text is not None:
        return place_in_scalar(diagnostic.text, span, lines.lines)(diagnostic.position)
    if diagnostic.place is not None or _is_composite(span, lines):
        return span.line, span.column  # The key, for a field that should not be there, or for a whole object.
    return span.value_line, span.value_column


def _is_composite(span: Span, lines: LineMap) -> bool:
    written = lines.lines[span.value_line - 1][span.value_column - 1 :]
    return span.value_line != span.end_line or written.startswith(("{", "["))


def _excerpt(lines: LineMap, diagnostic: Diagnostic) -> Iterator[str]:
    """Yield the line of a diagnostic, and a caret under the place; a long line is cut around the place."""
    assert diagnostic.line is not None
    assert diagnostic.column is not None
    line, column = lines.lines[diagnostic.line - 1].rstrip("\r"), diagnostic.column - 1
    span = lines.span(diagnostic.place or diagnostic.location)
    end = _end_of_caret(span, diagnostic, line) if span is not None else column + 1
    start = max(0, column - _BEFORE) if len(line) > _MOST_COLUMNS else 0
    shown = line[start : start + _MOST_COLUMNS]
    if start:
        shown = f"...{shown}"
        start -= 3
    end = min(max(end, column + 1), start + len(shown))
    number = str(diagnostic.line)
    margin = " " * len(number)
    carets = "^" * max(1, end - column)
    tabs = "".join("\t" if character == "\t" else " " for character in shown[: column - start])
    yield f"    {number} | {shown}"
    yield f"    {margin} | {tabs}{carets}"


def _end_of_caret(span: Span, diagnostic: Diagnostic, line: str) -> int:
    column = (diagnostic.column or 1) - 1
    if diagnostic.position is not None:
        return column + 1
    if diagnostic.line == span.value_line == span.end_line and column == span.value_column - 1:
        return span.end_column - 1
    # For a key, the carets end with its name.
    if line[column : column + 1] in ('"', "'"):
        closing = line.find(line[column], column + 1)
        return closing + 1 if closing > 0 else column + 1
    colon = line.find(":", column)
    return colon if colon > column else column + 1


def _expression_excerpt(text: str, position: int) -> Iterator[str]:
    """Yield the lines for an expression of a definition that has no file."""
    before = text[:position]
    line_start = before.rfind("\n") + 1
    line = text[line_start:].partition("\n")[0]
    column = len(before) - line_start
    start = max(0, column - _BEFORE) if len(line) > _MOST_COLUMNS else 0
    shown = line[start : start + _MOST_COLUMNS]
    if start:
        shown, start = f"...{shown}", start - 3
    yield f"    {shown}"
    yield f"    {' ' * (column - start)}^"
