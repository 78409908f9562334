"""Results that may contain a function inside an array or an object; AWS refuses them, like a result that is a function.

The engine leaves such functions out of the result. A search for them in each result would take longer than the rest of
the evaluation. So a result is searched only if the text of the expression shows that it may contain a function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.jsonata.function_library import STANDARD_FUNCTIONS
from pytest_sfn_sync.asl.jsonata.references import nodes
from pytest_sfn_sync.asl.jsonata.syntax import Node

_FUNCTIONS: Final = frozenset({"lambda", "partial", "regex", "transform"})


def may_hold_function(root: Node) -> bool:
    """Report whether the result of an expression may be an array or object with a function in it."""
    names = STANDARD_FUNCTIONS | {
        node.value for node in nodes(root) if node.kind == "assignment" and node.here[0].kind in _FUNCTIONS
    }
    return any(
        node.kind in _FUNCTIONS or (node.kind == "variable" and node.value in names) for node in _returned_parts(root)
    )


def _returned_parts(root: Node) -> Iterator[Node]:
    """Yield the nodes whose values become, unchanged, members or elements of an object or array in the result."""
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
