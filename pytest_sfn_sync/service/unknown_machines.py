"""Notes for calls whose ARN names no machine: which part of the ARN differs, and what to write to mend it.

AWS's own text only repeats the ARN. The note is for the author of the test. It is kept in ``notes``, and a failing test
shows it. Nested executions, which a Task starts, leave the same notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.service.arns import StateMachineArn
from pytest_sfn_sync.shown_text import shown_value

_MOST_LISTED: Final = 5
_LOCAL: Final = (
    "A #suffix chooses a test case in Step Functions Local, and here if a mock config in use has the machine. "
    "AWS takes it for a part of the name."
)
_OPTION: Final = (
    "Write {option}={called!r} in register(...), SfnSync(...) or @pytest.mark.sfn_sync(...), "
    "or sfn_sync_{option} = {called} in the ini file."
)


def about_unknown_machine(arn: str, called: StateMachineArn, registry: Registry, caller: str) -> str:
    """Return the note for an ARN of which no machine is registered; ``caller`` is the state that called it, or ""."""
    answered = f"StateMachineDoesNotExist was answered for {shown_value(arn)}{caller}."
    if not len(registry):
        return f"{answered} No machine is registered: register one with register(name, definition)."
    nearest = sorted(registry.nearest(arn), key=lambda machine: _distance(called, machine))
    lines = [answered, *_why(called, nearest), *_listed(nearest)]
    if "#" in arn:
        lines.append(_LOCAL)
    return "\n".join(lines)


def about_other_region(arn: str, region: str, of_client: str) -> str:
    """Return the note for an ARN of another region than the client's."""
    option = _OPTION.format(option="region", called=of_client)
    return (
        f"{shown_value(arn)} was not found: it is in {region!r}, and the client that called is one of {of_client!r}.\n"
        "As on AWS, a client finds what is in its own region only.\n"
        f"  the client   Make it with region_name={region!r}.\n"
        f"  the machine  {option}"
    )


def about_express_execution(arn: str) -> str:
    """Return the note for the ARN of an Express execution where AWS knows Standard executions only."""
    name = arn.split(":")[6] if arn.count(":") > 5 else ""
    return (
        f"InvalidArn was answered for {shown_value(arn)}: the machine {shown_value(name)} is of type EXPRESS, and AWS "
        "describes, lists and stops executions of STANDARD machines only. "
        f"register({shown_value(name)}, definition, type='STANDARD') makes one; without type=, it is EXPRESS."
    )


def about_invalid_arn(arn: str, registry: Registry, caller: str) -> str:
    """Return the note for a text that is not the ARN of a state machine."""
    what, name = _kind_of(arn)
    lines = [f"InvalidArn was answered for {shown_value(arn)}{caller}: {what}."]
    machines = list(registry)
    if not machines:
        lines.append("Pass the ARN of a machine: register(name, definition).arn.")
        return "\n".join(lines)
    found = [machine for machine in machines if machine.name == name]
    if found:
        lines.append(f"The ARN of the machine {shown_value(name)} is {found[0].arn!r}.")
    else:
        lines.append("Pass the attribute arn of a machine that register(...) returned.")
    return "\n".join([*lines, *_listed(found[:1] + [one for one in registry.nearest(arn) if one not in found[:1]])])


def _kind_of(arn: str) -> tuple[str, str]:
    """Return in words what was passed in place of a machine's ARN, and the name of a machine in it."""
    stripped = arn.strip(" \t\r\n'\"")
    parts = stripped.split(":")
    if stripped.startswith("${") or "${" in arn:
        return "it has a placeholder that was not filled in", parts[-1]
    if stripped != arn:
        return "it has white space or quotation marks around it", parts[6] if len(parts) > 6 else stripped
    if parts[0] != "arn":
        return "it is not an ARN, and StartSyncExecution takes no names", stripped
    if len(parts) < 7 or not parts[6]:
        return "it is an ARN without the name of a machine", ""
    service, resource_type = parts[2], parts[5]
    if service != "states":
        return f"it is the ARN of something in another service, {shown_value(service)}", parts[6]
    if resource_type in ("execution", "express"):
        return "it is the ARN of an execution, not of a state machine", parts[6]
    return f"its resource type is {shown_value(resource_type)}, and that of a state machine is 'stateMachine'", parts[6]


def _distance(called: StateMachineArn, machine: RegisteredMachine) -> tuple[bool, int]:
    """Return the order of a machine among the nearest: one of the same name comes first."""
    return machine.name != called.name, len(list(_differing(called, machine))) if machine.name == called.name else 0


def _why(called: StateMachineArn, nearest: list[RegisteredMachine]) -> Iterator[str]:
    """Yield a line for each part in which the ARN differs from that of the machine that is most likely meant."""
    machine = nearest[0]
    if machine.name == called.name:
        differing = list(_differing(called, machine))
        if differing:
            yield f"A machine named {machine.name!r} is registered, but its ARN differs:"
            yield from differing
        else:
            yield from _unknown_qualifier(machine, called.qualifier or "")
        return
    name = called.name.strip()
    if name != called.name and any(other.name == name for other in nearest):
        yield f"The name has white space around it: {shown_value(called.name)}."
        return
    meant = did_you_mean(called.name.partition("#")[0], [other.name for other in nearest])
    yield f"No machine is named {shown_value(called.name)}.{'' if meant is None else f' {meant}'}"


def _differing(called: StateMachineArn, machine: RegisteredMachine) -> Iterator[str]:
    """Yield a line for each of region, account id and partition in which a call and a machine differ."""
    _, partition, _, region, account_id, *_ = machine.arn.split(":")
    for label, option, has, wanted in (
        ("region    ", "region", region, called.region),
        ("account id", "account_id", account_id, called.account_id),
    ):
        if has != wanted:
            remedy = _OPTION.format(option=option, called=wanted) if wanted else "Complete the ARN of the call."
            yield f"  {label}  it has {has!r}, and the call {wanted!r}. {remedy}"
    if called.partition not in (partition, partition_of(called.region)):
        yield (
            f"  partition   it has {partition!r}, and the call {called.partition!r}. "
            f"Regions like {called.region!r} are in {partition_of(called.region)!r}: correct the ARN of the call."
        )


def _unknown_qualifier(machine: RegisteredMachine, qualifier: str) -> Iterator[str]:
    if ":" in qualifier:
        yield f"An ARN has one version or alias at most, and this one has {shown_value(qualifier)}."
        return
    if qualifier.isdigit():
        known = ", ".join(map(str, machine.versions)) or "none"
        yield (
            f"The machine {machine.name!r} has no version {qualifier} (published: {known}). "
            "publish_version() of the machine publishes one."
        )
        return
    known = ", ".join(machine.aliases) or "none"
    meant = did_you_mean(qualifier, machine.aliases)
    yield (
        f"The machine {machine.name!r} has no alias {shown_value(qualifier)} (created: {known}). "
        f"{'' if meant is None else f'{meant} '}create_alias({shown_value(qualifier)}, machine.publish_version()) "
        "creates it."
    )


def _listed(machines: list[RegisteredMachine]) -> Iterator[str]:
    yield "Registered, nearest first:"
    for machine in machines[:_MOST_LISTED]:
        yield f"  {machine.arn} ({', '.join(_qualifiers(machine))})"
    if len(machines) > _MOST_LISTED:
        yield f"  and {len(machines) - _MOST_LISTED} more"


def _qualifiers(machine: RegisteredMachine) -> list[str]:
    return [machine.type, *(f":{number}" for number in machine.versions), *(f":{alias}" for alias in machine.aliases)]
