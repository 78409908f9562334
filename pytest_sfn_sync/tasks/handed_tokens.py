"""Whether a Task hands its task token out: on AWS, nobody can answer a token that no one was given."""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact

HOW_TO_HAND_OUT: Final = (
    'Write "token.$": "$$.Task.Token" among the Parameters, or "{% $states.context.Task.Token %}" in JSONata.'
)
"""The remedy in a message about a token that is handed to nobody."""


def is_handed_out(token: str, effective_input: JSON) -> bool:
    """Report whether a token stands in the effective input of its Task, if perhaps within a text."""
    return token in compact(effective_input)
