"""Expressions that stand in a text: parsed on their own, and shown on one line in messages."""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.terraform.hcl_source import Tree, UnparsedError, parsed, parts
from pytest_sfn_sync.terraform.values import ValueKindError

BEFORE_EXPRESSION: Final = "_ = (\n"
"""What stands before the source code of an expression, so that it can be parsed as a file."""


def parsed_expression(source: str) -> tuple[str, Tree]:
    """Parse the source code of an expression that stands in a text; return code with its node.

    Raise ValueKindError if it is no expression.
    """
    text = f"{BEFORE_EXPRESSION}{source}\n)\n"
    try:
        tree = parsed(text)
    except UnparsedError:
        raise ValueKindError(f"{shown_code(source)} is not an expression of Terraform") from None
    return text, parts(parts(parts(tree)[0])[0])[1]


def shown_code(code: str) -> str:
    """Return code on one line; long code is cut at its end."""
    line = " ".join(code.split())
    return line if len(line) <= 80 else f"{line[:77]}..."
