"""Messages are short, or whole if the user asks for everything."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.shown_text import fits, most, show_whole, shown_text
from pytest_sfn_sync.tasks.differences import cut_in_the_middle, difference_lines, equal, shown
from pytest_sfn_sync.tasks.json_values import is_plain
from pytest_sfn_sync.tasks.mocks import kept_condition
from tests.diagrams.orders import execute
from tests.machines import machine_of


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        pytest.param(lambda: shown_text("abcdef", 4), ("abcd ...(2 more characters)", "abcdef"), id="a text"),
        pytest.param(
            lambda: shown([1] * 10, 12), ("[1, 1, 1, ...(19 characters)... 1]", str([1] * 10)), id="a document"
        ),
        pytest.param(lambda: most(3, 9), (3, 9), id="a list"),
        pytest.param(lambda: most(3, 2), (2, 2), id="a short list"),
        pytest.param(lambda: len(difference_lines([1] * 20, [2] * 20)), (9, 20), id="differences"),
        pytest.param(lambda: cut_in_the_middle("a" * 100, 20), None, id="what is always cut"),
    ],
)
def test_short_and_whole(short: Any, whole: Any) -> None:
    was_short = short()
    restore = show_whole(True)
    was_whole = short()
    restore()

    if whole is None:
        assert was_short == was_whole
    else:
        assert (was_short, was_whole) == whole


def test_the_setting_before_is_restored() -> None:
    outer = show_whole(True)
    inner = show_whole(False)
    assert not fits(2, 1)
    inner()
    assert fits(2, 1)
    outer()
    assert not fits(2, 1)


def test_a_trace_has_all_iterations_and_lines() -> None:
    rest = machine_of({"Rest": {"Type": "Pass"}, "Done": {"Type": "Succeed"}})
    with SfnSync() as sfn:
        execution = execute(sfn, machine_of({"Each": {"Type": "Map", "ItemProcessor": rest}}), list(range(100)))

    short = execution.trace()
    show_whole(True)
    whole = execution.trace()

    assert "... and 97 more iterations" in short
    assert "more" not in whole
    assert len(whole.splitlines()) == 304


def test_a_long_way_is_cut_in_what_is_told_of_an_execution() -> None:
    states = {f"State {number}": {"Type": "Pass"} for number in range(2_000)}
    with SfnSync() as sfn:
        execution = sfn.register("orders", machine_of(states)).run()

    assert repr(execution).endswith("'State 18', 'State 19' and 1,980 more]>")
    with pytest.raises(AssertionError) as raised:
        execution.assert_path(*[f"State {number}" for number in range(1_999)])
    _, expected, entered, *_ = str(raised.value).splitlines()
    assert expected.endswith(" -> State 99 -> ... and 1,899 more")
    assert entered.endswith(" -> State 99 -> ... and 1,900 more")


def test_the_nearest_of_many_large_payloads_is_found_quickly() -> None:
    charge = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge"}
    each = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemSelector": {"all.$": "$", "index.$": "$$.Map.Item.Index"},
        "ItemProcessor": machine_of({"Charge": charge}),
    }
    with SfnSync() as sfn:
        mock = sfn.mock_lambda("charge", returns=1)
        document = {"items": list(range(2_000)), "lines": [{"number": number} for number in range(9_000)]}
        sfn.register("orders", machine_of({"Each": each})).run(document)

    began = time.process_time()
    with pytest.raises(AssertionError, match="Call 1 differs"):
        mock.assert_any_call({"order": 1})
    assert time.process_time() - began < 2


def deep(inner: Any, levels: int = 5_000) -> Any:
    for level in range(levels):
        inner = {"a": inner} if level % 2 else [inner]
    return inner


@pytest.mark.parametrize(
    ("expected", "actual", "is_equal"),
    [
        pytest.param(deep(1), deep(1), True, id="equal"),
        pytest.param(deep(1), deep(2), False, id="another value"),
        pytest.param(deep(True), deep(1), False, id="a boolean and a number"),
        pytest.param(deep([1]), deep([1, 2]), False, id="another length"),
        pytest.param(deep({"a": 1}), deep({"b": 1}), False, id="another member"),
    ],
)
def test_values_are_compared_at_any_depth(expected: Any, actual: Any, is_equal: bool) -> None:
    assert equal(expected, actual) is is_equal


def test_values_are_shown_at_any_depth() -> None:
    assert shown(deep(1, 3_000), 20) == '{"a": [{"a": [{ ...(13482 characters)... ]}]}'
    assert shown(deep(object(), 3_000), 20).startswith("{'a': [{'a': [")
    assert shown({1, 2}) == "{1, 2}"


def test_a_condition_may_contain_itself_or_be_deep() -> None:
    itself: list[Any] = []
    itself.append(itself)
    assert kept_condition(itself)[0] is itself
    shared: list[Any] = [1]
    for _ in range(40):
        shared = [shared, shared]
    assert kept_condition(shared)[0] is shared
    assert kept_condition(deep(1, 900)) == (deep(1, 900), True)
    assert kept_condition(deep(1, 3_000))[1] is False
    assert kept_condition({1: [(1, [2])]}) == ({1: [(1, [2])]}, False)
    assert not is_plain({1: 1})


def test_a_state_is_shown_with_its_values() -> None:
    with SfnSync(start_time="2024-01-01T00:00:00Z") as sfn:
        execution = sfn.register("orders", machine_of({"Keep": {"Type": "Pass"}})).run(deep([1], 900))

    text = repr(execution.state("Keep"))
    assert text.startswith("EnteredState(name='Keep', type='Pass', input={'a': [{'a':")
    assert "outcome='succeeded'" in text
    assert len(text) < 1_000
    assert repr(execution.states[0]) == text
    assert execution.states[0] == execution.states[0]
