"""The benchmark machines: those of the sibling folder `shared/benchmarks`, their tasks mocked, and one made here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync import SfnSync, StateMachine, TaskError

FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "benchmarks"
ABSENT: Final = f"the benchmark machines are not here: looked for {FOLDER}"

JSONATA: Final = find_spec("jlens") is not None
"""Whether the machines that speak JSONata can be measured: the engine is an extra."""

NOT_INSTALLED: Final = "the machine speaks JSONata, whose engine is not installed (extra: jsonata)"

ROWS_OF_100_KB: Final = 1250

ALLOWED: Final[Mapping[str, float]] = {
    "pass1": 2.5,
    "choice20": 3,
    "intrinsics20": 6,
    "pass50": 20,
    "parallel10": 7,
    "retry3": 3,
    "retry3_exhaust": 3,
    "wait5": 3,
    "map1000_pass": 100,
    "map1000_pass_c10": 100,
    "map1000_pass_iterator": 100,
    "map1000_task": 250,
    "map1000_invoke": 250,
    "jsonata1": 15,
    "jsonata_chain20": 25,
    "jsonata_map1000": 500,
    "jsonata_filter100kb": 100,
}
"""What the project allows itself, as multiples of botocore's answer to a call that nothing has to be done for."""


@dataclass(frozen=True, kw_only=True)
class BenchmarkMachine:
    """One machine with its input, the mocks it needs, and what must come out."""

    name: str
    what: str
    definition: dict[str, Any]
    input: Any
    mocks: dict[str, dict[str, Any]]
    expected: dict[str, Any]
    virtual_seconds: float | None

    @property
    def uses_jsonata(self) -> bool:
        """Whether the machine speaks JSONata."""
        return self.definition.get("QueryLanguage") == "JSONata"

    def prepare(self, sfn: SfnSync) -> StateMachine:
        """Register the machine, and mock its tasks as the manifest says: an echo, or a sequence of responses."""
        for mock in self.mocks.values():
            function = mock.get("functionName") or mock["resource"]
            if "sequence" in mock:
                sfn.mock_lambda(function, responses=[_response(item) for item in mock["sequence"]])
            else:
                sfn.mock_lambda(function, calls=lambda event: event)
        return sfn.register(self.name, self.definition)


def benchmark_machines() -> list[BenchmarkMachine]:
    """Read the manifest, nothing where the folder is absent; add the machine of our own."""
    manifest = FOLDER / "manifest.json"
    records = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else []
    return [*map(_machine, records), filter_with_projection()]


def filter_with_projection() -> BenchmarkMachine:
    """Make a machine whose one expression filters and projects the rows of a document of 100 KB."""
    query = "{% $states.input.rows[qty > 3].{'sku': sku, 'cost': price * qty} %}"
    state = {"Type": "Pass", "Output": query, "End": True}
    rows: list[dict[str, Any]] = [
        {"sku": f"SKU-{index:05}", "qty": index % 8, "price": 2.25 + index % 90, "note": f"row {index} of the basket"}
        for index in range(ROWS_OF_100_KB)
    ]
    selected = [{"sku": row["sku"], "cost": row["price"] * row["qty"]} for row in rows if row["qty"] > 3]
    return BenchmarkMachine(
        name="jsonata_filter100kb",
        what="a filter with projection over a document of 100 KB",
        definition={"QueryLanguage": "JSONata", "StartAt": "Select", "States": {"Select": state}},
        input={"rows": rows},
        mocks={},
        expected={"status": "SUCCEEDED", "output": selected},
        virtual_seconds=None,
    )


def _machine(record: dict[str, Any]) -> BenchmarkMachine:
    expected = {"status": record["expectedStatus"]}
    if record["expectedStatus"] == "SUCCEEDED":
        expected["output"] = record["expectedOutput"]
    else:
        expected |= {"error": record["expectedError"], "cause": record["expectedCause"]}
    return BenchmarkMachine(
        name=record["name"],
        what=record["what"],
        definition=json.loads((FOLDER / record["file"]).read_text(encoding="utf-8")),
        input=record["input"],
        mocks=record.get("mocks", {}),
        expected=expected,
        virtual_seconds=record.get("virtualSeconds"),
    )


def _response(item: dict[str, Any]) -> Any:
    return item["return"] if "return" in item else TaskError(item["error"], item["cause"])
