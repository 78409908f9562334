"""The parser of each type of state; a dialect compiles the fields whose form depends on the query language."""

from __future__ import annotations

from typing import Final, Protocol, TypedDict, TypeGuard, get_args

from pytest_sfn_sync.asl.data_flow import Flow, JsonPathFlow
from pytest_sfn_sync.asl.definition import (
    Catcher,
    ChoiceRule,
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    Retrier,
    State,
    States,
    StateType,
    SucceedState,
    TaskState,
    WaitState,
    assert_never,
)
from pytest_sfn_sync.asl.dialects import Dialect
from pytest_sfn_sync.asl.dialects.json_path import ONLY_HERE as _JSON_PATH_FIELDS
from pytest_sfn_sync.asl.dialects.json_path import JsonPathDialect
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.query_languages import (
    JSON_PATH,
    JSONATA,
    check_query_language,
    query_language,
    report_other_language,
)
from pytest_sfn_sync.asl.limits import MAX_COUNT, MAX_SECONDS
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.asl.parsing.distributed_map_fields import (
    DISTRIBUTED_FIELDS,
    check_processor_config,
    execution_type,
    parse_distributed_map,
)
from pytest_sfn_sync.asl.parsing.retry_and_catch import parse_catch, parse_retry
from pytest_sfn_sync.asl.size_bounds import size_bound
from pytest_sfn_sync.asl.validation.advice import warn_of_doubtful_paths, warn_of_static_paths
from pytest_sfn_sync.asl.validation.integrations import Integrations, check_integration
from pytest_sfn_sync.asl.validation.task_resource import kind_of, read_resource, report_express_pattern

_TYPES: Final[tuple[StateType, ...]] = get_args(StateType)
_JSONATA_FIELDS: Final = frozenset({"Arguments", "Output", "Items", "Condition"})


class Machine(Protocol):
    """The facts about its machine that the parser of a state needs."""

    is_express: bool
    integrations: Integrations | None
    query_language: str
    labels: dict[str, Location]

    def nested_states(self, reader: FieldReader, *, is_processor: bool, is_express: bool = False) -> States | None:
        """Parse a Parallel's branch or a Map's processor."""


class Common(TypedDict):
    """The fields that every state has (`StateFields`)."""

    name: str
    location: Location
    flow: Flow


class CommonWithNext(Common):
    """The fields of a state that goes on to a next one (`WithNext`)."""

    next: str | None


class CommonWithErrorHandling(CommonWithNext):
    """The fields of a state whose work can be retried or caught (`WithErrorHandling`)."""

    retry: tuple[Retrier, ...]
    catch: tuple[Catcher, ...]


def parse_state(machine: Machine, name: str, reader: FieldReader) -> State | None:
    """Parse one state; return None where its faults leave nothing to run (they are recorded)."""
    if "Type" not in reader:
        reader.fault("The field 'Type' is required")
        return None
    type_ = reader.fields["Type"]
    if not _is_type(type_):
        hint = did_you_mean(type_, _TYPES) if isinstance(type_, str) else None
        reader.fault(f"The field 'Type' should have one of these values: [{', '.join(_TYPES)}]", "Type", hint=hint)
        return None
    language = query_language(reader, machine.query_language)
    is_downgrade = machine.query_language == JSONATA and language == JSON_PATH
    if is_downgrade:
        reader.fault("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
    dialect = _dialect(language, reader)
    if language == JSON_PATH:
        warn_of_static_paths(reader, type_)
        warn_of_doubtful_paths(reader)
    _check_fields(reader, dialect.carried(type_), language, is_downgrade=is_downgrade)
    check_query_language(reader)
    return _StateParser(machine, name, reader, dialect).parse(type_)


def _is_type(value: JSON) -> TypeGuard[StateType]:
    return value in _TYPES


def _dialect(language: str, reader: FieldReader) -> Dialect:
    if language == JSON_PATH:
        return JsonPathDialect(reader)
    # Imported only where it is needed: it imports modules that only JSONata's functions use.
    from pytest_sfn_sync.asl.dialects.jsonata import JsonataDialect

    return JsonataDialect(reader)


def _check_fields(reader: FieldReader, carried: frozenset[str], language: str, *, is_downgrade: bool) -> None:
    """Record every field that the state does not carry; for one of the other language the text differs (measured)."""
    others_fields = _JSONATA_FIELDS if language == JSON_PATH else _JSON_PATH_FIELDS
    for field in reader.fields:
        if field in carried:
            continue
        if field not in others_fields:
            reader.not_supported(field, carried)
        elif not is_downgrade:
            report_other_language(reader, field, language)


class _StateParser:
    """A reader of the fields of one state."""

    def __init__(self, machine: Machine, name: str, reader: FieldReader, dialect: Dialect) -> None:
        self.machine = machine
        self.name = name
        self.reader = reader
        self.dialect = dialect

    def parse(self, type_: StateType) -> State | None:
        """Parse the state as the type that it says it has."""
        self.reader.string("Comment")
        common: Common = {"name": self.name, "location": self.reader.location, "flow": self.dialect.flow(type_)}
        match type_:
            case "Task":
                return self._task(self._with_error_handling(common))
            case "Wait":
                return WaitState(**self._with_next(common), **self.dialect.wait())
            case "Pass":
                return PassState(**self._with_next(common), result=self.dialect.result())
            case "Succeed":
                return SucceedState(**common)
            case "Fail":
                return FailState(**common, error=self.dialect.text("Error"), cause=self.dialect.text("Cause"))
            case "Choice":
                return self._choice(common)
            case "Parallel":
                return self._parallel(self._with_error_handling(common))
            case "Map":
                return self._map(self._with_error_handling(common))
            case unreachable:
                assert_never(unreachable)

    def _with_next(self, common: Common) -> CommonWithNext:
        return {**common, "next": self._next()}

    def _with_error_handling(self, common: Common) -> CommonWithErrorHandling:
        return {
            **self._with_next(common),
            "retry": parse_retry(self.reader),
            "catch": parse_catch(self.reader, self.dialect),
        }

    def _next(self) -> str | None:
        transition = self.reader.exactly_one("Next", "End")
        if transition == "Next":
            return self.reader.string("Next")
        if transition == "End" and self.reader.boolean("End") is False:
            # Documented: End must be true. Assumption: the text for false, which was not recorded.
            self.reader.fault("Value should be one of the following: [true]", "End")
        return None

    def _task(self, common: CommonWithErrorHandling) -> TaskState | None:
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
        integration, unchecked = self._integration(resource)
        return TaskState(
            **common,
            resource=resource,
            kind=kind_of(resource),
            integration=integration,
            pattern="" if integration is None else integration[1].partition(".")[2],
            event_details=None if integration is None else dict(zip(_EVENT_DETAILS, integration, strict=True)),
            timeout_seconds=timeout,
            has_timeout="TimeoutSeconds" in reader or "TimeoutSecondsPath" in reader,
            heartbeat_seconds=heartbeat or None,
            credentials=credentials,
            unchecked_members=unchecked,
        )

    def _integration(self, resource: str) -> tuple[tuple[str, str] | None, frozenset[str]]:
        """Return type and action (with its pattern) of an integration, and the members that its check does not know."""
        read = read_resource(self.reader, resource, is_express=self.machine.is_express)
        if read is None:
            return None, frozenset()
        if self.machine.integrations is None:
            report_express_pattern(self.reader, read)
            return (read.type, read.called), frozenset()
        unchecked = check_integration(self.machine.integrations, read, self.reader, self.dialect)
        return (read.type, read.called), unchecked

    def _credentials(self) -> Expression | None:
        credentials = self.reader.object("Credentials")
        if credentials is None:
            return None
        if "RoleArn" not in credentials and "RoleArn.$" not in credentials:
            self.reader.fault("The field 'RoleArn' is required but was missing", "Credentials")
        return self.dialect.credentials()

    def _choice(self, common: Common) -> ChoiceState:
        reader = self.reader
        reader.require("Choices")
        rules = []
        for rule in reader.parts("Choices"):
            rule.require("Next")
            condition = self.dialect.condition(rule)
            next_state = rule.string("Next") or ""
            flow = self.dialect.rule_flow(rule, common["flow"])
            rules.append(ChoiceRule(location=rule.location, condition=condition, next=next_state, flow=flow))
        return ChoiceState(
            **common,
            choices=tuple(rules),
            next=reader.string("Default"),
            default_location=reader.at("Default"),
        )

    def _parallel(self, common: CommonWithErrorHandling) -> ParallelState:
        self.reader.require("Branches")
        branches = [self.machine.nested_states(part, is_processor=False) for part in self.reader.parts("Branches")]
        return ParallelState(**common, branches=tuple(branch for branch in branches if branch is not None))

    def _map(self, common: CommonWithErrorHandling) -> MapState | None:
        reader, dialect = self.reader, self.dialect
        states = self._processor()
        distributed = parse_distributed_map(self.machine.labels, reader, dialect)
        is_distributed = distributed is not None
        items = dialect.items(may_be_object=is_distributed)
        selector = dialect.item_selector()
        items_are_parts = _selects_parts(common["flow"], items)
        max_concurrency = dialect.number("MaxConcurrency", minimum=0, maximum=MAX_COUNT, default=0, takes_context=False)
        tolerated_failure_count = dialect.number(
            "ToleratedFailureCount", minimum=0, maximum=MAX_COUNT, default=0, takes_context=False
        )
        tolerated_failure_percentage = dialect.percentage()
        if states is None:
            return None
        return MapState(
            **common,
            item_processor=states,
            items_path=items,
            item_selector=selector,
            items_are_parts=items_are_parts,
            selector_bound=size_bound(selector.source) if selector is not None and items_are_parts else None,
            max_concurrency=max_concurrency,
            tolerated_failure_count=tolerated_failure_count,
            tolerated_failure_percentage=tolerated_failure_percentage,
            distributed_fields=()
            if is_distributed
            else tuple(field for field in DISTRIBUTED_FIELDS if field in reader),
            distributed=distributed,
        )

    def _processor(self) -> States | None:
        field = self.reader.exactly_one("ItemProcessor", "Iterator")
        processor = None if field is None else self.reader.part(field)
        if processor is None:
            return None
        check_processor_config(processor, is_express=self.machine.is_express)
        # Documented: Express child executions have the limits of Express machines. Assumption: AWS refuses such states
        # when the machine is created, in the same words.
        is_express = execution_type(self.reader.fields) == "EXPRESS"
        return self.machine.nested_states(processor, is_processor=True, is_express=is_express)


_EVENT_DETAILS: Final = ("resourceType", "resource")


def _selects_parts(flow: Flow, items: Expression | None) -> bool:
    """Return whether the items of a Map are parts of its raw input, which can't be larger than the input."""
    return (
        isinstance(flow, JsonPathFlow)
        and flow.input_path_selects
        and (items is None or items.source.startswith(("$.", "$[")))
    )
