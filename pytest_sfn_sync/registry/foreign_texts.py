"""What a definition has from the tools that deploy it: functions of CloudFormation, placeholders in expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.shown_text import shown_text


def about_functions(document: JSON) -> Iterator[str]:
    """Yield a line about CloudFormation's functions in a definition that is refused."""
    found = next(_functions(document, ""), None)
    if found is not None:
        name, location = found
        yield (
            f"{name} at {shown_text(location or '/')} is a function of CloudFormation. load_template works it out: "
            "give it the whole template, also as a dict such as Template.from_stack(stack).to_json()."
        )


def _functions(value: JSON, location: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from ((name, location) for name in value if len(value) == 1 and (name == "Ref" or name[:4] == "Fn::"))
        for key, member in value.items():
            yield from _functions(member, f"{location}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _functions(item, f"{location}[{index}]")


def operand_for(placeholder: re.Match[str]) -> str:
    """Return what may stand in a JSONata expression for a placeholder without a value: text, a name or an operand."""
    before = placeholder.string[: placeholder.start()]
    quote = ""
    for character in before:
        if not quote and character in "\"'`":
            quote = character
        elif character == quote:
            quote = ""
    if quote:
        return placeholder[0]
    return "x" if before[-1:] in (".", "$", "_") or before[-1:].isalnum() else "null"
