"""Places of boxes and arrows; how they look was looked at in a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from pytest_sfn_sync import SfnSyncUsageError
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from tests.diagrams.orders import ORDER
from tests.machines import CHARGE_ARN, machine_of

pytest.importorskip("graphlay")

from pytest_sfn_sync.diagrams.layout import PlacedLevel, PlacedNode, lay_out

LONG_NAME = "A name of a state that is as long as AWS lets a name of a state be, which is eighty"

RETRIED = machine_of(
    {
        LONG_NAME[:80]: {
            "Type": "Task",
            "Resource": CHARGE_ARN,
            "Retry": [{"ErrorEquals": ["Card.Busy"]}, {"ErrorEquals": ["States.Timeout", "States.TaskFailed"]}],
        },
        "Again": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.more", "BooleanEquals": True, "Next": LONG_NAME[:80]}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    }
)


def levels(placed: PlacedLevel) -> Iterator[PlacedLevel]:
    yield placed
    for node in placed.nodes:
        for level in node.levels:
            yield from levels(level)


def overlap(one: PlacedNode, other: PlacedNode) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


MACHINES = [pytest.param(ORDER, id="nested"), pytest.param(RETRIED, id="with retriers and a way back")]


@pytest.mark.parametrize("definition", MACHINES)
def test_states_stand_apart_and_within_their_level(definition: dict[str, Any]) -> None:
    for level in levels(lay_out(machine_graph(definition))):
        for node in level.nodes:
            assert node.x >= 0
            assert node.y >= 0
            assert node.x + node.width <= level.width
            assert node.y + node.height <= level.height
        assert not any(overlap(one, other) for one, other in combinations(level.nodes, 2))


@pytest.mark.parametrize("definition", MACHINES)
def test_levels_stand_apart_and_within_their_state(definition: dict[str, Any]) -> None:
    for level in levels(lay_out(machine_graph(definition))):
        for node in level.nodes:
            right = 0.0
            for inner in node.levels:
                assert inner.x >= right
                assert inner.y >= node.head
                assert inner.y + inner.height <= node.height
                right = inner.x + inner.width
            assert right <= node.width


@pytest.mark.parametrize("definition", MACHINES)
def test_arrows_go_from_border_to_border(definition: dict[str, Any]) -> None:
    for level in levels(lay_out(machine_graph(definition))):
        at = {node.node.location: node for node in level.nodes}
        for placed in level.arrows:
            for location, (x, y) in ((placed.arrow.source, placed.points[0]), (placed.arrow.target, placed.points[-1])):
                if location is not None:
                    box = at[location]
                    assert box.x - 1 <= x <= box.x + box.width + 1
                    assert min(abs(y - box.y), abs(y - box.y - box.height)) < 1


def test_only_the_machine_itself_has_a_start_and_an_end() -> None:
    outermost, *inner = levels(lay_out(machine_graph(ORDER)))

    assert [name for _, _, name in outermost.dots] == ["start", "end"]
    assert [level.dots for level in inner] == [(), (), ()]


def test_retriers_stand_in_the_box_and_long_texts_are_cut() -> None:
    node = lay_out(machine_graph(RETRIED)).nodes[0]

    assert node.name == "A name of a state that is as long…"
    assert [text for _, text in node.retriers] == ["retry Card.Busy", "retry States.Timeout, States.Task…"]
    assert node.head == 70


def test_the_same_graph_is_laid_out_in_the_same_way() -> None:
    assert lay_out(machine_graph(ORDER)) == lay_out(machine_graph(ORDER))


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)

    with pytest.raises(SfnSyncUsageError) as error:
        lay_out(machine_graph(ORDER))

    assert str(error.value) == (
        "The graph on a page of HTML is laid out by graphlay, which is not installed; "
        'install it with: pip install "pytest-sfn-sync[html]".'
    )
