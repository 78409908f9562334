"""Records put together: which visit a rule, an error, an iteration belongs to; and that all who read them agree."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings

from pytest_sfn_sync import Execution, SfnSync, TaskError
from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.diagrams.counts import counts_of
from pytest_sfn_sync.executions.ran import ran_in
from pytest_sfn_sync.executions.state_visits import Visit, state_visits, visits_by_event
from tests.random_definitions import inputs, well_formed_definitions

ROUTE = {
    "Type": "Choice",
    "Choices": [
        {"Condition": "{% $states.input.n > 1 %}", "Next": "Big", "Output": "{% {'n': 10 / $states.input.by} %}"}
    ],
    "Default": "Small",
}
ROUTES = {
    "QueryLanguage": "JSONata",
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "End": True,
            "ItemProcessor": {
                "StartAt": "Route",
                "States": {
                    "Route": ROUTE,
                    "Big": {"Type": "Pass", "End": True},
                    "Small": {"Type": "Pass", "End": True},
                },
            },
        }
    },
}
RULE = "/States/Each/ItemProcessor/States/Route/Choices[0]"
DEFAULT = "/States/Each/ItemProcessor/States/Route/Default"


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with SfnSync() as sfn:
        made = sfn.client()
    yield made
    made.close()


def run(sfn: SfnSync, client: Any, definition: Any, document: Any) -> Execution:
    machine = sfn.register("machine", definition)
    client.start_sync_execution(stateMachineArn=machine.arn, input=json.dumps(document))
    return sfn.last_execution


def routed(items: list[dict[str, Any]]) -> Execution:
    with SfnSync() as sfn:
        return run(sfn, sfn.client(), ROUTES, items)


def visits(execution: Execution, name: str) -> list[Visit]:
    return [visit for visit in state_visits(execution.run).all_visits() if visit.name == name]


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_a_choice_whose_output_fails_keeps_its_rule_and_leaves_the_others_theirs() -> None:
    execution = routed([{"n": 1}, {"n": 2, "by": "x"}, {"n": 3, "by": 5}])
    routes = visits(execution, "Route")
    assert [(visit.branch.index, visit.rule, visit.outcome) for visit in routes] == [
        (0, DEFAULT, "succeeded"),
        (1, RULE, "failed"),
    ]


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_a_choice_whose_condition_fails_has_no_rule_and_the_others_have_theirs() -> None:
    execution = routed([{"n": 1}, {"n": 3, "by": 5}, {"n": "many"}])
    assert [visit.rule for visit in visits(execution, "Route")] == [DEFAULT, RULE, None]
    trace = execution.trace()
    assert trace.count("Default goes on to Small") == 1
    assert trace.count("goes on to Big") == 1


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_an_arrow_is_counted_where_it_was_gone() -> None:
    execution = routed([{"n": 1}, {"n": 3, "by": 5}, {"n": 2, "by": "x"}])
    graph = machine_graph(execution.machine.definition)
    assert ran_in(execution.run).taken[RULE] == 2
    counts = counts_of(execution.run, graph).counts
    assert (counts[RULE], counts[DEFAULT], counts["/States/Each/ItemProcessor/States/Big"]) == (1, 1, 1)
    assert ' 2 times"| s' not in execution.to_mermaid()


def test_a_state_that_waited_for_its_next_attempt_when_time_was_up_was_cut_off() -> None:
    charge = {
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}],
        "End": True,
    }
    with SfnSync() as sfn:
        sfn.mock_lambda("charge", raises="Busy")
        definition = {"StartAt": "Charge", "States": {"Charge": charge}, "TimeoutSeconds": 10}
        execution = run(sfn, sfn.client(), definition, {})
    assert execution.status == "TIMED_OUT"
    assert [visit.outcome for visit in visits(execution, "Charge")] == ["cut off"]


CHARGE = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge"}
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "After"}]


@pytest.mark.parametrize(
    ("state", "raised", "outcome", "failure"),
    [
        pytest.param({**CHARGE, "End": True}, None, "succeeded", None, id="a task that succeeds"),
        pytest.param({**CHARGE, "End": True}, "Busy", "failed", ("Busy", "no"), id="a task that fails"),
        pytest.param(
            {**CHARGE, "Catch": CATCH, "End": True}, "Busy", "caught", ("Busy", "no"), id="a task whose error is caught"
        ),
        pytest.param(
            {**CHARGE, "Catch": [{**CATCH[0], "ResultPath": "$.gone.deep"}], "End": True, "InputPath": None},
            "Busy",
            "caught",
            ("Busy", "no"),
            id="a task whose error is caught beside the input",
        ),
        pytest.param({"Type": "Fail", "Error": "Busy"}, None, "failed", ("Busy", None), id="a Fail"),
        pytest.param(
            {"Type": "Pass", "InputPath": "$.gone", "End": True},
            None,
            "failed",
            (
                "States.Runtime",
                "An error occurred while executing the state 'First' (entered at the event id #2). "
                "Invalid path '$.gone' : No results for path: $['gone']",
            ),
            id="a Pass that fails by itself",
        ),
    ],
)
def test_what_ended_a_state(
    state: Any, raised: str | None, outcome: str, failure: tuple[str, str | None] | None
) -> None:
    with SfnSync() as sfn:
        if raised is None:
            sfn.mock_lambda("charge", returns={})
        else:
            sfn.mock_lambda("charge", raises=TaskError(raised, "no"))
        states = {"First": state, **({"After": {"Type": "Succeed"}} if "Catch" in state else {})}
        execution = run(sfn, sfn.client(), {"StartAt": "First", "States": states}, {})
    (first,) = visits(execution, "First")
    assert (first.outcome, first.failure) == (outcome, failure)


@given(definition=well_formed_definitions, document=inputs)
@settings(deadline=None, max_examples=40, derandomize=True)
def test_all_who_read_the_records_agree(client: Any, definition: Any, document: Any) -> None:
    with SfnSync(seed=0) as sfn:
        sfn.mock_lambda("echo", calls=lambda payload: payload)
        sfn.mock_lambda("fails", raises="Busy")
        sfn.mock_resource("dynamodb:getItem", returns={"Item": {}})
        try:
            execution = run(sfn, client, definition, document)
        except ClientError:
            return  # the input was too large, or no object
        all_agree(execution)


def all_agree(execution: Execution) -> None:
    run_, graph = execution.run, machine_graph(execution.machine.definition)
    outermost, owners = visits_by_event(run_)
    found = list(outermost.all_visits())
    ran, counted = ran_in(run_), counts_of(run_, graph)
    location_of = {node.name: node.location for node in graph.all_nodes()}

    # Each entry is a visit, and each event of a state belongs to a visit that was entered before.
    assert Counter(visit.name for visit in found) == ran.entered
    assert all(owners[visit.event] is visit and visit in visit.branch.visits for visit in found)
    assert all(owner is None or owner.event <= event_id for event_id, owner in enumerate(owners))
    # What was left has an output; pictures count entries as coverage does.
    assert Counter(visit.name for visit in found if visit.output is not MISSING) == ran.left
    assert {name: counted.counts[location_of[name]] for name in ran.entered} == dict(ran.entered)
    # Rules, retriers and catchers belong to visits, as often as coverage says; arrows are those that were gone.
    taken = Counter(visit.rule for visit in found if visit.rule is not None)
    taken += Counter(handled.location for visit in found for handled in visit.handled)
    assert taken == ran.taken
    assert all(times <= ran.taken[location] for location, times in ran.led_on.items())
    assert {location: counted.counts[location] for location in ran.led_on} == dict(ran.led_on)
    assert set(ran.led_on) <= {arrow.location for arrow in graph.all_arrows()}
    # Each state that was entered shows its outcome in the trace, in Mermaid and on the page.
    assert counted.outcomes.keys() == {location_of[name] for name in ran.entered}
    trace, mermaid, page = execution.trace(), execution.to_mermaid(), execution.to_html()
    assert all(f"{name} (" in trace for name in ran.entered)
    drawn = set(re.findall(r"class \S+ (\w+)\n", mermaid)) - {"frame", "not_reached"}
    assert drawn == {outcome.replace(" ", "_") for outcome in counted.outcome_by_state.values()}
    assert all(f">{outcome}</span>" in page for outcomes in counted.outcomes.values() for outcome in outcomes)
