"""An ItemReader at work: its action, its format, the source of each item, and its failures."""

from __future__ import annotations

import gzip
import json
import sys
from types import ModuleType
from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.map_objects import GivenItems, UnsupportedMapError
from tests.asl.distributed_maps import GET, LIST, Objects, distributed, run_with_objects

SELECTOR: JSON = {"v.$": "$$.Map.Item.Value", "from.$": "$$.Map.Item.Source"}
INVENTORY = {"fileFormat": "CSV", "fileSchema": "Bucket, Key", "files": [{"key": "rows"}]}


def read(objects: Objects, resource: str = GET, document: JSON = None, **config: JSON) -> Any:
    parameters = {"Bucket": "b"} if resource == LIST else {"Bucket": "b", "Key": "file"}
    reader = {"Resource": resource, "Parameters": parameters, **({"ReaderConfig": config} if config else {})}
    definition = distributed(ItemReader=reader, ItemSelector=SELECTOR)
    return run_with_objects(definition, {} if document is None else document, objects)


def items(*values: JSON, source: str = "s3://b/file") -> list[JSON]:
    return [{"v": value, "from": source} for value in values]


@pytest.mark.parametrize(
    ("content", "config", "expected"),
    [
        pytest.param("[1, 2]", {}, items(1, 2), id="JSON without a configuration"),
        pytest.param("\ufeff[1]", {"InputType": "JSON"}, items(1), id="JSON with a byte order mark"),
        pytest.param(
            '{"a": {"b": [1, 2]}}',
            {"InputType": "JSON", "ItemsPointer": "/a/b"},
            items(1, 2),
            id="a pointer into a document",
        ),
        pytest.param('{"a":1}\n\n[2]\n', {"InputType": "JSONL"}, items({"a": 1}, [2]), id="JSON Lines"),
        pytest.param(
            "a;b\n1;2\n",
            {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "SEMICOLON"},
            items({"a": "1", "b": "2"}),
            id="CSV with semicolons",
        ),
        pytest.param(
            "1 2\n",
            {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"], "CSVDelimiter": "SPACE"},
            items({"a": "1", "b": "2"}),
            id="CSV with headers that are given",
        ),
        pytest.param("[1, 2, 3]", {"InputType": "JSON", "MaxItems": 2}, items(1, 2), id="at most two"),
        pytest.param("[1, 2, 3]", {"InputType": "JSON", "MaxItems": 0}, items(1, 2, 3), id="0 is no limit"),
        pytest.param("[]", {"InputType": "JSON"}, [], id="no items"),
    ],
)
def test_items_of_one_object(content: str, config: dict[str, JSON], expected: list[JSON]) -> None:
    run = read(Objects(file=content), **config)
    assert (run.status, run.output) == ("SUCCEEDED", expected)


def test_the_objects_of_a_bucket_are_items() -> None:
    run = read(Objects(one="1", two="2"), LIST)
    assert run.output == items({"Key": "one"}, {"Key": "two"}, source="s3://b")


def test_listed_objects_are_loaded_and_their_items_joined() -> None:
    config = {"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSON", "MaxItems": 3}
    run = read(Objects(one="[1, 2]", two=gzip.compress(b"[3, 4]")), LIST, **config)
    assert run.output == [*items(1, 2, source="s3://b/one"), *items(3, source="s3://b/two")]


def test_the_rows_of_an_inventory() -> None:
    objects = Objects(file=json.dumps(INVENTORY), rows="b,k1\nb,k2\n")
    run = read(objects, InputType="MANIFEST")
    assert run.output == items({"Bucket": "b", "Key": "k1"}, {"Bucket": "b", "Key": "k2"})


def test_the_rows_of_the_files_of_athena() -> None:
    objects = Objects(file="s3://b/one\ns3://b/two\n", one='{"a":1}\n', two='{"a":2}\n')
    run = read(objects, InputType="JSONL", ManifestType="ATHENA_DATA")
    assert run.output == [*items({"a": 1}, source="s3://b/one"), *items({"a": 2}, source="s3://b/two")]


@pytest.mark.parametrize(
    ("resource", "key", "given", "source"),
    [
        pytest.param(GET, "file", [1, 2], "s3://b/file", id="an object"),
        pytest.param(LIST, "listed", [{"Key": "a"}, {"Key": "b"}], "s3://b", id="a list of objects"),
    ],
)
def test_items_that_are_given_are_not_read(resource: str, key: str, given: list[Any], source: str) -> None:
    run = read(Objects(**{key: GivenItems(given)}), resource, InputType="JSON")
    assert run.output == items(*given, source=source)


def test_an_object_of_a_list_may_be_given_as_items() -> None:
    run = read(Objects(one=GivenItems([1])), LIST, Transformation="LOAD_AND_FLATTEN", InputType="JSON")
    assert run.output == items(1, source="s3://b/one")


@pytest.mark.parametrize(
    ("content", "config", "cause"),
    [
        pytest.param('{"a": 1}', {"InputType": "JSON"}, "Attempting to map over non-iterable node.", id="an object"),
        pytest.param(
            '{"a": 1}',
            {"InputType": "JSON", "ItemsPointer": "/a"},
            "Attempting to map over non-iterable node.",
            id="a pointer to a number",
        ),
        pytest.param(
            "[[1]]",
            {"InputType": "JSON", "ItemsPointer": "/7"},
            "Attempting to map over non-iterable node.",
            id="a pointer to nothing",
        ),
        pytest.param("[1", {"InputType": "JSON"}, "Unexpected end-of-input", id="no JSON"),
        pytest.param(b"\xff", {"InputType": "JSON"}, "The object is not encoded in UTF-8", id="no UTF-8"),
        pytest.param(None, {"InputType": "JSON"}, "no such key", id="no object"),
        pytest.param("[1]", {"InputType": "JSON", "MaxItemsPath": "$.n"}, "field MaxItems must be positive", id="-1"),
    ],
)
def test_a_reader_that_fails_ends_the_map_run(content: Any, config: dict[str, JSON], cause: str) -> None:
    run = read(Objects() if content is None else Objects(file=content), document={"n": -1}, **config)
    assert (run.status, run.error) == ("FAILED", "States.ItemReaderFailed")
    assert cause in run.cause
    types = [type_ for type_, _, _, _ in run.history.events]
    assert types[2:] == ["MapStateStarted", "MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed"]


def test_a_maximum_that_is_no_whole_number_fails_before_the_map_run() -> None:
    run = read(Objects(file="[1]"), document={"n": 1.5}, InputType="JSON", MaxItemsPath="$.n")
    prefix = "An error occurred while executing the state 'Each' (entered at the event id #2). "
    expected = f'{prefix}The MaxItemsPath field refers to value "1.5" which is not a valid integer: $.n'
    assert (run.error, run.cause, run.map_runs) == ("States.Runtime", expected, [])


def test_parquet_needs_a_package() -> None:
    with pytest.raises(UnsupportedMapError) as raised:
        read(Objects(file="PAR1"), InputType="PARQUET")
    assert str(raised.value) == (
        "the Map state 'Each' reads a Parquet file (InputType PARQUET), which needs the package pyarrow. Install it, "
        "or give the items with mock_item_reader('Each', items=[...])."
    )


def test_parquet_is_read_by_that_package(monkeypatch: pytest.MonkeyPatch) -> None:
    class Table:
        def to_pylist(self) -> list[JSON]:
            return [{"a": 1}]

    parquet, package = ModuleType("pyarrow.parquet"), ModuleType("pyarrow")
    parquet.read_table = lambda file: Table()  # type: ignore[attr-defined]
    package.parquet = parquet  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyarrow", package)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", parquet)
    monkeypatch.setattr("pytest_sfn_sync.asl.item_readers.parquet_items.find_spec", lambda name: object())
    assert read(Objects(file="PAR1"), InputType="PARQUET").output == items({"a": 1})


def test_errors_of_a_reader_can_be_caught() -> None:
    reader = {"Resource": GET, "Parameters": {"Bucket": "b", "Key": "file"}}
    definition = distributed(ItemReader=reader, Catch=[{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "Caught"}])
    definition["States"]["Caught"] = {"Type": "Pass", "End": True}
    assert run_with_objects(definition, {}).output == {"Error": "States.ItemReaderFailed", "Cause": "no such key"}
