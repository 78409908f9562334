"""The table of jobs: one row for each integration that has ``.sync``.

A row names the call that describes the job, the place of the job in its answer, and the words for the end of the job.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pytest_sfn_sync.tasks.integrations.jobs import EcsTask, Job, KubernetesJob, ParsedExecution, Path
from pytest_sfn_sync.tasks.integrations.patterns import SYNC, SYNC_2

_STATES_START_EXECUTION: Final = "states:startExecution"


def _path(text: str) -> Path:
    return tuple(text.split(".")) if text else ()


def _pairs(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, source) for name, _, source in (word.partition("=") for word in words))


def _job(
    service: str,
    operation: str | None,
    given: str = "",
    *,
    stop: str = "",
    found: str = "",
    member: str | None = None,
    status: str = "",
    succeeded: str = "",
    failed: str = "",
    kind: type[Job] = Job,
    names: str = "",
) -> Job:
    stop_operation, *stop_given = stop.split() or [""]
    return kind(
        service=service,
        operation=operation,
        given=_pairs(given.split()),
        stop=stop_operation or None,
        stop_given=_pairs(stop_given),
        found=_path(found),
        member=member,
        status=_path(status),
        succeeded=frozenset(succeeded.split()),
        failed=frozenset(failed.split()),
        names={name: _path(path) for name, path in _pairs(names.split())},
    )


def _sagemaker(kind: str) -> Job:
    return _job(
        "sagemaker",
        f"Describe{kind}Job",
        f"{kind}JobName=request.{kind}JobName",
        stop=f"Stop{kind}Job {kind}JobName=request.{kind}JobName",
        status=f"{kind}JobStatus",
        succeeded="Completed",
        failed="Failed Stopped",
    )


def _eks(kind: str, name: str, *, is_deletion: bool, of: str = "ClusterName=request.ClusterName ") -> Job:
    return _job(
        "eks",
        f"Describe{kind}",
        f"{of}{name}=request.{name}",
        status=f"{kind}.Status",
        succeeded="DELETED DELETING" if is_deletion else "ACTIVE",
        failed="DELETE_FAILED FAILED" if is_deletion else "CREATE_FAILED FAILED",
    )


def _application(succeeded: str, *, is_new: bool = False) -> Job:
    given = "ApplicationId=ApplicationId" if is_new else "ApplicationId=request.ApplicationId"
    failed = "" if succeeded == "TERMINATED" else "TERMINATED"
    names = "ApplicationId=Application.ApplicationId Arn=Application.Arn Name=Application.Name"
    return _job(
        "emr-serverless",
        "GetApplication",
        given,
        status="Application.State",
        succeeded=succeeded,
        failed=failed,
        names=names if is_new else "",
    )


def _serverless_run(given: str, succeeded: str, failed: str) -> Job:
    return _job(
        "emr-serverless",
        "GetJobRun",
        f"ApplicationId=request.ApplicationId {given}",
        stop=f"CancelJobRun ApplicationId=request.ApplicationId {given}",
        status="JobRun.State",
        succeeded=succeeded,
        failed=failed,
        names="ApplicationId=JobRun.ApplicationId Arn=JobRun.Arn JobRunId=JobRun.JobRunId",
    )


def _build(batch: str) -> Job:
    return _job(
        "codebuild",
        "BatchGetBuildBatches" if batch else "BatchGetBuilds",
        f"Ids=[Build{batch}.Id]",
        stop=f"StopBuild{batch} Id=Build{batch}.Id",
        found="BuildBatches.0" if batch else "Builds.0",
        member=f"Build{batch}",
        status=f"Build{batch}.Build{batch}Status",
        succeeded="SUCCEEDED",
        failed="FAILED FAULT STOPPED TIMED_OUT",
    )


def _execution(kind: type[Job]) -> Job:
    return _job(
        "stepfunctions",
        "DescribeExecution",
        status="Status",
        succeeded="SUCCEEDED",
        failed="ABORTED FAILED TIMED_OUT",
        kind=kind,
    )


_VIRTUAL_CLUSTER: Final = "VirtualCluster.State"

JOBS: Final[dict[str, Job]] = {
    "athena:startQueryExecution": _job(
        "athena",
        "GetQueryExecution",
        "QueryExecutionId=QueryExecutionId",
        stop="StopQueryExecution QueryExecutionId=QueryExecutionId",
        status="QueryExecution.Status.State",
        succeeded="SUCCEEDED",
        failed="CANCELLED FAILED",
        names="QueryExecutionId=QueryExecution.QueryExecutionId",
    ),
    "batch:submitJob": _job(
        "batch",
        "DescribeJobs",
        "Jobs=[JobId]",
        stop="TerminateJob JobId=JobId Reason='Terminated'",
        found="Jobs.0",
        status="Status",
        succeeded="SUCCEEDED",
        failed="FAILED",
    ),
    "bedrock:createModelCustomizationJob": _job(
        "bedrock",
        "GetModelCustomizationJob",
        "JobIdentifier=JobArn",
        status="Status",
        succeeded="Completed",
        failed="Failed Stopped",
    ),
    "codebuild:startBuild": _build(""),
    "codebuild:startBuildBatch": _build("Batch"),
    "codebuild:retryBuildBatch": _build("Batch"),
    "databrew:startJobRun": _job(
        "databrew",
        "DescribeJobRun",
        "Name=request.Name RunId=RunId",
        stop="StopJobRun Name=request.Name RunId=RunId",
        status="State",
        succeeded="SUCCEEDED",
        failed="FAILED STOPPED TIMEOUT",
    ),
    # Measured: the result is the task itself.
    "ecs:runTask": _job(
        "ecs",
        "DescribeTasks",
        "Cluster=request.Cluster Tasks=[Tasks.0.TaskArn]",
        stop="StopTask Cluster=request.Cluster Task=Tasks.0.TaskArn",
        found="Tasks.0",
        status="LastStatus",
        succeeded="STOPPED",
        kind=EcsTask,
    ),
    "eks:createCluster": _eks("Cluster", "Name", is_deletion=False, of=""),
    "eks:deleteCluster": _eks("Cluster", "Name", is_deletion=True, of=""),
    "eks:createFargateProfile": _eks("FargateProfile", "FargateProfileName", is_deletion=False),
    "eks:deleteFargateProfile": _eks("FargateProfile", "FargateProfileName", is_deletion=True),
    "eks:createNodegroup": _eks("Nodegroup", "NodegroupName", is_deletion=False),
    "eks:deleteNodegroup": _eks("Nodegroup", "NodegroupName", is_deletion=True),
    "eks:runJob": _job("eks", None, kind=KubernetesJob),
    # Published machines read ClusterId of the result of createCluster, so that it is not only DescribeCluster's answer.
    # Its shape is not known, nor are those of the other two.
    "elasticmapreduce:createCluster": _job(
        "emr",
        None,
        status="Cluster.Status.State",
        succeeded="RUNNING WAITING",
        failed="TERMINATED TERMINATED_WITH_ERRORS TERMINATING",
    ),
    "elasticmapreduce:terminateCluster": _job(
        "emr", None, status="Cluster.Status.State", succeeded="TERMINATED TERMINATED_WITH_ERRORS"
    ),
    "elasticmapreduce:addStep": _job(
        "emr", None, status="Step.Status.State", succeeded="COMPLETED", failed="CANCELLED FAILED INTERRUPTED"
    ),
    "emr-containers:createVirtualCluster": _job(
        "emr-containers",
        "DescribeVirtualCluster",
        "Id=Id",
        status=_VIRTUAL_CLUSTER,
        succeeded="RUNNING",
        failed="ARRESTED TERMINATED TERMINATING",
        names="Arn=VirtualCluster.Arn Id=VirtualCluster.Id Name=VirtualCluster.Name",
    ),
    "emr-containers:deleteVirtualCluster": _job(
        "emr-containers",
        "DescribeVirtualCluster",
        "Id=request.Id",
        status=_VIRTUAL_CLUSTER,
        succeeded="TERMINATED",
        failed="ARRESTED",
        names="Id=VirtualCluster.Id",
    ),
    "emr-containers:startJobRun": _job(
        "emr-containers",
        "DescribeJobRun",
        "Id=Id VirtualClusterId=request.VirtualClusterId",
        stop="CancelJobRun Id=Id VirtualClusterId=request.VirtualClusterId",
        status="JobRun.State",
        succeeded="COMPLETED",
        failed="CANCELLED FAILED",
        names="Arn=JobRun.Arn Id=JobRun.Id Name=JobRun.Name VirtualClusterId=JobRun.VirtualClusterId",
    ),
    "emr-serverless:createApplication": _application("CREATED STARTED STARTING STOPPED", is_new=True),
    "emr-serverless:startApplication": _application("STARTED"),
    "emr-serverless:stopApplication": _application("STOPPED"),
    "emr-serverless:deleteApplication": _application("TERMINATED"),
    "emr-serverless:startJobRun": _serverless_run("JobRunId=JobRunId", "SUCCESS", "CANCELLED FAILED"),
    "emr-serverless:cancelJobRun": _serverless_run("JobRunId=request.JobRunId", "CANCELLED FAILED SUCCESS", ""),
    "glue:startJobRun": _job(
        "glue",
        "GetJobRun",
        "JobName=request.JobName RunId=JobRunId",
        stop="BatchStopJobRun JobName=request.JobName JobRunIds=[JobRunId]",
        found="JobRun",
        status="JobRunState",
        succeeded="SUCCEEDED",
        failed="ERROR EXPIRED FAILED STOPPED TIMEOUT",
        names="JobRunId=Id",
    ),
    "mediaconvert:createJob": _job(
        "mediaconvert",
        "GetJob",
        "Id=Job.Id",
        stop="CancelJob Id=Job.Id",
        status="Job.Status",
        succeeded="COMPLETE",
        failed="CANCELED ERROR",
    ),
    "sagemaker:createAutoMLJob": _sagemaker("AutoML"),
    "sagemaker:createHyperParameterTuningJob": _sagemaker("HyperParameterTuning"),
    "sagemaker:createLabelingJob": _sagemaker("Labeling"),
    "sagemaker:createProcessingJob": _sagemaker("Processing"),
    "sagemaker:createTrainingJob": _sagemaker("Training"),
    "sagemaker:createTransformJob": _sagemaker("Transform"),
    _STATES_START_EXECUTION: _execution(Job),
}
"""The kind of job of each integration that has ``.sync``, by the integration's key."""

_PARSED_EXECUTION: Final = _execution(ParsedExecution)


def job_of(key: str) -> Job | None:
    """Return the kind of job of a resource's key, such as ``batch:submitJob.sync``; None for a task without a job."""
    base, _, pattern = key.partition(".")
    if pattern == SYNC_2:
        return _PARSED_EXECUTION if base == _STATES_START_EXECUTION else None
    return JOBS.get(base) if pattern == SYNC else None
