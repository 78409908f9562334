"""The table of operations: for each, the function that answers a request in an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.service import (
    activities,
    aliases,
    execution_operations,
    started_executions,
    state_machines,
    tags,
    versions,
)
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.requests import Request

Operate: TypeAlias = Callable[[Account, Request], dict[str, Any]]
"""Answers a request that fits the shape of its operation; raises ServiceError if AWS would refuse it."""

OPERATIONS: Final[Mapping[str, Operate]] = {
    "CreateActivity": activities.create_activity,
    "CreateStateMachine": state_machines.create_state_machine,
    "CreateStateMachineAlias": aliases.create_state_machine_alias,
    "DeleteActivity": activities.delete_activity,
    "DeleteStateMachine": state_machines.delete_state_machine,
    "DeleteStateMachineAlias": aliases.delete_state_machine_alias,
    "DeleteStateMachineVersion": versions.delete_state_machine_version,
    "DescribeActivity": activities.describe_activity,
    "DescribeExecution": execution_operations.describe_execution,
    "DescribeStateMachine": state_machines.describe_state_machine,
    "DescribeStateMachineAlias": aliases.describe_state_machine_alias,
    "DescribeStateMachineForExecution": execution_operations.describe_state_machine_for_execution,
    "GetExecutionHistory": execution_operations.get_execution_history,
    "ListActivities": activities.list_activities,
    "ListExecutions": execution_operations.list_executions,
    "ListStateMachineAliases": aliases.list_state_machine_aliases,
    "ListStateMachineVersions": versions.list_state_machine_versions,
    "ListStateMachines": state_machines.list_state_machines,
    "ListTagsForResource": tags.list_tags_for_resource,
    "PublishStateMachineVersion": versions.publish_state_machine_version,
    "StartExecution": started_executions.start_execution,
    "StopExecution": execution_operations.stop_execution,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
    "UpdateStateMachine": state_machines.update_state_machine,
    "UpdateStateMachineAlias": aliases.update_state_machine_alias,
    "ValidateStateMachineDefinition": state_machines.validate_state_machine_definition,
}
