"""Manifests: objects that name the files which have the items.

An S3 inventory has a JSON manifest with the columns of its files. The data of Athena's UNLOAD have a list of locations,
one a line. Documented: both. Files may be compressed with gzip.
"""

from __future__ import annotations

import gzip
import zlib
from typing import NamedTuple

from pytest_sfn_sync.asl.item_readers.json_items import array_of, value_at
from pytest_sfn_sync.asl.item_readers.reader_failures import reader_failed
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json

_GZIP = b"\x1f\x8b"


class Inventory(NamedTuple):
    """An S3 inventory: the bucket and the keys of its files, and the names of their columns."""

    bucket: str
    keys: list[str]
    columns: tuple[str, ...]


def inventory_of(text: str, bucket: str) -> Inventory:
    """Return the files that the manifest of an inventory names; ``bucket`` is the one in which the manifest is.

    Assumption: the texts of the refusals here.
    """
    try:
        manifest = parse_json(text)
    except JSONTextError as fault:
        raise reader_failed(fault.message) from None
    file_format = value_at(manifest, "/fileFormat")
    if file_format != "CSV":
        raise reader_failed(f"The file format of the S3 inventory is not supported: {file_format}")
    columns = str(value_at(manifest, "/fileSchema") or "").split(",")
    files = [str(value_at(file, "/key")) for file in array_of(text, "/files")]
    destination = str(value_at(manifest, "/destinationBucket") or bucket)
    return Inventory(destination.rpartition(":")[2], files, tuple(column.strip() for column in columns))


def locations_of(text: str) -> list[tuple[str, str]]:
    """Return bucket and key of each location in a list such as Athena's: ``s3://bucket/key``, one a line."""
    found = []
    for line in text.split("\n"):
        location = line.strip().strip('"')
        if not location:
            continue
        bucket, _, key = location.removeprefix("s3://").partition("/")
        if not location.startswith("s3://") or not key:
            raise reader_failed(f"The manifest has a line that is no location of an object: {location}")
        found.append((bucket, key))
    return found


def unpacked(body: bytes) -> bytes:
    """Return the content of a file that may be compressed with gzip."""
    if not body.startswith(_GZIP):
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as fault:
        raise reader_failed(f"The object can't be decompressed: {fault}") from None
