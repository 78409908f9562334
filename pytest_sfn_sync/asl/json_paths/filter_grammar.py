"""The grammar of conditions in filters, ``[?(@.price < 10 && !(@.sold))]``, as Jayway reads them.

It gives conditions as data; ``filters.py`` compiles them. Paths within a condition are parsed by the function that is
handed in, so that this module need not know the grammar of paths.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from pytest_sfn_sync.asl.json_paths.characters import NOWHERE, Characters, OutOfBoundsError
from pytest_sfn_sync.asl.json_paths.faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.java_patterns import FLAG_LETTERS, compile_pattern
from pytest_sfn_sync.asl.json_paths.java_text import unescape
from pytest_sfn_sync.asl.json_paths.numbers import parse_decimal
from pytest_sfn_sync.asl.json_paths.steps import (
    Combination,
    Comparison,
    Condition,
    JsonText,
    Negation,
    Operand,
    ParsedPath,
)

EXISTS = "EXISTS"
_SYMBOLS = (">=", "<=", "==", "===", "!=", "!==", "<", ">", "=~")
_OPERATOR_WORDS = (
    "NIN",
    "IN",
    "CONTAINS",
    "ALL",
    "SIZE",
    EXISTS,
    "TYPE",
    "MATCHES",
    "EMPTY",
    "SUBSETOF",
    "ANYOF",
    "NONEOF",
)
OPERATORS = frozenset((*_SYMBOLS, *_OPERATOR_WORDS))
_OPERATOR_CHARACTERS = "<>=~!"
_PATH_ROOTS = "$@"
_NUMBER = re.compile(r"[\d\-.eE]*")
_WORDS: dict[str, tuple[str, bool | None]] = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}
_CLOSING = {"[": "]", "{": "}"}

ParsePath = Callable[[str], ParsedPath]


def parse_filter(source: str, parse_path: ParsePath) -> Condition:
    """Parse a filter step from its opening to its closing bracket, ``[?(...)]``.

    Raises `PathSyntaxError` with Jayway's text.
    """
    text = Characters(source)
    text.position += 1
    text.end -= 1
    text.trim()
    text.position += 1
    text.trim()
    try:
        condition = _Filter(text, parse_path).either()
        text.skip_blanks()
    except (OutOfBoundsError, ValueError) as fault:
        if isinstance(fault, PathSyntaxError):
            raise
        raise PathSyntaxError(
            f"Failed to parse filter: {source}, error on position: {text.position}, char: {text.current}"
        ) from None
    if text.within():
        raise PathSyntaxError(
            f"Expected end of filter expression instead of: {text.between(text.position, text.end + 1)}"
        )
    return condition


class _Filter:
    """Reads one condition by recursive descent: either, both, one, comparison, operand."""

    __slots__ = ("parse_path", "text")

    def __init__(self, text: Characters, parse_path: ParsePath) -> None:
        self.text = text
        self.parse_path = parse_path

    def either(self) -> Condition:
        return self._combination("||", self.both)

    def both(self) -> Condition:
        return self._combination("&&", self.one)

    def _combination(self, operator: str, read: Callable[[], Condition]) -> Condition:
        conditions = [read()]
        while True:
            position = self.text.position
            if not self.text.accept(operator):
                self.text.position = position
                break
            conditions.append(read())
        return conditions[0] if len(conditions) == 1 else Combination(operator, tuple(conditions))

    def one(self) -> Condition:
        text = self.text
        text.skip_blanks()
        start = text.position
        if text.within() and text.current == "!":
            text.position += 1
            text.skip_blanks()
            if text.current not in _PATH_ROOTS:
                return Negation(self.one())
            text.position = start
        if text.within() and text.current == "(":
            text.position += 1
            condition = self.either()
            text.expect(")")
            return condition
        return self.comparison()

    def comparison(self) -> Condition:
        left = self.operand()
        position = self.text.position
        try:
            return Comparison(left, self.operator(), self.operand())
        except PathSyntaxError:
            self.text.position = position
        if not isinstance(left.value, ParsedPath):
            raise PathSyntaxError("Expected path node")
        return Comparison(left, EXISTS, None)

    def operator(self) -> str:
        text = self.text
        text.skip_blanks()
        start = text.position
        symbolic = text.current in _OPERATOR_CHARACTERS
        while text.within() and (text.current in _OPERATOR_CHARACTERS if symbolic else text.current != " "):
            text.position += 1
        operator = text.between(start, text.position)
        if operator.upper() not in OPERATORS:
            raise PathSyntaxError(f"Filter operator {operator} is not supported!")
        return operator.upper()

    def operand(self) -> Operand:
        text = self.text
        text.skip_blanks()
        if text.current in _PATH_ROOTS:
            return self.path()
        if text.current == "!":
            text.position += 1
            text.skip_blanks()
            if text.current in _PATH_ROOTS:
                return self.path()
            raise PathSyntaxError("Unexpected character: !")
        return Operand(self.literal())

    def path(self) -> Operand:
        text = self.text
        start = text.position
        before = text.significant_before(start)
        text.position += 1
        while text.within():
            if text.current == "[":
                closing = text.find_closing(text.position, "[", "]", skip_patterns=False)
                if closing == NOWHERE:
                    raise PathSyntaxError(f"Square brackets does not match in filter {text.text}")
                text.position = closing + 1
            closes_condition = text.current == ")" and not self._closes_function(start)
            if not text.within() or text.current in _OPERATOR_CHARACTERS or text.current == " " or closes_condition:
                break
            text.position += 1
        negated = before != NOWHERE and text.at(before) == "!"
        return Operand(self.parse_path(text.between(start, text.position)), negated)

    def _closes_function(self, start: int) -> bool:
        """Tell whether the closing parenthesis here ends a call without arguments, ``@.a.length()``."""
        opening = self.text.significant_before(self.text.position)
        if opening == NOWHERE or self.text.at(opening) != "(":
            return False
        return "." in self.text.text[start + 1 : opening]

    def literal(self) -> JsonText | re.Pattern[str] | Decimal | str | bool | None:
        first = self.text.current
        if first in "'\"":
            return self._string(first)
        if first in _WORDS:
            return self._word(*_WORDS[first])
        if first in _CLOSING:
            return self._json(first, _CLOSING[first])
        return self._pattern() if first == "/" else self._number()

    def _string(self, quote: str) -> str:
        text = self.text
        closing = text.find_unescaped(text.position, quote)
        if closing == NOWHERE:
            raise PathSyntaxError(f"String literal does not have matching quotes. Expected {quote} in {text.text}")
        content = text.between(text.position + 1, closing)
        text.position = closing + 1
        return unescape(content)

    def _word(self, word: str, value: bool | None) -> bool | None:
        text = self.text
        end = text.position + len(word)
        if not text.within(end - 1) or text.between(text.position, end) != word:
            raise PathSyntaxError("Expected <null> value" if value is None else "Expected boolean literal")
        text.position = end
        return value

    def _json(self, opening: str, closing: str) -> JsonText:
        text = self.text
        start = text.position
        end = text.find_closing(start, opening, closing, skip_patterns=False)
        if end == NOWHERE:
            raise PathSyntaxError(f"String not closed. Expected ' in {text.text}")
        text.position = end + 1
        return JsonText(text.between(start, end + 1))

    def _pattern(self) -> re.Pattern[str]:
        text = self.text
        start = text.position
        closing = text.find_unescaped(start, "/")
        if closing == NOWHERE:
            raise PathSyntaxError(f"Pattern not closed. Expected / in {text.text}")
        text.position = closing + 1
        while text.within() and text.current in FLAG_LETTERS:
            text.position += 1
        return compile_pattern(text.between(start + 1, closing), text.between(closing + 1, text.position))

    def _number(self) -> Decimal:
        text = self.text
        match = _NUMBER.match(text.text, text.position, text.end + 1)
        assert match is not None
        text.position = match.end()
        return parse_decimal(match.group())
