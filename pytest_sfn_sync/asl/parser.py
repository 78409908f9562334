"""From a definition as JSON to the compiled model, strictly: whatever AWS would refuse is a diagnostic, all in one go.

This module reads the machine and its sets of states, and checks the graph they make; what each type of state carries
is in `state_parser`. Sources: the specification's tables, and measured texts of CreateStateMachine and
ValidateStateMachineDefinition.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_sfn_sync.asl.definition import State, StateMachineDefinition, States
from pytest_sfn_sync.asl.diagnostics import (
    DUPLICATE_STATE_NAME,
    MISSING_END_STATE,
    MISSING_TRANSITION_TARGET,
    Diagnostic,
    Diagnostics,
)
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.field_reader import FieldReader
from pytest_sfn_sync.asl.limits import MAX_NESTING, MAX_SECONDS
from pytest_sfn_sync.asl.state_parser import note_query_language, parse_state, query_language

_MACHINE_FIELDS = frozenset({"Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"})
_BRANCH_FIELDS = frozenset({"Comment", "StartAt", "States"})
_PROCESSOR_FIELDS = _BRANCH_FIELDS | {"ProcessorConfig"}
_MAX_NAME = 80
_TERMINAL_TYPES = ("Succeed", "Fail")


class InvalidDefinitionError(Exception):
    """A definition that AWS would not create a machine from; ``diagnostics`` are all its faults."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(", ".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


def parse_definition(definition: JSON) -> StateMachineDefinition:
    """Parse and compile a whole definition, given as a JSON value; raises `InvalidDefinitionError` with every fault."""
    diagnostics = Diagnostics()
    if not isinstance(definition, dict):
        diagnostics.add("Definition must be a valid JSON object", None)
        raise InvalidDefinitionError(diagnostics.found)
    parsed = DefinitionParser(diagnostics).machine(definition)
    if diagnostics.found or parsed is None:
        raise InvalidDefinitionError(diagnostics.found)
    return parsed


class DefinitionParser:
    """Parses one definition; nested sets of states come back to it through `states`."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        self.query_language = "JSONPath"
        self._names: set[str] = set()
        self._depth = 0

    def machine(self, definition: dict[str, JSON]) -> StateMachineDefinition | None:
        """Parse the top level: the schema of all states first, then the graph, as AWS orders its diagnostics."""
        reader = FieldReader(definition, "", self.diagnostics)
        self.query_language = query_language(reader, "JSONPath")
        note_query_language(reader)
        reader.only(_MACHINE_FIELDS)
        states = self.states(reader)
        self._check_graph(reader)
        timeout = reader.integer("TimeoutSeconds", minimum=1, maximum=MAX_SECONDS, default=0)
        comment, version = reader.string("Comment"), reader.string("Version")
        if states is None:
            return None
        return StateMachineDefinition(
            states=states, timeout_seconds=timeout or None, comment=comment, version=version or "1.0"
        )

    def nested_states(self, fields: dict[str, JSON], location: str, *, is_processor: bool) -> States | None:
        """Parse a Parallel's branch or a Map's processor."""
        reader = FieldReader(fields, location, self.diagnostics)
        reader.only(_PROCESSOR_FIELDS if is_processor else _BRANCH_FIELDS)
        if self._depth >= MAX_NESTING:
            self.diagnostics.add(
                f"States are nested more than {MAX_NESTING} levels deep", location, code="TOO_DEEPLY_NESTED"
            )
            return None
        self._depth += 1
        try:
            return self.states(reader)
        finally:
            self._depth -= 1

    def states(self, reader: FieldReader) -> States | None:
        """Parse ``StartAt`` and ``States``."""
        # AWS lists them in this order (recorded: "These fields are required: [States, StartAt]").
        if not reader.require("States", "StartAt"):
            return None
        start_at, fields = reader.string("StartAt"), reader.object("States")
        if fields is not None and not fields:
            reader.fault("Value cannot be empty", "States")
        if start_at is None or fields is None:
            return None
        by_name: dict[str, State] = {}
        for name, state_fields in fields.items():
            location = f"{reader.location}/States/{name}"
            self._check_name(name, location)
            if not isinstance(state_fields, dict):
                self.diagnostics.add("Expected value of type Object", location)
                continue
            state = parse_state(self, name, FieldReader(state_fields, location, self.diagnostics))
            if state is not None:
                by_name[name] = state
        return States(start_at=start_at, by_name=by_name)

    def _check_name(self, name: str, location: str) -> None:
        if len(name) > _MAX_NAME:
            self.diagnostics.add(
                f"State name must not be longer than {_MAX_NAME} characters", location, code="INVALID_STATE_NAME"
            )
        if name in self._names:
            self.diagnostics.add(f"Duplicate State name: {name}", location, code=DUPLICATE_STATE_NAME)
        self._names.add(name)

    def _check_graph(self, machine: FieldReader) -> None:
        """Check targets, the end, and what is reachable, over the whole machine; order as measured."""
        sets = [_Graph(fields, location) for fields, location in _sets_of_states(machine.fields, "")]
        for graph in sets:
            graph.note_missing_targets(self.diagnostics)
        if not any(graph.has_end for graph in sets):
            if sets:
                self.diagnostics.add("Workflow has no terminal state", None, code=MISSING_END_STATE)
            return
        for graph in sets:
            graph.note_unreachable(self.diagnostics)


def _sets_of_states(fields: dict[str, JSON], location: str, depth: int = 0) -> Iterator[tuple[dict[str, JSON], str]]:
    """Walk the raw definition: the machine, then every branch and processor inside it that is not too deep."""
    states = fields.get("States")
    if not isinstance(states, dict) or depth > MAX_NESTING:
        return
    yield fields, location
    for name, state in states.items():
        if not isinstance(state, dict):
            continue
        place = f"{location}/States/{name}"
        branches = state.get("Branches")
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            if isinstance(branch, dict):
                yield from _sets_of_states(branch, f"{place}/Branches[{index}]", depth + 1)
        for field in ("ItemProcessor", "Iterator"):
            if isinstance(state.get(field), dict):
                yield from _sets_of_states(state[field], f"{place}/{field}", depth + 1)


class _Graph:
    """The transitions of one set of states, read from the raw fields so that faults elsewhere don't hide them."""

    def __init__(self, fields: dict[str, JSON], location: str) -> None:
        self.states: dict[str, JSON] = fields["States"]
        self.location = location
        self.targets: list[tuple[JSON, str]] = [(fields.get("StartAt"), f"{location}/StartAt")]
        self.has_end = False
        for name, state in self.states.items():
            if isinstance(state, dict):
                place = f"{location}/States/{name}"
                self.targets.extend(_transitions(state, place))
                self.has_end |= state.get("Type") in _TERMINAL_TYPES or ("Type" in state and state.get("End") is True)

    def note_missing_targets(self, diagnostics: Diagnostics) -> None:
        for target, place in self.targets:
            if isinstance(target, str) and target not in self.states:
                # Measured: always "Next", for StartAt and Default too.
                diagnostics.add(f"Missing 'Next' target: {target}", place, code=MISSING_TRANSITION_TARGET)

    def note_unreachable(self, diagnostics: Diagnostics) -> None:
        # Measured: unreachable is a state that no other names; a chain that hangs off such a state is not reported.
        named = {target for target, _ in self.targets if isinstance(target, str)}
        for name in self.states:
            if name not in named:
                diagnostics.add(
                    f'State "{name}" is not reachable.',
                    f"{self.location}/States/{name}",
                    code=MISSING_TRANSITION_TARGET,
                )


def _transitions(state: dict[str, JSON], place: str) -> Iterator[tuple[JSON, str]]:
    for field in ("Next", "Default"):
        if field in state:
            yield state[field], f"{place}/{field}"
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and "Next" in entry:
                yield entry["Next"], f"{place}/{field}[{index}]/Next"
