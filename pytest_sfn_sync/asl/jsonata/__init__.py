"""JSONata as in Step Functions: version 2.0.6, without ``$eval``, with functions of AWS's own.

`compile_value` compiles a whole field, and `compile_expression` the text of one expression. ``expect_*`` and similar
functions check the value of a field. The engine is an optional dependency, imported at the first compilation.

For these expressions the ``document`` of ``evaluate(document, scope)`` is the mapping of the members of ``$states``
other than the context object: ``{"input": ..., "result": ...}``.
"""

from pytest_sfn_sync.asl.jsonata.expression_faults import JsonataNotInstalled, JsonataSyntaxError, QueryEvaluationError
from pytest_sfn_sync.asl.jsonata.field_values import FieldExpression, compile_expression, compile_value
from pytest_sfn_sync.asl.jsonata.queries import QueryScope
from pytest_sfn_sync.asl.jsonata.results import (
    expect_array,
    expect_boolean,
    expect_integer_between,
    expect_items,
    expect_percentage,
    expect_string,
    map_items_of_input,
    task_credentials,
    timeout_seconds,
    wait_seconds,
    wait_timestamp,
)

__all__ = [
    "FieldExpression",
    "JsonataNotInstalled",
    "JsonataSyntaxError",
    "QueryEvaluationError",
    "QueryScope",
    "compile_expression",
    "compile_value",
    "expect_array",
    "expect_boolean",
    "expect_integer_between",
    "expect_items",
    "expect_percentage",
    "expect_string",
    "map_items_of_input",
    "task_credentials",
    "timeout_seconds",
    "wait_seconds",
    "wait_timestamp",
]
