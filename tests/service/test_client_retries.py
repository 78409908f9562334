"""Injected errors meet the client's own retries: what the code under test sees is what it would see of AWS.

What it would see is not written down here: the same client is asked with nothing but its transport replaced, so that
botocore's own loop over the attempts says it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from itertools import product
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync, UnmockedTaskError, botocore_hook
from pytest_sfn_sync.service.step_functions import StepFunctions
from tests.service.answering import PASS, Answering

boto3 = pytest.importorskip("boto3")

CREDENTIALS = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
MODES = ("legacy", "standard", "adaptive")
ATTEMPTS = {
    "as by default": {},
    "no retries": {"max_attempts": 0},
    "one retry": {"max_attempts": 1},
    "four attempts": {"total_max_attempts": 4},
}
CODES = (
    "ThrottlingException",
    "InternalFailure",
    "ServiceUnavailable",
    "KmsThrottlingException",
    "AccessDeniedException",
    "StateMachineDoesNotExist",
    "MissingAuthenticationToken",
)


TIMES = (1, 2, 4, 5, None)


class Seen(NamedTuple):
    """The result of one call as its caller saw it, and the number of requests that reached the service."""

    status: str | None
    message: str
    retry_attempts: int
    max_attempts_reached: bool | None
    quota_reached: bool | None
    requests: int


class Side:
    """A client, the service that answers it, and what the client's calls come to."""

    def __init__(self, retries: dict[str, Any]) -> None:
        self.answering = Answering()
        self.arn = self.answering.arn()
        self.client = client_with(retries)
        self.requests = 0

    def answer(self, *request: Any) -> Any:
        self.requests += 1
        return StepFunctions.answer(self.answering.service, *request)

    def call(self, code: str, times: int | None) -> Seen:
        self.requests = 0
        self.answering.service.injected_errors.clear()
        self.answering.service.inject_error(code, times=times)
        try:
            response, message = self.client.start_sync_execution(stateMachineArn=self.arn), ""
        except ClientError as error:
            response, message = error.response, str(error)
        return seen_of(response, message, self.requests)


def client_with(retries: dict[str, Any] | None = None) -> Any:
    return boto3.session.Session().client("stepfunctions", config=Config(retries=retries), **CREDENTIALS)


def seen_of(response: dict[str, Any], message: str, requests: int) -> Seen:
    metadata = response["ResponseMetadata"]
    return Seen(
        status=response.get("status"),
        message=message,
        retry_attempts=metadata["RetryAttempts"],
        max_attempts_reached=metadata.get("MaxAttemptsReached"),
        quota_reached=metadata.get("RetryQuotaReached"),
        requests=requests,
    )


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_PROFILE", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        raise AssertionError(f"slept {seconds} seconds")

    monkeypatch.setattr(time, "sleep", sleep)


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Any]], tuple[Side, Side]]]:
    """Makes two sides: answered by the seam, and by botocore itself with its transport replaced and no waits."""
    botocore_hook.install()
    with ExitStack() as active:

        def make(retries: dict[str, Any]) -> tuple[Side, Side]:
            ours, botocores = Side(retries), Side(retries)
            monkeypatch.setattr(ours.answering.service, "answer", ours.answer)
            active.enter_context(botocore_hook.active(ours.answering.service))
            replace_transport(botocores)
            monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))
            monkeypatch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda self: None)
            return ours, botocores

        yield make


def replace_transport(side: Side) -> None:
    """Make botocore send, retry and read by itself, with the service as its network."""

    def send(request: Any, **_: Any) -> AWSResponse:
        response = side.answer("StartSyncExecution", request.body)
        return AWSResponse(request.url, response.status, response.headers, Raw(response.body))

    class Raw(BytesIO):
        def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
            yield self.read()

    side.client.meta.events.unregister(botocore_hook.EVENT, botocore_hook.answer_before_call)
    side.client.meta.events.register("before-send", send)


@pytest.mark.parametrize("attempts", ATTEMPTS)
@pytest.mark.parametrize("mode", MODES)
def test_the_caller_sees_what_it_would_see_of_aws(mode: str, attempts: str, sides: Any) -> None:
    ours, botocores = sides({"mode": mode, **ATTEMPTS[attempts]})
    for code, times in product(CODES, TIMES):
        assert ours.call(code, times) == botocores.call(code, times), (code, times)


@pytest.mark.parametrize("mode", MODES)
def test_the_quota_of_a_client_is_used_up_as_on_aws(mode: str, sides: Any) -> None:
    ours, botocores = sides({"mode": mode})
    seen = [ours.call("InternalFailure", None) for _ in range(60)]
    assert seen == [botocores.call("InternalFailure", None) for _ in range(60)]
    assert seen[-1].quota_reached == (None if mode == "legacy" else True)


def test_the_quota_is_full_again_for_the_next_test() -> None:
    client = client_with({"mode": "standard"})
    for _ in range(5):
        with SfnSync() as sfn:
            arn = sfn.register("orders", PASS).arn
            sfn.inject_error("InternalFailure", times=None)
            attempts = []
            for _ in range(15):
                with pytest.raises(ClientError) as raised:
                    client.start_sync_execution(stateMachineArn=arn)
                attempts.append(raised.value.response["ResponseMetadata"]["RetryAttempts"])
        assert attempts == [2] * 15


@pytest.mark.parametrize(
    ("environment", "attempts"),
    [
        pytest.param({"AWS_RETRY_MODE": "legacy"}, 5, id="legacy mode has five attempts"),
        pytest.param({"AWS_RETRY_MODE": "standard"}, 3, id="standard mode has three"),
        pytest.param({"AWS_RETRY_MODE": "adaptive", "AWS_MAX_ATTEMPTS": "7"}, 7, id="both from the environment"),
        pytest.param({"AWS_MAX_ATTEMPTS": "1"}, 1, id="no retries, in whatever mode"),
    ],
)
def test_the_environment_counts(environment: dict[str, str], attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with SfnSync() as sfn:
        client = boto3.session.Session().client("stepfunctions", **CREDENTIALS)
        injected = sfn.inject_error("ThrottlingException", times=None)
        with pytest.raises(ClientError) as raised:
            client.start_sync_execution(stateMachineArn="a")
    assert injected.answered == attempts
    assert str(raised.value) == (
        "An error occurred (ThrottlingException) when calling the StartSyncExecution operation "
        f"(reached max retries: {attempts - 1}): Rate exceeded"
    )


def test_a_throttle_once_is_not_seen_and_takes_no_time() -> None:
    with SfnSync() as sfn:
        arn = sfn.register("orders", PASS).arn
        client = client_with()
        injected = sfn.inject_error("ThrottlingException", times=1)
        started = time.perf_counter()
        response = client.start_sync_execution(stateMachineArn=arn)
        taken = time.perf_counter() - started
    assert (response["status"], response["ResponseMetadata"]["RetryAttempts"]) == ("SUCCEEDED", 1)
    assert (injected.answered, len(sfn.executions)) == (1, 1)
    assert taken < 0.25
    assert sfn.notes == [
        "The client retried StartSyncExecution after ThrottlingException by itself, as it does on AWS, and succeeded. "
        "Its caller saw no error. times=None injects the error into every attempt."
    ]


def test_raises_says_that_the_client_retried() -> None:
    with SfnSync() as sfn:
        arn = sfn.register("orders", PASS).arn
        sfn.inject_error("ThrottlingException")
        with pytest.raises(AssertionError) as failed, sfn.raises("ThrottlingException"):
            client_with().start_sync_execution(stateMachineArn=arn)
    assert str(failed.value) == (
        "ThrottlingException was expected, but no call raised it.\n"
        "The client retried StartSyncExecution after ThrottlingException by itself, as it does on AWS, and succeeded. "
        "Its caller saw no error. times=None injects the error into every attempt."
    )


def test_a_usage_error_in_a_later_attempt_goes_out_at_once() -> None:
    definition = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": FUNCTION, "End": True}}}
    with SfnSync() as sfn:
        arn = sfn.register("orders", definition).arn
        injected = sfn.inject_error("ThrottlingException")
        with pytest.raises(UnmockedTaskError):
            client_with().start_sync_execution(stateMachineArn=arn)
        assert (injected.answered, len(sfn.usage_errors)) == (1, 1)
        sfn.usage_errors.clear()


@pytest.mark.parametrize("no_more", [None, False])
def test_a_hook_of_the_users_own_may_ask_for_retries(no_more: bool | None) -> None:
    with SfnSync():
        client = client_with()
        asked: list[dict[str, Any]] = []

        def retry_once(attempts: int, **arguments: Any) -> float | bool | None:
            asked.append(arguments)
            return 10.5 if attempts == 1 else no_more

        client.meta.events.register("needs-retry.stepfunctions", retry_once)
        with pytest.raises(client.exceptions.StateMachineDoesNotExist) as raised:
            client.start_sync_execution(stateMachineArn=ARN)
    assert raised.value.response["ResponseMetadata"]["RetryAttempts"] == 1
    http, parsed = asked[0]["response"]
    assert (http.status_code, parsed["Error"]["Code"]) == (400, "StateMachineDoesNotExist")
    assert (asked[0]["operation"].name, asked[0]["caught_exception"]) == ("StartSyncExecution", None)
    assert asked[1]["request_dict"]["context"]["retries"]["attempt"] == 2


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("code", "times", "expected"),
    [
        ("ThrottlingException", 1, ("SUCCEEDED", 1)),
        ("InternalFailure", None, ("InternalFailure", 2)),
        ("AccessDeniedException", None, ("AccessDeniedException", 0)),
    ],
)
def test_a_client_of_aiobotocore_retries_too(mode: str, code: str, times: int | None, expected: Any) -> None:
    session = pytest.importorskip("aiobotocore.session")
    aio_config = pytest.importorskip("aiobotocore.config").AioConfig(retries={"mode": mode, "total_max_attempts": 3})

    async def call(arn: str) -> dict[str, Any]:
        async with session.get_session().create_client("stepfunctions", config=aio_config, **CREDENTIALS) as client:
            try:
                response: dict[str, Any] = await client.start_sync_execution(stateMachineArn=arn)
            except ClientError as error:
                response = error.response
            return response

    with SfnSync() as sfn:
        injected = sfn.inject_error(code, times=times)
        response = asyncio.run(call(sfn.register("orders", PASS).arn))
    outcome = response.get("status") or response["Error"]["Code"]
    assert (outcome, response["ResponseMetadata"]["RetryAttempts"]) == expected
    assert injected.answered == (expected[1] + 1 if times is None else times)
