"""Whether a result may hold a function inside an array or an object, which AWS refuses as it refuses one at the top.

The engine leaves such functions out, and looking for them in each result would cost more than the rest. So only those
expressions are looked into whose text puts something that may be a function into the array or object that they return.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.jsonata.references import nodes
from pytest_sfn_sync.asl.jsonata.standard_functions import STANDARD_FUNCTIONS
from pytest_sfn_sync.asl.jsonata.syntax import Node

_FUNCTIONS: Final = frozenset({"lambda", "partial", "regex", "transform"})


def may_hold_function(root: Node) -> bool:
    """Tell whether the result may be an array or object with a function in it."""
    names = STANDARD_FUNCTIONS | {
        node.value for node in nodes(root) if node.kind == "assignment" and node.here[0].kind in _FUNCTIONS
    }
    return any(
        node.kind in _FUNCTIONS or (node.kind == "variable" and node.value in names) for node in _returned_parts(root)
    )


def _returned_parts(root: Node) -> Iterator[Node]:
    """Give the nodes that become part of the result unchanged, and lie within an array or object of it."""
    pending = [(root, False)]
    while pending:
        node, is_part = pending.pop()
        if is_part:
            yield node
        match node.kind:
            case "array":
                pending += [(part, True) for part in node.here]
            case "object":
                pending += [(part, True) for part in node.here[1::2]]
            case "block" | "assignment":
                pending += [(part, is_part) for part in node.here[-1:]]
            case "conditional":
                pending += [(part, is_part) for part in node.here[1:]]
