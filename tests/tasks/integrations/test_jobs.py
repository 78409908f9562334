"""The jobs of ``.sync``: which results are those of failed jobs, and which are not results at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import MockError
from pytest_sfn_sync.tasks.failing_results import error_of_result
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.job_table import JOBS, job_of
from pytest_sfn_sync.tasks.integrations.jobs import Job, parameters
from pytest_sfn_sync.tasks.integrations.mock_checks import check_mock_result
from pytest_sfn_sync.tasks.integrations.patterns import PATTERNS, SYNC
from pytest_sfn_sync.tasks.integrations.shapes import NONE, PRESENT, STRICT
from pytest_sfn_sync.tasks.resources import resource_of

WITH_SHAPES = sorted(key for key, job in JOBS.items() if job.operation is not None)


def test_each_integration_with_jobs_is_known() -> None:
    assert sorted(JOBS) == sorted(key for key, patterns in PATTERNS.items() if SYNC in patterns)


@pytest.mark.parametrize("key", WITH_SHAPES)
def test_the_words_for_the_end_of_a_job_are_those_of_its_service(key: str) -> None:
    job = JOBS[key]
    shape = job.shape()
    assert shape is not None
    for name in job.status if job.member is None else job.status[1:]:
        shape = shape.members[name]

    assert shape.enum is None or len(set(shape.enum) & (job.succeeded | job.failed)) > 0


@pytest.mark.parametrize(
    ("key", "job"),
    [
        pytest.param("batch:submitJob", None, id="request-response"),
        pytest.param("batch:submitJob.waitForTaskToken", None, id="with a token"),
        pytest.param("batch:submitJob.sync:2", None, id="a pattern that the integration lacks"),
        pytest.param("sqs:sendMessage.sync", None, id="an integration without jobs"),
        pytest.param("batch:submitJob.sync", JOBS["batch:submitJob"], id="a job"),
    ],
)
def test_the_job_of_a_resource(key: str, job: Job | None) -> None:
    assert job_of(key) is job


@pytest.mark.parametrize(
    ("key", "result"),
    [
        ("athena:startQueryExecution", {"QueryExecution": {"Status": {"State": "CANCELLED"}}}),
        ("batch:submitJob", {"Status": "FAILED", "StatusReason": "Essential container in task exited"}),
        ("bedrock:createModelCustomizationJob", {"Status": "Stopped"}),
        ("codebuild:startBuild", {"Build": {"BuildStatus": "FAULT"}}),
        ("codebuild:startBuildBatch", {"BuildBatch": {"BuildBatchStatus": "TIMED_OUT"}}),
        ("codebuild:retryBuildBatch", {"BuildBatch": {"BuildBatchStatus": "FAILED"}}),
        ("databrew:startJobRun", {"State": "TIMEOUT"}),
        ("ecs:runTask", {"Containers": [{"ExitCode": 0}, {"ExitCode": 1}]}),
        ("ecs:runTask", {"StopCode": "TaskFailedToStart", "Containers": [{"Name": "app"}]}),
        ("eks:createCluster", {"Cluster": {"Status": "FAILED"}}),
        ("eks:createNodegroup", {"Nodegroup": {"Status": "CREATE_FAILED"}}),
        ("eks:deleteFargateProfile", {"FargateProfile": {"Status": "DELETE_FAILED"}}),
        ("eks:runJob", {"status": {"conditions": [{"type": "Failed", "status": "True"}]}}),
        ("eks:runJob", {"Status": {"Conditions": [{"Type": "Failed", "Status": "True"}]}}),
        ("elasticmapreduce:addStep", {"Step": {"Status": {"State": "FAILED"}}}),
        ("elasticmapreduce:addStep", {"Status": {"State": "INTERRUPTED"}}),
        (
            "elasticmapreduce:createCluster",
            {"ClusterId": "j-1", "Cluster": {"Status": {"State": "TERMINATED_WITH_ERRORS"}}},
        ),
        ("emr-containers:startJobRun", {"JobRun": {"State": "FAILED"}}),
        ("emr-containers:createVirtualCluster", {"VirtualCluster": {"State": "ARRESTED"}}),
        ("emr-serverless:startJobRun", {"JobRun": {"State": "CANCELLED"}}),
        ("emr-serverless:startApplication", {"Application": {"State": "TERMINATED"}}),
        ("glue:startJobRun", {"JobRunState": "TIMEOUT", "ErrorMessage": "timed out"}),
        ("mediaconvert:createJob", {"Job": {"Status": "ERROR"}}),
        ("sagemaker:createAutoMLJob", {"AutoMLJobStatus": "Failed"}),
        ("sagemaker:createTrainingJob", {"TrainingJobStatus": "Failed", "FailureReason": "out of memory"}),
        ("sagemaker:createTransformJob", {"TransformJobStatus": "Stopped"}),
        ("states:startExecution", {"Status": "TIMED_OUT"}),
    ],
)
def test_a_job_that_failed_fails_its_task_with_itself_as_the_cause(key: str, result: dict[str, Any]) -> None:
    error_of = error_of_result(resource_of(f"arn:aws:states:::{key}.sync"))
    assert error_of is not None

    assert error_of(result) == ("States.TaskFailed", json.dumps(result, separators=(",", ":")))
    assert error_of_result(resource_of(f"arn:aws:states:::{key}")) is None


def test_an_ecs_task_that_was_not_placed() -> None:
    result = {"Tasks": [], "Failures": [{"Reason": "RESOURCE:MEMORY"}]}

    assert JOBS["ecs:runTask"].failure(result) == (
        "AmazonECS.Unknown",
        '{"Tasks":[],"Failures":[{"Reason":"RESOURCE:MEMORY"}]}',
    )


@pytest.mark.parametrize(
    ("key", "result"),
    [
        ("batch:submitJob", {"Status": "SUCCEEDED"}),
        ("batch:submitJob", {"JobId": "1"}),
        ("batch:submitJob", None),
        ("ecs:runTask", None),
        ("ecs:runTask", {}),
        ("ecs:runTask", {"Containers": [{"ExitCode": 0}, {"Name": "without a code"}], "Failures": []}),
        ("eks:runJob", {}),
        ("eks:runJob", {"status": {"conditions": [{"type": "Complete", "status": "True"}, "odd"]}}),
        ("eks:runJob", {"status": {"conditions": [{"type": "Failed", "status": "False"}]}}),
        ("elasticmapreduce:terminateCluster", {"Cluster": {"Status": {"State": "TERMINATED_WITH_ERRORS"}}}),
        ("emr-serverless:deleteApplication", {"Application": {"State": "TERMINATED"}}),
        ("glue:startJobRun", {"JobRunState": "SUCCEEDED"}),
    ],
)
def test_a_job_that_did_not_fail(key: str, result: Any) -> None:
    assert JOBS[key].failure(result) is None


@pytest.mark.parametrize(
    ("key", "result", "fault"),
    [
        pytest.param(
            "batch:submitJob.sync",
            {"Jobs": [{"Status": "FAILED"}]},
            '  given     {"Jobs": [{"Status": "FAILED"}]}\n'
            "It is the answer of DescribeJobs. The result of the task is the job in it, ['Jobs'][0].",
            id="the answer of the call that describes jobs",
        ),
        pytest.param(
            "codebuild:startBuild.sync",
            {"Builds": [{"BuildStatus": "FAILED"}]},
            '  given     {"Builds": [{"BuildStatus": "FAILED"}]}\n'
            "It is the answer of BatchGetBuilds. The result of the task is the job in it, ['Builds'][0], as the member "
            "'Build'.",
            id="the answer of the call that describes builds",
        ),
        pytest.param(
            "athena:startQueryExecution.sync",
            {"Status": {"State": "FAILED"}},
            '  given     {"Status": {"State": "FAILED"}}\n'
            "The job is the member 'QueryExecution' of the result: {'QueryExecution': {...}}.",
            id="a job without its envelope",
        ),
        pytest.param(
            "glue:startJobRun.sync",
            {"JobRunState": "RUNNING"},
            '  given     {"JobRunState": "RUNNING"}\n'
            "A job in the state 'RUNNING' ($.JobRunState) has not ended, and the task would wait for it. Jobs end as "
            "ERROR, EXPIRED, FAILED, STOPPED, SUCCEEDED, TIMEOUT. Leave the member out for a job that succeeded.",
            id="a job that runs",
        ),
        pytest.param(
            "batch:submitJob.sync",
            {"JobId": 5},
            "  member    $.JobId\n"
            "  expected  a string\n"
            "  given     5\n"
            "  AWS says  Mock result schema validation error: Field 'JobId' must be a string",
            id="a member of a wrong type",
        ),
        pytest.param(
            "states:startExecution.sync",
            {"Output": {"n": 5}},
            "  member    $.Output\n"
            "  expected  a string\n"
            '  given     {"n": 5}\n'
            "  AWS says  Mock result schema validation error: Field 'Output' must be a string",
            id="an output that is not JSON text with .sync",
        ),
        pytest.param(
            "codebuild:startBuild.sync",
            {"Build": {"BuildNumber": "5"}},
            "  member    $.Build.BuildNumber\n"
            "  expected  a number\n"
            '  given     "5"\n'
            "  AWS says  Mock result schema validation error: Field 'BuildNumber' must be a number",
            id="a member of a build",
        ),
    ],
)
def test_a_result_that_no_job_has(key: str, result: Any, fault: str) -> None:
    integration = integration_of(key)
    assert integration is not None

    with pytest.raises(MockError) as refused:
        check_mock_result(result, integration, PRESENT, mock="mock_task('Run')", place="state 'Run'")

    base = key.partition(".")[0]
    assert str(refused.value).startswith(
        f"mock_task('Run'): its result is not one that {base}.sync gives.\n  from      state 'Run'\n{fault}\nTo leave"
    )
    check_mock_result(result, integration, NONE, mock="mock_task('Run')", place="state 'Run'")


@pytest.mark.parametrize(
    ("key", "result"),
    [
        pytest.param("ecs:runTask.sync", {"StartedAt": 1718000000000, "LastStatus": "STOPPED"}, id="dates as numbers"),
        pytest.param("batch:submitJob.sync", {"CreatedAt": 1718000000000, "Status": "SUCCEEDED"}, id="of Batch"),
        pytest.param("states:startExecution.sync:2", {"Input": {}, "Output": [1]}, id="documents with .sync:2"),
        pytest.param("states:startExecution.sync:2", {"Status": "SUCCEEDED", "Output": None}, id="null with .sync:2"),
        pytest.param("states:startExecution.sync", {"Output": "[1]"}, id="JSON text with .sync"),
        pytest.param("elasticmapreduce:createCluster.sync", {"ClusterId": "j-1"}, id="a shape that is not known"),
        pytest.param("codebuild:startBuild.sync", {"other": 1}, id="no build at all"),
    ],
)
def test_a_result_that_a_job_may_have(key: str, result: Any) -> None:
    integration = integration_of(key)
    assert integration is not None

    check_mock_result(result, integration, PRESENT, mock="mock_task('Run')", place=None)


def test_a_result_that_is_no_object() -> None:
    integration = integration_of("states:startExecution.sync:2")
    assert integration is not None

    with pytest.raises(MockError, match=r"Mocked result must be a JSON object\."):
        check_mock_result("text", integration, STRICT, mock="mock_task('Run')", place=None)


def test_the_parameters_of_a_call_about_a_job() -> None:
    given = [
        ("Reason", "'Terminated'"),
        ("Jobs", "[JobId]"),
        ("Task", "Tasks.0.TaskArn"),
        ("Cluster", "request.Cluster"),
        ("Name", "request.Name"),
    ]

    assert parameters(given, {"Cluster": "c"}, {"JobId": "j", "Tasks": [{"TaskArn": "t"}]}) == {
        "Reason": "Terminated",
        "Jobs": ["j"],
        "Task": "t",
        "Cluster": "c",
    }
