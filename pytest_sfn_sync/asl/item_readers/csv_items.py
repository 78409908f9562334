"""Rows of CSV: an object for each row, whose values are all strings.

Recorded: missing cells are ``""``, surplus ones are left out, a column without a name has the key ``""``, and two
columns of one name are refused. Assumption: an empty line is no row, and quotes are those of RFC 4180.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.item_readers.reader_failures import reader_failed
from pytest_sfn_sync.asl.java.hash_order import hash_ordered

_MOST_HEADER_BYTES: Final = 10 * 1024


def rows_of(text: str, *, delimiter: str, headers: Sequence[str] | None) -> list[JSON]:
    """Return the rows of a text; without ``headers``, its first row has them."""
    rows = _rows(text, delimiter)
    if headers is None:
        headers = next(rows, [])
        if len(delimiter.join(headers).encode()) > _MOST_HEADER_BYTES:
            # Documented: the limit. Assumption: the text.
            raise reader_failed("CSV headers cannot exceed 10 KiB.")
    if len(set(headers)) < len(headers):
        raise reader_failed("CSV headers cannot contain duplicates.")
    places = {name: place for place, name in enumerate(headers)}
    # Recorded: the columns come in the order of a Java HashMap.
    columns = [(name, places[name]) for name in hash_ordered(places)]
    return [{name: row[place] if place < len(row) else "" for name, place in columns} for row in rows]


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    before = csv.field_size_limit(len(text) + 1)  # Only of the csv module: AWS has no such limit for a cell.
    try:
        rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row]
    finally:
        csv.field_size_limit(before)
    return iter(rows)
