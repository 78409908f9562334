"""The elements of a definition: which there are, in which order, with which locations and labels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from pytest_sfn_sync.asl.definition import ChoiceState, MapState, ParallelState, States, TaskState
from pytest_sfn_sync.asl.graph.elements import elements_of
from pytest_sfn_sync.asl.parsing.definition_parser import parse_definition
from tests.random_definitions import Definition, well_formed_definitions
from tests.workflow_coverage import orders


def test_elements_are_given_in_the_order_in_which_they_are_written() -> None:
    elements = elements_of(json.loads(orders.TEXT))

    assert [(element.kind, element.label, element.location, element.target) for element in elements] == [
        ("state", "IsLarge", "/States/IsLarge", None),
        ("choice rule", "IsLarge: rule 1 (-> Refuse)", "/States/IsLarge/Choices[0]", "Refuse"),
        ("choice rule", "IsLarge: rule 2 (-> Review)", "/States/IsLarge/Choices[1]", "Review"),
        ("default", "IsLarge: Default (-> Charge)", "/States/IsLarge/Default", "Charge"),
        ("state", "Review", "/States/Review", "Charge"),
        ("state", "Notify", "/States/Review/Branches[0]/States/Notify", ""),
        ("state", "Charge", "/States/Charge", "Done"),
        ("retrier", "Charge: retrier 1 (Busy)", "/States/Charge/Retry[0]", None),
        ("catcher", "Charge: catcher 1 (Declined -> Refuse)", "/States/Charge/Catch[0]", "Refuse"),
        ("catcher", "Charge: catcher 2 (States.ALL -> Done)", "/States/Charge/Catch[1]", "Done"),
        ("state", "Done", "/States/Done", ""),
        ("state", "Refuse", "/States/Refuse", None),
    ]


@pytest.mark.parametrize("field", ["ItemProcessor", "Iterator"])
def test_the_states_of_a_map_are_elements(field: str) -> None:
    inner = {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": True}}}
    elements = elements_of({"StartAt": "Each", "States": {"Each": {"Type": "Map", field: inner, "End": True}}})

    assert [element.location for element in elements] == ["/States/Each", f"/States/Each/{field}/States/One"]


def test_of_many_errors_the_first_are_told() -> None:
    retrier = {"ErrorEquals": ["A", "B", "C", "D"]}
    elements = elements_of({"States": {"Do": {"Type": "Task", "Retry": [retrier], "End": True}}})

    assert elements[1].label == "Do: retrier 1 (A, B, C, ...)"


@pytest.mark.parametrize(
    "definition",
    [None, [], {}, {"States": []}, {"States": {"A": None}}, {"States": {"A": {}}}, {"States": {"A": {"Retry": [1]}}}],
)
def test_what_is_not_as_it_should_be_is_passed_over(definition: Any) -> None:
    assert [element.label for element in elements_of(definition)] in ([], ["A"])


@orders.examples(30)
@given(definition=well_formed_definitions)
def test_locations_are_those_of_the_compiled_model(definition: Definition) -> None:
    compiled = parse_definition(definition, machine_type="EXPRESS")

    locations = [element.location for element in elements_of(definition)]

    assert sorted(locations) == sorted(locations_of(compiled.states))


def locations_of(states: States) -> Iterator[str]:
    for state in states.by_name.values():
        yield state.location
        if isinstance(state, ChoiceState):
            yield from (rule.location for rule in state.choices)
            if state.next is not None:
                yield f"{state.location}/Default"
        if isinstance(state, TaskState | ParallelState | MapState):
            yield from (retrier.location for retrier in state.retry)
            yield from (catcher.location for catcher in state.catch)
        if isinstance(state, ParallelState):
            for branch in state.branches:
                yield from locations_of(branch)
        if isinstance(state, MapState):
            yield from locations_of(state.item_processor)
