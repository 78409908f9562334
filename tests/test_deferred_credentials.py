"""Clients of Step Functions are made without asking the metadata service; all other credentials are botocore's own."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any, ClassVar

import boto3
import botocore.credentials
import botocore.session
import pytest
from botocore.exceptions import NoCredentialsError

from pytest_sfn_sync import SfnSync, deferred_credentials
from pytest_sfn_sync.botocore_import import ImportWatch
from tests.machines import PASS
from tests.plugin.projects import without_aws_configuration

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
REGION = {"region_name": "us-east-1"}

MAKERS: dict[str, Callable[[], Any]] = {
    "boto3": lambda: boto3.client("stepfunctions", **REGION),
    "boto3, with the name as a keyword": lambda: boto3.client(service_name="stepfunctions", **REGION),
    "a session of boto3": lambda: boto3.session.Session(**REGION).client("stepfunctions"),
    "botocore": lambda: botocore.session.Session().create_client("stepfunctions", **REGION),
    "SfnSync.client()": lambda: SfnSync(region="us-east-1").client(),
}


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_aws_configuration(monkeypatch, tmp_path)
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_call_that_a_fake_answers_asks_for_no_credentials(make: Callable[[], Any], network: list[str]) -> None:
    before = make()
    with SfnSync(region="us-east-1") as sfn:
        arn = sfn.register("orders", PASS).arn
        for client in (before, make()):
            if client is not before or make is not MAKERS["SfnSync.client()"]:
                assert client.start_sync_execution(stateMachineArn=arn)["status"] == "SUCCEEDED"
    assert network == []


def test_a_client_of_aiobotocore_asks_for_no_credentials(network: list[str]) -> None:
    session = pytest.importorskip("aiobotocore.session").get_session()

    async def call(arn: str) -> Any:
        async with session.create_client("stepfunctions", **REGION) as client:
            return await client.start_sync_execution(stateMachineArn=arn)

    with SfnSync(region="us-east-1") as sfn:
        assert asyncio.run(call(sfn.register("orders", PASS).arn))["status"] == "SUCCEEDED"
    assert (network, session._credentials) == ([], None)


@pytest.mark.sfn_outside("pass")
def test_without_a_fake_and_credentials_a_call_ends_as_in_production(network: list[str]) -> None:
    client = boto3.client("stepfunctions", **REGION)
    assert network == []

    with pytest.raises(NoCredentialsError):
        client.start_sync_execution(stateMachineArn=ARN)

    assert set(network) == {"getaddrinfo 169.254.169.254"}
    network.clear()


@pytest.mark.sfn_outside("pass")
def test_without_a_fake_and_credentials_a_call_of_aiobotocore_ends_as_in_production(network: list[str]) -> None:
    session = pytest.importorskip("aiobotocore.session").get_session()

    async def call() -> None:
        async with session.create_client("stepfunctions", **REGION) as client:
            await client.start_sync_execution(stateMachineArn=ARN)

    with pytest.raises(NoCredentialsError):
        asyncio.run(call())
    network.clear()


def test_the_credentials_of_a_session_are_looked_for_as_ever(network: list[str]) -> None:
    session = boto3.session.Session(**REGION)
    session.client("stepfunctions")
    assert network == []

    assert session.get_credentials() is None

    assert set(network) == {"getaddrinfo 169.254.169.254"}
    network.clear()


def test_a_client_of_another_service_is_made_as_ever(network: list[str]) -> None:
    boto3.client("sqs", **REGION)

    assert set(network) == {"getaddrinfo 169.254.169.254"}
    network.clear()


def test_credentials_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    session = botocore.session.Session()

    client = session.create_client("stepfunctions", **REGION)

    assert client._request_signer._credentials.access_key == "of-the-environment"
    assert session.get_credentials() is client._request_signer._credentials


class MetadataService(BaseHTTPRequestHandler):
    """The metadata service of a machine with a role, and Step Functions beside it."""

    signed: ClassVar[list[str]] = []

    def do_PUT(self) -> None:
        self._answer("a token")

    def do_GET(self) -> None:
        until = (datetime.now(timezone.utc) + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
        credentials = {"AccessKeyId": "of-the-role", "SecretAccessKey": "s", "Token": "t", "Expiration": until}
        is_list = self.path.endswith("/")
        self._answer("role" if is_list else json.dumps({"Code": "Success", **credentials}))

    def do_POST(self) -> None:
        self.signed.append(self.headers["Authorization"])
        self._answer('{"stateMachines": []}')

    def _answer(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.fixture
def metadata_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), MetadataService)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
    MetadataService.signed.clear()
    yield url
    server.shutdown()
    server.server_close()


def test_credentials_of_the_metadata_service_sign_a_request_that_is_sent(metadata_service: str) -> None:
    client = boto3.client("stepfunctions", endpoint_url=metadata_service, **REGION)

    assert client.list_state_machines()["stateMachines"] == []

    assert "Credential=of-the-role/" in MetadataService.signed[0]


def methods() -> tuple[Any, Any]:
    session = sys.modules["botocore.session"].Session
    return session.create_client, botocore.credentials.InstanceMetadataProvider.load


def test_uninstalling_leaves_the_methods_of_botocore() -> None:
    deferred_credentials.install()
    during = methods()
    deferred_credentials.install()
    assert methods() == during
    try:
        deferred_credentials.uninstall()
        assert [method.__wrapped__ for method in during] == list(methods())
    finally:
        deferred_credentials.install()


def test_uninstalling_leaves_what_another_has_put_around_a_method() -> None:
    deferred_credentials.install()
    replaced = methods()[0]

    def others(*arguments: Any, **named: Any) -> Any:
        return replaced(*arguments, **named)

    botocore.session.Session.create_client = others
    try:
        deferred_credentials.uninstall()
        assert methods()[0] is others
    finally:
        botocore.session.Session.create_client = replaced.__wrapped__
        deferred_credentials.install()


def watches() -> list[Any]:
    """Return the watches for an import of botocore's session; there may be others, such as that for aiobotocore's."""
    found = [finder for finder in sys.meta_path if isinstance(finder, ImportWatch)]
    return [watch for watch in found if watch.watches("botocore.session")]


def test_botocore_may_be_imported_later(monkeypatch: pytest.MonkeyPatch) -> None:
    deferred_credentials.uninstall()
    before = watches()
    original = methods()[0]
    monkeypatch.setattr(botocore, "session", botocore.session)  # The import sets it, and it has to be set back.
    monkeypatch.delitem(sys.modules, "botocore.session")
    try:
        deferred_credentials.install()
        deferred_credentials.install()
        assert len(watches()) == len(before) + 1
        importlib.import_module("botocore.session")
        assert methods()[0].__code__.co_filename == deferred_credentials.__file__ != original.__code__.co_filename
    finally:
        deferred_credentials.uninstall()
        monkeypatch.undo()
        deferred_credentials.install()
    assert watches() == before


def test_a_session_that_is_being_imported_is_left_to_its_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    deferred_credentials.uninstall()
    before = watches()
    monkeypatch.setitem(sys.modules, "botocore.session", ModuleType("botocore.session"))
    try:
        deferred_credentials.install()
        assert watches() == before
    finally:
        deferred_credentials.uninstall()
        monkeypatch.undo()
        deferred_credentials.install()
