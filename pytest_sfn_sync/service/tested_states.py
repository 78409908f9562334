"""TestState: one state of a definition is run, and every step of its data flow is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_sfn_sync.asl.definition import MapState, ParallelState, State, States, TaskState
from pytest_sfn_sync.asl.diagnostics import Diagnostics
from pytest_sfn_sync.asl.expressions import JSON, UncompiledDefinitionError
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.variable_names import fault_of_name
from pytest_sfn_sync.asl.graph.walk import outermost
from pytest_sfn_sync.asl.json_text import parse_json
from pytest_sfn_sync.asl.location import ROOT
from pytest_sfn_sync.asl.parsing.definition_parser import DefinitionParser, InvalidDefinitionError
from pytest_sfn_sync.asl.parsing.definition_text import json_fault, parse_definition_text
from pytest_sfn_sync.asl.parsing.expression_sizes import check_expression_sizes
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.mocked_maps import check_failure_count
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.state_mocks import Mock, context_of, json_of, mock_of, refused
from pytest_sfn_sync.service.state_trial import STATE_NAME, StateTrial, StateUnderTest


def try_state(account: Account, request: Request) -> dict[str, Any]:
    """Run the state of a request, and return what it did."""
    tested = _tested_state(account, request)
    raw_input = json_of(request, "input", {})
    mock = mock_of(request, tested.state, tested.fields)
    configuration = request.get("stateConfiguration") or {}
    _check_combination(request, tested.state, mock, configuration)
    context = context_of(request, tested.state, has_mock=mock is not None)
    variables = _variables(request)
    trial = StateTrial(account, request, tested, raw_input, mock, configuration, context, variables)
    response = trial.run()
    if request.get("inspectionLevel") in ("DEBUG", "TRACE"):
        response["inspectionData"] = trial.inspection.steps
    return response


def _variables(request: Request) -> JSON:
    """Return the variables of a request. Assumption: the text for what is no object; names are those of ``Assign``."""
    if request.get("variables") is None:
        return None
    variables = json_of(request, "variables", None)
    if not isinstance(variables, dict):
        raise refused("Variables must be a JSON object")
    for name in variables:
        fault = fault_of_name(name)
        if fault is not None:
            raise refused(fault[1])
    return variables


def _tested_state(account: Account, request: Request) -> StateUnderTest:
    text, name = request["definition"], request.get("stateName")
    fault = json_fault(text)
    if fault is not None:
        raise service_error("InvalidDefinition", reason=str(fault))
    document = parse_json(text) if text.strip() else None
    try:
        if name is not None:
            compiled = parse_definition_text(text, machine_type="STANDARD", integrations=account.registry.integrations)
            return _named(document, compiled.states, name)
        return _single(account, document, text)
    except InvalidDefinitionError as invalid:
        raise service_error("InvalidDefinition", reason=", ".join(map(str, invalid.diagnostics))) from None
    except UncompiledDefinitionError as uncompiled:
        raise SfnSyncUsageError(f"TestState: {uncompiled}") from None


def _named(document: JSON, states: States, name: str) -> StateUnderTest:
    found = next((state for state in states.with_inner() if state.name == name), None)
    machine = outermost(document)
    if found is None or machine is None:
        raise service_error("ValidationException", reason="State not found in definition")
    fields = next(written.fields for inner in machine.with_inner() for written in inner.states if written.name == name)
    return StateUnderTest(found, fields, document.get("QueryLanguage"))


def _single(account: Account, document: JSON, text: str) -> StateUnderTest:
    diagnostics = Diagnostics()
    if not isinstance(document, dict):
        diagnostics.add("Definition must be a valid JSON object", None)
        raise InvalidDefinitionError(diagnostics.found)
    check_expression_sizes(document, len(text))
    parser = DefinitionParser(diagnostics, is_express=False, integrations=account.registry.integrations)
    machine = {"StartAt": STATE_NAME, "States": {STATE_NAME: document}}
    states = parser.states(FieldReader(machine, ROOT, diagnostics))
    if diagnostics.errors or states is None:
        raise InvalidDefinitionError(diagnostics.errors)
    return StateUnderTest(states.by_name[STATE_NAME], document, None)


def _check_combination(request: Request, state: State, mock: Mock | None, configuration: Mapping[str, Any]) -> None:
    """Raise the error for members that don't go together. Recorded and measured: the texts."""
    refusal = next(_refusals(request, state, mock, configuration), None)
    if refusal is not None:
        raise refusal


def _refusals(
    request: Request, state: State, mock: Mock | None, configuration: Mapping[str, Any]
) -> Iterator[ServiceError]:
    failures = configuration.get("mapIterationFailureCount")
    if mock is None:
        if failures is not None:
            yield refused("TestState does not support MapIterationFailureCount when a mock is not specified.")
        if isinstance(state, MapState | ParallelState):
            yield ServiceError(
                "InvalidDefinition",
                "TestState API does not support Map or Parallel states. Supported state types include: "
                "[Task, Wait, Pass, Succeed, Fail, Choice]",
            )
        if isinstance(state, TaskState) and (state.pattern or state.kind == "Activity"):
            # Documented: it is refused. Assumption: the text.
            what = f".{state.pattern} service integration pattern" if state.pattern else "resource of an activity"
            yield ServiceError(
                "InvalidDefinition",
                f"TestState API does not support Task states with the {what} when a mock is not specified.",
            )
        if isinstance(state, TaskState) and request.get("roleArn") is None:
            yield refused("RoleArn must be specified when testing a Task state")
    elif failures is not None and not isinstance(state, MapState):
        yield refused("MapIterationFailureCount is only supported when testing a Map state.")
    elif failures is not None and isinstance(mock.result, list):
        check_failure_count(failures, len(mock.result))
