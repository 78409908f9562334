"""The definition of a state machine in each form that a template has for it, read with the places of its parts.

The forms are an object in the template, a text in it (plain, or the result of Fn::Sub or Fn::Join), and a file beside
it. The meaning of the states is not known here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_names
from pytest_sfn_sync.sources import LineMap, ReadSource, SourceText, UnreadableSourceError, read
from pytest_sfn_sync.sources.document_size import TOO_LARGE, is_too_large
from pytest_sfn_sync.sources.embedded_text import EmbeddedText, one_place, place_in_scalar
from pytest_sfn_sync.sources.json_source import read_json, spans_of_json
from pytest_sfn_sync.sources.source_text import bare_filled_in, shown_path
from pytest_sfn_sync.templates.documents import Document, Spot, repetition_notes
from pytest_sfn_sync.templates.placeholders import JSON_SYNTAX, YAML_SYNTAX, Placeholders
from pytest_sfn_sync.templates.stack import Stack, is_intrinsic
from pytest_sfn_sync.templates.template_faults import Fault, kind_of

LineMapMaker = Callable[[], "LineMap | None"]

_TOKEN: Final = "${x}"
"""The placeholder, in a text that is scanned, for a part that is not a text in the template."""

_PLACE_IN_TEXT: Final = re.compile(r" at line \d+, column \d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDefinition:
    """A definition with its values filled in, its file, and the places of its parts in the file."""

    document: Any
    source: str | None
    line_map: LineMapMaker


def definition_in_object(stack: Stack, value: Any, spot: Spot, placeholders: Placeholders) -> ReadDefinition | None:
    """Read a definition that is an object of the template; record faults in the stack."""

    def plain(text: str, at: Spot) -> str:
        before = set(placeholders.unknown)
        filled = placeholders.fill_in(text) if placeholders.fill_in_raw(text, JSON_SYNTAX) == text else text
        stack.faults.extend(placeholders.fault(name, at) for name in placeholders.unknown - before)
        return filled

    resolved = resolved_definition(stack, value, spot, plain)
    if resolved is None:
        return None
    try:
        # Texts that functions returned are filled in too. A placeholder without a value in such a text stays.
        document = placeholders.fill_in_all(_with_raw_values(resolved.document, placeholders))
    except UnreadableSourceError as error:
        stack.faults.append(Fault(f"{error.why}.", spot))
        return None

    def line_map() -> LineMap | None:
        return (
            None
            if spot.document.source is None
            else spot.line_map.renamed(value, lambda key, parent: placeholders.fill_in(key))
        )

    return replace(resolved, document=document, line_map=line_map)


def _with_raw_values(document: Any, placeholders: Placeholders) -> Any:
    """Return a definition after values with quotes and the like were put into its text, as it is sent to AWS."""
    if not placeholders.names_of_syntax(JSON_SYNTAX):
        return document
    text = json.dumps(document, ensure_ascii=False)
    filled = placeholders.fill_in_raw(text, JSON_SYNTAX)
    return document if filled == text else read_json(filled)


def resolved_definition(
    stack: Stack, value: Any, spot: Spot, plain: Callable[[str, Spot], Any]
) -> ReadDefinition | None:
    """Compute the values in a definition that is an object of the template; ``plain`` is called for each plain text."""
    count = len(stack.faults)
    document = stack.resolve(value, spot, plain)
    if len(stack.faults) > count:
        return None
    if not isinstance(document, Mapping):
        stack.faults.append(Fault(f"a definition is an object, not {kind_of(document)}.", spot))
        return None
    if is_too_large(document):
        stack.faults.append(Fault(f"it is too large: {TOO_LARGE}.", spot))
        return None
    return ReadDefinition(document=document, source=spot.document.source, line_map=partial(_line_map_of, spot))


def definition_in_text(stack: Stack, value: Any, spot: Spot, placeholders: Placeholders) -> ReadDefinition | None:
    """Read a definition that is JSON in a text of the template; record faults in the stack."""
    count = len(stack.faults)
    text = stack.resolve(value, spot)
    if len(stack.faults) > count:
        return None
    if not isinstance(text, str):
        stack.faults.append(Fault(f"it is a text, not {kind_of(text)}.", spot))
        return None
    try:
        filled = placeholders.fill_in_raw(bare_filled_in(text, placeholders.fill_in_bare), JSON_SYNTAX)
        repetitions: list[UnreadableSourceError] = []
        document = placeholders.fill_in_all(read_json(filled, on_repetition=repetitions.append))
        stack.notes += [f"{spot}: {_PLACE_IN_TEXT.sub('', error.why)}; the last one counts" for error in repetitions]
    except UnreadableSourceError as error:
        why = _PLACE_IN_TEXT.sub("", error.why)
        stack.faults.append(Fault(f"{why}.", spot, _line_in_template(value, spot, error.line)))
        return None
    if not isinstance(document, Mapping):
        stack.faults.append(Fault(f"a definition is an object, not {kind_of(document)}.", spot))
        return None
    if placeholders.unknown:
        if isinstance(value, str):  # A placeholder in a result of Fn::Sub or Fn::Join stays.
            stack.faults += placeholders.faults(document, spot)
            return None
        names = shown_names(f"${{{name}}}" for name in sorted(placeholders.unknown))
        stack.notes.append(f"{spot}: {spot.location}: {names} has no value and stays as it is")
    return ReadDefinition(
        document=document, source=spot.document.source, line_map=partial(_line_map_of_text, value, spot)
    )


def definition_in_file(stack: Stack, path: Path, spot: Spot, placeholders: Placeholders) -> ReadDefinition | None:
    """Read a definition from a file of JSON or YAML; record faults in the stack."""
    try:
        written = _read_as_json_or_yaml(SourceText.of_file(path), placeholders, stack.notes)
        stack.notes += repetition_notes(shown_path(str(path)), written)
        document = placeholders.fill_in_all(written.document)
    except UnreadableSourceError as error:
        file = shown_path(str(path))
        where = file if error.line is None else f"{file}:{error.line}"
        stack.faults.append(Fault(f"{where}: {error.why}.", spot))
        return None
    if not isinstance(document, Mapping):
        stack.faults.append(Fault(f"a definition is an object, not {kind_of(document)}, as {path.name} is.", spot))
        return None
    line_map = partial(written.line_map, lambda key, parent: placeholders.fill_in(key))
    if placeholders.unknown:
        file_read = Document(document, path=path, line_map=line_map)
        stack.faults += placeholders.faults(document, file_read.root)
        return None
    return ReadDefinition(document=document, source=str(path), line_map=line_map)


def _read_as_json_or_yaml(source: SourceText, placeholders: Placeholders, notes: list[str]) -> ReadSource:
    """Read a definition file as CloudFormation does: as JSON, or else as YAML, whatever its name is.

    Values are put into the text, before it is read. Assumption: a text that is neither is refused for what its first
    character says it is.
    """
    if not source.text.lstrip().startswith("{"):
        return read(replace(source, text=placeholders.fill_in_raw(source.text, YAML_SYNTAX), is_yaml=True))
    unknown = set(placeholders.unknown)
    as_json = replace(source, is_yaml=False).with_bare_placeholders(placeholders.fill_in_bare)
    try:
        return read(replace(as_json, text=placeholders.fill_in_raw(as_json.text, JSON_SYNTAX)))
    except UnreadableSourceError as error:
        placeholders.unknown = unknown
        try:
            written = read(replace(source, text=placeholders.fill_in_raw(source.text, YAML_SYNTAX), is_yaml=True))
        except UnreadableSourceError:
            raise error from None
        notes.append(
            f"{shown_path(source.file or '')}: {error.why}, but CloudFormation then reads it as YAML; "
            "without a template, AWS refuses it"
        )
        return written


def _line_map_of(spot: Spot) -> LineMap | None:
    return None if spot.document.source is None else spot.line_map


def _line_map_of_text(value: Any, spot: Spot) -> LineMap | None:
    if spot.document.source is None:
        return None
    embedded = _embedded(value, spot)
    part = spot.line_map
    part.spans = dict(spans_of_json(embedded.text, place=embedded.place))
    return part


def _embedded(value: Any, spot: Spot) -> EmbeddedText:
    """Return the pieces of a text; a part that is not a text of the template becomes a placeholder."""
    embedded = EmbeddedText()
    _embed(embedded, value, spot)
    return embedded


def _embed(embedded: EmbeddedText, value: Any, spot: Spot) -> None:
    span = spot.span
    beginning = (1, 1) if span is None else (span.value_line, span.value_column)
    if isinstance(value, str) and span is not None:
        embedded.add(value, place_in_scalar(value, span, spot.document.line_map.lines))
        return
    function: str
    argument: Any
    function, argument = next(iter(value.items())) if is_intrinsic(value, spot) else ("", None)
    at = spot / function
    if function == "Fn::Sub":
        text, at = (argument[0], at / 0) if isinstance(argument, list) else (argument, at)
        _embed(embedded, text, at)
    elif function == "Fn::Join" and isinstance(argument[1], list):
        for index, part in enumerate(argument[1]):
            if index:
                embedded.add_between(str(argument[0]))
            _embed(embedded, part, at / 1 / index)
    else:
        embedded.add(_TOKEN, one_place(*beginning))


def _line_in_template(value: Any, spot: Spot, line: int | None) -> int | None:
    """Return the line of the template for a line of a text in it."""
    if line is None:
        return None
    embedded = _embedded(value, spot)
    if not embedded.text:
        return None
    return embedded.place_at(line)[0]
