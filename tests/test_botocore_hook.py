"""The seam to botocore: real clients of every kind are answered, or left alone, without any configuration."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import product
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, UnStubbedResponseError
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_LAST
from botocore.stub import Stubber

from pytest_sfn_sync import SfnSync, botocore_hook
from pytest_sfn_sync.errors import SfnSyncUsageError, UnsupportedOperationError
from pytest_sfn_sync.service.errors import KMS_KEY_STATES, MODELLED_ERRORS
from pytest_sfn_sync.service.operations import OPERATIONS
from pytest_sfn_sync.service.requests import START_SYNC_EXECUTION
from tests.service.answering import FAIL, Answering

boto3 = pytest.importorskip("boto3")

ENTRY = ("before-call", botocore_hook.answer_before_call, REGISTER_LAST)


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "absent"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def _installed() -> None:
    """Install the handler where the last test left none. It stays: looking for clients that exist takes a while."""
    if ENTRY not in BUILTIN_HANDLERS:
        botocore_hook.install()


@pytest.fixture
def answering() -> Iterator[Answering]:
    answering = Answering()
    with botocore_hook.active(answering.service):
        yield answering


def boto3_client(**settings: Any) -> Any:
    return boto3.session.Session().client("stepfunctions", region_name="us-east-1", **settings)


def botocore_client(**settings: Any) -> Any:
    return botocore.session.Session().create_client("stepfunctions", region_name="us-east-1", **settings)


@pytest.mark.parametrize("make_client", [boto3_client, botocore_client])
def test_a_client_gets_botocores_own_types(answering: Answering, make_client: Any) -> None:
    arn = answering.arn()
    response = make_client().start_sync_execution(stateMachineArn=arn, name="first", input='{"n": 1}')
    metadata = response.pop("ResponseMetadata")
    request_id = metadata["RequestId"]
    assert metadata == {
        "RequestId": request_id,
        "HTTPStatusCode": 200,
        "HTTPHeaders": {
            "x-amzn-requestid": request_id,
            "date": "Tue, 14 Nov 2023 22:13:20 GMT",
            "content-type": "application/x-amz-json-1.0",
            "content-length": metadata["HTTPHeaders"]["content-length"],
        },
        "RetryAttempts": 0,
    }
    assert response["startDate"] == datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=timezone.utc)
    assert response["startDate"].tzinfo is not None
    assert response == answering.executions[0].response


def test_an_aiobotocore_client_is_answered_too(answering: Answering) -> None:
    session = pytest.importorskip("aiobotocore.session")
    arn = answering.arn()

    async def call() -> tuple[Any, Any]:
        async with session.get_session().create_client("stepfunctions", region_name="us-east-1") as client:
            response = await client.start_sync_execution(stateMachineArn=arn, input='{"n": 1}')
            with pytest.raises(client.exceptions.StateMachineDoesNotExist) as raised:
                await client.start_sync_execution(stateMachineArn=f"{arn}z")
            return response, raised.value.response

    response, refusal = asyncio.run(call())
    assert (response["status"], response["output"]) == ("SUCCEEDED", '{"n": 1}')
    assert refusal["message"] == f"State Machine Does Not Exist: '{arn}z'"


def test_threads_of_the_code_under_test_are_answered(answering: Answering) -> None:
    arn = answering.arn()
    client = boto3_client()
    statuses: list[str] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(client.start_sync_execution(stateMachineArn=arn)["status"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == ["SUCCEEDED"] * 8
    assert len({execution.arn for execution in answering.executions}) == 8


def test_a_refusal_is_botocores_exception_with_everything_in_its_place(answering: Answering) -> None:
    client = boto3_client()
    with pytest.raises(client.exceptions.InvalidArn) as raised:
        client.start_sync_execution(stateMachineArn="not_a_valid_arn")
    text = "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'"
    assert str(raised.value) == (
        f"An error occurred (InvalidArn) when calling the StartSyncExecution operation: {text}"
    )
    metadata = raised.value.response.pop("ResponseMetadata")
    assert raised.value.response == {"Error": {"Code": "InvalidArn", "Message": text}, "message": text}
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (400, 0)
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]


@pytest.mark.parametrize("code", [*MODELLED_ERRORS, "ValidationException"])
def test_every_modelled_error_is_raised_as_its_class_with_its_members(answering: Answering, code: str) -> None:
    client = boto3_client()
    answering.service.inject_error(code, message="as told")
    with pytest.raises(getattr(client.exceptions, code)) as raised:
        client.start_sync_execution(stateMachineArn="a")
    assert raised.value.response["message"] == "as told"
    assert raised.value.response.get("kmsKeyState") == ("DISABLED" if code == "KmsInvalidStateException" else None)


@pytest.mark.parametrize(("code", "status"), [("ThrottlingException", 400), ("InternalFailure", 500)])
def test_a_common_error_is_a_client_error(answering: Answering, code: str, status: int) -> None:
    client = boto3_client(config=Config(retries={"max_attempts": 0}))
    injected = answering.service.inject_error(code, times=2)
    with pytest.raises(ClientError) as raised:
        client.start_sync_execution(stateMachineArn="a")
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert injected.answered == 1


def test_a_failed_execution_is_a_response_like_any_other(answering: Answering) -> None:
    response = boto3_client().start_sync_execution(stateMachineArn=answering.arn(definition=FAIL))
    assert (response["status"], response["error"], response["ResponseMetadata"]["HTTPStatusCode"]) == (
        "FAILED",
        "Broken",
        200,
    )


def test_botocore_checks_types_before_anything_is_answered(answering: Answering) -> None:
    with pytest.raises(ParamValidationError, match='Missing required parameter in input: "stateMachineArn"'):
        boto3_client().start_sync_execution()


def test_without_parameter_validation_the_service_checks(answering: Answering) -> None:
    client = boto3_client(config=Config(parameter_validation=False))
    with pytest.raises(client.exceptions.ValidationException, match="Member must not be null"):
        client.start_sync_execution()


@pytest.mark.parametrize("text", ['"ä 注文 😀"', '{"\\ud83d": "\\u0000"}', '"' + "é" * 100_000 + '"'])
def test_any_text_survives_the_way_in_and_out(answering: Answering, text: str) -> None:
    response = boto3_client().start_sync_execution(stateMachineArn=answering.arn(), input=text)
    assert response["input"] == text


def test_the_innermost_service_answers(answering: Answering) -> None:
    inner = Answering()
    arn = answering.arn()
    client = boto3_client()
    with botocore_hook.active(inner.service):
        assert botocore_hook.innermost() is inner.service
        with pytest.raises(client.exceptions.StateMachineDoesNotExist):
            client.start_sync_execution(stateMachineArn=arn)
    assert botocore_hook.innermost() is answering.service
    assert client.start_sync_execution(stateMachineArn=arn)["status"] == "SUCCEEDED"


def test_services_may_leave_in_any_order() -> None:
    before = botocore_hook.innermost()
    first, second = Answering().service, Answering().service
    botocore_hook.activate(first)
    botocore_hook.activate(second)
    botocore_hook.deactivate(first)
    assert botocore_hook.innermost() is second
    botocore_hook.deactivate(first)
    botocore_hook.deactivate(second)
    assert botocore_hook.innermost() is before


def test_a_block_that_fails_leaves_nothing_active() -> None:
    before = botocore_hook.innermost()
    with pytest.raises(RuntimeError), botocore_hook.active(Answering().service):
        raise RuntimeError
    assert botocore_hook.innermost() is before


def test_without_an_active_service_the_call_goes_on() -> None:
    client = boto3_client(aws_access_key_id="x", aws_secret_access_key="y")
    reached: list[str] = []

    def sent(request: Any, **_: Any) -> Any:
        reached.append(request.url)
        raise ConnectionAbortedError

    client.meta.events.register("before-send.sfn", sent)
    with pytest.raises(ConnectionAbortedError):
        client.start_sync_execution(stateMachineArn="a")
    assert reached == ["https://sync-states.us-east-1.amazonaws.com/"]


def test_an_operation_of_a_newer_botocore_is_a_usage_error(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(OPERATIONS, "ListStateMachines")
    with pytest.raises(UnsupportedOperationError, match="called ListStateMachines of Step Functions"):
        boto3_client().list_state_machines()


@pytest.mark.parametrize("make_client", [boto3_client, botocore_client])
@pytest.mark.parametrize("again", [0, 1, 3])
def test_a_client_has_the_handler_once(
    make_client: Any, again: int, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(aws_access_key_id="x", aws_secret_access_key="y")
    for _ in range(again):
        botocore_hook.attach(client)
    calls = []
    monkeypatch.setattr(answering.service, "answer", lambda operation, *_: calls.append(operation))
    botocore_hook.keep_from_network(client)

    with pytest.raises(SfnSyncUsageError, match="no fake answered it"):
        client.list_state_machines()

    assert calls == ["ListStateMachines"]


def test_a_client_of_the_fake_asks_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    with SfnSync(unsupported_operations="pass") as sfn:
        client = sfn.client()
        monkeypatch.setattr(sfn._service, "answer", lambda operation, *_: calls.append(operation))
        with pytest.raises(SfnSyncUsageError, match="no fake answered it"):
            client.list_state_machines()
        sfn.usage_errors.clear()

    assert calls == ["ListStateMachines"]


def test_an_operation_of_a_newer_botocore_may_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(OPERATIONS, "ListStateMachines")
    client = boto3_client(aws_access_key_id="x", aws_secret_access_key="y")
    passing = Answering(unsupported_operations="pass")
    with Stubber(client) as stubber, botocore_hook.active(passing.service):
        stubber.add_response("list_state_machines", {"stateMachines": []})
        assert client.list_state_machines()["stateMachines"] == []
        arn = passing.arn()
        stubber.deactivate()
        assert client.start_sync_execution(stateMachineArn=arn)["status"] == "SUCCEEDED"


def test_other_services_are_left_alone(answering: Answering) -> None:
    client = boto3.session.Session().client(
        "sqs", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    with Stubber(client) as stubber:
        stubber.add_response("list_queues", {"QueueUrls": ["q"]})
        assert client.list_queues()["QueueUrls"] == ["q"]


def test_installing_twice_is_installing_once() -> None:
    botocore_hook.install()
    assert BUILTIN_HANDLERS.count(ENTRY) == 1
    botocore_hook.uninstall()
    botocore_hook.uninstall()
    assert BUILTIN_HANDLERS.count(ENTRY) == 0


def test_a_client_made_before_can_be_attached(answering: Answering) -> None:
    botocore_hook.uninstall()
    client = botocore_client()
    botocore_hook.attach(client)
    botocore_hook.attach(client)
    assert client.start_sync_execution(stateMachineArn=answering.arn())["status"] == "SUCCEEDED"
    assert len(answering.executions) == 1


def test_the_http_response_can_be_read_by_an_after_call_handler(answering: Answering) -> None:
    client = boto3_client()
    seen: list[Any] = []
    client.meta.events.register("after-call.sfn", lambda http_response, **_: seen.append(http_response))
    client.start_sync_execution(stateMachineArn=answering.arn(), name="first")
    assert seen[0].status_code == 200
    assert json.loads(seen[0].content)["name"] == "first"
    assert seen[0].headers["Content-Type"] == "application/x-amz-json-1.0"
    assert json.loads(seen[0].text) == json.loads(seen[0].content)


HOOKS = [
    ("register_first", "before-call"),
    ("register", "before-call"),
    *product(
        ["register_first", "register", "register_last"],
        [
            "before-call.sfn",
            "before-call.stepfunctions",
            "before-call.*.StartSyncExecution",
            "before-call.sfn.StartSyncExecution",
        ],
    ),
]


@pytest.mark.parametrize(("register", "event"), HOOKS)
@pytest.mark.parametrize("header", ["X-Amzn-Trace-Id", "x-amzn-trace-id", "X-AMZN-TRACE-ID"])
def test_the_hooks_of_users_run_first_and_the_trace_id_header_wins(
    register: str, event: str, header: str, answering: Answering
) -> None:
    client = boto3_client()

    def add_trace_id(params: dict[str, Any], **_: Any) -> None:
        params["headers"][header] = "Root=http"

    getattr(client.meta.events, register)(event, add_trace_id)
    response = client.start_sync_execution(stateMachineArn=answering.arn(), traceHeader="Root=body")
    assert response["traceHeader"] == "Root=http"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, "Root=body", id="none"),
        pytest.param({"X-Amzn-Trace-Id": b"Root=bytes"}, "Root=bytes", id="bytes"),
        pytest.param({"x-amzn-trace-id": "Root=1", "X-Amzn-Trace-Id": "Root=2"}, "Root=2", id="the last of two"),
    ],
)
def test_headers_that_a_hook_adds(headers: dict[str, Any], expected: str, answering: Answering) -> None:
    client = boto3_client()
    client.meta.events.register("before-call", lambda params, **_: params["headers"].update(headers))
    response = client.start_sync_execution(stateMachineArn=answering.arn(), traceHeader="Root=body")
    assert response["traceHeader"] == expected


@pytest.mark.parametrize("make_client", [boto3_client, botocore_client])
def test_within_lambda_botocore_passes_the_trace_id_on(
    answering: Answering, make_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "caller")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    response = make_client().start_sync_execution(stateMachineArn=answering.arn())
    assert response["traceHeader"] == "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"


EVENTS_THAT_RUN = ["provide-client-params", "before-parameter-build", "before-endpoint-resolution", "before-call"]
EVENTS_THAT_DO_NOT = [
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "before-parse",
    "response-received",
    "after-call-error",
]


@pytest.mark.parametrize(
    ("arn", "asked_for_retries"), [(None, []), ("nonsense", ["needs-retry"])], ids=["success", "refusal"]
)
def test_which_hooks_run(arn: str | None, asked_for_retries: list[str], answering: Answering) -> None:
    client = boto3_client(aws_access_key_id="x", aws_secret_access_key="y")
    ran: list[str] = []
    for event in [*EVENTS_THAT_RUN, *EVENTS_THAT_DO_NOT, "needs-retry", "after-call"]:
        client.meta.events.register(event, lambda event=event, **_: ran.append(event))
    try:
        client.start_sync_execution(stateMachineArn=arn or answering.arn())
    except client.exceptions.InvalidArn:
        assert arn is not None
    assert ran == [*EVENTS_THAT_RUN, *asked_for_retries, "after-call"]


def test_a_stubber_of_a_client_comes_first(answering: Answering) -> None:
    client = boto3_client()
    arn = answering.arn()
    with Stubber(client) as stubber:
        stubber.add_client_error("start_sync_execution", "ThrottlingException")
        with pytest.raises(ClientError, match="ThrottlingException"):
            client.start_sync_execution(stateMachineArn=arn)
        with pytest.raises(UnStubbedResponseError):
            client.start_sync_execution(stateMachineArn=arn)
    assert client.start_sync_execution(stateMachineArn=arn)["status"] == "SUCCEEDED"
    assert len(answering.executions) == 1


def test_importing_the_module_imports_no_botocore() -> None:
    code = (
        "import sys, pytest_sfn_sync.botocore_hook; "
        "print([name for name in sys.modules if name.startswith(('botocore', 'boto3'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# What the service knows of the API, held against botocore's model.


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    folder = Path(botocore.__file__).parent / "data" / "stepfunctions" / "2016-11-23"
    plain, packed = folder / "service-2.json", folder / "service-2.json.gz"
    text = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_the_declared_errors_are_those_of_the_model(model: dict[str, Any]) -> None:
    declared = {error["shape"] for error in model["operations"]["StartSyncExecution"]["errors"]}
    assert declared == MODELLED_ERRORS.keys()
    assert set(model["shapes"]["KmsKeyState"]["enum"]) == set(KMS_KEY_STATES)


def test_the_members_of_the_request_are_those_of_the_model(model: dict[str, Any]) -> None:
    declared = model["shapes"]["StartSyncExecutionInput"]
    assert declared["members"].keys() == START_SYNC_EXECUTION.keys()
    assert declared["required"] == [name for name, member in START_SYNC_EXECUTION.items() if member.required]
    for name, member in START_SYNC_EXECUTION.items():
        shape = model["shapes"][declared["members"][name]["shape"]]
        assert member.min_length == shape.get("min", 0)
        assert member.max_length == shape.get("max", member.max_length)
        assert list(member.enum) == shape.get("enum", [])


def test_every_member_of_the_response_is_given(model: dict[str, Any], answering: Answering) -> None:
    members = model["shapes"]["StartSyncExecutionOutput"]["members"].keys()
    succeeded = answering.call(stateMachineArn=answering.arn(), traceHeader="t").body
    failed = answering.call(stateMachineArn=answering.arn("broken", FAIL)).body
    assert succeeded.keys() | failed.keys() == members
