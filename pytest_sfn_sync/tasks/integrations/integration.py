"""A resource such as ``dynamodb:getItem`` or ``aws-sdk:sqs:sendMessage``, recognised: its shapes and its error prefix.

AWS adds services, actions and members all the time, and the installed botocore may be months behind. So a name that
botocore's models don't have is `Unknown`, and passes with a warning. It is refused if AWS can't have it: the name is
misspelt (`nearest_names.misspelt`) or shortened, is not written as Step Functions writes names, is botocore's name of a
service that has another name in Step Functions, or is known to be refused.

Optimized integrations are not in botocore. This package has the complete list of them. Recorded: ``dynamodb:query``,
an action of the SDK, is refused.

A service model is loaded only for a shape or an error of an integration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pytest_sfn_sync.asl.nearest_names import misspelt, nearest_first
from pytest_sfn_sync.tasks.integrations.java_names import SdkSpelling, Spelling, optimized_member
from pytest_sfn_sync.tasks.integrations.job_table import job_of
from pytest_sfn_sync.tasks.integrations.jobs import Job
from pytest_sfn_sync.tasks.integrations.patterns import SYNC
from pytest_sfn_sync.tasks.integrations.service_models import (
    ServiceModel,
    Shape,
    botocore_version,
    sdk_services,
    service_model,
)
from pytest_sfn_sync.tasks.integrations.service_names import (
    OPTIMIZED_SERVICES,
    OTHER_SERVICES_WITH_ENDPOINTS,
    UNRECOGNISED_ACTIONS,
    UNRECOGNISED_SERVICES,
    OptimizedService,
    sdk_service_name,
)
from pytest_sfn_sync.tasks.integrations.written_shapes import written_shape

SDK: Final = "aws-sdk:"
_ATTRIBUTE_VALUE: Final = frozenset({"AttributeValue"})
_SERVICE_NAME: Final = re.compile("[a-z][a-z0-9]*")
_UNCHECKED: Final = (
    "AWS refuses it if it does not know it either. The machine is registered, and nothing of this task is checked."
)
_UNMEASURED: Final = "AWS refuses other services of that kind; whether it refuses this one is not known."
_SHORTEST: Final = 2
_COMMON_ACTIONS: Final = frozenset(
    {
        "deleteResourcePolicy",
        "getResourcePolicy",
        "listTagsForResource",
        "putResourcePolicy",
        "tagResource",
        "untagResource",
    }
)
"""Actions that many services have, so that they don't show which service is meant.

All actions of services that were added to botocore after 1.35.0 were tried: no other one is misleading.
"""

_ACTION_NAME: Final = re.compile("[a-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """An integration that AWS recognises; ``optimized`` is None for an SDK integration.

    ``job`` is the kind of job that a task waits for with ``.sync``; it is None for a task that waits for no job.
    """

    key: str
    service: str
    action: str
    botocore_name: str | None
    optimized: OptimizedService | None
    job: Job | None = None

    @property
    def model(self) -> ServiceModel | None:
        """The service's model; None if botocore has none for it."""
        return None if self.botocore_name is None else service_model(self.botocore_name)

    @property
    def spelling(self) -> Spelling:
        """The spelling of members: that of the SDK for Java 2 for SDK integrations, botocore's for optimized ones."""
        return SdkSpelling(self.botocore_name or "") if self.optimized is None else optimized_member

    @property
    def operation(self) -> str | None:
        """The operation in the service's model; None if the model has no such operation."""
        model = self.model
        if model is None or (self.optimized is not None and self.action in dict(self.optimized.operations)):
            return None
        return model.actions.get(self.action)

    @property
    def error_prefix(self) -> str:
        """The beginning of the names of its errors."""
        if self.optimized is not None:
            return self.optimized.error_prefix
        model = self.model
        return "" if model is None else model.error_prefix

    @property
    def base_exception(self) -> str:
        """The class name of errors that the service's model does not have."""
        return f"{self.error_prefix}Exception" if self.optimized is None else self.optimized.base_exception

    @property
    def required_arguments(self) -> tuple[str, ...]:
        """The required members of the input.

        Measured: SDK integrations need idempotency tokens. Published machines with optimized integrations have none.
        """
        shape = self.shape("input")
        if shape is None:
            return ()
        return tuple(name for name in shape.required if self.optimized is None or name not in shape.idempotency_tokens)

    @property
    def structures_of_text(self) -> frozenset[str]:
        """The structures for which a text may be given.

        Assumption, from published machines: version 1 of the SDK for Java turns a string into an AttributeValue.
        """
        return self.structures_of_strings if self.optimized is not None else frozenset()

    @property
    def structures_of_strings(self) -> frozenset[str]:
        """The structures in which a string member takes no number and no boolean.

        Assumption, from reports of users: an attribute of DynamoDB, above all its ``N``, a number written as a string.
        """
        return _ATTRIBUTE_VALUE if self.service == "dynamodb" else frozenset()

    def shape(self, part: str) -> Shape | None:
        """Return the shape of the ``input`` or the ``output``; None if it is not known."""
        return _shape_of(self.key if self.job is None else f"{self.key}.{SYNC}", part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """A service or an action that AWS does not know; ``hint`` suggests the name that was perhaps meant."""

    hint: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A service or an action that the installed botocore does not have, and that AWS may have."""

    message: str
    near: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """The second part of the warning: the consequence, and the nearest known names."""
        return f"{_UNCHECKED} Nearest: {', '.join(self.near)}." if self.near else _UNCHECKED


@lru_cache(maxsize=1024)
def integration_of(key: str) -> Integration | None:
    """Return the integration of a resource's key (``dynamodb:getItem``, ``aws-sdk:s3:getObject``); None for others."""
    found = recognise(key)
    return found if isinstance(found, Integration) else None


@lru_cache(maxsize=1024)
def _shape_of(key: str, part: str) -> Shape | None:
    written = written_shape(key, part)
    integration = integration_of(key)
    if written is not None or integration is None or integration.operation is None:
        return written
    model = integration.model
    return None if model is None else model.shape(integration.action, part, integration.spelling)


@lru_cache(maxsize=1024)
def recognise(key: str) -> Integration | Unrecognised | Unknown:
    """Return the integration for a resource's key, or why there is none; a model is read only for SDK integrations."""
    base = key.partition(".")[0]
    if base.startswith(SDK):
        return _sdk_integration(base)
    found = _optimized_integration(base)
    return replace(found, job=job_of(key)) if isinstance(found, Integration) else found


def unrecognised_hint(key: str) -> str | None:
    """Report the fault of an integration that AWS does not know; None if AWS knows it."""
    found = recognise(key)
    return found.hint if isinstance(found, Unrecognised) else None


def doubt_about(key: str) -> tuple[str, str] | None:
    """Report why it is not known whether AWS has an integration, with a hint; None if it is known."""
    found = recognise(key)
    if isinstance(found, Unknown):
        return found.message, found.hint
    if isinstance(found, Unrecognised) or found.optimized is not None:
        return None
    if found.botocore_name in OTHER_SERVICES_WITH_ENDPOINTS:
        return f"The service {found.service!r} needs an endpoint of its own, which a Task can't give.", _UNMEASURED
    return None


def _sdk_integration(key: str) -> Integration | Unrecognised | Unknown:
    service, _, action = key.removeprefix(SDK).partition(":")
    services = sdk_services()
    botocore_name = services.get(service)
    if botocore_name is None:
        return _other_sdk_service(service, action, services)
    model = service_model(botocore_name)
    if action not in model.actions:
        return _other_action(service, action, model)
    if (service, action) in UNRECOGNISED_ACTIONS or model.streams_events(action):
        return Unrecognised(hint=f"Step Functions does not offer the action {action!r} of {service!r} to workflows.")
    return Integration(key=key, service=service, action=action, botocore_name=botocore_name, optimized=None)


def _other_action(service: str, action: str, model: ServiceModel) -> Unrecognised | Unknown:
    near = tuple(f"{SDK}{service}:{name}" for name in nearest_first(action, model.actions)[:3])
    if _ACTION_NAME.fullmatch(action) and misspelt(action, model.actions) is None:
        return Unknown(f"botocore {botocore_version()} does not know the action {action!r} of {service!r}.", near)
    return Unrecognised(hint=f"The service {service!r} has no action {action!r}. Nearest: {', '.join(near)}.")


def _other_sdk_service(service: str, action: str, services: dict[str, str]) -> Unrecognised | Unknown:
    message = f"There is no SDK integration with the service {service!r}."
    by_botocore = sdk_service_name(_botocore_name_of(service))
    if by_botocore in services and by_botocore != service:
        hint = f"{message} Step Functions calls it {by_botocore!r}: write {SDK}{by_botocore}:{action}."
        return Unrecognised(hint=hint)
    if service in map(sdk_service_name, UNRECOGNISED_SERVICES):
        return Unrecognised(hint=f"{message} It needs an endpoint of its own, which a Task can't give.")
    shortened = _shortened(service, action, services)
    near = shortened or nearest_first(service, services)[:3]
    is_well_formed = _SERVICE_NAME.fullmatch(service) and _ACTION_NAME.fullmatch(action)
    if is_well_formed and not shortened and misspelt(service, services) is None:
        return Unknown(f"botocore {botocore_version()} does not know the service {service!r}.", tuple(near))
    return Unrecognised(hint=f"{message} Nearest: {', '.join(f'{SDK}{name}:{action}' for name in near)}.")


def _shortened(service: str, action: str, services: dict[str, str]) -> list[str]:
    """Return the known services of which a name is probably a short form: ``dynamo:getItem``, ``ddb:getItem``.

    Such a service begins with the first letter of the name, has the other letters in the same order, and has the
    action. A new service is not mistaken for one of them: it has actions of its own, except for those that nearly every
    service has.
    """
    if len(service) < _SHORTEST or action in _COMMON_ACTIONS:
        return []
    letters = re.compile(f"{re.escape(service[:1])}{''.join(f'.*{re.escape(letter)}' for letter in service[1:])}")
    longer = [name for name, botocore_name in services.items() if letters.match(name) or letters.match(botocore_name)]
    return [name for name in nearest_first(service, longer) if action in service_model(services[name]).actions][:3]


def _optimized_integration(key: str) -> Integration | Unrecognised:
    service, _, action = key.partition(":")
    optimized = OPTIMIZED_SERVICES.get(service)
    if optimized is not None and action in optimized.actions:
        return Integration(
            key=key, service=service, action=action, botocore_name=optimized.botocore_name, optimized=optimized
        )
    return Unrecognised(hint=_no_such_optimized(service, action, optimized))


def _no_such_optimized(service: str, action: str, optimized: OptimizedService | None) -> str:
    if optimized is not None:
        message = f"The optimized integration {service!r} has the actions {', '.join(optimized.actions)}."
        near = nearest_first(action, optimized.actions)[:1]
    else:
        message = f"There is no optimized integration with the service {service!r}."
        near = []
        names = nearest_first(service, OPTIMIZED_SERVICES)[:3]
        message += f" Nearest: {', '.join(names)}."
    by_sdk = recognise(f"{SDK}{sdk_service_name(_botocore_name_of(service))}:{action}")
    if isinstance(by_sdk, Integration):
        return f"{message} As an SDK integration it is {by_sdk.key}."
    return f"{message} Nearest: {service}:{near[0]}." if near else message


def _botocore_name_of(service: str) -> str:
    optimized = OPTIMIZED_SERVICES.get(service)
    return service if optimized is None or optimized.botocore_name is None else optimized.botocore_name
