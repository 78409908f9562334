"""Jayway's functions at the end of a path: ``$.items.length()``, ``$.prices.sum()``, ``$.names.concat("x", $.more)``.

One table; each row takes the value that the path has led to, the evaluated arguments and nothing else. Paths among the
arguments start at the document, whatever the function is applied to.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import NamedTuple, NoReturn

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.evaluation import CompilePath, Evaluation, Find
from pytest_sfn_sync.asl.json_paths.faults import EvaluationFault, IndexFault, InvalidPath, NoSuchPath
from pytest_sfn_sync.asl.json_paths.java_text import java_text
from pytest_sfn_sync.asl.json_paths.steps import FunctionStep, JsonArgument, ParsedPath, WildcardStep

NO_NUMBERS = "Aggregation function attempted to calculate value using empty array"
NO_SUCH_FUNCTION = "Function with name: {name} does not exist."
NOT_A_PATH = (
    'Cannot invoke "com.jayway.jsonpath.internal.Path.isFunctionPath()" because the return value of '
    '"com.jayway.jsonpath.internal.function.Parameter.getPath()" is null'
)
# Java's Double.MIN_VALUE is the smallest number above zero, and max() starts from it.
_SMALLEST_POSITIVE = math.ulp(0.0)
_LARGEST = 1.7976931348623157e308
_JAVA_INTEGER = 1 << 31


class Arguments(NamedTuple):
    """The arguments of one call: values of paths are there, JSON texts are read when a function asks for them."""

    found: tuple[JSON | JsonArgument, ...] = ()
    measured: JSON = None

    def values(self) -> list[JSON]:
        """The values of all arguments; raises `EvaluationFault` for a text that is no JSON."""
        return [_parse_json(item.text) if isinstance(item, JsonArgument) else item for item in self.found]

    def flattened(self) -> Iterator[JSON]:
        """The values, with those of an array one by one."""
        for value in self.values():
            yield from value if isinstance(value, list) else (value,)


Function = Callable[[JSON, Arguments], JSON]


def compile_call(step: FunctionStep, compile_path: CompilePath) -> Find:
    """Compile a function step to ``call(value, evaluation)``; raises there where the function does not exist."""
    function = _FUNCTIONS.get(step.name)
    if function is None:
        return _unknown(step.name)
    arguments = [
        argument if isinstance(argument, JsonArgument) else compile_path(argument) for argument in step.arguments
    ]
    measure = _compile_measure(step, compile_path) if function is _length and arguments else None

    def call(value: JSON, evaluation: Evaluation) -> JSON:
        found = tuple(
            argument if isinstance(argument, JsonArgument) else argument(evaluation.root, evaluation)
            for argument in arguments
        )
        return function(value, Arguments(found, measure(value, evaluation) if measure else None))

    return call


def _unknown(name: str) -> Find:
    def call(_value: JSON, _evaluation: Evaluation) -> NoReturn:
        raise InvalidPath(NO_SUCH_FUNCTION.format(name=name))

    return call


def _compile_measure(step: FunctionStep, compile_path: CompilePath) -> Find:
    """Compile what ``length`` counts when given a path: all that is below what the path leads to.

    Jayway quirk: it applies the path to the value at hand, not to the document.
    """
    argument = step.arguments[0]
    if isinstance(argument, JsonArgument):
        return _not_a_path
    if not argument.steps or isinstance(argument.steps[-1], FunctionStep):
        whole = compile_path(argument)
        return lambda value, evaluation: whole(value, evaluation.rooted(value))
    below = compile_path(ParsedPath(argument.root, (*argument.steps, WildcardStep(is_added=True))))

    def measure(value: JSON, evaluation: Evaluation) -> JSON:
        found = below(value, evaluation.rooted(value))
        if not argument.definite:
            return found
        # Jayway quirk: the path was found definite before the wildcard was added, and so keeps to its last value.
        if not found:
            raise NoSuchPath(f"No results for path: {argument.text}[*]")
        return found[-1]

    return measure


def _not_a_path(_value: JSON, _evaluation: Evaluation) -> NoReturn:
    raise EvaluationFault(NOT_A_PATH)


def _parse_json(text: str) -> JSON:
    """Read the first value of a text, as Jackson does; only a number has to be followed by a blank."""
    try:
        value, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError) as fault:
        raise EvaluationFault(f"com.fasterxml.jackson.core.JsonParseException: {fault}") from None
    if _is_number(value) and text[end : end + 1].strip():
        raise EvaluationFault(
            f"com.fasterxml.jackson.core.JsonParseException: Unexpected character ('{text[end]}' (code "
            f"{ord(text[end])})): Expected space separating root-level values"
        )
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Unrecognized token '{name}'")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _double(value: JSON) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _is_number(value: JSON) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _aggregate(compute: Callable[[list[float]], float]) -> Function:
    def function(value: JSON, arguments: Arguments) -> JSON:
        elements = value if isinstance(value, list) else []
        numbers = [_double(item) for item in (*elements, *arguments.flattened()) if _is_number(item)]
        if not numbers:
            raise EvaluationFault(NO_NUMBERS)
        return compute(numbers)

    return function


def _sum(numbers: Iterable[float]) -> float:
    """Add one by one, as Java does; Python's own ``sum`` corrects what is lost in rounding since 3.12."""
    return reduce(operator.add, numbers, 0.0)


def _average(numbers: list[float]) -> float:
    return _sum(numbers) / len(numbers)


def _deviation(numbers: list[float]) -> float:
    total, count = _sum(numbers), len(numbers)
    variance = _sum(number * number for number in numbers) / count - total * total / count / count
    return math.sqrt(variance) if variance >= 0 else math.nan


def _length(value: JSON, arguments: Arguments) -> JSON:
    if isinstance(arguments.measured, list):
        return len(arguments.measured)
    return len(value) if isinstance(value, (list, dict)) else None


def _keys(value: JSON, _arguments: Arguments) -> JSON:
    return list(value) if isinstance(value, dict) else None


def _append(value: JSON, arguments: Arguments) -> JSON:
    return [*value, *arguments.values()] if isinstance(value, list) else value


def _concat(value: JSON, arguments: Arguments) -> JSON:
    own = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    return "".join(own) + "".join(java_text(item) for item in arguments.flattened() if item is not None)


def _element(value: JSON, index: int) -> JSON:
    if not isinstance(value, list):
        raise EvaluationFault(NO_NUMBERS)
    position = index if index >= 0 else len(value) + index
    if index < 0 and position <= 0:
        # Jayway quirk: the first element cannot be reached from the end, so last() of one element fails.
        raise EvaluationFault(f"Target index:{index} larger than object count:{len(value)}")
    if position >= len(value):
        raise _out_of_bounds(position, len(value))
    return value[position]


def _out_of_bounds(index: int, length: int) -> IndexFault:
    return IndexFault(f"Index {index} out of bounds for length {length}")


def _first(value: JSON, _arguments: Arguments) -> JSON:
    return _element(value, 0)


def _last(value: JSON, _arguments: Arguments) -> JSON:
    return _element(value, -1)


def _index(value: JSON, arguments: Arguments) -> JSON:
    if not isinstance(value, list):
        raise EvaluationFault(NO_NUMBERS)
    numbers = [item for item in arguments.flattened() if _is_number(item)]
    if not numbers:
        raise _out_of_bounds(0, 0)
    return _element(value, max(-_JAVA_INTEGER, min(_JAVA_INTEGER - 1, int(numbers[0]))))


_FUNCTIONS: dict[str, Function] = {
    "append": _append,
    "avg": _aggregate(_average),
    "concat": _concat,
    "first": _first,
    "index": _index,
    "keys": _keys,
    "last": _last,
    "length": _length,
    "max": _aggregate(lambda numbers: max(_SMALLEST_POSITIVE, *numbers)),
    "min": _aggregate(lambda numbers: min(_LARGEST, *numbers)),
    "size": _length,
    "stddev": _aggregate(_deviation),
    "sum": _aggregate(_sum),
}
