"""Why AWS refuses a text that is no Reference Path."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.json_paths import reference_path_fault


@pytest.mark.parametrize(
    "source",
    ["$", "$.a", "$.a['b'][0]", "$$.Execution.Id", "$$", "$name", "$name.a[0]", "$.a-b", "$.a[-1]", "$.a.length()"],
)
def test_a_reference_path_has_no_fault(source: str) -> None:
    assert reference_path_fault(source) is None


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        pytest.param("type", "Reference path didn't start with '$'", id="no dollar (recorded)"),
        pytest.param("", "Reference path didn't start with '$'", id="nothing"),
        pytest.param("@.a", "Reference path didn't start with '$'", id="the root of filters"),
        pytest.param("$.a[b]", "'[' must be followed by ' or '['", id="a bare word in brackets"),
        pytest.param("$.a[0:1]", "'[' must be followed by ' or '['", id="a slice"),
        pytest.param("$.a[?(@.b)]", "'[' must be followed by ' or '['", id="a filter"),
        pytest.param("$.a[0,1]", "'[' must be followed by ' or '['", id="several indices"),
        pytest.param("$['a','b']", "'[' must be followed by ' or '['", id="several names"),
        pytest.param("$.a.*", "'*' is not allowed", id="a wildcard"),
        pytest.param("$..a", "'.' must be followed by a field name", id="a deep scan"),
        pytest.param("$.a[(@.length-1)]", "'[' must be followed by ' or '['", id="a script"),
        pytest.param('$.a["b"]', "'[' must be followed by ' or '['", id="double quotes"),
        pytest.param("$.a[k.2]", "'[' must be followed by ' or '['", id="an index after a word"),
        pytest.param("$.", "'.' must be followed by a field name", id="no path at all"),
        pytest.param("$.a.", "'.' must be followed by a field name", id="a dot at the end"),
        pytest.param("$a b", "Invalid path $a b", id="a blank in a variable's name"),
    ],
)
def test_the_fault_is_told(source: str, fault: str) -> None:
    assert reference_path_fault(source) == f"Value is not a Reference Path: {fault}"
