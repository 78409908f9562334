"""What each type of state carries, and how its fields are compiled (JSONPath dialect).

Which field belongs to which type is a table, from the specification's "Table of State Types and Fields".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.assign import parse_assign
from pytest_sfn_sync.asl.choice import compile_choice_rule
from pytest_sfn_sync.asl.data_flow import JsonPathFlow
from pytest_sfn_sync.asl.definition import (
    ChoiceRule,
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    State,
    SucceedState,
    TaskState,
    WaitState,
)
from pytest_sfn_sync.asl.expressions import Expression
from pytest_sfn_sync.asl.field_reader import FieldReader
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.asl.path_fields import (
    input_or_output_path,
    items_path,
    number_path,
    result_path,
    selects_a_part,
    wait_path,
)
from pytest_sfn_sync.asl.retriers_and_catchers import parse_catch, parse_retry
from pytest_sfn_sync.asl.templates import compile_template, compile_value_path
from pytest_sfn_sync.asl.timestamps import is_rfc3339, parse_timestamp

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.parser import DefinitionParser

_QUERY_LANGUAGES = ("JSONPath", "JSONata")
_EVERY_STATE = frozenset({"Type", "Comment", "QueryLanguage"})
_TRANSITION = frozenset({"Next", "End", "Assign"})
_PATHS = frozenset({"InputPath", "OutputPath"})
_WORK = frozenset({"Parameters", "ResultSelector", "ResultPath", "Retry", "Catch"})
_FIELDS: dict[str, frozenset[str]] = {
    "Task": _EVERY_STATE
    | _TRANSITION
    | _PATHS
    | _WORK
    | {
        "Resource",
        "TimeoutSeconds",
        "TimeoutSecondsPath",
        "HeartbeatSeconds",
        "HeartbeatSecondsPath",
        "Credentials",
    },
    "Wait": _EVERY_STATE | _TRANSITION | _PATHS | {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"},
    "Pass": _EVERY_STATE | _TRANSITION | _PATHS | {"Parameters", "Result", "ResultPath"},
    "Succeed": _EVERY_STATE | _PATHS,
    "Fail": _EVERY_STATE | {"Error", "ErrorPath", "Cause", "CausePath"},
    "Choice": _EVERY_STATE | _PATHS | {"Choices", "Default", "Assign"},
    "Parallel": _EVERY_STATE | _TRANSITION | _PATHS | _WORK | {"Branches"},
    "Map": _EVERY_STATE
    | _TRANSITION
    | _PATHS
    | _WORK
    | {
        "ItemProcessor",
        "Iterator",
        "ItemsPath",
        "ItemSelector",
        "ItemReader",
        "ItemBatcher",
        "ResultWriter",
        "Label",
        "MaxConcurrency",
        "MaxConcurrencyPath",
        "ToleratedFailureCount",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
    },
}
_WITH_PARAMETERS = ("Task", "Pass", "Parallel")
_JSONATA_FIELDS = frozenset({"Arguments", "Output", "Items", "Condition"})
_LAMBDA_FUNCTION = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?")
_INTEGRATION = re.compile(
    r"arn:[^:]+:states:[^:]*:[^:]*:(?P<type>(?:aws-sdk:)?[A-Za-z0-9_-]+):(?P<action>[A-Za-z0-9:._-]+)"
)
_ACTIVITY = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:activity:.+")


def parse_state(parser: DefinitionParser, name: str, reader: FieldReader) -> State | None:
    """Parse one state; None where its faults leave nothing to run (they are noted)."""
    if "Type" not in reader:
        reader.fault("The field 'Type' is required")
        return None
    type_ = reader.fields["Type"]
    if not isinstance(type_, str) or type_ not in _FIELDS:
        reader.fault(f"The field 'Type' should have one of these values: [{', '.join(_FIELDS)}]", "Type")
        return None
    if not _is_json_path(parser, reader):
        return None
    _check_fields(reader, _FIELDS[type_])
    return StateParser(parser, name, reader).parse(type_)


def read_query_language(reader: FieldReader, default: str) -> str:
    """Read ``QueryLanguage``; measured: any value but ``JSONPath`` behaves as JSONata, besides its own fault."""
    value = reader.fields.get("QueryLanguage", default)
    if not isinstance(value, str):
        reader.fault("Expected value of type [STRING]", "QueryLanguage")
    elif value not in _QUERY_LANGUAGES:
        reader.fault(f"Value should be one of the following: [{', '.join(_QUERY_LANGUAGES)}]", "QueryLanguage")
    return "JSONPath" if value == "JSONPath" else "JSONata"


def _is_json_path(parser: DefinitionParser, reader: FieldReader) -> bool:
    language = read_query_language(reader, parser.query_language)
    if parser.query_language == "JSONata" and language == "JSONPath":
        reader.fault("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
    if language == "JSONata":
        reader.diagnostics.add(
            "pytest-sfn-sync does not run JSONata states yet: write this state in JSONPath",
            reader.location,
            code="UNSUPPORTED_QUERY_LANGUAGE",
        )
    return language == "JSONPath"


def _check_fields(reader: FieldReader, allowed: frozenset[str]) -> None:
    for field in reader.fields:
        if field in allowed:
            continue
        if field in _JSONATA_FIELDS:
            reader.fault(
                f"The QueryLanguage is set to 'JSONPath', but field '{field}' is only supported for the 'JSONata' "
                "QueryLanguage"
            )
        else:
            reader.fault(f"Field '{field}' is not supported")


class StateParser:
    """Reads the fields of one state."""

    def __init__(self, parser: DefinitionParser, name: str, reader: FieldReader) -> None:
        self.parser = parser
        self.reader = reader
        self.every_state: dict[str, Any] = {"name": name, "location": reader.location}

    def parse(self, type_: str) -> State | None:
        """Parse the state as the type it says it has."""
        reader = self.reader
        reader.string("Comment")
        carried = _FIELDS[type_]
        self.every_state["flow"] = self._flow(type_)
        if "Next" in carried:
            self.every_state["next"] = self._next()
        if "Retry" in carried:
            self.every_state["retry"] = parse_retry(reader)
            self.every_state["catch"] = parse_catch(reader)
        parse: dict[str, Any] = {
            "Task": self._task,
            "Wait": self._wait,
            "Pass": self._pass,
            "Succeed": self._succeed,
            "Fail": self._fail,
            "Choice": self._choice,
            "Parallel": self._parallel,
            "Map": self._map,
        }
        state: State | None = parse[type_]()
        return state

    def _next(self) -> str | None:
        transition = self.reader.exactly_one("Next", "End")
        if transition == "Next":
            return self.reader.string("Next")
        if transition == "End" and self.reader.boolean("End") is False:
            # Assumption: the specification wants End to be true; AWS's words for false are not recorded.
            self.reader.fault("Value should be one of the following: [true]", "End")
        return None

    def _template(self, field: str) -> Expression | None:
        if field not in self.reader:
            return None
        return compile_template(
            self.reader.fields[field], location=self.reader.at(field), diagnostics=self.reader.diagnostics
        )

    def _flow(self, type_: str) -> JsonPathFlow:
        reader = self.reader
        if type_ == "Fail":
            return JsonPathFlow()
        return JsonPathFlow(
            input_path=input_or_output_path(reader, "InputPath"),
            # A Map's Parameters are the old name of its ItemSelector.
            parameters=self._template("Parameters") if type_ in _WITH_PARAMETERS else None,
            result_selector=self._template("ResultSelector") if "ResultSelector" in _FIELDS[type_] else None,
            result_path=result_path(reader) if "ResultPath" in _FIELDS[type_] else None,
            output_path=input_or_output_path(reader, "OutputPath"),
            output_path_selects=selects_a_part(reader, "OutputPath"),
            assign=parse_assign(reader) if "Assign" in _FIELDS[type_] else None,
        )

    def _pass(self) -> PassState:
        result = None
        if "Result" in self.reader:
            literal = self.reader.fields["Result"]
            # Recorded: keys that end in .$ are not evaluated inside Result.
            result = Expression(source=literal, evaluate=lambda document, scope: literal)
        return PassState(**self.every_state, result=result)

    def _task(self) -> TaskState | None:
        reader = self.reader
        resource = reader.string("Resource")
        if "Resource" not in reader:
            reader.require("Resource")
        timeout = self._number_or_path("TimeoutSeconds", minimum=1, default=MAX_SECONDS)
        heartbeat = self._number_or_path("HeartbeatSeconds", minimum=1, default=0)
        if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
            # Assumption: AWS's words are not recorded.
            reader.fault("HeartbeatSeconds must be smaller than TimeoutSeconds", "HeartbeatSeconds")
        credentials = self._credentials()
        if resource is None:
            return None
        integration = self._integration(resource)
        return TaskState(
            **self.every_state,
            resource=resource,
            integration=integration,
            event_details=integration and {"resourceType": integration[0], "resource": integration[1]},
            timeout_seconds=timeout,
            has_timeout="TimeoutSeconds" in reader or "TimeoutSecondsPath" in reader,
            heartbeat_seconds=heartbeat or None,
            credentials=credentials,
        )

    def _integration(self, resource: str) -> tuple[str, str] | None:
        if _LAMBDA_FUNCTION.fullmatch(resource):
            return None
        if _ACTIVITY.fullmatch(resource):
            self.reader.fault("Express state machine does not support Activity ARN", "Resource")
            return None
        integration = _INTEGRATION.fullmatch(resource)
        if integration is None:
            self.reader.fault(
                f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the "
                "resource is not available in this region.",
                "Resource",
            )
            return None
        action, _, pattern = integration["action"].partition(".")
        if pattern == "waitForTaskToken":
            # Recorded with the space at its end.
            self.reader.fault(
                "Express state machine does not support '.waitForTaskToken' service integration ", "Resource"
            )
        elif pattern in {"sync", "sync:2"}:
            # Assumption: .sync:2 is refused in the words recorded for .sync.
            self.reader.fault("Express state machine does not support '.sync' service integration", "Resource")
        return integration["type"], action

    def _credentials(self) -> Expression | None:
        credentials = self.reader.object("Credentials")
        if credentials is None:
            return None
        if "RoleArn" not in credentials and "RoleArn.$" not in credentials:
            self.reader.fault("The field 'RoleArn' is required but was missing", "Credentials")
        return self._template("Credentials")

    def _number_or_path(self, field: str, *, minimum: int, default: int) -> Any:
        """Read a whole number, or its ``...Path`` twin as an expression."""
        if self.reader.at_most_one(field, f"{field}Path") == f"{field}Path":
            return number_path(self.reader, f"{field}Path") or default
        return self.reader.integer(field, minimum=minimum, maximum=MAX_SECONDS, default=default)

    def _wait(self) -> WaitState:
        reader = self.reader
        # The order of the four is AWS's own (measured).
        kind = reader.exactly_one("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
        timestamp = None
        if kind == "Timestamp":
            text = reader.string("Timestamp")
            timestamp = None if text is None or not is_rfc3339(text) else parse_timestamp(text)
            if text is not None and timestamp is None:
                reader.fault("String does not match RFC3339 timestamp", "Timestamp")
        seconds = reader.integer("Seconds", minimum=0, maximum=MAX_SECONDS, default=0)
        return WaitState(
            **self.every_state,
            seconds=seconds if kind == "Seconds" else None,
            timestamp=timestamp,
            seconds_path=wait_path(reader, "SecondsPath"),
            timestamp_path=wait_path(reader, "TimestampPath"),
        )

    def _succeed(self) -> SucceedState:
        return SucceedState(**self.every_state)

    def _fail(self) -> FailState:
        return FailState(**self.every_state, error=self._text_or_path("Error"), cause=self._text_or_path("Cause"))

    def _text_or_path(self, field: str) -> str | Expression | None:
        path = f"{field}Path"
        if self.reader.at_most_one(field, path) != path:
            return self.reader.string(field)
        source = self.reader.string(path)
        if source is None:
            return None
        return compile_value_path(
            source, field=path, location=self.reader.at(path), diagnostics=self.reader.diagnostics
        )

    def _choice(self) -> ChoiceState:
        reader = self.reader
        reader.require("Choices")
        rules = []
        for fields, location in reader.objects("Choices"):
            rule = FieldReader(fields, location, reader.diagnostics)
            rule.require("Next")
            condition = compile_choice_rule(fields, location=location, diagnostics=reader.diagnostics, nested=False)
            next_state = rule.string("Next")
            flow = replace(self.every_state["flow"], assign=parse_assign(rule))
            rules.append(ChoiceRule(condition=condition, next=next_state or "", flow=flow))
        return ChoiceState(**self.every_state, choices=tuple(rules), next=reader.string("Default"))

    def _parallel(self) -> ParallelState:
        reader = self.reader
        reader.require("Branches")
        branches = [
            self.parser.nested_states(fields, location, is_processor=False)
            for fields, location in reader.objects("Branches")
        ]
        return ParallelState(
            **self.every_state,
            branches=tuple(branch for branch in branches if branch is not None),
        )

    def _map(self) -> MapState | None:
        reader = self.reader
        field = reader.exactly_one("ItemProcessor", "Iterator")
        processor = None if field is None else reader.object(field)
        states = None
        if field is not None and processor is not None:
            self._check_processor_config(FieldReader(processor, reader.at(field), reader.diagnostics))
            states = self.parser.nested_states(processor, reader.at(field), is_processor=True)
        # Measured: ItemSelector and its deprecated name Parameters together are refused (the text is not recorded).
        selector = reader.at_most_one("ItemSelector", "Parameters")
        for unsupported in ("ItemReader", "ItemBatcher", "ResultWriter"):
            if unsupported in reader:
                # They belong to distributed Maps, which Express machines can't have.
                reader.fault(f"Express state machine does not support '{unsupported}'", unsupported)
        percentage: Any = reader.number("ToleratedFailurePercentage", minimum=0.0, maximum=100.0, default=0)
        if reader.at_most_one("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"):
            percentage = number_path(reader, "ToleratedFailurePercentagePath") or percentage
        max_concurrency = self._number_or_path("MaxConcurrency", minimum=0, default=0)
        tolerated_failure_count = self._number_or_path("ToleratedFailureCount", minimum=0, default=0)
        if states is None:
            return None
        return MapState(
            **self.every_state,
            item_processor=states,
            items_path=items_path(reader),
            item_selector=None if selector is None else self._template(selector),
            max_concurrency=max_concurrency,
            tolerated_failure_count=tolerated_failure_count,
            tolerated_failure_percentage=percentage,
        )

    def _check_processor_config(self, processor: FieldReader) -> None:
        fields = processor.object("ProcessorConfig")
        if fields is None:
            return
        config = FieldReader(fields, processor.at("ProcessorConfig"), processor.diagnostics)
        config.only(frozenset({"Mode", "ExecutionType"}))
        if config.one_of("Mode", ("INLINE", "DISTRIBUTED"), "INLINE") == "DISTRIBUTED":
            # Documented: no distributed Map in Express machines; AWS's words are not recorded.
            config.fault("Express state machine does not support 'DISTRIBUTED' Map state", "Mode")
