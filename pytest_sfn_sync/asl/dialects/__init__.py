"""The two query languages in which a state can be written: which fields it then carries, and how they are compiled.

What a state *does* is the same in both; `state_parser` reads it with the help of one of the dialects, `json_path` or
`jsonata`. A machine may mix them state by state.
"""

from __future__ import annotations

from typing import Any, Protocol

from pytest_sfn_sync.asl.data_flow import Flow
from pytest_sfn_sync.asl.definition import Condition
from pytest_sfn_sync.asl.expressions import Expression
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.asl.parsing.field_reader import FieldReader


class Dialect(Protocol):
    """Compiles the fields of one state whose form depends on the query language; faults go to the diagnostics.

    ``place`` is how AWS names an object inside the state at run time (``Catch[0]``, ``Choices[1]``).
    """

    language: str
    catcher_fields: frozenset[str]
    other_catcher_fields: frozenset[str]
    arguments_field: str
    evaluated_suffix: str
    """What ends the keys whose values are evaluated, where keys say so."""

    @staticmethod
    def carried(type_: str) -> frozenset[str]:
        """Give the fields that a type of state carries."""

    def flow(self, type_: str) -> Flow:
        """Compile what shapes the state's documents."""

    def catcher_flow(self, catcher: FieldReader, place: str) -> Flow:
        """Compile what shapes the output where a catcher takes an error."""

    def rule_flow(self, rule: FieldReader, place: str, state_flow: Flow) -> Flow:
        """Compile what shapes the output where a choice rule matches."""

    def condition(self, rule: FieldReader, place: str) -> Condition:
        """Compile the test of a choice rule; it is given the effective input."""

    def of_part(self, reader: FieldReader) -> Dialect:
        """Give the same dialect for an object inside the state."""

    def arguments(self) -> Expression | None:
        """Compile ``Parameters`` or ``Arguments``, whichever the language has."""

    def value(self, field: str) -> Expression | None:
        """Compile a field that may be any JSON."""

    def number(
        self, field: str, *, minimum: int, default: int, maximum: int = MAX_SECONDS, takes_context: bool = True
    ) -> int | Expression:
        """Compile a whole number: literal, or found out at run time, from the context object too if it is taken."""

    def percentage(self) -> float | Expression:
        """Compile ``ToleratedFailurePercentage``."""

    def wait(self) -> dict[str, Any]:
        """Compile the times of a Wait: the members ``seconds``, ``timestamp``, ... of a `WaitState`."""

    def text(self, field: str) -> str | Expression | None:
        """Compile ``Error`` or ``Cause`` of a Fail."""

    def result(self) -> Expression | None:
        """Compile the literal ``Result`` of a Pass."""

    def items(self, *, may_be_object: bool = False) -> Expression | None:
        """Compile what gives a Map its items; None is the effective input. A distributed Map's may be an object."""

    def item_selector(self) -> Expression | None:
        """Compile what gives an iteration its input; None is the item."""

    def credentials(self) -> Expression | None:
        """Compile ``Credentials``, which is known to be an object."""
