"""What each type of state is parsed to; fields whose form depends on the query language are the dialect's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.dialects.json_path import ONLY_HERE as _JSON_PATH_FIELDS
from pytest_sfn_sync.asl.dialects.json_path import JsonPathDialect
from pytest_sfn_sync.asl.expressions import Expression
from pytest_sfn_sync.asl.limits import MAX_COUNT, MAX_SECONDS
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.asl.parsing.distributed_map_fields import (
    DISTRIBUTED_FIELDS,
    check_distributed_map,
    check_processor_config,
    is_distributed,
)
from pytest_sfn_sync.asl.parsing.field_reader import FieldReader
from pytest_sfn_sync.asl.parsing.query_languages import (
    JSON_PATH,
    JSONATA,
    note_other_language,
    note_query_language,
    query_language,
)
from pytest_sfn_sync.asl.parsing.retry_and_catch import parse_catch, parse_retry
from pytest_sfn_sync.asl.parsing.task_resource import note_express_pattern, read_resource
from pytest_sfn_sync.asl.size_bounds import size_bound
from pytest_sfn_sync.asl.validation.advice import warn_of_static_paths
from pytest_sfn_sync.asl.validation.doubtful_paths import warn_of_doubtful_paths
from pytest_sfn_sync.asl.validation.integrations import check_integration

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.parsing.definition_parser import DefinitionParser

# AWS lists them in this order (recorded).
_TYPES = ("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map")
_JSONATA_FIELDS = frozenset({"Arguments", "Output", "Items", "Condition"})


def parse_state(parser: DefinitionParser, name: str, reader: FieldReader) -> State | None:
    """Parse one state; None where its faults leave nothing to run (they are noted)."""
    if "Type" not in reader:
        reader.fault("The field 'Type' is required")
        return None
    type_ = reader.fields["Type"]
    if type_ not in _TYPES:
        hint = did_you_mean(type_, _TYPES) if isinstance(type_, str) else None
        reader.fault(f"The field 'Type' should have one of these values: [{', '.join(_TYPES)}]", "Type", hint=hint)
        return None
    language = query_language(reader, parser.query_language)
    is_downgrade = parser.query_language == JSONATA and language == JSON_PATH
    if is_downgrade:
        reader.fault("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
    dialect = _dialect(language, reader)
    if language == JSON_PATH:
        warn_of_static_paths(reader, type_)
        warn_of_doubtful_paths(reader)
    _check_fields(reader, dialect.carried(type_), language, is_downgrade=is_downgrade)
    note_query_language(reader)
    return _StateParser(parser, name, reader, dialect).parse(type_)


def _dialect(language: str, reader: FieldReader) -> Dialect:
    if language == JSON_PATH:
        return JsonPathDialect(reader)
    # Imported by those who need it: it brings what only JSONata's functions use.
    from pytest_sfn_sync.asl.dialects.jsonata import JsonataDialect

    return JsonataDialect(reader)


def _check_fields(reader: FieldReader, carried: frozenset[str], language: str, *, is_downgrade: bool) -> None:
    """Note every field that the state does not carry; those of the other language in words of their own (measured)."""
    others_fields = _JSONATA_FIELDS if language == JSON_PATH else _JSON_PATH_FIELDS
    for field in reader.fields:
        if field in carried:
            continue
        if field not in others_fields:
            reader.not_supported(field, carried)
        elif not is_downgrade:
            note_other_language(reader, field, language)


class _StateParser:
    """Reads the fields of one state."""

    def __init__(self, parser: DefinitionParser, name: str, reader: FieldReader, dialect: Dialect) -> None:
        self.parser = parser
        self.reader = reader
        self.dialect = dialect
        self.every_state: dict[str, Any] = {"name": name, "location": reader.location}

    def parse(self, type_: str) -> State | None:
        """Parse the state as the type it says it has."""
        reader, carried = self.reader, self.dialect.carried(type_)
        reader.string("Comment")
        self.every_state["flow"] = self.dialect.flow(type_)
        if "Next" in carried:
            self.every_state["next"] = self._next()
        if "Retry" in carried:
            self.every_state["retry"] = parse_retry(reader)
            self.every_state["catch"] = parse_catch(reader, self.dialect)
        parse: dict[str, Any] = {
            "Task": self._task,
            "Wait": lambda: WaitState(**self.every_state, **self.dialect.wait()),
            "Pass": lambda: PassState(**self.every_state, result=self.dialect.result()),
            "Succeed": lambda: SucceedState(**self.every_state),
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

    def _task(self) -> TaskState | None:
        reader = self.reader
        reader.require("Resource")
        resource = reader.string("Resource")
        timeout = self.dialect.number("TimeoutSeconds", minimum=1, default=MAX_SECONDS)
        heartbeat = self.dialect.number("HeartbeatSeconds", minimum=1, default=0)
        if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat > timeout:
            # Assumption: AWS's words are not recorded. The specification wants it smaller, but machines are published
            # in which the two are equal.
            reader.fault("HeartbeatSeconds must be smaller than TimeoutSeconds", "HeartbeatSeconds")
        credentials = self._credentials()
        if resource is None:
            return None
        read = read_resource(reader, resource, is_express=self.parser.is_express)
        integrations, unchecked = self.parser.integrations, frozenset[str]()
        if read is not None and integrations is None:
            note_express_pattern(reader, read)
        elif read is not None and integrations is not None:
            unchecked = check_integration(integrations, read, reader, self.dialect)
        integration = None if read is None else (read.type, read.action)
        return TaskState(
            **self.every_state,
            resource=resource,
            integration=integration,
            event_details=integration and {"resourceType": integration[0], "resource": integration[1]},
            timeout_seconds=timeout,
            has_timeout="TimeoutSeconds" in reader or "TimeoutSecondsPath" in reader,
            heartbeat_seconds=heartbeat or None,
            credentials=credentials,
            unchecked_members=unchecked,
        )

    def _credentials(self) -> Expression | None:
        credentials = self.reader.object("Credentials")
        if credentials is None:
            return None
        if "RoleArn" not in credentials and "RoleArn.$" not in credentials:
            self.reader.fault("The field 'RoleArn' is required but was missing", "Credentials")
        return self.dialect.credentials()

    def _fail(self) -> FailState:
        return FailState(**self.every_state, error=self.dialect.text("Error"), cause=self.dialect.text("Cause"))

    def _choice(self) -> ChoiceState:
        reader = self.reader
        reader.require("Choices")
        rules = []
        for index, (fields, location) in enumerate(reader.objects("Choices")):
            rule, place = FieldReader(fields, location, reader.diagnostics), f"Choices[{index}]"
            rule.require("Next")
            condition = self.dialect.condition(rule, place)
            next_state = rule.string("Next")
            flow = self.dialect.rule_flow(rule, place, self.every_state["flow"])
            rules.append(ChoiceRule(location=location, condition=condition, next=next_state or "", flow=flow))
        return ChoiceState(**self.every_state, choices=tuple(rules), next=reader.string("Default"))

    def _parallel(self) -> ParallelState:
        reader = self.reader
        reader.require("Branches")
        branches = [
            self.parser.nested_states(fields, location, is_processor=False)
            for fields, location in reader.objects("Branches")
        ]
        return ParallelState(**self.every_state, branches=tuple(branch for branch in branches if branch is not None))

    def _map(self) -> MapState | None:
        reader = self.reader
        field = reader.exactly_one("ItemProcessor", "Iterator")
        processor = None if field is None else reader.object(field)
        states = None
        if field is not None and processor is not None:
            place = FieldReader(processor, reader.at(field), reader.diagnostics)
            check_processor_config(place, is_express=self.parser.is_express)
            states = self.parser.nested_states(processor, reader.at(field), is_processor=True)
        check_distributed_map(self.parser, reader, self.dialect)
        items = self.dialect.items(may_be_object=is_distributed(processor))
        selector, flow = self.dialect.item_selector(), self.every_state["flow"]
        items_are_parts = (
            isinstance(flow, JsonPathFlow)
            and flow.input_path_selects
            and (items is None or items.source.startswith(("$.", "$[")))
        )
        of_its_own: dict[str, Any] = {
            "items_path": items,
            "item_selector": selector,
            "items_are_parts": items_are_parts,
            "selector_bound": size_bound(selector.source) if selector is not None and items_are_parts else None,
            "max_concurrency": self.dialect.number(
                "MaxConcurrency", minimum=0, maximum=MAX_COUNT, default=0, takes_context=False
            ),
            "tolerated_failure_count": self.dialect.number(
                "ToleratedFailureCount", minimum=0, maximum=MAX_COUNT, default=0, takes_context=False
            ),
            "tolerated_failure_percentage": self.dialect.percentage(),
            "distributed_fields": tuple(field for field in DISTRIBUTED_FIELDS if field in reader),
        }
        return None if states is None else MapState(**self.every_state, item_processor=states, **of_its_own)
