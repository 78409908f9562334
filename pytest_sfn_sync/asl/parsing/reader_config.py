"""``ReaderConfig`` of a distributed Map's ItemReader: which fields it carries depends on the type of the input.

Recorded: the fields that CSV needs, that JSON and JSONL refuse, ItemsPointer, and the texts. Documented: the values.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.expressions import begins_expression
from pytest_sfn_sync.asl.limits import MAX_READER_ITEMS
from pytest_sfn_sync.asl.parsing.field_reader import FieldReader
from pytest_sfn_sync.asl.parsing.query_languages import JSONATA

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
_WORDS: Final = ("CSVHeaderLocation", "CSVDelimiter", "ManifestType", "Transformation")


def check_reader_config(config: FieldReader, dialect: Dialect) -> None:
    """Note every field that a ReaderConfig lacks or does not carry, and every value that is none of the allowed ones.

    Assumption: without an InputType, or with a wrong one, the fields of every type pass.
    """
    input_type = config.one_of("InputType", of="ReaderConfig")
    config.only(_ALWAYS | (_ANY_TYPE if input_type is None else _BY_INPUT_TYPE[input_type] - _of_no_use(config)))
    words = {field: config.one_of(field, of="ReaderConfig") for field in _WORDS}
    if words["Transformation"] == "LOAD_AND_FLATTEN":
        config.require("InputType")
    if input_type == "CSV":
        _check_csv(config, words["CSVHeaderLocation"])
    part = dialect.of_part(config)
    _check_pointer(config, part)
    part.number("MaxItems", minimum=0, maximum=MAX_READER_ITEMS, default=0, takes_context=False)


def _of_no_use(config: FieldReader) -> frozenset[str]:
    """Return the fields that another field's value leaves without use.

    Assumption: names of columns are refused where the first row has them, in the words for other fields of no use.
    """
    return frozenset({"CSVHeaders"} if config.fields.get("CSVHeaderLocation") == "FIRST_ROW" else ())


def _check_csv(config: FieldReader, header_location: str | None) -> None:
    if "CSVHeaderLocation" not in config:
        config.fault("The field 'CSVHeaderLocation' is required")
    if header_location == "GIVEN":
        config.require("CSVHeaders")
    headers = config.fields.get("CSVHeaders", [])
    if not isinstance(headers, list):
        config.fault("Expected value of type Array", "CSVHeaders")
    elif not all(isinstance(name, str) for name in headers):
        config.fault("Expected value of type String", "CSVHeaders")


def _check_pointer(config: FieldReader, part: Dialect) -> None:
    pointer = config.fields.get("ItemsPointer")
    if part.language == JSONATA and begins_expression(pointer):
        # Assumption: it may be an expression, as MaxItems may be (documented). What an expression gives begins with '/'
        # or not in the run.
        part.value("ItemsPointer")
        return
    if isinstance(pointer, str) and pointer and not pointer.startswith("/"):
        config.fault(f"Invalid input: JSON Pointer expression must start with '/': \"{pointer}\"", "ItemsPointer")
    config.string("ItemsPointer")
