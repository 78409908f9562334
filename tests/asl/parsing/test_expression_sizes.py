"""Expressions that are too large to be read are refused in words, before any of them is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.asl.expressions import ExpressionTooLargeError
from pytest_sfn_sync.asl.parsing.expression_sizes import check_expression_sizes
from pytest_sfn_sync.errors import DefinitionError, SfnSyncUsageError

NUMBERS = f"{{% [{'1,' * 125_000}1] %}}"
ONES = "1," * 49 + "1"


def passing(**fields: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True, **fields}}}


def size_fault(definition: dict[str, Any]) -> str:
    with pytest.raises(ExpressionTooLargeError) as refused:
        check_expression_sizes(definition, len(json.dumps(definition)))
    return str(refused.value)


def test_the_place_of_a_large_jsonata_expression_is_named() -> None:
    assert size_fault(passing(QueryLanguage="JSONata", Output={"a": NUMBERS})) == (
        "its JSONata expressions have more than 250,000 names, numbers and signs together; the last one that was read "
        f"is at /States/A/Output/a: {{% [{ONES[:96]} ...(249,909 more characters). Pass large data in the input, or "
        "let a task read it"
    )


def test_the_place_of_a_large_path_is_named() -> None:
    path = "$" + ".a" * 50_000
    assert size_fault(passing(Parameters={"list": [{"a.$": path}]})) == (
        "the path or intrinsic function at /States/A/Parameters/list[0]/a.$ has 100,001 characters, and at most "
        f"100,000 are read: {path[:100]} ...(99,901 more characters). Pass large data in the input, or let a task read "
        "it"
    )


@pytest.mark.parametrize(
    "output",
    [
        pytest.param({f"k{number}": "{% $states.input.amount %}" for number in range(30_000)}, id="many expressions"),
        pytest.param(f"{{% '{'x' * 500_000}' %}}", id="a long text"),
        pytest.param(f"{{% /* {'1,' * 250_000} */ 1 %}}", id="a long comment"),
        pytest.param("1," * 250_000, id="a text that is no expression"),
        pytest.param(f"{{% [{'1,' * 124_000}1] %}}", id="an expression within the limit"),
    ],
)
def test_what_is_read_quickly_is_not_refused(output: Any) -> None:
    definition = passing(QueryLanguage="JSONata", Output=output)
    check_expression_sizes(definition, len(json.dumps(definition)))


def test_it_is_a_usage_error_wherever_a_definition_is_given() -> None:
    definition = json.dumps(passing(QueryLanguage="JSONata", Output=NUMBERS))
    with SfnSync() as sfn:
        client = sfn.client()
        with pytest.raises(DefinitionError, match="Machine 'm' can't be registered: its JSONata expressions have more"):
            sfn.register("m", definition)
        with pytest.raises(SfnSyncUsageError, match="The definition can't be checked: its JSONata expressions have"):
            client.create_state_machine(name="m", definition=definition, roleArn="arn:aws:iam::123456789012:role/r")
        with pytest.raises(SfnSyncUsageError, match="ValidateStateMachineDefinition: its JSONata expressions have"):
            client.validate_state_machine_definition(definition=definition)
        with pytest.raises(SfnSyncUsageError, match="TestState: its JSONata expressions have more than 250,000"):
            client.test_state(
                definition=json.dumps(json.loads(definition)["States"]["A"] | {"QueryLanguage": "JSONata"})
            )
        assert len(sfn.usage_errors) == 3  # Those of the API; the other one was raised to the test itself.
        sfn.usage_errors.clear()
