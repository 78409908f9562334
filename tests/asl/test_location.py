"""Locations: how the parts of a definition are named, and what a location says about its own place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync.asl.location import ROOT, Location, texts_of

CATCHER = ROOT.state("Pay/Refund") / "Catch" / 1


@pytest.mark.parametrize(
    ("location", "written"),
    [
        pytest.param(ROOT, "", id="the whole definition"),
        pytest.param(ROOT / "StartAt", "/StartAt", id="a field of the machine"),
        pytest.param(ROOT.state("A"), "/States/A", id="a state"),
        pytest.param(CATCHER, "/States/Pay/Refund/Catch[1]", id="a catcher of a state with a slash in its name"),
        pytest.param(CATCHER / "ErrorEquals" / 0, "/States/Pay/Refund/Catch[1]/ErrorEquals[0]", id="an item"),
        pytest.param(
            (ROOT.state("P") / "Branches" / 0).state("B"), "/States/P/Branches[0]/States/B", id="a state of a branch"
        ),
        pytest.param(ROOT.state("A") / "Parameters" / "", "/States/A/Parameters/", id="a key without a character"),
    ],
)
def test_a_location_is_the_string_that_aws_writes(location: Location, written: str) -> None:
    assert location == written
    assert {location: 1} == {written: 1}
    assert json.dumps({location: location}) == json.dumps({written: written})


@pytest.mark.parametrize(
    ("location", "parent"),
    [
        (ROOT, None),
        (Location("/StartAt"), ROOT),
        (CATCHER / "Next", CATCHER),
        (CATCHER, ROOT.state("Pay/Refund") / "Catch"),
        (Location("Output"), None),
    ],
)
def test_the_parent_is_what_holds_the_part(location: Location, parent: Location | None) -> None:
    assert location.parent == parent
    assert parent is None or isinstance(location.parent, Location)


def test_a_part_of_a_state_is_called_by_its_last_step() -> None:
    assert (CATCHER.last, CATCHER.entry) == ("Catch[1]", ("Catch", 1))
    assert (ROOT.state("C") / "Default").last == "Default"
    assert (ROOT.state("C") / "Choices" / 12).entry == ("Choices", 12)


def test_the_texts_of_a_document_come_with_their_locations_in_order() -> None:
    deep: Any = "deep"
    for _ in range(5_000):
        deep = [deep]

    assert list(texts_of({"a": ["x", {"b": "y"}, 1], "c": "z"})) == [("/a[0]", "x"), ("/a[1]/b", "y"), ("/c", "z")]
    assert [text for _, text in texts_of(deep)] == ["deep"]
