"""What would print as far too much text is known before Python is asked to write it."""

from __future__ import annotations

from collections import OrderedDict, deque, namedtuple
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_sfn_sync.printed_sizes import prints_too_much
from tests.hostile_documents import doubled, nested_lists

BOMB = doubled(40)
Pair = namedtuple("Pair", ["left", "right"])


@dataclass
class Order:
    lines: Any


class Lines(list[Any]):
    pass


def with_itself() -> list[Any]:
    found: list[Any] = [1]
    found.append(found)
    return found


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(BOMB, id="lists"),
        pytest.param({"a": BOMB}, id="a member of a dict"),
        pytest.param(ValueError(BOMB), id="an argument of an exception"),
        pytest.param(ValueError(1, ValueError(BOMB)), id="an exception in an exception"),
        pytest.param(OSError(2, "missing", BOMB), id="the name of a file"),
        pytest.param(Pair(1, BOMB), id="a named tuple"),
        pytest.param(OrderedDict(a=BOMB), id="an ordered dict"),
        pytest.param(deque([BOMB]), id="a deque"),
        pytest.param(Lines([BOMB]), id="a list of a class of one's own"),
        pytest.param(Order(BOMB), id="a dataclass"),
        pytest.param(nested_lists(100_000), id="lists nested too deep"),
        pytest.param(["x" * 1_000_000] * 100, id="a long text many times"),
    ],
)
def test_what_prints_too_much(value: object) -> None:
    assert prints_too_much(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(5, id="a number"),
        pytest.param("x" * 10_000_000, id="a long text"),
        pytest.param(ValueError("no price", {"a": {1, 2}, "b": frozenset([3])}), id="an exception with sets"),
        pytest.param(with_itself(), id="a list that is in itself"),
        pytest.param(doubled(10), id="few lists that are shared"),
        pytest.param([*range(100_000)], id="a long list"),
        pytest.param(nested_lists(800), id="deep lists"),
        pytest.param(Order([1, 2]), id="a small dataclass"),
    ],
)
def test_what_can_be_printed(value: object) -> None:
    assert not prints_too_much(value)
    assert repr(value)
