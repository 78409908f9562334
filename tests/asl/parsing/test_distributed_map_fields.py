"""What a Map has for its distributed mode: which is refused in Express machines, its parts held against its rules.

Ranges, modes, types of executions, and the words for them, are measured, as is the length of a label; the fields that
belong to an input type are recorded. The other rules for labels are documented, in words that are not recorded.
"""

from __future__ import annotations

import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.diagnosing import PASS, diagnose, faults, machine
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE

READER: JSON = {"Resource": "arn:aws:states:::s3:getObject"}
WRITER: JSON = {"Resource": "arn:aws:states:::s3:putObject"}
DISTRIBUTED: JSON = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
CONFIG = "/States/M/ItemProcessor/ProcessorConfig"
NOT_IN_EXPRESS = (
    f"The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines at {CONFIG}/Mode"
)


def of(config: JSON = None, *, language: str = "JSONPath", **fields: JSON) -> JSON:
    """A machine of one Map; ``config`` is its processor's."""
    processor = machine({"I": PASS}, **({} if config is None else {"ProcessorConfig": config}))
    return machine({"M": {"Type": "Map", "QueryLanguage": language, "ItemProcessor": processor, "End": True, **fields}})


@pytest.mark.parametrize(
    ("definition", "express"),
    [
        pytest.param(
            of(DISTRIBUTED),
            [NOT_IN_EXPRESS],
            id="the mode",
        ),
        pytest.param(
            of(DISTRIBUTED, ItemReader=READER, ItemBatcher={"MaxItemsPerBatch": 2}, ResultWriter=WRITER),
            [NOT_IN_EXPRESS],
            id="with all its parts",
        ),
        pytest.param(of(ItemReader=READER), [], id="a reader without the mode"),
        pytest.param(of({"Mode": "INLINE"}), [], id="inline"),
        pytest.param(of({}), [], id="no mode is inline"),
        pytest.param(of(Label="items", ToleratedFailureCount=1), [], id="a label and a threshold"),
    ],
)
def test_express_machines_have_inline_maps_alone(definition: JSON, express: list[str]) -> None:
    assert faults(definition) == express
    assert faults(definition, machine_type="STANDARD") == []


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            of({"Mode": "DISTRIBUTD"}),
            f"Value should be one of the following: [INLINE, DISTRIBUTED] at {CONFIG}/Mode",
            id="a mode that is none",
        ),
        pytest.param(
            of({"Mode": "DISTRIBUTED", "ExecutionType": "express"}),
            f"Value should be one of the following: [STANDARD, EXPRESS] at {CONFIG}/ExecutionType",
            id="a type that is none",
        ),
        pytest.param(
            of({"Mode": "DISTRIBUTED"}),
            f"These fields are required: [ExecutionType] at {CONFIG}",
            id="no type of executions",
        ),
        pytest.param(
            of({"Mode": "INLINE", "ExecutionType": "EXPRESS"}),
            f"Field 'ExecutionType' is not supported at {CONFIG}",
            id="a type of executions, inline",
        ),
        pytest.param(
            of({"ExecutionType": "EXPRES"}),
            f"Field 'ExecutionType' is not supported at {CONFIG}",
            id="a type of executions without a mode, which is inline",
        ),
        pytest.param(of({"Mode": 1}), f"Expected value of type [STRING] at {CONFIG}/Mode", id="a mode that is no text"),
        pytest.param(of({"Mod": "INLINE"}), f"Field 'Mod' is not supported at {CONFIG}", id="another field"),
        pytest.param(of([]), f"Expected value of type Object at {CONFIG}", id="an array"),
        pytest.param(
            machine({"P": {"Type": "Parallel", "End": True, "Branches": [machine({"B": PASS}, ProcessorConfig={})]}}),
            "Field 'ProcessorConfig' is not supported at /States/P/Branches[0]",
            id="in a branch",
        ),
    ],
)
def test_the_configuration_of_a_processor(definition: JSON, expected: str) -> None:
    assert faults(definition, machine_type="STANDARD") == [expected]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"ItemReader": {}}, ["These fields are required: [Resource] at /States/M/ItemReader"], id="nothing"
        ),
        pytest.param(
            {"ItemReader": {"Resource": 1}},
            ["Expected value of type String at /States/M/ItemReader/Resource"],
            id="a Resource that is no text",
        ),
        pytest.param({"ItemReader": []}, ["Expected value of type Object at /States/M/ItemReader"], id="an array"),
        pytest.param(
            {"ItemReader": {**READER, "Input": 1}},
            ["Field 'Input' is not supported at /States/M/ItemReader"],
            id="another field",
        ),
        pytest.param(
            {"ItemReader": {**READER, "Parameters": {"Key.$": "nope"}}},
            [
                "The value for the field 'Key.$' must be a valid JSONPath or a valid intrinsic function call "
                "at /States/M/ItemReader/Parameters"
            ],
            id="a bad path",
        ),
        pytest.param(
            {"ItemReader": {**READER, "ReaderConfig": {"InputTyp": "CSV"}}},
            ["Field 'InputTyp' is not supported at /States/M/ItemReader/ReaderConfig"],
            id="a field of the configuration",
        ),
        pytest.param(
            {"ItemReader": {**READER, "ReaderConfig": 1}},
            ["Expected value of type Object at /States/M/ItemReader/ReaderConfig"],
            id="a configuration that is none",
        ),
        pytest.param(
            {
                "ItemReader": {
                    **READER,
                    "Parameters": {"Bucket": "b", "Key.$": "$.k"},
                    "ReaderConfig": {
                        "InputType": "CSV",
                        "CSVHeaderLocation": "GIVEN",
                        "CSVHeaders": ["a"],
                        "CSVDelimiter": "COMMA",
                        "MaxItems": 5,
                    },
                }
            },
            [],
            id="everything",
        ),
    ],
)
def test_readers(fields: JSON, expected: list[str]) -> None:
    assert faults(of(DISTRIBUTED, **fields), machine_type="STANDARD") == expected


READERS = "The field 'Resource' does not match any of the allowed values"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:states:::s3:getObject", None),
        ("arn:aws-cn:states:::s3:listObjectsV2", None),
        ("arn:aws:states:::s3:putObject", READERS),
        ("arn:aws:states:::aws-sdk:s3:getObject", READERS),
        ("arn:aws:states:::s3:getobject", READERS),
        ("arn:aws:lambda:us-east-1:123456789012:function:f", READERS),
        ("s3:getObject", READERS),
        ("", READERS),
    ],
)
def test_what_a_reader_reads_with(resource: str, expected: str | None) -> None:
    found = faults(of(DISTRIBUTED, ItemReader={"Resource": resource}), machine_type="STANDARD")
    assert found == ([] if expected is None else [f"{expected} at /States/M/ItemReader/Resource"])


FIRST_ROW: JSON = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
GIVEN: JSON = {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}


def unsupported(*fields: str) -> list[str]:
    return [f"Field '{field}' is not supported at {{}}" for field in fields]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"MaxItems": 3}, [], id="a number of items alone, as for a list of objects"),
        pytest.param(FIRST_ROW, [], id="CSV with its headers"),
        pytest.param({**FIRST_ROW, "CSVDelimiter": "TAB", "MaxItemsPath": "$.n"}, [], id="CSV with a delimiter"),
        pytest.param({**GIVEN, "CSVHeaders": ["a", "b"]}, [], id="CSV with headers given"),
        pytest.param({"InputType": "CSV"}, ["The field 'CSVHeaderLocation' is required at {}"], id="CSV alone"),
        pytest.param(GIVEN, ["These fields are required: [CSVHeaders] at {}"], id="headers promised"),
        pytest.param(
            {"InputType": "CSV", "CSVHeaders": ["a"]},
            ["The field 'CSVHeaderLocation' is required at {}"],
            id="headers given without saying so",
        ),
        pytest.param({**FIRST_ROW, "CSVHeaders": ["a"]}, unsupported("CSVHeaders"), id="headers in both places"),
        pytest.param(
            {**GIVEN, "CSVHeaders": "a"}, ["Expected value of type Array at {}/CSVHeaders"], id="headers as a text"
        ),
        pytest.param(
            {**GIVEN, "CSVHeaders": ["a", 1]}, ["Expected value of type String at {}/CSVHeaders"], id="a number as one"
        ),
        pytest.param({**FIRST_ROW, "ItemsPointer": "/a"}, unsupported("ItemsPointer"), id="CSV with a pointer"),
        pytest.param({"InputType": "JSON"}, [], id="JSON"),
        pytest.param({"InputType": "JSON", "ItemsPointer": "/a/b"}, [], id="JSON with a pointer"),
        pytest.param({"InputType": "JSON", "ItemsPointer": ""}, [], id="a pointer to the whole"),
        pytest.param(
            {"InputType": "JSON", "ItemsPointer": "a/b"},
            ["Invalid input: JSON Pointer expression must start with '/': \"a/b\" at {}/ItemsPointer"],
            id="a pointer without its slash",
        ),
        pytest.param(
            {"InputType": "JSON", "ItemsPointer": 1}, ["Expected value of type String at {}/ItemsPointer"], id="no text"
        ),
        pytest.param(
            {**FIRST_ROW, "InputType": "JSON"}, unsupported("CSVHeaderLocation"), id="JSON with the place of headers"
        ),
        pytest.param(
            {"InputType": "JSON", "ManifestType": "ATHENA_DATA"},
            unsupported("ManifestType"),
            id="Athena's data as JSON",
        ),
        pytest.param(
            {**GIVEN, "InputType": "JSONL", "CSVHeaders": ["a"]},
            unsupported("CSVHeaderLocation", "CSVHeaders"),
            id="JSON lines with both fields of headers",
        ),
        pytest.param({"InputType": "JSONL", "ItemsPointer": "/a"}, unsupported("ItemsPointer"), id="lines, a pointer"),
        pytest.param({"InputType": "PARQUET", "CSVDelimiter": "PIPE"}, unsupported("CSVDelimiter"), id="a delimiter"),
        *(
            pytest.param({"InputType": kind, "ManifestType": "ATHENA_DATA"}, [], id=f"Athena's data as {kind}")
            for kind in ("JSONL", "PARQUET")
        ),
        pytest.param({**FIRST_ROW, "ManifestType": "ATHENA_DATA"}, [], id="Athena's data as CSV"),
        pytest.param(
            {"InputType": "CSV", "ManifestType": "S3_INVENTORY"},
            ["The field 'CSVHeaderLocation' is required at {}"],
            id="an inventory as CSV without the place of headers",
        ),
        pytest.param({"InputType": "MANIFEST"}, [], id="an inventory"),
        pytest.param(
            {"Transformation": "LOAD_AND_FLATTEN"},
            ["These fields are required: [InputType] at {}"],
            id="objects to be read, of no type",
        ),
        pytest.param({"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSONL"}, [], id="objects to be read"),
        pytest.param(
            {"InputType": "csv"},
            ["Value should be one of the following: [CSV, JSON, JSONL, MANIFEST, PARQUET] at {}/InputType"],
            id="another type",
        ),
        pytest.param(
            {"InputType": None}, ["Expected value of type [STRING] at {}/InputType"], id="a type that is no text"
        ),
        pytest.param(
            {**FIRST_ROW, "CSVDelimiter": ";"},
            ["Value should be one of the following: [COMMA, PIPE, SEMICOLON, SPACE, TAB] at {}/CSVDelimiter"],
            id="a delimiter as it is",
        ),
        pytest.param(
            {"InputType": "CSV", "CSVHeaderLocation": "LAST_ROW"},
            ["Value should be one of the following: [FIRST_ROW, GIVEN] at {}/CSVHeaderLocation"],
            id="another place of headers",
        ),
    ],
)
def test_the_fields_of_a_reader_depend_on_the_type_of_its_input(config: JSON, expected: list[str]) -> None:
    found = faults(of(DISTRIBUTED, **in_reader(config)), machine_type="STANDARD")
    assert found == [text.format("/States/M/ItemReader/ReaderConfig") for text in expected]


@pytest.mark.parametrize(
    ("config", "items", "is_accepted"),
    [
        pytest.param(DISTRIBUTED, {"a": 1}, True, id="an object, distributed"),
        pytest.param(DISTRIBUTED, [1], True, id="an array, distributed"),
        pytest.param(DISTRIBUTED, "a", False, id="a text, distributed"),
        pytest.param(None, {"a": 1}, False, id="an object, inline"),
    ],
)
def test_the_items_of_a_distributed_map_may_be_an_object(config: JSON, items: JSON, is_accepted: bool) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    found = faults(of(config, language="JSONata", Items=items), machine_type="STANDARD")
    assert found == ([] if is_accepted else ["Expected value of type Array at /States/M/Items"])


def in_reader(config: JSON) -> JSON:
    return {"ItemReader": {**READER, "ReaderConfig": config}}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(in_reader({"MaxItems": -1}), "Minimum value is 0 at {}/ItemReader/ReaderConfig/MaxItems", id="-1"),
        pytest.param(in_reader({"MaxItems": 0}), None, id="0"),
        pytest.param(in_reader({"MaxItems": 100_000_000}), None, id="100 000 000"),
        pytest.param(
            in_reader({"MaxItems": 100_000_001}),
            "Maximum value is 100000000 at {}/ItemReader/ReaderConfig/MaxItems",
            id="100 000 001",
        ),
        pytest.param(
            in_reader({"MaxItems": 1.5}),
            "Expected value of type Integer at {}/ItemReader/ReaderConfig/MaxItems",
            id="a fraction",
        ),
        pytest.param(
            in_reader({"MaxItems": 1, "MaxItemsPath": "$.n"}),
            "There should only be one of the following fields: [MaxItems, MaxItemsPath] at {}/ItemReader/ReaderConfig",
            id="a number and its path",
        ),
        pytest.param(in_reader({"MaxItemsPath": "$.n"}), None, id="a path"),
        pytest.param(
            in_reader({"MaxItemsPath": "$$.Execution.Input.n"}),
            "Value is not a Reference Path at {}/ItemReader/ReaderConfig/MaxItemsPath",
            id="a path of the context object",
        ),
        pytest.param(
            {"ItemBatcher": {"MaxItemsPerBatch": 0}},
            "Minimum value is 1 at {}/ItemBatcher/MaxItemsPerBatch",
            id="batches of none",
        ),
        pytest.param(
            {"ItemBatcher": {"MaxInputBytesPerBatch": "x"}},
            "Expected value of type Integer at {}/ItemBatcher/MaxInputBytesPerBatch",
            id="bytes that are no number",
        ),
        pytest.param(
            {"ItemBatcher": {"MaxItemsPerBatch": 1, "MaxItemsPerBatchPath": "$.n"}},
            "There should only be one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath] "
            "at {}/ItemBatcher",
            id="items and their path",
        ),
        pytest.param(
            {"ItemBatcher": {"MaxItemsPerBatchPath": "$$.n"}},
            "Value is not a Reference Path at {}/ItemBatcher/MaxItemsPerBatchPath",
            id="items by the context object",
        ),
        pytest.param(
            {"ItemBatcher": {"MaxInputBytesPerBatchPath": "n"}},
            "Value is not a Reference Path: Reference path didn't start with '$' "
            "at {}/ItemBatcher/MaxInputBytesPerBatchPath",
            id="bytes by no path",
        ),
        pytest.param({"ItemBatcher": {"Batch": 1}}, "Field 'Batch' is not supported at {}/ItemBatcher", id="a field"),
        pytest.param(
            {"ItemBatcher": {"BatchInput": {"a.$": "States.UUID("}}},
            "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call "
            "at {}/ItemBatcher/BatchInput",
            id="a bad call",
        ),
        pytest.param({"ResultWriter": {}}, None, id="a writer that says nothing"),
        pytest.param(
            {"ResultWriter": {**WRITER, "WriterConfig": {"OutputType": "JSONL", "Transformation": "COMPACT"}}},
            None,
            id="a writer",
        ),
        pytest.param(
            {"ResultWriter": READER},
            "The field 'Resource' does not match any of the allowed values at {}/ResultWriter/Resource",
            id="a writer that reads",
        ),
        pytest.param(
            {"ResultWriter": {"WriterConfig": {"OutputType": "CSV"}}},
            "Value should be one of the following: [JSON, JSONL] at {}/ResultWriter/WriterConfig/OutputType",
            id="another output type",
        ),
        pytest.param(
            {"ResultWriter": {"WriterConfig": {"Transformation": "LOAD_AND_FLATTEN"}}},
            "Value should be one of the following: [NONE, COMPACT, FLATTEN] "
            "at {}/ResultWriter/WriterConfig/Transformation",
            id="a reader's transformation",
        ),
        pytest.param({"ItemBatcher": {"MaxInputBytesPerBatch": 262_144}}, None, id="the largest batch"),
        pytest.param(
            {"ItemBatcher": {"MaxInputBytesPerBatch": 262_145}},
            "Maximum value is 262144 at {}/ItemBatcher/MaxInputBytesPerBatch",
            id="a larger batch",
        ),
        pytest.param({"ItemBatcher": {"MaxItemsPerBatch": 100_000_000}}, None, id="batches of many items"),
        pytest.param(
            {"ResultWriter": {"WriterConfig": {"Output": "JSON"}}},
            "Field 'Output' is not supported at {}/ResultWriter/WriterConfig",
            id="another field of a writer",
        ),
    ],
)
def test_numbers_batches_and_writers(fields: JSON, expected: str | None) -> None:
    found = faults(of(DISTRIBUTED, **fields), machine_type="STANDARD")
    assert found == ([] if expected is None else [expected.format("/States/M")])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"MaxConcurrency": -1}, "Minimum value is 0 at {}/MaxConcurrency", id="concurrency below 0"),
        pytest.param({"MaxConcurrency": 1.5}, "Expected value of type Integer at {}/MaxConcurrency", id="a fraction"),
        pytest.param({"MaxConcurrency": 2_147_483_647}, None, id="a large concurrency is capped, not refused"),
        pytest.param({"ToleratedFailureCount": -1}, "Minimum value is 0 at {}/ToleratedFailureCount", id="a count"),
        pytest.param(
            {"ToleratedFailurePercentage": -1}, "Minimum value is 0.0 at {}/ToleratedFailurePercentage", id="-1 %"
        ),
        pytest.param(
            {"ToleratedFailurePercentage": 100.1},
            "Maximum value is 100.0 at {}/ToleratedFailurePercentage",
            id="100.1 %",
        ),
        pytest.param({"ToleratedFailurePercentage": 100}, None, id="100 %"),
        pytest.param(
            {"ToleratedFailurePercentage": True},
            "Expected value of type Double at {}/ToleratedFailurePercentage",
            id="true is no number",
        ),
        *(
            pytest.param(
                {field: "$$.n"}, f"Value is not a Reference Path at {{}}/{field}", id=f"{field} of the context"
            )
            for field in ("MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath")
        ),
        pytest.param({"ItemsPath": "$$.Execution.Input"}, None, id="ItemsPath takes the context object"),
        pytest.param(
            {"ItemsPath": "$.a[*]"},
            "Value is not a Reference Path: '*' is not allowed at {}/ItemsPath",
            id="a wildcard",
        ),
        pytest.param(
            {"MaxConcurrency": 1, "MaxConcurrencyPath": "$.n"},
            "There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath] at {}",
            id="concurrency and its path",
        ),
        pytest.param(
            {"ItemSelector": {}, "Parameters": {}},
            "There should only be one of the following fields: [ItemSelector, Parameters] at {}",
            id="ItemSelector and its old name (measured, but for the words)",
        ),
        pytest.param(
            {"Iterator": machine({"J": PASS})},
            "There should only be one of the following fields: [ItemProcessor, Iterator] at {}",
            id="ItemProcessor and its old name",
        ),
        pytest.param({"TimeoutSeconds": 1}, "Field 'TimeoutSeconds' is not supported at {}", id="a Map has no timeout"),
    ],
)
def test_fields_of_every_map(fields: JSON, expected: str | None) -> None:
    expected_faults = [] if expected is None else [expected.format("/States/M")]
    found = [fault for fault in faults(of(**fields)) if "/States/J" not in fault]
    assert found == expected_faults


@pytest.mark.parametrize("label", ["a", "a" * 40, "größe", "a/b", "it's", "a-b_c.d", "(1)"])
def test_labels(label: str) -> None:
    assert faults(of(Label=label)) == []


@pytest.mark.parametrize("character", [*' ?*<>{}[]:;,\\|^~$#%&`"', "\t", "\n", "\x00", "\x7f", "\x9f"], ids=repr)
def test_characters_that_no_label_has(character: str) -> None:
    message = f"Label must not contain the character {character!r}"
    assert faults(of(Label=f"a{character}b")) == [f"INVALID_LABEL_NAME: {message} at /States/M/Label"]


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("", "Label must not be empty"),
        ("a" * 41, f"Invalid Label name: Label '{'a' * 41}' exceeds the 40-character limit allowed by the service"),
    ],
)
def test_the_length_of_a_label(label: str, message: str) -> None:
    assert faults(of(Label=label)) == [f"INVALID_LABEL_NAME: {message} at /States/M/Label"]


def test_labels_stand_once_in_a_whole_machine() -> None:
    inner: JSON = {"Type": "Map", "Label": "l", "ItemProcessor": machine({"I": PASS}), "End": True}
    other: JSON = {"Type": "Map", "Label": "L", "ItemProcessor": machine({"J": PASS}), "Next": "P"}
    parallel: JSON = {"Type": "Parallel", "Branches": [machine({"M": inner})], "Next": "N"}
    last: JSON = {**inner, "ItemProcessor": machine({"K": PASS})}
    (found,) = diagnose(machine({"O": other, "P": parallel, "N": last}))
    assert str(found) == "DUPLICATE_LABEL_NAME: Duplicate Label name: l at /States/N/Label"
    assert found.hint == "The other one is at /States/P/Branches[0]/States/M/Label."


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({"ItemBatcher": {"BatchInput": {"Comment": "{% phone %}"}}}, "ItemBatcher/BatchInput/Comment"),
        ({"ItemBatcher": {"MaxItemsPerBatch": "{% phone %}"}}, "ItemBatcher/MaxItemsPerBatch"),
        (in_reader({"MaxItems": "{% phone %}"}), "ItemReader/ReaderConfig/MaxItems"),
        (in_reader({"ItemsPointer": "{% phone %}"}), "ItemReader/ReaderConfig/ItemsPointer"),
        ({"ItemReader": {**READER, "Arguments": {"Key": "{% phone %}"}}}, "ItemReader/Arguments/Key"),
        ({"ResultWriter": {**WRITER, "Arguments": {"Bucket": "{% phone %}"}}}, "ResultWriter/Arguments/Bucket"),
    ],
)
def test_expressions_in_its_parts_are_read(fields: JSON, location: str) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    assert faults(of(DISTRIBUTED, language="JSONata", **fields), machine_type="STANDARD") == [
        "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. "
        f"at /States/M/{location}"
    ]


@pytest.mark.parametrize(
    ("language", "pointer", "expected"),
    [
        pytest.param("JSONata", "{% $states.input.at %}", [], id="an expression"),
        pytest.param(
            "JSONata",
            "{% $states.input.at",
            ["JSONata string must start with {% and end with %} at {}"],
            id="an expression without its end",
        ),
        pytest.param("JSONata", "/a", [], id="a literal pointer in JSONata"),
        pytest.param(
            "JSONata",
            " {% $states.input.at %}",
            ["Invalid input: JSON Pointer expression must start with '/': \" {% $states.input.at %}\" at {}"],
            id="a blank before the expression, which makes it a text",
        ),
        pytest.param(
            "JSONPath",
            "{% $p %}",
            ["Invalid input: JSON Pointer expression must start with '/': \"{% $p %}\" at {}"],
            id="JSONPath has no expressions",
        ),
    ],
)
def test_the_pointer_to_the_items_may_be_an_expression(language: str, pointer: str, expected: list[str]) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    definition = of(DISTRIBUTED, language=language, **in_reader({"InputType": "JSON", "ItemsPointer": pointer}))
    at = "/States/M/ItemReader/ReaderConfig/ItemsPointer"
    assert faults(definition, machine_type="STANDARD") == [fault.replace(" at {}", f" at {at}") for fault in expected]


def test_headers_are_no_expressions() -> None:
    definition = of(DISTRIBUTED, language="JSONata", **in_reader({"CSVHeaders": ["{% phone %}"]}))
    assert faults(definition, machine_type="STANDARD") == []


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        pytest.param({"ItemReader": READER}, "ItemReader", id="a reader"),
        pytest.param(
            {"ItemBatcher": {"MaxItemsPerBatch": 1}, "ResultWriter": {}}, "ItemBatcher and ResultWriter", id="two"
        ),
    ],
)
def test_an_inline_map_with_fields_of_distributed_ones_is_not_run(fields: JSON, listed: str) -> None:
    with SfnSync() as sfn:
        orders = sfn.register("orders", of(**fields))
        with pytest.raises(SfnSyncUsageError) as refused:
            sfn.client().start_sync_execution(stateMachineArn=orders.arn, input="[1]")
        assert str(refused.value) == (
            f"Machine 'orders': the Map state 'M' is an inline Map and has {listed}, which only a distributed Map can "
            "use. It is not known how AWS runs such a state, so it is not run here. Remove the field from the state, "
            "or test the machine without that state."
        )
        assert sfn.last_execution.status == "ABORTED"
        sfn.usage_errors.clear()


@pytest.mark.parametrize(
    ("resource", "fault"),
    [
        pytest.param(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Express state machine does not support '.waitForTaskToken' service integration ",
            id="a callback",
        ),
        pytest.param(
            "arn:aws:states:::states:startExecution.sync",
            "Express state machine does not support '.sync' service integration",
            id="a job",
        ),
        pytest.param(
            "arn:aws:states:us-east-1:123456789012:activity:pack",
            "Express state machine does not support Activity ARN",
            id="an activity",
        ),
    ],
)
def test_express_children_have_the_limits_of_express_machines(resource: str, fault: str) -> None:
    # Documented; that it is refused at creation is an assumption.
    wait = {"Type": "Task", "Resource": resource, "End": True}
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}

    def each(config: JSON) -> JSON:
        processor = machine({"W": wait}, ProcessorConfig=config)
        states = {"M": {"Type": "Map", "ItemProcessor": processor, "Next": "After"}, "After": {**wait}}
        return machine(states)

    express = [found for found in faults(each(config), machine_type="STANDARD") if "Express" in found]
    assert express == [f"{fault} at /States/M/ItemProcessor/States/W/Resource"]
    assert not [found for found in faults(each(DISTRIBUTED), machine_type="STANDARD") if "Express" in found]
