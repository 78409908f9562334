from __future__ import annotations

import inspect
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import (
    JSONTextError,
    compact,
    fit_for_utf8,
    java_float_text,
    parse_json,
    python_text,
    utf8_size,
    writing,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)

REDACTED = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: "
VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
NUMBER_SIGNS = (
    "JSON spec does not allow numbers to have plus signs:"
    " enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow"
)
COMMENT = (
    "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
)


def fault(text: str) -> JSONTextError:
    with pytest.raises(JSONTextError) as raised:
        parse_json(text)
    return raised.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("2", 2, id="number"),
        pytest.param('"some text"', "some text", id="string"),
        pytest.param(" null \r\n", None, id="space around"),
        pytest.param('{"b":1,"a":[true,false,{}]}', {"b": 1, "a": [True, False, {}]}, id="object"),
        pytest.param('{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}, id="a repeated key keeps the last value"),
        pytest.param("-0", 0, id="minus zero is an integer"),
        pytest.param("1E5", 100000.0, id="exponent"),
        pytest.param(r'"\u0041\/\b\ud83d\ude00"', "A/\b😀", id="escapes"),
        pytest.param("9007199254740993", 9007199254740993, id="integers are exact"),
        pytest.param("1" * 1000, int("1" * 1000), id="a thousand digits"),
        pytest.param(f'["{"1" * 3000}", 1]', ["1" * 3000, 1], id="thousands of digits in a string"),
    ],
)
def test_json_is_read(text: str, value: JSON) -> None:
    read = parse_json(text)
    assert read == value
    assert type(read) is type(value)


# Compared with Jackson 2.18.2; the first two are recorded from AWS.
@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("not some json", f"Unrecognized token 'not': was expecting {VALUES}", 1, 4),
        (
            "{'not': 'json'",
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
            1,
            2,
        ),
        ("{bad json}", "Unexpected character ('b' (code 98)): was expecting double-quote to start field name", 1, 2),
        ('{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 1, 8),
        (
            '{"a" 1}',
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
            1,
            6,
        ),
        (
            '{"a":1 "b":2}',
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
            1,
            8,
        ),
        ("[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 4),
        ("[1,]", f"Unexpected character (']' (code 93)): expected a valid value {VALUES}", 1, 4),
        ("[1,}", "Unexpected character ('}' (code 125)): expected a value", 1, 4),
        ('{"a":}', f"Unexpected character ('}}' (code 125)): expected a valid value {VALUES}", 1, 6),
        ('{"a"', "Unexpected end-of-input within/between Object entries", 1, 5),
        ('{"a":', "Unexpected end-of-input within/between Object entries", 1, 6),
        ("[1,", "Unexpected end-of-input within/between Array entries", 1, 4),
        (
            '{"a":[1',
            f"Unexpected end-of-input: expected close marker for Array (start marker at {REDACTED}1, column: 6])",
            1,
            8,
        ),
        ("[1}", f"Unexpected close marker '}}': expected ']' (for Array starting at {REDACTED}1, column: 1])", 1, 3),
        ("}", f"Unexpected close marker '}}': expected ']' (for root starting at {REDACTED}1])", 1, 1),
        ('"abc', "Unexpected end-of-input: was expecting closing quote for a string value", 1, 5),
        ('{"a', "Unexpected end-of-input in field name", 1, 4),
        (
            '"a\nb"',
            "Illegal unquoted character ((CTRL-CHAR, code 10)):"
            " has to be escaped using backslash to be included in string value",
            1,
            3,
        ),
        (
            '{"a\tb":1}',
            "Illegal unquoted character ((CTRL-CHAR, code 9)):"
            " has to be escaped using backslash to be included in name",
            1,
            4,
        ),
        ('"\\x"', "Unrecognized character escape 'x' (code 120)", 1, 3),
        ('"\\u12G4"', "Unexpected character ('G' (code 71)): expected a hex-digit for character escape sequence", 1, 6),
        ('"\\u12', "Unexpected end-of-input in character escape sequence", 1, 6),
        ("01", "Invalid numeric value: Leading zeroes not allowed", 1, 2),
        ("-", "Unexpected end-of-inputNo digit following sign", 1, 2),
        (
            "[-]",
            "Unexpected character (']' (code 93)) in numeric value:"
            " expected digit (0-9) to follow minus sign, for valid numeric value",
            1,
            3,
        ),
        ("+1", f"Unexpected character ('+' (code 43)) in numeric value: {NUMBER_SIGNS}", 1, 2),
        ("[1.]", "Unexpected character (']' (code 93)) in numeric value: Decimal point not followed by a digit", 1, 3),
        ("1e", "Unexpected end-of-inputexpected a digit for number exponent", 1, 3),
        (
            "12.5Er",
            "Unexpected character ('r' (code 114)) in numeric value: Exponent indicator not followed by a digit",
            1,
            3,
        ),
        ("1x", "Unexpected character ('x' (code 120)): Expected space separating root-level values", 1, 2),
        ("NaN", "Non-standard token 'NaN': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", 1, 4),
        (
            "[-Infinity]",
            "Non-standard token '-Infinity': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow",
            1,
            11,
        ),
        ("-INF", "Non-standard token '-INF': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", 1, 5),
        ("-I", "Unexpected end-of-input in a Number value", 1, 3),
        ("-INx", f"Unrecognized token '-INx': was expecting {VALUES}", 1, 5),
        ("-.5", f"Unexpected character ('.' (code 46)): expected a valid value {VALUES}", 1, 2),
        ('{"a":undefined}', f"Unrecognized token 'undefined': was expecting {VALUES}", 1, 15),
        ("None", f"Unrecognized token 'None': was expecting {VALUES}", 1, 5),
        ('{"a":\n  tru}', f"Unrecognized token 'tru': was expecting {VALUES}", 2, 6),
        ("\ufeff{}", f"Unexpected character ('\ufeff' (code 65279 / 0xfeff)): expected a valid value {VALUES}", 1, 1),
        ("/* c */ 1", f"Unexpected character ('/' (code 47)): {COMMENT}", 1, 1),
        (
            "[\x01]",
            r"Illegal character ((CTRL-CHAR, code 1)): only regular white space (\r, \n, \t) is allowed between tokens",
            1,
            3,
        ),
        (
            "{} {}",
            "Trailing token (of type START_OBJECT) found after value"
            " (bound as `com.fasterxml.jackson.databind.JsonNode`):"
            " not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`",
            1,
            4,
        ),
        (
            "{} 1.5",
            "Trailing token (of type VALUE_NUMBER_FLOAT) found after value"
            " (bound as `com.fasterxml.jackson.databind.JsonNode`):"
            " not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`",
            1,
            4,
        ),
        ("{} x", f"Unrecognized token 'x': was expecting {VALUES}", 1, 5),
        ('["😀" 1]', "Unexpected character ('1' (code 49)): was expecting comma to separate Array entries", 1, 7),
    ],
    ids=lambda value: ascii(value) if isinstance(value, str) else "",
)
def test_a_fault_is_worded_as_jackson_words_it(text: str, message: str, line: int, column: int) -> None:
    raised = fault(text)
    assert (raised.message, raised.line, raised.column) == (message, line, column)


def test_the_text_of_a_fault_has_jacksons_location() -> None:
    assert str(fault("{bad json}")) == (
        "Unexpected character ('b' (code 98)): was expecting double-quote to start field name\n"
        " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]"
    )


def test_a_document_that_python_reads_may_still_nest_too_deep_for_jackson() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        assert fault("[" * 1001 + "]" * 1001).message.startswith("Document nesting depth (1001) exceeds the maximum")
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(" ", "No content to map due to end-of-input", id="nothing but space"),
        pytest.param("1e400", "Numeric value (1e400) out of range of double", id="too large for a double"),
        pytest.param("[-1e400]", "Numeric value (-1e400) out of range of double", id="too small for a double"),
    ],
)
def test_what_jackson_would_pass_is_refused(text: str, message: str) -> None:
    assert fault(text).message == message


@pytest.mark.parametrize(
    "digits",
    [
        pytest.param("1" * 1001, id="one digit too many"),
        pytest.param("1" * 4300, id="as many digits as Python reads"),
        pytest.param("1" * 5000, id="more digits than Python reads"),
        pytest.param("1." + "1" * 1000, id="a fraction"),
    ],
)
def test_numbers_have_a_greatest_length(digits: str) -> None:
    length = len(digits.replace(".", ""))
    assert fault(digits).message == (
        f"Number value length ({length}) exceeds the maximum allowed"
        " (1000, from `StreamReadConstraints.getMaxNumberLength()`)"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 1001 + "]" * 1001, id="arrays"),
        pytest.param('{"a":' * 1001 + "1" + "}" * 1001, id="objects"),
        pytest.param("[" * 100_000, id="far too deep, and open"),
    ],
)
def test_documents_nest_at_most_a_thousand_deep(text: str) -> None:
    assert fault(text).message == (
        "Document nesting depth (1001) exceeds the maximum allowed"
        " (1000, from `StreamReadConstraints.getMaxNestingDepth()`)"
    )


def test_a_thousand_deep_is_read_and_written() -> None:
    text = '[{"b":"\\"x","a":' * 500 + "1.5" + "}]" * 500
    assert compact(parse_json(text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"a": [1, {"b": None}], "c": {}}, '{"a":[1,{"b":null}],"c":{}}', id="containers in containers"),
        pytest.param([[], {}, [[]]], "[[],{},[[]]]", id="empty containers"),
        pytest.param({'"é\n': ["{", "]", ","]}, '{"\\"é\\n":["{","]",","]}', id="texts that look like JSON"),
        pytest.param(
            [1e22, 1e-7, -0.0, True, 10**30], "[1.0E22,1.0E-7,-0.0,true,1" + "0" * 30 + "]", id="Java's floats"
        ),
        pytest.param(5, "5", id="no container"),
    ],
)
def test_where_the_stack_is_short_the_text_is_the_same(value: JSON, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_deep(_: JSON) -> str:
        raise RecursionError

    encode = writing._encode
    assert compact(value) == text
    monkeypatch.setattr(
        writing, "_encode", lambda part: too_deep(part) if isinstance(part, dict | list) else encode(part)
    )
    assert compact(value) == text
    assert utf8_size(value) == len(text.encode())


def test_where_the_stack_is_short_the_text_of_python_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_deep(_: JSON) -> str:
        raise RecursionError

    value = {"a": [1, {"b": None}, []], "c": {}, "é": ["x, y", 1.5]}
    text = '{"a": [1, {"b": null}, []], "c": {}, "é": ["x, y", 1.5]}'
    assert python_text(value) == text
    monkeypatch.setattr(writing, "_encode_spaced", too_deep)
    assert python_text(value) == text


def test_a_deep_document_is_written_where_little_of_the_stack_is_left() -> None:
    document: JSON = {"a": 1.5}
    for _ in range(900):
        document = [document, "b"]

    def at_depth(remaining: int) -> str:
        return at_depth(remaining - 1) if remaining else compact(document)

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 400)
    try:
        written = at_depth(100)
    finally:
        sys.setrecursionlimit(limit)
    assert written == "[" * 900 + '{"a":1.5}' + ',"b"]' * 900


def test_many_brackets_are_not_depth() -> None:
    text = f"[{','.join(['[]'] * 2000)}]"
    assert parse_json(text) == [[] for _ in range(2000)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param(True, "true", id="boolean"),
        pytest.param({"b": [1, 2], "a": {}}, '{"b":[1,2],"a":{}}', id="no spaces, keys in their order"),
        pytest.param('é😀\n"\\/', '"é😀\\n\\"\\\\/"', id="only what must be is escaped"),
        pytest.param([1.0, 0.1, -0.0, 100.5], "[1.0,0.1,-0.0,100.5]", id="floats alike in Python and Java"),
        pytest.param(1e22, "1.0E22", id="large float"),
        pytest.param([1e-7, "1e-7"], '[1.0E-7,"1e-7"]', id="strings that look like floats are left alone"),
        pytest.param({"k": 12345678.9}, '{"k":1.23456789E7}', id="Java turns to exponents at ten million"),
        pytest.param([0.00099, 0.001], "[9.9E-4,0.001]", id="and below a thousandth"),
        pytest.param(['"', 1e22, "\\"], '["\\"",1.0E22,"\\\\"]', id="quotes beside floats"),
    ],
)
def test_compact_text(value: JSON, text: str) -> None:
    assert compact(value) == text
    assert utf8_size(value) == len(text.encode())


# What Java 17's Double.toString gives.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e7, "1.0E7"),
        (9999999.5, "9999999.5"),
        (-12345678.0, "-1.2345678E7"),
        (1e16, "1.0E16"),
        (1.2345678901234568e17, "1.2345678901234568E17"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (2.2250738585072014e-308, "2.2250738585072014E-308"),
        (0.002, "0.002"),
        (100.0, "100.0"),
        (-0.0, "-0.0"),
    ],
    ids=str,
)
def test_a_float_is_printed_as_java_prints_it(value: float, text: str) -> None:
    assert java_float_text(value) == text
    assert compact(value) == text


def test_a_lone_surrogate_goes_out_as_a_question_mark() -> None:
    assert fit_for_utf8(compact({"a": "x\ud800"})) == '{"a":"x?"}'
    assert utf8_size("x\ud800") == 4
    assert fit_for_utf8(compact("é")) == '"é"'


@pytest.mark.parametrize("value", [float("nan"), float("inf")], ids=str)
def test_what_json_cannot_hold_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        compact(value)


@given(json_values)
def test_every_value_survives_the_way_out_and_in(value: JSON) -> None:
    read = parse_json(compact(value))
    assert read == value
    assert json.dumps(read) == json.dumps(value)
    assert utf8_size(value) == len(fit_for_utf8(compact(value)).encode())


@given(st.text() | st.text(alphabet='{}[]":,\\ \n019.-+eEtrufalsn'))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = parse_json(text)
    except JSONTextError:
        return
    assert value == json.loads(text)
