"""Labels of arrows: broken into lines, and never far from their arrow."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.diagrams.labels import is_far, label_box, label_lines, text_width
from tests.machines import machine_of


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        pytest.param("", (), id="none"),
        pytest.param("default", ("default",), id="one word"),
        pytest.param(
            '$.customer.tier == "gold" and $.amount > 100',
            ('$.customer.tier == "gold"', "and $.amount > 100"),
            id="at blanks",
        ),
        pytest.param(
            "$.detail.requestParameters.bucketName is present",
            ("$.detail.requestParameters.", "bucketName is present"),
            id="at dots",
        ),
        pytest.param("a" * 40, (f"{'a' * 27}…",), id="one long word is cut"),
        pytest.param(
            "one two three four five six seven eight nine ten eleven twelve",
            ("one two three four five six", "seven eight nine ten eleven…"),
            id="many words are cut",
        ),
    ],
)
def test_a_label_is_broken_and_cut(label: str, lines: tuple[str, ...]) -> None:
    assert label_lines(label) == lines


def test_wide_characters_take_more_room() -> None:
    assert text_width("注文") > text_width("ab")


def test_a_label_that_would_stand_far_from_its_arrow_is_put_beside_it() -> None:
    pytest.importorskip("graphlay")
    from pytest_sfn_sync.diagrams.layout import lay_out

    rules = [
        {"Variable": f"$.flowConfig.destination.list[{number}]", "StringEquals": "another value", "Next": f"S{number}"}
        for number in range(6)
    ]
    states = {f"S{number}": {"Type": "Succeed"} for number in range(6)}
    placed = lay_out(machine_graph(machine_of({"Pick": {"Type": "Choice", "Choices": rules}, **states})))

    labelled = [arrow for arrow in placed.arrows if arrow.label]
    assert len(labelled) == 6
    assert [
        arrow.arrow.location for arrow in labelled if is_far(label_box(arrow.label_at, arrow.label), arrow.points)
    ] == []
