"""What ran, counted: elements that were come to and taken, and the ways between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.workflow_coverage.recording import RecordedMachine
from pytest_sfn_sync.workflow_coverage.ways import times_reached, times_taken, ways_of
from tests.random_definitions import documents, well_formed_definitions
from tests.workflow_coverage import orders
from tests.workflow_coverage.orders import Order


def taken(machine: RecordedMachine) -> set[str]:
    ran = machine.all_that_ran()
    return {element.label for element in machine.elements if times_taken(element, ran)}


def gone(machine: RecordedMachine) -> dict[tuple[str, str], int]:
    label: dict[str, str] = {element.location: element.label.partition(" (")[0] for element in machine.elements}
    ways = ways_of(machine.elements, machine.all_that_ran())
    return {(label[way.source], label.get(way.target, "end")): way.times for way in ways if way.times}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param(
            orders.SMALL,
            {
                ("IsLarge", "IsLarge: rule 1"): 1,
                ("IsLarge: rule 1", "IsLarge: rule 2"): 1,
                ("IsLarge: rule 2", "IsLarge: Default"): 1,
                ("IsLarge: Default", "Charge"): 1,
                ("Charge", "Done"): 1,
                ("Done", "end"): 1,
            },
            id="the default",
        ),
        pytest.param(
            orders.LARGE,
            {
                ("IsLarge", "IsLarge: rule 1"): 1,
                ("IsLarge: rule 1", "IsLarge: rule 2"): 1,
                ("IsLarge: rule 2", "Review"): 1,
                ("Notify", "end"): 1,
                ("Review", "Charge"): 1,
                ("Charge", "Done"): 1,
                ("Done", "end"): 1,
            },
            id="a rule after one that does not match",
        ),
        pytest.param(
            orders.TOO_LARGE,
            {("IsLarge", "IsLarge: rule 1"): 1, ("IsLarge: rule 1", "Refuse"): 1},
            id="the first rule",
        ),
        pytest.param(
            orders.SMALL_AND_BUSY,
            {
                ("IsLarge", "IsLarge: rule 1"): 1,
                ("IsLarge: rule 1", "IsLarge: rule 2"): 1,
                ("IsLarge: rule 2", "IsLarge: Default"): 1,
                ("IsLarge: Default", "Charge"): 1,
                ("Charge", "Charge: retrier 1"): 1,
                ("Charge: retrier 1", "Charge"): 1,
                ("Charge", "Done"): 1,
                ("Done", "end"): 1,
            },
            id="a retrier",
        ),
        pytest.param(
            orders.SMALL_AND_DECLINED,
            {
                ("IsLarge", "IsLarge: rule 1"): 1,
                ("IsLarge: rule 1", "IsLarge: rule 2"): 1,
                ("IsLarge: rule 2", "IsLarge: Default"): 1,
                ("IsLarge: Default", "Charge"): 1,
                ("Charge", "Charge: catcher 1"): 1,
                ("Charge: catcher 1", "Refuse"): 1,
            },
            id="a catcher, and not the way of success",
        ),
    ],
)
def test_ways_that_an_execution_goes(tmp_path: Path, order: Order, expected: dict[tuple[str, str], int]) -> None:
    assert gone(orders.recorded_orders(tmp_path, order)) == expected


def test_a_rule_that_does_not_match_is_come_to_but_not_taken(tmp_path: Path) -> None:
    machine = orders.recorded_orders(tmp_path, orders.LARGE, orders.SMALL)
    reached = times_reached(machine.elements, machine.all_that_ran())

    assert reached["/States/IsLarge/Choices[0]"] == 2
    assert reached["/States/IsLarge/Choices[1]"] == 2
    assert "IsLarge: rule 1 (-> Refuse)" not in taken(machine)
    assert "IsLarge: rule 2 (-> Review)" in taken(machine)


def test_where_no_rule_matches_and_there_is_no_default_all_rules_were_come_to() -> None:
    rule = {"Variable": "$.a", "NumericEquals": 1, "Next": "B"}
    states = {"A": {"Type": "Choice", "Choices": [rule, {**rule, "NumericEquals": 2}]}, "B": {"Type": "Succeed"}}

    def run(sfn: SfnSync) -> None:
        machine = sfn.register("choose", {"StartAt": "A", "States": states})
        sfn.client().start_sync_execution(stateMachineArn=machine.arn, input='{"a": 3}')

    (machine,) = orders.recorded(run).machines
    reached = times_reached(machine.elements, machine.all_that_ran())

    assert reached == {
        "/States/A": 1,
        "/States/A/Choices[0]": 1,
        "/States/A/Choices[1]": 1,
        "/States/B": 0,
    }
    assert gone(machine) == {("A", "A: rule 1"): 1, ("A: rule 1", "A: rule 2"): 1}


def test_what_never_happened_is_said_of_each_way(tmp_path: Path) -> None:
    machine = orders.recorded_orders(tmp_path)

    never = list(dict.fromkeys(way.never for way in ways_of(machine.elements, machine.all_that_ran())))

    assert never == [
        "IsLarge: rule 1 (-> Refuse) was never reached",
        "IsLarge: rule 1 (-> Refuse) never matched",
        "IsLarge: rule 1 (-> Refuse) always matched",
        "IsLarge: rule 2 (-> Review) never matched",
        "IsLarge: rule 2 (-> Review) always matched",
        "IsLarge: Default (-> Charge) was never taken",
        "Review never went on to Charge without an error",
        "Notify never ended its branch without an error",
        "Charge never went on to Done without an error",
        "Charge: retrier 1 (Busy) was never taken",
        "Charge: catcher 1 (Declined -> Refuse) was never taken",
        "Charge: catcher 2 (States.ALL -> Done) was never taken",
        "Done never ended its branch without an error",
    ]


@orders.examples(40)
@given(definition=well_formed_definitions, document=documents)
def test_ways_that_were_gone_lead_from_what_was_come_to(definition: Any, document: Any) -> None:
    def run(sfn: SfnSync) -> None:
        machine = sfn.register("generated", definition)
        sfn.mock_lambda("echo", calls=lambda echoed: echoed)
        sfn.mock_lambda("fails", raises=ValueError("the function fails"))
        sfn.mock_resource("dynamodb:getItem", returns={"Item": {}})
        try:
            sfn.client().start_sync_execution(stateMachineArn=machine.arn, input=json.dumps(document))
        except ClientError:
            return

    (machine,) = orders.recorded(run).machines
    ran = machine.all_that_ran()
    reached = times_reached(machine.elements, ran)

    assert all(way.times >= 0 for way in ways_of(machine.elements, ran))
    assert [way for way in ways_of(machine.elements, ran) if way.times and not reached[way.source]] == []
