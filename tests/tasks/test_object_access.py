"""The objects of distributed Maps through live clients of S3, and what is said where nothing gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from pytest_sfn_sync import MockError, SfnSync, UnmockedTaskError
from tests.tasks.test_map_mocks import CSV, READER, WRITER, run

LIST = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "buck", "MaxKeys": 2}}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(seed=1) as sfn:
        yield sfn


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="buck")
        yield client


def test_an_object_of_moto(sfn: SfnSync, s3: Any) -> None:
    s3.put_object(Bucket="buck", Key="k", Body="a,b\n1,2\n")
    sfn.use_clients("s3")
    run(sfn, ItemReader=CSV).assert_succeeded(output=[{"a": "1", "b": "2"}])


def test_all_pages_of_a_list(sfn: SfnSync, s3: Any) -> None:
    for key in ("one", "two", "three", "folder/"):
        s3.put_object(Bucket="buck", Key=key, Body="1")
    sfn.use_client("s3", s3)
    listed = run(sfn, ItemReader=LIST).output
    assert [one["Key"] for one in listed] == ["folder/", "one", "three", "two"]
    assert list(listed[0]) == ["Etag", "Key", "LastModified", "Size", "StorageClass"]
    assert (listed[1]["Etag"], listed[1]["Size"], listed[1]["StorageClass"]) == (
        '"c4ca4238a0b923820dcc509a6f75849b"',
        1,
        "STANDARD",
    )
    assert isinstance(listed[1]["LastModified"], float)


def test_an_empty_bucket(sfn: SfnSync, s3: Any) -> None:
    sfn.use_client("s3", s3)
    run(sfn, ItemReader=LIST).assert_succeeded(output=[])


def test_results_are_written(sfn: SfnSync, s3: Any) -> None:
    sfn.use_client("s3", s3)
    output = run(sfn, ItemsPath="$", ResultWriter=WRITER).output
    stored = s3.get_object(Bucket="buck", Key=output["ResultWriterDetails"]["Key"])
    assert stored["ContentType"] == "application/json"
    assert json.loads(stored["Body"].read())["MapRunArn"] == output["MapRunArn"]


def test_an_object_that_is_not_there(sfn: SfnSync, s3: Any) -> None:
    sfn.use_client("s3", s3)
    execution = run(sfn, ItemReader=READER)
    execution.assert_failed(error="States.ItemReaderFailed")
    text = (
        "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: "
    )
    assert str(execution.cause).startswith(text)
    assert str(execution.cause).endswith("; Proxy: null)")


def test_parameters_that_s3_does_not_take(sfn: SfnSync, s3: Any) -> None:
    sfn.use_client("s3", s3)
    reader = {**READER, "Parameters": {"Bucket": "buck", "Key": "k", "VersionId": 5}}
    execution = run(sfn, ItemReader=reader)
    execution.assert_failed(error="States.ItemReaderFailed")
    assert "Invalid type for parameter VersionId" in str(execution.cause)


def test_a_mock_answers_before_a_client(sfn: SfnSync, s3: Any) -> None:
    sfn.use_client("s3", s3)
    sfn.mock_item_reader("Each", items=[1])
    run(sfn, ItemReader=READER).assert_succeeded(output=[1])


def test_the_fake_around_answers_after_its_own(sfn: SfnSync, s3: Any) -> None:
    s3.put_object(Bucket="buck", Key="k", Body="[1]")
    sfn.use_client("s3", s3)
    writer = sfn.mock_result_writer("Each")
    with SfnSync() as inner:
        run(inner, ItemReader=READER).assert_succeeded(output=[1])
        run(inner, ItemsPath="$", ResultWriter=WRITER)
        assert writer.called
        inner.mock_item_reader("Each", items=[2])
        run(inner, ItemReader=READER).assert_succeeded(output=[2])


READS = (
    "The ItemReader of the Map state 'Each' in the state machine 'orders' reads objects of S3, and has no mock.\n{}"
    "To mock it, write in the test\n"
    '    sfn_sync.mock_item_reader(\'Each\', items=[...])  # or body="...", or path="items.csv"\n'
    "or, to send it to moto or another fake of S3,\n"
    '    sfn_sync.use_clients("s3")'
)


@pytest.mark.parametrize(
    ("fields", "mocked", "message"),
    [
        pytest.param({"ItemReader": READER}, (), READS.format(""), id="a reader"),
        pytest.param({"ItemReader": LIST}, (), READS.format(""), id="a reader of a list"),
        pytest.param(
            {"ItemReader": READER},
            ("Eahc", "Other"),
            READS.format("The mocks there are, nearest first: mock_item_reader('Eahc'), mock_item_reader('Other').\n"),
            id="a reader with a mock of another name",
        ),
        pytest.param(
            {"ItemsPath": "$", "ResultWriter": WRITER},
            ("Each",),
            "The ResultWriter of the Map state 'Each' in the state machine 'orders' writes objects to S3, and has no "
            "mock.\n"
            "To mock it, write in the test\n"
            "    sfn_sync.mock_result_writer('Each')\n"
            "or, to send it to moto or another fake of S3,\n"
            '    sfn_sync.use_clients("s3")',
            id="a writer",
        ),
    ],
)
def test_nothing_gives_the_objects(sfn: SfnSync, fields: dict[str, Any], mocked: tuple[str, ...], message: str) -> None:
    for name in mocked:
        sfn.mock_item_reader(name, items=[])
    with pytest.raises(UnmockedTaskError) as raised:
        run(sfn, **fields)
    assert str(raised.value) == message
    sfn.usage_errors.clear()


def test_a_list_takes_items_only(sfn: SfnSync) -> None:
    sfn.mock_item_reader("Each", body="[]")
    with pytest.raises(MockError) as raised:
        run(sfn, ItemReader=LIST)
    assert str(raised.value) == (
        "mock_item_reader('Each'): the ItemReader of this state lists objects (s3:listObjectsV2), so its mock takes "
        "items=, a list of what it lists, or of the items themselves for LOAD_AND_FLATTEN."
    )
    sfn.usage_errors.clear()


def test_a_list_of_given_items(sfn: SfnSync) -> None:
    sfn.mock_item_reader("Each", items=[{"Key": "k"}])
    run(sfn, ItemReader=LIST).assert_succeeded(output=[{"Key": "k"}])


def test_requests_do_not_go_to_aws(sfn: SfnSync) -> None:
    sfn.use_clients("s3")
    with pytest.raises(MockError) as raised:
        run(sfn, ItemReader=READER)
    assert "The Map state 'Each' would send a request to AWS (" in str(raised.value)
    assert str(raised.value).endswith("Put the call into moto.mock_aws(), or mock what the Map reads and writes.")
    sfn.usage_errors.clear()


def test_a_client_that_can_not_send(sfn: SfnSync) -> None:
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.meta.events.register("before-send", _refuse)
    sfn.use_client("s3", client)
    with pytest.raises(MockError, match="The Map state 'Each': the client of s3 could not send its request"):
        run(sfn, ItemReader=READER)
    sfn.usage_errors.clear()


def _refuse(**_: Any) -> None:
    raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
