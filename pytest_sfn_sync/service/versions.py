"""Versions of machines: PublishStateMachineVersion, ListStateMachineVersions, DeleteStateMachineVersion."""

from __future__ import annotations

from typing import Any, Final

from pytest_sfn_sync.registry.state_machine import RegisteredMachine, StateMachineVersion
from pytest_sfn_sync.service.account import Account, epoch_seconds
from pytest_sfn_sync.service.arns import parse_state_machine_arn
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.paging import page_of
from pytest_sfn_sync.service.requests import Request

MOST_VERSIONS: Final = 1000
INITIAL: Final = "INITIAL"
"""The revision id of a machine that was never updated (documented)."""


def publish_state_machine_version(account: Account, request: Request) -> dict[str, Any]:
    """Publish the current revision. Recorded: publishing it again returns the same version."""
    arn = request["stateMachineArn"]
    machine = account.unqualified_machine(arn)
    if machine.status == "DELETING":
        raise service_error("StateMachineDeleting", arn=arn)
    wanted, current = request.get("revisionId"), machine.revision_id or INITIAL
    if wanted is not None and wanted != current:
        # Assumption: the text, here and below.
        raise service_error(
            "ConflictException", reason=f"The revisionId {wanted} is not the current revision of the state machine."
        )
    return _published(version_published(account, machine, request.get("description")))


def version_published(
    account: Account, machine: RegisteredMachine, description: str | None, *, compares_description: bool = False
) -> StateMachineVersion:
    """Return the version of a machine's revision; publish it, if it is not published."""
    version = machine.published_version(description, compares_description=compares_description)
    if version is not None:
        return version
    check_quota_of_versions(machine)
    return machine.publish(description, account.date())


def check_quota_of_versions(machine: RegisteredMachine) -> None:
    """Raise ServiceQuotaExceededException if no other version of a machine can be published."""
    if len(machine.versions) >= MOST_VERSIONS:
        raise service_error(
            "ServiceQuotaExceededException", reason=f"A state machine can have at most {MOST_VERSIONS} versions."
        )


def list_state_machine_versions(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of the versions, newest first (documented).

    Assumption: a machine that does not exist has no versions, as the operation has no error for it.
    """
    arn = request["stateMachineArn"]
    parse_state_machine_arn(arn)
    machine = account.find(arn)
    versions = [] if machine is None else list(reversed(machine.versions.values()))
    return page_of(request, versions, "stateMachineVersions", _published, lambda version: version.arn)


def delete_state_machine_version(account: Account, request: Request) -> dict[str, Any]:
    """Delete a version, unless an alias routes calls to it. Recorded: deleting one that does not exist succeeds.

    Assumption: the ARN of a machine or of an alias, which is no version, is refused.
    """
    machine, qualifier = account.qualified(request["stateMachineVersionArn"])
    if qualifier is None or not qualifier.isdigit():
        raise service_error("InvalidArn", reason="Resource type not valid in this context: stateMachine")
    if machine is None:
        return {}
    number = int(qualifier)
    aliases = [alias.name for alias in machine.aliases.values() if number in alias.routing]
    if aliases:  # Recorded.
        raise service_error(
            "ConflictException",
            reason="Version to be deleted must not be referenced by an alias. Current list of aliases referencing this "
            f"version: [{', '.join(aliases)}]",
        )
    machine.versions.pop(number, None)
    return {}


def _published(version: StateMachineVersion) -> dict[str, Any]:
    return {"stateMachineVersionArn": version.arn, "creationDate": epoch_seconds(version.creation_date)}
