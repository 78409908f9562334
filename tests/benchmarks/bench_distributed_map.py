"""A distributed Map over 10,000 rows with a mocked function takes under two seconds, and grows linearly."""

from __future__ import annotations

import time
from typing import Any, Final

import pytest

from pytest_sfn_sync import SfnSync

MOST_SECONDS: Final = 2.0
MOST_GROWTH: Final = 1.5
"""The most by which an item of twice as many may cost more; machines that do other work are noisy."""

FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:import-row"
READER: Final = {
    "Resource": "arn:aws:states:::s3:getObject",
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
    "Parameters": {"Bucket": "lists", "Key": "rows.csv"},
}
WRITER: Final = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "lists"}}


def machine(execution_type: str) -> dict[str, Any]:
    """A distributed Map that reads a CSV, calls a function for each row, and writes its results."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": execution_type},
        "StartAt": "Import",
        "States": {"Import": {"Type": "Task", "Resource": FUNCTION, "End": True}},
    }
    rows = {"Type": "Map", "ItemReader": READER, "ResultWriter": WRITER, "ItemProcessor": processor, "End": True}
    return {"StartAt": "Rows", "States": {"Rows": rows}}


def seconds(execution_type: str, rows: int) -> float:
    """The seconds of processor time for one run; the best of three."""
    best = float("inf")
    for _ in range(3):
        with SfnSync() as sfn:
            sfn.mock_item_reader("Rows", body="id,name\n" + "".join(f"{row},name {row}\n" for row in range(rows)))
            sfn.mock_result_writer("Rows")
            sfn.mock_lambda("import-row", returns={"ok": True})
            registered = sfn.register("rows", machine(execution_type), type="STANDARD")
            begun = time.process_time()
            registered.run({}).assert_succeeded()
            best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("execution_type", ["EXPRESS", "STANDARD"])
def test_ten_thousand_rows(execution_type: str) -> None:
    first, second = seconds(execution_type, 10_000), seconds(execution_type, 20_000)
    print(f"{execution_type}: 10,000 rows {first:.2f} s, 20,000 rows {second:.2f} s")
    assert first < MOST_SECONDS
    assert second / 2 < first * MOST_GROWTH
