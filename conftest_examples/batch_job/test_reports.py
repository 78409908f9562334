"""A job that a workflow waits for: its mock gives the job as it ends, and takes= is the time that it runs."""

from pathlib import Path

import pytest
from reports import log_of, start

DONE = {"JobId": "j-2", "Status": "SUCCEEDED", "Container": {"LogStreamName": "report/default/j-2"}}
FAILED = {"JobId": "j-1", "Status": "FAILED", "StatusReason": "Host EC2 terminated"}


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("report", Path(__file__).parent / "report.asl.json", type="STANDARD")


@pytest.fixture
def tell(sfn_sync):
    return sfn_sync.mock_resource("sns:publish", returns={"MessageId": "m-1"}, optional=True)


def test_a_job_that_fails_once_is_retried(sfn_sync, machine, tell):
    job = sfn_sync.mock_task("MakeReport", responses=[FAILED, DONE], takes=1200)

    execution = start(machine.arn, "2024-05-01")

    assert log_of(execution["executionArn"]) == "report/default/j-2"
    assert [call.attempt for call in job.calls] == [0, 1]
    assert sfn_sync.last_execution.duration == 2460  # 20 minutes each, and a minute before the retry
    tell.assert_not_called()


def test_a_job_that_fails_twice_is_told(sfn_sync, machine, tell):
    sfn_sync.mock_task("MakeReport", returns=FAILED)

    execution = start(machine.arn, "2024-05-01")

    assert log_of(execution["executionArn"]) is None
    assert tell.payloads[0]["Message"] == "No report: States.TaskFailed"
    caught = sfn_sync.last_execution.state("MakeReport").caught
    assert '"StatusReason":"Host EC2 terminated"' in caught.cause


def test_a_job_that_takes_too_long_is_told(sfn_sync, machine, tell):
    sfn_sync.mock_task("MakeReport", returns=DONE, takes=4000)

    start(machine.arn, "2024-05-01")

    assert tell.payloads[0]["Message"] == "No report: States.Timeout"
    assert sfn_sync.last_execution.duration == 3600
