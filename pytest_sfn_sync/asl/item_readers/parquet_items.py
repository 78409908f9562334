"""Rows of Parquet files, which need the package pyarrow."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from io import BytesIO

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.map_objects import UnsupportedMapError


def parquet_rows(body: bytes, state_name: str) -> list[JSON]:
    """Return the rows of a file as objects; raise UnsupportedMapError if pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise UnsupportedMapError(
            f"the Map state {state_name!r} reads a Parquet file (InputType PARQUET), which needs the package pyarrow. "
            f"Install it, or give the items with mock_item_reader({state_name!r}, items=[...])."
        )
    rows: list[JSON] = import_module("pyarrow.parquet").read_table(BytesIO(body)).to_pylist()
    return rows
