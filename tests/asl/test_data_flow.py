"""How a document goes through a state: from InputPath and Parameters to ResultPath, OutputPath and Assign."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.task_call import TaskAnswer
from tests.asl.machines import ECHO, START, run, start_at

ORDER: JSON = {"order": {"id": 7, "lines": [1, 2]}, "customer": "Ann"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param({}, ORDER, id="without fields the input goes through"),
        pytest.param({"InputPath": "$.order"}, ORDER["order"], id="InputPath chooses a part"),
        pytest.param({"InputPath": None}, {}, id="InputPath null gives an empty object"),
        pytest.param({"OutputPath": "$.customer"}, "Ann", id="OutputPath chooses a part"),
        pytest.param({"OutputPath": None}, {}, id="OutputPath null gives an empty object"),
        pytest.param({"InputPath": "$.order.lines[*]"}, [1, 2], id="a path with several hits gives their array"),
        pytest.param({"InputPath": "$$.State.Name"}, "P", id="InputPath may read the context object"),
        pytest.param({"Result": 0}, 0, id="a Result of 0 is a result"),
        pytest.param({"Result": None}, None, id="a Result of null is a result"),
        pytest.param({"Result": {"a.$": "$.customer"}}, {"a.$": "$.customer"}, id="Result is literal"),
        pytest.param({"Parameters": {"who.$": "$.customer"}}, {"who": "Ann"}, id="Parameters make the result"),
        pytest.param(
            {"InputPath": "$.order", "Parameters": {"n.$": "$.id"}}, {"n": 7}, id="Parameters see the effective input"
        ),
        pytest.param({"Result": 1, "Parameters": {"n": 2}}, 1, id="Result wins over Parameters"),
        pytest.param({"Result": 1, "ResultPath": None}, ORDER, id="ResultPath null keeps the raw input"),
        pytest.param(
            {"InputPath": "$.order", "ResultPath": None}, ORDER, id="ResultPath null keeps it whatever InputPath chose"
        ),
        pytest.param(
            {"Result": 1, "ResultPath": "$.customer"},
            {"order": ORDER["order"], "customer": 1},
            id="ResultPath overwrites",
        ),
        pytest.param(
            {"InputPath": "$.customer", "ResultPath": "$.a.b"},
            {**ORDER, "a": {"b": "Ann"}},
            id="ResultPath makes what is missing on the way",
        ),
        pytest.param(
            {"Result": 1, "ResultPath": "$.n", "OutputPath": "$.n"}, 1, id="OutputPath comes after ResultPath"
        ),
    ],
)
def test_a_pass_state(state: JSON, expected: JSON) -> None:
    finished = run(start_at(("P", {"Type": "Pass", **state})), ORDER)
    assert (finished.status, finished.output) == ("SUCCEEDED", expected)


def test_a_task_goes_through_all_of_them() -> None:
    task = {
        "Type": "Task",
        "Resource": ECHO,
        "InputPath": "$.order",
        "Parameters": {"id.$": "$.id"},
        "ResultSelector": {"charged.$": "$.receipt", "again.$": "$$.State.RetryCount"},
        "ResultPath": "$.payment",
        "OutputPath": "$.payment",
    }
    finished = run(start_at(("T", task)), ORDER, lambda call: TaskAnswer({"receipt": call.payload["id"]}))
    assert finished.output == {"charged": 7, "again": 0}
    assert finished.calls[0].payload == {"id": 7}


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        pytest.param({"InputPath": "$.no"}, "Invalid path '$.no' : No results for path: $['no']", id="InputPath"),
        pytest.param(
            {"OutputPath": "$.no.such"}, "Invalid path '$.no.such' : Missing property in path $['no']", id="OutputPath"
        ),
        pytest.param(
            {"Parameters": {"a.$": "$.no"}},
            "The JSONPath '$.no' specified for the field 'a.$' could not be found in the input '{\"n\":1}'",
            id="Parameters",
        ),
    ],
)
def test_a_path_that_finds_nothing_ends_the_execution(state: JSON, cause: str) -> None:
    finished = run(start_at(("P", {"Type": "Pass", **state})), {"n": 1})
    assert (finished.status, finished.error) == ("FAILED", "States.Runtime")
    assert finished.cause == f"An error occurred while executing the state 'P' (entered at the event id #2). {cause}"


@pytest.mark.parametrize(
    ("path", "document", "cause"),
    [
        pytest.param("$.a", [1], 'Unable to apply step "a" to input [1]', id="a member of an array"),
        pytest.param("$[0]", {"a": 1}, 'Unable to apply step "0" to input {"a":1}', id="an item of an object"),
        pytest.param("$.a.b", {"a": 5}, 'Unable to apply step "b" to input {"a":5}', id="a scalar deeper down"),
        pytest.param("$.a.b", {"a": None}, 'Unable to apply step "b" to input {"a":null}', id="a null deeper down"),
        pytest.param("$.a[2].b", {"a": [1]}, 'Unable to apply step "2" to input {"a":[1]}', id="an item too far"),
        pytest.param("$.x.y", 12, "Unable to apply ReferencePath $.x.y to input 12", id="a number"),
        pytest.param("$.x", "crate", 'Unable to apply ReferencePath $.x to input "crate"', id="a text"),
        pytest.param("$.x", False, "Unable to apply ReferencePath $.x to input false", id="a boolean"),
        pytest.param(
            "$[1]", 1e300, "Unable to apply ReferencePath $[1] to input 1.0E300", id="Java's form of a number"
        ),
    ],
)
def test_a_result_path_that_cannot_be_applied_is_a_reference_path_conflict(
    path: str, document: JSON, cause: str
) -> None:
    finished = run(start_at(("P", {"Type": "Pass", "Result": 1, "ResultPath": path})), document)
    assert (finished.error, finished.cause) == ("States.ReferencePathConflict", cause)


def test_documents_are_shared_and_never_changed() -> None:
    document = {"a": {"b": 1}}
    finished = run(
        start_at(("P", {"Type": "Pass", "Result": 2, "ResultPath": "$.a.c"}), ("Q", {"Type": "Pass"})), document
    )
    assert document == {"a": {"b": 1}}
    assert finished.output == {"a": {"b": 1, "c": 2}}


def test_the_context_object() -> None:
    finished = run(start_at(("P", {"Type": "Pass", "Parameters": {"all.$": "$$"}})), {"n": 1})
    assert finished.output["all"] == {
        "Execution": {
            "Id": "arn:aws:states:us-east-1:123456789012:express:machine:run:0",
            "Input": {"n": 1},
            "Name": "run",
            "RoleArn": "arn:aws:iam::123456789012:role/machine",
            "StartTime": "2023-11-14T22:13:20.000Z",
        },
        "StateMachine": {"Id": "arn:aws:states:us-east-1:123456789012:stateMachine:machine", "Name": "machine"},
        "State": {"Name": "P", "EnteredTime": "2023-11-14T22:13:20.000Z"},
    }
    assert finished.started_at == START


def test_variables_are_assigned_when_the_state_is_left() -> None:
    swap = {"Type": "Pass", "Assign": {"a.$": "$b", "b.$": "$a"}}
    finished = run(
        start_at(
            ("Set", {"Type": "Pass", "Assign": {"a": 1, "b": 2}}),
            ("Swap", swap),
            ("Read", {"Type": "Pass", "Parameters": {"a.$": "$a", "b.$": "$b"}}),
        )
    )
    assert finished.output == {"a": 2, "b": 1}
    assert finished.variables == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param({"n": 5}, {"by": "rule"}, id="a rule that matches uses its own Assign only"),
        pytest.param({"n": 1}, {"by": "default"}, id="the state's own applies with Default"),
    ],
)
def test_assign_of_a_choice(document: JSON, expected: JSON) -> None:
    choice = {
        "Type": "Choice",
        "Assign": {"by": "default"},
        "Choices": [{"Variable": "$.n", "NumericGreaterThan": 3, "Next": "End", "Assign": {"by": "rule"}}],
        "Default": "End",
    }
    assert run(start_at(("C", choice), ("End", {"Type": "Succeed"})), document).variables == expected


def test_a_choice_that_matches_nothing_and_has_no_default_ends_the_execution() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "End"}]}
    finished = run(start_at(("C", choice), ("End", {"Type": "Succeed"})), {"n": 2})
    assert (finished.status, finished.error, finished.cause) == (
        "FAILED",
        "States.Runtime",
        "An error occurred while executing the state 'C' (entered at the event id #2). "
        "Failed to transition out of the state. The state does not point to a next state.",
    )


@pytest.mark.parametrize(
    ("fail", "error", "cause"),
    [
        pytest.param({}, None, None, id="neither"),
        pytest.param({"Error": "E", "Cause": "why"}, "E", "why", id="literals"),
        pytest.param({"ErrorPath": "$.e"}, "Boom", None, id="a path for the error, no cause"),
        pytest.param({"Error": "E", "CausePath": "$$.State.Name"}, "E", "F", id="the context object for the cause"),
        pytest.param(
            {"Error": "E", "CausePath": "States.Format('because {}', $.e)"}, "E", "because Boom", id="an intrinsic"
        ),
    ],
)
def test_a_fail_state(fail: JSON, error: str | None, cause: str | None) -> None:
    finished = run(start_at(("F", {"Type": "Fail", **fail})), {"e": "Boom"})
    assert (finished.status, finished.error, finished.cause) == ("FAILED", error, cause)


def test_an_output_past_the_payload_limit_ends_the_execution() -> None:
    grow = {"Type": "Pass", "Result": "x" * 200_000, "ResultPath": "$.b"}
    finished = run(start_at(("P", grow)), {"a": "x" * 200_000})
    assert (finished.error, finished.cause) == (
        "States.DataLimitExceeded",
        "The state/task 'P' returned a result with a size exceeding the maximum number of bytes service limit.",
    )


@pytest.mark.parametrize(
    ("last", "status"),
    [
        pytest.param("x" * 62_101, "SUCCEEDED", id="to the last byte"),
        pytest.param("x" * 62_102, "FAILED", id="and one more"),
    ],
)
def test_a_document_that_grows_from_state_to_state_meets_the_payload_limit(last: str, status: str) -> None:
    grow = [(f"P{n}", {"Type": "Pass", "Result": "x" * 50_000, "ResultPath": f"$.p{n}"}) for n in range(4)]
    definition = start_at(*grow, ("Last", {"Type": "Pass", "Result": last, "ResultPath": "$.last"}))
    finished = run(definition)
    assert finished.status == status
    if status == "SUCCEEDED":
        assert len(compact(finished.output)) == 262_144
