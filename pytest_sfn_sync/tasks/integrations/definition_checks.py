"""What AWS checks of an integration when a definition is created: that it exists, and the names of its arguments.

Measured: members that the request does not have are refused, and so is a missing idempotency token; some members of
nested structures are refused and others pass, and each fails the task when it runs; unknown members of lambda:invoke
pass, and fail it too. Assumption: that optimized integrations are held against their requests in the same way, that of
a Lambda function against the developer guide's parameters; and that its literal Payload, which may not be a number or a
boolean, is refused in the words for a wrong type.

The rule for members that a request does not have, at any depth. Refused: a slip of the pen in the name of one that it
has. A warning that names botocore's version: one that may be new (`unknown_members`); a run does not check it. Of what
is left, members of the request itself are refused, and those of nested structures, and of lambda:invoke, are a warning,
as AWS lets them pass and fails the task.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.asl.validation.integrations import (
    FIELD_NOT_SUPPORTED,
    UNKNOWN_MEMBER,
    VALUE_NOT_SUPPORTED,
    ArgumentFinding,
)
from pytest_sfn_sync.tasks.integrations.integration import SDK, doubt_about, integration_of, unrecognised_hint
from pytest_sfn_sync.tasks.integrations.patterns import pattern_fault
from pytest_sfn_sync.tasks.integrations.request_walk import UNKNOWN, Misfit, misfits
from pytest_sfn_sync.tasks.integrations.service_models import Shape, botocore_version
from pytest_sfn_sync.tasks.integrations.unknown_members import may_be_new, slip_of
from pytest_sfn_sync.tasks.integrations.value_checks import CHECKED, literal_values, value_faults
from pytest_sfn_sync.tasks.resources import LAMBDA_INVOKE

_FAILS_THE_TASK: Final = "AWS creates the machine, and the task fails when it runs."
_MAY_FAIL_THE_TASK: Final = "Whether AWS creates the machine is not known; the task fails when it runs."
_UNCHECKED: Final = "AWS refuses it where it does not know it either. It is not checked."


class KnownIntegrations:
    """The integrations that this package knows, as the language's parser asks for them."""

    def unrecognised_hint(self, key: str, pattern: str) -> str | None:
        """Report what is wrong with an integration, or with its pattern, that AWS does not know; None where it does."""
        return unrecognised_hint(key) or pattern_fault(key, pattern, is_sdk=key.startswith(SDK))

    def doubt_about(self, key: str) -> tuple[str, str] | None:
        """Report why it is not known here whether AWS has an integration, with a hint; None where it is known."""
        return doubt_about(key)

    def required_arguments(self, key: str) -> tuple[str, ...]:
        """Return the names of the members that must be given; none where ``{}`` is enough."""
        return _required(key)

    def argument_findings(self, key: str, arguments: dict[str, JSON], *, suffix: str) -> list[ArgumentFinding]:
        """Return what is wrong with arguments."""
        return [
            *_findings_of_payload(key, arguments),
            *_findings_of_members(key, arguments, suffix),
            *_findings_of_values(key, arguments, suffix),
            *_findings_of_missing(key, {name.removesuffix(suffix) for name in arguments}),
        ]


def _findings_of_payload(key: str, arguments: dict[str, JSON]) -> Iterator[ArgumentFinding]:
    if key == LAMBDA_INVOKE and isinstance(arguments.get("Payload"), (bool, int, float)):
        yield ArgumentFinding(message="The value of the field 'Payload' has an invalid format", member="Payload")


def _findings_of_members(key: str, arguments: dict[str, JSON], suffix: str) -> Iterator[ArgumentFinding]:
    """Yield the literal members that the request and its nested structures don't have; the request's own come first."""
    shape = _request(key)
    if shape is None:
        return
    found = [misfit for misfit in misfits(arguments, shape, suffix=suffix) if misfit.kind == UNKNOWN]
    given = {name.removesuffix(suffix) for name in arguments}
    for misfit in sorted(found, key=lambda misfit: not misfit.is_of_the_request):
        yield _finding_of_member(key, misfit, given)


def _finding_of_member(key: str, misfit: Misfit, given: set[str]) -> ArgumentFinding:
    name, structure, member = misfit.name, misfit.shape, misfit.place
    message = f'The field "{name}" is not supported by Step Functions'
    if may_be_new(name, structure):
        near = did_you_mean(name, structure.members)
        return ArgumentFinding(
            message=f"botocore {botocore_version()} does not know the member '{name}' of {_told(key, misfit)}.",
            member=member,
            hint=_UNCHECKED if near is None else f"{_UNCHECKED} {near}",
            warning=UNKNOWN_MEMBER,
        )
    meant = slip_of(name, structure)
    if misfit.is_of_the_request and (meant is not None or key != LAMBDA_INVOKE):
        hint = did_you_mean(name, [other for other in structure.members if other not in given])
        return ArgumentFinding(message=message, member=member, hint=hint)
    if meant is not None:
        return ArgumentFinding(message=message, member=member, hint=f"Did you mean {meant!r}?")
    return ArgumentFinding(message=message, member=member, hint=_FAILS_THE_TASK, warning=FIELD_NOT_SUPPORTED)


def _told(key: str, misfit: Misfit) -> str:
    return key if misfit.is_of_the_request else f"{misfit.place.rpartition('/')[0]} in {key}"


def _findings_of_values(key: str, arguments: dict[str, JSON], suffix: str) -> Iterator[ArgumentFinding]:
    if key not in CHECKED:
        return
    for fault in value_faults(key, literal_values(arguments, suffix=suffix)):
        if fault.is_certain:
            yield ArgumentFinding(message=fault.message, member=fault.member, hint=fault.hint)
        else:
            hint = f"{fault.hint} {_MAY_FAIL_THE_TASK}"
            yield ArgumentFinding(message=fault.message, member=fault.member, hint=hint, warning=VALUE_NOT_SUPPORTED)


def _findings_of_missing(key: str, given: set[str]) -> Iterator[ArgumentFinding]:
    for name in _required(key):
        if name not in given:
            yield ArgumentFinding(message=f"The field '{name}' is required but was missing")


def _request(key: str) -> Shape | None:
    integration = integration_of(key)
    return None if integration is None else integration.shape("input")


def _required(key: str) -> tuple[str, ...]:
    integration = integration_of(key)
    return () if integration is None else integration.required_arguments
