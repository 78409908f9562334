"""Aliases of machines: Create-, Describe-, Update-, List- and DeleteStateMachineAlias.

Assumption: the texts about a routing configuration; none was recorded.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_sfn_sync.registry.state_machine import Alias, RegisteredMachine
from pytest_sfn_sync.service.account import Account, epoch_seconds
from pytest_sfn_sync.service.arns import parse_state_machine_arn
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.paging import page_of
from pytest_sfn_sync.service.requests import Request

MOST_ALIASES: Final = 100
_WEIGHT_OF_ALL: Final = 100


def create_state_machine_alias(account: Account, request: Request) -> dict[str, Any]:
    """Create an alias. Recorded: creating the same again returns the same answer."""
    machine, routing = _routing(account, request["routingConfiguration"])
    name, description = request["name"], request.get("description")
    alias = machine.aliases.get(name)
    if alias is not None:
        if (alias.routing, alias.description) != (routing, description):
            raise service_error("ConflictException", reason=f"State machine alias already exists: '{alias.arn}'")
    elif len(machine.aliases) >= MOST_ALIASES:
        raise service_error(
            "ServiceQuotaExceededException", reason=f"A state machine can have at most {MOST_ALIASES} aliases."
        )
    else:
        alias = Alias(
            name=name, arn=f"{machine.arn}:{name}", routing=routing, date=account.date(), description=description
        )
        machine.aliases[name] = alias
    return _listed(alias)


def describe_state_machine_alias(account: Account, request: Request) -> dict[str, Any]:
    """Describe an alias."""
    machine, alias = _found(account, request["stateMachineAliasArn"])
    described: dict[str, Any] = {**_listed(alias), "name": alias.name, "updateDate": epoch_seconds(alias.updated_at)}
    if alias.description is not None:
        described["description"] = alias.description
    described["routingConfiguration"] = [
        {"stateMachineVersionArn": f"{machine.arn}:{number}", "weight": weight}
        for number, weight in alias.routing.items()
    ]
    return described


def update_state_machine_alias(account: Account, request: Request) -> dict[str, Any]:
    """Change the description or the routing of an alias; what is not given stays."""
    machine, alias = _found(account, request["stateMachineAliasArn"])
    description, given = request.get("description"), request.get("routingConfiguration")
    if description is None and given is None:
        raise service_error(
            "ValidationException", reason="Either the description or the routing configuration must be specified"
        )
    if given is not None:
        other, routing = _routing(account, given)
        if other.arn != machine.arn:
            raise _refused_routing(f"The versions must be of the state machine of the alias: '{machine.arn}'")
        alias.routing = routing
    if description is not None:
        alias.description = description
    alias.updated_at = account.date()
    return {"updateDate": epoch_seconds(alias.updated_at)}


def list_state_machine_aliases(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of the aliases of a machine, or of one version, oldest first (recorded).

    Assumption: the ARN of an alias is refused like that of an alias that doesn't exist.
    """
    arn = request["stateMachineArn"]
    machine = account.machine(arn)
    qualifier = parse_state_machine_arn(arn).qualifier
    if qualifier is not None and not qualifier.isdigit():
        raise _not_found()
    aliases = [alias for alias in machine.aliases.values() if qualifier is None or int(qualifier) in alias.routing]
    return page_of(request, aliases, "stateMachineAliases", _listed, lambda alias: alias.arn)


def delete_state_machine_alias(account: Account, request: Request) -> dict[str, Any]:
    """Delete an alias. Recorded: deleting one that does not exist succeeds.

    Assumption: the ARN of a machine or of a version, which is no alias, is refused.
    """
    machine, name = account.qualified(request["stateMachineAliasArn"])
    if name is None or name.isdigit():
        raise service_error("InvalidArn", reason="Resource type not valid in this context: stateMachine")
    if machine is not None:
        machine.aliases.pop(name, None)
    return {}


def _found(account: Account, arn: str) -> tuple[RegisteredMachine, Alias]:
    machine, name = account.qualified(arn)
    alias = None if machine is None or name is None else machine.aliases.get(name)
    if machine is None or alias is None:
        raise _not_found()
    return machine, alias


def _routing(account: Account, given: list[dict[str, Any]]) -> tuple[RegisteredMachine, dict[int, int]]:
    """Return the machine and the weights by version number of a routing configuration."""
    routing: dict[int, int] = {}
    machines: dict[str, RegisteredMachine] = {}
    for entry in given:
        arn = entry["stateMachineVersionArn"]
        machine, qualifier = account.qualified(arn)
        if qualifier is None or not qualifier.isdigit():
            raise _refused_routing(f"'{arn}' is not the ARN of a state machine version")
        number = int(qualifier)
        if machine is None or number not in machine.versions:
            raise _not_found()
        machines[machine.arn] = machine
        if len(machines) > 1:
            raise _refused_routing("All versions must be of one state machine")
        if number in routing:
            raise _refused_routing(f"'{arn}' is there twice")
        routing[number] = entry["weight"]
    if sum(routing.values()) != _WEIGHT_OF_ALL:
        raise _refused_routing(f"The sum of the weights must be {_WEIGHT_OF_ALL}")
    return next(iter(machines.values())), routing


def _not_found() -> ServiceError:
    # Recorded.
    return service_error("ResourceNotFound", reason="Request references a resource that does not exist.")


def _refused_routing(why: str) -> ServiceError:
    message = f"Invalid routing configuration: {why}"
    return ServiceError("ValidationException", message, members={"reason": "INVALID_ROUTING_CONFIGURATION"})


def _listed(alias: Alias) -> dict[str, Any]:
    return {"stateMachineAliasArn": alias.arn, "creationDate": epoch_seconds(alias.creation_date)}
