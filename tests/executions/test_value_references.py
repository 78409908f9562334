"""What an expression reads, as its text shows: the one place whose value it passes on, or all that it computes from."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.executions.value_references import (
    Evaluation,
    Reference,
    evaluation_of_path,
    evaluation_of_query,
    references_in,
)
from pytest_sfn_sync.tasks.differences import Keys


def passes(root: Any, keys: Keys, name: str = "") -> tuple[Any, ...]:
    return root, keys, name


@pytest.mark.parametrize(
    ("text", "passed", "read"),
    [
        pytest.param("$.a[0].b", passes("document", ("a", 0, "b", "z")), ["$.a[0].b"], id="a path"),
        pytest.param("$", passes("document", ("z",)), ["$"], id="the whole document"),
        pytest.param("$$.Execution.Id", passes("context", ("Execution", "Id", "z")), ["$$.Execution.Id"], id="context"),
        pytest.param("$rate.x", passes("variable", ("x", "z"), "rate"), ["$rate.x"], id="a variable"),
        pytest.param("$.a[*].b", None, ["$.a[*].b"], id="a wildcard"),
        pytest.param("$.a[(@.length-1)]", None, ["$.a[(@.length-1)]"], id="an index from the end"),
        pytest.param("States.Format('{}', $.n, $rate)", None, ["$.n", "$rate"], id="an intrinsic function"),
        pytest.param("States.UUID()", None, [], id="a function without arguments"),
        pytest.param("nonsense", None, [], id="neither a path nor a call"),
        pytest.param("$.[", None, [], id="a path that can't be read"),
        pytest.param(7, None, [], id="no text"),
    ],
)
def test_a_path_or_a_call(text: Any, passed: Any, read: list[str]) -> None:
    evaluation = evaluation_of_path(text, ("z",))

    assert_reads(evaluation, passed, read)


@pytest.mark.parametrize(
    ("query", "rest", "passed", "read"),
    [
        pytest.param("$states.input.a.b", ("z",), passes("input", ("a", "b", "z")), None, id="a path"),
        pytest.param("$states.input[0][1].a", (), passes("input", (0, 1, "a")), None, id="indices"),
        pytest.param("$states.result.`a b`[2]", (), passes("result", ("a b", 2)), None, id="a quoted name"),
        pytest.param("$states.errorOutput.Cause", (), passes("errorOutput", ("Cause",)), None, id="an error"),
        pytest.param("$rate.x", (), passes("variable", ("x",), "rate"), None, id="a variable"),
        pytest.param("($states.input.a)", (), passes("input", ("a",)), ["$states.input.a"], id="parentheses"),
        pytest.param(
            "{'a': $states.input.x, 'b': 1}", ("a", 0), passes("input", ("x", 0)), ["$states.input.x"], id="a member"
        ),
        pytest.param("{'a': $states.input.x, 'b': 1}", ("b",), None, [], id="a literal member"),
        pytest.param("{'a': $states.input.x, 'b': $y}", (), None, ["$states.input.x", "$y"], id="the whole object"),
        pytest.param("{$k: $states.input.x}", ("a",), None, ["$k", "$states.input.x"], id="a name that is computed"),
        pytest.param(
            "$merge([$states.input, {'a': $states.result}])",
            ("a", "b"),
            passes("result", ("b",)),
            ["$states.result"],
            id="what $merge adds",
        ),
        pytest.param(
            "$merge([$states.input, {'a': $states.result}])",
            ("b",),
            passes("input", ("b",)),
            ["$states.input"],
            id="what $merge keeps",
        ),
        pytest.param(
            "$merge([{'a': $y}, $states.input])",
            ("a",),
            None,
            ["$y", "$states.input"],
            id="$merge, last unknown",
        ),
        pytest.param(
            "$merge([$x, $states.input, {'a': 1}])", ("b",), None, ["$x", "$states.input"], id="$merge of three"
        ),
        pytest.param("$states.input[a = 1].b", (), None, ["$states.input"], id="a filter before a step"),
        pytest.param("$states.input.(a).b", (), None, ["$states.input"], id="a step that is no name"),
        pytest.param(
            "$sum($states.input.list.n) * $rate", (), None, ["$states.input.list.n", "$rate"], id="computed, in order"
        ),
        pytest.param("$states.input.list[id = $k].n", (), None, ["$states.input.list", "$k"], id="a filter"),
        pytest.param("($x := $states.input.n; $x * 2)", (), None, ["$states.input.n"], id="a variable of its own"),
        pytest.param("$map($y, function($v) { $v.id })", (), None, ["$y"], id="a parameter of a function"),
        pytest.param("1 + 1", (), None, [], id="nothing"),
        pytest.param("$$.a", (), None, [], id="no reference that AWS has"),
        pytest.param("{{", (), None, [], id="what can't be read"),
    ],
)
def test_a_query(query: str, rest: Keys, passed: Any, read: list[str] | None) -> None:
    evaluation = evaluation_of_query(f"{{% {query} %}}", rest)

    assert_reads(evaluation, passed, [query] if read is None else read)


def assert_reads(evaluation: Evaluation, passed: Any, read: list[str]) -> None:
    found = evaluation.passed
    assert (None if found is None else (found.root, found.keys, found.name)) == passed
    assert [reference.text for reference in evaluation.read] == read


@pytest.mark.parametrize(
    ("template", "is_jsonata", "read"),
    [
        pytest.param({"a.$": "$.b", "c": [{"d.$": "$.e"}], "f": "$.g"}, False, ["$.b", "$.e"], id="JSONPath"),
        pytest.param(
            {"a": "{% $states.input.b %}", "c": ["{% $d %}", 1]}, True, ["$states.input.b", "$d"], id="JSONata"
        ),
        pytest.param({"a": "{% $d %}"}, False, [], id="a text that is no expression in JSONPath"),
        pytest.param({"a.$": "$.b"}, True, [], id="a text that is no path in JSONata"),
    ],
)
def test_a_template(template: Any, is_jsonata: bool, read: list[str]) -> None:
    assert [reference.text for reference in references_in(template, is_jsonata=is_jsonata)] == read


def test_a_path_that_can_not_be_followed_is_followed_as_far_as_possible() -> None:
    assert evaluation_of_path("$.a.b[*].c").read == (Reference("document", ("a", "b"), "$.a.b[*].c"),)
