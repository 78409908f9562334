"""The warning at registration: one for a machine, with every place in it, told of the caller's own line."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import botocore
import pytest

from pytest_sfn_sync import DefinitionWarning, SfnSync
from tests.asl.diagnosing import machine

UNKNOWN = f"UNKNOWN_INTEGRATION: botocore {botocore.__version__} does not know the service 'cloudnineteen'."
UNCHECKED = (
    "AWS refuses it if it does not know it either. The machine is registered, and nothing of this task is checked. "
    "Nearest: "
)


def rain(**parameters: Any) -> dict[str, Any]:
    resource = "arn:aws:states:::aws-sdk:cloudnineteen:makeRain"
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}


DEFINITION = machine({"Rain": {**rain(), "End": False, "Next": "Again"}, "Again": rain()})
DEFINITION["States"]["Rain"].pop("End")


def test_one_warning_tells_everything() -> None:
    with SfnSync() as sfn, pytest.warns(DefinitionWarning) as told:
        sfn.register("weather", DEFINITION)
    assert [re.sub("Nearest: [a-z0-9, ]+[.]", "Nearest: ", str(one.message)) for one in told] == [
        f"""\
Machine 'weather' is registered with 2 warnings:
  {UNKNOWN} at /States/Rain/Resource
      {UNCHECKED}
  {UNKNOWN} at /States/Again/Resource
      {UNCHECKED}"""
    ]
    assert [one.filename for one in told] == [__file__]


def test_a_file_is_told_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "weather.asl.json"
    resource = "arn:aws:states:::aws-sdk:cloudnineteen:makeRain"
    task = f'{{"Type": "Task",\n"Resource": "{resource}",\n"Parameters": {{}}, "End": true}}'
    path.write_text(f'{{"StartAt": "Rain", "States": {{"Rain": {task}}}}}')
    with SfnSync() as sfn, pytest.warns(DefinitionWarning, match=re.escape("weather.asl.json:2:13")):
        sfn.register("weather", path)


def test_the_same_machine_again_is_told_once() -> None:
    with SfnSync() as sfn:
        with pytest.warns(DefinitionWarning):
            sfn.register("weather", DEFINITION)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            sfn.register("weather", DEFINITION)


def test_what_aws_only_warns_of_is_no_warning_here() -> None:
    state = {"Type": "Pass", "Parameters": {"looks": "$.like.a.path"}, "End": True}
    with SfnSync() as sfn, warnings.catch_warnings():
        warnings.simplefilter("error")
        sfn.register("orders", machine({"S": state}))


def test_an_integration_that_nobody_knows_runs_with_any_mock() -> None:
    with SfnSync() as sfn:
        with pytest.warns(DefinitionWarning):
            weather = sfn.register("weather", machine({"Rain": {**rain(Litres=3), "ResultPath": "$.rain"}}))
        with pytest.warns(DefinitionWarning, match=r"^mock_resource\('aws-sdk:cloudnineteen:makeRain'\): botocore "):
            sfn.mock_resource("aws-sdk:cloudnineteen:makeRain", returns={"Anything": [1]})
        response = sfn.client().start_sync_execution(stateMachineArn=weather.arn)
    assert response["output"] == '{"rain":{"Anything":[1]}}'


def test_its_errors_are_free() -> None:
    with SfnSync() as sfn:
        with pytest.warns(DefinitionWarning):
            weather = sfn.register("weather", machine({"Rain": rain()}))
        sfn.mock_task("Rain", raises="CloudNineteen.DroughtException")
        response = sfn.client().start_sync_execution(stateMachineArn=weather.arn)
    assert response["error"] == "CloudNineteen.DroughtException"
