"""Whatever the text and the input are: only diagnostics at compilation, only ASL errors at evaluation."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.jsonata.direct_paths import direct_path
from pytest_sfn_sync.asl.jsonata.queries import compile_query
from pytest_sfn_sync.asl.jsonata.syntax import parse
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled, diagnosed
from tests.asl.jsonata.test_dialect import VALUES

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

names = st.sampled_from(["a", "b", "`c d`", "and", "function"])
numbers = st.one_of(
    st.integers(-(2**53), 2**53),
    st.floats(-(2.0**53), 2.0**53, allow_subnormal=False),
    st.sampled_from([1e300, -1e308, 1.5e-300]),
)
documents = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b", "c d"]), inner, max_size=3)
    ),
    max_leaves=8,
)
_PIECES = (
    "$states.input $x $ $$ a `bc` 1 2.5 's' \"t\" true null /r/ $sum $string $map function($v){ } ( ) [ ] { : , ; . .."
    " ? ?? ?: + - * / % & = < > != := ~> and or in ^( @$i #$j | ** /* */ <n:n>"
)
PIECES = (*_PIECES.split(), " ")
operands = st.sampled_from(
    ["$states.input", "$states.input.a", "$states.input.b[0]", "$x", "1", "0", "'s'", "null", "[]", "{'a': 1}"]
)
expressions = st.recursive(
    operands,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "%", "&", "=", "<", "in"]), inner),
        st.builds("{}({})".format, st.sampled_from(["$string", "$sum", "$count", "$keys", "$parse", "$type"]), inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{'k': {}}}".format, inner),
        st.builds("$map({}, function($v){{$v & {}}})".format, inner, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("$partition({}, {})".format, inner, inner),
        st.builds("({}).(a & {})".format, inner, inner),
    ),
    max_leaves=6,
)


@quick
@given(text=st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
def test_no_text_makes_compilation_raise_anything_but_diagnostics(text: str) -> None:
    diagnosed({"a": ["{%" + text + "%}", text]})


@quick
@given(text=st.lists(st.sampled_from(PIECES), max_size=12).map("".join), document=documents)
def test_no_text_makes_evaluation_raise_anything_but_asl_errors(text: str, document: JSON) -> None:
    expression, found = diagnosed("{%" + text + "%}")

    if not found:
        evaluate_quietly(expression, document)


@quick
@given(text=expressions, document=documents)
def test_no_input_makes_evaluation_raise_anything_but_asl_errors(text: str, document: JSON) -> None:
    value = evaluate_quietly(compiled("{%" + text + "%}"), document)

    json.dumps(value, allow_nan=False)


@quick
@given(name=st.sampled_from(sorted(VALUES)), document=documents)
def test_expressions_of_the_dialect_on_any_input(name: str, document: JSON) -> None:
    evaluate_quietly(compiled("{%" + VALUES[name][0] + "%}"), document)


@quick
@given(text=expressions)
def test_every_expression_that_the_engine_accepts_is_understood(text: str) -> None:
    parse(text)


@quick
@given(
    root=st.sampled_from(["$states.input", "$x"]),
    steps=st.lists(st.sampled_from(["a", "b", "`c d`"]), max_size=3),
    document=documents,
)
def test_direct_paths_give_what_the_engine_gives(root: str, steps: list[str], document: JSON) -> None:
    text = ".".join([root, *steps])
    find = direct_path(parse(text))
    assert find is not None
    scope = QueryScope(variables={"x": document})

    direct = find({"input": document}, scope)

    if direct is not MISSING:
        kind, value = compile_query(text).evaluate({"input": document}, scope)
        assert kind is not None
        assert value == direct


def evaluate_quietly(expression: Any, document: JSON) -> JSON:
    with contextlib.suppress(AslError):
        return expression.evaluate({"input": document}, QueryScope(variables={"x": document}))
    return None
