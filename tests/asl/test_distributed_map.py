"""What a Map has for its distributed mode: refused in Express machines, held against its rules in Standard ones.

Ranges, and the words for them, are measured; that Express machines have no distributed Maps is documented, in words
that are not recorded; so are the rules for labels.
"""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.diagnosing import PASS, diagnose, faults, machine
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE

READER: JSON = {"Resource": "arn:aws:states:::s3:getObject"}
DISTRIBUTED: JSON = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
CONFIG = "/States/M/ItemProcessor/ProcessorConfig"


def of(config: JSON = None, *, language: str = "JSONPath", **fields: JSON) -> JSON:
    """A machine of one Map; ``config`` is its processor's."""
    processor = machine({"I": PASS}, **({} if config is None else {"ProcessorConfig": config}))
    return machine({"M": {"Type": "Map", "QueryLanguage": language, "ItemProcessor": processor, "End": True, **fields}})


@pytest.mark.parametrize(
    ("definition", "express"),
    [
        pytest.param(
            of(DISTRIBUTED),
            [f"Express state machine does not support 'DISTRIBUTED' Map state at {CONFIG}/Mode"],
            id="the mode",
        ),
        pytest.param(
            of({"Mode": "DISTRIBUTED"}),
            [f"Express state machine does not support 'DISTRIBUTED' Map state at {CONFIG}/Mode"],
            id="the mode alone",
        ),
        pytest.param(
            of(DISTRIBUTED, ItemReader=READER, ItemBatcher={"MaxItemsPerBatch": 2}, ResultWriter=READER),
            [
                f"Express state machine does not support 'DISTRIBUTED' Map state at {CONFIG}/Mode",
                "Express state machine does not support 'ItemReader' at /States/M/ItemReader",
                "Express state machine does not support 'ItemBatcher' at /States/M/ItemBatcher",
                "Express state machine does not support 'ResultWriter' at /States/M/ResultWriter",
            ],
            id="with all its parts",
        ),
        pytest.param(
            of(ItemReader=READER),
            ["Express state machine does not support 'ItemReader' at /States/M/ItemReader"],
            id="a reader without the mode passes in Standard machines (measured)",
        ),
        pytest.param(of({"Mode": "INLINE"}), [], id="inline"),
        pytest.param(of({}), [], id="no mode is inline"),
        pytest.param(of({"ExecutionType": "EXPRESS"}), [], id="a type of executions without the mode"),
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
            {"ResultWriter": {**READER, "WriterConfig": {"OutputType": "JSONL", "Transformation": "COMPACT"}}},
            None,
            id="a writer",
        ),
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
        pytest.param({"MaxConcurrency": 10_000}, None, id="a large concurrency is capped, not refused"),
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


@pytest.mark.parametrize("label", ["", "a" * 41], ids=len)
def test_the_length_of_a_label(label: str) -> None:
    assert faults(of(Label=label)) == ["INVALID_LABEL_NAME: Label must have 1 to 40 characters at /States/M/Label"]


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
        ({"ItemReader": {**READER, "Arguments": {"Key": "{% phone %}"}}}, "ItemReader/Arguments/Key"),
        ({"ResultWriter": {**READER, "Arguments": {"Bucket": "{% phone %}"}}}, "ResultWriter/Arguments/Bucket"),
    ],
)
def test_expressions_in_its_parts_are_read(fields: JSON, location: str) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    assert faults(of(DISTRIBUTED, language="JSONata", **fields), machine_type="STANDARD") == [
        "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. "
        f"at /States/M/{location}"
    ]


def test_headers_are_no_expressions() -> None:
    definition = of(DISTRIBUTED, language="JSONata", **in_reader({"CSVHeaders": ["{% phone %}"]}))
    assert faults(definition, machine_type="STANDARD") == []
