"""Activities: CreateActivity, DescribeActivity, ListActivities, DeleteActivity."""

from __future__ import annotations

from typing import Any

from pytest_sfn_sync.registry.names import is_valid_name, partition_of
from pytest_sfn_sync.registry.state_machine import Configuration
from pytest_sfn_sync.service.account import Account, Activity, epoch_seconds
from pytest_sfn_sync.service.arns import parse_arn, region_of
from pytest_sfn_sync.service.configurations import encryption_of
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.paging import page_of
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.tags import tags_from


def create_activity(account: Account, request: Request) -> dict[str, Any]:
    """Create an activity. Recorded: creating it again returns the same answer, and other tags are ignored."""
    name = request["name"]
    if not is_valid_name(name):
        raise service_error("InvalidName", name=name)
    region, account_id = account.region, account.registry.account_id
    arn = f"arn:{partition_of(region)}:states:{region}:{account_id}:activity:{name}"
    encryption = encryption_of(request, Configuration().encryption)
    activity = account.activity(arn)
    if activity is None:
        tags = tags_from(request.get("tags"))
        activity = account.activities[arn] = Activity(
            arn=arn, name=name, creation_date=account.date(), encryption=encryption, tags=tags
        )
    elif activity.encryption != encryption:
        raise service_error("ActivityAlreadyExists", arn=arn)
    return {"activityArn": arn, "creationDate": epoch_seconds(activity.creation_date)}


def describe_activity(account: Account, request: Request) -> dict[str, Any]:
    """Describe an activity."""
    activity = activity_of(account, request["activityArn"])
    return {**_listed(activity), "encryptionConfiguration": activity.encryption}


def list_activities(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of the activities, oldest first (recorded)."""
    found = {arn: one for around in account.all_around() for arn, one in around.activities.items()}
    activities = [activity for arn, activity in found.items() if region_of(arn) == account.region]
    return page_of(request, activities, "activities", _listed, lambda activity: activity.arn)


def delete_activity(account: Account, request: Request) -> dict[str, Any]:
    """Delete an activity. Recorded: deleting one that does not exist succeeds."""
    arn = request["activityArn"]
    parse_arn(arn, "activity")
    if account.activity(arn) is not None:
        for around in account.all_around():
            around.activities.pop(arn, None)
    return {}


def activity_of(account: Account, arn: str) -> Activity:
    """Return the activity of an ARN; raise InvalidArn or ActivityDoesNotExist."""
    parse_arn(arn, "activity")
    activity = account.activity(arn)
    if activity is not None:
        return activity
    raise service_error("ActivityDoesNotExist", arn=arn)


def _listed(activity: Activity) -> dict[str, Any]:
    return {
        "activityArn": activity.arn,
        "name": activity.name,
        "creationDate": epoch_seconds(activity.creation_date),
    }
