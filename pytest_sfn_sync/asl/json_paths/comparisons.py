"""Jayway's comparisons in filters, one row for each operator.

A value's kind is its JSON type; a number compares to a string by the string's number if the number is on the left, by
the number's text if it is on the right. `UNDEFINED` is what a path finds where nothing is; it equals nothing, not even
itself. Comparisons that Jayway cannot make raise: `InvalidPath`, which a filter takes for "no match", or
`EvaluationFault`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Final, NoReturn

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.faults import EvaluationFault, InvalidPath
from pytest_sfn_sync.asl.json_paths.grammar import parse_path
from pytest_sfn_sync.asl.json_paths.java_text import unescape
from pytest_sfn_sync.asl.json_paths.lenient_json import parse_lenient_json
from pytest_sfn_sync.asl.json_paths.numbers import decimal_of, int_value, parse_decimal
from pytest_sfn_sync.asl.json_paths.steps import JsonText

Compare = Callable[[JSON, JSON], bool]


class Undefined:
    """The type of `UNDEFINED`, and of elements that equal nothing."""

    __slots__ = ()


UNDEFINED: Final = Undefined()


def _is_number(value: JSON) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_json(value: JSON) -> bool:
    return isinstance(value, (list, dict, JsonText))


@lru_cache(maxsize=256)
def _parsed_text(text: str) -> JSON:
    try:
        return parse_lenient_json(text)
    except (ValueError, RecursionError) as fault:
        raise EvaluationFault(f"net.minidev.json.parser.ParseException: {fault}") from None


def _parsed(value: JSON) -> JSON:
    return _parsed_text(value.text) if isinstance(value, JsonText) else value


def _equal(left: JSON, right: JSON) -> bool:
    if _is_json(left) and _is_json(right):
        # Jayway quirk: a literal on the left stays text, and equals no array or object.
        return not isinstance(left, JsonText) and same_json(left, _parsed(right))
    if _is_number(left):
        return _number_equals(decimal_of(left), right)
    if isinstance(left, str):
        return bool(left == (str(decimal_of(right)) if _is_number(right) else right))
    return left is right and (left is None or isinstance(left, bool))


def _number_equals(left: Decimal, right: JSON) -> bool:
    if isinstance(right, str):
        try:
            return left == parse_decimal(right)
        except ValueError:
            return False
    return _is_number(right) and left == decimal_of(right)


def _identical(left: JSON, right: JSON) -> bool:
    if isinstance(left, JsonText) and isinstance(right, JsonText):
        return left.text == right.text
    if isinstance(left, JsonText) or isinstance(right, JsonText):
        return False
    same_kind = _is_number(left) == _is_number(right) and isinstance(left, str) == isinstance(right, str)
    return bool(same_kind and _equal(left, right))


def same_json(left: JSON, right: JSON) -> bool:
    """Compare two arrays or objects as Java does: an element ``1`` is not ``1.0``, and ``true`` is not ``1``."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same_json, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same_json(member, right[name]) for name, member in left.items())
    return bool(left == right)


def _ordered(decide: Callable[[JSON, JSON], bool]) -> Compare:
    def compare(left: JSON, right: JSON) -> bool:
        if _is_number(left) and _is_number(right):
            return decide(decimal_of(left), decimal_of(right))
        if isinstance(left, str) and isinstance(right, str):
            return decide(_code_units(left), _code_units(right))
        return False

    return compare


def _code_units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _elements(value: JSON) -> list[JSON] | None:
    """The elements of an array, or None for an object; raises `InvalidPath` for anything else."""
    if not _is_json(value):
        raise InvalidPath("Expected value list node")
    parsed = _parsed(value)
    return [_element(item) for item in parsed] if isinstance(parsed, list) else None


def _element(item: JSON) -> JSON:
    if isinstance(item, (list, dict)):
        raise EvaluationFault("Could not determine value type")
    return _string_element(item) if isinstance(item, str) else item


def _string_element(text: str) -> JSON:
    """Jayway quirks: a path or JSON within a text equals nothing; quotes and escapes within an element are resolved."""
    stripped = text.strip()
    if _is_read_by(parse_path, stripped, "@$") or _is_read_by(parse_lenient_json, stripped, "[{"):
        return UNDEFINED
    if len(text) > 1 and text[0] in "'\"" and text[0] == text[-1]:
        text = text[1:-1]
    try:
        return unescape(text)
    except ValueError as fault:
        raise EvaluationFault(str(fault)) from None


def _is_read_by(parse: Callable[[str], object], text: str, first: str) -> bool:
    if not text or text[0] not in first:
        return False
    try:
        parse(text)
    except (ValueError, RecursionError):
        return False
    return True


def _holds(elements: list[JSON], wanted: JSON) -> bool:
    return any(_equal(wanted, element) for element in elements)


def _in(left: JSON, right: JSON) -> bool:
    elements = _elements(right)
    return elements is not None and _holds(elements, left)


def _contains(left: JSON, right: JSON) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right in left
    return _is_json(left) and _in(right, left)


def _between_arrays(decide: Callable[[list[JSON], list[JSON]], bool]) -> Compare:
    def compare(left: JSON, right: JSON) -> bool:
        right_elements = _elements(right)
        if right_elements is None:
            return False
        left_elements = _elements(left)
        return left_elements is not None and decide(left_elements, right_elements)

    return compare


def _length(value: JSON) -> int | None:
    if isinstance(value, str):
        return len(_code_units(value)) // 2
    if not _is_json(value):
        return None
    parsed = _parsed(value)
    return len(parsed) if isinstance(parsed, list) else -1


def _size(left: JSON, right: JSON) -> bool:
    return _is_number(right) and _length(left) == int_value(decimal_of(right))


def _empty(left: JSON, right: JSON) -> bool:
    if not (isinstance(left, str) or _is_json(left)):
        return False
    parsed = _parsed(left)
    if isinstance(parsed, dict):
        raise EvaluationFault(
            "class java.util.LinkedHashMap cannot be cast to class java.util.Collection (java.util.LinkedHashMap and "
            "java.util.Collection are in module java.base of loader 'bootstrap')"
        )
    if not isinstance(right, bool):
        raise InvalidPath("Expected boolean node")
    return (not parsed) == right


def _matches(left: JSON, right: JSON) -> bool:
    if isinstance(left, re.Pattern) == isinstance(right, re.Pattern):
        return False
    pattern, value = (left, right) if isinstance(left, re.Pattern) else (right, left)
    if not _is_json(value):
        return pattern.fullmatch(_input(value)) is not None
    elements = _elements(value) or []
    return any(pattern.fullmatch(_input(element)) for element in elements)


def _input(value: JSON) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(decimal_of(value)) if _is_number(value) else ""


def _exists(left: JSON, right: JSON) -> bool:
    if not (isinstance(left, bool) or isinstance(right, bool)):
        raise EvaluationFault("Failed to evaluate exists expression")
    if not (isinstance(left, bool) and isinstance(right, bool)):
        raise InvalidPath("Expected boolean node")
    return left == right


def _refuse(_left: JSON, _right: JSON) -> NoReturn:
    """Operators that compare to values which only code can give, never a path's text."""
    raise InvalidPath("Expected value list node")


COMPARISONS: Final[dict[str, Compare]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "===": _identical,
    "!==": lambda left, right: not _identical(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "=~": _matches,
    "IN": _in,
    "NIN": lambda left, right: not _in(left, right),
    "CONTAINS": _contains,
    "SUBSETOF": _between_arrays(lambda left, right: all(_holds(right, element) for element in left)),
    "ANYOF": _between_arrays(lambda left, right: any(_holds(right, element) for element in left)),
    "NONEOF": _between_arrays(lambda left, right: not any(_holds(right, element) for element in left)),
    "SIZE": _size,
    "EMPTY": _empty,
    "EXISTS": _exists,
    "ALL": _refuse,
    "TYPE": _refuse,
    "MATCHES": _refuse,
}
