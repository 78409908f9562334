"""The value of a field (Output, Assign, Arguments, Items, ...): JSON in which strings may be expressions.

A string is an expression if it begins with ``{%`` and ends with ``%}``, without a blank around them. It may be at any
depth of objects and arrays. Keys are never expressions. A part without expressions is shared between evaluations, not
copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pytest_sfn_sync.asl.diagnostics import (
    INVALID_JSONATA_EXPRESSION,
    SCHEMA_VALIDATION_FAILED,
    UNSUPPORTED_JSONATA_EXPRESSION,
    Diagnostics,
)
from pytest_sfn_sync.asl.expressions import (
    CLOSING,
    JSON,
    OPENING,
    Expression,
    Scope,
    begins_expression,
    expression_text,
    is_expression_text,
)
from pytest_sfn_sync.asl.jsonata.expression_faults import JsonataSyntaxError
from pytest_sfn_sync.asl.jsonata.queries import evaluator, read_syntax
from pytest_sfn_sync.asl.jsonata.references import unsupported_references
from pytest_sfn_sync.asl.location import Location

Evaluate = Callable[[JSON, Scope], JSON]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldExpression(Expression):
    """The compiled value of a field; ``location`` is its name at run time (``Output``, ``Choices[1]/Condition``)."""

    location: str
    is_dynamic: bool = True
    """True if the value contains an expression; a static value evaluates to itself."""

    @property
    def text(self) -> str:
        """The text inside ``{% %}``, if the whole value is one expression."""
        return expression_text(self.source)


def compile_expression(text: str, *, field_location: str) -> FieldExpression:
    """Compile the trimmed inside of ``{% ... %}``.

    Errors at run time contain ``field_location`` (``Output/a/b[0]``). Raise `JsonataSyntaxError` if the text is not
    JSONata 2.0.6, and `JsonataNotInstalled`. Evaluation raises `QueryEvaluationError`.
    """
    evaluate = evaluator(text, read_syntax(text), field_location=field_location)
    return FieldExpression(source=text, evaluate=evaluate, location=field_location)


def compile_value(
    value: JSON, *, location: Location, field: Location, diagnostics: Diagnostics, available: frozenset[str]
) -> FieldExpression:
    """Compile a whole field.

    ``location`` is the field's place in the definition (``/States/X/Output``), for diagnostics. ``field`` is its name
    in errors at run time (``Output``). ``available`` are the members of ``$states`` that are allowed in the field.
    Faults are recorded in ``diagnostics`` with AWS's codes and texts; the returned expression can then not be used.
    Raise `JsonataNotInstalled` if there is any expression and no engine.
    """
    build = _Builder(diagnostics, available).build(value, location, field)
    if build is None:
        return FieldExpression(source=value, evaluate=lambda document, scope: value, location=field, is_dynamic=False)
    return FieldExpression(source=value, evaluate=build, location=field)


class _Builder:
    __slots__ = ("available", "diagnostics")

    def __init__(self, diagnostics: Diagnostics, available: frozenset[str]) -> None:
        self.diagnostics = diagnostics
        self.available = available

    def build(self, value: JSON, location: Location, field: Location) -> Evaluate | None:
        """Compile a part of the field; return None if it is static."""
        if isinstance(value, str):
            return self._string(value, location, field)
        if isinstance(value, dict):
            return self._filled(value, value.items(), location, field)
        if isinstance(value, list):
            return self._filled(value, enumerate(value), location, field)
        return None

    def _filled(
        self, template: JSON, members: Iterable[tuple[str | int, JSON]], location: Location, field: Location
    ) -> Evaluate | None:
        parts = [
            (key, self.build(member, location / key, field / key))
            for key, member in members
            if isinstance(member, (dict, list)) or begins_expression(member)
        ]
        return _filled(template, parts)

    def _string(self, source: str, location: Location, field: Location) -> Evaluate | None:
        if not begins_expression(source):
            return None
        if not is_expression_text(source):
            # Measured: the text, and the code, which is not that of expressions that can't be parsed.
            message = f"JSONata string must start with {OPENING} and end with {CLOSING}"
            self._record(SCHEMA_VALIDATION_FAILED, message, location, source, len(source))
            return None
        text = expression_text(source)
        offset = len(source) - len(source[len(OPENING) :].lstrip())
        try:
            root = read_syntax(text)
            if root is not None:
                for reference in unsupported_references(root, self.available):
                    position = offset + reference.position
                    self._record(UNSUPPORTED_JSONATA_EXPRESSION, reference.message, location, source, position)
            return evaluator(text, root, field_location=field)
        except JsonataSyntaxError as fault:
            self._record(INVALID_JSONATA_EXPRESSION, fault.message, location, source, offset + fault.position)
            return None

    def _record(self, code: str, message: str, location: Location, text: str, position: int) -> None:
        self.diagnostics.add(message, location, code=code, text=text, position=position)


def _filled(template: JSON, parts: Iterable[tuple[str | int, Evaluate | None]]) -> Evaluate | None:
    """Return a function that copies an object or array and puts in the values of its dynamic parts."""
    dynamic = [(key, evaluate) for key, evaluate in parts if evaluate is not None]
    if not dynamic:
        return None

    def fill(document: JSON, scope: Scope) -> JSON:
        value = template.copy()
        for key, evaluate in dynamic:
            value[key] = evaluate(document, scope)
        return value

    return fill
