"""Faults of a definition, in the shape of ValidateStateMachineDefinition's diagnostics.

Codes, messages and locations are AWS's where they were recorded. A rule whose text was never recorded is worded in the
same way, and a comment at the rule marks that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

INVALID_JSON_DESCRIPTION: Final = "INVALID_JSON_DESCRIPTION"
SCHEMA_VALIDATION_FAILED: Final = "SCHEMA_VALIDATION_FAILED"
MISSING_TRANSITION_TARGET: Final = "MISSING_TRANSITION_TARGET"
MISSING_END_STATE: Final = "MISSING_END_STATE"
TOO_DEEPLY_NESTED: Final = "TOO_DEEPLY_NESTED"
INVALID_STATE_NAME: Final = "INVALID_STATE_NAME"
DUPLICATE_STATE_NAME: Final = "DUPLICATE_STATE_NAME"
INVALID_LABEL_NAME: Final = "INVALID_LABEL_NAME"
DUPLICATE_LABEL_NAME: Final = "DUPLICATE_LABEL_NAME"
DUPLICATE_VARIABLE_NAME: Final = "DUPLICATE_VARIABLE_NAME"
INVALID_VARIABLE_NAME: Final = "INVALID_VARIABLE_NAME"
RESERVED_VARIABLE_NAME: Final = "RESERVED_VARIABLE_NAME"
INVALID_JSONATA_EXPRESSION: Final = "INVALID_JSONATA_EXPRESSION"
UNSUPPORTED_JSONATA_EXPRESSION: Final = "UNSUPPORTED_JSONATA_EXPRESSION"

ERROR: Final = "ERROR"
WARNING: Final = "WARNING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault: AWS's ``severity``, ``code``, ``message``, and ``location`` (``/States/X/Choices[0]/Variable``).

    ``file``, ``line`` and ``column`` (from 1) are its place in the source; they are None for a definition that is not a
    text. ``hint`` is this package's own text: what the author may have meant. ``place`` is the location of the field
    itself, where AWS reports the location of a larger part. For a fault in an expression, ``text`` is the expression as
    written and ``position`` the place in it, counted from 0. ``is_about_type`` is True if the same definition has no
    such fault in a machine of the type STANDARD.
    """

    code: str
    message: str
    location: str | None
    severity: str = ERROR
    hint: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    place: str | None = None
    text: str | None = None
    position: int | None = None
    is_about_type: bool = field(default=False, compare=False, repr=False)

    @property
    def is_error(self) -> bool:
        """True if AWS refuses the definition for this fault; False for a warning."""
        return self.severity == ERROR

    def __str__(self) -> str:
        return f"{self.code}: {self.message} at {self.location or 'null'}"


class Diagnostics:
    """The faults of one definition, collected so that all of them are reported together."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    @property
    def errors(self) -> list[Diagnostic]:
        """The faults for which AWS refuses the definition."""
        return [diagnostic for diagnostic in self.found if diagnostic.is_error]

    @property
    def warnings(self) -> list[Diagnostic]:
        """The faults that AWS reports only on request."""
        return [diagnostic for diagnostic in self.found if not diagnostic.is_error]

    def add(
        self,
        message: str,
        location: str | None,
        *,
        code: str = SCHEMA_VALIDATION_FAILED,
        severity: str = ERROR,
        hint: str | None = None,
        place: str | None = None,
        text: str | None = None,
        position: int | None = None,
        is_about_type: bool = False,
    ) -> None:
        """Record a fault at a location, and at a position in its text."""
        self.found.append(
            Diagnostic(
                code=code,
                message=message,
                location=location,
                severity=severity,
                hint=hint,
                place=place,
                text=text,
                position=position,
                is_about_type=is_about_type,
            )
        )
