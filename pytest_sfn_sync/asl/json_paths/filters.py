"""Conditions of filters, compiled to closures: ``test(item, evaluation)``.

What the operators mean for values of each kind is in ``comparisons.py``; this module is about paths, literals and
logic, and about what a bare path asks: whether something is there.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.comparisons import COMPARISONS, UNDEFINED
from pytest_sfn_sync.asl.json_paths.evaluation import CompilePath, Evaluation, Find, Test
from pytest_sfn_sync.asl.json_paths.faults import NoSuchPath
from pytest_sfn_sync.asl.json_paths.steps import Combination, Comparison, Condition, Negation, Operand, ParsedPath


def compile_condition(condition: Condition, compile_path: CompilePath) -> Test:
    """Compile a condition; the test raises what its paths and comparisons raise (faults.py)."""
    if isinstance(condition, Combination):
        tests = [compile_condition(part, compile_path) for part in condition.conditions]
        return _all(tests) if condition.operator == "&&" else _any(tests)
    if isinstance(condition, Negation):
        return _not(compile_condition(condition.condition, compile_path))
    return _compile_comparison(condition, compile_path)


def _all(tests: list[Test]) -> Test:
    return lambda item, evaluation: all(test(item, evaluation) for test in tests)


def _any(tests: list[Test]) -> Test:
    return lambda item, evaluation: any(test(item, evaluation) for test in tests)


def _not(test: Test) -> Test:
    return lambda item, evaluation: not test(item, evaluation)


def _compile_comparison(comparison: Comparison, compile_path: CompilePath) -> Test:
    if comparison.right is None:
        return _compile_existence(comparison.left, compile_path)
    compare = COMPARISONS[comparison.operator]
    left, right = _compile_operand(comparison.left, compile_path), _compile_operand(comparison.right, compile_path)
    return lambda item, evaluation: compare(left(item, evaluation), right(item, evaluation))


def _compile_existence(operand: Operand, compile_path: CompilePath) -> Test:
    """Compile a bare path.

    Jayway quirks: ``$`` means the item here, not the document; an indefinite path exists, even with no results.
    """
    assert isinstance(operand.value, ParsedPath)
    find = compile_path(operand.value)
    expected = not operand.negated

    def test(item: JSON, evaluation: Evaluation) -> bool:
        try:
            find(item, evaluation.within(requires_properties=True))
        except NoSuchPath:
            return not expected
        return expected

    return test


def _compile_operand(operand: Operand, compile_path: CompilePath) -> Find:
    value = operand.value
    if not isinstance(value, ParsedPath):
        return lambda item, evaluation: value
    find = compile_path(value)
    starts_at_root = value.root == "$"

    def evaluate(item: JSON, evaluation: Evaluation) -> JSON:
        try:
            return find(evaluation.root if starts_at_root else item, evaluation.within(requires_properties=False))
        except NoSuchPath:
            return UNDEFINED

    return evaluate
