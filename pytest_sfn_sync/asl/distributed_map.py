"""What a Map has for its distributed mode: reader, batcher, writer, label and processor configuration, checked only.

Express machines have inline Maps alone, so nothing here is ever run; a Standard machine's definition is held against
these rules as every other part of it. Sources: the developer guide, and measured ranges and texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_sfn_sync.asl.diagnostics import DUPLICATE_LABEL_NAME, INVALID_LABEL_NAME
from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.field_reader import FieldReader
from pytest_sfn_sync.asl.limits import MAX_LABEL_LENGTH, MAX_READER_ITEMS
from pytest_sfn_sync.asl.query_languages import JSON_PATH, note_other_language

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.parser import DefinitionParser

_FORBIDDEN_IN_LABELS: Final = re.compile(r'[\s?*<>{}\[\]:;,\\|^~$#%&`"\x00-\x1f\x7f-\x9f]')
_READER_CONFIG: Final = frozenset(
    {
        "CSVDelimiter",
        "CSVHeaderLocation",
        "CSVHeaders",
        "InputType",
        "ManifestType",
        "MaxItems",
        "MaxItemsPath",
        "Transformation",
    }
)
_PATHS: Final = frozenset({"MaxItemsPath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"})
_BATCHER: Final = frozenset(
    {"BatchInput", "MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"}
)


def check_distributed_map(parser: DefinitionParser, reader: FieldReader, dialect: Dialect) -> None:
    """Note what is wrong with the fields of distributed Maps, or that an Express machine can't have them."""
    _check_label(parser, reader)
    for field, check in (
        ("ItemReader", _check_reader),
        ("ItemBatcher", _check_batcher),
        ("ResultWriter", _check_writer),
    ):
        fields = reader.object(field)
        if fields is None:
            continue
        if parser.is_express:
            # Assumption: they belong to distributed Maps, which Express machines can't have. Measured is only that they
            # pass without DISTRIBUTED in a Standard machine; AWS's words are not recorded.
            reader.fault(f"Express state machine does not support '{field}'", field)
        else:
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


def check_processor_config(processor: FieldReader, *, is_express: bool) -> None:
    """Check ``ProcessorConfig``: its mode, and the type of the executions that a distributed Map starts."""
    fields = processor.object("ProcessorConfig")
    if fields is None:
        return
    config = FieldReader(fields, processor.at("ProcessorConfig"), processor.diagnostics)
    config.only(frozenset({"Mode", "ExecutionType"}))
    config.one_of("ExecutionType", ("STANDARD", "EXPRESS"), "STANDARD")
    if config.one_of("Mode", ("INLINE", "DISTRIBUTED"), "INLINE") == "DISTRIBUTED" and is_express:
        # Documented: no distributed Map in Express machines; AWS's words are not recorded.
        config.fault("Express state machine does not support 'DISTRIBUTED' Map state", "Mode")


def _check_label(parser: DefinitionParser, reader: FieldReader) -> None:
    label = reader.string("Label")
    if label is None:
        return
    # Documented rules; AWS's words are not recorded.
    location = reader.at("Label")
    forbidden = _FORBIDDEN_IN_LABELS.search(label)
    if not 1 <= len(label) <= MAX_LABEL_LENGTH:
        message = f"Label must have 1 to {MAX_LABEL_LENGTH} characters"
        reader.diagnostics.add(message, location, code=INVALID_LABEL_NAME)
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
    reader.string("Resource")
    part = dialect.of_part(reader)
    part.arguments()
    fields = reader.object("ReaderConfig")
    if fields is not None:
        config = FieldReader(fields, reader.at("ReaderConfig"), reader.diagnostics)
        config.only(_READER_CONFIG)
        part = dialect.of_part(config)
        part.number("MaxItems", minimum=0, maximum=MAX_READER_ITEMS, default=0, takes_context=False)


def _check_batcher(reader: FieldReader, dialect: Dialect) -> None:
    reader.only(_BATCHER)
    part = dialect.of_part(reader)
    part.value("BatchInput")
    part.number("MaxItemsPerBatch", minimum=1, default=0, takes_context=False)
    part.number("MaxInputBytesPerBatch", minimum=1, default=0, takes_context=False)


def _check_writer(reader: FieldReader, dialect: Dialect) -> None:
    reader.only(frozenset({"Resource", "WriterConfig", dialect.arguments_field}))
    reader.string("Resource")
    dialect.of_part(reader).arguments()
    fields = reader.object("WriterConfig")
    if fields is not None:
        config = FieldReader(fields, reader.at("WriterConfig"), reader.diagnostics)
        config.only(frozenset({"OutputType", "Transformation"}))
