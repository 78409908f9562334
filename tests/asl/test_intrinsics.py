from __future__ import annotations

import re
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.intrinsics import (
    STRING_INTRINSICS,
    IntrinsicSyntaxError,
    compile_intrinsic,
    intrinsic_name,
)
from pytest_sfn_sync.asl.intrinsics.intrinsic_functions import FUNCTIONS
from pytest_sfn_sync.asl.java.java_random import next_int
from tests.asl.static_scope import StaticScope

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def evaluate(source: str, document: JSON = None, **scope: Any) -> JSON:
    return compile_intrinsic(source, "value.$").evaluate(document, StaticScope(**scope))


def failure(source: str, document: JSON = None) -> str:
    with pytest.raises(AslError) as raised:
        evaluate(source, document)
    assert raised.value.error == "States.Runtime"
    assert raised.value.located is False
    assert raised.value.cause is not None
    return raised.value.cause


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param("States.Array()", [], id="no arguments"),
        pytest.param("States.Array( )", [], id="space for arguments"),
        pytest.param("States.Array(1, -2, 1.5, -0.5, 1e3)", [1, -2, 1.5, -0.5, 1000.0], id="numbers"),
        pytest.param("States.Array(null, true, false)", [None, True, False], id="constants"),
        pytest.param("States.Array('a', '')", ["a", ""], id="strings"),
        pytest.param("States.Array($, $.a, $.b[0])", [{"a": 1, "b": [2]}, 1, 2], id="paths"),
        pytest.param("States.Array($$.Execution.Name, $x.y)", ["run", 3], id="context object and variable"),
        pytest.param("States.Array(States.Array(1), States.Array())", [[1], []], id="nested calls"),
        pytest.param("States.Array(1,2)", [1, 2], id="no space after a comma"),
        pytest.param(" States.Array( 1 ,\n\t2 ) ", [1, 2], id="space anywhere around arguments"),
        pytest.param("States.Array($['b'][0] , 1)", [2, 1], id="bracket notation"),
    ],
)
def test_arguments(source: str, value: JSON) -> None:
    document = {"a": 1, "b": [2]}
    assert evaluate(source, document, context={"Execution": {"Name": "run"}}, variables={"x": {"y": 3}}) == value


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        pytest.param(r"'it\'s'", "it's", id="apostrophe"),
        pytest.param(r"'a\\b'", r"a\b", id="backslash"),
        pytest.param(r"'\{\}'", "{}", id="braces"),
        pytest.param("'{}'", "{}", id="braces as they are"),
        pytest.param("'a\nb'", "a\nb", id="real newline (recorded)"),
        pytest.param("""'{"k": "v", (1)}'""", '{"k": "v", (1)}', id="quotes, commas and brackets"),
        pytest.param("'é😀'", "é😀", id="any character"),
    ],
)
def test_string_literals(literal: str, text: str) -> None:
    assert evaluate(f"States.ArrayGetItem(States.Array({literal}), 0)") == text


@pytest.mark.parametrize(
    "source",
    [
        "States.UUID(",
        "States.UUID)",
        "States.UUID(,)",
        "States.UUID() trailing",
        "States.UUID($",
        r"""States.StringToJson('{"text":"An \"escaped\" text"}')""",
        r"""States.Format('He said, \"Hello, {}!\"', 'x')""",
        r"States.StringSplit('a\nb', '\n')",
        "States.Format('open",
        "States.Format('a' 'b')",
        "States.Array(1,)",
        "States.Array(1;2)",
        "States.Array(1.)",
        "States.Array(.5)",
        "States.Array(1e)",
        "States.Array(NaN)",
        "States.Array(TRUE)",
        'States.Array("a")',
        "States.Array(a)",
        "States.Array(" + "1" * 5000 + ")",
        "States.Array($.template $.name)",
        "States .Array()",
        "States.Array ()",
        "States.Default($.a, 1)",
        "states.array()",
        "States.ArrayLength",
        "",
        "plain text",
    ],
)
def test_malformed_calls_are_refused(source: str) -> None:
    with pytest.raises(IntrinsicSyntaxError):
        compile_intrinsic(source, "value.$")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("States.Format('a' 'b')", "',' or ')' is expected, at character 19 of: States.Format('a' 'b')"),
        ("States.UUID() x", "nothing may follow the call, at character 15 of: States.UUID() x"),
        (
            r"States.Format('\n')",
            r"the string is not closed, or has a '\' before another character than ' \ { }, at character 15 of:"
            r" States.Format('\n')",
        ),
        (
            f"States.Array(-{'1' * 1001})",
            f"the number has more than 1,000 digits, at character 14 of: States.Array(-{'1' * 1001})",
        ),
        (
            "States.Array(a)",
            "an argument is expected: a string in apostrophes, a number, null, true, false, a path or a call,"
            " at character 14 of: States.Array(a)",
        ),
        (
            "States.Default(1)",
            f"there is no intrinsic function States.Default; there are: {', '.join(FUNCTIONS)}",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(source: str, text: str) -> None:
    with pytest.raises(IntrinsicSyntaxError) as raised:
        compile_intrinsic(source, "value.$")
    assert raised.value.text == text


def test_calls_nest_ten_deep_and_no_deeper() -> None:
    assert evaluate("States.Array(" * 10 + ")" * 10) == [[[[[[[[[[]]]]]]]]]]
    with pytest.raises(IntrinsicSyntaxError, match="calls are nested more than 10 deep"):
        compile_intrinsic("States.Array(" * 11 + ")" * 11, "value.$")
    with pytest.raises(IntrinsicSyntaxError, match="calls are nested more than 10 deep"):
        compile_intrinsic("States.Array(" * 100_000, "value.$")


# What AWS was recorded or stated to answer; document values stand in for $.a, $.b and $.c.
@pytest.mark.parametrize(
    ("source", "document", "value"),
    [
        ("States.ArrayPartition($.a, 4)", {"a": [1, 2, 3, 4, 5]}, [[1, 2, 3, 4], [5]]),
        ("States.ArrayPartition($.a, 2.6)", {"a": [1, 2, 3]}, [[1, 2], [3]]),
        ("States.ArrayPartition($.a, 9)", {"a": [1]}, [[1]]),
        ("States.ArrayPartition($.a, 2)", {"a": []}, []),
        ("States.ArrayContains($.a, null)", {"a": []}, False),
        ("States.ArrayContains($.a, null)", {"a": [1, None]}, True),
        ("States.ArrayContains($.a, $.b)", {"a": [[1, 2, 3], 2], "b": [1, 2, 3]}, True),
        ("States.ArrayContains($.a, $.b)", {"a": [{"a": 1, "b": 2}], "b": {"b": 2, "a": 1}}, False),
        ("States.ArrayContains($.a, true)", {"a": ["true", "maybe"]}, True),
        ("States.ArrayContains($.a, 9007199254740991)", {"a": ["9007199254740991"]}, True),
        ("States.ArrayContains($.a, false)", {"a": [0, 1, -1.5]}, False),
        ("States.ArrayContains($.a, 1.5)", {"a": [1.5]}, True),
        ("States.ArrayRange(0, 10, 3)", None, [0, 3, 6, 9]),
        ("States.ArrayRange(1, 9, 9)", None, [1]),
        ("States.ArrayRange(5, 1, -2)", None, [5, 3, 1]),
        ("States.ArrayRange(3, 3, -1)", None, [3]),
        ("States.ArrayRange(1, 5, -1)", None, []),
        ("States.ArrayRange(5, 1, 1)", None, []),
        ("States.ArrayRange(5.4, -0.6, -2.4)", None, [5, 3, 1]),
        ("States.ArrayLength(States.ArrayRange(1, 1000, 1))", None, 1000),
        ("States.ArrayLength(States.ArrayRange(-1, -1000, -1))", None, 1000),
        ("States.ArrayGetItem($.a, 5)", {"a": [1, 2, 3, 4, 5, 6]}, 6),
        ("States.ArrayGetItem($.a, 1.2)", {"a": [1, 2]}, 2),
        ("States.ArrayGetItem($.a, 999)", {"a": []}, None),
        ("States.ArrayLength($.a)", {"a": [None, [], {}]}, 3),
        ("States.ArrayUnique($.a)", {"a": [True, False, True, False]}, [False, True]),
        ("States.ArrayUnique($.a)", {"a": [[1, 2], [1, 2], [2, 1]]}, [[2, 1], [1, 2]]),
        ("States.ArrayUnique($.a)", {"a": [1, 2, 2, 3, 3, 4]}, [1, 2, 3, 4]),
        ("States.ArrayUnique($.a)", {"a": [1, 1.0, "1", 1]}, [1, "1"]),
        ("States.ArrayUnique($.a)", {"a": [{"a": 1, "b": 2}, {"b": 2, "a": 1}]}, [{"a": 1, "b": 2}]),
        ("States.ArrayUnique($.a)", {"a": [None, None]}, [None]),
        ("States.Base64Encode('Data to encode')", None, "RGF0YSB0byBlbmNvZGU="),
        ("States.Base64Encode('')", None, ""),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", None, "Data to encode"),
        ("States.Base64Decode('RGF0 YSB0 \n byBlbmNvZGU')", None, "Data to encode"),
        ("States.Base64Decode('!!!YWJj!!!')", None, "abc"),
        ("States.Base64Decode('YQ==YQ')", None, "a"),
        ("States.Base64Decode('YWJjZ')", None, "abc"),
        ("States.Base64Decode('')", None, ""),
        ("States.Base64Decode('/w==')", None, "\ufffd"),
        ("States.Hash('input data', 'MD5')", None, "812f45842bc6d66ee14572ce20db8e86"),
        ("States.Hash('input data', 'SHA-1')", None, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        (
            "States.Hash('input data', 'SHA-256')",
            None,
            "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3",
        ),
        ("States.Hash(123, 'MD5')", None, "202cb962ac59075b964b07152d234b70"),
        ("States.Hash($, 'MD5')", {}, "99914b932bd37a50b983c5e7c90ae93b"),
        (
            "States.JsonMerge($.a, $.b, false)",
            {"a": {"a": {"a1": 1}, "b": 2, "d": 3}, "b": {"a": {"a3": 1}, "c": 3, "d": 4}},
            {"a": {"a3": 1}, "b": 2, "c": 3, "d": 4},
        ),
        ("States.JsonMerge($.a, $.b, 'deep')", {"a": {"x": {"y": 1}}, "b": {"x": None}}, {"x": None}),
        ("States.StringToJson('')", None, None),
        ("States.StringToJson(' ')", None, None),
        ("States.StringToJson('-0')", None, 0),
        ("States.StringToJson(' 1.1 ')", None, 1.1),
        ("States.StringToJson('null')", None, None),
        ("States.StringToJson($.a)", {"a": '{"b":[1]}'}, {"b": [1]}),
        ("""States.StringToJson('{"constant": "false"}')""", None, {"constant": "false"}),
        ("States.JsonToString(null)", None, "null"),
        ("States.JsonToString('HelloWorld')", None, '"HelloWorld"'),
        ("States.JsonToString($)", {"Arg1": 1, "Arg2": []}, '{"Arg1":1,"Arg2":[]}'),
        ("States.MathAdd(1.49, 1.5)", None, 3),
        ("States.MathAdd(1.5, 1.51)", None, 4),
        ("States.MathAdd(-1.5, 0)", None, -1),
        ("States.MathAdd(-1.51, 0)", None, -2),
        ("States.MathAdd(-0.5, 0.5)", None, 1),
        ("States.MathAdd(2.5, 0)", None, 3),
        ("States.MathAdd(-2.5, 0)", None, -2),
        ("States.MathAdd(0.49999999999999994, 0)", None, 0),
        ("States.MathAdd(-2147483648, 0)", None, -2147483648),
        ("States.MathAdd(1e309, 0)", None, 2147483647),
        ("States.StringSplit(', , ,', ',')", None, [" ", " "]),
        ("States.StringSplit(',,,,', ',')", None, []),
        ("States.StringSplit('This.is+a,test=string', '.+,=')", None, ["This", "is", "a", "test", "string"]),
        ("States.StringSplit('split on T and \nnew line', 'T\n')", None, ["split on ", " and ", "new line"]),
        ("States.StringSplit('a]b-c^d', ']-^')", None, ["a", "b", "c", "d"]),
        ("States.StringSplit('', ',')", None, []),
        ("States.StringSplit('ab', '')", None, ["ab"]),
        ("States.Format('{} {} {}', 'x', 2, true)", None, "x 2 true"),
        ("States.Format('{}', $)", {"Arg1": 1, "Arg2": [None, "x"]}, "{Arg1=1, Arg2=[null, x]}"),
        ("States.Format('{}|{}|{}', null, 1.1, '')", None, "null|1.1|"),
        ("States.Format('{}', 9007199254740993)", None, "9007199254740993"),
        ("States.Format('{}', $)", 1e22, "1.0E22"),
        (r"States.Format('\{{}\} it\'s \\ ', 1)", None, "{1} it's \\ "),
        ("States.Format('no placeholder')", None, "no placeholder"),
        ("States.Format($.t, 'Ann')", {"t": "Hi {}, C:\\temp"}, "Hi Ann, C:\\temp"),
        (r"States.Format($.t)", {"t": r"\{\}"}, "{}"),
        ("""States.Format('{}', States.StringToJson('"x"'))""", None, '"x"'),
        ("States.Format('{}', States.StringToJson('null'))", None, "null"),
        ("States.Format('{}', States.MathAdd(1, 2))", None, "3"),
        ("States.ArrayGetItem(States.StringSplit('x|y', '|'), 1)", None, "y"),
    ],
)
def test_functions(source: str, document: JSON, value: JSON) -> None:
    result = evaluate(source, document)
    assert result == value
    assert repr(result) == repr(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("States.MathRandom(1, 100, 42)", 63),
        ("States.MathRandom(1, 1000, 1)", 106),
        ("States.MathRandom(1, 1000, 2)", 806),
        ("States.MathRandom(1, 10, 42)", 9),
        ("States.MathRandom(1, 5, 42)", 3),
        ("States.MathRandom(1, 10, 0)", 7),
        ("States.MathRandom(1, 10, -10)", 1),
        ("States.MathRandom(-5, 5, 42)", -5),
        ("States.MathRandom(2147483640, 2147483647, 1)", 2147483644),
    ],
)
def test_seeded_random_numbers_are_javas(source: str, value: int) -> None:
    assert evaluate(source) == value


def test_random_numbers_come_from_the_executions_source() -> None:
    source = "States.MathRandom(12.5, 44.51)"
    drawn = [evaluate(source, random=Random(seed)) for seed in range(50)]
    assert drawn == [evaluate(source, random=Random(seed)) for seed in range(50)]
    assert min(drawn) >= 12
    assert max(drawn) < 44
    assert len(set(drawn)) > 10


@pytest.mark.parametrize("source", ["States.UUID()", "States.UUID( )", "States.UUID('x')", "States.UUID(1, null)"])
def test_a_uuid_is_of_version_4_whatever_the_arguments(source: str) -> None:
    assert all(re.fullmatch(UUID4, evaluate(source, random=Random(seed))) for seed in range(100))


@pytest.mark.parametrize(
    "call",
    [
        "States.ArrayRange('a', 5, 1)",
        "States.ArrayRange(1, 10, 0)",
        "States.ArrayRange(1, 10, 0.49)",
        "States.ArrayRange(1, 1001, 1)",
        "States.ArrayRange(1, 5)",
        "States.ArrayRange(1e309, 5, 1)",
        "States.ArrayGetItem('not-array', 0)",
        "States.ArrayGetItem(States.Array(1), 1)",
        "States.ArrayGetItem(States.Array(1), -1)",
        "States.ArrayGetItem(States.Array(1), '0')",
        "States.ArrayPartition(States.Array(1), 0.6)",
        "States.ArrayPartition(States.Array(1), -1)",
        "States.ArrayPartition(States.Array(1), null)",
        "States.ArrayContains('a', 'a')",
        "States.ArrayLength($)",
        "States.ArrayLength(true)",
        "States.ArrayUnique(1)",
        "States.MathAdd(2147483647, 1)",
        "States.MathAdd(3000000000, 1)",
        "States.Array(1e309)",
        "States.Format('{}', 1e309)",
        "States.JsonToString(-1e309)",
        "States.ArrayContains(States.Array(1), 1e400)",
        f"States.MathAdd({'9' * 400}, 1)",
        f"States.MathAdd(1, -{'9' * 400})",
        "States.MathAdd('a', 1)",
        "States.MathAdd(true, 1)",
        "States.MathAdd(null, 1)",
        "States.MathAdd(1)",
        "States.MathAdd(1, 2, 999)",
        "States.MathRandom(5, 5)",
        "States.MathRandom(5, 1)",
        "States.MathRandom(1.4, 1.6)",
        "States.MathRandom(1, 10, null)",
        "States.MathRandom('1', 10)",
        "States.MathRandom(1)",
        "States.MathRandom(1, 10, 3, 4)",
        "States.MathRandom(-2147483648, 2147483647)",
        "States.StringSplit(123, ',')",
        "States.StringSplit('a', null)",
        "States.StringToJson()",
        "States.StringToJson(1)",
        "States.Hash('a', 'sha-256')",
        "States.Hash('a', 'SHA256')",
        "States.Hash('a', '')",
        "States.Hash('a', 1)",
        "States.Hash('a')",
        "States.Base64Encode(1)",
        "States.Base64Encode()",
        "States.Base64Decode($)",
        "States.JsonMerge($, $, true)",
        "States.JsonMerge($, null, false)",
        "States.JsonMerge(States.Array(), $, false)",
        "States.JsonMerge($, $)",
        "States.Format()",
        "States.Format(1)",
        "States.Format('{}')",
        "States.Format('{}', 1, 2)",
    ],
)
def test_bad_arguments_fail_in_the_uniform_words(call: str) -> None:
    name = call.partition("(")[0]
    assert failure(call, {}) == (
        f"There was an error while evaluating the intrinsic function: {call}. Invalid arguments in {name}"
    )


@pytest.mark.parametrize("call", ["States.JsonToString()", "States.JsonToString(1, 2)"])
def test_a_wrong_number_of_arguments_of_json_to_string_has_words_of_its_own(call: str) -> None:
    assert failure(call) == (
        f"There was an error while evaluating the intrinsic function: {call}. "
        "Invalid arguments in States.JsonToString: only a single argument is allowed."
    )


@pytest.mark.parametrize(
    "call", ["States.Base64Encode($)", "States.Base64Decode($)", "States.Hash($, 'MD5')"], ids=lambda call: call[:17]
)
def test_texts_have_at_most_ten_thousand_characters(call: str) -> None:
    assert isinstance(evaluate(call, "a" * 10_000), str)
    assert "Invalid arguments in" in failure(call, "a" * 10_001)
    # Java counts UTF-16 units.
    assert "Invalid arguments in" in failure(call, "😀" * 5_001)


def test_base64_has_no_line_breaks() -> None:
    assert evaluate("States.Base64Encode($)", "a" * 9_999) == "YWFh" * 3_333


def test_a_nested_failure_quotes_the_outer_call_and_names_the_inner_function() -> None:
    call = "States.Format('{}', States.ArrayLength(States.JsonToString($.items)))"
    assert failure(call, {"items": []}) == (
        f"There was an error while evaluating the intrinsic function: {call}. Invalid arguments in States.ArrayLength"
    )


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("States.Format('Hello {', 1)", "matching '}' not found for '{'."),
        ("States.Format('Hello {{}}', 1)", "matching '}' not found for '{'."),
        ("States.Format('{0}', 1)", "matching '}' not found for '{'."),
        ("States.Format('}')", "matching '{' not found for '}'."),
        ("States.Format('{}}', 1)", "matching '{' not found for '}'."),
    ],
)
def test_a_template_with_a_lone_brace_fails_in_words_of_its_own(call: str, fault: str) -> None:
    assert failure(call) == (
        f"There was an error while evaluating the intrinsic function: {call}."
        f" Invalid template in States.Format: {fault}"
    )


def test_malformed_json_fails_with_jacksons_words() -> None:
    assert failure("States.StringToJson($.json)", {"json": "{bad json}"}) == (
        "There was an error while evaluating the intrinsic function: States.StringToJson($.json). Cannot convert String"
        " to Json in States.StringToJson, caused by: Unexpected character ('b' (code 98)): was expecting double-quote"
        " to start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled);"
        " line: 1, column: 2]"
    )


@pytest.mark.parametrize(
    ("call", "path"),
    [
        ("States.StringToJson($.missing)", "$.missing"),
        ("States.Array(1, States.ArrayLength($.a.b))", "$.a.b"),
        ("States.Format('{}', $unassigned)", "$unassigned"),
        ("States.UUID($$.Nothing)", "$$.Nothing"),
    ],
)
def test_a_path_argument_that_finds_nothing(call: str, path: str) -> None:
    assert failure(call, {"x": "é"}) == (
        f"The function '{call}' had the following error: The JsonPath argument for the field '{path}'"
        """ could not be found in the input '{"x":"é"}'"""
    )


def test_an_indefinite_path_that_finds_nothing_is_an_empty_array() -> None:
    assert evaluate("States.ArrayLength($.items[*])", {}) == 0


def test_an_index_into_something_else_lets_jayways_words_through() -> None:
    cause = failure("States.Array($.a[0])", {"a": 1})
    assert cause.startswith(
        "The function 'States.Array($.a[0])' had the following error: Filter: [0] can only be applied"
    )


def test_filters_may_hold_brackets_quotes_and_regular_expressions() -> None:
    document = {"items": [{"n": "a)b", "v": 1}, {"n": ["c"], "v": 2}, {"n": "(d)", "v": 3}]}
    assert evaluate("States.Array($.items[?(@.n == 'a)b')].v)", document) == [[1]]
    assert evaluate("States.Array($.items[1][?(@.n[0] == 'c')].v, 0)", document) == [[2], 0]
    assert evaluate(r"States.Array($.items[?(@.n =~ /[(]d[)]/)].v)", document) == [[3]]


def test_documents_are_not_changed() -> None:
    document = {"a": [3, 1], "o": {"x": 1}}
    for source in ("States.ArrayUnique($.a)", "States.JsonMerge($.o, $.o, false)", "States.Array($.a)"):
        evaluate(source, document)
    assert document == {"a": [3, 1], "o": {"x": 1}}


def test_the_table_has_all_eighteen_functions() -> None:
    assert len(FUNCTIONS) == 18
    assert FUNCTIONS.keys() >= STRING_INTRINSICS
    assert len(STRING_INTRINSICS) == 7


def test_the_name_of_a_call() -> None:
    assert intrinsic_name("States.Format('{}', States.UUID())") == "States.Format"
    with pytest.raises(IntrinsicSyntaxError):
        intrinsic_name("$.a")


def test_java_random_numbers() -> None:
    assert next_int(7, 1 << 20) == 766193
    assert next_int(-99, 2_000_000_000) == 595633111
    assert next_int(3, (1 << 30) + 1) == 152454210


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=10,
)


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(json_values, max_size=4))
def test_no_argument_raises_anything_but_an_asl_error(name: str, values: list[JSON]) -> None:
    paths = ", ".join(f"$.v[{index}]" for index in range(len(values)))
    with suppress(AslError):
        evaluate(f"{name}({paths})", {"v": values})


@given(st.text() | st.text(alphabet="States.Array()'$,\\{}[]? 1-e\"/").map(lambda text: f"States.Array({text}"))
def test_no_text_raises_anything_but_a_syntax_error(text: str) -> None:
    with suppress(IntrinsicSyntaxError):
        compile_intrinsic(text, "value.$")
