"""The graph of a machine, and what ran in it."""

from __future__ import annotations

import pytest

from pytest_sfn_sync import Execution, TaskError
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.diagrams.counts import counts_of
from tests.diagrams.orders import ORDER, order_execution

GRAPH = machine_graph(ORDER)


def test_states_stand_in_the_order_of_the_definition_with_those_within_them() -> None:
    assert [(node.location, node.type) for node in GRAPH.all_nodes()] == [
        ("/States/IsLarge", "Choice"),
        ("/States/Review", "Wait"),
        ("/States/Charge", "Task"),
        ("/States/Prepare", "Parallel"),
        ("/States/Prepare/Branches[0]/States/Reserve", "Pass"),
        ("/States/Prepare/Branches[1]/States/Rest", "Wait"),
        ("/States/Prepare/Branches[1]/States/Wrap", "Pass"),
        ("/States/ShipAll", "Map"),
        ("/States/ShipAll/ItemProcessor/States/Ship", "Task"),
        ("/States/ShipAll/ItemProcessor/States/Backorder", "Pass"),
        ("/States/Done", "Succeed"),
        ("/States/Reject", "Fail"),
    ]


def test_arrows_have_their_locations_their_ends_and_their_words() -> None:
    assert [(arrow.location, arrow.kind, arrow.target_name, arrow.label) for arrow in GRAPH.all_arrows()] == [
        ("/StartAt", "start", "IsLarge", ""),
        ("/States/IsLarge/Choices[0]", "choice", "Review", "$.amount >= 1000"),
        ("/States/IsLarge/Default", "default", "Charge", "default"),
        ("/States/Review/Next", "next", "Charge", ""),
        ("/States/Charge/Next", "next", "Prepare", ""),
        ("/States/Charge/Retry[0]", "retry", "Charge", "retry Card.Busy"),
        ("/States/Charge/Catch[0]", "catch", "Reject", "catch Card.Declined"),
        ("/States/Prepare/Next", "next", "ShipAll", ""),
        ("/States/ShipAll/Next", "next", "Done", ""),
        ("/States/Done/End", "end", "", ""),
        ("/States/Prepare/Branches[0]/StartAt", "start", "Reserve", ""),
        ("/States/Prepare/Branches[0]/States/Reserve/End", "end", "", ""),
        ("/States/Prepare/Branches[1]/StartAt", "start", "Rest", ""),
        ("/States/Prepare/Branches[1]/States/Rest/Next", "next", "Wrap", ""),
        ("/States/Prepare/Branches[1]/States/Wrap/End", "end", "", ""),
        ("/States/ShipAll/ItemProcessor/StartAt", "start", "Ship", ""),
        ("/States/ShipAll/ItemProcessor/States/Ship/End", "end", "", ""),
        ("/States/ShipAll/ItemProcessor/States/Ship/Catch[0]", "catch", "Backorder", "catch States.ALL"),
        ("/States/ShipAll/ItemProcessor/States/Backorder/End", "end", "", ""),
    ]


def test_many_error_names_are_shortened() -> None:
    state = {"Type": "Task", "Resource": "r", "Retry": [{"ErrorEquals": ["A", "B", "C", "D"]}], "End": True}
    graph = machine_graph({"StartAt": "S", "States": {"S": state}})

    assert graph.arrows[-1].label == "retry A, B and 2 more"


def test_a_map_with_the_old_name_of_its_processor() -> None:
    processor = {"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}
    graph = machine_graph({"StartAt": "M", "States": {"M": {"Type": "Map", "Iterator": processor, "End": True}}})

    assert graph.nodes[0].levels[0].nodes[0].location == "/States/M/Iterator/States/P"


SHIP = "/States/ShipAll/ItemProcessor/States/Ship"

# What ran in every one of these executions.
BEGINNING = {"/StartAt": 1, "/States/IsLarge": 1, "/States/Charge": 1}
WAY_TO_CHARGE = {"/States/IsLarge/Default": 1}
END = {
    "/States/Charge/Next": 1,
    "/States/Prepare": 1,
    "/States/Prepare/Next": 1,
    "/States/Prepare/Branches[0]/StartAt": 1,
    "/States/Prepare/Branches[0]/States/Reserve": 1,
    "/States/Prepare/Branches[0]/States/Reserve/End": 1,
    "/States/Prepare/Branches[1]/StartAt": 1,
    "/States/Prepare/Branches[1]/States/Rest": 1,
    "/States/Prepare/Branches[1]/States/Rest/Next": 1,
    "/States/Prepare/Branches[1]/States/Wrap": 1,
    "/States/Prepare/Branches[1]/States/Wrap/End": 1,
    "/States/ShipAll": 1,
    "/States/ShipAll/Next": 1,
    "/States/ShipAll/ItemProcessor/StartAt": 2,
    SHIP: 2,
    f"{SHIP}/End": 1,
    f"{SHIP}/Catch[0]": 1,
    "/States/ShipAll/ItemProcessor/States/Backorder": 1,
    "/States/ShipAll/ItemProcessor/States/Backorder/End": 1,
    "/States/Done": 1,
    "/States/Done/End": 1,
}


@pytest.mark.parametrize(
    ("execution", "counts"),
    [
        pytest.param(order_execution(), {**BEGINNING, **WAY_TO_CHARGE, **END}, id="one that succeeds"),
        pytest.param(
            order_execution(document={"amount": 5000, "items": [{"sku": "kettle"}, {"sku": "lamp"}]}),
            {
                **BEGINNING,
                "/States/IsLarge/Choices[0]": 1,
                "/States/Review": 1,
                "/States/Review/Next": 1,
                **END,
            },
            id="one by a choice rule",
        ),
        pytest.param(
            order_execution(charge=[TaskError("Card.Busy"), TaskError("Card.Declined")]),
            {
                **BEGINNING,
                **WAY_TO_CHARGE,
                "/States/Charge/Retry[0]": 1,
                "/States/Charge/Catch[0]": 1,
                "/States/Reject": 1,
            },
            id="one with a retry and a catch",
        ),
    ],
)
def test_what_ran_is_counted_by_location(execution: Execution, counts: dict[str, int]) -> None:
    assert counts_of(execution.run, GRAPH).counts == counts


def test_the_outcome_of_a_state_is_the_worst_of_its_visits() -> None:
    ran = counts_of(order_execution().run, GRAPH)

    assert ran.outcomes[SHIP] == {"succeeded": 1, "caught": 1}
    assert ran.outcome_by_state[SHIP] == "caught"
    assert ran.outcome_by_state["/States/ShipAll"] == "succeeded"
    assert "/States/Reject" not in ran.outcome_by_state
