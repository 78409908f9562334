"""The doors for what a distributed Map reads and writes: mock_item_reader and mock_result_writer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import Execution, MockError, SfnSync, SfnSyncUsageError, UnusedMockError
from pytest_sfn_sync.tasks.map_mocks import ItemReaderMock

READER = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "buck", "Key.$": "$.key"}}
CSV = {**READER, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}}
WRITER = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "buck"}}


def machine(**fields: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    processor = {"ProcessorConfig": config, "StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    return {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}}


def run(sfn: SfnSync, **fields: Any) -> Execution:
    return sfn.register("orders", machine(**fields), type="STANDARD", replace=True).run({"key": "k"})


@pytest.fixture
def sfn() -> Any:
    with SfnSync(seed=1) as sfn:
        yield sfn


def test_items_are_given_as_documents(sfn: SfnSync) -> None:
    mock = sfn.mock_item_reader("Each", items=[{"id": "1"}])
    run(sfn, ItemReader=CSV).assert_succeeded(output=[{"id": "1"}])
    assert (mock.calls, mock.called, mock.call_count) == ([{"Bucket": "buck", "Key": "k"}], True, 1)


def test_calls_are_asserted_as_those_of_tasks(sfn: SfnSync) -> None:
    mock, writer = sfn.mock_item_reader("Each", items=[{"id": "1"}]), sfn.mock_result_writer("Each", optional=True)
    mock.assert_not_called()
    run(sfn, ItemReader=CSV)
    mock.assert_called_once()
    mock.assert_called_once_with({"Bucket": "buck", "Key": "k"})
    writer.assert_not_called()
    with pytest.raises(AssertionError) as failed:
        mock.assert_called_with({"Bucket": "buck", "Key": "other"})
    assert str(failed.value) == (
        "mock_item_reader('Each') was expected to be called last with\n"
        '  {"Bucket": "buck", "Key": "other"}\n'
        "but was called once:\n"
        '  1. {"Bucket": "buck", "Key": "k"}  (state \'Each\')\n'
        "Call 1 differs:\n"
        '  $.Key: expected "other", got "k"'
    )


@pytest.mark.parametrize(
    ("reader", "body", "expected"),
    [
        pytest.param(CSV, "a,b\n1,2\n", [{"a": "1", "b": "2"}], id="a text"),
        pytest.param(CSV, b"a\n1\n", [{"a": "1"}], id="bytes"),
        pytest.param(READER, [1, {"a": 2}], [1, {"a": 2}], id="a document in the place of its text"),
    ],
)
def test_the_body_is_read_in_the_format_of_the_reader(
    sfn: SfnSync, reader: dict[str, Any], body: Any, expected: Any
) -> None:
    sfn.mock_item_reader("Each", body=body)
    run(sfn, ItemReader=reader).assert_succeeded(output=expected)


@pytest.mark.parametrize("as_text", [True, False], ids=["a text", "a Path"])
def test_a_file_is_read(sfn: SfnSync, tmp_path: Path, as_text: bool) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    sfn.mock_item_reader("Each", path=str(file) if as_text else file)
    run(sfn, ItemReader=CSV).assert_succeeded(output=[{"a": "1"}])


def test_the_newest_mock_answers(sfn: SfnSync) -> None:
    sfn.mock_item_reader("Each", items=[1])
    sfn.mock_item_reader("Other", items=[3], optional=True)
    sfn.mock_item_reader("Each", items=[2])
    run(sfn, ItemReader=READER).assert_succeeded(output=[2])
    sfn.reset()
    assert sfn.mock_item_reader("Each", items=[4]).calls == []
    run(sfn, ItemReader=READER).assert_succeeded(output=[4])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param("NoSuchKey", "Status Code: 404; Error Code: NoSuchKey; Request ID: ", id="no object"),
        pytest.param(
            "AccessDenied",
            "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied;",
            id="denied",
        ),
        pytest.param("Odd", "Odd (Service: Amazon S3; Status Code: 400; Error Code: Odd;", id="another"),
    ],
)
def test_a_reader_that_fails(sfn: SfnSync, code: str, text: str) -> None:
    mock = sfn.mock_item_reader("Each", raises=code)
    execution = run(sfn, ItemReader=READER)
    execution.assert_failed(error="States.ItemReaderFailed")
    assert text in str(execution.cause)
    assert mock.call_count == 1


def test_a_writer_keeps_the_files(sfn: SfnSync) -> None:
    config = {"Transformation": "COMPACT", "OutputType": "JSONL"}
    mock = sfn.mock_result_writer("Each")
    assert (mock.manifest, mock.results()) == (None, [])
    execution = run(sfn, ItemsPath="$", ResultWriter={**WRITER, "WriterConfig": config})
    folder = execution.map_runs[0].arn.rpartition(":")[2]
    assert list(mock.objects) == [f"{folder}/manifest.json", f"{folder}/SUCCEEDED_0.jsonl"]
    assert (mock.results("SUCCEEDED"), mock.results("FAILED")) == ([{"Key": "key", "Value": "k"}], [])
    assert mock.calls[0] == {"Bucket": "buck", "Key": f"{folder}/manifest.json"}
    with pytest.raises(MockError) as raised:
        mock.results("DONE")
    assert str(raised.value) == (
        "mock_result_writer('Each'): results() takes one of FAILED, PENDING, SUCCEEDED, not 'DONE'."
    )


@pytest.mark.parametrize(
    "arguments", [pytest.param({}, id="always"), pytest.param({"at": "start"}, id="at the start, in words")]
)
def test_a_writer_that_fails(sfn: SfnSync, arguments: dict[str, Any]) -> None:
    mock = sfn.mock_result_writer("Each", raises="AccessDenied", **arguments)
    execution = run(sfn, ItemsPath="$", ResultWriter=WRITER)
    execution.assert_failed(error="States.Runtime")
    assert (mock.call_count, mock.objects) == (1, {})
    assert "Failed to write a test manifest into the specified output bucket. Access Denied (" in str(execution.cause)


def test_a_writer_that_fails_at_the_end_can_be_caught(sfn: SfnSync) -> None:
    mock = sfn.mock_result_writer("Each", raises="SlowDown", at="end")
    each = machine(ItemsPath="$", ResultWriter=WRITER)
    each["States"]["Each"]["Catch"] = [{"ErrorEquals": ["States.ResultWriterFailed"], "Next": "Kept"}]
    each["States"]["Kept"] = {"Type": "Pass", "End": True}
    execution = sfn.register("orders", each, type="STANDARD").run({"key": "k"})
    execution.assert_succeeded()
    assert execution.path == ["Each", "Kept"]
    assert execution.output["Error"] == "States.ResultWriterFailed"
    assert "Please reduce your request rate." in execution.output["Cause"]
    assert mock.manifest["ResultFiles"] == {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
    assert [call["Key"].rpartition("/")[2] for call in mock.calls] == ["manifest.json", "SUCCEEDED_0.json"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        pytest.param({"raises": "SlowDown", "at": "middle"}, "at= takes 'start' or 'end', not 'middle'.", id="another"),
        pytest.param(
            {"at": "end"}, "at= says when the writing fails, so it needs raises= as well.", id="nothing that fails"
        ),
    ],
)
def test_when_a_writer_fails_is_checked(sfn: SfnSync, arguments: dict[str, Any], fault: str) -> None:
    with pytest.raises(MockError) as raised:
        sfn.mock_result_writer("Each", **arguments)
    assert str(raised.value) == f"mock_result_writer('Each'): {fault}"


ONE_OF = "mock_item_reader('Each') takes one of items=, body=, path= and raises=, not"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({}, f"{ONE_OF} none of them.", id="nothing"),
        pytest.param({"items": [], "body": ""}, f"{ONE_OF} items and body.", id="two"),
        pytest.param(
            {"items": {"a": 1}},
            "mock_item_reader('Each'): items= takes a list of items, not {'a': 1}.",
            id="items that are no list",
        ),
        pytest.param(
            {"items": [{1, 2}]},
            "mock_item_reader('Each'): items= is not JSON at $[0]: {1, 2} is of type set. Write a list: sorted(value).",
            id="items that are no JSON",
        ),
        pytest.param(
            {"body": 5},
            "mock_item_reader('Each'): body= takes the content of the object, a text or bytes, not 5.",
            id="a number as the body",
        ),
        pytest.param({"path": 5}, "mock_item_reader('Each'): path= can't be read: it is no path.", id="no path"),
        pytest.param(
            {"path": "s3://b/k"},
            "mock_item_reader('Each'): path= can't be read: it is a URL, not a path; an object of S3 is not fetched: "
            "copy it to a file beside the test (aws s3 cp), and write the file's path.",
            id="a URL",
        ),
        pytest.param(
            {"raises": 404},
            "mock_item_reader('Each'): raises= takes the code of an S3 error such as 'NoSuchKey', not 404.",
            id="a status",
        ),
        pytest.param(
            {"items": [], "optional": 1},
            "mock_item_reader('Each'): optional= takes True or False, not 1.",
            id="optional",
        ),
    ],
)
def test_wrong_arguments_of_a_reader(sfn: SfnSync, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(MockError) as raised:
        sfn.mock_item_reader("Each", **arguments)
    assert str(raised.value) == message


def test_files_that_can_not_be_read(sfn: SfnSync, tmp_path: Path) -> None:
    with pytest.raises(
        MockError, match=r"path= can't be read: there is no file 'rows\.csv' in .*, which has no files\."
    ):
        sfn.mock_item_reader("Each", path=tmp_path / "rows.csv")
    with pytest.raises(MockError, match=r"path= can't be read: it is a folder, not a file\."):
        sfn.mock_item_reader("Each", path=tmp_path)
    with pytest.raises(MockError, match=r"path= can't be read: it is a device, not a file\."):
        sfn.mock_item_reader("Each", path="/dev/zero")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(MockError, match=r"path= can't be read: Too many levels of symbolic links\."):
        sfn.mock_item_reader("Each", path=tmp_path / "loop.csv")


def test_the_state_is_a_name(sfn: SfnSync) -> None:
    with pytest.raises(MockError) as raised:
        sfn.mock_result_writer(None)  # type: ignore[arg-type]
    assert str(raised.value) == "mock_result_writer takes the name of a Map state, not None."


def test_mocks_that_are_never_used_are_reported() -> None:
    sfn = SfnSync(assert_all_mocks_used=True)
    sfn.__enter__()
    sfn.mock_item_reader("Each", items=[])
    sfn.mock_result_writer("Each", optional=True)
    with pytest.raises(UnusedMockError) as raised:
        sfn.__exit__(None, None, None)
    assert str(raised.value).startswith("1 of 2 mocks was never called:\n  mock_item_reader('Each')\n")
    assert "mock_result_writer" not in str(raised.value)


INLINE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
NO_MAP = "no registered machine has a Map state of this name."
FORMATTED = {"ResultWriter": {"WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"}}}


@pytest.mark.parametrize(
    ("states", "mocked", "fault"),
    [
        pytest.param({"Each": {}}, ("reader", "Eahc"), f"{NO_MAP} Nearest: 'Each'.", id="a misspelt name"),
        pytest.param({}, ("reader", "Each"), f"{NO_MAP} None has a Map.", id="no Map at all"),
        pytest.param(
            {"Each": {}, "Eahc": {"ItemReader": READER}},
            ("reader", "Each"),
            "the Map state 'Each' has no ItemReader. Maps that have one, nearest first: 'Eahc'.",
            id="a Map without an ItemReader",
        ),
        pytest.param(
            {"Each": {"ItemProcessor": INLINE}},
            ("reader", "Each"),
            "the Map state 'Each' has no ItemReader. No Map has one.",
            id="an inline Map",
        ),
        pytest.param(
            {"Each": {"ItemReader": READER}, "Last": {"ResultWriter": WRITER}},
            ("writer", "Each"),
            "the Map state 'Each' has no ResultWriter with a Resource. Maps that have one, nearest first: 'Last'.",
            id="a Map without a ResultWriter",
        ),
        pytest.param(
            {"Each": FORMATTED},
            ("writer", "Each"),
            "the Map state 'Each' has no ResultWriter with a Resource. No Map has one.",
            id="a ResultWriter that writes no files",
        ),
    ],
)
def test_a_mock_of_a_map_that_never_calls_it_is_told_at_the_end(
    states: dict[str, Any], mocked: tuple[str, str], fault: str
) -> None:
    sfn = SfnSync()
    sfn.__enter__()
    kind, name = mocked
    mock = sfn.mock_item_reader(name, items=[]) if kind == "reader" else sfn.mock_result_writer(name)
    for of, fields in states.items():
        each = machine(**fields)["States"]["Each"]
        sfn.register(f"with-{of}", {"StartAt": of, "States": {of: each}}, type="STANDARD")
    sfn.register("done", INLINE).run({})
    with pytest.raises(MockError) as raised:
        sfn.__exit__(None, None, None)
    assert str(raised.value) == (
        f"{mock!r} was never called: {fault}\n"
        "Correct the name, or write optional=True at a mock that not every test needs."
    )


@pytest.mark.parametrize(
    ("fields", "method"),
    [
        pytest.param({"ItemReader": READER}, "mock_item_reader", id="an ItemReader"),
        pytest.param({"ResultWriter": WRITER}, "mock_result_writer", id="a ResultWriter"),
    ],
)
def test_a_mock_of_a_map_that_has_its_field_but_is_not_reached_is_no_mistake(
    fields: dict[str, Any], method: str
) -> None:
    with SfnSync() as sfn:
        sfn.register("orders", machine(**fields), type="STANDARD")
        sfn.register("done", INLINE).run({})
        mock = getattr(sfn, method)("Each", **({"items": []} if method == "mock_item_reader" else {}))
        assert not mock.called


LISTED = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "buck"}}


@pytest.mark.parametrize(
    ("reader", "item", "wanted"),
    [
        pytest.param(CSV, {"n": 1}, "an object whose values are strings, as in CSV", id="a number in CSV"),
        pytest.param(CSV, "row", "an object whose values are strings, as in CSV", id="a text in CSV"),
        pytest.param(LISTED, {"key": "a"}, 'an object with the "Key" that S3 lists', id="an object without its Key"),
        pytest.param(LISTED, "a", 'an object with the "Key" that S3 lists', id="a text in a list of objects"),
    ],
)
def test_items_that_aws_could_not_have_read_are_refused(sfn: SfnSync, reader: Any, item: Any, wanted: str) -> None:
    good = {"Key": "a"}
    sfn.mock_item_reader("Each", items=[good, item])
    with pytest.raises(SfnSyncUsageError) as raised:
        run(sfn, ItemReader=reader)
    shown = json.dumps(item, separators=(",", ":"))
    assert str(raised.value).endswith(
        f"the ItemReader of state 'Each' reads items of another kind than items[1] of its mock, which is {shown}: each "
        f"is {wanted}.\nWrite the items so, or give the content of the object: body=... or path=..."
    )
    sfn.usage_errors.clear()


def test_a_mock_that_is_taken_out_lets_older_ones_answer(sfn: SfnSync) -> None:
    sfn.mock_item_reader("Each", items=[{"a": "old"}])
    newer = sfn.mock_item_reader("Each", items=[{"a": "new"}])
    run(sfn, ItemReader=CSV).assert_succeeded(output=[{"a": "new"}])
    newer.remove()
    newer.remove()
    assert run(sfn, ItemReader=CSV).output == [{"a": "old"}]
    ItemReaderMock("Each", items=[]).remove()


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        pytest.param({}, "Bucket", id="nothing"),
        pytest.param({"Buckt": "b", "Key": "k"}, "Bucket", id="a misspelt name"),
        pytest.param({"Bucket": "b"}, "Key", id="no Key"),
        pytest.param({"Bucket.$": "$.nothing", "Key": "k"}, "Bucket", id="null"),
        pytest.param({"Bucket": {"a": 1}, "Key": "k"}, "Bucket", id="an object"),
    ],
)
def test_an_object_that_is_not_named_can_not_be_read(sfn: SfnSync, parameters: Any, name: str) -> None:
    sfn.mock_item_reader("Each", items=[], optional=True)
    each = machine(ItemReader={**READER, "Parameters": parameters})
    execution = sfn.register("orders", each, type="STANDARD").run({"nothing": None})
    cause = f"The parameter {name} of s3:getObject is required, and is a text."
    execution.assert_failed(error="States.ItemReaderFailed", cause=cause)


def test_a_bucket_that_is_not_named_can_not_be_written(sfn: SfnSync) -> None:
    sfn.mock_result_writer("Each", optional=True)
    execution = run(sfn, ItemsPath="$", ResultWriter={**WRITER, "Parameters": {"Prefix": "p"}})
    assert execution.error == "States.Runtime"
    assert str(execution.cause).endswith(
        "Failed to write a test manifest into the specified output bucket. The parameter Bucket of s3:putObject is "
        "required, and is a text."
    )
