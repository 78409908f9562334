"""Intrinsic functions over large values take time in their size, and their work is counted."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.intrinsics import compile_intrinsic
from pytest_sfn_sync.asl.work_budget import WorkBudget, WorkLimitError
from tests.asl.machines import run, start_at
from tests.asl.static_scope import StaticScope


def work_of(source: str, document: JSON) -> int:
    """Return the steps that a call takes."""
    scope = StaticScope()
    compile_intrinsic(source, "value.$").evaluate(document, scope)
    return scope.work.most - scope.work.left


def nested(depth: int) -> JSON:
    value: JSON = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("source", "steps"),
    [
        pytest.param("States.ArrayContains($.numbers, 9999)", 9_722, id="the texts that are compared"),
        pytest.param("States.ArrayUnique($.numbers)", 10_000, id="the values that are told apart"),
        pytest.param("States.ArrayUnique($.texts)", 20_020, id="their characters"),
        pytest.param("States.ArrayPartition($.numbers, 10)", 10_000, id="items"),
        pytest.param("States.JsonMerge($, $, false)", 3, id="members"),
        pytest.param("States.JsonToString($.numbers)", 12_222, id="the text of an array"),
        pytest.param(
            "States.Format('{} {}', $.text, $.numbers)", 61_388, id="the texts that a template is filled with"
        ),
        pytest.param("States.Hash($.text, 'MD5')", 2_500, id="the text that is hashed"),
        pytest.param("States.StringSplit($.text, 'x')", 10_000, id="the text that is split"),
        pytest.param("States.StringToJson($.json)", 10_002, id="the text that is read"),
        pytest.param("States.ArrayLength($.numbers)", 0, id="the length of an array"),
        pytest.param("States.Format('Hello, {}', $.short)", 0, id="a short text"),
    ],
)
def test_work_is_counted(source: str, steps: int) -> None:
    document: JSON = {"numbers": list(range(10_000)), "text": "x" * 10_000, "short": "x" * 90}
    document.update(texts=[f"{'x' * 1_000}{n}" for n in range(20)], json=f'"{"x" * 10_000}"')
    document = {key: value for key, value in document.items() if f"$.{key}" in source} or {"a": 1, "b": 2, "c": 3}

    assert abs(work_of(source, document) - steps) <= 300


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("States.JsonToString(States.Array({}))", id="JSON"),
        pytest.param("States.Format('{{}}', States.Array({}))", id="Java's text"),
        pytest.param("States.Hash(States.Array({}), 'MD5')", id="a hash"),
        pytest.param("States.ArrayContains(States.Array({}), 1)", id="a search"),
        pytest.param("States.JsonToString(States.Array(States.Array({})))", id="an array in an array"),
    ],
)
@pytest.mark.parametrize("document", [["x" * 200_000], "x" * 200_000, {"a": list(range(20_000))}])
def test_a_document_that_is_repeated_without_end_is_not_written(source: str, document: JSON) -> None:
    state = {"Type": "Pass", "Parameters": {"text.$": source.format(",".join(["$"] * 5_000))}}
    with pytest.raises(WorkLimitError, match=r"of the field 'text\.\$' takes more than 5,000,000 steps of work"):
        run(start_at(("Write", state)), document)


def test_the_function_is_named() -> None:
    scope = StaticScope(work=WorkBudget(1_000))
    with pytest.raises(WorkLimitError) as raised:
        compile_intrinsic("States.StringSplit($, ',')", "parts.$").evaluate("a,b" * 100, scope)

    assert str(raised.value).startswith(
        "the expression 'States.StringSplit' of the field 'parts.$' takes more than 100 steps of work, a tenth of the "
    )


def test_a_template_with_thousands_of_copies_of_a_text_ends() -> None:
    fields = {f"copy{n}.$": "States.JsonToString($)" for n in range(10_000)}
    with pytest.raises(WorkLimitError, match="used up the 50,000,000 steps"):
        run(start_at(("Copy", {"Type": "Pass", "Parameters": fields})), "x" * 200_000)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param("States.ArrayUnique(States.Array($, $))", [nested(990)], id="ArrayUnique"),
        pytest.param("States.ArrayContains(States.Array($), $)", True, id="ArrayContains"),
        pytest.param("States.JsonToString($)", "[" * 990 + "]" * 990, id="JsonToString"),
        pytest.param("States.Format('{}', $)", "[" * 990 + "]" * 990, id="Format"),
    ],
)
def test_deep_values_are_values_like_others(source: str, value: JSON) -> None:
    found = compile_intrinsic(source, "value.$").evaluate(nested(990), StaticScope())

    assert type(found) is type(value)
    assert type(value) is list or found == value


def test_texts_of_the_same_hash_code_are_told_apart_in_linear_time() -> None:
    texts = ["".join("Aa" if n >> bit & 1 else "BB" for bit in range(13)) for n in range(8_192)]

    assert sorted(
        run(
            start_at(("Unique", {"Type": "Pass", "Parameters": {"u.$": "States.ArrayUnique($)"}})), texts + texts
        ).output["u"]
    ) == sorted(texts)
