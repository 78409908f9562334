"""The checks of a Task's integration when a definition is created: AWS knows it, and its arguments are right.

The integrations and their members come from service models outside this package; the language defines none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from pytest_sfn_sync.asl.diagnostics import ERROR, SCHEMA_VALIDATION_FAILED, WARNING
from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.validation.task_resource import (
    IntegrationResource,
    report_express_pattern,
    report_unrecognised,
)

# Codes of this package's own: AWS has no warnings like these.
UNKNOWN_INTEGRATION: Final = "UNKNOWN_INTEGRATION"
"""The code for an integration of which it is not known here whether AWS has it."""

UNKNOWN_MEMBER: Final = "UNKNOWN_MEMBER"
"""The code for a member of which it is not known here whether the request has it."""

FIELD_NOT_SUPPORTED: Final = "FIELD_NOT_SUPPORTED"
"""The code for a member that AWS accepts at creation and refuses in the task, which fails."""

VALUE_NOT_SUPPORTED: Final = "VALUE_NOT_SUPPORTED"
"""The code for a value of which it is not known whether AWS accepts it at creation; the task fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentFinding:
    """A fault of an argument: a message, and its ``member`` as a location within the arguments, if it exists.

    ``warning`` is the code of a finding for which AWS does not refuse the definition, or may not.
    """

    message: str
    member: str | None = None
    hint: str | None = None
    warning: str | None = None


class Integrations(Protocol):
    """Knows the integrations that AWS has; ``key`` is a resource such as ``aws-sdk:sqs:sendMessage``."""

    def unrecognised_hint(self, key: str, pattern: str) -> str | None:
        """Return a hint for an integration, or a pattern of it, that AWS does not know; None where AWS knows it."""

    def doubt_about(self, key: str) -> tuple[str, str] | None:
        """Return why it is not known here whether AWS has an integration, and a hint; None where it is known."""

    def required_arguments(self, key: str) -> tuple[str, ...]:
        """Return the members that a definition must have; none where ``{}`` is enough."""

    def argument_findings(self, key: str, arguments: dict[str, JSON], *, suffix: str) -> list[ArgumentFinding]:
        """Return the faults of arguments. The key ends in the pattern for a job, whose arguments may be others.

        The suffix of a name that ends in ``suffix`` is removed; the value of such a member is not known before the run.
        """


def check_integration(
    integrations: Integrations, resource: IntegrationResource, reader: FieldReader, dialect: Dialect
) -> frozenset[str]:
    """Record an integration that AWS does not know, and literal arguments that it does not accept.

    Return the places of the arguments that AWS may or may not know; a run does not check them either.
    """
    key, field = f"{resource.type}:{resource.action}", dialect.arguments_field
    hint = integrations.unrecognised_hint(key, resource.pattern)
    if hint is not None:
        report_unrecognised(reader, hint=hint)
        return _NONE
    report_express_pattern(reader, resource)
    doubt = integrations.doubt_about(key)
    if doubt is not None:
        message, hint = doubt
        location = reader.at("Resource")
        reader.diagnostics.add(message, location, code=UNKNOWN_INTEGRATION, severity=WARNING, hint=hint)
    if field not in reader:
        required = integrations.required_arguments(key)
        hint = f"Write {field} with {', '.join(required)}." if required else f"Write {field}, if only {{}}."
        # Measured, the location too: that of Resource.
        message = f"{field} field is required for resource ARN: {reader.fields['Resource']}"
        reader.fault(message, "Resource", hint=hint)
    elif isinstance(arguments := reader.fields[field], dict):
        suffix = dialect.evaluated_suffix
        called = f"{key}.{resource.pattern}" if resource.pattern.startswith(_JOB) else key
        findings = integrations.argument_findings(called, arguments, suffix=suffix)
        for finding in findings:
            _report(reader, field, finding)
        unknown = (finding.member for finding in findings if finding.warning == UNKNOWN_MEMBER)
        return frozenset(member.removesuffix(suffix) for member in unknown if member is not None)
    return _NONE


_JOB: Final = "sync"
_NONE: Final[frozenset[str]] = frozenset()


def _report(reader: FieldReader, field: str, finding: ArgumentFinding) -> None:
    reader.diagnostics.add(
        finding.message,
        reader.at(field),
        code=finding.warning or SCHEMA_VALIDATION_FAILED,
        severity=ERROR if finding.warning is None else WARNING,
        hint=finding.hint,
        place=None if finding.member is None else reader.at(field) / finding.member,
    )
