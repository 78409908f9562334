"""The integrations that a definition names, held against those that AWS knows; which these are is told from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from pytest_sfn_sync.asl.definition import MapState, ParallelState, StateMachineDefinition, States, TaskState
from pytest_sfn_sync.asl.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic

Recognise: TypeAlias = Callable[[str], "str | None"]
"""Takes an integration such as ``aws-sdk:sqs:sendMessage``; gives a hint where AWS does not know it, else None."""


def unrecognised_integrations(definition: StateMachineDefinition, recognise: Recognise) -> list[tuple[Diagnostic, str]]:
    """Give a diagnostic, in AWS's words (recorded), and a hint for each Task whose integration AWS does not know."""
    found = []
    for state in _tasks(definition.states):
        hint = None if state.integration is None else recognise(":".join(state.integration))
        if hint is not None:
            message = (
                f"The resource provided {state.resource} is not recognized. The value is not a valid resource ARN, or "
                "the resource is not available in this region."
            )
            location = f"{state.location}/Resource"
            found.append((Diagnostic(code=SCHEMA_VALIDATION_FAILED, message=message, location=location), hint))
    return found


def _tasks(states: States) -> Iterator[TaskState]:
    for state in states.by_name.values():
        if isinstance(state, TaskState):
            yield state
        elif isinstance(state, ParallelState):
            for branch in state.branches:
                yield from _tasks(branch)
        elif isinstance(state, MapState):
            yield from _tasks(state.item_processor)
