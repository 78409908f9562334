"""Faults of a definition, in the shape of ValidateStateMachineDefinition's diagnostics.

Codes, messages and locations are AWS's where they were recorded (facts in the documentation of each rule); a rule
whose text was never recorded is worded in the same manner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INVALID_JSON_DESCRIPTION: Final = "INVALID_JSON_DESCRIPTION"
SCHEMA_VALIDATION_FAILED: Final = "SCHEMA_VALIDATION_FAILED"
MISSING_TRANSITION_TARGET: Final = "MISSING_TRANSITION_TARGET"
MISSING_END_STATE: Final = "MISSING_END_STATE"
DUPLICATE_STATE_NAME: Final = "DUPLICATE_STATE_NAME"
DUPLICATE_VARIABLE_NAME: Final = "DUPLICATE_VARIABLE_NAME"
INVALID_JSONATA_EXPRESSION: Final = "INVALID_JSONATA_EXPRESSION"
UNSUPPORTED_JSONATA_EXPRESSION: Final = "UNSUPPORTED_JSONATA_EXPRESSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault: AWS's code and message, and the location in AWS's syntax (``/States/X/Choices[0]/Variable``).

    Where the fault is in an expression, ``text`` is the author's own and ``position`` the place in it, counted from 0;
    AWS tells neither.
    """

    code: str
    message: str
    location: str | None
    severity: str = "ERROR"
    text: str | None = None
    position: int | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.message} at {self.location or 'null'}"


class Diagnostics:
    """Collects the faults of one definition, so that all of them are told at once."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(
        self,
        message: str,
        location: str | None,
        *,
        code: str = SCHEMA_VALIDATION_FAILED,
        text: str | None = None,
        position: int | None = None,
    ) -> None:
        """Note a fault at a location, and at a position in the text there."""
        self.found.append(Diagnostic(code=code, message=message, location=location, text=text, position=position))
