"""What AWS checks of an integration when a definition is created: that it exists, and the names of its arguments.

Measured: members that the request does not have are refused, and so is a missing idempotency token; some members of
nested structures are refused and others pass, and each fails the task when it runs; unknown members of lambda:invoke
pass, and fail it too. Assumption: that optimized integrations are held against their requests in the same way, that of
a Lambda function against the developer guide's parameters; and that its literal Payload, which may not be a number or a
boolean, is refused in the words for a wrong type.

The rule for members that a request does not have. Refused: a slip of the pen in the name of one that it has, at any
depth; and, of the request itself, any other, unless it may be new. It may be new where an SDK service's model has no
member of that name anywhere: then it is a warning that names botocore's version, as for services and actions
(`integration`). In nested structures, and for lambda:invoke, others are a warning, as AWS lets them pass and fails the
task.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import did_you_mean, misspelt
from pytest_sfn_sync.asl.validation.integrations import FIELD_NOT_SUPPORTED, UNKNOWN_MEMBER, ArgumentFinding
from pytest_sfn_sync.tasks.integrations.http_checks import http_findings
from pytest_sfn_sync.tasks.integrations.integration import (
    SDK,
    Integration,
    doubt_about,
    integration_of,
    unrecognised_hint,
)
from pytest_sfn_sync.tasks.integrations.patterns import pattern_fault
from pytest_sfn_sync.tasks.integrations.service_models import Shape, botocore_version
from pytest_sfn_sync.tasks.integrations.shapes import is_other_spelling
from pytest_sfn_sync.tasks.resources import LAMBDA_INVOKE

_LAMBDA_ARGUMENTS: Final = ("ClientContext", "FunctionName", "InvocationType", "LogType", "Payload", "Qualifier")
_FAILS_THE_TASK: Final = "AWS creates the machine, and the task fails when it runs."


class KnownIntegrations:
    """The integrations that this package knows, as the language's parser asks for them."""

    def unrecognised_hint(self, key: str, pattern: str) -> str | None:
        """Say what is wrong with an integration, or with its pattern, that AWS does not know; None where it does."""
        return unrecognised_hint(key) or pattern_fault(key, pattern, is_sdk=key.startswith(SDK))

    def doubt_about(self, key: str) -> tuple[str, str] | None:
        """Say why it is not known here whether AWS has an integration, with a hint; None where it is known."""
        return doubt_about(key)

    def required_arguments(self, key: str) -> tuple[str, ...]:
        """Name the members that must be given; none where ``{}`` is enough."""
        return _required(key)

    def argument_findings(self, key: str, arguments: dict[str, JSON], *, suffix: str) -> list[ArgumentFinding]:
        """Tell what is wrong with arguments."""
        given = {name.removesuffix(suffix): name for name in arguments}
        return [
            *_findings_of_payload(key, arguments),
            *_unknown_members(key, given),
            *_nested(key, arguments, suffix),
            *http_findings(key, arguments, suffix=suffix),
            *(
                ArgumentFinding(message=f"The field '{name}' is required but was missing")
                for name in _required(key)
                if name not in given
            ),
        ]


def _findings_of_payload(key: str, arguments: dict[str, JSON]) -> Iterator[ArgumentFinding]:
    if key == LAMBDA_INVOKE and isinstance(arguments.get("Payload"), (bool, int, float)):
        yield ArgumentFinding(message="The value of the field 'Payload' has an invalid format", member="Payload")


def _unknown_members(key: str, given: dict[str, str]) -> Iterator[ArgumentFinding]:
    """Yield the members of the request itself that it does not have, by the names under which they are given."""
    members = _members(key)
    if members is None:
        return
    for name, member in given.items():
        if name not in members and not _is_other_spelling(name, key):
            yield _unknown_member(key, name, member, members, [other for other in members if other not in given])


def _unknown_member(key: str, name: str, member: str, members: Collection[str], free: list[str]) -> ArgumentFinding:
    hint = did_you_mean(name, free)
    message = _not_supported(name)
    if misspelt(name, members) is None:
        if key == LAMBDA_INVOKE:
            return ArgumentFinding(message=message, member=member, hint=_FAILS_THE_TASK, warning=FIELD_NOT_SUPPORTED)
        if _may_be_new(name, key):
            return ArgumentFinding(
                message=f"botocore {botocore_version()} does not know the member '{name}' of {key}.",
                member=member,
                hint="AWS refuses it where it does not know it either. It is not checked.",
                warning=UNKNOWN_MEMBER,
            )
    return ArgumentFinding(message=message, member=member, hint=hint)


def _not_supported(name: str) -> str:
    return f'The field "{name}" is not supported by Step Functions'


def _may_be_new(name: str, key: str) -> bool:
    """Whether no structure of an SDK service's model has a member of that name."""
    integration = integration_of(key)
    if integration is None or integration.optimized is not None or not name[:1].isupper():
        return False
    model = integration.model
    return model is not None and name.isalnum() and name.lower() not in model.member_names


def _nested(key: str, arguments: dict[str, JSON], suffix: str) -> Iterator[ArgumentFinding]:
    """Yield the literal members of nested structures that these do not have."""
    integration = integration_of(key)
    shape = None if integration is None else integration.shape("input")
    if integration is None or shape is None:
        return
    for name, value in arguments.items():
        if name in shape.members:
            yield from _of_value(value, shape.members[name], name, suffix, integration)


def _of_value(
    value: JSON, shape: Shape, place: str, suffix: str, integration: Integration
) -> Iterator[ArgumentFinding]:
    if shape.type == "structure" and isinstance(value, dict):
        for written, member in value.items():
            name, at = written.removesuffix(suffix), f"{place}/{written}"
            if written in shape.members:
                yield from _of_value(member, shape.members[written], at, suffix, integration)
            elif name not in shape.members and not is_other_spelling(name, shape):
                meant = misspelt(name, shape.members)
                hint = _FAILS_THE_TASK if meant is None else f"Did you mean {meant!r}?"
                warning = FIELD_NOT_SUPPORTED if meant is None else None
                yield ArgumentFinding(message=_not_supported(name), member=at, hint=hint, warning=warning)
    elif shape.type == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _of_value(item, shape.item, f"{place}[{index}]", suffix, integration)
    elif shape.type == "map" and isinstance(value, dict):
        for name, member in value.items():
            yield from _of_value(member, shape.item, f"{place}/{name}", suffix, integration)


def _members(key: str) -> Collection[str] | None:
    """Name the members that a request can have; None where that is not known."""
    if key == LAMBDA_INVOKE:
        return _LAMBDA_ARGUMENTS
    shape = _request(key)
    return None if shape is None else shape.members


def _is_other_spelling(name: str, key: str) -> bool:
    shape = _request(key)
    return shape is not None and is_other_spelling(name, shape)


def _request(key: str) -> Shape | None:
    integration = integration_of(key)
    return None if integration is None else integration.shape("input")


def _required(key: str) -> tuple[str, ...]:
    if key == LAMBDA_INVOKE:
        return ("FunctionName",)
    integration = integration_of(key)
    return () if integration is None else integration.required_arguments
