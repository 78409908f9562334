"""The grammar of the ARNs that Step Functions takes, and the texts with which it refuses others.

``arn:<partition>:states:<region>:<account>:stateMachine:<name>[:<version or alias>]``. The ARNs that are handed out are
made where the things that they name are made: in `registry` and `start_sync_execution`.
"""

from __future__ import annotations

from typing import NamedTuple

from pytest_sfn_sync.service.errors import service_error


class StateMachineArn(NamedTuple):
    """The parts of a state machine's ARN; ``qualifier`` is a version number or an alias name."""

    partition: str
    region: str
    account_id: str
    name: str
    qualifier: str | None


def parse_state_machine_arn(arn: str) -> StateMachineArn:
    """Take a state machine's ARN apart; raises InvalidArn for what isn't one.

    A ``#suffix`` or ``/label`` is a part of the name (measured for ``#``: real AWS looks for a machine of that name).
    """
    parts = arn.split(":")
    if parts[0] != "arn" or len(parts) < 6:
        # Recorded for texts without "arn:"; assumption: an ARN that is cut short is refused in the same words.
        raise service_error("InvalidArn", reason=f"Invalid ARN prefix: {arn}")
    _, partition, service, region, account_id, resource_type = parts[:6]
    if service != "states":
        # assumption: worded as the refusal of a resource type
        raise service_error("InvalidArn", reason=f"Service not valid in this context: {service}")
    if resource_type != "stateMachine":
        # recorded with "express"
        raise service_error("InvalidArn", reason=f"Resource type not valid in this context: {resource_type}")
    name, _, qualifier = ":".join(parts[6:]).partition(":")
    if not name:
        raise service_error("InvalidArn", reason=f"Invalid ARN prefix: {arn}")  # assumption, as above
    return StateMachineArn(partition, region, account_id, name, qualifier or None)


def names_machine(arn: str, machine: str) -> bool:
    """Tell whether a request's ARN, qualified or not, names a machine that is given by name or by ARN.

    Lenient, because it serves injected errors, which need no machine to be registered; a test case of Step Functions
    Local, ``#Case``, is no part of the name here.
    """
    arn = arn.partition("#")[0]
    if arn == machine or arn.startswith(f"{machine}:"):
        return True
    parts = arn.split(":")
    return len(parts) > 6 and parts[6] == machine
