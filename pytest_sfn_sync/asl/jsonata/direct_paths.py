"""The most common expressions without the engine: ``$states.input.a.b``, ``$name.a``, and literals.

The value is looked up and not copied. So large documents take no extra time, and numbers stay exact, while the engine
would convert them to doubles. If a path meets an array or finds nothing, the engine evaluates the expression instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING, Scope
from pytest_sfn_sync.asl.jsonata.syntax import Node

Direct = Callable[[JSON, Scope], JSON]
"""A function that returns the value, or `MISSING` if the engine has to evaluate the expression."""

_CONSTANTS: Final[dict[str, JSON]] = {"true": True, "false": False, "null": None}
_LARGEST_EXACT: Final = 2**53
_LONG: Final = 2**63


def direct_path(root: Node) -> Direct | None:
    """Compile an expression to a look-up; return None if it is not simple enough."""
    literal = _literal(root)
    if literal is not MISSING:
        return lambda document, scope: literal
    names: list[str] = []
    node = root
    while node.kind == "step" and node.within[0].kind == "name":
        names.append(node.within[0].value)
        node = node.here[0]
    if node.kind != "variable" or node.value in ("", "$"):
        return None
    names.reverse()
    return _states_path(names) if node.value == "states" else _variable_path(node.value, tuple(names))


def _literal(node: Node) -> JSON:
    if node.kind == "constant":
        return _CONSTANTS[node.value]
    if node.kind == "string" and "\\" not in node.value:
        return node.value[1:-1]
    if node.kind == "number":
        number = json.loads(node.value)
        return number if isinstance(number, int) and number <= _LARGEST_EXACT else MISSING
    return MISSING


def _states_path(names: list[str]) -> Direct | None:
    if not names:
        return None
    member, *rest = names
    steps = tuple(rest)
    if member == "context":
        return lambda document, scope: _find(scope.context_object(), steps)
    return lambda document, scope: _find(document.get(member, MISSING), steps)


def _variable_path(name: str, steps: tuple[str, ...]) -> Direct:
    def find(document: JSON, scope: Scope) -> JSON:
        try:
            value = scope.variable(name)
        except KeyError:
            return MISSING
        return _find(value, steps)

    return find


def _find(value: JSON, steps: tuple[str, ...]) -> JSON:
    for name in steps:
        if type(value) is not dict:
            return MISSING
        value = value.get(name, MISSING)
    # Measured: integers that fit a long stay exact. AWS converts larger ones to doubles.
    return MISSING if type(value) is int and not -_LONG <= value < _LONG else value
