"""Mock configs and results of mocks that are hostile: numbers, depth, size, paths, and faults by the thousand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.asl import nearest_names
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.json_values import document_of
from pytest_sfn_sync.tasks.mock_config import config_reading
from pytest_sfn_sync.tasks.mock_config.config_reading import read_mock_config
from tests.hostile_documents import doubled, nested_lists

HUGE = 10**5_000
NO_SUCH_NUMBER = "more than 1,000 digits, and AWS reads no such number"


def config(responses: Any, cases: Any = None) -> dict[str, Any]:
    machine = {"TestCases": {"Good": {"Charge": "r"}} if cases is None else cases}
    return {"StateMachines": {"orders": machine}, "MockedResponses": responses}


def text_with(result: str) -> str:
    return json.dumps(config({"r": {"0": {"Return": 0}}})).replace('"Return": 0', f'"Return": {result}')


def refusal(given: Any) -> str:
    with pytest.raises(MockError) as raised:
        read_mock_config(given)
    return str(raised.value)


@pytest.mark.parametrize(
    ("result", "why"),
    [
        pytest.param("1e400", "1e400 is larger than any number that AWS reads", id="a number larger than a double"),
        pytest.param("NaN", "NaN has no form in JSON", id="no number"),
        pytest.param("9" * 5_000, f"a number has {NO_SUCH_NUMBER}", id="an integer of 5,000 digits"),
        pytest.param("9" * 1_500, "an int of about 1,501 digits is not JSON", id="an integer of 1,500 digits"),
        pytest.param("[" * 100_000, "it is nested too deeply", id="arrays that are 100,000 deep"),
    ],
)
def test_files(result: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "MockConfigFile.json"
    path.write_text(text_with(result))
    text = refusal(path)
    assert text.startswith(f"The mock config file {path} can't be read as JSON: ")
    assert text.endswith(f"{why}.")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("a\0b", "a path can't have the character '\\x00'.", id="NUL"),
        pytest.param("\ud800", "a path can't have the character '\\ud800'.", id="half a surrogate pair"),
        pytest.param("s3://bucket/m.json", "and write the file's path.", id="an object of S3"),
        pytest.param("/dev/zero", "it is a device, not a file.", id="a device"),
        pytest.param("x" * 100_000, "a path has at most 4,096.", id="a long text"),
        pytest.param("", "an empty text is no path.", id="nothing"),
    ],
)
def test_paths(path: str, why: str) -> None:
    text = refusal(path)
    assert text.startswith("The mock config file ")
    assert text.endswith(f"can't be read: {why}" if path[:2] not in ("s3", "xx") else why)
    assert len(text) < 1_000


def test_a_named_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "m.json")
    assert refusal(tmp_path / "m.json").endswith("it is a named pipe, not a file.")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param(
            config({"r": {"0": {"Return": HUGE}}}),
            "The mock config is not JSON at $.MockedResponses.r['0'].Return: it is an int of about 5,001 digits. "
            f"A number has {NO_SUCH_NUMBER}.",
            id="an integer of 5,000 digits",
        ),
        pytest.param(config(doubled(30)), "it is too large: documents of up to 200,000 values", id="a shared list"),
        pytest.param(
            config(nested_lists(100_000)), "The mock config is not JSON: it is nested too deeply", id="100,000 deep"
        ),
        pytest.param(
            config({"r": {"9" * 5_000: {"Return": 1}}}), 'an invocation is a number such as "0"', id="an invocation"
        ),
        pytest.param(
            config({"r": {"\x1b[2J": {"Return": 1}}}),
            "/MockedResponses/r/\\x1b[2J: an invocation is a number",
            id="a sequence that a terminal obeys",
        ),
    ],
)
def test_dicts(given: dict[str, Any], why: str) -> None:
    text = refusal(given)
    assert why in text
    assert len(text) < 2_000


def test_thousands_of_faults_are_told_in_part_and_searched_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = []

    def counted(name: str, candidates: Iterable[str]) -> list[str]:
        searches.append(name)
        return nearest_names.nearest_first(name, candidates)

    monkeypatch.setattr(config_reading, "nearest_first", counted)
    responses = {f"r{number}": {"0": {"Return": 1}} for number in range(2_000)}

    text = refusal(config(responses, {"Good": {f"S{number}": f"q{number}" for number in range(2_000)}}))

    assert text.startswith(
        "In the mock config there are 2000 faults:\n  /StateMachines/orders/TestCases/Good/S0: there is"
    )
    assert text.endswith("\n  ... and 1,980 more")
    assert len(searches) == 20


def test_the_entries_of_a_response_are_compared_with_their_neighbours_only() -> None:
    entries = {str(number): {"Return": number} for number in reversed(range(20_000))}
    machine = read_mock_config(config({"r": entries})).machines["orders"]
    response = machine["Good"].responses["Charge"]
    assert [entry.first for entry in response.entries] == list(range(20_000))


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        pytest.param(("0-5", "3"), "3: invocation 3 is answered by the entry '0-5' already", id="one within a range"),
        pytest.param(("3", "0-5"), "0-5: invocation 3 is answered by the entry '3' already", id="a range around one"),
        pytest.param(
            ("2-4", "0-2"), "0-2: invocation 2 is answered by the entry '2-4' already", id="the end of a range"
        ),
        pytest.param(("0-2", "2-4"), "2-4: invocation 2 is answered by the entry '0-2' already", id="its beginning"),
        pytest.param(("0", "0-0"), "0-0: invocation 0 is answered by the entry '0' already", id="the same one"),
    ],
)
def test_entries_that_overlap(entries: tuple[str, str], fault: str) -> None:
    text = refusal(config({"r": {entry: {"Return": 1} for entry in entries}}))
    assert text == f"In the mock config there is 1 fault:\n  /MockedResponses/r/{fault}"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param({"a": [HUGE]}, "$.a[0]: it is an int of about 5,001 digits.", id="an integer of 5,000 digits"),
        pytest.param([["x"], doubled(30)], "it is too large: documents of up to", id="a shared list"),
        pytest.param({"a": nested_lists(100_000)}, "is not JSON: it is nested too deeply", id="100,000 deep"),
        pytest.param([*nested_lists(100_000), object()], "$[1]: <object object", id="no JSON beside what is deep"),
    ],
)
def test_results_of_mocks(value: Any, why: str) -> None:
    with pytest.raises(MockError) as raised:
        document_of(value, "returns=")
    assert why in str(raised.value)
    assert len(str(raised.value)) < 1_000
