"""Paths as definitions use them: roots, what is AWS's own, and what a compiled path tells of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.json_paths import PathNotFound, PathSyntaxError, compile_jayway_path, compile_path
from tests.asl.static_scope import StaticScope

SCOPE = StaticScope(variables={"total": {"sum": 7, "parts": [3, 4]}, "größe": 5}, context={"Execution": {"Id": "arn"}})


@pytest.mark.parametrize(
    ("source", "root", "variable", "found"),
    [
        pytest.param("$", "input", None, {"a": {"b": 1}}, id="the input itself"),
        pytest.param("$.a.b", "input", None, 1, id="within the input"),
        pytest.param("$$", "context", None, {"Execution": {"Id": "arn"}}, id="the context object itself"),
        pytest.param("$$.Execution.Id", "context", None, "arn", id="within the context object"),
        pytest.param("$$['Execution']['Id']", "context", None, "arn", id="within the context object, in brackets"),
        pytest.param("$total", "variable", "total", {"sum": 7, "parts": [3, 4]}, id="a variable itself"),
        pytest.param("$total.parts[1]", "variable", "total", 4, id="within a variable"),
        pytest.param("$total['sum']", "variable", "total", 7, id="within a variable, in brackets"),
        pytest.param("$größe", "variable", "größe", 5, id="a variable whose name is not ASCII"),
        pytest.param("$total.parts[*]", "variable", "total", [3, 4], id="many values of a variable"),
        pytest.param(
            "$total.parts[?(@ == $.sum)]", "variable", "total", [], id="$ within a filter is the variable's value"
        ),
    ],
)
def test_a_path_starts_from_its_root(source: str, root: str, variable: str | None, found: Any) -> None:
    path = compile_path(source)
    assert (path.root, path.variable) == (root, variable)
    assert path.evaluate({"a": {"b": 1}}, SCOPE) == found


def test_a_variable_without_a_value_is_not_found() -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_path("$missing.a").evaluate({}, SCOPE)
    assert caught.value.text == "No results for path: $missing"


@pytest.mark.parametrize(
    "source",
    ["$[*]", "$.items[*]", "$.items[1:]", "$.items[:1]", "$.item.items[1:5]", "$.items[*].itemValue", "$.a[?(@.b)]"],
)
def test_an_indefinite_path_whose_parent_is_missing_gives_an_empty_list(source: str) -> None:
    """Recorded from AWS."""
    assert compile_path(source).evaluate({}, SCOPE) == []


def test_an_indefinite_path_may_still_miss_what_it_needs() -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_path("$.items[0,1]").evaluate({"items": [1]}, SCOPE)
    assert caught.value.text == "Index out of bounds when evaluating path $['items'][1]"


def test_a_definite_path_that_leads_nowhere_is_not_found() -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_path("$.no.such.path").evaluate({}, SCOPE)
    assert (caught.value.text, caught.value.step) == ("Missing property in path $['no']", "no")


def test_the_bare_root_is_the_document_itself() -> None:
    path = compile_path("$")
    document = {"a": 1}
    assert path.steps == ()
    assert path.evaluate(document, SCOPE) is document


@pytest.mark.parametrize("source", ["$", "$.a", "$.a[*]", "$empty.a"])
def test_a_path_on_null_fails_the_state(source: str) -> None:
    with pytest.raises(AslError, match="Unable to apply Path transformation to null or empty input"):
        compile_path(source).evaluate(None, StaticScope(variables={"empty": None}))


def test_a_variable_that_holds_null_can_be_read() -> None:
    assert compile_path("$empty").evaluate({}, StaticScope(variables={"empty": None})) is None


@pytest.mark.parametrize(
    ("source", "definite", "reference"),
    [
        pytest.param("$.a['b'][0]", True, True, id="names and indices"),
        pytest.param("$.a[-1]", True, True, id="a negative index"),
        pytest.param("$['a','b']", True, False, id="several names at the end"),
        pytest.param("$['a','b'].c", True, False, id="several names on the way"),
        pytest.param("$[(@.length-1)]", True, False, id="the last element"),
        pytest.param("$[0,1]", False, False, id="several indices"),
        pytest.param("$[0:1]", False, False, id="a slice"),
        pytest.param("$.*", False, False, id="a wildcard"),
        pytest.param("$..a", False, False, id="a deep scan"),
        pytest.param("$[?(@.a)]", False, False, id="a filter"),
        pytest.param("$.a.length()", True, True, id="what looks like a function is a name"),
        pytest.param("$.a.@b", True, True, id="an operator within a name"),
        pytest.param("a.b", True, False, id="a text without a root"),
        pytest.param("@.a", True, False, id="the root of filters"),
    ],
)
def test_a_path_tells_what_it_can_lead_to(source: str, definite: bool, reference: bool) -> None:
    path = compile_path(source)
    assert (path.definite, path.is_reference_path) == (definite, reference)


@pytest.mark.parametrize("source", ["$$.a", "$total", "$total.a", "$$"])
def test_only_aws_knows_the_context_object_and_variables(source: str) -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path(source)
    assert caught.value.reason == f"Invalid path {source}"


@pytest.mark.parametrize("source", ["$1a", "$a-b", "$ a", "$*", "$é-", "$$$", "$$a"])
def test_what_is_no_variable_name_is_no_path(source: str) -> None:
    with pytest.raises(PathSyntaxError):
        compile_path(source)


def test_paths_are_compiled_once() -> None:
    assert compile_path("$.compiled.once") is compile_path("$.compiled.once")


def test_jsonpath_ng_is_imported_when_the_first_indefinite_path_is_compiled() -> None:
    script = (
        "import sys, json\n"
        "from pytest_sfn_sync.asl.json_paths import compile_path, compile_result_path\n"
        "compile_path('$.a[0]').find({'a': [1]}); compile_result_path('$.a')({}, 1)\n"
        "before = 'jsonpath_ng' in sys.modules\n"
        "compile_path('$.a[*]')\n"
        "print(json.dumps([before, 'jsonpath_ng' in sys.modules]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [False, True]
