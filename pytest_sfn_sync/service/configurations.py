"""The configurations of a machine or an activity: logging, tracing and encryption are checked and kept.

Only AWS acts on them: it writes logs, sends traces and encrypts. Source: recorded answers, where a comment says so.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pytest_sfn_sync.registry.state_machine import Configuration
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.requests import Request

_LOG_GROUP: Final = re.compile(r"arn:[^:]+:logs:[^:]+:\d{12}:log-group:[^:]+:\*")
_OFF: Final = "OFF"
_CUSTOMER_MANAGED: Final = "CUSTOMER_MANAGED_KMS_KEY"
_KEY_REUSE_SECONDS: Final = range(60, 901)
_DEFAULT_KEY_REUSE_SECONDS: Final = 300

MEMBERS: Final = {
    "loggingConfiguration": "logging",
    "tracingConfiguration": "tracing",
    "encryptionConfiguration": "encryption",
}
"""The members of requests and responses, with their names in `Configuration`."""


def configuration_of(request: Request, before: Configuration) -> Configuration:
    """Return the configuration that a request asks for; what it doesn't name stays as it was ``before``.

    Recorded: a logging configuration replaces the former one as a whole.
    """
    logging, tracing = request.get("loggingConfiguration"), request.get("tracingConfiguration")
    return Configuration(
        logging=before.logging if logging is None else _checked_logging(logging),
        tracing=before.tracing if tracing is None else {"enabled": bool(tracing.get("enabled"))},
        encryption=encryption_of(request, before.encryption),
    )


def described(configuration: Configuration) -> dict[str, Any]:
    """Return the members of a response with the configurations of a machine."""
    return {member: dict(getattr(configuration, name)) for member, name in MEMBERS.items()}


def _checked_logging(given: dict[str, Any]) -> dict[str, Any]:
    logging = {"level": given.get("level") or _OFF, "includeExecutionData": bool(given.get("includeExecutionData"))}
    destinations = given.get("destinations")
    if destinations is not None:
        logging["destinations"] = destinations
    count = len(destinations or ())
    if count > 1 or (count == 0 and logging["level"] != _OFF):  # Recorded.
        raise service_error("InvalidLoggingConfiguration", reason="Must specify exactly one Log Destination.")
    for destination in destinations or ():
        arn = (destination.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn")
        if arn is None or _LOG_GROUP.fullmatch(arn) is None:
            # Documented: the ARN of a log group, which must end with ":*". Assumption: the text.
            reason = f"Log Destination must be the ARN of a log group that ends with ':*': {arn}"
            raise service_error("InvalidLoggingConfiguration", reason=reason)
    return logging


def encryption_of(request: Request, before: Any) -> dict[str, Any]:
    """Return the encryption configuration of a request.

    Documented: a key of the customer needs its id, and is reused for 60 to 900 seconds, by default 300. Assumption: the
    texts.
    """
    given = request.get("encryptionConfiguration")
    if given is None:
        return dict(before)
    if given["type"] != _CUSTOMER_MANAGED:
        return {"type": given["type"]}
    if not given.get("kmsKeyId"):
        raise service_error(
            "InvalidEncryptionConfiguration", reason=f"kmsKeyId must be specified when type is {_CUSTOMER_MANAGED}"
        )
    seconds = given.get("kmsDataKeyReusePeriodSeconds", _DEFAULT_KEY_REUSE_SECONDS)
    if seconds not in _KEY_REUSE_SECONDS:
        raise service_error(
            "InvalidEncryptionConfiguration",
            reason=f"kmsDataKeyReusePeriodSeconds must be between 60 and 900, not {seconds}",
        )
    return {"type": given["type"], "kmsKeyId": given["kmsKeyId"], "kmsDataKeyReusePeriodSeconds": seconds}
