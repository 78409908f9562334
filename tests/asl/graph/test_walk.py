"""The walk over a definition as it is written: what it finds, in which order, and what it passes over."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.walk import StateSet, entries_in, outermost, templates_in, texts_in
from pytest_sfn_sync.asl.limits import MAX_NESTING
from pytest_sfn_sync.asl.location import ROOT
from tests.asl.diagnosing import PASS, machine, mapping, parallel

AT = ROOT.state("S")


def walked(definition: JSON) -> StateSet:
    states = outermost(definition)
    assert states is not None
    return states


def test_sets_come_in_the_order_in_which_they_are_written() -> None:
    both = parallel({"L": PASS}, {"M": mapping({"I": PASS})})
    legacy = {"Type": "Map", "Iterator": machine({"J": PASS})}
    found = {one.location: list(one.names) for one in walked(machine({"Both": both, "Old": legacy})).with_inner()}
    assert found == {
        "": ["Both", "Old"],
        "/States/Both/Branches[0]": ["L"],
        "/States/Both/Branches[1]": ["M"],
        "/States/Both/Branches[1]/States/M/ItemProcessor": ["I"],
        "/States/Old/Iterator": ["J"],
    }


@pytest.mark.parametrize("definition", [None, [], "text", {}, {"States": []}, {"States": None, "StartAt": "A"}])
def test_there_is_nothing_to_walk_over_without_states(definition: JSON) -> None:
    assert outermost(definition) is None


@pytest.mark.parametrize(
    "state",
    [
        pytest.param([], id="a state that is an array"),
        pytest.param({"Branches": {}}, id="branches that are an object"),
        pytest.param({"Branches": [1, {"States": []}, None]}, id="branches that are none"),
        pytest.param({"ItemProcessor": [], "Iterator": {"States": 1}}, id="processors that are none"),
    ],
)
def test_what_has_the_wrong_type_is_passed_over(state: JSON) -> None:
    states = walked({"States": {"S": state, "T": PASS}})
    assert [one.location for one in states.with_inner()] == [""]
    assert list(states.names) == ["S", "T"]
    assert [one.name for one in states.states if one.name != "S"] == ["T"]


def test_an_entry_keeps_its_place_among_those_that_are_none() -> None:
    entries = list(entries_in({"Retry": [1, {"a": 1}, [], {"b": 2}]}, "Retry", AT))
    assert entries == [({"a": 1}, "/States/S/Retry[1]", 1), ({"b": 2}, "/States/S/Retry[3]", 3)]
    assert list(entries_in({"Retry": {"a": 1}}, "Retry", AT)) == []


def test_the_walk_goes_no_deeper_than_states_may_be_nested() -> None:
    definition: JSON = machine({"I": PASS})
    for depth in range(2 * MAX_NESTING):
        definition = machine({f"M{depth}": {"Type": "Map", "ItemProcessor": definition, "End": True}})
    assert len(list(walked(definition).with_inner())) == MAX_NESTING + 1


def test_the_templates_of_a_state_and_of_its_parts() -> None:
    state: dict[str, Any] = {
        "Parameters": {"a": 1},
        "Assign": [],
        "ResultSelector": "none",
        "Output": {"not": "of JSONPath"},
        "ItemReader": {"Parameters": {"b": 1}, "Assign": {}},
        "ItemBatcher": {"BatchInput": {"c": 1}},
        "Choices": [{"Assign": {"d": 1}}, 1, {"Assign": 1}, {"Assign": {"e": 1}}],
        "Catch": {"Assign": {"f": 1}},
    }
    assert [(template.location.removeprefix(AT), template.field) for template in templates_in(state, AT)] == [
        ("/Parameters", "Parameters"),
        ("/Assign", "Assign"),
        ("/ItemReader/Parameters", "Parameters"),
        ("/ItemBatcher/BatchInput", "BatchInput"),
        ("/Choices[0]/Assign", "Assign"),
        ("/Choices[3]/Assign", "Assign"),
        ("/Catch/Assign", "Assign"),
    ]


@pytest.mark.parametrize(
    ("is_static", "expected"),
    [
        pytest.param(False, [("/a", "a"), ("/b.$", "b.$"), ("/c[0]", "c"), ("/c[1]/d", "d")], id="a template"),
        pytest.param(
            True,
            [("/a", "a"), ("/b.$", "b.$"), ("/c[0]", "c"), ("/c[1]/d", "d"), ("/e.$/f", "f")],
            id="a Result, in which '.$' has no meaning",
        ),
    ],
)
def test_the_strings_of_a_template(is_static: bool, expected: list[tuple[str, str]]) -> None:
    template = {"a": "x", "b.$": "$.x", "c": ["y", {"d": "z"}, 1, None], "e.$": {"f": "$.x"}}
    texts = texts_in(template, AT, "Parameters", is_static=is_static)
    assert [(text.location.removeprefix(AT), text.key) for text in texts] == expected
