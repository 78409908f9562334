"""The variables that the states of a definition use, as DescribeStateMachine lists them.

Recorded: only JSONPath states are listed, with the names in alphabetical order; a state of a branch or a processor is
listed under its own name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.walk import TEMPLATE_FIELDS, WrittenState, outermost, templates_in, texts_in
from pytest_sfn_sync.asl.intrinsics import paths_in_call
from pytest_sfn_sync.asl.json_paths.paths import split_root
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX

_JSONATA: Final = "JSONata"
_OTHER_FIELDS: Final = frozenset({"Branches", "ItemProcessor", "Iterator", "Result", *TEMPLATE_FIELDS})
"""The fields in which a key that ends in ``Path`` is not a field of the state itself."""


def variable_references(definition: JSON) -> dict[str, list[str]]:
    """Return the names of the variables that each state uses, by the state's name; leave out states that use none."""
    machine = outermost(definition)
    if machine is None:
        return {}
    language = definition.get("QueryLanguage")
    return {
        state.name: sorted(names)
        for states in machine.with_inner()
        for state in states.states
        if state.fields.get("QueryLanguage", language) != _JSONATA and (names := set(_variables_of(state)))
    }


def _variables_of(state: WrittenState) -> Iterator[str]:
    for path in (*_paths_in_fields(state.fields), *_paths_in_templates(state)):
        root, variable, _ = split_root(path)
        if root == "variable" and variable is not None:
            yield variable


def _paths_in_fields(fields: JSON) -> Iterator[str]:
    """Yield the paths of the fields that hold a path, such as ``InputPath`` and ``Variable``, at any depth."""
    if isinstance(fields, list):
        for item in fields:
            yield from _paths_in_fields(item)
    elif isinstance(fields, dict):
        for name, value in fields.items():
            if isinstance(value, str) and (name == "Variable" or name.endswith("Path")):
                yield from _paths_of(value)
            elif isinstance(value, dict | list) and name not in _OTHER_FIELDS:
                yield from _paths_in_fields(value)


def _paths_in_templates(state: WrittenState) -> Iterator[str]:
    for template in templates_in(state.fields, state.location):
        for text in texts_in(template.value, template.location, template.field):
            if text.key.endswith(EVALUATED_SUFFIX):
                yield from _paths_of(text.value)


def _paths_of(text: str) -> Iterator[str]:
    """Yield the path that a text is, or the paths in the call of an intrinsic function."""
    if text.startswith("$"):
        yield text
    else:
        yield from paths_in_call(text)
