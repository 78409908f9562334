"""The two query languages in which a state can be written: the fields that a state then has, and their compilation.

A state does the same in both languages. `state_parser` compiles its fields with one of the dialects, `json_path` or
`jsonata`; every state of a machine may use another one.
"""

from __future__ import annotations

from typing import Protocol

from pytest_sfn_sync.asl.data_flow import Flow
from pytest_sfn_sync.asl.definition import Condition, StateType, WaitTimes
from pytest_sfn_sync.asl.expressions import Expression
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.limits import MAX_SECONDS


class Dialect(Protocol):
    """A compiler of those fields of a state whose form depends on the query language; it records faults."""

    language: str
    catcher_fields: frozenset[str]
    other_catcher_fields: frozenset[str]
    arguments_field: str
    evaluated_suffix: str
    """The end of each key whose value is evaluated; empty if a key has no such end."""

    @staticmethod
    def carried(type_: StateType) -> frozenset[str]:
        """Return the fields that a type of state carries."""

    def flow(self, type_: StateType) -> Flow:
        """Compile the fields that shape the state's documents."""

    def catcher_flow(self, catcher: FieldReader) -> Flow:
        """Compile the fields that shape the output where a catcher takes an error."""

    def rule_flow(self, rule: FieldReader, state_flow: Flow) -> Flow:
        """Compile the fields that shape the output where a choice rule matches."""

    def condition(self, rule: FieldReader) -> Condition:
        """Compile the test of a choice rule, which is evaluated on the effective input."""

    def of_part(self, reader: FieldReader) -> Dialect:
        """Return the same dialect for an object inside the state."""

    def arguments(self) -> Expression | None:
        """Compile ``Parameters`` in JSONPath, ``Arguments`` in JSONata."""

    def value(self, field: str) -> Expression | None:
        """Compile a field that may be any JSON."""

    def number(
        self, field: str, *, minimum: int, default: int, maximum: int = MAX_SECONDS, takes_context: bool = True
    ) -> int | Expression:
        """Compile a whole number: a literal, or an expression; ``takes_context`` lets it read the context object."""

    def percentage(self) -> float | Expression:
        """Compile ``ToleratedFailurePercentage``."""

    def wait(self) -> WaitTimes:
        """Compile the field that sets how long a Wait waits."""

    def text(self, field: str) -> str | Expression | None:
        """Compile ``Error`` or ``Cause`` of a Fail."""

    def result(self) -> Expression | None:
        """Compile the literal ``Result`` of a Pass."""

    def items(self, *, may_be_object: bool = False) -> Expression | None:
        """Compile the items of a Map; None is the effective input. The items of a distributed Map may be an object."""

    def item_selector(self) -> Expression | None:
        """Compile the input of an iteration; None is the item."""

    def credentials(self) -> Expression | None:
        """Compile ``Credentials``, which is known to be an object."""
