"""States written in JSONata: what each field sees, what a state hands on, how it fails, and when it is tried again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE
from tests.asl.machines import ECHO, IDENTITY, answers, event_types, fails, run, seconds, start_at

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

TASK: JSON = {"Type": "Task", "Resource": ECHO}
PASS: JSON = {"Type": "Pass"}
QUERY_ERROR = "States.QueryEvaluationError"
TOO_LARGE = "returned a result with a size exceeding the maximum number of bytes service limit."


def machine(*states: tuple[str, JSON]) -> JSON:
    """Make a machine whose every state is in JSONata."""
    return {"QueryLanguage": "JSONata", **start_at(*states)}


def of(type_: str, **fields: JSON) -> JSON:
    return {"Type": type_, **fields}


def task(**fields: JSON) -> JSON:
    return {**TASK, **fields}


def mapping(*states: tuple[str, JSON], **fields: JSON) -> JSON:
    return of("Map", ItemProcessor=start_at(*states), **fields)


def parallel(*branches: JSON, **fields: JSON) -> JSON:
    return of("Parallel", Branches=list(branches), **fields)


def choice(*rules: JSON, **fields: JSON) -> JSON:
    return of("Choice", Choices=list(rules), **fields)


def located(cause: str, *, state: str = "S", event: int = 2) -> str:
    return f"An error occurred while executing the state '{state}' (entered at the event id #{event}). {cause}"


def returned_nothing(text: str, field: str) -> str:
    return f"The JSONata expression '{text}' specified for the field '{field}' returned nothing (undefined)."


def of_wrong_type(text: str, field: str, *, expected: str, was: str, value: str) -> str:
    return (
        f"The JSONata expression '{text}' specified for the field '{field}' returned an unexpected result type. "
        f"Expected '{expected}', but was '{was}' for value: {value}"
    )


def evaluation_failures(finished: Run) -> list[tuple[int, JSON]]:
    """Give previous event id and details of every EvaluationFailed."""
    return [
        (previous, details) for type_, previous, _, details in finished.history.events if type_ == "EvaluationFailed"
    ]


def links(finished: Run) -> list[tuple[int, str]]:
    """Give the previous event id and the type of every event."""
    return [(previous, type_) for type_, previous, _, _ in finished.history.events]


ONE_ITEM = mapping(("I", of("Succeed")), Items=[{"x": 1}])
ONE_BRANCH = parallel(start_at(("B", of("Succeed", Output="from the branch"))))


@pytest.mark.parametrize(
    ("state", "output"),
    [
        pytest.param(PASS, {"in": 1}, id="a Pass hands its input on"),
        pytest.param(of("Succeed"), {"in": 1}, id="a Succeed hands its input on"),
        pytest.param(of("Wait", Seconds=1), {"in": 1}, id="a Wait hands its input on"),
        pytest.param(task(Arguments={"a": "{% $states.input.in %}"}), {"a": 1}, id="a Task hands its result on"),
        pytest.param(ONE_ITEM, [{"x": 1}], id="a Map hands its array on"),
        pytest.param(ONE_BRANCH, ["from the branch"], id="a Parallel hands its array on"),
        pytest.param({**PASS, "Output": {}}, {}, id="an empty Output is an output"),
        pytest.param({**PASS, "Output": None}, None, id="so is null"),
        pytest.param({**PASS, "Output": ""}, "", id="so is the empty string"),
        pytest.param({**PASS, "Output": False}, False, id="so is false"),
        pytest.param({**PASS, "Output": "{% null %}"}, None, id="an expression may give null"),
        pytest.param({**PASS, "Output": "$states.input"}, "$states.input", id="text without marks is text"),
        pytest.param({**PASS, "Output": " {% 1 %} "}, " {% 1 %} ", id="so is text around the marks"),
        pytest.param({**PASS, "Output": {"a.$": "$.in"}}, {"a.$": "$.in"}, id="a path is text, and its key is a key"),
        pytest.param(
            {**PASS, "Output": {"{% 1 %}": ["{% $states.input.in + 1 %}"]}}, {"{% 1 %}": [2]}, id="keys are never read"
        ),
        pytest.param(
            task(Output=["{% $states.result.in %}", "{% $states.input.in %}"]), [1, 1], id="Output sees both documents"
        ),
        pytest.param(task(Arguments="{% 5 %}"), 5, id="Arguments may be one expression"),
        pytest.param(task(Arguments=[]), [], id="or anything else"),
        pytest.param({**ONE_ITEM, "Output": "{% $states.result.x %}"}, 1, id="one hit is no array"),
        pytest.param({**ONE_ITEM, "Output": "{% $states.result.x[] %}"}, [1], id="unless it is asked for"),
        pytest.param(
            {**ONE_BRANCH, "Output": "{% $states.result[0] & ' of ' & $states.input.in %}"},
            "from the branch of 1",
            id="the Output of a Parallel",
        ),
        pytest.param(parallel(start_at(("B", PASS)), Arguments={"n": "{% 2 %}"}), [{"n": 2}], id="a branch's input"),
    ],
)
def test_what_a_state_hands_on(state: JSON, output: JSON) -> None:
    finished = run(machine(("S", state)), {"in": 1})

    assert (finished.status, finished.error, finished.output) == ("SUCCEEDED", None, output)


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(of("Pass"), id="Pass"),
        pytest.param(of("Wait", Seconds=0), id="Wait"),
        pytest.param(TASK, id="Task"),
        pytest.param(ONE_ITEM, id="Map"),
        pytest.param(ONE_BRANCH, id="Parallel"),
        pytest.param(choice({"Condition": "{% false %}", "Next": "After"}, Default="After"), id="Choice with Default"),
        pytest.param(
            choice({"Condition": True, "Next": "After", "Assign": {"v": "{% $v + 1 %}"}, "Output": "{% $v %}"}),
            id="a Choice's rule",
        ),
    ],
)
def test_assign_and_output_see_the_variables_as_they_were_at_entry(state: JSON) -> None:
    state = {"Assign": {"v": "{% $v + 1 %}"}, "Output": "{% $v %}", **state}
    after = of("Succeed", Output="{% [$states.input, $v] %}")

    finished = run(machine(("Before", {**PASS, "Assign": {"v": 1}}), ("S", state), ("After", after)))

    assert finished.output == [1, 2]


def test_the_members_of_one_assign_do_not_see_each_other() -> None:
    assigning = {**PASS, "Assign": {"a": "{% $b %}", "b": "{% $a %}"}}

    finished = run(machine(("Before", {**PASS, "Assign": {"a": 1, "b": 2}}), ("S", assigning)))

    assert finished.variables == {"a": 2, "b": 1}


def test_a_variable_first_assigned_here_is_not_there_yet() -> None:
    finished = run(machine(("S", {**PASS, "Assign": {"a": 1}, "Output": "{% $a %}"})))

    assert finished.cause == located(returned_nothing("$a", "Output"))
    assert finished.variables == {}


def test_a_failing_output_assigns_nothing_and_an_assignment_in_an_expression_is_local() -> None:
    state = task(
        Assign={"a": "{% ($local := 2; $local) %}"},
        Output="{% $nope %}",
        Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
    )
    finished = run(machine(("S", state), ("Caught", of("Succeed", Output="{% [$exists($a), $exists($local)] %}"))))

    assert finished.output == [False, False]


def test_a_catcher_sees_input_and_error_output_and_hands_on_what_it_wants() -> None:
    catcher = {
        "ErrorEquals": ["Boom"],
        "Next": "Caught",
        "Assign": {"why": "{% $states.errorOutput.Cause %}", "old": "{% $old + 1 %}"},
        "Output": {
            "error": "{% $states.errorOutput %}",
            "in": "{% $states.input.n %}",
            "old": "{% $old %}",
            "retries": "{% $states.context.State.RetryCount %}",
        },
    }
    state = task(Retry=[{"ErrorEquals": ["Boom"], "MaxAttempts": 2}], Catch=[catcher], Output="{% $nope %}")
    definition = machine(
        ("Before", {**PASS, "Assign": {"old": 1}}),
        ("S", state),
        ("Caught", of("Succeed", Output="{% $merge([$states.input, {'why': $why, 'now': $old}]) %}")),
    )
    finished = run(definition, {"n": 7}, answers(fails("Boom", "it blew up")))

    assert finished.output == {
        "error": {"Error": "Boom", "Cause": "it blew up"},
        "in": 7,
        "old": 1,
        "retries": 2,
        "why": "it blew up",
        "now": 2,
    }


def test_a_catcher_without_output_hands_the_error_output_on() -> None:
    state = task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}], Output="never")

    finished = run(machine(("S", state), ("Caught", of("Succeed"))), {"n": 7}, answers(fails("Boom", None)))

    assert finished.output == {"Error": "Boom", "Cause": ""}


def test_a_catcher_whose_output_fails_ends_the_execution_with_that() -> None:
    catch = [
        {"ErrorEquals": ["Other"], "Next": "Caught"},
        {"ErrorEquals": ["Boom"], "Next": "Caught", "Output": {"v": "{% $states.errorOutput.Nope %}"}},
    ]
    finished = run(machine(("S", task(Catch=catch)), ("Caught", of("Succeed"))), {}, answers(fails("Boom")))

    assert (finished.error, finished.cause) == (
        QUERY_ERROR,
        located(returned_nothing("$states.errorOutput.Nope", "Catch[1]/Output/v")),
    )


EVALUATION_FAILS = {
    "Arguments": task(Arguments={"a": "{% $nope %}"}),
    "Output": task(Output="{% $nope %}"),
    "Assign": task(Assign={"a": "{% $nope %}"}),
    "TimeoutSeconds": task(TimeoutSeconds="{% $nope %}"),
    "Credentials": task(Credentials={"RoleArn": "{% $nope %}"}),
    "Items": mapping(("I", PASS), Items="{% $nope %}"),
    "the Map's input": mapping(("I", PASS)),
    "ItemSelector": mapping(("I", PASS), Items=[1], ItemSelector={"v": "{% $nope %}"}),
    "MaxConcurrency": mapping(("I", PASS), Items=[1], MaxConcurrency="{% $nope %}"),
    "the Map's Output": mapping(("I", PASS), Items=[1], Output="{% $nope %}"),
    "the Parallel's Arguments": parallel(start_at(("B", PASS)), Arguments="{% $nope %}"),
    "the Parallel's Assign": parallel(start_at(("B", PASS)), Assign={"a": "{% $nope %}"}),
    "an inner state": parallel(start_at(("B", {**PASS, "Output": "{% $nope %}"}))),
}


@pytest.mark.parametrize("name", EVALUATION_FAILS)
@pytest.mark.parametrize("error", ["States.ALL", QUERY_ERROR])
def test_a_failed_evaluation_is_caught(name: str, error: str) -> None:
    catch = [
        {"ErrorEquals": ["States.TaskFailed", "States.Runtime", "States.Timeout"], "Next": "Wrong"},
        {"ErrorEquals": [error], "Next": "Right"},
    ]
    definition = machine(
        ("S", {**EVALUATION_FAILS[name], "Catch": catch, "Next": "Wrong"}),
        ("Wrong", of("Fail", Error="Wrong")),
        ("Right", of("Succeed", Output="{% $states.input.Error %}")),
    )
    assert run(definition).output == QUERY_ERROR


@pytest.mark.parametrize("name", EVALUATION_FAILS)
def test_a_failed_evaluation_is_retried_and_told_once_per_attempt(name: str) -> None:
    retry = [
        {"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 9},
        {"ErrorEquals": [QUERY_ERROR], "IntervalSeconds": 3, "BackoffRate": 2, "MaxAttempts": 2},
        {"ErrorEquals": ["States.ALL"], "MaxAttempts": 9},
    ]
    finished = run(machine(("S", {**EVALUATION_FAILS[name], "Retry": retry})))

    assert (finished.error, seconds(finished)) == (QUERY_ERROR, 9)
    assert event_types(finished).count("EvaluationFailed") == 3
    failed = [type_ for type_ in event_types(finished) if type_ in {"MapStateFailed", "ParallelStateFailed"}]
    state_type = EVALUATION_FAILS[name]["Type"]
    assert failed == ([] if state_type == "Task" else [f"{state_type}StateFailed"])


def test_a_retry_evaluates_the_arguments_again() -> None:
    payloads = []

    def fail_twice(call: TaskCall) -> TaskAnswer:
        payloads.append(call.payload)
        return fails("Boom") if len(payloads) < 3 else TaskAnswer("done")

    arguments = {"n": "{% $states.context.State.RetryCount %}", "at": "{% $millis() - $states.input.start %}"}
    state = task(Arguments=arguments, Retry=[{"ErrorEquals": ["Boom"], "IntervalSeconds": 1}])

    finished = run(machine(("S", state)), {"start": 1_700_000_000_000}, fail_twice)

    assert finished.output == "done"
    assert payloads == [{"n": 0, "at": 0}, {"n": 1, "at": 1000}, {"n": 2, "at": 3000}]


def test_a_retry_of_a_map_evaluates_its_items_again() -> None:
    items = "{% $states.context.State.RetryCount = 0 ? 'none' : [1, 2] %}"
    state = mapping(("I", PASS), Items=items, Retry=[{"ErrorEquals": ["States.ALL"]}])

    finished = run(machine(("S", state)))

    assert (finished.output, seconds(finished)) == ([1, 2], 1)


@pytest.mark.parametrize(
    ("condition", "status", "expected"),
    [
        pytest.param("{% true %}", "SUCCEEDED", "matched", id="true"),
        pytest.param(True, "SUCCEEDED", "matched", id="true without marks"),
        pytest.param(False, "SUCCEEDED", "default", id="false without marks"),
        pytest.param("{% $states.input.n = 1 and $states.input.n > 0 %}", "SUCCEEDED", "matched", id="a comparison"),
        pytest.param("{% false and $error('evaluated') %}", "SUCCEEDED", "default", id="and stops at false"),
        pytest.param("{% true or $error('evaluated') %}", "SUCCEEDED", "matched", id="or stops at true"),
        pytest.param("{% $exists($nope) %}", "SUCCEEDED", "default", id="a variable that is not there, asked for"),
        pytest.param("{% $nope = 1 %}", "SUCCEEDED", "default", id="or compared"),
        pytest.param("{% $nope %}", "FAILED", returned_nothing("$nope", "Choices[0]/Condition"), id="or read"),
        pytest.param(
            "{% 1 %}",
            "FAILED",
            of_wrong_type("1", "Choices[0]/Condition", expected="boolean", was="number", value="1"),
            id="a number",
        ),
        pytest.param(
            "{% 'true' %}",
            "FAILED",
            of_wrong_type("'true'", "Choices[0]/Condition", expected="boolean", was="string", value='"true"'),
            id="a string",
        ),
        pytest.param(
            "{% null %}",
            "FAILED",
            of_wrong_type("null", "Choices[0]/Condition", expected="boolean", was="null", value="null"),
            id="null",
        ),
        pytest.param(
            "{% function($x){$x} %}",
            "FAILED",
            "The JSONata expression 'function($x){$x}' specified for the field 'Choices[0]/Condition' "
            "returned an unsupported result type.",
            id="a function",
        ),
    ],
)
def test_the_condition_of_a_rule(condition: JSON, status: str, expected: str) -> None:
    definition = machine(
        ("S", choice({"Condition": condition, "Next": "Matched"}, Default="Default")),
        ("Matched", of("Succeed", Output="matched")),
        ("Default", of("Succeed", Output="default")),
    )
    finished = run(definition, {"n": 1})

    assert finished.status == status
    assert (finished.output if status == "SUCCEEDED" else finished.cause) == (
        expected if status == "SUCCEEDED" else located(expected)
    )


OF_THE_STATE: JSON = {"Assign": {"by": "state"}, "Output": "of the state"}


@pytest.mark.parametrize(
    ("number", "output"),
    [
        pytest.param(1, ["of rule 1", "rule"], id="a rule's own Output and Assign"),
        pytest.param(2, [{"n": 2}, "nobody"], id="a rule without them: neither those of the state"),
        pytest.param(3, ["", "nobody"], id="a rule with an empty Output"),
        pytest.param(9, ["of the state", "state"], id="the state's, with Default"),
    ],
)
def test_the_output_and_assign_of_a_choice(number: int, output: JSON) -> None:
    first = {"Output": "{% 'of rule ' & $states.input.n %}", "Assign": {"by": "rule"}}
    rules = [
        {"Condition": f"{{% $states.input.n = {n} %}}", "Next": "End", **fields}
        for n, fields in ((1, first), (2, {}), (3, {"Output": ""}))
    ]
    definition = machine(
        ("Before", {**PASS, "Assign": {"by": "nobody"}}),
        ("S", choice(*rules, Default="End", **OF_THE_STATE)),
        ("End", of("Succeed", Output="{% [$states.input, $by] %}")),
    )
    assert run(definition, {"n": number}).output == output


def test_rules_behind_the_one_that_matches_are_not_evaluated() -> None:
    rules = [{"Condition": text, "Next": "End"} for text in ("{% false %}", "{% true %}", "{% $error('evaluated') %}")]

    assert run(machine(("S", choice(*rules)), ("End", of("Succeed")))).status == "SUCCEEDED"


def test_a_choice_that_leads_nowhere() -> None:
    definition = machine(
        ("S", choice({"Condition": False, "Next": "End"}, Output="{% $nope %}")), ("End", of("Succeed"))
    )

    finished = run(definition)

    assert (finished.error, finished.cause) == (
        "States.Runtime",
        located("Failed to transition out of the state. The state does not point to a next state."),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"Seconds": 2}, 2, id="a literal number"),
        pytest.param({"Seconds": "{% $states.input.s %}"}, 2, id="an expression"),
        pytest.param({"Seconds": "{% 0.0 %}"}, 0, id="no time at all, with a fraction"),
        pytest.param({"Timestamp": "2023-11-14T22:13:22Z"}, 2, id="a literal timestamp"),
        pytest.param({"Timestamp": "{% $fromMillis($millis() + 2000) %}"}, 2, id="a computed timestamp"),
        pytest.param({"Timestamp": "{% '2023-11-14t22:13:22z' %}"}, 2, id="in lower case"),
        pytest.param({"Timestamp": "{% '2023-11-14T23:13:22.000000001+01:00' %}"}, 2, id="with offset and nanoseconds"),
        pytest.param({"Timestamp": "{% '2023-11-14T22:13:22.999Z' %}"}, 2, id="its fraction is cut"),
        pytest.param({"Timestamp": "{% '1999-01-01T00:00Z' %}"}, 0, id="long past, without seconds"),
    ],
)
def test_how_long_a_wait_takes(fields: JSON, expected: float) -> None:
    elapsed = "{% [$millis() - $states.input.start, $states.context.State.EnteredTime] %}"

    finished = run(machine(("S", of("Wait", **fields, Output=elapsed))), {"s": 2, "start": 1_700_000_000_000})

    assert seconds(finished) == pytest.approx(expected, abs=1e-5)
    assert finished.output == [1000 * expected, "2023-11-14T22:13:20.000Z"]


def test_a_wait_longer_than_a_literal_may_be_goes_on_until_the_execution_is_out_of_time() -> None:
    finished = run(machine(("S", of("Wait", Seconds="{% 100000000 %}"))))

    assert (finished.status, seconds(finished)) == ("TIMED_OUT", 300)


NO_TIMESTAMP = "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        pytest.param({"Seconds": "{% -1 %}"}, None, id="less than nothing"),
        pytest.param({"Seconds": "{% 1.5 %}"}, None, id="a fraction"),
        pytest.param({"Seconds": "{% '3' %}"}, None, id="text"),
        pytest.param({"Seconds": "{% null %}"}, None, id="null"),
        pytest.param({"Seconds": "{% true %}"}, None, id="true"),
        pytest.param({"Seconds": "{% $nope %}"}, returned_nothing("$nope", "Seconds"), id="nothing"),
        pytest.param(
            {"Timestamp": "{% '2016-02-30T00:00:00Z' %}"}, NO_TIMESTAMP + "2016-02-30T00:00:00Z", id="no date"
        ),
        pytest.param({"Timestamp": "{% '2016-02-01 00:00:00Z' %}"}, NO_TIMESTAMP + "2016-02-01 00:00:00Z", id="no T"),
        pytest.param(
            {"Timestamp": "{% '2016-02-01T00:00:00' %}"}, NO_TIMESTAMP + "2016-02-01T00:00:00", id="no offset"
        ),
        pytest.param({"Timestamp": "{% 1735689600000 %}"}, None, id="a number for a timestamp"),
    ],
)
def test_a_wait_that_fails(fields: JSON, cause: str | None) -> None:
    finished = run(machine(("S", of("Wait", **fields))))

    assert (finished.error, seconds(finished)) == (QUERY_ERROR, 0)
    [(previous, details)] = evaluation_failures(finished)
    assert (previous, details["location"]) == (2, next(iter(fields)))
    if cause is not None:
        assert finished.cause == located(cause)


SELECTOR = {"i": "{% $states.context.Map.Item.Index %}", "v": "{% $states.context.Map.Item.Value %}"}


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        pytest.param({"Items": "{% $states.input.xs %}"}, [3, 4], id="an expression"),
        pytest.param({"Items": [1, "{% $states.input.k %}"]}, [1, "k"], id="an array with an expression in it"),
        pytest.param({"Items": []}, [], id="no items"),
        pytest.param({"Items": "{% [$states.input.xs[$ > 3]] %}"}, [4], id="a filter with one hit, kept an array"),
        pytest.param({"Items": "{% [1..3] %}"}, [1, 2, 3], id="a range"),
        pytest.param(
            {"Items": "{% $states.input.xs %}", "ItemSelector": {**SELECTOR, "k": "{% $states.input.k %}"}},
            [{"i": 0, "v": 3, "k": "k"}, {"i": 1, "v": 4, "k": "k"}],
            id="an ItemSelector sees the item and the state's input",
        ),
        pytest.param(
            {"Items": [5], "ItemSelector": "{% $states.context.Map.Item.Value + 1 %}"}, [6], id="or is one expression"
        ),
        pytest.param(
            {"Items": [1], "Output": {"n": "{% $count($states.result) %}", "in": "{% $states.input.k %}"}},
            {"n": 1, "in": "k"},
            id="Output",
        ),
    ],
)
def test_the_items_of_a_map(fields: JSON, output: JSON) -> None:
    finished = run(machine(("S", mapping(("I", PASS), **fields))), {"xs": [3, 4], "k": "k"})

    assert (finished.cause, finished.output) == (None, output)


@pytest.mark.parametrize(
    ("items", "state_input", "cause", "location"),
    [
        pytest.param(
            "{% $states.input %}",
            {"foo": "bar"},
            of_wrong_type("$states.input", "Items", expected="array", was="object", value='{"foo":"bar"}'),
            "Items",
            id="an object",
        ),
        pytest.param(
            "{% $states.input[0] %}",
            [1],
            of_wrong_type("$states.input[0]", "Items", expected="array", was="number", value="1"),
            "Items",
            id="a sequence of one, which is no array",
        ),
        pytest.param("{% $nope %}", {}, returned_nothing("$nope", "Items"), "Items", id="nothing"),
        pytest.param(
            ["{% $nope %}"], {}, returned_nothing("$nope", "Items[0]"), "Items[0]", id="an item that is nothing"
        ),
        pytest.param(
            "{% $fn := function($x){$x} %}",
            {},
            "The JSONata expression '$fn := function($x){$x}' specified for the field 'Items' "
            "returned an unsupported result type.",
            "Items",
            id="a function",
        ),
        pytest.param(None, {"a": [1]}, 'Map state input must be an array but was: {"a":[1]}', None, id="no Items"),
        pytest.param(None, "ab", 'Map state input must be an array but was: "ab"', None, id="no Items, and text"),
    ],
)
def test_items_that_are_no_array(items: JSON, state_input: JSON, cause: str, location: str | None) -> None:
    fields = {} if items is None else {"Items": items}

    finished = run(machine(("S", mapping(("I", PASS), **fields))), state_input)

    assert (finished.error, finished.cause) == (QUERY_ERROR, located(cause))
    assert links(finished) == [
        (0, "ExecutionStarted"),
        (0, "MapStateEntered"),
        (0, "EvaluationFailed"),
        (3, "MapStateFailed"),
        (4, "ExecutionFailed"),
    ]
    [(_, details)] = evaluation_failures(finished)
    expected = {"state": "S", "error": QUERY_ERROR, "cause": located(cause)}
    assert details == (expected if location is None else {**expected, "location": location})


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({**PASS, "Output": "{% $states.context.Map.Item.Value %}"}, id="an inner state"),
        pytest.param(
            mapping(("J", PASS), Items=[1], ItemSelector={"source": "{% $states.context.Map.Item.Source %}"}),
            id="the source of the items",
        ),
    ],
)
def test_map_item_is_only_there_in_the_item_selector(state: JSON) -> None:
    finished = run(machine(("M", mapping(("S", state), Items=[1]))))

    assert finished.error == QUERY_ERROR
    assert finished.cause is not None
    assert re.search(r"'\$states\.context\.Map\.Item\.\w+' .* returned nothing \(undefined\)\.$", finished.cause)


def test_a_failing_item_selector_is_the_failure_of_the_map() -> None:
    selector = {"source": "{% $states.context.Map.Item.Source %}"}

    finished = run(machine(("S", mapping(("I", PASS), Items=[1], ItemSelector=selector))))

    assert finished.cause == located(returned_nothing("$states.context.Map.Item.Source", "ItemSelector/source"))


WAITING = ("I", of("Wait", Seconds="{% $states.input %}"))


@pytest.mark.parametrize(
    ("concurrency", "expected"),
    [
        pytest.param("{% 1 %}", 6, id="one after the other"),
        pytest.param("{% $states.input.c %}", 4, id="two at a time"),
        pytest.param("{% 0 %}", 3, id="as many as there are"),
        pytest.param("{% 2.0 %}", 4, id="a whole number with a fraction"),
    ],
)
def test_max_concurrency_as_an_expression(concurrency: str, expected: float) -> None:
    state = mapping(WAITING, Items=[1, 2, 3], MaxConcurrency=concurrency)

    assert seconds(run(machine(("S", state)), {"c": 2})) == expected


FAILING = (
    ("C", choice({"Condition": "{% $states.input > 2 %}", "Next": "F"}, Default="OK")),
    ("F", of("Fail", Error="Odd", Cause="{% 'item ' & $states.input %}")),
    ("OK", of("Succeed")),
)


@pytest.mark.parametrize(
    ("fields", "error", "output"),
    [
        pytest.param({}, "Odd", None, id="nothing is tolerated by itself"),
        pytest.param({"ToleratedFailureCount": "{% 2 %}"}, None, [1, 2], id="as many as fail"),
        pytest.param(
            {"ToleratedFailureCount": "{% 1 %}"}, "States.ExceedToleratedFailureThreshold", None, id="one too few"
        ),
        pytest.param({"ToleratedFailurePercentage": "{% 50 %}"}, None, [1, 2], id="half of them"),
        pytest.param(
            {"ToleratedFailurePercentage": "{% 49.9 %}"},
            "States.ExceedToleratedFailureThreshold",
            None,
            id="a little less than half",
        ),
    ],
)
def test_tolerated_failures_as_expressions(fields: JSON, error: str | None, output: JSON) -> None:
    finished = run(machine(("S", mapping(*FAILING, Items=[1, 2, 3, 4], **fields))))

    assert (finished.error, finished.output) == (error, output)


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        pytest.param("{% -1 %}", "{field} must be between 0 and 99999999 but was: -1", id="less than nothing"),
        pytest.param("{% 0 %}", "{field} must be between 0 and 99999999 but was: 0", id="no time at all"),
        pytest.param("{% 1.6 %}", "The {field} field cannot be parsed as an integer: 1.6", id="a fraction"),
        pytest.param(
            '{% "3" %}',
            "The JSONata expression '\"3\"' specified for the field '{field}' returned an unexpected result type. "
            "Expected 'number', but was 'string' for value: \"3\"",
            id="text",
        ),
        pytest.param(
            "{% $nope %}",
            "The JSONata expression '$nope' specified for the field '{field}' returned nothing (undefined).",
            id="nothing",
        ),
    ],
)
@pytest.mark.parametrize("name", ["TimeoutSeconds", "HeartbeatSeconds"])
def test_a_timeout_that_is_none(name: str, value: str, cause: str) -> None:
    finished = run(machine(("S", task(**{name: value}))))

    assert (finished.error, finished.cause) == (QUERY_ERROR, located(cause.format(field=name)))
    assert links(finished)[2:] == [(0, "EvaluationFailed"), (3, "ExecutionFailed")]
    assert evaluation_failures(finished)[0][1]["location"] == name
    assert finished.calls == []


@pytest.mark.parametrize(
    ("fields", "expected", "caught"),
    [
        pytest.param({"TimeoutSeconds": "{% $states.input.t %}"}, 7, "States.Timeout", id="a timeout"),
        pytest.param({"TimeoutSeconds": "{% 7.0 %}"}, 7, "States.Timeout", id="a timeout with a fraction"),
        pytest.param(
            {"TimeoutSeconds": "{% 50 %}", "HeartbeatSeconds": "{% $states.input.t %}"},
            7,
            "States.HeartbeatTimeout",
            id="a heartbeat",
        ),
    ],
)
def test_timeouts_as_expressions(fields: JSON, expected: float, caught: str) -> None:
    catch = [{"ErrorEquals": [caught], "Next": "Caught", "Output": "{% $states.errorOutput.Error %}"}]
    definition = machine(("S", task(**fields, Catch=catch)), ("Caught", of("Succeed")))

    finished = run(definition, {"t": 7}, lambda call: TaskAnswer(takes=100_000_000))

    assert (finished.output, seconds(finished)) == ("States.Timeout", expected)
    scheduled = next(details for type_, _, _, details in finished.history.events if type_.endswith("Scheduled"))
    assert scheduled is not None
    assert {scheduled.get("timeoutInSeconds"), scheduled.get("heartbeatInSeconds")} >= {7}


def test_credentials_as_an_expression() -> None:
    credentials = {"RoleArn": "{% 'arn:aws:iam::' & $states.input.account & ':role/r' %}"}

    finished = run(machine(("S", task(Credentials=credentials))), {"account": "123456789012"})

    scheduled = next(details for type_, _, _, details in finished.history.events if type_.endswith("Scheduled"))
    assert scheduled is not None
    assert scheduled["taskCredentials"] == {"roleArn": "arn:aws:iam::123456789012:role/r"}


def test_a_role_that_is_no_text() -> None:
    finished = run(machine(("S", task(Credentials={"RoleArn": "{% 1 %}"}))))

    wrong = of_wrong_type("1", "Credentials/RoleArn", expected="string", was="number", value="1")
    assert (finished.error, finished.cause) == (QUERY_ERROR, located(wrong))
    assert evaluation_failures(finished)[0][1]["location"] == "Credentials/RoleArn"


@pytest.mark.parametrize(
    ("fields", "error", "cause"),
    [
        pytest.param(
            {"Error": "{% $states.input.e %}", "Cause": "{% $v & '!' %}"}, "Given", "set!", id="input and variables"
        ),
        pytest.param(
            {"Error": "Literal", "Cause": "{% $string($states.input) %}"}, "Literal", '{"e":"Given"}', id="both"
        ),
        pytest.param({"Error": "Only"}, "Only", None, id="no Cause"),
        pytest.param({"Cause": "{% 'why' %}"}, None, "why", id="no Error"),
        pytest.param({}, None, None, id="neither"),
        pytest.param(
            {"Error": "{% 1 %}"},
            QUERY_ERROR,
            located(of_wrong_type("1", "Error", expected="string", was="number", value="1"), state="F", event=4),
            id="a number for an Error",
        ),
        pytest.param(
            {"Error": "E", "Cause": "{% $nope %}"},
            QUERY_ERROR,
            located(returned_nothing("$nope", "Cause"), state="F", event=4),
            id="no Cause after all",
        ),
    ],
)
def test_a_fail_state(fields: JSON, error: str | None, cause: str | None) -> None:
    finished = run(machine(("S", {**PASS, "Assign": {"v": "set"}}), ("F", of("Fail", **fields))), {"e": "Given"})

    assert (finished.status, finished.error, finished.cause) == ("FAILED", error, cause)


def test_both_dialects_in_one_machine_share_documents_and_variables() -> None:
    def jsonata(state: JSON, **fields: JSON) -> JSON:
        return {"QueryLanguage": "JSONata", **state, **fields}

    iterations = mapping(
        ("P", of("Pass", Parameters={"seen.$": "$nata", "item.$": "$.i"}, Assign={"inner.$": "$.item"})),
        ("Q", jsonata(PASS, Output="{% $merge([$states.input, {'inner': $inner}]) %}")),
    )
    definition = start_at(
        ("A", of("Pass", Parameters={"n.$": "$.n"}, Assign={"path.$": "$.n", "list": [1, 2]})),
        ("B", jsonata(PASS, Assign={"nata": "{% $path + $sum($list) %}"}, Output={"n": "{% $states.input.n * 2 %}"})),
        (
            "M",
            jsonata(
                iterations,
                Items="{% $list %}",
                ItemSelector={"i": "{% $states.context.Map.Item.Value * 10 %}"},
                Output={"n": "{% $states.input.n %}", "items": "{% $states.result %}", "own": "{% $exists($inner) %}"},
            ),
        ),
        ("C", choice({"Variable": "$nata", "NumericEquals": 8, "Next": "Z"})),
        ("Z", of("Pass", Parameters={"all.$": "$", "nata.$": "$nata"})),
    )
    finished = run(definition, {"n": 5, "ignored": 1})

    items = [{"seen": 8, "item": 10, "inner": 10}, {"seen": 8, "item": 20, "inner": 20}]
    assert finished.cause is None
    assert finished.output == {"all": {"n": 10, "items": items, "own": False}, "nata": 8}


@pytest.mark.parametrize(
    ("text", "state_input", "output"),
    [
        pytest.param("$states.input.id", {"id": 9007199254740993}, 9007199254740993, id="a long that is passed on"),
        pytest.param("$states.input.id", {"id": 10**25 + 1}, 1e25, id="an integer past a long is a double"),
        pytest.param("$states.input.id + 0", {"id": 9007199254740993}, 9007199254740992, id="arithmetic is in doubles"),
        pytest.param("1/0", {}, "Infinity", id="a number that is none"),
        pytest.param("$states.input.a", {"a": [[1]]}, [[1]], id="an array in an array"),
        pytest.param("$states.input.a", [{"a": 1}, {"a": 2}], [1, 2], id="a name in an array of objects"),
        pytest.param(
            "$states.input ~> |items|{'n': 2}|", {"items": [{"n": 1}]}, {"items": [{"n": 2}]}, id="a transform"
        ),
        pytest.param("$keys($states)", {}, ["input", "context"], id="what $states has in a Pass"),
        pytest.param("$parse($states.input).a", '{"a": [1, 2]}', [1, 2], id="text as JSON"),
    ],
)
def test_values(text: str, state_input: JSON, output: JSON) -> None:
    before = json.dumps(state_input)

    finished = run(machine(("S", {**PASS, "Output": f"{{% {text} %}}"})), state_input)

    assert (finished.cause, finished.output) == (None, output)
    assert json.dumps(state_input) == before


def test_a_variable_hides_the_function_of_its_name() -> None:
    finished = run(machine(("Before", {**PASS, "Assign": {"sum": 1}}), ("S", {**PASS, "Output": "{% $sum([1]) %}"})))

    assert finished.cause is not None
    assert finished.cause.endswith(" threw an error during evaluation. T1006: Attempted to invoke a non-function")


def test_the_context_object() -> None:
    finished = run(machine(("S", of("Task", Resource=ECHO, Arguments="{% $states.context %}"))), {"n": 1})

    assert finished.output == {
        "Execution": {
            "Id": IDENTITY.execution_arn,
            "Input": {"n": 1},
            "Name": IDENTITY.execution_name,
            "RoleArn": IDENTITY.role_arn,
            "StartTime": "2023-11-14T22:13:20.000Z",
        },
        "StateMachine": {"Id": IDENTITY.state_machine_arn, "Name": IDENTITY.state_machine_name},
        "State": {"Name": "S", "EnteredTime": "2023-11-14T22:13:20.000Z", "RetryCount": 0},
    }


@pytest.mark.parametrize(
    ("state", "has_it"),
    [
        pytest.param({**PASS, "Output": "{% $exists($states.context.State.RetryCount) %}"}, False, id="Pass"),
        pytest.param(of("Succeed", Output="{% $exists($states.context.State.RetryCount) %}"), False, id="Succeed"),
        pytest.param(task(Output="{% $exists($states.context.State.RetryCount) %}"), True, id="Task"),
        pytest.param(
            parallel(start_at(("B", PASS)), Arguments="{% $exists($states.context.State.RetryCount) %}"),
            [True],
            id="Parallel",
        ),
    ],
)
def test_which_states_count_their_retries(state: JSON, has_it: JSON) -> None:
    assert run(machine(("S", state))).output == has_it


DRAWN = {
    "a_uuid": "{% $uuid() %}",
    "a_number": "{% $random() %}",
    "time": "{% $now() %}",
    "seeded": "{% $random(42) %}",
}


def test_time_and_randomness_can_be_repeated() -> None:
    definition = machine(("S", {**PASS, "Assign": DRAWN}), ("T", {**PASS, "Output": DRAWN}))

    def outcome(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
        finished = run(definition, seed=seed)
        return finished.output, finished.variables

    (second, first), again, other = outcome(1), outcome(1), outcome(2)

    assert (second, first) == again
    assert second["time"] == first["time"] == "2023-11-14T22:13:20.000Z"
    assert second["seeded"] == first["seeded"] == 0.7275636800328681
    for name in ("a_uuid", "a_number"):
        assert len({first[name], second[name], other[0][name], other[1][name]}) == 4


@pytest.mark.parametrize(
    ("state", "location"),
    [
        pytest.param({**PASS, "Output": {"a": {"b": ["{% $nope %}"]}}}, "Output/a/b[0]", id="deep in Output"),
        pytest.param({**PASS, "Assign": {"x": "{% $nope %}"}}, "Assign/x", id="Assign"),
        pytest.param(task(Arguments={"FunctionName": "{% $nope %}"}), "Arguments/FunctionName", id="Arguments"),
        pytest.param(of("Succeed", Output="{% $nope %}"), "Output", id="a Succeed"),
    ],
)
def test_the_event_of_a_failed_evaluation(state: JSON, location: str) -> None:
    finished = run(machine(("Before", PASS), ("S", state)))

    cause = located(returned_nothing("$nope", location), event=4)
    assert evaluation_failures(finished) == [
        (3, {"state": "S", "location": location, "error": QUERY_ERROR, "cause": cause})
    ]
    assert finished.cause == cause
    assert links(finished)[-1] == (5, "ExecutionFailed")


def test_a_failed_evaluation_inside_a_map() -> None:
    finished = run(machine(("M", mapping(("S", {**PASS, "Output": "{% $nope %}"}), Items=[1]))))

    assert finished.cause == located(returned_nothing("$nope", "Output"), event=5)
    assert links(finished)[2:] == [
        (2, "MapStateStarted"),
        (3, "MapIterationStarted"),
        (4, "PassStateEntered"),
        (4, "EvaluationFailed"),
        (6, "MapIterationFailed"),
        (6, "MapStateFailed"),
        (8, "ExecutionFailed"),
    ]


@pytest.mark.parametrize("selects", [False, True], ids=["the arguments of a task", "the item selector of a map"])
def test_the_limit_of_what_enters_a_state(selects: bool) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "End"}]
    text = "{% $pad('', 262143, 'x') %}"
    if selects:
        state = of("Map", Items=[1], ItemSelector=text, ItemProcessor=start_at(("I", of("Succeed"))), Catch=catch)
    else:
        state = task(Arguments=text, Catch=catch)
    finished = run(machine(("S", state), ("End", of("Succeed"))))
    assert (finished.error, finished.cause) == (
        "States.DataLimitExceeded",
        "The state/task 'S' provided parameters with a size exceeding the maximum number of bytes service limit.",
    )


@pytest.mark.parametrize(
    ("size", "fits"),
    [pytest.param(262_142, True, id="as much as there may be"), pytest.param(262_143, False, id="a byte more")],
)
def test_the_limit_of_an_output(size: int, fits: bool) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "End"}]
    state = task(Arguments={}, Output=f"{{% $pad('', {size}, 'x') %}}", Catch=catch)

    finished = run(machine(("S", state), ("End", of("Succeed"))))

    if fits:
        assert len(finished.output) == size
    else:
        assert (finished.error, finished.cause) == ("States.DataLimitExceeded", f"The state/task 'S' {TOO_LARGE}")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param(
            "($f := function($n){1 + $f($n)}; $f(1))",
            "Stack overflow error: Check for non-terminating recursive function.  "
            "Consider rewriting as tail-recursive. Depth=101 max=100",
            id="recursion without end",
        ),
        pytest.param(
            "[1..900000] ~> $count()",
            "Expression evaluation memory limit exceeded: Check for excessive memory usage",
            id="an array beyond measure",
        ),
        pytest.param(
            "($f := function($t){$f($t & $t)}; $f('aaaa'))",
            "Expression evaluation memory limit exceeded: Check for excessive memory usage",
            id="text that grows without end",
        ),
        pytest.param(
            "($f := function($n){$f($n + 1)}; $f(1))",
            "Expression evaluation timeout: Check for infinite loop",
            id="a loop without end",
        ),
    ],
)
@pytest.mark.parametrize("type_", ["Pass", "Task"])
def test_an_expression_without_end_ends(text: str, cause: str, type_: str) -> None:
    state = {**(PASS if type_ == "Pass" else TASK), "Output": {"v": f"{{% {text} %}}"}}

    finished = run(machine(("S", state)))

    assert (finished.error, finished.cause) == (
        QUERY_ERROR,
        located(
            f"The JSONata expression '{text}' specified for the field 'Output/v' "
            f"threw an error during evaluation: {cause}"
        ),
    )


def test_a_catcher_that_fails_ends_what_was_in_flight_only_once() -> None:
    inner: JSON = {
        "Type": "Map",
        "Items": [1, 2],
        "ItemProcessor": start_at(("F", {"Type": "Fail", "Error": "E"})),
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $nope %}", "Next": "X"}],
        "End": True,
    }
    processor = {"StartAt": "I", "States": {"I": inner, "X": {"Type": "Pass", "End": True}}}
    outer = start_at(("O", {"Type": "Map", "Items": [1], "ItemProcessor": processor}))
    finished = run({"QueryLanguage": "JSONata", **outer})
    assert event_types(finished)[-8:] == [
        "MapIterationFailed",
        "MapIterationAborted",
        "MapStateFailed",
        "EvaluationFailed",
        "MapIterationFailed",
        "MapStateAborted",
        "MapStateFailed",
        "ExecutionFailed",
    ]
