"""The compilation of fields that hold a path, and AWS's text for a path that finds nothing at run time.

Payload templates are in `payload_templates`, choice rules in `choice`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pytest_sfn_sync.asl.data_flow import ResultPath
from pytest_sfn_sync.asl.error_names import STATES_REFERENCE_PATH_CONFLICT, AslError, runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Expression, Scope
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.json_paths import (
    NOT_A_REFERENCE_PATH,
    Path,
    PathNotFound,
    PathSyntaxError,
    compile_path,
    compile_result_path,
    fault_hint,
    reference_path_fault,
    reference_path_hint,
)
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.work_budget import WorkLimitError

_T = TypeVar("_T")

# Measured.
_NOT_A_PATH = "Value must be a valid JSONPath."

_EMPTY_OBJECT: dict[str, JSON] = {}
_NULL_PATH = Expression(source=None, evaluate=lambda document, scope: _EMPTY_OBJECT)
_KEEP_RAW_INPUT = ResultPath(source=None, write=lambda raw_input, result: raw_input)


def input_or_output_path(reader: FieldReader, field: str) -> Expression | None:
    """Compile ``InputPath`` or ``OutputPath``: None for the default ``$``, an empty object for null."""
    if field not in reader:
        return None
    if reader.fields[field] is None:
        return _NULL_PATH
    path = _path(reader, field)
    if path is None or (path.root == "input" and not path.steps):
        return None
    return invalid_path(path, field)


def selects_a_part(reader: FieldReader, field: str) -> bool:
    """Report whether ``InputPath`` or ``OutputPath`` is a valid path to one part of the document itself."""
    source = reader.fields.get(field)
    try:
        path = compile_path(source) if isinstance(source, str) else None
    except PathSyntaxError:
        return False
    return path is not None and path.is_reference_path and path.root == "input"


def invalid_path(path: Path, field: str) -> Expression:
    """Return the expression of a path that fails with ``Invalid path '...' : <Jayway's text>`` (recorded)."""
    find, source = path.evaluate, path.source

    def evaluate(document: JSON, scope: Scope) -> JSON:
        try:
            return find(document, scope)
        except PathNotFound as miss:
            raise runtime_error(f"Invalid path '{source}' : {miss.text}") from None
        except WorkLimitError as limit:
            raise limit.in_field(field) from None

    return Expression(source=source, evaluate=evaluate)


def number_path(reader: FieldReader, field: str, *, takes_context: bool = True) -> Expression | None:
    """Compile a ``...Path`` field that refers to a number, such as ``TimeoutSecondsPath`` or ``MaxConcurrencyPath``.

    Measured: in a Map such a path can't read the context object.
    """
    path = _reference_path(reader, field)
    if path is not None and path.root == "context" and not takes_context:
        reader.fault(NOT_A_REFERENCE_PATH, field)
        return None
    return None if path is None else invalid_path(path, field)


def wait_path(reader: FieldReader, field: str) -> Expression | None:
    """Compile ``SecondsPath`` or ``TimestampPath``; evaluation raises `PathNotFound`, as Wait has its own texts."""
    path = _reference_path(reader, field)
    return None if path is None else Expression(source=path.source, evaluate=path.evaluate)


def items_path(reader: FieldReader) -> Expression | None:
    """Compile ``ItemsPath``: None for the default ``$``.

    A path that finds nothing fails with States.ReferencePathConflict (two independent reports); the cause names the
    first step that can't be taken.
    """
    path = _reference_path(reader, "ItemsPath")
    if path is None or (path.root == "input" and not path.steps):
        return None
    find = path.evaluate

    def evaluate(document: JSON, scope: Scope) -> JSON:
        try:
            return find(document, scope)
        except PathNotFound as miss:
            if not isinstance(document, dict | list):
                raise _does_not_apply(path.source, document) from None
            raise AslError(
                STATES_REFERENCE_PATH_CONFLICT,
                f'Unable to apply step "{_failed_step(miss, path)}" to input {compact(document)}',
            ) from None

    return Expression(source=path.source, evaluate=evaluate)


def _failed_step(miss: PathNotFound, path: Path) -> str:
    if miss.step is not None:
        return str(miss.step)
    # A document that is null, or a variable without a value: not even the first step can be taken.
    return str(path.steps[0]) if path.steps else path.source


def result_path(reader: FieldReader, field: str = "ResultPath") -> ResultPath | None:
    """Compile ``ResultPath``: None for the default ``$``; null keeps the raw input."""
    if field not in reader:
        return None
    if reader.fields[field] is None:
        return _KEEP_RAW_INPUT
    source = reader.string(field)
    if source is None or source == "$":
        return None
    write = _compiled(reader, field, source, compile_result_path)
    return None if write is None else ResultPath(source=source, write=_in_the_words_of_aws(source, write))


def _in_the_words_of_aws(source: str, write: Callable[[JSON, JSON], JSON]) -> Callable[[JSON, JSON], JSON]:
    """Return ``write`` with the cause that AWS gives where the path can't be applied (measured).

    The cause stands alone, without the sentence that names the state. Where the input is no object and no array, it
    names the whole path; otherwise it names the step that failed.
    """

    def write_or_fail(raw_input: JSON, result: JSON) -> JSON:
        try:
            return write(raw_input, result)
        except AslError as conflict:
            if not isinstance(raw_input, dict | list):
                raise _does_not_apply(source, raw_input) from None
            raise AslError(conflict.error, conflict.cause) from None

    return write_or_fail


def _does_not_apply(source: str, document: JSON) -> AslError:
    cause = f"Unable to apply ReferencePath {source} to input {compact(document)}"
    return AslError(STATES_REFERENCE_PATH_CONFLICT, cause)


def _path(reader: FieldReader, field: str) -> Path | None:
    source = reader.string(field)
    if source is None:
        return None
    # The specification's definition of a path begins with '$'; Jayway itself would put it before one that does not.
    hint = fault_hint(source)
    if hint is not None:
        reader.fault(_NOT_A_PATH, field, hint=hint)
        return None
    return compile_path(source)


def _reference_path(reader: FieldReader, field: str) -> Path | None:
    source = reader.string(field)
    return None if source is None else _compiled(reader, field, source, compile_path)


def _compiled(reader: FieldReader, field: str, source: str, compile_source: Callable[[str], _T]) -> _T | None:
    fault = reference_path_fault(source)
    if fault is None:
        try:
            return compile_source(source)
        except PathSyntaxError as error:
            fault = f"Value is not a Reference Path: {error.reason}"
    reader.fault(fault, field, hint=reference_path_hint(source))
    return None
