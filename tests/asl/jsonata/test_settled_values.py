"""Values of the engine's results become AWS's: their numbers, and NaN where none was expected."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import EngineFault
from pytest_sfn_sync.asl.jsonata.settled_values import holds_null, settled
from pytest_sfn_sync.asl.work_budget import WorkBudget, WorkLimitError


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
    found = settled({"t": kind, "v": value}, "x", WorkBudget())

    assert found == (kind, expected)
    assert repr(found[1]) == repr(expected)


def test_nan_is_a_fault() -> None:
    with pytest.raises(EngineFault, match="Number out of range: NaN"):
        settled({"t": "object", "v": None}, "x", WorkBudget())


def test_functions_and_undefined_have_no_value() -> None:
    assert settled({}, "x", WorkBudget()) == (None, None)
    assert settled({"t": "function"}, "x", WorkBudget()) == ("function", None)
    assert settled({"t": "array", "v": [1], "f": True}, "x", WorkBudget()) == ("function", None)


def test_null_is_found_at_any_depth() -> None:
    assert holds_null([{"a": [None]}])
    assert not holds_null([{"a": [0, "", False, []]}])


@pytest.mark.parametrize(
    ("kind", "value", "steps"),
    [
        pytest.param("array", [[1] * 2_000, 2], 40_040, id="the values of a large array"),
        pytest.param("string", "x" * 2_000, 500, id="the characters of a long text"),
        pytest.param("object", {"a": [1] * 900}, 0, id="nothing of a small value"),
    ],
)
def test_large_values_are_work(kind: str, value: JSON, steps: int) -> None:
    work = WorkBudget()
    settled({"t": kind, "v": value}, "x", work)
    assert work.most - work.left == steps


def test_a_value_may_be_too_large_for_what_is_left() -> None:
    with pytest.raises(WorkLimitError, match="the expression 'made' takes more than 100 steps"):
        settled({"t": "array", "v": [1] * 2_000}, "made", WorkBudget(1_000))
