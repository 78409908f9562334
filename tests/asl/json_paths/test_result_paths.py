"""Writing a result into the raw input."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_sfn_sync.asl.error_names import STATES_REFERENCE_PATH_CONFLICT, AslError
from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_result_path


@pytest.mark.parametrize(
    ("source", "raw_input", "written"),
    [
        pytest.param("$", {"a": 1}, "R", id="the root gives the result itself"),
        pytest.param("$", None, "R", id="the root, whatever the input"),
        pytest.param("$.r", {"a": 1}, {"a": 1, "r": "R"}, id="a new member comes last"),
        pytest.param(
            "$.a", {"a": {"x": 1}, "b": 2}, {"a": "R", "b": 2}, id="a member is replaced in its place, not merged"
        ),
        pytest.param("$['a b']", {}, {"a b": "R"}, id="a quoted name"),
        pytest.param("$.a.b.c", {}, {"a": {"b": {"c": "R"}}}, id="missing parents are created as objects"),
        pytest.param("$.a.b", {"a": {"x": 1}}, {"a": {"x": 1, "b": "R"}}, id="a parent that is there is kept"),
        pytest.param("$.a[1]", {"a": [1, 2, 3]}, {"a": [1, "R", 3]}, id="an element is replaced"),
        pytest.param("$.a[1].b", {"a": [1, {"c": 2}]}, {"a": [1, {"c": 2, "b": "R"}]}, id="within an element"),
        pytest.param("$[0]", [1], ["R"], id="an element of the input itself"),
    ],
)
def test_a_result_is_put_at_its_path(source: str, raw_input: Any, written: Any) -> None:
    before = copy.deepcopy(raw_input)
    result = compile_result_path(source)(raw_input, "R")
    assert result == written
    assert raw_input == before
    if isinstance(written, dict):
        assert list(result) == list(written)


def test_all_but_the_spine_is_shared() -> None:
    raw_input: dict[str, Any] = {"beside": {"x": 1}, "on": {"beside": [1], "way": {}}}
    result = {"result": 1}
    written = compile_result_path("$.on.way.here")(raw_input, result)
    assert written["beside"] is raw_input["beside"]
    assert written["on"]["beside"] is raw_input["on"]["beside"]
    assert written["on"]["way"]["here"] is result


def test_created_parents_are_new_each_time() -> None:
    write = compile_result_path("$.a.b")
    assert write({}, 1) == {"a": {"b": 1}}
    assert write({}, 2) == {"a": {"b": 2}}
    assert compile_result_path("$.a.c")({}, 3) == {"a": {"c": 3}}


@pytest.mark.parametrize(
    ("source", "raw_input", "cause"),
    [
        pytest.param("$.r", [1, "é"], 'Unable to apply step "r" to input [1,"é"]', id="a name of an array"),
        pytest.param("$.r", "text", 'Unable to apply step "r" to input "text"', id="a name of a string"),
        pytest.param("$.r", None, 'Unable to apply step "r" to input null', id="a name of null"),
        pytest.param("$.a.r", {"a": 5}, 'Unable to apply step "r" to input {"a":5}', id="a name of a number within"),
        pytest.param(
            "$.a.b.r", {"a": None}, 'Unable to apply step "b" to input {"a":null}', id="the first step that fails"
        ),
        pytest.param("$.a[2]", {"a": [1]}, 'Unable to apply step "2" to input {"a":[1]}', id="an index past the end"),
        pytest.param("$.a[-1]", {"a": [1]}, 'Unable to apply step "-1" to input {"a":[1]}', id="a negative index"),
        pytest.param("$.a[0]", {"a": {}}, 'Unable to apply step "0" to input {"a":{}}', id="an index of an object"),
        pytest.param("$.a[0]", {}, 'Unable to apply step "0" to input {}', id="an index of what is missing"),
    ],
)
def test_a_step_that_cannot_apply_is_a_reference_path_conflict(source: str, raw_input: Any, cause: str) -> None:
    with pytest.raises(AslError) as caught:
        compile_result_path(source)(raw_input, 1)
    assert (caught.value.error, caught.value.cause, caught.value.located) == (
        STATES_REFERENCE_PATH_CONFLICT,
        cause,
        False,
    )


@pytest.mark.parametrize(
    "source", ["", "a", "@.a", "$$", "$$.a", "$name", "$name.a", "$.a[*]", "$..a", "$['a','b']", "$.a[(@.length-1)]"]
)
def test_what_is_no_result_path_is_rejected(source: str) -> None:
    with pytest.raises(PathSyntaxError):
        compile_result_path(source)
