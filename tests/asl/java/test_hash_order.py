"""Java's hash codes, the equality of its values, and the order in which its sets and maps are iterated."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.java.hash_order import JavaValues, hash_order, hash_ordered


# Sets and maps as java.util.HashSet and HashMap of Java 17 iterate over them.
@pytest.mark.parametrize(
    ("values", "order"),
    [
        pytest.param([True, False], [False, True], id="booleans"),
        pytest.param([[1, 2], [2, 1]], [[2, 1], [1, 2]], id="lists"),
        pytest.param(
            ["banana", "apple", 1.5, -3, None, 10000000000, {"a": 1, "b": "c"}, 100, 17, 33],
            ["banana", None, "apple", {"a": 1, "b": "c"}, 17, 33, -3, 100, 1.5, 10000000000],
            id="one of each",
        ),
    ],
)
def test_java_set_order(values: list[JSON], order: list[JSON]) -> None:
    assert [
        values[position] for position in hash_order([JavaValues().number_and_hash(value)[1] for value in values])
    ] == order


def test_java_map_order() -> None:
    inserted = ["Execution", "Id", "Input", "StartTime", "Name", "RoleArn", "RedriveCount", "StateMachine", "é", "😀"]
    assert hash_ordered([*inserted, "State", "EnteredTime", "RetryCount"]) == [
        *("StateMachine", "StartTime", "é", "RoleArn", "Name", "EnteredTime", "Input", "Execution", "RetryCount"),
        *("State", "😀", "Id", "RedriveCount"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "are_equal"),
    [
        pytest.param(1, 1.0, True, id="a whole number as int and as float"),
        pytest.param(1, True, False, id="a number and a boolean"),
        pytest.param([1], [True], False, id="such values in arrays"),
        pytest.param({"a": 1}, {"a": 1.0}, True, id="whole numbers in objects"),
        pytest.param({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True, id="members in another order"),
        pytest.param([1, 2], [2, 1], False, id="items in another order"),
        pytest.param([], {}, False, id="an empty array and an empty object"),
        pytest.param("1", 1, False, id="a text and a number"),
        pytest.param(None, False, False, id="null and false"),
    ],
)
def test_equal_values_share_a_number(first: JSON, second: JSON, are_equal: bool) -> None:
    values = JavaValues()
    numbers = [values.number_and_hash(value)[0] for value in (first, second)]

    assert (numbers[0] == numbers[1]) is are_equal
    assert [values.number_and_hash(value)[0] for value in (first, second)] == numbers


def test_values_may_be_nested_to_any_depth() -> None:
    first: JSON = 1
    second: JSON = 2
    for _ in range(50_000):
        first, second = {"a": [first]}, {"a": [second]}
    values = JavaValues()

    assert values.number_and_hash(first)[0] != values.number_and_hash(second)[0]
    assert values.seen == 4 * 100_000 + 2


def test_a_long_text_has_the_hash_of_java() -> None:
    text = "Aa" * 1_000

    assert JavaValues().number_and_hash(text)[1] == JavaValues().number_and_hash("BB" * 1_000)[1]
