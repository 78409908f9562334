"""The slow reader of JSON: it uses no recursion and reports faults with the texts of Jackson 2.17 and 2.18.

It runs only if the C decoder fails, so it may be slow. Messages and columns were compared with Jackson's own, fault by
fault. Two of them come from recordings of AWS (``not some json`` and ``{'not': 'json'``). Two faults are this package's
own: a number too large for a double, which Jackson would read as infinity, and text without any content.
"""

from __future__ import annotations

import json
import re
from math import isinf
from typing import Final, NoReturn

from pytest_sfn_sync.asl.expressions import JSON

MAX_DEPTH: Final = 1000
MAX_NUMBER_LENGTH: Final = 1000
_MAX_TOKEN_LENGTH: Final = 256

_VALUES: Final = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_CONSTANTS: Final[dict[str, JSON]] = {"null": None, "true": True, "false": False}
_TOKEN_TYPES: Final = {
    "{": "START_OBJECT",
    "[": "START_ARRAY",
    '"': "VALUE_STRING",
    "t": "VALUE_TRUE",
    "f": "VALUE_FALSE",
    "n": "VALUE_NULL",
}

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_LINE_END: Final = re.compile(r"\r\n?|\n")
_IDENTIFIER: Final = re.compile(r"[\w$]+")
_STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*')
_BAD_UNICODE_ESCAPE: Final = re.compile(r"\\u[0-9A-Fa-f]{0,3}")
_DIGITS: Final = re.compile(r"[0-9]*")


class JSONTextError(ValueError):
    """Text that is not JSON: Jackson's ``message`` without the location, and the ``line`` and ``column``."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.message}\n at {_source(self.line, self.column)}"


def read(text: str) -> JSON:
    """Read a JSON document; raise `JSONTextError` if the text is not one."""
    return _Reader(text).document()


def nesting_fault(text: str) -> JSONTextError:
    """Return the error for a document that is nested too deep; Jackson reports no location for it."""
    message = (
        f"Document nesting depth ({MAX_DEPTH + 1}) exceeds the maximum allowed"
        f" ({MAX_DEPTH}, from `StreamReadConstraints.getMaxNestingDepth()`)"
    )
    return JSONTextError(message, *_line_and_column(text, len(text)))


def _source(line: int, column: int | None) -> str:
    place = f"line: {line}" if column is None else f"line: {line}, column: {column}"
    return f"[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); {place}]"


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    line, start = 1, 0
    for end in _LINE_END.finditer(text, 0, offset):
        line, start = line + 1, end.end()
    return line, len(text[start:offset].encode("utf-16-le", "surrogatepass")) // 2 + 1


def _described(char: str) -> str:
    code = ord(char)
    if code > 0xFFFF:
        # Java sees the first half of a surrogate pair, which becomes a question mark in the message.
        char, code = "?", 0xD7C0 + (code >> 10)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return f"(CTRL-CHAR, code {code})"
    return f"'{char}' (code {code} / 0x{code:x})" if code > 255 else f"'{char}' (code {code})"


class _Reader:
    __slots__ = ("at", "open", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.open: list[tuple[JSON, int]] = []
        """The containers that are not closed yet, each with the offset of its opening bracket."""

    def document(self) -> JSON:
        if not self._next_char():
            self._fail("No content to map due to end-of-input", self.at)
        value = self._root_value()
        while self.open:
            self._entry_or_end()
        start = self._next_char()
        if start:
            offset = self.at
            value = self._root_value()
            kind = _TOKEN_TYPES.get(start, f"VALUE_NUMBER_{'FLOAT' if type(value) is float else 'INT'}")
            bound = "bound as `com.fasterxml.jackson.databind.JsonNode`"
            reason = "not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`"
            self._fail(f"Trailing token (of type {kind}) found after value ({bound}): {reason}", offset)
        return value

    def _root_value(self) -> JSON:
        char = self.text[self.at]
        if char in "]}":
            self._fail_close(char, f"root starting at {_source(1, None)}", "}" if char == "]" else "]")
        return self._value()

    def _entry_or_end(self) -> None:
        container, start = self.open[-1]
        kind, closer = ("Object", "}") if type(container) is dict else ("Array", "]")
        char = self._next_char()
        if not char or char in "]}":
            place = _source(*_line_and_column(self.text, start))
            if not char:
                self._fail_end(f": expected close marker for {kind} (start marker at {place})")
            if char != closer:
                self._fail_close(char, f"{kind} starting at {place}", "]" if char == "}" else "}")
            self.at += 1
            self.open.pop()
            return
        if container:
            if char != ",":
                self._fail_char(f": was expecting comma to separate {kind} entries", self.at)
            self._step_within(kind)
        if kind == "Object":
            name = self._name()
            container[name] = self._value()
        else:
            container.append(self._value())

    def _name(self) -> str:
        if self.text[self.at] != '"':
            self._fail_char(": was expecting double-quote to start field name", self.at)
        name = self._string("name", " in field name")
        char = self._next_char()
        if not char:
            self._fail_end(" within/between Object entries")
        if char != ":":
            self._fail_char(": was expecting a colon to separate field name and value", self.at)
        self._step_within("Object")
        return name

    def _step_within(self, kind: str) -> None:
        self.at += 1
        if not self._next_char():
            self._fail_end(f" within/between {kind} entries")

    def _value(self) -> JSON:
        char = self.text[self.at]
        if char in "{[":
            return self._container({} if char == "{" else [])
        if char == '"':
            return self._string("string value", ": was expecting closing quote for a string value")
        if char in "-0123456789":
            return self._number()
        token = _IDENTIFIER.match(self.text, self.at)
        word = token.group() if token else ""
        if word in _CONSTANTS:
            self.at += len(word)
            return _CONSTANTS[word]
        return self._odd_value(char, word)

    def _container(self, container: JSON) -> JSON:
        if len(self.open) == MAX_DEPTH:
            raise nesting_fault(self.text[: self.at])
        self.open.append((container, self.at))
        self.at += 1
        return container

    def _string(self, place: str, at_end: str) -> str:
        match = _STRING.match(self.text, self.at)
        assert match is not None
        end = match.end()
        char = self.text[end : end + 1]
        if char == '"':
            self.at = end + 1
            value: str = json.loads(f'{match.group()}"')
            return value
        if char == "\\":
            self._fail_escape(end)
        if char:
            unquoted = "has to be escaped using backslash to be included in"
            self._fail(f"Illegal unquoted character ({_described(char)}): {unquoted} {place}", end)
        self._fail_end(at_end)

    def _number(self) -> JSON:
        text, start = self.text, self.at
        at = start + 1 if text[start] == "-" else start
        whole_end = self._digits_end(at)
        if whole_end == at:
            self._fail_signed(at, "-")
        if text[at] == "0" and whole_end > at + 1:
            self._fail("Invalid numeric value: Leading zeroes not allowed", at + 1)
        end = whole_end
        if text[end : end + 1] == ".":
            end = self._digits_end(end + 1)
            if end == whole_end + 1:
                at = end if end < len(text) else whole_end
                self._fail_char(" in numeric value: Decimal point not followed by a digit", at, whole_end)
        if text[end : end + 1] in ("e", "E"):
            end = self._exponent_end(end + 1, whole_end)
        self._check_number_end(start, end)
        self.at = end
        if end == whole_end:
            return int(text[start:end])
        value = float(text[start:end])
        if isinf(value):
            self._fail(f"Numeric value ({text[start:end]}) out of range of double", start)
        return value

    def _exponent_end(self, at: int, whole_end: int) -> int:
        if self.text[at : at + 1] in ("+", "-"):
            at += 1
        end = self._digits_end(at)
        if end == len(self.text) == at:
            self._fail_end("expected a digit for number exponent")
        if end == at:
            # Jackson reports faults of fractions and exponents at the end of the whole digits.
            self._fail_char(" in numeric value: Exponent indicator not followed by a digit", at, whole_end)
        return end

    def _check_number_end(self, start: int, end: int) -> None:
        if not self.open and end < len(self.text) and self.text[end] not in " \t\n\r":
            self._fail_char(": Expected space separating root-level values", end)
        length = sum(char not in "+-.eE" for char in self.text[start:end])
        if length > MAX_NUMBER_LENGTH:
            limit = f"{MAX_NUMBER_LENGTH}, from `StreamReadConstraints.getMaxNumberLength()`"
            self._fail(f"Number value length ({length}) exceeds the maximum allowed ({limit})", start)

    def _odd_value(self, char: str, word: str) -> NoReturn:
        if char == "+":
            self._fail_signed(self.at + 1, "+")
        if word in ("NaN", "Infinity"):
            self._fail_non_standard(word)
        if word and not char.isdigit():
            self._fail_token(word)
        if char == "}" and self.open and type(self.open[-1][0]) is list:
            self._fail_char(": expected a value", self.at)
        self._fail_char(f": expected a valid value {_VALUES}", self.at)

    def _fail_signed(self, at: int, sign: str) -> NoReturn:
        char = self.text[at : at + 1]
        if not char:
            self._fail_end("No digit following sign" if sign == "-" else " in a Number value")
        if char == "I":
            self._fail_infinity(at, sign)
            at += 1
        if sign == "+":
            allow = "enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow"
            message = f" in numeric value: JSON spec does not allow numbers to have plus signs: {allow}"
            self._fail_char(message, self.at, at)
        if char == ".":
            self._fail_char(f": expected a valid value {_VALUES}", at)
        expected = "expected digit (0-9) to follow minus sign, for valid numeric value"
        self._fail_char(f" in numeric value: {expected}", at)

    def _fail_infinity(self, at: int, sign: str) -> None:
        word = _IDENTIFIER.match(self.text, at)
        assert word is not None
        if word.group() in ("INF", "Infinity"):
            self._fail_non_standard(sign + word.group())
        if word.group() == "I" and at + 1 == len(self.text):
            self._fail_end(" in a Number value")
        if word.group()[1:2] in ("N", "n"):
            self._fail_token(sign + word.group())

    def _fail_escape(self, at: int) -> NoReturn:
        match = _BAD_UNICODE_ESCAPE.match(self.text, at)
        bad = match.end() if match else at + 1
        if bad >= len(self.text):
            self._fail_end(" in character escape sequence")
        if match:
            self._fail_char(": expected a hex-digit for character escape sequence", bad)
        self._fail(f"Unrecognized character escape {_described(self.text[bad])}", bad)

    def _fail_non_standard(self, token: str) -> NoReturn:
        message = f"Non-standard token '{token}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"
        self._fail(message, self.at + len(token))

    def _fail_token(self, token: str) -> NoReturn:
        shown = token[:_MAX_TOKEN_LENGTH]
        end = self.at + len(shown)
        shown += "..." if len(token) >= _MAX_TOKEN_LENGTH else ""
        self._fail(f"Unrecognized token '{shown}': was expecting {_VALUES}", end)

    def _fail_close(self, char: str, opened: str, expected: str) -> NoReturn:
        self._fail(f"Unexpected close marker '{char}': expected '{expected}' (for {opened})", self.at)

    def _fail_char(self, comment: str, at: int, located_at: int | None = None) -> NoReturn:
        self._fail(
            f"Unexpected character ({_described(self.text[at])}){comment}", at if located_at is None else located_at
        )

    def _fail_end(self, comment: str) -> NoReturn:
        self._fail(f"Unexpected end-of-input{comment}", len(self.text))

    def _fail(self, message: str, offset: int) -> NoReturn:
        raise JSONTextError(message, *_line_and_column(self.text, offset))

    def _next_char(self) -> str:
        space = _SPACE.match(self.text, self.at)
        assert space is not None
        self.at = space.end()
        char = self.text[self.at : self.at + 1]
        if char == "/":
            comment = "maybe a (non-standard) comment?"
            reason = "(not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
            self._fail_char(f": {comment} {reason}", self.at)
        if char and char < " ":
            allowed = r"only regular white space (\r, \n, \t) is allowed between tokens"
            self._fail(f"Illegal character ({_described(char)}): {allowed}", self.at + 1)
        return char

    def _digits_end(self, at: int) -> int:
        match = _DIGITS.match(self.text, at)
        assert match is not None
        return match.end()
