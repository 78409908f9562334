"""The table of operations: for each, the function that answers a request in an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.service import (
    activities,
    aliases,
    execution_operations,
    map_runs,
    redrives,
    started_executions,
    state_machine_operations,
    tags,
    task_tokens,
    tested_states,
    versions,
)
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.requests import Request

Operate: TypeAlias = Callable[[Account, Request], dict[str, Any]]
"""Answers a request that fits the shape of its operation; raises ServiceError if AWS would refuse it."""

OPERATIONS: Final[dict[str, Operate]] = {
    "CreateActivity": activities.create_activity,
    "CreateStateMachine": state_machine_operations.create_state_machine,
    "CreateStateMachineAlias": aliases.create_state_machine_alias,
    "DeleteActivity": activities.delete_activity,
    "DeleteStateMachine": state_machine_operations.delete_state_machine,
    "DeleteStateMachineAlias": aliases.delete_state_machine_alias,
    "DeleteStateMachineVersion": versions.delete_state_machine_version,
    "DescribeActivity": activities.describe_activity,
    "DescribeExecution": execution_operations.describe_execution,
    "DescribeMapRun": map_runs.describe_map_run,
    "DescribeStateMachine": state_machine_operations.describe_state_machine,
    "DescribeStateMachineAlias": aliases.describe_state_machine_alias,
    "DescribeStateMachineForExecution": execution_operations.describe_state_machine_for_execution,
    "GetActivityTask": task_tokens.get_activity_task,
    "GetExecutionHistory": execution_operations.get_execution_history,
    "ListActivities": activities.list_activities,
    "ListExecutions": execution_operations.list_executions,
    "ListMapRuns": map_runs.list_map_runs,
    "ListStateMachineAliases": aliases.list_state_machine_aliases,
    "ListStateMachineVersions": versions.list_state_machine_versions,
    "ListStateMachines": state_machine_operations.list_state_machines,
    "ListTagsForResource": tags.list_tags_for_resource,
    "PublishStateMachineVersion": versions.publish_state_machine_version,
    "RedriveExecution": redrives.redrive_execution,
    "SendTaskFailure": task_tokens.send_task_failure,
    "SendTaskHeartbeat": task_tokens.send_task_heartbeat,
    "SendTaskSuccess": task_tokens.send_task_success,
    "StartExecution": started_executions.start_execution,
    "StopExecution": execution_operations.stop_execution,
    "TagResource": tags.tag_resource,
    "TestState": tested_states.try_state,
    "UntagResource": tags.untag_resource,
    "UpdateMapRun": map_runs.update_map_run,
    "UpdateStateMachine": state_machine_operations.update_state_machine,
    "UpdateStateMachineAlias": aliases.update_state_machine_alias,
    "ValidateStateMachineDefinition": state_machine_operations.validate_state_machine_definition,
}
