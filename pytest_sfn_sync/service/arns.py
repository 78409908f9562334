"""The grammar of the ARNs that Step Functions accepts, and the texts with which it refuses others.

``arn:<partition>:states:<region>:<account>:stateMachine:<name>[:<version or alias>]``. `registry` makes the ARNs of
machines, and `start_sync_execution` those of executions.
"""

from __future__ import annotations

from typing import NamedTuple

from pytest_sfn_sync.service.errors import service_error


class ResourceArn(NamedTuple):
    """The parts of an ARN of Step Functions; ``rest`` is everything after the type of the resource."""

    partition: str
    region: str
    account_id: str
    type: str
    rest: str


class StateMachineArn(NamedTuple):
    """The parts of a state machine's ARN; ``qualifier`` is a version number or an alias name."""

    partition: str
    region: str
    account_id: str
    name: str
    qualifier: str | None


def region_of(arn: str) -> str:
    """Return the region in an ARN; ``""`` for a text that is no ARN."""
    parts = arn.split(":", 4)
    return parts[3] if len(parts) > 4 else ""


def parse_arn(arn: str, *types: str) -> ResourceArn:
    """Return the parts of the ARN of a resource of one of some types; raise InvalidArn for another text."""
    parts = arn.split(":")
    if parts[0] != "arn" or len(parts) < 6:
        # Recorded for texts without "arn:". Assumption: an ARN with too few parts is refused in the same words.
        raise service_error("InvalidArn", reason=f"Invalid ARN prefix: {arn}")
    _, partition, service, region, account_id, resource_type = parts[:6]
    if service != "states":
        # Assumption: worded like the refusal of a resource type.
        raise service_error("InvalidArn", reason=f"Service not valid in this context: {service}")
    if resource_type not in types:
        # Recorded with "express".
        raise service_error("InvalidArn", reason=f"Resource type not valid in this context: {resource_type}")
    rest = ":".join(parts[6:])
    if not rest.partition(":")[0]:
        raise service_error("InvalidArn", reason=f"Invalid ARN prefix: {arn}")  # Assumption, as above.
    return ResourceArn(partition, region, account_id, resource_type, rest)


def parse_state_machine_arn(arn: str) -> StateMachineArn:
    """Return the parts of a state machine's ARN; raise InvalidArn for another text.

    A ``#suffix`` or ``/label`` is a part of the name; `refuse_label` is for labels. Measured for ``#``: AWS looks for a
    machine of that name.
    """
    parsed = parse_arn(arn, "stateMachine")
    name, _, qualifier = parsed.rest.partition(":")
    return StateMachineArn(parsed.partition, parsed.region, parsed.account_id, name, qualifier or None)


def refuse_label(arn: str) -> None:
    """Raise ValidationException for an ARN with a label, which is that of a distributed Map in a machine (documented).

    Assumption: the text.
    """
    if "/" in parse_state_machine_arn(arn).name:
        reason = f"The ARN of a Map state is not valid in this context: '{arn}'"
        raise service_error("ValidationException", reason=reason)


def names_machine(arn: str, machine: str) -> bool:
    """Return whether a request's ARN, qualified or not, is that of a machine that is given by name or by ARN.

    The check is lenient: it is for injected errors, whose machines need not be registered. A ``#Case``, a test case of
    Step Functions Local, is not a part of the name here.
    """
    arn = arn.partition("#")[0]
    if arn == machine or arn.startswith(f"{machine}:"):
        return True
    parts = arn.split(":")
    return len(parts) > 6 and parts[6] == machine
