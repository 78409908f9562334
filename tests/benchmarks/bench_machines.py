"""Every benchmark machine through a boto3 client: first that it does right, then how long it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.benchmarks.machines import (
    ABSENT,
    ALLOWED,
    FOLDER,
    JSONATA,
    NOT_INSTALLED,
    BenchmarkMachine,
    benchmark_machines,
)
from tests.benchmarks.measuring import Workbench
from tests.benchmarks.tables import Tables

HEADING = "Machines"


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_the_shared_machines_are_among_those_measured() -> None:
    assert len(benchmark_machines()) > 1


@pytest.mark.parametrize("machine", benchmark_machines(), ids=lambda machine: machine.name)
def test_machine(machine: BenchmarkMachine, constant: Any, benchmark: Any, tables: Tables) -> None:
    if machine.uses_jsonata and not JSONATA:
        pytest.skip(NOT_INSTALLED)
    with SfnSync() as sfn:
        bench = Workbench(sfn=sfn, constant=constant, request=json.dumps(machine.input), prepare=machine.prepare)
        check(machine, sfn, bench.call())
        benchmark.pedantic(bench.call, setup=bench.renew, rounds=bench.rounds())
    if benchmark.stats is None:  # --benchmark-disable
        return
    multiple = benchmark.stats.stats.median / bench.baseline
    benchmark.extra_info["multiple"] = multiple
    at_best = benchmark.stats.stats.min / min(bench.botocore_alone)
    if HEADING not in tables.rows:
        tables.add(HEADING, "machine", "us", "botocore us", "multiple", "at best", "allowed", "")
    allowed = ALLOWED.get(machine.name)
    tables.add(
        HEADING,
        machine.name,
        f"{benchmark.stats.stats.median * 1e6:.0f}",
        f"{bench.baseline * 1e6:.0f}",
        f"{multiple:.1f}",
        f"{at_best:.1f}",
        "-" if allowed is None else f"{allowed:g}",
        "OVER" if allowed is not None and multiple > allowed else "",
    )


def check(machine: BenchmarkMachine, sfn: SfnSync, response: dict[str, Any]) -> None:
    """Assert that the machine ends as the manifest says, after the virtual time that it says."""
    actual: dict[str, Any] = {name: response.get(name) for name in machine.expected}
    if "output" in response:
        actual["output"] = json.loads(response["output"])
    assert actual == machine.expected
    if machine.virtual_seconds is not None:
        assert sfn.executions[-1].duration == machine.virtual_seconds
