"""The Map Runs of executions, and their children as executions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_sfn_sync.asl.run import MapRun, map_runs_within
from pytest_sfn_sync.service.execution_entries import StartedExecution, child_entry, child_machine


def map_runs_of(executions: Iterable[StartedExecution]) -> Iterator[tuple[MapRun, StartedExecution]]:
    """Yield the Map Runs of executions, each with its execution."""
    for started in executions:
        for map_run in map_runs_within(started.prepared.run):
            yield map_run, started


def children_of(executions: Iterable[StartedExecution], map_run: MapRun) -> list[StartedExecution]:
    """Return the children of a Map Run that have started (measured), in the order of their items."""
    parent = next(parent for one, parent in map_runs_of(executions) if one is map_run)
    machine = child_machine(parent.machine, map_run)
    children = [child for child in map_run.children if child.run is not None]
    return [child_entry(parent, map_run, child, machine) for child in children]


def map_child(executions: Iterable[StartedExecution], arn: str) -> StartedExecution | None:
    """Return the child of a Map Run by its ARN; None if there is none."""
    name = arn.split(":")[7:8]
    for map_run, parent in map_runs_of(executions):
        child = map_run.child_named(*name) if name else None
        if child is not None and child.run is not None and child.arn == arn:
            return child_entry(parent, map_run, child, child_machine(parent.machine, map_run))
    return None
