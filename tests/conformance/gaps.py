"""The cases in which this fake is known to differ from the recording, each with its reason.

A gap that closes fails the suite, so that this list only ever says what is true.
"""

from __future__ import annotations

from typing import Final

RESULT_GAPS: Final[dict[str, str]] = {}
"""Executions that end otherwise: status, output, error or cause."""

EVENT_GAPS: Final[dict[str, str]] = {
    "timeouts/test_timeouts.py::TestTimeouts::test_service_lambda_map_timeout": (
        "four tasks time out in the same instant; AWS happened to record them in the order 0, 2, 1, 3"
    ),
}
"""Executions whose history differs."""

STANDARD_GAPS: Final[dict[str, str]] = {
    "scenarios/test_base_scenarios.py::TestBaseScenarios::test_lambda_service_invoke_with_retry_extended_input": (
        "recorded in 2023, before the context object of an execution had RedriveCount"
    ),
}
"""Executions that end otherwise, or whose history differs, if they run as STANDARD."""

DISTRIBUTED_MAP_GAPS: Final[dict[str, str]] = {}
"""Executions with a distributed Map that end otherwise, or whose history differs."""

_BEFORE_REDRIVES: Final = "recorded in 2023, before DescribeExecution had RedriveCount and RedriveStatus"

AWAITED_GAPS: Final[dict[str, str]] = {
    "callback/test_callback.py::TestCallback::test_start_execution_sync": _BEFORE_REDRIVES,
    "callback/test_callback.py::TestCallback::test_start_execution_sync_delegate_timeout": _BEFORE_REDRIVES,
}
"""Executions that wait for the execution of another machine, and end otherwise or have another history."""

LOCAL_MOCKING_GAPS: Final[dict[str, str]] = {
    "local_mocking/test_base_callbacks.py::TestBaseScenarios::test_sqs_wait_for_task_token": (
        "the mock file has the final result only, so the id of the message in TaskSubmitted is not known"
    ),
}
"""Runs with a mock file whose history differs."""

MEASURED_GAPS: Final[dict[str, str]] = {}
"""Measured executions that end otherwise."""

EXPRESSION_GAPS: Final[dict[str, str]] = {}
"""Measured expressions that give otherwise."""

VALIDATION_GAPS: Final[dict[str, str]] = {
    "test_sfn_api_express.py::TestSfnApiExpress::test_illegal_activity_task": (
        "the recording has a word in the place of the activity's ARN, so that here it is no ARN at all"
    ),
}
"""Definitions that are judged otherwise."""


TRIAL_GAPS: Final[dict[str, str]] = {}
"""Trials that end otherwise, or definitions of trials that are judged otherwise."""

_BLANKS: Final = "the two definitions differ in their blanks only, which the recording has lost"
_NO_LOG_GROUPS: Final = "the log group does not exist; a fake knows no log groups"

SEQUENCE_GAPS: Final[dict[str, str]] = {
    "test_sfn_api.py::TestSnfApi::test_create_duplicate_definition_format_sm call 2": _BLANKS,
    "test_sfn_api_logs.py::TestSnfApiLogs::test_deleted_log_group call 0": _NO_LOG_GROUPS,
}
"""Answers of sequences that differ: the sequence and the number of the call."""

API_ERROR_GAPS: Final[dict[str, str]] = {
    "test_sfn_api.py::TestSnfApi::test_create_duplicate_definition_format_sm": _BLANKS,
    "test_sfn_api_logs.py::TestSnfApiLogs::test_deleted_log_group": _NO_LOG_GROUPS,
}
"""Calls that are refused otherwise, or not at all."""

TEST_STATE_GAPS: Final[dict[str, str]] = {}
"""Answers of TestState that differ."""
