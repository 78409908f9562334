"""Jobs that a task starts through a live client, and polls in virtual time until they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from pytest_sfn_sync import Execution, MockError, SfnSync

NOW = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
GLUE = {"JobName": "report"}
STARTED = {"JobRunId": "jr_1"}
POLL = {"JobName": "report", "RunId": "jr_1"}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=NOW, seed=7) as sfn:
        yield sfn


def client_of(service: str) -> Any:
    return boto3.client(service, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s")


def stubbed(sfn: SfnSync, service: str = "glue") -> Stubber:
    client = client_of(service)
    sfn.use_client(service, client)
    stubber = Stubber(client)
    stubber.activate()
    return stubber


def run(sfn: SfnSync, resource: str = "glue:startJobRun", parameters: Any = GLUE, **fields: Any) -> Execution:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}.sync", "Parameters": parameters, "End": True}
    definition = {"StartAt": "Run", "States": {"Run": {**state, **fields}}}
    return sfn.register("jobs", definition, type="STANDARD").run({})


def job_run(state: str, **members: Any) -> dict[str, Any]:
    return {"JobRun": {"Id": "jr_1", "JobRunState": state, **members}}


def types(execution: Execution) -> list[str]:
    return [event["type"] for event in execution.history][2:-1]


def test_a_job_is_polled_until_it_ends(sfn: SfnSync) -> None:
    glue = stubbed(sfn)
    glue.add_response("start_job_run", STARTED, GLUE)
    for state in ("STARTING", "RUNNING"):
        glue.add_response("get_job_run", job_run(state), POLL)
    glue.add_response("get_job_run", job_run("SUCCEEDED", CompletedOn=NOW), POLL)

    execution = run(sfn)

    execution.assert_succeeded(
        output={"CompletedOn": int(NOW.timestamp() * 1000), "Id": "jr_1", "JobRunState": "SUCCEEDED"}
    )
    assert execution.duration == 2
    assert types(execution) == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited"]
    submitted = json.loads(execution.history[4]["taskSubmittedEventDetails"]["output"])
    assert list(submitted) == ["JobRunId", "SdkHttpMetadata", "SdkResponseMetadata"]
    assert execution.calls[0].answered_by == "use_client('glue')"


def test_a_job_that_fails_fails_the_task(sfn: SfnSync) -> None:
    glue = stubbed(sfn)
    glue.add_response("start_job_run", STARTED, GLUE)
    glue.add_response("get_job_run", job_run("FAILED", ErrorMessage="no table"), POLL)

    execution = run(sfn)

    execution.assert_failed(
        error="States.TaskFailed", cause='{"ErrorMessage":"no table","Id":"jr_1","JobRunState":"FAILED"}'
    )


def test_a_job_that_cannot_start(sfn: SfnSync) -> None:
    glue = stubbed(sfn)
    glue.add_client_error("start_job_run", "EntityNotFoundException", "no such job")

    execution = run(sfn)

    assert execution.error == "Glue.EntityNotFoundException"
    assert "TaskSubmitted" not in types(execution)


def test_a_poll_that_is_refused(sfn: SfnSync) -> None:
    glue = stubbed(sfn)
    glue.add_response("start_job_run", STARTED, GLUE)
    glue.add_client_error("get_job_run", "EntityNotFoundException", "no such run")

    execution = run(sfn)

    assert execution.error == "Glue.EntityNotFoundException"
    assert "TaskSubmitted" in types(execution)


def test_a_job_that_does_not_end_is_a_usage_error(sfn: SfnSync) -> None:
    glue = stubbed(sfn)
    glue.add_response("start_job_run", STARTED, GLUE)
    for _ in range(100):
        glue.add_response("get_job_run", job_run("RUNNING"), POLL)

    with pytest.raises(MockError) as refused:
        run(sfn)

    assert str(refused.value) == (
        "use_client('glue'): the job has not ended after 100 polls by GetJobRun, one each second of virtual time.\n"
        "  from   state 'Run'\n"
        "  state  'RUNNING' ($.JobRunState)\n"
        "The service behind the client does not let it end. Let it end there, or mock the task with the job as it "
        "ends: sfn_sync.mock_task('Run', returns=...)."
    )
    sfn.usage_errors.clear()


@pytest.mark.parametrize("stops", [True, False], ids=["and is stopped", "and cannot be stopped"])
def test_a_job_that_takes_too_long_times_out(sfn: SfnSync, stops: bool) -> None:
    glue = stubbed(sfn)
    glue.add_response("start_job_run", STARTED, GLUE)
    for _ in range(3):
        glue.add_response("get_job_run", job_run("RUNNING"), POLL)
    if stops:
        glue.add_response("batch_stop_job_run", {}, {"JobName": "report", "JobRunIds": ["jr_1"]})
    else:
        glue.add_client_error("batch_stop_job_run", "InternalServiceException")

    execution = run(sfn, TimeoutSeconds=2)

    execution.assert_failed(error="States.Timeout")
    assert execution.duration == 2
    glue.assert_no_pending_responses()


def test_a_token_leaves_the_job_to_itself(sfn: SfnSync) -> None:
    glue = stubbed(sfn)
    tokens: list[str] = []

    def answer(params: dict[str, Any], **_: Any) -> None:
        tokens.append(params["Arguments"]["--token"])

    glue.client.meta.events.register("provide-client-params.glue.StartJobRun", answer)
    glue.add_response("start_job_run", STARTED)
    glue.add_response("get_job_run", job_run("RUNNING"), POLL)
    glue.client.meta.events.register(
        "before-parameter-build.glue.GetJobRun",
        lambda **_: sfn.client().send_task_success(taskToken=tokens[0], output='"early"') and None,
    )

    execution = run(sfn, parameters={**GLUE, "Arguments": {"--token.$": "$$.Task.Token"}})

    execution.assert_succeeded(output="early")


def test_a_resource_that_is_gone_was_deleted(sfn: SfnSync) -> None:
    eks = stubbed(sfn, "eks")
    eks.add_response("delete_cluster", {"cluster": {"name": "c", "status": "DELETING"}}, {"name": "c"})
    eks.add_client_error("describe_cluster", "ResourceNotFoundException", "no cluster")

    execution = run(sfn, "eks:deleteCluster", {"Name": "c"})

    execution.assert_succeeded(output={})


def test_a_stop_that_is_not_known_is_left_out(sfn: SfnSync) -> None:
    eks = stubbed(sfn, "eks")
    eks.add_response("create_cluster", {"cluster": {"name": "c"}})
    for _ in range(2):
        eks.add_response("describe_cluster", {"cluster": {"name": "c", "status": "CREATING"}}, {"name": "c"})

    cluster = {"Name": "c", "RoleArn": "arn:aws:iam::111111111111:role/eks", "ResourcesVpcConfig": {}}
    run(sfn, "eks:createCluster", cluster, TimeoutSeconds=1).assert_failed(error="States.Timeout")


def test_a_task_of_ecs_that_was_not_placed(sfn: SfnSync) -> None:
    ecs = stubbed(sfn, "ecs")
    ecs.add_response("run_task", {"tasks": [], "failures": [{"reason": "RESOURCE:MEMORY"}]})

    execution = run(sfn, "ecs:runTask", {"TaskDefinition": "d"})

    execution.assert_failed(error="AmazonECS.Unknown")
    assert "TaskSubmitted" not in types(execution)


def test_a_task_of_ecs_that_is_not_found_at_once(sfn: SfnSync) -> None:
    ecs = stubbed(sfn, "ecs")
    task = {"taskArn": "t", "lastStatus": "STOPPED", "containers": [{"name": "app", "exitCode": 0}]}
    ecs.add_response("run_task", {"tasks": [{"taskArn": "t"}], "failures": []})
    for tasks in ([], [task]):
        ecs.add_response("describe_tasks", {"tasks": tasks}, {"tasks": ["t"]})

    execution = run(sfn, "ecs:runTask", {"TaskDefinition": "d"})

    assert execution.output == {
        "Containers": [{"ExitCode": 0, "Name": "app"}],
        "LastStatus": "STOPPED",
        "TaskArn": "t",
    }


def test_a_build_is_a_member_of_the_result(sfn: SfnSync) -> None:
    codebuild = stubbed(sfn, "codebuild")
    build = {"id": "b:1", "buildStatus": "SUCCEEDED"}
    codebuild.add_response("start_build", {"build": {"id": "b:1"}}, {"projectName": "p"})
    codebuild.add_response("batch_get_builds", {"builds": [build]}, {"ids": ["b:1"]})

    execution = run(sfn, "codebuild:startBuild", {"ProjectName": "p"})

    execution.assert_succeeded(output={"Build": {"BuildStatus": "SUCCEEDED", "Id": "b:1"}})


def test_a_query_of_moto(sfn: SfnSync) -> None:
    with mock_aws():
        sfn.use_clients("athena")
        execution = run(
            sfn,
            "athena:startQueryExecution",
            {"QueryString": "SELECT 1", "ResultConfiguration": {"OutputLocation": "s3://b/"}},
        )

    assert execution.output["QueryExecution"]["Status"]["State"] == "SUCCEEDED"


def test_an_answer_between_two_polls_needs_no_further_one(sfn: SfnSync) -> None:
    glue = stubbed(sfn)
    glue.add_response("start_job_run", STARTED)
    glue.add_response("get_job_run", job_run("RUNNING"), POLL)

    seen: list[str] = []
    glue.client.meta.events.register(
        "provide-client-params.glue.StartJobRun", lambda params, **_: seen.append(params["Arguments"]["--token"])
    )
    sfn.mock_lambda(
        "answer", calls=lambda event: sfn.client().send_task_success(taskToken=seen[0], output='"early"') and None
    )
    job = {
        "Type": "Task",
        "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "Parameters": {**GLUE, "Arguments": {"--token.$": "$$.Task.Token"}},
        "End": True,
    }
    tell = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:answer", "End": True}
    branches = [{"StartAt": name, "States": {name: state}} for name, state in (("Run", job), ("Tell", tell))]
    both = {"Type": "Parallel", "Branches": branches, "End": True}

    execution = sfn.register("both", {"StartAt": "Both", "States": {"Both": both}}, type="STANDARD").run({})

    execution.assert_succeeded(output=["early", None])
    assert execution.duration == 0
    glue.assert_no_pending_responses()
