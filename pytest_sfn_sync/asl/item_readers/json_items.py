"""Items in JSON: an array, an array that a JSON Pointer names, or a value on each line."""

from __future__ import annotations

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.item_readers.reader_failures import NOT_ITERABLE, reader_failed
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json


def array_of(text: str, pointer: str | None) -> list[JSON]:
    """Return the items of a JSON text: the array that it is, or the one that the pointer names."""
    document = _document(text)
    items = document if pointer is None else value_at(document, pointer)
    if not isinstance(items, list):
        raise reader_failed(NOT_ITERABLE)
    return items


def lines_of(text: str) -> list[JSON]:
    """Return the values of JSON Lines. Assumption: lines without a value are left out."""
    return [_document(line) for line in text.split("\n") if line and not line.isspace()]


def value_at(document: JSON, pointer: str) -> JSON:
    """Return the value that a JSON Pointer (RFC 6901) names; None if there is none."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def _document(text: str) -> JSON:
    try:
        return parse_json(text)
    except JSONTextError as fault:
        # Assumption: the text is that of Jackson, as in other refusals.
        raise reader_failed(fault.message) from None
