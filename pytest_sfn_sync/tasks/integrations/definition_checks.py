"""What AWS checks of an integration when a definition is created: that it exists, and the names of its arguments.

Measured: integrations of the SDK need arguments, if only ``{}``; members that the request does not have are refused,
and so is a missing idempotency token; members of nested structures pass. Assumption: the words, for which the recorded
one of a missing RoleArn stands; that optimized integrations are held against their requests in the same way, that of a
Lambda function against the developer guide's parameters; and that its literal Payload, which may not be a number or a
boolean, is refused in the words for a wrong type.
"""

from __future__ import annotations

from collections.abc import Collection

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.tasks.integrations.integration import SDK, integration_of, unrecognised_hint
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.integrations.shapes import is_other_spelling
from pytest_sfn_sync.tasks.resources import LAMBDA_INVOKE

_LAMBDA_ARGUMENTS = ("ClientContext", "FunctionName", "InvocationType", "LogType", "Payload", "Qualifier")


class KnownIntegrations:
    """The integrations that this package knows, as the language's parser asks for them."""

    def unrecognised_hint(self, key: str) -> str | None:
        """Say what is wrong with an integration that AWS does not know; None where it does."""
        return unrecognised_hint(key)

    def required_arguments(self, key: str) -> tuple[str, ...] | None:
        """Name the members that must be given; None where no arguments need be, which the SDK's do need."""
        return _required(key) or (() if key.startswith(SDK) else None)

    def argument_faults(
        self, key: str, arguments: dict[str, JSON], *, suffix: str
    ) -> list[tuple[str, str | None, str | None]]:
        """Tell what is wrong with arguments: AWS's message, the member, for one that is there, and a hint."""
        given = {name.removesuffix(suffix): name for name in arguments}
        faults: list[tuple[str, str | None, str | None]] = []
        if key == LAMBDA_INVOKE:
            payload = arguments.get("Payload")
            if isinstance(payload, (bool, int, float)):
                faults.append(("The value of the field 'Payload' has an invalid format", "Payload", None))
        members = _members(key)
        for name in given:
            if members is not None and name not in members and not _is_other_spelling(name, key):
                hint = did_you_mean(name, [member for member in members if member not in given])
                faults.append((f"The field '{name}' is not supported by Step Functions", given[name], hint))
        faults += [
            (f"The field '{name}' is required but was missing", None, None)
            for name in _required(key)
            if name not in given
        ]
        return faults


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
