"""State machines: Create-, Describe-, Update-, List- and DeleteStateMachine, and ValidateStateMachineDefinition.

Machines that the author of a test registered, and machines that were made through the API, are of one kind.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON, UncompiledDefinitionError
from pytest_sfn_sync.asl.json_text import parse_json
from pytest_sfn_sync.asl.parsing.definition_parser import STANDARD, InvalidDefinitionError
from pytest_sfn_sync.asl.parsing.definition_text import parse_definition_text
from pytest_sfn_sync.errors import DefinitionWarning, SfnSyncUsageError
from pytest_sfn_sync.registry.names import is_valid_name
from pytest_sfn_sync.registry.registration_warnings import level_of_the_caller
from pytest_sfn_sync.registry.state_machine import Configuration, RegisteredMachine
from pytest_sfn_sync.service.account import Account, epoch_seconds
from pytest_sfn_sync.service.arns import parse_state_machine_arn, refuse_label
from pytest_sfn_sync.service.configurations import MEMBERS, configuration_of, described
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.paging import page_of
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.tags import tags_from
from pytest_sfn_sync.service.variable_references import variable_references
from pytest_sfn_sync.service.versions import check_quota_of_versions, version_published
from pytest_sfn_sync.sources.json_source import read_json
from pytest_sfn_sync.sources.text_files import UnreadableSourceError

METADATA_ONLY: Final = "METADATA_ONLY"
_MOST_DIAGNOSTICS: Final = 100


def create_state_machine(account: Account, request: Request) -> dict[str, Any]:
    """Create a machine. Recorded: creating the same again returns the same answer.

    Assumption: the order of the checks is name, versionDescription, role, configurations, tags, existence, definition.
    """
    name, text, role_arn = request["name"], request["definition"], request["roleArn"]
    publish, description = bool(request.get("publish")), request.get("versionDescription")
    if not is_valid_name(name):
        raise service_error("InvalidName", name=name)
    _check_version_description(publish, description)
    _check_role(role_arn)
    configuration = configuration_of(request, Configuration())
    tags = tags_from(request.get("tags"))
    machine_type = request.get("type") or STANDARD
    registry, region = account.registry, account.region
    arn = registry.arn_of(name, region)
    machine = registry.find(arn)
    if machine is not None:
        if machine.status == "DELETING":
            raise service_error("StateMachineDeleting", arn=arn)
        # Recorded: definitions are compared as texts. Documented: roles and tags are not compared.
        wanted = (text, machine_type, configuration, (publish, description))
        if (machine.text, machine.type, machine.configuration, machine.revisions.created_with) != wanted:
            raise service_error("StateMachineAlreadyExists", arn=arn)
    else:
        document, compiled = _compiled(account, text, machine_type)
        machine = registry.create(name, document, compiled, type=machine_type, role_arn=role_arn, region=region)
        machine.creation_date = account.date()
        machine.given_text, machine.configuration = text, configuration
        machine.revisions.tags = tags
        machine.revisions.created_with = (publish, description)
    response = {"stateMachineArn": arn, "creationDate": epoch_seconds(machine.creation_date)}
    if publish:
        response["stateMachineVersionArn"] = version_published(account, machine, description).arn
    return response


def describe_state_machine(account: Account, request: Request) -> dict[str, Any]:
    """Describe a machine, or a version of it.

    Assumption: an alias is described like its version; of two versions, one is drawn by weight, as for an execution.
    """
    arn = request["stateMachineArn"]
    refuse_label(arn)
    machine = account.machine(arn)
    qualifier = parse_state_machine_arn(arn).qualifier
    version = None if qualifier is None else machine.version_of(qualifier, account.random)
    if version is not None:
        machine = version.machine
    created = machine.creation_date if version is None else version.creation_date
    response: dict[str, Any] = {
        "stateMachineArn": machine.arn if version is None else version.arn,
        "name": machine.name,
        "status": machine.status,
        "type": machine.type,
        "creationDate": epoch_seconds(created),
        **revision_members(machine, request),
    }
    if version is not None and version.description is not None:
        response["description"] = version.description
    return response


def revision_members(machine: RegisteredMachine, request: Request) -> dict[str, Any]:
    """Return the members that describe one revision of a machine: definition, role and configurations.

    Documented: with METADATA_ONLY, the definition is empty.
    """
    is_whole = request.get("includedData") != METADATA_ONLY
    members: dict[str, Any] = {
        "definition": machine.text if is_whole else "{}",
        "roleArn": machine.role_arn,
        **described(machine.configuration),
    }
    if machine.revision_id is not None:
        members["revisionId"] = machine.revision_id
    references = variable_references(machine.document) if is_whole else {}
    if references:
        members["variableReferences"] = references
    return members


def update_state_machine(account: Account, request: Request) -> dict[str, Any]:
    """Update a machine; what is not given stays.

    Recorded: a change makes a new revision id, and an update that changes nothing keeps the revision.
    """
    arn = request["stateMachineArn"]
    refuse_label(arn)
    machine = account.unqualified_machine(arn)
    if machine.status == "DELETING":
        raise service_error("StateMachineDeleting", arn=arn)
    if all(request.get(member) is None for member in ("definition", "roleArn", *MEMBERS)):
        # Recorded.
        raise service_error(
            "ValidationException",
            reason="Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be "
            "specified",
        )
    publish, description = bool(request.get("publish")), request.get("versionDescription")
    _check_version_description(publish, description)
    text = request.get("definition") or machine.text
    role_arn = request.get("roleArn") or machine.role_arn
    _check_role(role_arn)
    configuration = configuration_of(request, machine.configuration)
    updated_at = account.date()
    if (text, role_arn, configuration) != (machine.text, machine.role_arn, machine.configuration):
        if publish:
            check_quota_of_versions(machine)  # Before the change, so that a refused update changes nothing.
        document, compiled = machine.document, machine.compiled
        if text != machine.text:
            document, compiled = _compiled(account, text, machine.type)
        machine = account.registry.update(machine, document, compiled)
        machine.given_text, machine.role_arn, machine.configuration = text, role_arn, configuration
        machine.revision_id = account.uuid()
    machine.updated_at = updated_at
    response: dict[str, Any] = {"updateDate": epoch_seconds(updated_at)}
    if machine.revision_id is not None:
        response["revisionId"] = machine.revision_id
    if publish:
        version = version_published(account, machine, description, compares_description=True)
        response["stateMachineVersionArn"] = version.arn
    return response


def list_state_machines(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of the machines. Assumption: in the order of their creation."""
    machines = [machine for machine in account.registry if machine.region == account.region]
    return page_of(request, machines, "stateMachines", _listed, lambda machine: machine.arn)


def delete_state_machine(account: Account, request: Request) -> dict[str, Any]:
    """Delete a machine with its versions and aliases. Recorded: deleting one that does not exist succeeds.

    Documented: a machine with running executions has the status ``DELETING`` until they have ended.
    """
    arn = request["stateMachineArn"]
    refuse_label(arn)
    if parse_state_machine_arn(arn).qualifier is not None:
        # Assumption: a part of a machine is refused like the ARN of a Map state, as the operation has no better error.
        reason = f"The ARN of a version or an alias is not valid in this context: '{arn}'"
        raise service_error("ValidationException", reason=reason)
    machine = account.find(arn)
    if machine is not None:
        account.delete(machine)
    return {}


def validate_state_machine_definition(account: Account, request: Request) -> dict[str, Any]:
    """Check a definition. Recorded: warnings are returned only if they are asked for, and don't change the result."""
    errors: list[Diagnostic] = []
    try:
        compiled = parse_definition_text(
            request["definition"],
            machine_type=request.get("type") or STANDARD,
            integrations=account.registry.integrations,
        )
    except InvalidDefinitionError as invalid:
        errors, advice = invalid.diagnostics, invalid.warnings
    except UncompiledDefinitionError as uncompiled:
        raise SfnSyncUsageError(f"ValidateStateMachineDefinition: {uncompiled}") from None
    else:
        advice = compiled.warnings
    found = [*errors, *advice] if request.get("severity") == "WARNING" else errors
    most = request.get("maxResults") or _MOST_DIAGNOSTICS
    return {
        "result": "FAIL" if errors else "OK",
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in found[:most]],
        "truncated": len(found) > most,
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, str]:
    members = {"severity": diagnostic.severity, "code": diagnostic.code, "message": diagnostic.message}
    return members if diagnostic.location is None else {**members, "location": diagnostic.location}


def _compiled(account: Account, text: str, machine_type: str) -> tuple[JSON, StateMachineDefinition]:
    try:
        compiled = parse_definition_text(text, machine_type=machine_type, integrations=account.registry.integrations)
    except InvalidDefinitionError as invalid:
        raise service_error("InvalidDefinition", reason=", ".join(map(str, invalid.diagnostics))) from None
    except UncompiledDefinitionError as uncompiled:
        raise SfnSyncUsageError(f"The definition can't be checked: {uncompiled}") from None
    _warn_of_repeated_key(text)
    return parse_json(text), compiled


def _warn_of_repeated_key(text: str) -> None:
    """Issue a DefinitionWarning for a key that an object of a definition has twice.

    Assumption: AWS takes the last value, as its JSON reader does by default.
    """
    try:
        read_json(text)
    except UnreadableSourceError as error:
        warnings.warn(
            DefinitionWarning(
                f"The definition of a call: {error.why}. The last value counts, and the others are lost."
            ),
            stacklevel=level_of_the_caller(),
        )


def _check_version_description(publish: bool, description: str | None) -> None:
    if description is not None and not publish:  # Recorded.
        raise service_error("ValidationException", reason="Version description can only be set when publish is true")


def _check_role(arn: str) -> None:
    if not arn.startswith("arn:") or arn.count(":") < 5:  # Measured.
        raise ServiceError("InvalidArn", f"Invalid Role Arn: '{arn}'")


def _listed(machine: RegisteredMachine) -> dict[str, Any]:
    return {
        "stateMachineArn": machine.arn,
        "name": machine.name,
        "type": machine.type,
        "creationDate": epoch_seconds(machine.creation_date),
    }
