"""The ``Resource`` of a Task: a Lambda function, an integration such as ``dynamodb:getItem``, or an activity.

Each resource is read once and kept. The shapes of answers are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_CALLBACK: Final = ".waitForTaskToken"
_NO_INTEGRATIONS: Final = frozenset({"activity", "execution", "express", "stateMachine"})

LAMBDA_INVOKE: Final = "lambda:invoke"
HTTP_INVOKE: Final = "http:invoke"
API_GATEWAY_INVOKE: Final = "apigateway:invoke"
EKS_CALL: Final = "eks:call"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionName:
    """The parts of a Lambda function's name, partial ARN or full ARN; a part that was not given is None."""

    name: str
    qualifier: str | None = None
    account_id: str | None = None
    region: str | None = None
    partition: str | None = None

    def covers(self, called: FunctionName) -> bool:
        """Return whether a mock of this name covers a called function: all parts that both names have must be equal.

        A mock without a qualifier covers all versions and aliases. A call without a qualifier is of ``$LATEST``.
        """
        return (
            self.name == called.name
            and self.qualifier in (None, called.qualifier or "$LATEST")
            and (self.account_id is None or called.account_id in (None, self.account_id))
            and (self.region is None or called.region in (None, self.region))
        )

    def arn(self, *, partition: str, region: str, account_id: str) -> str:
        """Return the full ARN; the parts that the name lacks are those of the machine that calls the function."""
        arn = (
            f"arn:{self.partition or partition}:lambda:{self.region or region}:"
            f"{self.account_id or account_id}:function:{self.name}"
        )
        return arn if self.qualifier is None else f"{arn}:{self.qualifier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A Task's resource: ``key`` is its name in ``mock_resource``, and ``function`` is set for a Lambda ARN.

    ``request`` is the key of the integration that is called. It differs from ``key`` for a task that waits for a token:
    ``sqs:sendMessage`` submits the work of ``sqs:sendMessage.waitForTaskToken``. ``activity`` is the name of the
    activity, if the resource is one.
    """

    arn: str
    key: str
    request: str
    waits_for_token: bool = False
    function: FunctionName | None = None
    is_lambda_invoke: bool = False
    activity: str | None = None

    @property
    def waits_for_callback(self) -> bool:
        """Return whether the outside ends the task by its token, and nothing else does."""
        return self.key.endswith(".waitForTaskToken")

    @property
    def is_lambda(self) -> bool:
        """Return whether the resource calls a Lambda function, by its ARN or by ``lambda:invoke``."""
        return self.function is not None or self.is_lambda_invoke

    @property
    def subject(self) -> str:
        """Return what AWS names in the cause of a result that is too large.

        Recorded: the type of the integration, such as ``lambda``, or the whole ARN of any other resource.
        """
        if self.function is not None or self.activity is not None:
            return self.arn
        parts = self.key.split(":")
        return ":".join(parts[:2]) if parts[0] == "aws-sdk" else parts[0]


@lru_cache(maxsize=1024)
def resource_of(arn: str) -> Resource:
    """Return the resource for a Task's ``Resource`` field, or for the text that a test gave to ``mock_resource``."""
    parts = arn.split(":")
    if len(parts) >= 7 and parts[0] == "arn" and parts[2] == "lambda" and parts[5] == "function":
        return Resource(arn=arn, key=arn, request=arn, function=function_name_of(arn))
    if len(parts) >= 7 and parts[0] == "arn" and parts[2] == "states" and parts[5] not in _NO_INTEGRATIONS:
        # The documentation leaves out region and account; published machines have them. They make no difference.
        return _integration(arn, ":".join(parts[5:]))
    if len(parts) >= 7 and parts[0] == "arn" and parts[2] == "states" and parts[5] == "activity":
        return Resource(arn=arn, key=arn, request=arn, activity=":".join(parts[6:]))
    return _integration(arn, arn)


def _integration(arn: str, key: str) -> Resource:
    request = key.removesuffix(_CALLBACK)
    return Resource(
        arn=arn,
        key=key,
        request=request,
        waits_for_token=request != key,
        is_lambda_invoke=request == LAMBDA_INVOKE,
    )


@lru_cache(maxsize=1024)
def function_name_of(text: str) -> FunctionName | None:
    """Return the parts of a function's name, partial ARN (``123456789012:function:f``) or ARN; None for other texts."""
    parts = text.split(":")
    partition = region = account_id = None
    if parts[0] == "arn":
        if len(parts) < 7 or parts[2] != "lambda" or parts[5] != "function":
            return None
        partition, region, account_id = parts[1], parts[3], parts[4]
        parts = parts[6:]
    elif "function" in parts[:2] and len(parts) > 1:
        position = parts.index("function")
        account_id = parts[0] if position == 1 else None
        parts = parts[position + 1 :]
    if len(parts) not in (1, 2) or not all(parts):
        return None
    return FunctionName(
        name=parts[0],
        qualifier=parts[1] if len(parts) == 2 else None,
        account_id=account_id,
        region=region,
        partition=partition,
    )
