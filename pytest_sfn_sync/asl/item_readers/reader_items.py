"""An ItemReader at work: its action, its format, and the items with the place that each was read from."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pytest_sfn_sync.asl.distributed_map_definition import ItemReader
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.item_readers.csv_items import rows_of
from pytest_sfn_sync.asl.item_readers.json_items import array_of, lines_of
from pytest_sfn_sync.asl.item_readers.manifests import inventory_of, locations_of, unpacked
from pytest_sfn_sync.asl.item_readers.parquet_items import parquet_rows
from pytest_sfn_sync.asl.item_readers.reader_failures import reader_failed, text_of
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.map_objects import GivenItems, MapObjects, ObjectError, UnsupportedMapError


class Items(NamedTuple):
    """The items of a Map; ``sources`` is the place of all of them, or a list with that of each.

    If the items are the members of an object, ``has_keys`` is true, and each has its ``Key`` and its ``Value``.
    """

    values: list[JSON]
    sources: str | list[str]
    has_keys: bool = False

    def source(self, index: int) -> str:
        """Return ``$$.Map.Item.Source`` of an item."""
        return self.sources if isinstance(self.sources, str) else self.sources[index]


class ReaderValues(NamedTuple):
    """The values of the fields of an ItemReader for one run of its Map."""

    parameters: JSON
    max_items: int
    pointer: str | None


def read_items(reader: ItemReader, values: ReaderValues, objects: MapObjects, *, machine: str, state: str) -> Items:
    """Return the items that a reader reads, at most ``MaxItems`` of them (0 is no limit)."""
    _check(values)
    try:
        found = _Reading(reader, values, objects, machine, state).items()
    except ObjectError as refused:
        raise reader_failed(refused.reason) from None
    if not 0 < values.max_items < len(found.values):
        return found
    most = values.max_items
    sources = found.sources if isinstance(found.sources, str) else found.sources[:most]
    return Items(found.values[:most], sources)


def items_of_data(reader: ItemReader, values: ReaderValues, data: str, state: str) -> list[JSON]:
    """Return the items of a reader whose data are given as a text: the object, or the list of the objects as JSON."""
    _check(values)
    if reader.action == "listObjectsV2" and not reader.loads_objects:
        items = array_of(data, None)
    else:
        items = parsed_items(reader, data.encode("utf-8", "surrogatepass"), values.pointer, state)
    return items[: values.max_items or None]


def _check(values: ReaderValues) -> None:
    if values.max_items < 0:
        raise reader_failed("field MaxItems must be positive")  # Recorded.


class _Reading:
    """One run of a reader."""

    def __init__(self, reader: ItemReader, values: ReaderValues, objects: MapObjects, machine: str, state: str) -> None:
        self.reader = reader
        self.values = values
        self.objects = objects
        self.machine = machine
        self.state = state
        self.parameters: dict[str, JSON] = values.parameters if isinstance(values.parameters, dict) else {}
        for name in ("Bucket",) if reader.action == "listObjectsV2" else ("Bucket", "Key"):
            if not isinstance(self.parameters.get(name), str):
                # Assumption: the text. S3 is never asked.
                raise reader_failed(f"The parameter {name} of s3:{reader.action} is required, and is a text.")
        self.bucket = str(self.parameters["Bucket"])

    def items(self) -> Items:
        if self.reader.action == "listObjectsV2":
            return self._listed()
        source = f"s3://{self.bucket}/{self.parameters.get('Key')}"
        body = self.objects.get(self.machine, self.state, self.values.parameters)
        if isinstance(body, GivenItems):
            return Items(self._given(body), source)
        if self.reader.manifest_type == "ATHENA_DATA":
            return self._joined(locations_of(text_of(body)), self._parsed)
        if self.reader.input_type == "MANIFEST" or self.reader.manifest_type == "S3_INVENTORY":
            inventory = inventory_of(text_of(body), self.bucket)
            files = [(inventory.bucket, key) for key in inventory.keys]
            rows = self._joined(files, lambda file: rows_of(text_of(file), delimiter=",", headers=inventory.columns))
            return Items(rows.values, source)
        return Items(self._parsed(body), source)

    def _listed(self) -> Items:
        listed = self.objects.list(self.machine, self.state, self.values.parameters)
        if isinstance(listed, GivenItems):
            if not self.reader.loads_objects:
                self._check_given(listed, _is_listed, 'an object with the "Key" that S3 lists')
            return Items(listed.items, f"s3://{self.bucket}")
        if not self.reader.loads_objects:
            return Items(listed, f"s3://{self.bucket}")
        return self._joined([(self.bucket, one["Key"]) for one in listed], self._parsed)

    def _joined(self, files: list[tuple[str, str]], parse: Callable[[bytes], list[JSON]]) -> Items:
        """Return the items of several objects, each with the object that it is from."""
        found: list[JSON] = []
        sources: list[str] = []
        for bucket, key in files:
            body = self.objects.get(self.machine, self.state, {"Bucket": bucket, "Key": key})
            items = self._given(body) if isinstance(body, GivenItems) else parse(unpacked(body))
            found += items
            sources += [f"s3://{bucket}/{key}"] * len(items)
        return Items(found, sources)

    def _given(self, given: GivenItems) -> list[JSON]:
        """Return the items that a test has given in place of an object; refuse those that AWS could not have read."""
        if self.reader.input_type in ("CSV", "MANIFEST") and self.reader.manifest_type != "ATHENA_DATA":
            self._check_given(given, _is_row, "an object whose values are strings, as in CSV")
        return given.items

    def _check_given(self, given: GivenItems, is_fit: Callable[[JSON], bool], wanted: str) -> None:
        for index, item in enumerate(given.items):
            if not is_fit(item):
                raise UnsupportedMapError(
                    f"the ItemReader of state {self.state!r} reads items of another kind than items[{index}] of its "
                    f"mock, which is {compact(item)[:200]}: each is {wanted}.\n"
                    "Write the items so, or give the content of the object: body=... or path=..."
                )

    def _parsed(self, body: bytes) -> list[JSON]:
        return parsed_items(self.reader, body, self.values.pointer, self.state)


def _is_row(item: JSON) -> bool:
    return isinstance(item, dict) and all(isinstance(value, str) for value in item.values())


def _is_listed(item: JSON) -> bool:
    return isinstance(item, dict) and isinstance(item.get("Key"), str)


def parsed_items(reader: ItemReader, body: bytes, pointer: str | None, state: str) -> list[JSON]:
    """Return the items in the bytes of one object. Documented: without an InputType it is JSON."""
    if reader.input_type == "PARQUET":
        return parquet_rows(body, state)
    text = text_of(body)
    if reader.input_type == "CSV":
        return rows_of(text, delimiter=reader.delimiter, headers=reader.headers)
    return lines_of(text) if reader.input_type == "JSONL" else array_of(text, pointer)
