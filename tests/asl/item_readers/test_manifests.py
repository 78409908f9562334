"""Manifests of S3 inventories and of Athena's data, and files that are compressed."""

from __future__ import annotations

import gzip
import json

import pytest

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.item_readers.manifests import Inventory, inventory_of, locations_of, unpacked

MANIFEST = {
    "destinationBucket": "arn:aws:s3:::lists",
    "fileFormat": "CSV",
    "fileSchema": "Bucket, Key, Size",
    "files": [{"key": "data/1.csv.gz"}],
}


def test_an_inventory_names_its_files_and_their_columns() -> None:
    expected = Inventory("lists", ["data/1.csv.gz"], ("Bucket", "Key", "Size"))
    assert inventory_of(json.dumps(MANIFEST), "here") == expected


def test_an_inventory_without_a_bucket_is_in_that_of_its_manifest() -> None:
    manifest = {**MANIFEST, "destinationBucket": None}
    assert inventory_of(json.dumps(manifest), "here").bucket == "here"


def test_locations_are_one_a_line() -> None:
    assert locations_of('s3://b/one.csv\n\n"s3://b/two.csv"\n') == [("b", "one.csv"), ("b", "two.csv")]


def test_a_compressed_file_is_unpacked() -> None:
    assert (unpacked(gzip.compress(b"a,b")), unpacked(b"a,b")) == (b"a,b", b"a,b")


@pytest.mark.parametrize(
    ("read", "cause"),
    [
        pytest.param(lambda: inventory_of("{", "b"), "Unexpected end-of-input", id="no JSON"),
        pytest.param(
            lambda: inventory_of(json.dumps({**MANIFEST, "fileFormat": "ORC"}), "b"),
            "The file format of the S3 inventory is not supported: ORC",
            id="another format",
        ),
        pytest.param(
            lambda: locations_of("b/one.csv"),
            "The manifest has a line that is no location of an object: b/one.csv",
            id="no location",
        ),
        pytest.param(lambda: unpacked(b"\x1f\x8bxx"), "The object can't be decompressed: ", id="damaged"),
    ],
)
def test_what_can_not_be_read_fails_the_reader(read: object, cause: str) -> None:
    assert callable(read)
    with pytest.raises(AslError) as raised:
        read()
    assert raised.value.error == "States.ItemReaderFailed"
    assert cause in str(raised.value.cause)
