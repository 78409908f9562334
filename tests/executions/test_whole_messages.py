"""Messages are short, or whole if the user asks for everything."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.shown_text import fits, most, show_whole, shown_text
from pytest_sfn_sync.tasks.differences import cut_in_the_middle, difference_lines, shown
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
