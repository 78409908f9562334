"""States written in JSONata: ``{% ... %}`` in any field that accepts it.

The compiled expressions are evaluated on the state's input and return what the interpreter needs: numbers, texts,
items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pytest_sfn_sync.asl.choice import JSON_PATH_RULE_FIELDS, has_one_kind_of_rule
from pytest_sfn_sync.asl.data_flow import Flow, JsonataFlow
from pytest_sfn_sync.asl.definition import Condition, StateType, WaitTimes
from pytest_sfn_sync.asl.dialects.json_path import literal_timestamp
from pytest_sfn_sync.asl.expressions import JSON, Expression, Scope, begins_expression
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.query_languages import JSONATA, report_other_language
from pytest_sfn_sync.asl.fields.variable_names import check_variable_names
from pytest_sfn_sync.asl.jsonata import (
    FieldExpression,
    compile_value,
    expect_array,
    expect_boolean,
    expect_integer_between,
    expect_items,
    expect_percentage,
    expect_string,
    map_items_of_input,
    task_credentials,
    timeout_seconds,
    wait_seconds,
    wait_timestamp,
)
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.asl.location import Location

_EVERY_STATE = frozenset({"Type", "Comment", "QueryLanguage"})
_TRANSITION = frozenset({"Next", "End", "Assign", "Output"})
_WORK = frozenset({"Retry", "Catch"})
_FIELDS: dict[StateType, frozenset[str]] = {
    "Task": _EVERY_STATE
    | _TRANSITION
    | _WORK
    | {"Resource", "Arguments", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"},
    "Wait": _EVERY_STATE | _TRANSITION | {"Seconds", "Timestamp"},
    "Pass": _EVERY_STATE | _TRANSITION,
    "Succeed": _EVERY_STATE | {"Output"},
    "Fail": _EVERY_STATE | {"Error", "Cause"},
    "Choice": _EVERY_STATE | {"Choices", "Default", "Assign", "Output"},
    "Parallel": _EVERY_STATE | _TRANSITION | _WORK | {"Branches", "Arguments"},
    "Map": _EVERY_STATE
    | _TRANSITION
    | _WORK
    | {
        "ItemProcessor",
        "Iterator",
        "Items",
        "ItemSelector",
        "ItemReader",
        "ItemBatcher",
        "ResultWriter",
        "Label",
        "MaxConcurrency",
        "ToleratedFailureCount",
        "ToleratedFailurePercentage",
    },
}
_RULE_FIELDS = frozenset({"Condition", "Next", "Comment", "Assign", "Output"})
_INPUT = frozenset({"input", "context"})
_WITH_RESULT = ("Task", "Parallel", "Map")


@dataclass(frozen=True, slots=True)
class JsonataDialect:
    """A compiler of the fields of one JSONata state."""

    reader: FieldReader
    language = JSONATA
    other_catcher_fields = frozenset({"ResultPath"})
    catcher_fields = frozenset({"Comment", "ErrorEquals", "Next", "Assign", "Output"})
    arguments_field = "Arguments"
    evaluated_suffix = ""

    def of_part(self, reader: FieldReader) -> JsonataDialect:
        """Return the same dialect for an object inside the state."""
        return JsonataDialect(reader)

    def arguments(self) -> Expression | None:
        """Compile ``Arguments``."""
        return self.value("Arguments")

    def value(self, field: str) -> Expression | None:
        """Compile a field that may be any JSON."""
        return self._of_input(field) if field in self.reader else None

    @staticmethod
    def carried(type_: StateType) -> frozenset[str]:
        """Return the fields that a type of state carries (the specification's table)."""
        return _FIELDS[type_]

    def flow(self, type_: StateType) -> Flow:
        """Compile Arguments, Assign and Output."""
        if type_ == "Fail":
            return JsonataFlow()
        arguments = None
        if "Arguments" in _FIELDS[type_] and "Arguments" in self.reader:
            arguments = self._value(self.reader, "Arguments")
        return self._leaving(self.reader, "result" if type_ in _WITH_RESULT else None, arguments=arguments)

    def catcher_flow(self, catcher: FieldReader) -> Flow:
        """Compile a catcher's Assign and Output."""
        return self._leaving(catcher, "errorOutput", holder=catcher.location.last)

    def rule_flow(self, rule: FieldReader, state_flow: Flow) -> Flow:
        """Compile a rule's Assign and Output; the state's own don't apply where it matches (measured)."""
        return self._leaving(rule, None, holder=rule.location.last)

    def _leaving(
        self, reader: FieldReader, member: str | None, *, holder: str = "", arguments: Expression | None = None
    ) -> JsonataFlow:
        """Compile Assign and Output of the state, or of the catcher or rule in it that is called ``holder``."""
        available = _INPUT if member is None else _INPUT | {member}
        assign = reader.object("Assign")
        if assign is not None:
            check_variable_names(reader, assign)
        return JsonataFlow(
            arguments_expression=arguments,
            output=self._value(reader, "Output", holder, available) if "Output" in reader else None,
            assign=None if assign is None else self._value(reader, "Assign", holder, available),
            member=member,
        )

    def condition(self, rule: FieldReader) -> Condition:
        """Compile a rule's ``Condition``: an expression, or a literal boolean."""
        for field in rule.fields:
            if field in JSON_PATH_RULE_FIELDS:
                report_other_language(rule, field, JSONATA)
            elif field not in _RULE_FIELDS:
                rule.not_supported(field, _RULE_FIELDS)
        has_one_kind_of_rule(rule.fields, rule.location, rule.diagnostics, other_language=JSON_PATH_RULE_FIELDS)
        if "Condition" not in rule:
            return lambda effective_input, scope: False
        if not begins_expression(rule.fields["Condition"]):
            literal = rule.boolean("Condition") is True
            return lambda effective_input, scope: literal
        expression = self._value(rule, "Condition", rule.location.last)
        evaluate = expression.evaluate
        return lambda effective_input, scope: expect_boolean(evaluate({"input": effective_input}, scope), expression)

    def number(
        self, field: str, *, minimum: int, default: int, maximum: int = MAX_SECONDS, takes_context: bool = True
    ) -> int | Expression:
        """Compile a whole number: literal, or an expression."""
        if not begins_expression(self.reader.fields.get(field)):
            return self.reader.integer(field, minimum=minimum, maximum=maximum, default=default)
        if field.endswith("Seconds"):
            return self._of_input(field, timeout_seconds)
        return self._of_input(field, lambda value, expression: expect_integer_between(value, expression, 0, maximum))

    def percentage(self) -> float | Expression:
        """Compile ``ToleratedFailurePercentage``: literal, or an expression."""
        field = "ToleratedFailurePercentage"
        if not begins_expression(self.reader.fields.get(field)):
            return self.reader.number(field, minimum=0.0, maximum=100.0, default=0.0)
        return self._of_input(field, expect_percentage)

    def wait(self) -> WaitTimes:
        """Compile ``Seconds`` or ``Timestamp``: a literal, or an expression."""
        reader = self.reader
        field = reader.exactly_one("Seconds", "Timestamp")
        if field is None:
            return {}
        is_expression = begins_expression(reader.fields[field])
        if field == "Seconds":
            seconds = self._of_input(field, wait_seconds) if is_expression else None
            return {"seconds": seconds or reader.integer(field, minimum=0, maximum=MAX_SECONDS, default=0)}
        return {"timestamp": self._of_input(field, wait_timestamp) if is_expression else literal_timestamp(reader)}

    def text(self, field: str) -> str | Expression | None:
        """Compile ``Error`` or ``Cause``: literal, or an expression."""
        if not begins_expression(self.reader.fields.get(field)):
            return self.reader.string(field)
        return self._of_input(field, expect_string)

    def result(self) -> Expression | None:
        """Return None: a Pass in JSONata has no Result."""
        return None

    def items(self, *, may_be_object: bool = False) -> Expression | None:
        """Compile ``Items``; without it the input itself must be an array."""
        if "Items" not in self.reader:
            return Expression(source=None, evaluate=lambda effective_input, scope: map_items_of_input(effective_input))
        value = self.reader.fields["Items"]
        is_literal = isinstance(value, list) or (may_be_object and isinstance(value, dict))
        if not is_literal and not begins_expression(value):
            self.reader.fault("Expected value of type Array", "Items")
        return self._of_input("Items", expect_items if may_be_object else expect_array)

    def item_selector(self) -> Expression | None:
        """Compile ``ItemSelector``."""
        return self._of_input("ItemSelector") if "ItemSelector" in self.reader else None

    def credentials(self) -> Expression | None:
        """Compile ``Credentials``; the caller has checked that there is a ``RoleArn`` or a ``RoleArn.$``."""
        if "RoleArn" not in self.reader.fields["Credentials"] and "RoleArn.$" in self.reader.fields["Credentials"]:
            # Assumption: in JSONata a path counts as missing, so the RoleArn has no value.
            self.reader.fault("The field 'RoleArn' is required but was missing", "Credentials")
        return self._of_input("Credentials", task_credentials)

    def _of_input(self, field: str, check: Callable[[JSON, FieldExpression], JSON] | None = None) -> Expression:
        """Compile a field that is evaluated on the state's input, and whose value must pass a check."""
        expression = self._value(self.reader, field)
        evaluate = expression.evaluate

        def evaluate_and_check(effective_input: JSON, scope: Scope) -> JSON:
            value = evaluate({"input": effective_input}, scope)
            return value if check is None else check(value, expression)

        return Expression(source=expression.source, evaluate=evaluate_and_check)

    @staticmethod
    def _value(
        reader: FieldReader, field: str, holder: str = "", available: frozenset[str] = _INPUT
    ) -> FieldExpression:
        return compile_value(
            reader.fields[field],
            location=reader.at(field),
            field=Location(holder) / field if holder else Location(field),
            diagnostics=reader.diagnostics,
            available=available,
        )
