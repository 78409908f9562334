"""From the tree of a call to a closure: arguments are compiled once, and one place checks and runs every function.

All failures are ``States.Runtime`` errors with the recorded texts: these quote the whole expression as written and name
the function that failed. A wrong number of arguments is a failure at run time, not a fault of the definition.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Expression, Scope
from pytest_sfn_sync.asl.intrinsics.call_grammar import (
    Argument,
    Call,
    IntrinsicSyntaxError,
    Literal,
    PathArgument,
    parse_call,
)
from pytest_sfn_sync.asl.intrinsics.intrinsic_functions import (
    FUNCTIONS,
    IntrinsicFunction,
    IntrinsicFunctionError,
    InvalidArgumentsError,
)
from pytest_sfn_sync.asl.json_paths import Path, PathNotFound, PathSyntaxError, compile_path, refusal_hint
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.work_budget import WorkLimitError

STRING_INTRINSICS: Final = frozenset(
    {
        "States.ArrayGetItem",
        "States.Base64Decode",
        "States.Base64Encode",
        "States.Format",
        "States.Hash",
        "States.JsonToString",
        "States.UUID",
    }
)
"""The functions that a Fail state's ErrorPath and CausePath may call (AWS's developer guide)."""

_COUNTED: Final = frozenset({"States.ArrayPartition", "States.JsonMerge", "States.StringSplit", "States.StringToJson"})
"""The functions whose work is the length of the first argument. Others count what they write, or do little."""

_TAKING_ANY_NUMBER: Final = frozenset({"States.MathAdd"})
"""The functions that accept a literal beyond the range of a double, such as ``1e309`` (measured for this one).

Assumption: for every other function it is an invalid argument, because JSON has no text for its value.
"""

_Evaluate: TypeAlias = Callable[[JSON, Scope], JSON]


class _MissingArgumentError(Exception):
    """A path argument that found nothing; AWS has a different message for it than for bad arguments."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def compile_intrinsic(source: str, field: str) -> Expression:
    """Compile an intrinsic function call in a field.

    Raise `IntrinsicSyntaxError` for a malformed call, a bad path, more than ten nested calls and a function that does
    not exist. Assumption for the last: AWS refuses it at creation. Evaluation raises `AslError`.
    """
    evaluate = _compile_call(parse_call(source))
    written = source.strip(" \t\r\n")

    def evaluate_intrinsic(document: JSON, scope: Scope) -> JSON:
        try:
            return evaluate(document, scope)
        except IntrinsicFunctionError as fault:
            text = f"There was an error while evaluating the intrinsic function: {written}. {fault.text}"
            raise runtime_error(text) from None
        except _MissingArgumentError as missing:
            raise runtime_error(f"The function '{written}' had the following error: {missing.text}") from None
        except WorkLimitError as limit:
            raise limit.in_field(field) from None

    return Expression(source=source, evaluate=evaluate_intrinsic)


def intrinsic_name(source: str) -> str:
    """Return the name of the outermost function of a call; raise `IntrinsicSyntaxError` if it is not one."""
    return parse_call(source).name


def is_intrinsic_function(name: str) -> bool:
    """Report whether there is a function of this name, such as ``States.Format``."""
    return name in FUNCTIONS


def paths_in_call(source: str) -> Iterator[str]:
    """Yield the paths among the arguments of a call, at any depth; a text that is not a call has none."""
    try:
        pending: list[Argument] = [parse_call(source)]
    except IntrinsicSyntaxError:
        return
    while pending:
        argument = pending.pop()
        if isinstance(argument, PathArgument):
            yield argument.source
        elif isinstance(argument, Call):
            pending += reversed(argument.arguments)


def _compile_call(call: Call) -> _Evaluate:
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise IntrinsicSyntaxError(f"there is no intrinsic function {call.name}; there are: {', '.join(FUNCTIONS)}")
    if call.name not in _TAKING_ANY_NUMBER and any(map(_is_beyond_a_double, call.arguments)):
        return _refused_call(call.name)
    readers = [_compile_argument(argument) for argument in call.arguments]
    if call.arguments and function.wants_template:
        readers[0] = _template_reader(call.arguments[0], readers[0])
        readers[1:] = [_rendered(*pair) for pair in zip(call.arguments[1:], readers[1:], strict=True)]
    return _checked_call(call.name, function, readers)


def _is_beyond_a_double(argument: Argument) -> bool:
    return isinstance(argument, Literal) and isinstance(argument.value, float) and math.isinf(argument.value)


def _refused_call(name: str) -> _Evaluate:
    def refuse(document: JSON, scope: Scope) -> JSON:
        raise IntrinsicFunctionError(f"Invalid arguments in {name}")

    return refuse


def _checked_call(name: str, function: IntrinsicFunction, readers: list[_Evaluate]) -> _Evaluate:
    run, wants_scope = function.run, function.wants_scope
    takes_so_many = function.takes(len(readers))
    checks = [
        (position, types) for position, types in enumerate(function.parameters[: len(readers)]) if types is not None
    ]
    counts_arguments = name in _COUNTED
    invalid = f"Invalid arguments in {name}"
    wrong_count = f"{invalid}{function.count_fault}"

    def evaluate_call(document: JSON, scope: Scope) -> JSON:
        arguments = [read(document, scope) for read in readers]
        if not takes_so_many:
            raise IntrinsicFunctionError(wrong_count)
        try:
            for position, types in checks:
                if type(arguments[position]) not in types:
                    raise InvalidArgumentsError
            if counts_arguments:
                scope.work.spend(len(arguments[0]), name)
            return run(scope, *arguments) if wants_scope else run(*arguments)
        except InvalidArgumentsError:
            raise IntrinsicFunctionError(invalid) from None

    return evaluate_call


def _compile_argument(argument: Argument) -> _Evaluate:
    if isinstance(argument, Call):
        return _compile_call(argument)
    if isinstance(argument, PathArgument):
        return _path_reader(argument.source)
    return _constant(argument.value)


def _constant(value: JSON) -> _Evaluate:
    return lambda _document, _scope: value


def _template_reader(argument: Argument, read: _Evaluate) -> _Evaluate:
    if isinstance(argument, Literal) and argument.template is not None:
        return _constant(argument.template)
    return read


def _rendered(argument: Argument, read: _Evaluate) -> _Evaluate:
    # Measured: Format('{}', StringToJson('"x"')) is not rendered x.
    # Assumption: for Format the result of StringToJson is a JSON node, printed as JSON text.
    if isinstance(argument, Call) and argument.name == "States.StringToJson":
        return lambda document, scope: compact(read(document, scope))
    return read


def _path_reader(source: str) -> _Evaluate:
    try:
        path = compile_path(source)
    except PathSyntaxError as fault:
        raise IntrinsicSyntaxError(f"the path {source} is not valid: {refusal_hint(source, fault)}") from None
    evaluate = path.evaluate

    def read(document: JSON, scope: Scope) -> JSON:
        try:
            return evaluate(document, scope)
        except PathNotFound as missing:
            raise _nothing_found(path, missing, document, scope) from None

    return read


def _nothing_found(path: Path, missing: PathNotFound, document: JSON, scope: Scope) -> _MissingArgumentError:
    if missing.text.startswith("Filter: "):
        return _MissingArgumentError(missing.text)  # Measured: here AWS shows Jayway's own text.
    written = scope.as_written(document)
    return _MissingArgumentError(
        f"The JsonPath argument for the field '{path.source}' could not be found in the input '{written}'"
    )
