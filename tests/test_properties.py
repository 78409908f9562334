"""Properties that hold for every input: JSON survives the way in and out, and no definition breaks the interpreter.

The examples are the same in every run and are not made smaller, so that a run means the same everywhere and its time is
bounded. To look for new ones, and for the smallest: ``pytest tests/test_properties.py --hypothesis-profile=explore``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from pytest_sfn_sync import DefinitionError, SfnSync
from tests.random_definitions import broken_definitions, documents, inputs, well_formed_definitions

settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.register_profile("explore", deadline=None, max_examples=2000)
if settings.get_current_profile_name() in ("default", "ci"):
    settings.load_profile("fixed")

EXPLORING = settings.get_current_profile_name() == "explore"
NOTHING_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
ENDS = {"SUCCEEDED", "FAILED", "TIMED_OUT"}


def examples(count: int) -> settings:
    """So many examples; as many as the profile says where one explores."""
    return settings(suppress_health_check=NOTHING_SLOW, max_examples=settings().max_examples if EXPLORING else count)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with SfnSync() as sfn:
        made = sfn.client()
    yield made
    made.close()


PASS = {"Type": "Pass", "End": True}
WAYS: dict[str, dict[str, Any]] = {
    "untouched": PASS,
    "rebuilt by a payload template": {**PASS, "Parameters": {"kept.$": "$"}, "OutputPath": "$.kept"},
    "written by ResultPath": {**PASS, "Result": 0, "ResultPath": "$.beside.it", "OutputPath": "$.kept"},
    "through a Lambda function": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True,
                                  "Parameters": {"FunctionName": "echo", "Payload.$": "$"}, "OutputPath": "$.Payload"},
    "through text and back": {**PASS, "Parameters": {"kept.$": "States.StringToJson(States.JsonToString($))"},
                              "OutputPath": "$.kept"},
    "through every item of a Map": {"Type": "Map", "ItemsPath": "$.items", "End": True, "OutputPath": "$[1]",
                                    "ItemProcessor": {"StartAt": "P", "States": {"P": PASS}}},
    "through a variable": {"Type": "Pass", "Assign": {"kept.$": "$"}, "Next": "B"},
}  # fmt: skip
WRAPPED: dict[str, Callable[[Any], Any]] = {
    "written by ResultPath": lambda value: {"kept": value},
    "through every item of a Map": lambda value: {"items": [None, value]},
}

READ_BY_A_PATH = (
    "rebuilt by a payload template",
    "through a Lambda function",
    "through text and back",
    "through a variable",
)
"""Ways that read the whole input by a path, which fails where that is null."""


@pytest.mark.parametrize("way", WAYS)
@given(value=documents)
@examples(40)
def test_any_json_value_survives_the_way_in_and_out(client: Any, way: str, value: Any) -> None:
    states = {"A": WAYS[way], "B": {**PASS, "Parameters": {"kept.$": "$kept"}, "OutputPath": "$.kept"}}
    if "Next" not in WAYS[way]:
        del states["B"]
    given_value = WRAPPED[way](value) if way in WRAPPED else value
    with SfnSync() as sfn:
        sfn.mock_lambda("echo", calls=lambda echoed: echoed)
        arn = sfn.register("any-json", {"StartAt": "A", "States": states}).arn
        response = client.start_sync_execution(stateMachineArn=arn, input=json.dumps(given_value))
    if value is None and way in READ_BY_A_PATH:
        assert response["cause"].endswith("Unable to apply Path transformation to null or empty input.")
        return
    assert response["status"] == "SUCCEEDED", response.get("cause")
    assert exactly(json.loads(response["output"])) == exactly(value)


def exactly(value: Any) -> str:
    """Tell a value in a form in which true is not 1, and 1.0 is not 1; members in any order."""
    return json.dumps(value, sort_keys=True)


@given(definition=st.one_of(well_formed_definitions, broken_definitions), document=inputs)
@examples(200)
def test_no_definition_raises_anything_but_the_three_families_of_errors(
    client: Any, definition: Any, document: Any
) -> None:
    with SfnSync(seed=0) as sfn:
        try:
            machine = sfn.register("generated", definition)
        except DefinitionError:
            event("refused at registration")
            return
        sfn.mock_lambda("echo", calls=lambda echoed: echoed)
        sfn.mock_lambda("fails", calls=_fail)
        sfn.mock_resource("dynamodb:getItem", returns={"Item": {}}, takes=2.5)
        try:
            response = client.start_sync_execution(stateMachineArn=machine.arn, input=json.dumps(document))
        except ClientError as refused:
            event(f"refused: {refused.response['Error']['Code']}")
            return
    event(f"{response['status']} {response.get('error')}")
    assert response["status"] in ENDS
    assert len(sfn.executions) == 1
    assert sfn.executions[0].history[0]["type"] == "ExecutionStarted"


@given(definition=well_formed_definitions)
@examples(60)
def test_well_formed_definitions_are_registered(definition: Any) -> None:
    with SfnSync() as sfn:
        assert sfn.register("generated", definition).definition == definition


def _fail(payload: Any) -> Any:
    raise ValueError("the function fails")
