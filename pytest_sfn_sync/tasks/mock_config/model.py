"""The content of a mock config file: machines, their test cases, and the answers to each invocation of a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pytest_sfn_sync.asl.task_call import TaskAnswer


class Invocations(NamedTuple):
    """An entry of a mocked response: its answer from the ``first`` invocation to the ``last``, both included."""

    first: int
    last: int
    answer: TaskAnswer

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MockedResponse:
    """An entry of ``MockedResponses``: its name, and its answers in the order of the invocations, which don't overlap.

    Invocations count from 0.
    """

    name: str
    entries: tuple[Invocations, ...]

    def answer_to(self, invocation: int) -> TaskAnswer | None:
        """Return the answer to an invocation; None if the file has none."""
        for first, last, answer in self.entries:
            if first <= invocation <= last:
                return answer
        return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MockedCase:
    """A test case of a machine: the mocked responses by the names of the states that it mocks."""

    name: str
    responses: Mapping[str, MockedResponse]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MockConfig:
    """A mock config file: test cases by the machine's name and their own name; ``source`` is its name in messages."""

    source: str
    machines: Mapping[str, Mapping[str, MockedCase]]


def pointer(*names: str) -> str:
    """Return the JSON pointer to a place in the file."""
    return "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in names)
