"""The results of distributed Maps: what a ResultWriter writes, and the forms of the result without a bucket."""

from __future__ import annotations

import json

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.distributed_maps import PUT, Objects, distributed, only_map_run, run_with_objects
from tests.asl.states.test_distributed_map import PREFIX, failing

PARAMETERS: JSON = {"Bucket": "results", "Prefix": "out"}


def writer(**config: JSON) -> JSON:
    return {"Resource": PUT, "Parameters": PARAMETERS, **({"WriterConfig": config} if config else {})}


def documents(objects: Objects) -> dict[str, JSON]:
    return {key.rpartition("/")[2]: json.loads(body) for key, body in objects.written.items()}


def test_the_result_names_the_manifest() -> None:
    objects = Objects()
    run = run_with_objects(distributed(ResultWriter=writer()), [1, 2], objects)
    map_run = only_map_run(run)
    folder = f"out/{map_run.id}"
    assert run.output == {
        "MapRunArn": map_run.arn,
        "ResultWriterDetails": {"Bucket": "results", "Key": f"{folder}/manifest.json"},
    }
    size = len(objects.written[f"{folder}/SUCCEEDED_0.json"].encode())
    assert documents(objects)["manifest.json"] == {
        "DestinationBucket": "results",
        "MapRunArn": map_run.arn,
        "ResultFiles": {
            "FAILED": [],
            "PENDING": [],
            "SUCCEEDED": [{"Key": f"{folder}/SUCCEEDED_0.json", "Size": size}],
        },
    }


def test_a_writer_without_a_prefix() -> None:
    objects = Objects()
    definition = distributed(ResultWriter={"Resource": PUT, "Parameters": {"Bucket": "results"}})
    run = run_with_objects(definition, [1], objects)
    assert run.output["ResultWriterDetails"]["Key"] == f"{only_map_run(run).id}/manifest.json"


def test_each_kind_has_its_file_on_failure_as_well() -> None:
    objects = Objects()
    definition = distributed(ResultWriter=writer(), MaxConcurrency=1, Label="rows")
    run = run_with_objects(definition, [1, 2, 3], objects, failing(2))
    map_run = only_map_run(run)
    first, second, _ = map_run.children
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:machine/rows"
    found = documents(objects)
    assert run.status == "FAILED"
    date = "2023-11-14T22:13:20.000Z"
    assert found["SUCCEEDED_0.json"] == [
        {
            "ExecutionArn": first.arn,
            "Input": "1",
            "InputDetails": {"Included": True},
            "Name": map_run.name_of(first),
            "Output": "1",
            "OutputDetails": {"Included": True},
            "RedriveCount": 0,
            "RedriveStatus": "NOT_REDRIVABLE",
            "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
            "StartDate": date,
            "StateMachineArn": machine,
            "Status": "SUCCEEDED",
            "StopDate": date,
        }
    ]
    assert found["FAILED_0.json"] == [
        {
            "Cause": "no",
            "Error": "Order.Refused",
            "ExecutionArn": second.arn,
            "Input": "2",
            "InputDetails": {"Included": True},
            "Name": map_run.name_of(second),
            "RedriveCount": 0,
            "RedriveStatus": "REDRIVABLE_BY_MAP_RUN",
            "StartDate": date,
            "StateMachineArn": machine,
            "Status": "FAILED",
            "StopDate": date,
        }
    ]
    assert found["PENDING_0.json"] == [{"Input": "3", "InputDetails": {"Included": True}, "Status": "PENDING"}]


@pytest.mark.parametrize(
    ("config", "name", "text"),
    [
        pytest.param({"Transformation": "COMPACT"}, "SUCCEEDED_0.json", "[[1,2],3]", id="compact"),
        pytest.param({"Transformation": "FLATTEN"}, "SUCCEEDED_0.json", "[1,2,3]", id="flat"),
        pytest.param(
            {"Transformation": "COMPACT", "OutputType": "JSONL"}, "SUCCEEDED_0.jsonl", "[1,2]\n3\n", id="lines"
        ),
    ],
)
def test_the_forms_of_a_file(config: dict[str, JSON], name: str, text: str) -> None:
    objects = Objects()
    run_with_objects(distributed(ResultWriter=writer(**config)), [[1, 2], 3], objects)
    assert {key.rpartition("/")[2]: body for key, body in objects.written.items()}[name] == text


def test_children_that_failed_are_always_written_in_full() -> None:
    objects = Objects()
    config = {"Transformation": "COMPACT", "OutputType": "JSON"}
    definition = distributed(ResultWriter=writer(**config), ToleratedFailureCount=1)
    run_with_objects(definition, [1, 2], objects, failing(2))
    (failed,) = documents(objects)["FAILED_0.json"]
    assert (failed["Status"], failed["Error"], documents(objects)["SUCCEEDED_0.json"]) == (
        "FAILED",
        "Order.Refused",
        [1],
    )


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param({"OutputType": "JSON"}, [[1, 2], 3], id="compact without a transformation"),
        pytest.param({"Transformation": "FLATTEN", "OutputType": "JSON"}, [1, 2, 3], id="flat"),
        pytest.param({"Transformation": "COMPACT", "OutputType": "JSONL"}, "[1,2]\n3\n", id="lines"),
    ],
)
def test_a_writer_without_a_bucket_forms_the_result(config: dict[str, JSON], expected: JSON) -> None:
    objects = Objects()
    run = run_with_objects(distributed(ResultWriter={"WriterConfig": config}), [[1, 2], 3], objects)
    assert (run.output, objects.written) == (expected, {})


def test_a_writer_without_a_bucket_and_without_a_transformation_of_the_children() -> None:
    config = {"Transformation": "NONE", "OutputType": "JSON"}
    run = run_with_objects(distributed(ResultWriter={"WriterConfig": config}), [1])
    assert (run.output[0]["Status"], run.output[0]["Output"]) == ("SUCCEEDED", "1")


def test_a_test_manifest_that_can_not_be_written_fails_before_the_map_run() -> None:
    objects = Objects()
    objects.refuses = "Access Denied"
    run = run_with_objects(distributed(ResultWriter=writer()), [1], objects)
    text = "Failed to write a test manifest into the specified output bucket. Access Denied"
    assert (run.error, run.cause, run.map_runs) == ("States.Runtime", PREFIX + text, [])
    assert [type_ for type_, _, _, _ in run.history.events][2:] == ["MapStateStarted", "ExecutionFailed"]


def test_results_that_can_not_be_written_fail_the_map_run() -> None:
    objects = Objects()
    objects.refuses, objects.refuses_from = "Slow Down", 1
    run = run_with_objects(distributed(ResultWriter=writer()), [1], objects)
    assert (run.error, run.cause) == ("States.ResultWriterFailed", "Slow Down")
    assert [type_ for type_, _, _, _ in run.history.events][4:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]
