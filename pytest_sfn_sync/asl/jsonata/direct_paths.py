"""The commonest expressions without the engine: ``$states.input.a.b``, ``$name.a``, and literals.

The value is found, not copied, so it is exact where the engine would pass numbers through doubles, and big documents
cost nothing. Only what has one meaning is answered here: where a path meets an array, or finds nothing, the engine
decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING, Scope
from pytest_sfn_sync.asl.jsonata.syntax import Node

Direct = Callable[[JSON, Scope], JSON]
"""Gives the value, or `MISSING` where the engine has to decide."""

_CONSTANTS: Final[dict[str, JSON]] = {"true": True, "false": False, "null": None}
_LARGEST_EXACT: Final = 2**53
_LONG: Final = 2**63


def direct_path(root: Node) -> Direct | None:
    """Compile the expression to a look-up; None where it is not simple enough for one."""
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
    # Measured: integers stay exact while they fit a long; beyond, AWS has a double.
    return MISSING if type(value) is int and not -_LONG <= value < _LONG else value
