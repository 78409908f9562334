"""Values of the engine's results become AWS's: their numbers, and NaN where none was expected."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import EngineFault
from pytest_sfn_sync.asl.jsonata.settled_values import holds_null, settled


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        pytest.param("number", 2**60 + 1, 1152921504606847000, id="a number past 2^53"),
        pytest.param("number", 10**25, 1e25, id="a number past a long"),
        pytest.param("array", [1, [2**60 + 1]], [1, [1152921504606847000]], id="numbers in arrays"),
        pytest.param("object", {"a": {"b": 10**25}}, {"a": {"b": 1e25}}, id="numbers in objects"),
        pytest.param("null", None, None, id="null"),
    ],
)
def test_numbers_have_the_digits_of_aws(kind: str, value: JSON, expected: JSON) -> None:
    found = settled({"t": kind, "v": value})

    assert found == (kind, expected)
    assert repr(found[1]) == repr(expected)


def test_nan_is_a_fault() -> None:
    with pytest.raises(EngineFault, match="Number out of range: NaN"):
        settled({"t": "object", "v": None})


def test_functions_and_undefined_have_no_value() -> None:
    assert settled({}) == (None, None)
    assert settled({"t": "function"}) == ("function", None)
    assert settled({"t": "array", "v": [1], "f": True}) == ("function", None)


def test_null_is_found_at_any_depth() -> None:
    assert holds_null([{"a": [None]}])
    assert not holds_null([{"a": [0, "", False, []]}])
