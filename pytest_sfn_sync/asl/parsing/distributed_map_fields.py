"""What a Map has for its distributed mode: reader, batcher, writer, label and processor configuration, checked only.

Express machines have inline Maps alone, so nothing here is ever run; definitions are held against these rules as
against all others. Sources: the developer guide, and measured ranges and texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_sfn_sync.asl.diagnostics import DUPLICATE_LABEL_NAME, INVALID_LABEL_NAME
from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_BATCH_BYTES, MAX_COUNT, MAX_LABEL_LENGTH
from pytest_sfn_sync.asl.parsing.field_reader import FieldReader
from pytest_sfn_sync.asl.parsing.query_languages import JSON_PATH, note_other_language
from pytest_sfn_sync.asl.parsing.reader_config import check_reader_config

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.parsing.definition_parser import DefinitionParser

_FORBIDDEN_IN_LABELS: Final = re.compile(r'[\s?*<>{}\[\]:;,\\|^~$#%&`"\x00-\x1f\x7f-\x9f]')
_READERS: Final = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:s3:(getObject|listObjectsV2)")
_WRITERS: Final = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:s3:putObject")
DISTRIBUTED_FIELDS: Final = ("ItemReader", "ItemBatcher", "ResultWriter")
"""The fields that work in the distributed mode only."""

_PATHS: Final = frozenset({"MaxItemsPath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"})
_BATCHER: Final = frozenset(
    {"BatchInput", "MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"}
)


def check_distributed_map(parser: DefinitionParser, reader: FieldReader, dialect: Dialect) -> None:
    """Note what is wrong with the fields of distributed Maps.

    Measured: they pass without DISTRIBUTED in a Standard machine. Assumption: in an Express one too, as the refusal
    measured for distributed Maps there is told of the mode.
    """
    _check_label(parser, reader)
    for field, check in zip(DISTRIBUTED_FIELDS, (_check_reader, _check_batcher, _check_writer), strict=True):
        fields = reader.object(field)
        if fields is not None:
            _note_paths(reader, fields, field, dialect)
            check(FieldReader(fields, reader.at(field), reader.diagnostics), dialect)


def _note_paths(state: FieldReader, fields: dict[str, JSON], place: str, dialect: Dialect) -> None:
    """Note JSONPath fields inside a part of a JSONata state; measured: they are told at the state."""
    if dialect.language == JSON_PATH:
        return
    config = fields.get("ReaderConfig")
    for holder, at in ((fields, place), (config, f"{place}/ReaderConfig")):
        for field in holder if isinstance(holder, dict) else ():
            if field in _PATHS:
                note_other_language(state, field, dialect.language, place=f"{at}/{field}")


def is_distributed(processor: dict[str, JSON] | None) -> bool:
    """Tell whether an item processor says that its Map is a distributed one."""
    config = {} if processor is None else processor.get("ProcessorConfig")
    return isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"


def check_processor_config(processor: FieldReader, *, is_express: bool) -> None:
    """Check ``ProcessorConfig``: its mode, and the type of the executions that a distributed Map starts."""
    fields = processor.object("ProcessorConfig")
    if fields is None:
        return
    config = FieldReader(fields, processor.at("ProcessorConfig"), processor.diagnostics)
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


def _check_label(parser: DefinitionParser, reader: FieldReader) -> None:
    label = reader.string("Label")
    if label is None:
        return
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
    if label in parser.labels:
        hint = f"The other one is at {parser.labels[label]}."
        reader.diagnostics.add(f"Duplicate Label name: {label}", location, code=DUPLICATE_LABEL_NAME, hint=hint)
    parser.labels.setdefault(label, location)


def _check_reader(reader: FieldReader, dialect: Dialect) -> None:
    reader.only(frozenset({"Resource", "ReaderConfig", dialect.arguments_field}))
    reader.require("Resource")
    _check_resource(reader, _READERS)
    dialect.of_part(reader).arguments()
    fields = reader.object("ReaderConfig")
    if fields is not None:
        check_reader_config(FieldReader(fields, reader.at("ReaderConfig"), reader.diagnostics), dialect)


def _check_resource(reader: FieldReader, known: re.Pattern[str]) -> None:
    resource = reader.string("Resource")
    if resource is not None and known.fullmatch(resource) is None:
        # Recorded for a reader; assumption: the same for a writer.
        reader.fault("The field 'Resource' does not match any of the allowed values", "Resource")


def _check_batcher(reader: FieldReader, dialect: Dialect) -> None:
    reader.only(_BATCHER)
    part = dialect.of_part(reader)
    part.value("BatchInput")
    part.number("MaxItemsPerBatch", minimum=1, maximum=MAX_COUNT, default=0, takes_context=False)
    part.number("MaxInputBytesPerBatch", minimum=1, maximum=MAX_BATCH_BYTES, default=0, takes_context=False)


def _check_writer(reader: FieldReader, dialect: Dialect) -> None:
    reader.only(frozenset({"Resource", "WriterConfig", dialect.arguments_field}))
    _check_resource(reader, _WRITERS)
    dialect.of_part(reader).arguments()
    fields = reader.object("WriterConfig")
    if fields is not None:
        config = FieldReader(fields, reader.at("WriterConfig"), reader.diagnostics)
        config.only(frozenset({"OutputType", "Transformation"}))
        config.one_of("OutputType", of="WriterConfig")
        config.one_of("Transformation", of="WriterConfig")
