"""Values and the shapes that they must have: results of mocks, and the parameters of a request."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.tasks.integrations.java_names import optimized_member
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.integrations.shapes import (
    MODES,
    NONE,
    PRESENT,
    STRICT,
    ShapeFault,
    check_result,
    misspelt_member,
)

RAW: dict[str, Any] = {
    "Order": {
        "type": "structure",
        "required": ["Id"],
        "members": {
            "Id": {"shape": "Id"},
            "State": {"shape": "State"},
            "Count": {"shape": "Count"},
            "Paid": {"shape": "Paid"},
            "Lines": {"shape": "Lines"},
            "Tags": {"shape": "Tags"},
            "Anything": {"shape": "Anything"},
        },
    },
    "Line": {
        "type": "structure",
        "required": ["Sku"],
        "members": {"Sku": {"shape": "Id"}, "Count": {"shape": "Count"}},
    },
    "Lines": {"type": "list", "member": {"shape": "Line"}, "max": 2},
    "Tags": {"type": "map", "value": {"shape": "Id"}},
    "Id": {"type": "string", "min": 2, "max": 4},
    "State": {"type": "string", "enum": ["OPEN", "PAID"]},
    "Count": {"type": "integer", "min": 1, "max": 9},
    "Paid": {"type": "boolean"},
    "Anything": {"type": "structure", "document": True, "members": {}},
}
ORDER = Shape("Order", RAW, optimized_member, {})
FIT = {"Id": "o-1", "State": "OPEN", "Count": 9, "Lines": [{"Sku": "ab"}], "Tags": {"a": "xy"}, "Anything": [1]}


@pytest.mark.parametrize(
    ("given", "path", "message", "expected"),
    [
        pytest.param({"Id": 5}, "$.Id", "Field 'Id' must be a string", "a string", id="a number for a text"),
        pytest.param({"Count": "5"}, "$.Count", "Field 'Count' must be a number", "a number", id="a text for a number"),
        pytest.param({"Count": True}, "$.Count", "Field 'Count' must be a number", "a number", id="a boolean is none"),
        pytest.param({"Paid": 1}, "$.Paid", "Field 'Paid' must be a boolean", "a boolean", id="a number for a boolean"),
        pytest.param({"Lines": {}}, "$.Lines", "Field 'Lines' must be an array", "an array", id="an object for a list"),
        pytest.param({"Tags": []}, "$.Tags", "Field 'Tags' must be an object", "an object", id="a list for a map"),
        pytest.param(
            {"State": "LOST"}, "$.State", "Field 'State' is not an expected value", "one of OPEN, PAID", id="an enum"
        ),
        pytest.param(
            {"Count": 0}, "$.Count", "Field 'Count' is less than the minimum value", "1 or more", id="too small"
        ),
        pytest.param({"Count": 10}, "$.Count", "Field 'Count' exceeds the maximum value", "9 or less", id="too large"),
        pytest.param(
            {"Id": "o"},
            "$.Id",
            "Field 'Id' is smaller than the minimum length",
            "a length of 2 or more",
            id="too short",
        ),
        pytest.param(
            {"Id": "o-1-1"}, "$.Id", "Field 'Id' exceeds the maximum length", "a length of 4 or less", id="too long"
        ),
        pytest.param(
            {"Lines": [{}, {}, {}]},
            "$.Lines",
            "Field 'Lines' exceeds the maximum length",
            "a length of 2 or less",
            id="too many",
        ),
        pytest.param(
            {"Lines": [{"Sku": "ab"}, {"Sku": 1}]},
            "$.Lines[1].Sku",
            "Field 'Sku' must be a string",
            "a string",
            id="within a list",
        ),
        pytest.param({"Tags": {"a": 1}}, "$.Tags.a", "Field 'a' must be a string", "a string", id="within a map"),
    ],
)
def test_the_first_fault_of_a_result(given: dict[str, Any], path: str, message: str, expected: str) -> None:
    for mode in (STRICT, PRESENT):
        fault = check_result({"Id": "o-1", **given}, ORDER, mode)
        assert fault is not None
        assert (fault.path, fault.message, fault.expected, fault.is_absent) == (path, message, expected, False)
        assert fault.test_state_message == f"Mock result schema validation error: {message}"
    assert check_result(given, ORDER, NONE) is None


@pytest.mark.parametrize("mode", MODES)
def test_what_fits_has_no_fault_in_any_mode(mode: str) -> None:
    assert check_result(FIT, ORDER, mode) is None
    assert check_result({**FIT, "More": 1}, ORDER, mode) is None
    assert check_result("no shape to check by", None, mode) is None


@pytest.mark.parametrize(
    ("given", "path", "name"),
    [
        pytest.param({}, "$.Id", "Id", id="of the result"),
        pytest.param({"Id": "o-1", "Lines": [{}]}, "$.Lines[0].Sku", "Sku", id="within a list"),
    ],
)
def test_only_the_strict_mode_wants_required_members(given: dict[str, Any], path: str, name: str) -> None:
    assert check_result(given, ORDER, PRESENT) is None
    assert check_result(given, ORDER, STRICT) == ShapeFault(
        path=path, message=f"Required field '{name}' is missing", expected="a string", is_absent=True
    )


def test_a_result_is_an_object() -> None:
    fault = check_result([], ORDER, PRESENT)
    assert fault is not None
    assert fault.message == "Mocked result must be a JSON object."


@pytest.mark.parametrize(
    ("given", "path", "meant"),
    [
        pytest.param({"Cuont": 1}, "$.Cuont", "Count", id="two letters changed places"),
        pytest.param({"count": 1}, "$.count", "Count", id="another case"),
        pytest.param({"Lines": [{"Sku": "a"}, {"sku": "a"}]}, "$.Lines[1].sku", "Sku", id="within a list"),
        pytest.param({"SdkHttpMetaData": {}}, "$.SdkHttpMetaData", "SdkHttpMetadata", id="what integrations add"),
    ],
)
def test_a_member_that_is_probably_misspelt(given: dict[str, Any], path: str, meant: str) -> None:
    found = misspelt_member(given, ORDER)
    assert found is not None
    assert (found.path, found.meant) == (path, meant)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"Weather": 1}, id="a name that is near to none"),
        pytest.param({"Ix": 1}, id="a name of two letters"),
        pytest.param({"Tags": {"count": "x"}}, id="a key of a map"),
        pytest.param({"SdkHttpMetadata": {}}, id="what integrations add"),
        pytest.param([], id="no object"),
    ],
)
def test_a_member_that_is_not(given: Any) -> None:
    assert misspelt_member(given, ORDER) is None
