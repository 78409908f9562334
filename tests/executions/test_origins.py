"""The origin of a value in an output, which assert_succeeded reports besides the differences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from functools import partial
from importlib.util import find_spec
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings

from pytest_sfn_sync import DefinitionError, Execution, SfnSync, TaskError, assert_succeeded
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.executions.origins import End, ValueOrigins, origins_of_differences
from pytest_sfn_sync.executions.value_flow import FromExecution, Written, value_at
from tests.diagrams.orders import START, execute, order_execution
from tests.machines import CHARGE_ARN, PASS, machine_of
from tests.random_definitions import inputs, well_formed_definitions

TASK: dict[str, Any] = {"Type": "Task", "Resource": CHARGE_ARN}
RESULT = "result of function charge-card from mock_lambda('charge-card')"
IN_CHARGE = "was last written by state 'Charge' (Task, +0 s)"


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=1) as sfn:
        yield sfn


def changed(document: Any, keys: tuple[Any, ...], value: Any) -> Any:
    """Copy a document with another value at some place."""
    if not keys:
        return value
    copy = deepcopy(document)
    place = copy
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    return copy


def origin_of_difference(execution: Execution, expected: Any) -> str | None:
    """Return the origin of the first value that differs from an expected one."""
    return next(iter(origins_of_differences(execution, expected)), None)


def origin(execution: Execution, *keys: Any) -> str | None:
    """Return the origin of one value in an output, as if another value had been expected there."""
    return origin_of_difference(execution, changed(execution.output, keys, "?"))


@pytest.mark.parametrize(
    ("keys", "written"),
    [
        pytest.param(
            ("payment", "receipt"),
            "$.payment.receipt was last written by state 'Charge' (Task, +0 s): "
            "result of function charge-card from mock_lambda('charge-card'), by ResultPath $.payment",
            id="the result of a task",
        ),
        pytest.param(("amount",), "$.amount is as it came in the input of the execution", id="the input"),
        pytest.param(
            ("prepared", 1),
            "$.prepared[1] was last written by state 'Wrap' in branch 1 of 'Prepare' (Pass, +5 s), where it was $: "
            "its Result",
            id="a branch",
        ),
        pytest.param(
            ("parcels", 0, "eta"),
            "$.parcels[0].eta was last written by state 'Ship' in iteration 0 of 'ShipAll' (Task, +5 s), "
            "where it was $.eta: result of function ship from mock_lambda('ship'), by ResultPath $.eta",
            id="an iteration",
        ),
        pytest.param(
            ("parcels", 1, "problem", "Cause"),
            "$.parcels[1].problem.Cause was last written by state 'Ship' in iteration 1 of 'ShipAll' (Task, +5 s), "
            "where it was $.problem.Cause: the error that Catch[0] took, by ResultPath $.problem",
            id="an error that was caught",
        ),
        pytest.param(
            ("parcels", 1, "sku"),
            "$.parcels[1].sku is as it came in the input of the execution, where it is $.items[1].sku",
            id="an item of the input",
        ),
        pytest.param(
            ("parcels",),
            "$.parcels was last written by state 'ShipAll' (Map, +5 s): "
            "the outputs of its iterations, by ResultPath $.parcels",
            id="all iterations",
        ),
        pytest.param(
            ("prepared",),
            "$.prepared was last written by state 'Prepare' (Parallel, +0 s): "
            "the outputs of its branches, by ResultPath $.prepared",
            id="all branches",
        ),
    ],
)
def test_the_origin_of_a_value_in_the_output_of_a_workflow(keys: tuple[Any, ...], written: str) -> None:
    assert origin(order_execution(), *keys) == written


@pytest.mark.parametrize(
    ("states", "keys", "written"),
    [
        pytest.param(
            {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.a"}, "B": {"Type": "Pass"}},
            ("a",),
            "$.a was last written by state 'A' (Pass, +0 s): its Result, by ResultPath $.a",
            id="a Pass without fields hands on",
        ),
        pytest.param(
            {"A": {"Type": "Pass", "Parameters": {"b": {"c.$": "$.n"}}}},
            ("b", "c"),
            "$.b.c is as it came in the input of the execution, where it is $.n\n"
            """  by way of state 'A' (Pass, +0 s): its Parameters, "c.$": "$.n\"""",
            id="a member of Parameters",
        ),
        pytest.param(
            {"A": {"Type": "Pass", "Parameters": {"list.$": "States.Array($.n)"}}},
            ("list", 0),
            "$.list[0] was computed by state 'A' (Pass, +0 s): "
            """its Parameters, "list.$": "States.Array($.n)"\n"""
            "  from $.n (1), which is as it came in the input of the execution",
            id="within what a member of Parameters makes",
        ),
        pytest.param(
            {
                "Charge": {**TASK, "ResultPath": "$.r"},
                "B": {"Type": "Wait", "Seconds": 1, "InputPath": "$.r", "OutputPath": "$.receipt"},
            },
            ("id",),
            f"$.id {IN_CHARGE}, where it was $.r.receipt.id: {RESULT}, by ResultPath $.r",
            id="selected by InputPath and OutputPath",
        ),
        pytest.param(
            {"Charge": {**TASK, "ResultSelector": {"kept.$": "$.receipt"}}},
            ("kept", "id"),
            f"$.kept.id {IN_CHARGE}: {RESULT}, where it is $.receipt.id\n"
            """  by way of state 'Charge' (Task, +0 s): its ResultSelector, "kept.$": "$.receipt\"""",
            id="a ResultSelector",
        ),
        pytest.param(
            {"Charge": TASK, "A": {"Type": "Succeed", "OutputPath": "$..id"}},
            (0,),
            "$[0] was last written by state 'A' (Succeed, +0 s): its OutputPath $..id",
            id="a path that can't be followed",
        ),
        pytest.param(
            {
                "A": {"Type": "Pass", "Result": 9, "ResultPath": "$.list[1]"},
                "B": {"Type": "Pass", "Parameters": {"last.$": "$.list"}},
                "C": {"Type": "Pass", "InputPath": "$.last[(@.length-1)]"},
            },
            (),
            "$ was last written by state 'C' (Pass, +0 s): its InputPath $.last[(@.length-1)]",
            id="an index from the end can't be followed",
        ),
        pytest.param(
            {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.deep.er"}},
            ("deep",),
            "$.deep was last written by state 'A' (Pass, +0 s): by ResultPath $.deep.er",
            id="what a ResultPath writes within",
        ),
        pytest.param(
            {
                "Each": {
                    "Type": "Map",
                    "ItemsPath": "$.list",
                    "ItemSelector": {"item.$": "$$.Map.Item.Value"},
                    "ItemProcessor": PASS | {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}},
                }
            },
            (0, "item"),
            "$[0].item is as it came in the input of the execution, where it is $.list[0]\n"
            """  by way of state 'Each' (Map, +0 s): its ItemSelector, "item.$": "$$.Map.Item.Value\"""",
            id="an ItemSelector",
        ),
        pytest.param(
            {
                "Both": {
                    "Type": "Parallel",
                    "Parameters": {"x.$": "$.n"},
                    "Branches": [{"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}],
                }
            },
            (0, "x"),
            "$[0].x is as it came in the input of the execution, where it is $.n\n"
            """  by way of state 'Both' (Parallel, +0 s): its Parameters, "x.$": "$.n\"""",
            id="the Parameters of a Parallel",
        ),
    ],
)
def test_the_origin_follows_the_fields_of_a_state(
    sfn: SfnSync, states: dict[str, Any], keys: tuple[Any, ...], written: str
) -> None:
    sfn.mock_lambda("charge-card", returns={"receipt": {"id": 7}})

    assert origin(execute(sfn, machine_of(states), {"n": 1, "list": [1, 2]}), *keys) == written


def test_iterations_that_were_tolerated_are_not_kept_apart(sfn: SfnSync) -> None:
    sfn.mock_lambda("charge-card", responses=[TaskError("Busy"), {"id": 2}])
    each = {"Type": "Map", "ToleratedFailureCount": 1, "ItemProcessor": machine_of({"Charge": TASK})}

    execution = execute(sfn, machine_of({"Each": each}), [1, 2])

    assert execution.output == [{"id": 2}]
    assert origin(execution, 0, "id") == (
        "$[0].id was last written by state 'Each' (Map, +0 s): the outputs of its iterations"
    )


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
@pytest.mark.parametrize(
    ("states", "keys", "written"),
    [
        pytest.param(
            {"Charge": TASK},
            ("receipt",),
            f"$.receipt {IN_CHARGE}: result of function charge-card from mock_lambda('charge-card')",
            id="the result of a task",
        ),
        pytest.param(
            {
                "A": {"Type": "Pass", "Output": {"total": "{% $states.input.n + 1 %}"}},
                "B": {"Type": "Wait", "Seconds": 1},
            },
            ("total",),
            """$.total was computed by state 'A' (Pass, +0 s): its Output, "total": "{% $states.input.n + 1 %}"\n"""
            "  from $states.input.n (1), which is as it came in the input of the execution",
            id="a member of Output",
        ),
        pytest.param(
            {
                "Charge": TASK,
                "B": {"Type": "Pass", "Output": "{% $merge([$states.input, {'more': 1}]) %}"},
            },
            ("receipt",),
            f"$.receipt {IN_CHARGE}: result of function charge-card from mock_lambda('charge-card')\n"
            """  by way of state 'B' (Pass, +0 s): its Output, "{% $merge([$states.input, {'more': 1}]) %}\"""",
            id="passed on by an expression",
        ),
        pytest.param(
            {"A": {"Type": "Pass", "Output": {"n": "{% $states.input.n %}", "state": "new"}}},
            ("state",),
            """$.state was last written by state 'A' (Pass, +0 s): its Output, "state": "new\"""",
            id="a text that is the same as the input's",
        ),
        pytest.param(
            {"Charge": {**TASK, "Output": {"n": "{% $states.result.receipt - 6 %}"}}},
            ("n",),
            "$.n was computed by state 'Charge' (Task, +0 s): "
            """its Output, "n": "{% $states.result.receipt - 6 %}"\n"""
            f"  from $states.result.receipt (7), which {IN_CHARGE}: {RESULT}",
            id="an expression that comes to the same as the input, which it doesn't read",
        ),
        pytest.param(
            {
                "Pick": {
                    "Type": "Choice",
                    "Choices": [{"Condition": "{% true %}", "Output": {"by": "rule"}, "Next": "Done"}],
                },
                "Done": {"Type": "Succeed"},
            },
            ("by",),
            """$.by was last written by state 'Pick' (Choice, +0 s): its Output, "by": "rule\"""",
            id="the Output of a choice rule",
        ),
        pytest.param(
            {
                "Each": {
                    "Type": "Map",
                    "Items": "{% $states.input.list %}",
                    "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Succeed"}}},
                }
            },
            (0,),
            "$[0] is as it came in the input of the execution, where it is $.list[0]",
            id="an item",
        ),
    ],
)
def test_the_origin_follows_jsonata(sfn: SfnSync, states: dict[str, Any], keys: tuple[Any, ...], written: str) -> None:
    sfn.mock_lambda("charge-card", returns={"receipt": 7})
    definition = machine_of(states, QueryLanguage="JSONata")

    assert origin(execute(sfn, definition, {"n": 1, "state": "new", "list": [1, 2]}), *keys) == written


@pytest.mark.parametrize(
    ("states", "expected", "written"),
    [
        pytest.param(
            {"Charge": TASK, "Done": {"Type": "Succeed"}},
            {"receipt": 7, "order": 1},
            "$.order was present in the input of state 'Charge' (Task, +0 s), and is absent from its output: "
            "its result took the place of its input, as it has no ResultPath",
            id="by a task without ResultPath",
        ),
        pytest.param(
            {"Charge": {**TASK, "ResultPath": "$"}},
            {"receipt": 7, "order": 1},
            "$.order was present in the input of state 'Charge' (Task, +0 s), and is absent from its output: "
            "its result took the place of its input, as it has ResultPath $",
            id="by a task whose ResultPath is the whole",
        ),
        pytest.param(
            {"Keep": {"Type": "Pass", "OutputPath": "$.kept"}},
            {"order": 1},
            "$.order was present in the input of state 'Keep' (Pass, +0 s), and is absent from its output: "
            "its OutputPath is $.kept",
            id="by OutputPath",
        ),
        pytest.param(
            {
                "Fails": {
                    "Type": "Parallel",
                    "Branches": [machine_of({"Stop": {"Type": "Fail", "Error": "E"}})],
                    "Catch": [{"ErrorEquals": ["E"], "Next": "Done"}],
                },
                "Done": {"Type": "Succeed"},
            },
            {"order": 1, "Error": "E", "Cause": ""},
            "$.order was present in the input of state 'Fails' (Parallel, +0 s), and is absent from its output: "
            "the error took the place of its input, as Catch[0] has no ResultPath",
            id="by a catcher without ResultPath",
        ),
        pytest.param(
            {
                "Each": {
                    "Type": "Map",
                    "ItemsPath": "$.items",
                    "ResultPath": "$.done",
                    "ItemProcessor": machine_of({"Charge": TASK}),
                }
            },
            {"order": 1, "kept": {}, "items": [{"sku": "kettle"}], "done": [{"sku": "kettle", "receipt": 7}]},
            "$.done[0].sku was present in the input of state 'Charge' in iteration 0 of 'Each' (Task, +0 s), "
            "where it was $.sku, and is absent from its output: "
            "its result took the place of its input, as it has no ResultPath",
            id="in an iteration",
        ),
        pytest.param(
            {"Keep": {"Type": "Pass", "OutputPath": None}},
            {"order": 1},
            "$.order was present in the input of state 'Keep' (Pass, +0 s), and is absent from its output: "
            "its OutputPath is null",
            id="by an OutputPath of null",
        ),
        pytest.param(
            {"Keep": {"Type": "Pass", "InputPath": "$.kept"}},
            {"order": 1},
            "$.order was present in the input of state 'Keep' (Pass, +0 s), and is absent from its output",
            id="by the InputPath of a Pass, without a reason",
        ),
        pytest.param(
            {"Pick": {"Type": "Wait", "Seconds": 1, "InputPath": "$.kept"}},
            {"order": 1},
            "$.order was present in the input of state 'Pick' (Wait, +0 s), and is absent from its output",
            id="by a state without a result, without a reason",
        ),
        pytest.param(
            {
                "Each": {
                    "Type": "Map",
                    "ItemsPath": "$.items",
                    "ResultPath": "$.done",
                    "ItemProcessor": machine_of({"Done": {"Type": "Succeed"}}),
                }
            },
            {"order": 1, "kept": {}, "items": [{"sku": "kettle"}], "done": [{"sku": "kettle", "never": 1}]},
            "$.done[0].never was never there: "
            "$.done[0] is as it came in the input of the execution, where it is $.items[0]",
            id="a value that never existed in an iteration",
        ),
        pytest.param(
            {
                "Each": {
                    "Type": "Map",
                    "ItemsPath": "$.items",
                    "ResultSelector": {"all.$": "$"},
                    "ItemProcessor": machine_of({"Done": {"Type": "Succeed"}}),
                }
            },
            {"all": [{"sku": "kettle"}], "never": 1},
            """$.never was never there: $ was computed by state 'Each' (Map, +0 s): its ResultSelector, """
            """{"all.$": "$"}\n  from $, which was last written by state 'Each' (Map, +0 s): """
            "the outputs of its iterations",
            id="a value that never existed beside the outputs of iterations",
        ),
        pytest.param(
            {"Charge": TASK},
            {"receipt": 7, "never": 1},
            f"$.never was never there: $ {IN_CHARGE}: result of function charge-card from mock_lambda('charge-card')",
            id="a value that never existed",
        ),
    ],
)
def test_what_is_absent_was_dropped_somewhere(
    sfn: SfnSync, states: dict[str, Any], expected: Any, written: str | None
) -> None:
    sfn.mock_lambda("charge-card", returns={"receipt": 7})

    execution = execute(sfn, machine_of(states), {"order": 1, "kept": {}, "items": [{"sku": "kettle"}]})

    assert origin_of_difference(execution, expected) == written


@pytest.mark.parametrize(
    ("expected", "beginning"),
    [
        pytest.param({"a": 2, "b": 2}, "$.a ", id="the first member that differs"),
        pytest.param({"a": 1, "b": 2}, "$.b ", id="not one that is equal"),
        pytest.param({"a": 1}, "$.b ", id="one that was not expected"),
        pytest.param([1], "$ ", id="the whole document"),
    ],
)
def test_the_first_place_that_differs_is_shown(sfn: SfnSync, expected: Any, beginning: str) -> None:
    written = origin_of_difference(
        execute(sfn, PASS | machine_of({"A": {"Type": "Pass", "Result": {"a": 1, "b": 1}}})), expected
    )

    assert written is not None
    assert written.startswith(f"{beginning}was last written by state 'A'")


@pytest.mark.parametrize(
    ("expected", "beginning"),
    [
        pytest.param([1, 9], "$[1] ", id="an item"),
        pytest.param((1, 9), "$[1] ", id="an item of a tuple"),
        pytest.param([9], "$ ", id="a list of another length is told as a whole"),
        pytest.param([1, 2], None, id="equal lists"),
        pytest.param((1, 2), None, id="a tuple is as good as a list"),
    ],
)
def test_lists_are_compared_item_by_item(sfn: SfnSync, expected: Any, beginning: str | None) -> None:
    told = origin_of_difference(execute(sfn, machine_of({"A": {"Type": "Pass", "Result": [1, 2]}})), expected)

    assert told == (None if beginning is None else f"{beginning}was last written by state 'A' (Pass, +0 s): its Result")


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_no_reason_is_told_of_what_jsonata_dropped(sfn: SfnSync) -> None:
    definition = machine_of({"A": {"Type": "Pass", "Output": {"kept": 1}}}, QueryLanguage="JSONata")

    told = origin_of_difference(execute(sfn, definition, {"order": 1}), {"kept": 1, "order": 1})

    assert told == "$.order was present in the input of state 'A' (Pass, +0 s), and is absent from its output"


def test_what_is_equal_has_no_origin_to_be_told(sfn: SfnSync) -> None:
    assert origin_of_difference(execute(sfn, PASS), {"greeting": "hello"}) is None


@pytest.mark.parametrize("form", ["method", "function"])
def test_the_message_of_an_assertion_has_the_origin(sfn: SfnSync, form: str) -> None:
    execution = execute(sfn, PASS)

    check = execution.assert_succeeded if form == "method" else partial(assert_succeeded, execution)
    with pytest.raises(AssertionError) as failed:
        check(output={"greeting": "good day"})

    assert str(failed.value) == (
        "The execution of 'orders' ended as SUCCEEDED, but its output is not the expected one.\n"
        '  expected  {"greeting": "good day"}\n'
        '  actual    {"greeting": "hello"}\n'
        "Differences:\n"
        '  $.greeting: expected "good day", got "hello"\n'
        "Where it comes from:\n"
        "  $.greeting was last written by state 'Greet' (Pass, +0 s): its Result\n"
        "\n"
        "orders: SUCCEEDED after 0 s (execution run-1)\n"
        "  input   {}\n"
        '        +0 s  Greet (Pass): {} -> {"greeting": "hello"}\n'
        '  output  {"greeting": "hello"}'
    )


SHAPING: dict[str, Any] = {
    "Charge": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "charge-card", "Payload.$": "$.order"},
        "ResultSelector": {"id.$": "$.Payload.receipt.id", "status.$": "$.StatusCode"},
        "ResultPath": "$.payment",
        "Assign": {"receipt.$": "$.id"},
    },
    "Shape": {
        "Type": "Pass",
        "Parameters": {
            "receipt": {"number.$": "$.payment.id"},
            "lines.$": "$.order.lines",
            "text.$": "States.Format('{} of {}', $.payment.id, $$.Execution.Input.customer)",
            "customer.$": "$$.Execution.Input.customer",
            "currency": "EUR",
        },
    },
    "Each": {
        "Type": "Map",
        "ItemsPath": "$.lines",
        "ResultPath": "$.packed",
        "ItemSelector": {"line.$": "$$.Map.Item.Value", "receipt.$": "$receipt", "number.$": "$$.Map.Item.Index"},
        "ItemProcessor": machine_of({"Pack": {"Type": "Pass", "Parameters": {"packed.$": "$"}}}),
    },
}
BY_SHAPE = "  by way of state 'Shape' (Pass, +0 s): its Parameters, "
BY_PACK = "  by way of state 'Pack' in iteration 1 of 'Each' (Pass, +0 s): its Parameters, \"packed.$\": \"$\""
BY_EACH = "  by way of state 'Each' (Map, +0 s): its ItemSelector, "
RECEIPT = (
    f"{IN_CHARGE}{{}}: result of lambda:invoke charge-card from mock_lambda('charge-card'), "
    "where it is $.Payload.receipt.id"
)
BY_SELECTOR = """  by way of state 'Charge' (Task, +0 s): its ResultSelector, "id.$": "$.Payload.receipt.id\""""


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        pytest.param(
            ("receipt", "number"),
            [
                f"$.receipt.number {RECEIPT.format(', where it was $.payment.id')}, by ResultPath $.payment",
                f'{BY_SHAPE}"number.$": "$.payment.id"',
                BY_SELECTOR,
            ],
            id="by ResultSelector, ResultPath and Parameters",
        ),
        pytest.param(
            ("lines", 1),
            [
                "$.lines[1] is as it came in the input of the execution, where it is $.order.lines[1]",
                f'{BY_SHAPE}"lines.$": "$.order.lines"',
            ],
            id="by Parameters from the input",
        ),
        pytest.param(
            ("customer",),
            [
                "$.customer is as it came in the input of the execution",
                f'{BY_SHAPE}"customer.$": "$$.Execution.Input.customer"',
            ],
            id="from the input, by the context object",
        ),
        pytest.param(
            ("currency",),
            ["""$.currency was last written by state 'Shape' (Pass, +0 s): its Parameters, "currency": "EUR\""""],
            id="a literal",
        ),
        pytest.param(
            ("text",),
            [
                "$.text was computed by state 'Shape' (Pass, +0 s): its Parameters, "
                """"text.$": "States.Format('{} of {}', $.payment.id, $$.Execution.Input.customer)\"""",
                f"  from $.payment.id (7), which {RECEIPT.format('')}, by ResultPath $.payment",
                '  from $$.Execution.Input.customer ("Ann"), which is as it came in the input of the execution',
            ],
            id="computed by an intrinsic function",
        ),
        pytest.param(
            ("packed", 1, "packed", "line"),
            [
                "$.packed[1].packed.line is as it came in the input of the execution, where it is $.order.lines[1]",
                BY_PACK,
                f'{BY_EACH}"line.$": "$$.Map.Item.Value"',
                f'{BY_SHAPE}"lines.$": "$.order.lines"',
            ],
            id="an item of a Map, by its ItemSelector and its iteration",
        ),
        pytest.param(
            ("packed", 1, "packed", "receipt"),
            [
                f"$.packed[1].packed.receipt {RECEIPT.format(', where it was $receipt')}",
                BY_PACK,
                f'{BY_EACH}"receipt.$": "$receipt"',
                """  by way of state 'Charge' (Task, +0 s): its Assign, "receipt.$": "$.id\"""",
                BY_SELECTOR,
            ],
            id="a variable in an ItemSelector",
        ),
        pytest.param(
            ("packed", 1, "packed", "number"),
            [
                "$.packed[1].packed.number was last written by state 'Each' (Map, +0 s), where it was $.number: "
                "the context object, $$.Map.Item.Index",
                BY_PACK,
                f'{BY_EACH}"number.$": "$$.Map.Item.Index"',
            ],
            id="the context object",
        ),
    ],
)
def test_a_value_is_followed_through_states_that_reshape_it(
    sfn: SfnSync, keys: tuple[Any, ...], lines: list[str]
) -> None:
    sfn.mock_lambda("charge-card", returns={"receipt": {"id": 7}})
    document = {"customer": "Ann", "order": {"lines": ["kettle", "lamp"]}}

    told = origin(execute(sfn, machine_of(SHAPING), document), *keys)

    assert told is not None
    assert told.splitlines() == lines


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        pytest.param(
            ("receipt",),
            [
                f"$.receipt {IN_CHARGE}, where it was $id: {RESULT}, where it is $.receipt.id",
                """  by way of state 'Shape' (Pass, +0 s): its Output, "receipt": "{% $id %}\"""",
                """  by way of state 'Charge' (Task, +0 s): its Assign, "id": "{% $states.result.receipt.id %}\"""",
            ],
            id="by Assign and Output",
        ),
        pytest.param(
            ("each", 1, "line"),
            [
                "$.each[1].line is as it came in the input of the execution, where it is $.mapped[1].line",
                "  by way of state 'Shape' (Pass, +0 s): its Output, "
                """"each": "{% $states.context.Execution.Input.mapped %}\"""",
            ],
            id="by the context object",
        ),
        pytest.param(
            ("total",),
            [
                "$.total was computed by state 'Shape' (Pass, +0 s): its Output, "
                """"total": "{% $states.input.receipt.id * $count($id) %}\"""",
                f"  from $states.input.receipt.id (7), which {IN_CHARGE}: {RESULT}",
                f"  from $id (7), which {IN_CHARGE}: {RESULT}, where it is $.receipt.id",
            ],
            id="computed",
        ),
    ],
)
def test_a_value_is_followed_through_jsonata(sfn: SfnSync, keys: tuple[Any, ...], lines: list[str]) -> None:
    sfn.mock_lambda("charge-card", returns={"receipt": {"id": 7}})
    states = {
        "Charge": {**TASK, "Assign": {"id": "{% $states.result.receipt.id %}"}},
        "Shape": {
            "Type": "Pass",
            "Output": {
                "receipt": "{% $id %}",
                "each": "{% $states.context.Execution.Input.mapped %}",
                "total": "{% $states.input.receipt.id * $count($id) %}",
            },
        },
    }
    definition = machine_of(states, QueryLanguage="JSONata")

    told = origin(execute(sfn, definition, {"mapped": [{"line": 1}, {"line": 2}]}), *keys)

    assert told is not None
    assert told.splitlines() == lines


PICK = {"Type": "Choice", "InputPath": "$.order"}
RULE = {"Variable": "$.n", "IsPresent": True, "Next": "Use"}
USE = {"Use": {"Type": "Pass", "Parameters": {"used.$": "$kept"}}}
BY_USE = """  by way of state 'Use' (Pass, +0 s): its Parameters, "used.$": "$kept\""""


@pytest.mark.parametrize(
    ("states", "keys", "lines"),
    [
        pytest.param(
            {"Pick": {**PICK, "Choices": [{**RULE, "Assign": {"kept.$": "$.n"}}]}, **USE},
            ("used",),
            [
                "$.used is as it came in the input of the execution, where it is $.order.n",
                BY_USE,
                """  by way of state 'Pick' (Choice, +0 s): its Assign, "kept.$": "$.n\"""",
            ],
            id="assigned by a choice rule",
        ),
        pytest.param(
            {
                "Pick": {**PICK, "Choices": [{**RULE, "IsPresent": False}], "Default": "Use", "Assign": {"kept": 7}},
                **USE,
            },
            ("used",),
            [
                """$.used was last written by state 'Pick' (Choice, +0 s), where it was $kept: its Assign, "kept": 7""",
                BY_USE,
            ],
            id="assigned by a Choice with its Default",
        ),
        pytest.param(
            {
                "Charge": {
                    **TASK,
                    "InputPath": "$.order",
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"kept.$": "$.Error"}, "Next": "Use"}],
                },
                **USE,
            },
            ("used",),
            [
                "$.used was last written by state 'Charge' (Task, +0 s), where it was $kept: "
                "the error that Catch[0] took",
                BY_USE,
                """  by way of state 'Charge' (Task, +0 s): its Assign, "kept.$": "$.Error\"""",
            ],
            id="assigned by a catcher",
        ),
        pytest.param(
            {
                "Set": {"Type": "Pass", "Assign": {"kept": {"n": 7}}},
                "Wait": {"Type": "Wait", "Seconds": 1, "InputPath": "$kept"},
            },
            ("n",),
            [
                "$.n was last written by state 'Set' (Pass, +0 s), where it was $kept.n: its Assign, \"n\": 7",
                "  by way of state 'Wait' (Wait, +0 s): its InputPath $kept",
            ],
            id="selected from a variable by InputPath",
        ),
        pytest.param(
            {"Pick": {"Type": "Succeed", "OutputPath": "$$.Execution.Input.order"}},
            ("n",),
            [
                "$.n is as it came in the input of the execution, where it is $.order.n",
                "  by way of state 'Pick' (Succeed, +0 s): its OutputPath $$.Execution.Input.order",
            ],
            id="selected from the context object by OutputPath",
        ),
        pytest.param(
            {
                "Each": {
                    "Type": "Map",
                    "ItemsPath": "$.list",
                    "ItemSelector": {"sum.$": "States.MathAdd($$.Map.Item.Value, $.order.n)"},
                    "ItemProcessor": machine_of({"P": {"Type": "Succeed"}}),
                }
            },
            (1, "sum"),
            [
                "$[1].sum was computed by state 'Each' (Map, +0 s), where it was $.sum: its ItemSelector, "
                """"sum.$": "States.MathAdd($$.Map.Item.Value, $.order.n)\"""",
                "  from $$.Map.Item.Value (2), which is as it came in the input of the execution, "
                "where it is $.list[1]",
                "  from $.order.n (3), which is as it came in the input of the execution",
            ],
            id="computed from the item",
        ),
        pytest.param(
            {
                "Both": {
                    "Type": "Parallel",
                    "Branches": [
                        machine_of({"P": {"Type": "Pass", "Result": 1}}),
                        machine_of({"Q": {"Type": "Pass", "Result": 2}}),
                    ],
                    "ResultSelector": {"sum.$": "States.MathAdd($[0], $[1])"},
                }
            },
            ("sum",),
            [
                "$.sum was computed by state 'Both' (Parallel, +0 s): its ResultSelector, "
                """"sum.$": "States.MathAdd($[0], $[1])\"""",
                "  from $[0] (1), which was last written by state 'P' in branch 0 of 'Both' (Pass, +0 s): its Result",
                "  from $[1] (2), which was last written by state 'Q' in branch 1 of 'Both' (Pass, +0 s): its Result",
            ],
            id="computed from the outputs of branches",
        ),
        pytest.param(
            {
                "Set": {"Type": "Pass", "Assign": {"kept": 7}},
                "Use": {"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($kept, 1)"}},
            },
            ("sum",),
            [
                "$.sum was computed by state 'Use' (Pass, +0 s): its Parameters, "
                """"sum.$": "States.MathAdd($kept, 1)\"""",
                """  from $kept (7), which was last written by state 'Set' (Pass, +0 s): its Assign, "kept": 7""",
            ],
            id="computed from a variable",
        ),
    ],
)
def test_variables_items_and_branches_are_followed(
    sfn: SfnSync, states: dict[str, Any], keys: tuple[Any, ...], lines: list[str]
) -> None:
    sfn.mock_lambda("charge-card", raises=TaskError("Declined"))

    told = origin(execute(sfn, machine_of(states), {"order": {"n": 3}, "list": [1, 2]}), *keys)

    assert told is not None
    assert told.splitlines() == lines


def test_where_the_definition_shows_no_source_the_state_is_told(sfn: SfnSync) -> None:
    origins = ValueOrigins(execute(sfn, PASS))
    greet = origins.outermost.visits[0]

    assert origins.predicate(End(greet, None, "$.a", []), "$.b") == (
        "came out of state 'Greet' (Pass, +0 s), where it was $.a; its definition does not show from where"
    )


def test_a_loop_that_passes_a_value_on_is_told_once(sfn: SfnSync) -> None:
    states = {
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "kept.$": "$.kept"}, "Next": "More"},
        "More": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericLessThan": 2000, "Next": "Count"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    }

    told = origin(execute(sfn, machine_of(states), {"n": 0, "kept": "A"}), "kept")

    assert told == (
        "$.kept is as it came in the input of the execution\n"
        """  by way of state 'Count' (Pass, +0 s): its Parameters, "kept.$": "$.kept" (2,000 times)"""
    )


def test_not_all_of_many_ways_are_told(sfn: SfnSync) -> None:
    states = {f"S{number}": {"Type": "Pass", "Parameters": {"n.$": "$.n"}} for number in range(8)}

    told = origin(execute(sfn, machine_of(states), {"n": 0}), "n")

    assert told is not None
    assert [line.partition(" (")[0] for line in told.splitlines()[1:]] == [
        *(f"  by way of state 'S{number}'" for number in (7, 6, 5, 4, 3)),
        "  ... and 3 more",
    ]


def test_each_difference_is_explained(sfn: SfnSync) -> None:
    sfn.mock_lambda("charge-card", returns={"id": 7, "paid": True})
    states = {"Charge": {**TASK, "ResultPath": "$.payment"}, "Done": {"Type": "Succeed"}}

    execution = execute(sfn, machine_of(states), {"amount": 5})

    assert origins_of_differences(execution, {"amount": 6, "payment": {"id": 8, "paid": True, "at": "noon"}}) == [
        "$.amount is as it came in the input of the execution",
        f"$.payment.id {IN_CHARGE}: {RESULT}, by ResultPath $.payment",
        f"$.payment.at was never there: $.payment {IN_CHARGE}: {RESULT}, by ResultPath $.payment",
    ]


def test_not_all_of_many_differences_are_explained(sfn: SfnSync) -> None:
    execution = execute(sfn, machine_of({"A": {"Type": "Pass", "Result": list(range(20))}}))

    assert len(origins_of_differences(execution, list(range(1, 21)))) == 8


@given(definition=well_formed_definitions, document=inputs)
@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_a_value_that_was_followed_to_the_input_or_to_a_result_is_the_same_there(
    definition: Any, document: Any
) -> None:
    with SfnSync() as sfn, suppress(DefinitionError, ClientError):
        sfn.register("orders", definition)
        for name in {node.name for node in machine_graph(definition).all_nodes() if node.type == "Task"}:
            sfn.mock_task(name, calls=lambda payload: {"a": {"b": [1, payload]}, "items": [{"v": 2}]}, validate="none")
        execution = execute(sfn, definition, document)
        if execution.status == "SUCCEEDED":
            for keys in places(execution.output):
                assert_followed(execution, keys)


def places(value: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield keys
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inner:
        yield from places(member, (*keys, key))


def assert_followed(execution: Execution, keys: tuple[Any, ...]) -> None:
    walk = ValueOrigins(execution)
    last = walk.outermost.visits[-1]
    end = walk.end_of(walk.source(last, keys), last, keys)
    value = value_at(execution.output, keys)
    if isinstance(end.source, FromExecution):
        assert value_at(execution.input, end.source.keys) == value
    elif isinstance(end.source, Written) and end.source.place is not None:
        assert end.visit is not None
        assert value_at(end.visit.attempts[-1].result, end.source.place) == value
