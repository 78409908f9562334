"""The line that stands for an element, and the lines that it takes up."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_sfn_sync.workflow_coverage.files import machines_in_file
from pytest_sfn_sync.workflow_coverage.places import Place
from tests.workflow_coverage import orders


def places(folder: Path, text: str, name: str = "orders.asl.json") -> dict[str, Place]:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    (machine,) = machines_in_file(file)
    return machine.places


def test_the_lines_of_each_kind_of_element(tmp_path: Path) -> None:
    assert places(tmp_path, orders.TEXT) == {
        "/States/IsLarge": Place(line=4, first=4, last=15),
        "/States/IsLarge/Choices[0]": Place(line=8, first=7, last=11),
        "/States/IsLarge/Choices[1]": Place(line=12, first=12, last=12),
        "/States/IsLarge/Default": Place(line=14, first=14, last=14),
        "/States/Review": Place(line=16, first=16, last=24),
        "/States/Review/Branches[0]/States/Notify": Place(line=20, first=20, last=20),
        "/States/Charge": Place(line=25, first=25, last=35),
        "/States/Charge/Retry[0]": Place(line=28, first=28, last=28),
        "/States/Charge/Catch[0]": Place(line=30, first=30, last=30),
        "/States/Charge/Catch[1]": Place(line=31, first=31, last=31),
        "/States/Done": Place(line=36, first=36, last=36),
        "/States/Refuse": Place(line=37, first=37, last=37),
    }


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        pytest.param('{"Variable": "$.a", "IsPresent": true, "Next": "B"}', 5, id="in one line"),
        pytest.param('{\n"Variable": "$.a", "IsPresent": true, "Next": "B"}', 6, id="after a line with its brace"),
        pytest.param('{  \n\n\n"Variable": "$.a", "IsPresent": true, "Next": "B"}', 8, id="after empty lines"),
        pytest.param('{ "Variable": "$.a",\n"IsPresent": true, "Next": "B"}', 5, id="beginning beside its brace"),
        pytest.param("{\n}", 5, id="with nothing in it"),
    ],
)
def test_a_rule_is_in_the_first_line_that_says_something_of_it(tmp_path: Path, rule: str, line: int) -> None:
    text = f'{{"StartAt": "A", "States": {{\n"A":\n{{"Type": "Choice",\n"Choices": [\n{rule}\n]}}}}}}'

    found = places(tmp_path, text)

    assert found["/States/A/Choices[0]"].line == line
    assert found["/States/A"].line == 2


def test_elements_in_yaml(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    text = """\
StartAt: A
States:
  A:
    Type: Choice
    Choices:
      - Variable: $.a
        IsPresent: true
        Next: B
      -
        Variable: $.b
        IsPresent: true
        Next: B
    Default: B
  B: {Type: Succeed}
"""
    assert {location: place.line for location, place in places(tmp_path, text, "orders.asl.yaml").items()} == {
        "/States/A": 3,
        "/States/A/Choices[0]": 6,
        "/States/A/Choices[1]": 10,
        "/States/A/Default": 13,
        "/States/B": 14,
    }
