"""What a definition has from the tools that deploy it: functions of CloudFormation, placeholders in expressions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.shown_text import shown_text
from pytest_sfn_sync.sources.source_text import PLACEHOLDER

_TARGETS: Final = ("StartAt", "Next", "Default")


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


def with_targets(value: JSON, known: Collection[str]) -> JSON:
    """Return a document in which placeholders without a value lead to a state, where the name of one must be.

    Each leads to a state of its machine to which nothing else leads, and the others to the last state.
    """
    return _with_targets(value, known, [])


def _with_targets(value: JSON, known: Collection[str], targets: list[str]) -> JSON:
    if isinstance(value, list):
        return [_with_targets(item, known, targets) for item in value]
    if not isinstance(value, dict):
        return value
    states = value.get("States")
    if isinstance(states, dict) and states:
        named = set(_targets_in(value))
        targets = [name for name in states if name not in named] or [list(states)[-1]]
    return {
        key: (targets.pop(0) if len(targets) > 1 else targets[0])
        if targets and key in _TARGETS and _is_open(member, known)
        else _with_targets(member, known, targets)
        for key, member in value.items()
    }


def _targets_in(value: JSON) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key in _TARGETS and isinstance(member, str):
                yield member
            else:
                yield from _targets_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from _targets_in(item)


def _is_open(value: JSON, known: Collection[str]) -> bool:
    match = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return match is not None and match[1] not in known


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
