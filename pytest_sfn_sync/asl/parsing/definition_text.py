"""A definition as text: how CreateStateMachine refuses a text that is no JSON.

Source: recorded refusals, in Jackson's words; its message and the location both quote the beginning of the text.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.diagnostics import INVALID_JSON_DESCRIPTION, Diagnostic
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json
from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS, InvalidDefinitionError, parse_definition
from pytest_sfn_sync.asl.validation.integrations import Integrations

_MOST_QUOTED: Final = 500


def parse_definition_text(
    text: str, *, machine_type: str = EXPRESS, integrations: Integrations | None = None
) -> StateMachineDefinition:
    """Parse and compile a definition as `parse_definition` does, from the text that would be sent to AWS."""
    fault = json_fault(text)
    if fault is not None:
        raise InvalidDefinitionError([fault])
    # Recorded: a text of white space is refused as a value that is no object.
    document = parse_json(text) if text.strip() else None
    return parse_definition(document, machine_type=machine_type, integrations=integrations, characters=len(text))


def json_fault(text: str) -> Diagnostic | None:
    """Return AWS's diagnostic for a text that is no JSON; None for JSON and for an empty text."""
    if not text.strip():
        return None
    try:
        parse_json(text)
    except JSONTextError as error:
        location = f"[Source: (String){_quoted(text)}; line: {error.line}, column: {error.column}]"
        message = f"{error.message}\n at {location}"
        return Diagnostic(
            code=INVALID_JSON_DESCRIPTION, message=message, location=location, line=error.line, column=error.column
        )
    return None


def _quoted(text: str) -> str:
    """Quote a text as Jackson does: at most its first 500 characters."""
    if len(text) <= _MOST_QUOTED:
        return f'"{text}"'
    return f'"{text[:_MOST_QUOTED]}"[truncated {len(text) - _MOST_QUOTED} chars]'
