"""The eighteen intrinsic functions, as rows of one table.

Sources: the Step Functions developer guide ("Intrinsic functions for JSONPath states") and, where they differ from it,
runs on AWS. The number and the types of the arguments are checked before a function is called. A function raises
`InvalidArgumentsError` for a wrong range or size, and `IntrinsicFunctionError` where AWS has a text of its own. `calls`
adds the rest of the message to both.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, Scope
from pytest_sfn_sync.asl.intrinsics.counted_texts import SHORT, CountedTexts
from pytest_sfn_sync.asl.java.hash_order import JavaValues, hash_order, hash_ordered
from pytest_sfn_sync.asl.java.java_random import next_int
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json
from pytest_sfn_sync.asl.uuids import random_uuid

_MAX_TEXT: Final = 10_000
_MAX_RANGE: Final = 1_000
_INT_MIN: Final = -(1 << 31)
_INT_MAX: Final = (1 << 31) - 1


class InvalidArgumentsError(Exception):
    """Arguments that the function does not accept; AWS reports only that they are invalid."""


class IntrinsicFunctionError(Exception):
    """A failure for which AWS has a text of its own."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


Types: TypeAlias = "frozenset[type] | None"
ANY: Final[Types] = None
ARRAY: Final[Types] = frozenset({list})
OBJECT: Final[Types] = frozenset({dict})
STRING: Final[Types] = frozenset({str})
NUMBER: Final[Types] = frozenset({int, float})


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrinsicFunction:
    """One row: the function that runs, and the types that each parameter accepts.

    The last ``optional`` parameters may be left out. A ``variadic`` function accepts any number of further arguments of
    any type. With ``wants_scope`` the scope is passed before the arguments. With ``wants_template`` a literal first
    argument is passed with its escapes.
    """

    run: Callable[..., JSON]
    parameters: tuple[Types, ...] = ()
    optional: int = 0
    variadic: bool = False
    wants_scope: bool = False
    wants_template: bool = False
    count_fault: str = ""
    """The end of the message for a wrong number of arguments."""

    def takes(self, count: int) -> bool:
        """Report whether the function can be called with this number of arguments."""
        at_most = math.inf if self.variadic else len(self.parameters)
        return len(self.parameters) - self.optional <= count <= at_most


def _array(*items: JSON) -> JSON:
    return list(items)


def _array_partition(array: list[JSON], size: float) -> JSON:
    length = _whole(size)
    if length < 1:
        raise InvalidArgumentsError
    return [array[start : start + length] for start in range(0, len(array), length)]


def _array_contains(scope: Scope, array: list[JSON], wanted: JSON) -> JSON:
    # Recorded: the texts are compared. So 'true' equals true, and {"a":1,"b":2} does not equal {"b":2,"a":1}.
    texts = CountedTexts(scope.work, "States.ArrayContains")
    text = texts.plain(wanted)
    for item in array:  # noqa: SIM110 - a third of the cost of any() over a generator
        if texts.plain(item) == text:
            return True
    return False


def _array_range(first: float, last: float, step: float) -> JSON:
    start, end, stride = _whole(first), _whole(last), _whole(step)
    if stride == 0 or (end - start) // stride + 1 > _MAX_RANGE:
        raise InvalidArgumentsError
    return list(range(start, end + (1 if stride > 0 else -1), stride))


def _array_get_item(array: list[JSON], index: float) -> JSON:
    position = _whole(index)
    if position < 0:
        raise InvalidArgumentsError
    if not array:
        return None  # Recorded: for index 999 of [].
    if position >= len(array):
        raise InvalidArgumentsError
    return array[position]


def _array_unique(scope: Scope, array: list[JSON]) -> JSON:
    values = JavaValues()
    distinct: dict[int, tuple[JSON, int]] = {}
    for item in array:
        number, hashed = values.number_and_hash(item)
        distinct.setdefault(number, (item, hashed))
    scope.work.spend(values.seen, "States.ArrayUnique")
    kept = list(distinct.values())
    return [kept[position][0] for position in hash_order([hashed for _, hashed in kept])]


def _base64_encode(text: str) -> JSON:
    _check_length(text)
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")


def _base64_decode(text: str) -> JSON:
    # Recorded: characters outside the alphabet are skipped, padding is optional, and text after it is ignored.
    _check_length(text)
    digits = _NOT_BASE64.sub("", text.partition("=")[0])
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return base64.b64decode(digits + "=" * (-len(digits) % 4)).decode("utf-8", "replace")


def _hash(scope: Scope, data: JSON, algorithm: str) -> JSON:
    digest = _ALGORITHMS.get(algorithm)
    if digest is None:
        raise InvalidArgumentsError
    text = CountedTexts(scope.work, "States.Hash").plain(data)
    _check_length(text)
    return hashlib.new(digest, text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _json_merge(first: dict[str, JSON], second: dict[str, JSON], deep: JSON) -> JSON:
    # Documented: deep merging is not supported. Recorded: any value other than true counts as false.
    if deep is True:
        raise InvalidArgumentsError
    merged = {**first, **second}
    # Recorded: the result of merging {"a","b","d"} with {"a","c","d"} has the order a, b, c, d.
    # Assumption: this is the order of a HashMap, as in payload templates.
    return {name: merged[name] for name in hash_ordered(merged)}


def _string_to_json(text: str) -> JSON:
    if not text.strip(" \t\r\n"):
        return None
    try:
        return parse_json(text)
    except JSONTextError as fault:
        raise IntrinsicFunctionError(
            f"Cannot convert String to Json in States.StringToJson, caused by: {fault}"
        ) from None


def _json_to_string(scope: Scope, value: JSON) -> JSON:
    return CountedTexts(scope.work, "States.JsonToString").json(value)


def _math_random(scope: Scope, start: float, end: float, seed: float | None = None) -> JSON:
    first, bound = _whole(start), _whole(end)
    if not _INT_MIN <= first < bound <= _INT_MAX or bound - first > _INT_MAX:
        raise InvalidArgumentsError
    if seed is None:
        return scope.random.randrange(first, bound)
    # Measured: nine seeded results fit java.util.Random's bounded nextInt.
    return first + next_int(_whole(seed), bound - first)


def _math_add(first: float, second: float) -> JSON:
    # An int of more than 308 digits can't be made a float, so only floats are asked for infinity.
    if any(type(number) is float and math.isinf(number) for number in (first, second)):
        # AWS accepts a literal such as 1e309. Assumption: it counts as the largest int, as in Java's casts.
        return max(_INT_MIN, min(_INT_MAX, int(_clamped(first) + _clamped(second))))
    augend, addend = _rounded(first), _rounded(second)
    total = augend + addend
    if not all(_INT_MIN <= number <= _INT_MAX for number in (augend, addend, total)):
        raise InvalidArgumentsError
    return total


def _string_split(text: str, delimiters: str) -> JSON:
    if len(delimiters) == 1:
        return [token for token in text.split(delimiters) if token]
    if not delimiters:
        return [text] if text else []  # Assumption: without delimiters the text is not split.
    return [token for token in _delimiters(delimiters).split(text) if token]


def _uuid(scope: Scope, *_ignored: JSON) -> JSON:
    # Recorded: arguments are ignored, not refused.
    return random_uuid(scope.random)


def _format(scope: Scope, template: str, *values: JSON) -> JSON:
    # Recorded: objects and arrays are printed by Java's toString, {Arg1=1, Arg2=[]}.
    first, rest = _kept_parts(template) if len(template) <= SHORT else template_parts(template)
    if len(rest) != len(values):
        raise InvalidArgumentsError  # Assumption: the text, which was never recorded.
    rendered = [first]
    texts: CountedTexts | None = None
    for part, value in zip(rest, values):  # noqa: B905 - lengths were compared above; strict is slower
        kind = type(value)
        if kind is str and len(value) <= SHORT:
            rendered.append(value)
        elif kind is int:
            rendered.append(repr(value))
        else:
            texts = texts or CountedTexts(scope.work, "States.Format")
            rendered.append(texts.java(value) if kind is dict or kind is list else texts.plain(value))
        rendered.append(part)
    return "".join(rendered)


def template_parts(template: str) -> tuple[str, tuple[str, ...]]:
    """Return the text before the first ``{}`` of a States.Format template, and the texts after each ``{}``.

    Escapes are resolved. Raise `IntrinsicFunctionError` for a brace without its counterpart. Assumption: in a template
    from the input, a backslash before any other character is an ordinary character.
    """
    parts = [""]
    position = 0
    while position < len(template):
        char = template[position]
        following = template[position + 1 : position + 2]
        position += 1
        if char == "\\" and following and following in "'\\{}":
            parts[-1] += following
            position += 1
        elif char == "{":
            if following != "}":
                raise IntrinsicFunctionError("Invalid template in States.Format: matching '}' not found for '{'.")
            parts.append("")
            position += 1
        elif char == "}":
            raise IntrinsicFunctionError("Invalid template in States.Format: matching '{' not found for '}'.")
        else:
            parts[-1] += char
    return parts[0], tuple(parts[1:])


_kept_parts: Final = lru_cache(maxsize=512)(template_parts)


FUNCTIONS: Final[dict[str, IntrinsicFunction]] = {
    "States.Array": IntrinsicFunction(run=_array, variadic=True),
    "States.ArrayPartition": IntrinsicFunction(run=_array_partition, parameters=(ARRAY, NUMBER)),
    "States.ArrayContains": IntrinsicFunction(run=_array_contains, parameters=(ARRAY, ANY), wants_scope=True),
    "States.ArrayRange": IntrinsicFunction(run=_array_range, parameters=(NUMBER, NUMBER, NUMBER)),
    "States.ArrayGetItem": IntrinsicFunction(run=_array_get_item, parameters=(ARRAY, NUMBER)),
    "States.ArrayLength": IntrinsicFunction(run=len, parameters=(ARRAY,)),
    "States.ArrayUnique": IntrinsicFunction(run=_array_unique, parameters=(ARRAY,), wants_scope=True),
    "States.Base64Encode": IntrinsicFunction(run=_base64_encode, parameters=(STRING,)),
    "States.Base64Decode": IntrinsicFunction(run=_base64_decode, parameters=(STRING,)),
    "States.Hash": IntrinsicFunction(run=_hash, parameters=(ANY, STRING), wants_scope=True),
    "States.JsonMerge": IntrinsicFunction(run=_json_merge, parameters=(OBJECT, OBJECT, ANY)),
    "States.StringToJson": IntrinsicFunction(run=_string_to_json, parameters=(STRING,)),
    # Recorded: for no argument and for two. Measured: other functions report only that the arguments are invalid.
    "States.JsonToString": IntrinsicFunction(
        run=_json_to_string, parameters=(ANY,), wants_scope=True, count_fault=": only a single argument is allowed."
    ),
    "States.MathRandom": IntrinsicFunction(
        run=_math_random, parameters=(NUMBER, NUMBER, NUMBER), optional=1, wants_scope=True
    ),
    "States.MathAdd": IntrinsicFunction(run=_math_add, parameters=(NUMBER, NUMBER)),
    "States.StringSplit": IntrinsicFunction(run=_string_split, parameters=(STRING, STRING)),
    "States.UUID": IntrinsicFunction(run=_uuid, variadic=True, wants_scope=True),
    "States.Format": IntrinsicFunction(
        run=_format, parameters=(STRING,), variadic=True, wants_scope=True, wants_template=True
    ),
}

_ALGORITHMS: Final = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")


@lru_cache(maxsize=128)
def _delimiters(characters: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(characters)}]")


def _whole(number: float) -> int:
    # Measured: fractions of a position, a size or a bound are cut off. Documented: they are rounded.
    if type(number) is int:
        return number
    if math.isinf(number):
        raise InvalidArgumentsError
    return int(number)


def _rounded(number: float) -> int:
    # Java's Math.round: halves are rounded toward positive infinity. Recorded: for -1.5, -2.5 and -3.5.
    if type(number) is int:
        return number
    below = math.floor(number)
    return below + 1 if number - below >= 0.5 else below


def _clamped(number: float) -> float:
    return max(float(_INT_MIN), min(float(_INT_MAX), number))


def _check_length(text: str) -> None:
    if len(text) > _MAX_TEXT or (not text.isascii() and len(text.encode("utf-16-le", "surrogatepass")) > 2 * _MAX_TEXT):
        raise InvalidArgumentsError
