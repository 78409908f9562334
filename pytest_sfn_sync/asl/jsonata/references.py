"""The references of an expression: those that AWS refuses at creation, and the variables that an evaluation reads.

In AWS an expression has no context item, so a single name, ``$`` and ``$$`` have no meaning outside a path. Each field
has its own members of ``$states``. Rules, texts and order as measured on ValidateStateMachineDefinition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pytest_sfn_sync.asl.jsonata.syntax import Node

SCOPES: Final = frozenset({"block", "lambda"})
"""The kinds of nodes whose variables are unknown outside them."""


@dataclass(frozen=True, slots=True)
class UnsupportedReference:
    """A reference that AWS refuses: the ``message``, and the ``position`` in the expression."""

    message: str
    position: int


def unsupported_references(root: Node, available: frozenset[str]) -> list[UnsupportedReference]:
    """Return the references that are not supported, without repetition, in the order of the text.

    ``available`` are the members of ``$states`` that the field has.
    """
    found = sorted(_refused(root, available), key=lambda reference: reference.position)
    first = {reference.message: reference for reference in reversed(found)}
    return sorted(first.values(), key=lambda reference: reference.position)


def _refused(root: Node, available: frozenset[str]) -> Iterator[UnsupportedReference]:
    pending = [(root, True)]
    while pending:
        node, at_top = pending.pop()
        if node.kind == "variable" and node.value == "$":
            yield UnsupportedReference("Reference to '$$' is not supported.", node.start)
        elif at_top and (name := _top_level_name(node)) is not None:
            yield UnsupportedReference(f"Reference to '{name}' at the top level is not supported.", node.start)
        elif node.kind == "step":
            member = _states_member(node)
            if member is not None and member not in available:
                yield UnsupportedReference(f"Field '$states.{member}' does not exist.", node.start)
            if at_top and (literal := _string_as_first_step(node)) is not None:
                message = f"Reference to '{_unquoted(literal)}' at the top level is not supported."
                yield UnsupportedReference(message, literal.start)
        if node.here:
            pending += [(part, at_top) for part in node.here]
        if node.within:
            pending += [(part, False) for part in node.within]


def _top_level_name(node: Node) -> str | None:
    if node.kind == "name":
        return node.value
    return "$" if node.kind == "variable" and node.value == "" else None


def _states_member(step: Node) -> str | None:
    # Measured: also $states.`result` and $states.result[0], but neither ($states).result nor $states['result'].
    first, second = _unfiltered(step.here[0]), _unfiltered(step.within[0])
    if first.kind != "variable" or first.value != "states":
        return None
    if second.kind == "name":
        return second.value
    return _unquoted(second) if second.kind == "string" else None


def _string_as_first_step(step: Node) -> Node | None:
    # JSONata reads a string literal that is a step of a path as a name.
    first = _unfiltered(step.here[0])
    return first if first.kind == "string" else None


def _unfiltered(node: Node) -> Node:
    while node.kind == "filter":
        node = node.here[0]
    return node


def _unquoted(literal: Node) -> str:
    return literal.value[1:-1]


def nodes(root: Node) -> list[Node]:
    """Return every node of the tree, in no particular order."""
    found = [root]
    # The list grows while it is walked: much faster than a generator.
    for node in found:
        if node.here:
            found += node.here
        if node.within:
            found += node.within
    return found


def read_variables(root: Node) -> frozenset[str]:
    """Return the names of the variables that the expression reads, those that it binds itself included."""
    return frozenset(node.value for node in nodes(root) if node.kind == "variable")


def bound_here(scope: Node) -> set[str]:
    """Return the variables that a block, lambda or expression binds, without those of the blocks and lambdas in it."""
    bound = set(scope.locals)
    found = list(scope.parts)
    for node in found:
        if node.kind not in SCOPES:
            bound.update(node.locals)
            found += node.parts
    return bound
