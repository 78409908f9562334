"""Every benchmark machine through a boto3 client: first that it does right, then how long it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.benchmarks.machines import ABSENT, ALLOWED, JSONATA, BenchmarkMachine, benchmark_machines
from tests.benchmarks.measuring import baseline, rounds_for, timed
from tests.benchmarks.tables import Tables

HEADING = "Machines"
MACHINES = [machine for machine in benchmark_machines() if JSONATA or not machine.uses_jsonata]


@pytest.mark.skipif(not MACHINES, reason=ABSENT)
@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_machine(machine: BenchmarkMachine, constant: Any, benchmark: Any, tables: Tables) -> None:
    request = json.dumps(machine.input)
    botocore_alone = baseline(constant, "{}")
    with SfnSync() as sfn:
        machine.mock(sfn)
        arn = sfn.register(machine.name, machine.definition).arn
        client = sfn.client()

        def call() -> Any:
            return client.start_sync_execution(stateMachineArn=arn, input=request)

        check(machine, sfn, call())
        rounds = rounds_for(min(timed(call, 3)))
        benchmark.pedantic(call, setup=sfn.executions.clear, rounds=rounds, warmup_rounds=2)
    if benchmark.stats is None:  # --benchmark-disable
        return
    needed = benchmark.stats.stats.median
    benchmark.extra_info["multiple"] = needed / botocore_alone
    _tell(tables, machine, needed, botocore_alone)


def check(machine: BenchmarkMachine, sfn: SfnSync, response: dict[str, Any]) -> None:
    """Assert that the machine ends as the manifest says, after the virtual time that it says."""
    actual: dict[str, Any] = {name: response.get(name) for name in machine.expected}
    if "output" in response:
        actual["output"] = json.loads(response["output"])
    assert actual == machine.expected
    if machine.virtual_seconds is not None:
        assert sfn.executions[-1].duration == machine.virtual_seconds


def _tell(tables: Tables, machine: BenchmarkMachine, needed: float, botocore_alone: float) -> None:
    if HEADING not in tables.rows:
        tables.add(HEADING, "machine", "us", "botocore us", "multiple", "allowed", "")
    multiple = needed / botocore_alone
    allowed = ALLOWED.get(machine.name)
    tables.add(
        HEADING,
        machine.name,
        f"{needed * 1e6:.0f}",
        f"{botocore_alone * 1e6:.0f}",
        f"{multiple:.1f}",
        "-" if allowed is None else f"{allowed:g}",
        "OVER" if allowed is not None and multiple > allowed else "",
    )
