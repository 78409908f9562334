"""Where a value in a state's output comes from, state by state: by its fields, its result, or what ran within it."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.records import HandledError
from pytest_sfn_sync.executions.state_visits import Attempt, Branch, Round, Visit
from pytest_sfn_sync.executions.value_flow import (
    FromInput,
    FromVariable,
    FromWithin,
    Written,
    catcher_of,
    source_of,
    source_of_item,
    value_at,
)
from pytest_sfn_sync.tasks.differences import Keys

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
BY_FUNCTION = "result of function charge-card"
ALL_INPUT = 'its Output, "{% $states.input %}"'
CATCH = Location("/States/S/Catch[1]")
CATCHERS = [{"ErrorEquals": ["Never"]}, {"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure"}]


def visit(type_: str, **values: Any) -> Visit:
    found = Visit(name="S", type=type_, at=0, event=2, input=values.pop("input", {}), branch=Branch())
    for name, value in values.items():
        setattr(found, name, value)
    return found


def task(**values: Any) -> Visit:
    return visit("Task", attempts=[Attempt(at=0, event=3, resource=FUNCTION, payload={})], **values)


def caught(type_: str, location: Location = CATCH) -> Visit:
    return visit(type_, handled=[HandledError(2, location, 4, 0, "Declined", "no")])


def container(type_: str, *indices: int, failed: int | None = None) -> Visit:
    """Return a Parallel or a Map whose last round ran these branches."""
    branches = [Branch(index=index, has_failed=index == failed) for index in indices]
    return visit(type_, rounds=[Round(at=0, event=3), Round(at=0, event=9, branches=branches)])


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        pytest.param((), {"a": [1, {"b": None}]}, id="the whole"),
        pytest.param(("a", 1, "b"), None, id="a null that is there"),
        pytest.param(("b",), MISSING, id="a name that is missing"),
        pytest.param(("a", 2), MISSING, id="an index past the end"),
        pytest.param(("a", -1), MISSING, id="an index from the end"),
        pytest.param((0,), MISSING, id="an index in an object"),
        pytest.param(("a", "b"), MISSING, id="a name in a list"),
        pytest.param(("a", 0, "b"), MISSING, id="a name in a number"),
    ],
)
def test_a_value_is_looked_up(keys: Keys, value: Any) -> None:
    assert value_at({"a": [1, {"b": None}]}, keys) == value


@pytest.mark.parametrize(
    ("visited", "keys", "fields", "source"),
    [
        pytest.param(visit("Wait"), ("a",), {}, FromInput(("a",)), id="a Wait hands on its input"),
        pytest.param(
            visit("Choice"), ("a",), {"InputPath": "$.x[0]"}, FromInput(("x", 0, "a")), id="a part of its input"
        ),
        pytest.param(
            visit("Succeed"), (), {"InputPath": None}, Written("its InputPath null"), id="an InputPath of null"
        ),
        pytest.param(
            visit("Wait"), (), {"InputPath": "$$.State"}, Written("its InputPath $$.State"), id="the context object"
        ),
        pytest.param(visit("Pass"), ("a",), {"OutputPath": None}, Written("its OutputPath null"), id="no output"),
        pytest.param(visit("Pass"), ("a",), {"ResultPath": None}, FromInput(("a",)), id="a result that is dropped"),
        pytest.param(task(), ("a",), {"ResultPath": "$.r"}, FromInput(("a",)), id="beside the ResultPath"),
        pytest.param(
            task(),
            ("r", "a"),
            {"ResultPath": "$.r"},
            Written(BY_FUNCTION, place=("a",), written="by ResultPath $.r"),
            id="the result",
        ),
        pytest.param(
            task(),
            ("a",),
            {"ResultPath": "$"},
            Written(BY_FUNCTION, place=("a",)),
            id="the result in place of the input",
        ),
        pytest.param(visit("Task"), ("a",), {}, None, id="a Task of which no attempt is known"),
        pytest.param(
            visit("Pass"),
            (1, "a"),
            {"Parameters": [1, {"a.$": "$.b"}]},
            FromInput(("b",), ('its Parameters, "a.$": "$.b"',)),
            id="a template that is a list",
        ),
        pytest.param(
            visit("Pass"), (5,), {"Parameters": [1]}, Written("its Parameters, [1]"), id="past a template's end"
        ),
        pytest.param(container("Parallel"), (), {}, Written("the outputs of its branches"), id="all branches"),
        pytest.param(container("Map", 0), (), {}, Written("the outputs of its iterations"), id="all iterations"),
        pytest.param(visit("Map"), (0,), {}, None, id="iterations of which nothing is known"),
        pytest.param(container("Map", 0, 2), (1,), {}, None, id="an iteration that is not there"),
        pytest.param(
            container("Map", 0, 1, failed=0),
            (0,),
            {},
            Written("the outputs of its iterations"),
            id="a failed iteration",
        ),
        pytest.param(
            caught("Task"),
            ("failure", "Cause"),
            {"Catch": CATCHERS},
            Written("the error that Catch[1] took", written="by ResultPath $.failure"),
            id="an error",
        ),
        pytest.param(caught("Task"), ("a",), {"Catch": CATCHERS}, FromInput(("a",)), id="beside an error"),
        pytest.param(
            caught("Task", Location("/States/S/Catch[0]")),
            ("Cause",),
            {"Catch": CATCHERS},
            Written("the error that Catch[0] took"),
            id="an error in place of the input",
        ),
    ],
)
def test_the_fields_of_json_path_tell(visited: Visit, keys: Keys, fields: dict[str, Any], source: Any) -> None:
    assert source_of(visited, keys, fields, is_jsonata=False) == source


@pytest.mark.parametrize(
    ("visited", "keys", "fields", "source"),
    [
        pytest.param(visit("Pass"), ("a",), {}, FromInput(("a",)), id="a Pass without Output"),
        pytest.param(task(), ("a",), {}, Written(BY_FUNCTION, place=("a",)), id="the result of a Task"),
        pytest.param(
            visit("Pass"),
            ("a", "b"),
            {"Output": {"a": "{% $x %}"}},
            FromVariable("x", ("b",), ('its Output, "a": "{% $x %}"',)),
            id="within a variable",
        ),
        pytest.param(
            visit("Pass", input={"a": 1}, output={"a": 1}),
            ("a",),
            {"Output": "{% $states.input %}"},
            FromInput(("a",), (ALL_INPUT,)),
            id="what an expression passes on",
        ),
        pytest.param(
            visit("Pass", input={"a": 1}, output={"a": 2}),
            ("a",),
            {"Output": "{% $f($states.input) %}"},
            Written('its Output, "{% $f($states.input) %}"', read=(("$states.input", FromInput(())),)),
            id="what an expression made of the input",
        ),
        pytest.param(
            visit("Pass", input={"a": 1}, output={"a": 1}),
            ("a",),
            {"Output": "{% $f($states.input) %}"},
            FromInput(("a",), ('its Output, "{% $f($states.input) %}"',)),
            id="what an expression most likely passes on",
        ),
        pytest.param(
            visit("Pass", input={}, output={}),
            ("a",),
            {"Output": "{% $states.input %}"},
            Written(ALL_INPUT, read=(("$states.input", FromInput(())),)),
            id="what was in neither",
        ),
        pytest.param(visit("Choice"), ("a",), {"Output": 1}, None, id="a Choice of which no rule is known"),
        pytest.param(
            visit("Choice", rule=Location("/States/S/Choices[1]")),
            (),
            {"Output": 1, "Choices": [{"Output": 2}, {"Output": 3}]},
            Written("its Output, 3"),
            id="the rule's Output",
        ),
        pytest.param(
            visit("Choice", rule=Location("/States/S/Choices[0]")),
            ("a",),
            {"Output": 1, "Choices": [{}]},
            FromInput(("a",)),
            id="a rule without Output",
        ),
        pytest.param(
            visit("Choice", rule=Location("/States/S/Default")),
            (),
            {"Output": 1, "Choices": [{"Output": 2}]},
            Written("its Output, 1"),
            id="the Output of Default",
        ),
        pytest.param(
            caught("Task"),
            ("a",),
            {"Catch": [{}, {"Output": {"a": "{% 1 %}"}}]},
            Written('its Output, "a": "{% 1 %}"'),
            id="the Output of a catcher",
        ),
        pytest.param(
            caught("Task"), ("Cause",), {"Catch": [{}, {}]}, Written("the error that Catch[1] took"), id="an error"
        ),
    ],
)
def test_the_fields_of_jsonata_tell(visited: Visit, keys: Keys, fields: dict[str, Any], source: Any) -> None:
    assert source_of(visited, keys, fields, is_jsonata=True) == source


@pytest.mark.parametrize("is_jsonata", [False, True], ids=["JSONPath", "JSONata"])
@pytest.mark.parametrize("type_", ["Map", "Parallel"])
def test_an_item_of_the_result_comes_from_its_branch_in_the_last_round(type_: str, is_jsonata: bool) -> None:
    visited = container(type_, 1, 0)
    source = source_of(visited, (1, "a"), {}, is_jsonata=is_jsonata)
    assert isinstance(source, FromWithin)
    assert source.branch is visited.rounds[-1].branches[0]
    assert source.keys == ("a",)


@pytest.mark.parametrize(
    ("type_", "fields", "is_jsonata", "source"),
    [
        pytest.param("Map", {}, False, FromInput((1, "a")), id="an item of the input"),
        pytest.param("Map", {"ItemsPath": "$.x"}, False, FromInput(("x", 1, "a")), id="an item of a member"),
        pytest.param(
            "Map", {"InputPath": "$.y", "ItemsPath": "$.x"}, False, FromInput(("y", "x", 1, "a")), id="of a part"
        ),
        pytest.param(
            "Map",
            {"ItemsPath": "$.x[*]"},
            False,
            Written("by its ItemsPath", read=(("$.x[*]", FromInput(("x",))),)),
            id="items of a longer path",
        ),
        pytest.param(
            "Map",
            {"Parameters": {"a": 1}, "ItemsPath": "$.x"},
            False,
            Written('its Parameters, "a": 1'),
            id="the old name of an ItemSelector",
        ),
        pytest.param("Parallel", {"InputPath": "$.y"}, False, FromInput(("y", "a")), id="the input of a Parallel"),
        pytest.param("Parallel", {}, True, FromInput(("a",)), id="JSONata: the input of a Parallel"),
        pytest.param("Parallel", {"Arguments": 1}, True, Written("its Arguments, 1"), id="JSONata: its Arguments"),
        pytest.param("Map", {}, True, FromInput((1, "a")), id="JSONata: an item of the input"),
        pytest.param("Map", {"Items": [1]}, True, Written("its Items"), id="JSONata: Items"),
        pytest.param(
            "Map",
            {"Items": [1], "ItemSelector": {}},
            True,
            Written("its ItemSelector, {}"),
            id="JSONata: an ItemSelector",
        ),
    ],
)
def test_where_the_input_of_a_branch_or_an_iteration_comes_from(
    type_: str, fields: dict[str, Any], is_jsonata: bool, source: Any
) -> None:
    assert source_of_item(visit(type_), 1, ("a",), fields, is_jsonata=is_jsonata) == source


def test_the_catcher_is_found_in_the_fields() -> None:
    assert catcher_of(caught("Task"), {"Catch": CATCHERS}) is CATCHERS[1]
