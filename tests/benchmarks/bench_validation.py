"""Registering a definition, which is to read, check and compile it: its cost at three sizes, for each form it has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_sfn_sync import SfnSync, validate_definition
from tests.benchmarks.measuring import seconds
from tests.benchmarks.tables import Tables

SIZES = (250, 500, 1000)
RUNS = 7
# What the project allows itself for a definition of 1,000 states.
ALLOWED_MILLISECONDS = 250
HEADING = "Registering"


def of_every_kind(count: int) -> dict[str, Any]:
    """A machine of so many states, in turn a Pass, a Task, a Choice, a Map with variables, and one in JSONata."""
    states: dict[str, Any] = {}
    for index in range(count - 1):
        name, following = f"State{index}", f"State{index + 1}"
        states[name] = _KINDS[index % len(_KINDS)](index, following)
    states[f"State{count - 1}"] = {"Type": "Succeed"}
    return {"StartAt": "State0", "States": states}


def _pass(index: int, following: str) -> dict[str, Any]:
    parameters = {"order.$": f"$.orders[{index}]", "at.$": "$$.State.EnteredTime", "kind": "plain"}
    return {"Type": "Pass", "Parameters": parameters, "ResultPath": f"$.found{index}", "Next": following}


def _task(index: int, following: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
        "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": f"States.Format('order-{index}-{{}}', $.id)"}}},
        "Retry": [{"ErrorEquals": ["DynamoDb.ThrottlingException"], "MaxAttempts": 4, "BackoffRate": 1.5}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": following}],
        "Next": following,
    }


def _choice(index: int, following: str) -> dict[str, Any]:
    both: list[dict[str, Any]] = [
        {"Variable": "$.paid", "BooleanEquals": True},
        {"Variable": "$.kind", "StringMatches": "b*k"},
    ]
    rules: list[dict[str, Any]] = [{"Variable": f"$.amount{index}", "NumericGreaterThan": 100}, {"And": both}]
    return {"Type": "Choice", "Choices": [{**rule, "Next": following} for rule in rules], "Default": following}


def _map(index: int, following: str) -> dict[str, Any]:
    item = {"Type": "Pass", "Assign": {"item.$": "$.id"}, "End": True}
    return {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemSelector": {"item.$": "$$.Map.Item.Value"},
        "ItemProcessor": {"StartAt": f"Item{index}", "States": {f"Item{index}": item}},
        "Assign": {f"count{index}.$": "States.ArrayLength($)"},
        "Next": following,
    }


def _jsonata(index: int, following: str) -> dict[str, Any]:
    output = {"total": f"{{% $sum($states.input.items.price) + {index} %}}", "rest": "{% $states.input %}"}
    return {"Type": "Pass", "QueryLanguage": "JSONata", "Output": output, "Next": following}


_KINDS: tuple[Callable[[int, str], dict[str, Any]], ...] = (_pass, _task, _choice, _map, _jsonata)


def as_dict(definition: dict[str, Any], folder: Path) -> Any:
    return definition


def as_json(definition: dict[str, Any], folder: Path) -> Path:
    path = folder / "machine.asl.json"
    path.write_text(json.dumps(definition, indent=2), encoding="utf-8")
    return path


def as_yaml(definition: dict[str, Any], folder: Path) -> Path:
    path = folder / "machine.asl.yaml"
    path.write_text(yaml.safe_dump(definition, sort_keys=False), encoding="utf-8")
    return path


def with_a_fault_in_each_state(definition: dict[str, Any], folder: Path) -> Path:
    for state in definition["States"].values():
        state["Coment"] = "misspelt"
    return as_json(definition, folder)


@pytest.mark.parametrize("form", [as_dict, as_json, as_yaml, with_a_fault_in_each_state])
def test_registering(form: Callable[[dict[str, Any], Path], Any], tables: Tables, tmp_path: Path) -> None:
    if HEADING not in tables.rows:
        tables.add(HEADING, "form", "states", "ms", "us for each", "allowed ms")
    for size in SIZES:
        definition = form(of_every_kind(size), tmp_path)
        needed = min(registering(definition, is_refused=form is with_a_fault_in_each_state) for _ in range(RUNS))
        allowed = str(ALLOWED_MILLISECONDS) if size == max(SIZES) and form is as_json else "-"
        told = form.__name__.replace("_", " ")
        tables.add(HEADING, told, str(size), f"{needed * 1e3:.0f}", f"{needed * 1e6 / size:.0f}", allowed)


def registering(definition: Any, *, is_refused: bool) -> float:
    """Seconds that a definition takes to be registered, or to be refused with all its faults."""
    if is_refused:
        return seconds(lambda: validate_definition(definition))
    with SfnSync() as sfn:
        return seconds(lambda: sfn.register("machine", definition))
