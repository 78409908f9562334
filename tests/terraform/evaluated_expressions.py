"""Expressions that a test evaluates without a configuration: their values, and what is told of their faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.sources.line_map import LineIndex
from pytest_sfn_sync.terraform.evaluation import Evaluator
from pytest_sfn_sync.terraform.evaluation_scope import EvaluationScope
from pytest_sfn_sync.terraform.expression_texts import parsed_expression
from pytest_sfn_sync.terraform.hcl_source import Code, TerraformError
from pytest_sfn_sync.terraform.values import ValueKindError, json_of


class NamesOfATest:
    """The names of a module: those that the test has."""

    root_folder = Path("modules")

    def __init__(self, **known: Any) -> None:
        self._known = known

    def value_of(self, name: str, where: str) -> Any:
        if name not in self._known:
            raise ValueKindError(f"no {name}")
        return self._known[name]


def value_of(expression: str, **known: Any) -> Any:
    """Return the value of an expression as the evaluator has it."""
    text, tree = parsed_expression(expression)
    scope = EvaluationScope(NamesOfATest(**known), Code(text, Path("main.tf"), LineIndex(text).place))
    return Evaluator().evaluate(tree, scope)


def in_json(expression: str) -> Any:
    """Return the value of an expression as jsonencode writes it; 3 and 3.0 are not the same."""
    return json.loads(json_of(value_of(expression)))


def why_not(expression: str, **known: Any) -> str:
    """Return what is told of an expression that can't be evaluated, after the expression itself."""
    with pytest.raises(TerraformError) as caught:
        value_of(expression, **known)
    assert caught.value.place == "main.tf:2"
    return caught.value.why.partition(f"{expression}: ")[2]
