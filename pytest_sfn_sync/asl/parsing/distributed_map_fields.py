"""The fields of a Map for its distributed mode: reader, batcher, writer, label and processor configuration.

An inline Map may have them too, and they are checked there as well. Sources: the developer guide, measured ranges and
texts; for ReaderConfig also recordings (the fields that CSV needs, that JSON and JSONL refuse, ItemsPointer).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pytest_sfn_sync.asl.diagnostics import DUPLICATE_LABEL_NAME, INVALID_LABEL_NAME
from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.distributed_map_definition import DistributedMap, ItemBatcher, ItemReader, ResultWriter
from pytest_sfn_sync.asl.expressions import JSON, Expression, begins_expression
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.query_languages import JSON_PATH, JSONATA, report_other_language
from pytest_sfn_sync.asl.limits import MAX_BATCH_BYTES, MAX_COUNT, MAX_LABEL_LENGTH, MAX_READER_ITEMS
from pytest_sfn_sync.asl.location import Location

_FORBIDDEN_IN_LABELS: Final = re.compile(r'[\s?*<>{}\[\]:;,\\|^~$#%&`"\x00-\x1f\x7f-\x9f]')
_READERS: Final = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:s3:(getObject|listObjectsV2)")
_WRITERS: Final = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:s3:putObject")
DISTRIBUTED_FIELDS: Final = ("ItemReader", "ItemBatcher", "ResultWriter")
"""The fields that work in the distributed mode only."""

_PATHS: Final = frozenset({"MaxItemsPath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"})
_BATCHER: Final = frozenset(
    {"BatchInput", "MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"}
)

_ALWAYS: Final = frozenset({"InputType", "MaxItems", "MaxItemsPath", "Transformation"})
_BY_INPUT_TYPE: Final[dict[str, frozenset[str]]] = {
    "CSV": frozenset({"CSVDelimiter", "CSVHeaderLocation", "CSVHeaders", "ManifestType"}),
    "JSON": frozenset({"ItemsPointer"}),
    "JSONL": frozenset({"ManifestType"}),
    "MANIFEST": frozenset({"ManifestType"}),
    "PARQUET": frozenset({"ManifestType"}),
}
"""By input type: the fields that it has besides those that are always there."""

_ANY_TYPE: Final = frozenset().union(*_BY_INPUT_TYPE.values())
_DELIMITERS: Final = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
_WORDS: Final = ("CSVHeaderLocation", "CSVDelimiter", "ManifestType", "Transformation")


def parse_distributed_map(labels: dict[str, Location], reader: FieldReader, dialect: Dialect) -> DistributedMap | None:
    """Parse the fields of distributed Maps; return None for an inline Map. ``labels`` are those of the machine so far.

    Measured: they pass without DISTRIBUTED in a Standard machine. Assumption: in an Express one too, as the refusal
    measured for distributed Maps there is reported at the mode.
    """
    label = _label(labels, reader)
    item_reader = batcher = writer = None
    for field in DISTRIBUTED_FIELDS:
        part = reader.part(field)
        if part is None:
            continue
        _report_paths(reader, part, dialect)
        if field == "ItemReader":
            item_reader = _reader(part, dialect)
        elif field == "ItemBatcher":
            batcher = _batcher(part, dialect)
        else:
            writer = _writer(part, dialect)
    type_ = execution_type(reader.fields)
    if type_ is None:
        return None
    return DistributedMap(execution_type=type_, label=label, reader=item_reader, batcher=batcher, writer=writer)


def _report_paths(state: FieldReader, part: FieldReader, dialect: Dialect) -> None:
    """Record JSONPath fields inside a part of a JSONata state. Measured: AWS reports them at the state."""
    if dialect.language == JSON_PATH:
        return
    config = part.fields.get("ReaderConfig")
    for holder, location in ((part.fields, part.location), (config, part.at("ReaderConfig"))):
        for field in holder if isinstance(holder, dict) else ():
            if field in _PATHS:
                report_other_language(state, field, dialect.language, place=location / field)


def execution_type(state: dict[str, JSON]) -> str | None:
    """Return the type of the executions that a distributed Map starts; None for an inline Map."""
    processor = state.get("ItemProcessor", state.get("Iterator"))
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    if not isinstance(config, dict) or config.get("Mode") != "DISTRIBUTED":
        return None
    return str(config.get("ExecutionType"))


def check_processor_config(processor: FieldReader, *, is_express: bool) -> None:
    """Check ``ProcessorConfig``: its mode, and the type of the executions that a distributed Map starts."""
    config = processor.part("ProcessorConfig")
    if config is None:
        return
    mode = config.one_of("Mode", of="ProcessorConfig")
    if "Mode" not in config or mode == "INLINE":
        config.only(frozenset({"Mode"}))
        return
    config.only(frozenset({"Mode", "ExecutionType"}))
    config.one_of("ExecutionType", of="ProcessorConfig")
    if mode == "DISTRIBUTED":
        config.require("ExecutionType")
        if is_express:
            # Measured but for the location.
            message = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines"
            config.fault(message, "Mode", is_about_type=True)


def _label(labels: dict[str, Location], reader: FieldReader) -> str | None:
    label = reader.string("Label")
    if label is None:
        return None
    # The words for a label that is too long are measured, but for their beginning, which is that of a state's name; the
    # other rules are documented, without words.
    location = reader.at("Label")
    forbidden = _FORBIDDEN_IN_LABELS.search(label)
    if len(label) > MAX_LABEL_LENGTH:
        limit = f"exceeds the {MAX_LABEL_LENGTH}-character limit allowed by the service"
        reader.diagnostics.add(f"Invalid Label name: Label '{label}' {limit}", location, code=INVALID_LABEL_NAME)
    elif not label:
        reader.diagnostics.add("Label must not be empty", location, code=INVALID_LABEL_NAME)
    elif forbidden is not None:
        message = f"Label must not contain the character {forbidden.group()!r}"
        reader.diagnostics.add(message, location, code=INVALID_LABEL_NAME)
    if label in labels:
        hint = f"The other one is at {labels[label]}."
        reader.diagnostics.add(f"Duplicate Label name: {label}", location, code=DUPLICATE_LABEL_NAME, hint=hint)
    labels.setdefault(label, location)
    return label


def _reader(reader: FieldReader, dialect: Dialect) -> ItemReader:
    reader.only(frozenset({"Resource", "ReaderConfig", dialect.arguments_field}))
    reader.require("Resource")
    resource = _resource(reader, _READERS)
    arguments = dialect.of_part(reader).arguments()
    action = (resource or "").rpartition(":")[2]
    config = reader.part("ReaderConfig")
    if config is None:
        return ItemReader(action=action, arguments=arguments)
    return replace(_reader_config(config, dialect), action=action, arguments=arguments)


def _reader_config(config: FieldReader, dialect: Dialect) -> ItemReader:
    """Parse a ReaderConfig; record every field that it lacks or does not carry, and every value that is not allowed.

    Assumption: without an InputType, or with a wrong one, the fields of every type pass.
    """
    input_type = config.one_of("InputType", of="ReaderConfig")
    config.only(_ALWAYS | (_ANY_TYPE if input_type is None else _BY_INPUT_TYPE[input_type] - _useless(config)))
    words = {field: config.one_of(field, of="ReaderConfig") for field in _WORDS}
    loads_objects = words["Transformation"] == "LOAD_AND_FLATTEN"
    if loads_objects:
        config.require("InputType")
    headers = None
    if input_type == "CSV":
        headers = _headers(config, words["CSVHeaderLocation"])
    part = dialect.of_part(config)
    return ItemReader(
        action="",
        input_type=input_type,
        manifest_type=words["ManifestType"],
        loads_objects=loads_objects,
        items_pointer=_pointer(config, part),
        max_items=part.number("MaxItems", minimum=0, maximum=MAX_READER_ITEMS, default=0, takes_context=False),
        delimiter=_DELIMITERS.get(words["CSVDelimiter"] or "COMMA", ","),
        headers=headers,
    )


def _useless(config: FieldReader) -> frozenset[str]:
    """Return the fields that the value of another field makes useless.

    Assumption: CSVHeaders are refused where the first row has the headers, in the words for other useless fields.
    """
    return frozenset({"CSVHeaders"} if config.fields.get("CSVHeaderLocation") == "FIRST_ROW" else ())


def _headers(config: FieldReader, header_location: str | None) -> tuple[str, ...] | None:
    """Return the CSVHeaders; None if the first row has the headers."""
    if "CSVHeaderLocation" not in config:
        config.fault("The field 'CSVHeaderLocation' is required")
    if header_location == "GIVEN":
        config.require("CSVHeaders")
    headers = config.fields.get("CSVHeaders", [])
    if not isinstance(headers, list):
        config.fault("Expected value of type Array", "CSVHeaders")
    elif not all(isinstance(name, str) for name in headers):
        config.fault("Expected value of type String", "CSVHeaders")
    elif header_location == "GIVEN":
        return tuple(headers)
    return None


def _pointer(config: FieldReader, part: Dialect) -> str | Expression | None:
    pointer = config.fields.get("ItemsPointer")
    if part.language == JSONATA and begins_expression(pointer):
        # Documented: MaxItems may be an expression. Assumption: so may this field. Whether the value of an expression
        # begins with '/' is known only at run time.
        return part.value("ItemsPointer")
    if isinstance(pointer, str) and pointer and not pointer.startswith("/"):
        config.fault(f"Invalid input: JSON Pointer expression must start with '/': \"{pointer}\"", "ItemsPointer")
    return config.string("ItemsPointer")


def _resource(reader: FieldReader, known: re.Pattern[str]) -> str | None:
    resource = reader.string("Resource")
    if resource is not None and known.fullmatch(resource) is None:
        # Recorded: for a reader. Assumption: the same for a writer.
        reader.fault("The field 'Resource' does not match any of the allowed values", "Resource")
    return resource


def _batcher(reader: FieldReader, dialect: Dialect) -> ItemBatcher:
    reader.only(_BATCHER)
    part = dialect.of_part(reader)
    return ItemBatcher(
        batch_input=part.value("BatchInput"),
        max_items=part.number("MaxItemsPerBatch", minimum=1, maximum=MAX_COUNT, default=0, takes_context=False),
        max_bytes=part.number(
            "MaxInputBytesPerBatch", minimum=1, maximum=MAX_BATCH_BYTES, default=0, takes_context=False
        ),
    )


def _writer(reader: FieldReader, dialect: Dialect) -> ResultWriter:
    reader.only(frozenset({"Resource", "WriterConfig", dialect.arguments_field}))
    resource = _resource(reader, _WRITERS)
    arguments = dialect.of_part(reader).arguments()
    config = reader.part("WriterConfig")
    output_type = transformation = None
    if config is not None:
        config.only(frozenset({"OutputType", "Transformation"}))
        output_type = config.one_of("OutputType", of="WriterConfig")
        transformation = config.one_of("Transformation", of="WriterConfig")
    return ResultWriter(
        has_resource=resource is not None,
        arguments=arguments,
        transformation=transformation,
        output_type=output_type or "JSON",
    )
