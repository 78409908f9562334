"""Conditions of filters, compiled to closures: ``test(item, document)``.

This module handles paths and logic. The operators are in ``comparisons.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.comparisons import COMPARISONS, MATCHES, matches
from pytest_sfn_sync.asl.json_paths.path_faults import NoSuchPath
from pytest_sfn_sync.asl.json_paths.steps import Combination, Comparison, Condition, Existence, Operand, ParsedPath

Evaluate: TypeAlias = Callable[[JSON, Any], JSON]
"""A function of an item and the walk's whole document (`nodes.WalkedDocument`)."""
Test: TypeAlias = Callable[[JSON, Any], bool]
CompilePath: TypeAlias = Callable[[ParsedPath], Evaluate]


def compile_condition(condition: Condition, compile_path: CompilePath) -> Test:
    """Compile a condition; the test raises the errors of its paths and comparisons, except `NoSuchPath`."""
    if isinstance(condition, Combination):
        return _compile_combination(condition, compile_path)
    if isinstance(condition, Existence):
        return _compile_existence(condition, compile_path)
    return _compile_comparison(condition, compile_path)


def _compile_combination(condition: Condition, compile_path: CompilePath) -> Test:
    """Compile conditions that are joined by one operator, however many they are."""
    # Jayway quirk: the right side is evaluated first. This is visible if one of the two sides fails.
    assert isinstance(condition, Combination)
    operator, tests = condition.operator, []
    while isinstance(condition, Combination) and condition.operator == operator:
        tests.append(compile_condition(condition.right, compile_path))
        condition = condition.left
    tests.append(compile_condition(condition, compile_path))
    ends_with = operator == "||"

    def test(item: JSON, document: Any) -> bool:
        for holds in tests:
            if holds(item, document) is ends_with:
                return ends_with
        return not ends_with

    return test


def _compile_existence(condition: Existence, compile_path: CompilePath) -> Test:
    """Compile a path without a comparison; Jayway quirk: a value that is null does not exist."""
    find, expected = compile_path(condition.path), condition.expected

    def test(item: JSON, document: Any) -> bool:
        try:
            return (find(item, document) is not None) is expected
        except NoSuchPath:
            return not expected

    return test


def _compile_comparison(comparison: Comparison, compile_path: CompilePath) -> Test:
    left, right = _compile_operand(comparison.left, compile_path), _compile_operand(comparison.right, compile_path)
    if comparison.operator == MATCHES:
        return _compile_match(left, right)
    compare = COMPARISONS[comparison.operator]

    def test(item: JSON, document: Any) -> bool:
        try:
            return compare(left(item, document), right(item, document))
        except NoSuchPath:
            return False

    return test


def _compile_match(left: Evaluate, right: Evaluate) -> Test:
    def test(item: JSON, document: Any) -> bool:
        try:
            return matches(left(item, document), right(item, document), document.count)
        except NoSuchPath:
            return False

    return test


def _compile_operand(operand: Operand, compile_path: CompilePath) -> Evaluate:
    if not isinstance(operand, ParsedPath):
        return lambda item, document: operand
    return compile_path(operand)
