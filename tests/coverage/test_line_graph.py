"""Machines as lines and branches: what counts, what ran, and that coverage.py's pages can show it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.coverage.line_graph import OTHERS, OUTSIDE, LineGraph, arcs_run, lines_run
from pytest_sfn_sync.workflow_coverage.files import MachineInFile, machines_in_file
from tests.random_definitions import documents, well_formed_definitions
from tests.workflow_coverage import orders
from tests.workflow_coverage.orders import Order


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def graph_of(folder: Path, text: str) -> LineGraph:
    file = folder / "orders.asl.json"
    file.write_text(text, encoding="utf-8")
    return LineGraph((machine.elements, machine.places) for machine in machines_in_file(file))


def test_statements_and_branches(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, orders.TEXT)

    assert sorted(graph.statements) == [4, 8, 12, 14, 16, 20, 25, 28, 30, 31, 36, 37]
    assert sorted(graph.arcs) == [
        (4, 8),
        (8, 12),
        (8, 37),
        (12, 14),
        (12, 16),
        (14, 25),
        (16, 25),
        (20, OUTSIDE),
        (25, 28),  # any of the retriers and catchers
        (25, 36),
        (28, 25),
        (30, 37),
        (31, 36),
        (36, OUTSIDE),
    ]


@pytest.mark.parametrize(
    ("order", "lines", "not_taken"),
    [
        (orders.SMALL, {4, 8, 12, 14, 25, 36}, {(8, 37), (12, 16), (25, 28)}),
        (orders.LARGE, {4, 8, 12, 16, 20, 25, 36}, {(8, 37), (12, 14), (25, 28)}),
        (orders.TOO_LARGE, {4, 8, 37}, {(8, 12)}),
        (orders.SMALL_AND_BUSY, {4, 8, 12, 14, 25, 28, 36}, {(8, 37), (12, 16)}),
        (orders.SMALL_AND_DECLINED, {4, 8, 12, 14, 25, 30, 37}, {(8, 37), (12, 16), (25, 36)}),
    ],
)
def test_lines_and_branches_that_ran(
    tmp_path: Path, order: Order, lines: set[int], not_taken: set[tuple[int, int]]
) -> None:
    machine = orders.recorded_orders(tmp_path, order)
    graph = graph_of(tmp_path, orders.TEXT)
    arcs = arcs_run(machine.elements, machine.places, machine.all_that_ran())
    several = {line for line, exits in Counter(line for line, _ in graph.arcs).items() if exits > 1}

    assert lines_run(machine.elements, machine.places, machine.all_that_ran()) == lines
    assert {line for arc in arcs for line in arc if line > 0} == lines
    missing = graph.arcs - graph.translated(arcs)
    assert {arc for arc in missing if arc[0] in several & lines} == not_taken


ONE_LINE = """\
{"StartAt": "A", "States": {
"A": {"Type": "Choice", "Choices": [
{"Variable": "$.a", "NumericEquals": 1, "Next": "B"}, {"Variable": "$.a", "NumericEquals": 2, "Next": "C"}],
"Default": "D"},
"B": {"Type": "Succeed"},
"C": {"Type": "Succeed"},
"D": {"Type": "Succeed"}
}}"""


def test_a_shared_line_with_many_ways_has_two_branches(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, ONE_LINE)

    assert {arc for arc in graph.arcs if arc[0] == 3} == {(3, 5), (3, OTHERS)}
    some = graph.translated({(3, 5), (3, 6)})
    all_others = graph.translated({(3, 4), (3, 6)})
    assert (3, OTHERS) not in some
    assert (3, OTHERS) in all_others
    assert graph.translated(all_others) == all_others
    assert graph.never_gone((3, OTHERS), some) == ["A: rule 2 (-> C) always matched"]
    assert graph.never_gone((3, 5), all_others) == ["A: rule 1 (-> B) never matched"]


def test_of_a_state_in_one_line_only_where_it_leads_counts(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        """\
{"StartAt": "A", "States": {
"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": [{"ErrorEquals": ["X"]}],"""
        """ "Catch": [{"ErrorEquals": ["X"], "Next": "A"}, {"ErrorEquals": ["Y"], "Next": "B"}], "End": true},
"B": {"Type": "Succeed"}}}""",
    )

    assert graph.statements == {2, 3}
    assert graph.arcs == {(2, OUTSIDE), (2, 3), (3, OUTSIDE)}


@orders.examples(40)
@given(definition=well_formed_definitions, document=documents, indent=...)
def test_pages_of_coverage_py_can_show_every_machine(definition: Any, document: Any, indent: bool) -> None:
    text = json.dumps(definition, indent=1 if indent else None)

    def run(sfn: SfnSync) -> None:
        machine = sfn.register("generated", text)
        sfn.mock_lambda("echo", calls=lambda echoed: echoed)
        sfn.mock_lambda("fails", raises=ValueError("the function fails"))
        sfn.mock_resource("dynamodb:getItem", returns={"Item": {}})
        try:
            sfn.client().start_sync_execution(stateMachineArn=machine.arn, input=json.dumps(document))
        except ClientError:
            return

    recorded, machine = orders.recorded(run).machines[0], _in_text(text)
    graph = LineGraph([(machine.elements, machine.places)])
    arcs = arcs_run(machine.elements, machine.places, recorded.all_that_ran())
    lines = lines_run(machine.elements, machine.places, recorded.all_that_ran())

    assert {line for arc in arcs for line in arc if line > 0} == lines <= graph.statements
    assert [arc for arc in {*graph.arcs, *graph.translated(arcs)} if arc[0] == arc[1]] == []
    assert max(Counter(line for line, _ in graph.arcs).values(), default=0) <= 2
    assert all(graph.never_gone(arc, arcs) for arc in graph.arcs - graph.translated(arcs))
    assert graph.translated(graph.translated(arcs)) == graph.translated(arcs)


def _in_text(text: str) -> MachineInFile:
    """Read a machine as if it stood in a file."""
    from pytest_sfn_sync.asl.graph.elements import elements_of
    from pytest_sfn_sync.sources.json_source import json_line_map
    from pytest_sfn_sync.workflow_coverage.places import places_of

    elements = elements_of(json.loads(text))
    return MachineInFile("", elements, places_of(elements, json_line_map(text, file=None)))
