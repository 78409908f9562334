"""Expressions compiled and evaluated as the interpreter does it, for the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pytest_sfn_sync.asl.diagnostics import Diagnostic, Diagnostics
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import FieldExpression, QueryEvaluationError, compile_value
from pytest_sfn_sync.asl.location import Location
from tests.asl.static_scope import StaticScope

ENGINE = "jlens"
WITHOUT_ENGINE = "needs pytest-sfn-sync[jsonata]"
IN_EVERY_FIELD = frozenset({"input", "context"})


@dataclass(kw_only=True)
class QueryScope(StaticScope):
    now: int = 1_767_323_045_678_901
    """2026-01-02T03:04:05.678901Z."""


def compiled(value: JSON, *, field: str = "Output", available: frozenset[str] = IN_EVERY_FIELD) -> FieldExpression:
    """Compile a field in which there must be no fault."""
    expression, found = diagnosed(value, field=field, available=available)
    assert found == []
    return expression


def diagnosed(
    value: JSON,
    *,
    location: str = "/States/X/Output",
    field: str = "Output",
    available: frozenset[str] = IN_EVERY_FIELD,
) -> tuple[FieldExpression, list[Diagnostic]]:
    diagnostics = Diagnostics()
    expression = compile_value(
        value, location=Location(location), field=Location(field), diagnostics=diagnostics, available=available
    )
    return expression, diagnostics.found


def evaluate(text: str, state_input: JSON = None, **variables: JSON) -> JSON:
    """Evaluate the text of one expression as the whole of an Output field."""
    return compiled(f"{{% {text} %}}").evaluate({"input": state_input}, QueryScope(variables=variables))


def cause_of(text: str, state_input: JSON = None, **variables: JSON) -> str:
    """Give the cause with which an expression fails, without the sentence that names expression and field."""
    expression = compiled(f"{{% {text} %}}")
    with pytest.raises(QueryEvaluationError) as raised:
        expression.evaluate({"input": state_input}, QueryScope(variables=variables))
    failure = raised.value
    assert failure.error == "States.QueryEvaluationError"
    assert failure.cause is not None
    beginning = f"The JSONata expression '{text}' specified for the field 'Output' "
    assert failure.cause.startswith(beginning)
    return failure.cause[len(beginning) :]
