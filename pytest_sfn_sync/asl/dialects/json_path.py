"""States written in JSONPath: paths, payload templates, intrinsic functions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_sfn_sync.asl.choice import compile_choice_rule
from pytest_sfn_sync.asl.data_flow import Flow, JsonPathFlow
from pytest_sfn_sync.asl.definition import Condition, StateType, WaitTimes
from pytest_sfn_sync.asl.dialects.path_fields import (
    input_or_output_path,
    items_path,
    number_path,
    result_path,
    selects_a_part,
    wait_path,
)
from pytest_sfn_sync.asl.expressions import Expression
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.query_languages import JSON_PATH
from pytest_sfn_sync.asl.fields.variable_names import check_variable_names
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX, compile_template, compile_value_path
from pytest_sfn_sync.asl.size_bounds import SizeBound, size_bound
from pytest_sfn_sync.asl.timestamps import is_rfc3339, parse_timestamp

_EVERY_STATE = frozenset({"Type", "Comment", "QueryLanguage"})
_TRANSITION = frozenset({"Next", "End", "Assign"})
_PATHS = frozenset({"InputPath", "OutputPath"})
_WORK = frozenset({"Parameters", "ResultSelector", "ResultPath", "Retry", "Catch"})
_FIELDS: dict[StateType, frozenset[str]] = {
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
ONLY_HERE = frozenset(
    {"InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result"}
    | {field for fields in _FIELDS.values() for field in fields if field.endswith("Path")}
)
"""The fields that no JSONata state carries."""

_WITH_PARAMETERS = ("Task", "Pass", "Parallel")


@dataclass(frozen=True, slots=True)
class JsonPathDialect:
    """A compiler of the fields of one JSONPath state."""

    reader: FieldReader
    language = JSON_PATH
    other_catcher_fields = frozenset({"Output"})
    catcher_fields = frozenset({"Comment", "ErrorEquals", "Next", "ResultPath", "Assign"})
    arguments_field = "Parameters"
    evaluated_suffix = EVALUATED_SUFFIX

    def of_part(self, reader: FieldReader) -> JsonPathDialect:
        """Return the same dialect for an object inside the state."""
        return JsonPathDialect(reader)

    def arguments(self) -> Expression | None:
        """Compile ``Parameters``."""
        return _template(self.reader, "Parameters")

    def value(self, field: str) -> Expression | None:
        """Compile a payload template."""
        return _template(self.reader, field)

    @staticmethod
    def carried(type_: StateType) -> frozenset[str]:
        """Return the fields that a type of state carries (the specification's table)."""
        return _FIELDS[type_]

    def flow(self, type_: StateType) -> Flow:
        """Compile InputPath, Parameters, ResultSelector, ResultPath, OutputPath and Assign."""
        reader, carried = self.reader, _FIELDS[type_]
        if type_ == "Fail":
            return JsonPathFlow()
        return JsonPathFlow(
            input_path=input_or_output_path(reader, "InputPath"),
            # A Map's Parameters are the old name of its ItemSelector.
            input_path_selects="InputPath" not in reader or selects_a_part(reader, "InputPath"),
            parameters=_template(reader, "Parameters") if type_ in _WITH_PARAMETERS else None,
            parameters_bound=_parameters_bound(reader, type_),
            result_selector=_template(reader, "ResultSelector") if "ResultSelector" in carried else None,
            result_path=result_path(reader) if "ResultPath" in carried else None,
            output_path=input_or_output_path(reader, "OutputPath"),
            output_path_selects=selects_a_part(reader, "OutputPath"),
            assign=_assign(reader) if "Assign" in carried else None,
        )

    def catcher_flow(self, catcher: FieldReader) -> Flow:
        """Compile a catcher's ResultPath and Assign."""
        return JsonPathFlow(result_path=result_path(catcher), assign=_assign(catcher))

    def rule_flow(self, rule: FieldReader, state_flow: Flow) -> Flow:
        """Compile a rule's Assign; InputPath and OutputPath are the state's."""
        assert isinstance(state_flow, JsonPathFlow)
        return replace(state_flow, assign=_assign(rule))

    def condition(self, rule: FieldReader) -> Condition:
        """Compile a rule's Variable and its operator, or And, Or, Not."""
        return compile_choice_rule(rule.fields, location=rule.location, diagnostics=rule.diagnostics, nested=False)

    def number(
        self, field: str, *, minimum: int, default: int, maximum: int = MAX_SECONDS, takes_context: bool = True
    ) -> int | Expression:
        """Compile a whole number, or the ``...Path`` field in its place."""
        if self.reader.at_most_one(field, f"{field}Path") == f"{field}Path":
            return number_path(self.reader, f"{field}Path", takes_context=takes_context) or default
        return self.reader.integer(field, minimum=minimum, maximum=maximum, default=default)

    def percentage(self) -> float | Expression:
        """Compile ``ToleratedFailurePercentage`` or ``ToleratedFailurePercentagePath``."""
        field = "ToleratedFailurePercentage"
        if self.reader.at_most_one(field, f"{field}Path") == f"{field}Path":
            return number_path(self.reader, f"{field}Path", takes_context=False) or 0.0
        return self.reader.number(field, minimum=0.0, maximum=100.0, default=0.0)

    def wait(self) -> WaitTimes:
        """Compile the one of the four fields that the state has."""
        reader = self.reader
        # The order of the four is AWS's own (measured).
        kind = reader.exactly_one("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
        seconds = reader.integer("Seconds", minimum=0, maximum=MAX_SECONDS, default=0)
        return {
            "seconds": seconds if kind == "Seconds" else None,
            "timestamp": literal_timestamp(reader) if kind == "Timestamp" else None,
            "seconds_path": wait_path(reader, "SecondsPath"),
            "timestamp_path": wait_path(reader, "TimestampPath"),
        }

    def text(self, field: str) -> str | Expression | None:
        """Compile a literal text, or the ``...Path`` field: a path or an intrinsic function that returns a string."""
        path = f"{field}Path"
        if self.reader.at_most_one(field, path) != path:
            return self.reader.string(field)
        source = self.reader.string(path)
        if source is None:
            return None
        return compile_value_path(
            source, field=path, location=self.reader.at(path), diagnostics=self.reader.diagnostics
        )

    def result(self) -> Expression | None:
        """Compile ``Result``. Recorded: keys that end in ``.$`` are not evaluated inside it."""
        if "Result" not in self.reader:
            return None
        literal = self.reader.fields["Result"]
        return Expression(source=literal, evaluate=lambda document, scope: literal)

    def items(self, *, may_be_object: bool = False) -> Expression | None:
        """Compile ``ItemsPath``."""
        return items_path(self.reader)

    def item_selector(self) -> Expression | None:
        """Compile ``ItemSelector``, or its deprecated name ``Parameters``.

        Measured: both together are refused (the text is not recorded).
        """
        selector = self.reader.at_most_one("ItemSelector", "Parameters")
        return None if selector is None else _template(self.reader, selector)

    def credentials(self) -> Expression | None:
        """Compile ``Credentials``."""
        return _template(self.reader, "Credentials")


def _parameters_bound(reader: FieldReader, type_: StateType) -> SizeBound | None:
    """Return an upper bound for the size of Parameters; None for a Pass that writes them into its input.

    The size of what such a Pass writes is measured anyway; a bound would grow with every such state.
    """
    if type_ not in _WITH_PARAMETERS or (type_ == "Pass" and isinstance(reader.fields.get("ResultPath"), str)):
        return None
    return size_bound(reader.fields.get("Parameters"))


def _template(reader: FieldReader, field: str) -> Expression | None:
    if field not in reader:
        return None
    return compile_template(reader.fields[field], location=reader.at(field), diagnostics=reader.diagnostics)


def _assign(reader: FieldReader) -> Expression | None:
    assign = reader.object("Assign")
    if assign is None:
        return None
    check_variable_names(reader, assign, suffix=EVALUATED_SUFFIX)
    return compile_template(assign, location=reader.at("Assign"), diagnostics=reader.diagnostics)


def literal_timestamp(reader: FieldReader) -> int | None:
    """Read a literal ``Timestamp``, in microseconds since the epoch."""
    text = reader.string("Timestamp")
    if text is None:
        return None
    moment = parse_timestamp(text) if is_rfc3339(text) else None
    if moment is None:
        reader.fault("String does not match RFC3339 timestamp", "Timestamp")
    return moment
