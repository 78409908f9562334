"""The strict parser from JSON to the compiled model: everything that AWS would refuse becomes a diagnostic.

This module reads the machine and its sets of states. The fields of each type of state are in `state_parser`; the checks
of several states together are in `validation`. Sources: the specification's tables, and measured texts of
CreateStateMachine and ValidateStateMachineDefinition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pytest_sfn_sync.asl.definition import State, StateMachineDefinition, States
from pytest_sfn_sync.asl.diagnostics import (
    DUPLICATE_STATE_NAME,
    INVALID_STATE_NAME,
    TOO_DEEPLY_NESTED,
    Diagnostic,
    Diagnostics,
)
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.query_languages import JSON_PATH, check_query_language, query_language
from pytest_sfn_sync.asl.graph.walk import outermost
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.limits import MAX_DEFINITION_CHARACTERS, MAX_NESTING, MAX_SECONDS
from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.asl.parsing.expression_sizes import check_expression_sizes
from pytest_sfn_sync.asl.parsing.state_parser import parse_state
from pytest_sfn_sync.asl.validation.integrations import Integrations
from pytest_sfn_sync.asl.validation.transitions import check_transitions
from pytest_sfn_sync.asl.validation.variable_scopes import check_variables

EXPRESS: Final = "EXPRESS"
STANDARD: Final = "STANDARD"

_MACHINE_FIELDS = frozenset({"Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"})
_BRANCH_FIELDS = frozenset({"Comment", "StartAt", "States"})
_PROCESSOR_FIELDS = _BRANCH_FIELDS | {"ProcessorConfig"}
_MAX_NAME = 80


class InvalidDefinitionError(Exception):
    """Raised for a definition that AWS would refuse.

    ``diagnostics`` are all its faults, ``warnings`` the findings for which AWS would not refuse it.
    """

    def __init__(self, diagnostics: list[Diagnostic], warnings: Iterable[Diagnostic] = ()) -> None:
        super().__init__(", ".join(map(str, diagnostics)))
        self.diagnostics = diagnostics
        self.warnings = tuple(warnings)


def parse_definition(
    definition: JSON,
    *,
    machine_type: str = EXPRESS,
    integrations: Integrations | None = None,
    characters: int | None = None,
) -> StateMachineDefinition:
    """Parse and compile a whole definition, given as a JSON value.

    ``machine_type`` matters because an Express machine refuses fields that a Standard machine has. ``integrations``
    knows the services of AWS; without it every integration passes. ``characters`` is the length of the definition's
    text; a definition that did not come from a text counts as if it were written without spaces.

    Raise `InvalidDefinitionError` with every fault, and `ExpressionTooLargeError` for expressions that are not read.
    """
    diagnostics = Diagnostics()
    if not isinstance(definition, dict):
        diagnostics.add("Definition must be a valid JSON object", None)
        raise InvalidDefinitionError(diagnostics.found)
    length = len(compact(definition)) if characters is None else characters
    check_length(length, diagnostics)
    if diagnostics.errors:
        # Assumption: the API refuses the request before the definition is looked at.
        raise InvalidDefinitionError(diagnostics.errors)
    check_expression_sizes(definition, length)
    parser = DefinitionParser(diagnostics, is_express=machine_type == EXPRESS, integrations=integrations)
    parsed = None
    try:
        parsed = parser.machine(definition)
    except RecursionError:
        # Assumption: the depth at which AWS refuses it, which was not recorded. Here it is Python's own limit.
        diagnostics.add("Values are nested too deeply", None, code=TOO_DEEPLY_NESTED)
    if diagnostics.errors or parsed is None:
        raise InvalidDefinitionError(diagnostics.errors, diagnostics.warnings)
    return parsed


def check_length(characters: int, diagnostics: Diagnostics) -> None:
    """Record that a definition has more characters than the API accepts (documented)."""
    if characters > MAX_DEFINITION_CHARACTERS:
        # Assumption: the words, which are those of the API's other limits, and that AWS reports it as a diagnostic.
        diagnostics.add(
            "Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to "
            f"{MAX_DEFINITION_CHARACTERS}",
            None,
            hint=f"It has {characters}.",
        )


class DefinitionParser:
    """A parser of one definition; `parse_state` calls `nested_states` for the states inside a state."""

    def __init__(
        self, diagnostics: Diagnostics, *, is_express: bool = True, integrations: Integrations | None = None
    ) -> None:
        self.diagnostics = diagnostics
        self.is_express = is_express
        self.integrations = integrations
        self.query_language = JSON_PATH
        self.labels: dict[str, Location] = {}
        self._locations: dict[str, Location] = {}
        self._depth = 0

    def machine(self, definition: dict[str, JSON]) -> StateMachineDefinition | None:
        """Parse the top level: the whole schema first, then the graph, as AWS orders its diagnostics."""
        reader = FieldReader(definition, ROOT, self.diagnostics)
        self.query_language = query_language(reader, JSON_PATH)
        check_query_language(reader)
        reader.only(_MACHINE_FIELDS)
        states = self.states(reader)
        # Measured: 0 is accepted. Assumption: it sets no limit.
        timeout = reader.integer("TimeoutSeconds", minimum=0, maximum=MAX_SECONDS, default=0)
        comment, version = reader.string("Comment"), reader.one_of("Version")
        written = outermost(definition)
        if written is not None:
            check_transitions(written, self.diagnostics)
            check_variables(written, self.diagnostics)
        if states is None:
            return None
        return StateMachineDefinition(
            states=states,
            timeout_seconds=timeout or None,
            comment=comment,
            version=version or "1.0",
            warnings=tuple(self.diagnostics.warnings),
        )

    def nested_states(self, reader: FieldReader, *, is_processor: bool, is_express: bool = False) -> States | None:
        """Parse a Parallel's branch or a Map's processor; ``is_express`` is true for Express child executions."""
        reader.only(_PROCESSOR_FIELDS if is_processor else _BRANCH_FIELDS)
        if self._depth >= MAX_NESTING:
            message = f"States are nested more than {MAX_NESTING} levels deep"
            self.diagnostics.add(message, reader.location, code=TOO_DEEPLY_NESTED)
            return None
        self._depth += 1
        is_express_around, self.is_express = self.is_express, self.is_express or is_express
        try:
            return self.states(reader)
        finally:
            self._depth -= 1
            self.is_express = is_express_around

    def states(self, reader: FieldReader) -> States | None:
        """Parse ``StartAt`` and ``States``."""
        # Recorded: AWS lists them in this order: "These fields are required: [States, StartAt]".
        reader.require("States", "StartAt")
        start_at, fields = reader.string("StartAt"), reader.object("States")
        if fields is not None and not fields:
            reader.fault("Value cannot be empty", "States")
        if fields is None:
            return None
        by_name: dict[str, State] = {}
        for name, state_fields in fields.items():
            location = reader.location.state(name)
            self._check_name(name, location)
            if not isinstance(state_fields, dict):
                self.diagnostics.add("Expected value of type Object", location, hint=_misplaced(name))
                continue
            state = parse_state(self, name, FieldReader(state_fields, location, self.diagnostics))
            if state is not None:
                by_name[name] = state
        return None if start_at is None else States(start_at=start_at, by_name=by_name)

    def _check_name(self, name: str, location: Location) -> None:
        if len(name) > _MAX_NAME:
            message = (
                f"Invalid State name: State '{name}' exceeds the {_MAX_NAME}-character limit allowed by the service"
            )
            self.diagnostics.add(message, location, code=INVALID_STATE_NAME)
        if name in self._locations:
            hint = f"The other one is at {self._locations[name]}; a name stands once in a whole machine."
            self.diagnostics.add(f"Duplicate State name: {name}", location, code=DUPLICATE_STATE_NAME, hint=hint)
        self._locations.setdefault(name, location)


def _misplaced(name: str) -> str | None:
    """Return a hint where a field of the machine stands among the states."""
    if name not in _MACHINE_FIELDS:
        return None
    return f"{name!r} stands inside States; it is a field of the machine and belongs beside StartAt."
