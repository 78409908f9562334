"""Sequences of API calls: state machines, versions, aliases, executions, activities, tags.

Each recorded answer is a test of its own. A sequence is replayed once in a process, for all of its answers.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.cases import ABSENT, FOLDER, records
from tests.conformance.gaps import SEQUENCE_GAPS
from tests.conformance.judging import Note, judge, note
from tests.conformance.rules import hinders_requests
from tests.conformance.sequences import Sequence, differences, sequence_of

ANSWERS = [
    pytest.param(sequence, number, id=f"{sequence.id.replace('::', '.')} call {number}: {step['op']}")
    for sequence in map(sequence_of, records("api_sequences.json"))
    for number, step in enumerate(sequence.steps)
    if "response" in step or "error" in step
] or [pytest.param(None, 0, marks=pytest.mark.skip(reason=ABSENT), id="no data")]

_replayed: dict[str, dict[int, str]] = {}


@pytest.mark.parametrize(("sequence", "number"), ANSWERS)
def test_is_answered_as_by_aws(sequence: Sequence, number: int, client: Any, record_property: Note) -> None:
    note(record_property, "api_sequences.json: answers", [sequence.steps[number]["op"]])
    if hindrance := hinders_requests(step["params"] for step in sequence.steps):
        pytest.skip(hindrance)
    found = _replay(sequence, client)
    judge(case_id=name_of(sequence, number), difference=found.get(number), gaps=SEQUENCE_GAPS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_every_gap_names_an_answer_of_a_sequence() -> None:
    assert SEQUENCE_GAPS.keys() <= {name_of(*answer.values) for answer in ANSWERS}


def name_of(sequence: Any, number: Any) -> str:
    """Return the name by which a gap names an answer."""
    return f"{sequence.id} call {number}"


def _replay(sequence: Sequence, client: Any) -> dict[int, str]:
    if sequence.id not in _replayed:
        _replayed[sequence.id] = dict(differences(sequence, client))
    return _replayed[sequence.id]
