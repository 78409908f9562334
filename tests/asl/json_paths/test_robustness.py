"""Nothing but a path's own errors comes out, whatever goes in, however deep it is."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.json_paths import (
    Path,
    PathNotFound,
    PathSyntaxError,
    compile_path,
    compile_result_path,
    reference_path_fault,
)

NAMES = st.sampled_from(["a", "b", "é", "x-y", ""])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
STEPS = [".a", "['b']", '["é"]', "[0]", "[-1]", "[1:]", "[:2]", "[0,1]", "['a','b']", ".*", "[*]", "..", "..a", "[?("]
CONDITIONS = [
    ")]",
    "@.a",
    " == ",
    " in ",
    " =~ ",
    " < ",
    " && ",
    "!",
    "'a'",
    "1",
    "1e9",
    "[1,'x']",
    "{}",
    "null",
    "/a*/",
]
SCRIPTS = [".length()", "[(@.length-1)]", "@.size()", "[k.2]", "[?]"]
SIGNS = ["$", "@", "(", ")", "[", "]", "\\", " ", "'"]
PIECES = st.sampled_from([*STEPS, *CONDITIONS, *SCRIPTS, *SIGNS])
SOURCES = st.text(max_size=12) | st.lists(PIECES, max_size=8).map("".join) | st.lists(PIECES, max_size=8).map("$".join)


def found_or_fault(path: Path, document: Any) -> None:
    text = None
    try:
        found = path.find(document)
    except PathNotFound as miss:
        text = miss.text
    except AslError as fault:
        assert document is None
        text = fault.cause
    else:
        assert path.definite or isinstance(found, list)
    assert text != ""


@settings(deadline=None)
@given(SOURCES, DOCUMENTS)
def test_any_text_on_any_document_ends_in_a_value_or_in_a_paths_own_error(source: str, document: Any) -> None:
    before = repr(document)
    path = None
    with suppress(PathSyntaxError):
        path = compile_path(source)
    if path is not None:
        found_or_fault(path, document)
    assert repr(document) == before


@settings(deadline=None)
@given(SOURCES, DOCUMENTS)
def test_any_write_gives_a_document_or_a_conflict_and_changes_nothing(source: str, document: Any) -> None:
    before = repr(document)
    try:
        write = compile_result_path(source)
    except PathSyntaxError:
        return
    try:
        written = write(document, "written")
    except AslError:
        pass
    else:
        assert compile_path(source).find(written) == "written"
    assert repr(document) == before


@settings(deadline=None)
@given(SOURCES)
def test_a_text_without_a_reference_path_fault_is_a_path(source: str) -> None:
    if reference_path_fault(source) is None:
        assert compile_path(source).is_reference_path


def nested(depth: int, *, within: str) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value} if within == "objects" else [value]
    return value


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("$" + ".a" * 5000, id="thousands of names"),
        pytest.param("$" + "[0]" * 5000, id="thousands of indices"),
        pytest.param("$" + ".*" * 5000, id="thousands of wildcards"),
        pytest.param("$" + "..a" * 2000, id="thousands of deep scans"),
        pytest.param("$..*", id="a scan of everything"),
        pytest.param("$..[?(@ == @)]", id="comparing everything"),
        pytest.param("$[?(" + "(" * 3000 + "@.a" + ")" * 3000 + ")]", id="thousands of parentheses"),
        pytest.param("$[?(@ == " + "[" * 3000 + "]" * 3000 + ")]", id="a literal thousands deep"),
        pytest.param("$[?(" + "@.a && " * 3000 + "@.b)]", id="thousands of conditions"),
        pytest.param("$[?(@ < 1e999999999)]", id="a number beyond all bounds"),
        pytest.param("$.x.y", id="a miss"),
        pytest.param("$[0].a", id="a miss that quotes the document"),
    ],
)
@pytest.mark.parametrize("within", ["objects", "arrays"])
def test_depth_is_no_danger(source: str, within: str) -> None:
    with suppress(PathSyntaxError):
        found_or_fault(compile_path(source), nested(1000, within=within))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(f"$[?({'@.a && ' * 3000}@.b)]", [{"a": 1, "b": 2}], id="conditions joined by &&"),
        pytest.param(f"$[?({'@.c || ' * 3000}@.b)]", [{"a": 1, "b": 2}], id="conditions joined by ||"),
        pytest.param(f"$[?({'@.a && @.b || ' * 1000}@.c)]", [{"a": 1, "b": 2}], id="groups of conditions"),
        pytest.param(f"$[?({'(' * 3000}@.a{')' * 3000})]", [{"a": 1}, {"a": 1, "b": 2}], id="parentheses"),
    ],
)
def test_a_condition_may_have_any_length(path: str, expected: Any) -> None:
    assert compile_path(path).find([{"a": 1}, {"a": 1, "b": 2}]) == expected


def conditions_in_groups(count: int) -> str:
    return f"$[?({'(' * 2 * count}@.a{' && @.a) || @.b)' * count})]"


def test_conditions_in_groups_in_groups() -> None:
    assert compile_path(conditions_in_groups(30)).find([{"a": 1}, {"c": 1}]) == [{"a": 1}]
    with pytest.raises(PathSyntaxError, match="StackOverflowError"):
        compile_path(conditions_in_groups(3_000))


def test_a_path_that_is_read_where_little_of_the_stack_is_left() -> None:
    def read(levels: int) -> None:
        if levels:
            read(levels - 1)
        else:
            compile_path("$" + "[?(@.b" * 90 + ")]" * 90)

    with pytest.raises(PathSyntaxError, match="StackOverflowError"):
        read(sys.getrecursionlimit() - 300)


def test_a_path_of_thousands_of_steps_takes_memory_in_its_length() -> None:
    path = compile_path("$" + "..a" * 20_000)

    assert path.steps[-1].fragment == "['a']"
    assert path.find({"b": 1}) == []


@pytest.mark.parametrize("path", ["$" + "[?(@.a" * 50_000 + ")]" * 50_000, "$[" * 200 + "]" * 200])
def test_brackets_in_brackets_are_refused_at_once(path: str) -> None:
    with pytest.raises(PathSyntaxError, match="StackOverflowError"):
        compile_path(path)
