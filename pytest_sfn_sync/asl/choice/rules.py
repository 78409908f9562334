"""Choice rules compiled to tests: data tests, And, Or and Not, with every fault of a rule as a diagnostic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.choice.operators import (
    BOOLEAN,
    COMPARISONS,
    OPERATOR_FIELDS,
    STRING,
    TYPE_TESTS,
    Comparison,
    pattern_matches,
    pattern_pieces,
)
from pytest_sfn_sync.asl.diagnostics import Diagnostics
from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Scope
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.fields.query_languages import JSON_PATH, report_other_language
from pytest_sfn_sync.asl.json_paths import (
    PathNotFound,
    PathSyntaxError,
    compile_path,
    reference_path_fault,
    reference_path_hint,
)
from pytest_sfn_sync.asl.location import Location

ChoiceTest: TypeAlias = Callable[[JSON, Scope], bool]
_Read: TypeAlias = Callable[[JSON, Scope], JSON]

_COMBINATIONS: Final = ("And", "Or", "Not")
_KINDS: Final = (*_COMBINATIONS, "Variable", "Condition")
JSON_PATH_RULE_FIELDS: Final = frozenset({"Variable", *_COMBINATIONS, *OPERATOR_FIELDS})
"""The fields of a rule that JSONata does not have."""

_TRANSITION_FIELDS: Final = frozenset({"Next", "Assign"})
_JSONATA_FIELDS: Final = frozenset({"Condition", "Output"})


def compile_choice_rule(rule: JSON, *, location: Location, diagnostics: Diagnostics, nested: bool) -> ChoiceTest:
    """Compile a choice rule to a test of the state's effective input; its faults are added to ``diagnostics``.

    ``nested`` is True if the rule is within And, Or or Not, where Next and Assign are not allowed. The test raises
    ``States.Runtime`` for a path that finds nothing, except with IsPresent.
    """
    return _RuleCompiler(diagnostics).rule(rule, location, nested=nested)


def has_one_kind_of_rule(
    rule: dict[str, JSON], location: Location, diagnostics: Diagnostics, *, other_language: frozenset[str]
) -> bool:
    """Report whether a rule has exactly one of the fields that define its kind; record a diagnostic if not.

    Measured: the text is the same for none and for several, and lists the fields of both query languages. Assumption:
    AWS does not report it for a rule with a field of the other language, which is a fault already.
    """
    kinds = [kind for kind in _KINDS if kind in rule]
    if len(kinds) == 1 or not other_language.isdisjoint(kinds):
        return len(kinds) == 1
    diagnostics.add(f"The object must have only one of the following fields, {_listed(_KINDS)}", location)
    return False


def _never(_document: JSON, _scope: Scope) -> bool:
    return False


class _RuleCompiler:
    """A compiler of one rule.

    A faulty part becomes a test that is never true. It never runs, because the machine is refused.
    """

    __slots__ = ("diagnostics",)

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics

    def rule(self, rule: JSON, location: Location, *, nested: bool) -> ChoiceTest:
        if not isinstance(rule, dict):
            return self._fault("Expected value of type Object", location)
        combinations = [name for name in _COMBINATIONS if name in rule]
        has_one_kind = has_one_kind_of_rule(rule, location, self.diagnostics, other_language=_JSONATA_FIELDS)
        allowed = combinations or ["Variable", *OPERATOR_FIELDS]
        self._check_fields(rule, {*allowed, "Comment", *([] if nested else _TRANSITION_FIELDS)}, location, has_one_kind)
        if not has_one_kind or "Condition" in rule:
            return _never
        if combinations:
            return self._combination(combinations[0], rule[combinations[0]], location / combinations[0])
        return self._data_test(rule, location)

    def _check_fields(self, rule: dict[str, JSON], allowed: set[str], location: Location, has_one_kind: bool) -> None:
        reader = FieldReader(rule, location, self.diagnostics)
        for field in rule:
            if field in _JSONATA_FIELDS:
                report_other_language(reader, field, JSON_PATH)
            elif field not in allowed and (has_one_kind or field not in JSON_PATH_RULE_FIELDS):
                reader.not_supported(field, allowed)

    def _combination(self, name: str, operand: JSON, location: Location) -> ChoiceTest:
        if name == "Not":
            return _negation(self.rule(operand, location, nested=True))
        if not isinstance(operand, list):
            return self._fault("Expected value of type Array", location)
        if not operand:
            return self._fault("Value cannot be empty", location)
        rules = [self.rule(rule, location / index, nested=True) for index, rule in enumerate(operand)]
        return _conjunction(rules) if name == "And" else _disjunction(rules)

    def _data_test(self, rule: dict[str, JSON], location: Location) -> ChoiceTest:
        operators = [name for name in OPERATOR_FIELDS if name in rule]
        if len(operators) != 1:
            start = "There should only be one of" if operators else "This object should have only one of"
            self._fault(f"{start} the following fields: {_listed(OPERATOR_FIELDS)}", location)
        path = self._reference_path(rule["Variable"], location / "Variable")
        if path is None or len(operators) != 1:
            return _never
        return self._operator(operators[0], rule[operators[0]], path, location / operators[0])

    def _operator(self, name: str, operand: JSON, variable: _Path, location: Location) -> ChoiceTest:
        if name in COMPARISONS:
            comparison = COMPARISONS[name]
            fault = comparison.family.literal_fault(operand)
            return self._fault(fault, location) if fault else _comparison(comparison, variable.read, operand)
        if name == "StringMatches":
            fault = STRING.literal_fault(operand)
            return self._fault(fault, location) if fault else _match(variable.read, operand)
        if name == "IsPresent" or name in TYPE_TESTS:
            fault = BOOLEAN.literal_fault(operand)
            if fault:
                return self._fault(fault, location)
            return _presence(variable, operand) if name == "IsPresent" else _type_test(name, variable.read, operand)
        path = self._reference_path(operand, location)
        twin = COMPARISONS[name.removesuffix("Path")]
        return _never if path is None else _path_comparison(twin, variable.read, path.read)

    def _reference_path(self, source: JSON, location: Location) -> _Path | None:
        if not isinstance(source, str):
            self._fault("Expected value of type String", location)
            return None
        fault = reference_path_fault(source)
        if fault is None:
            try:
                return _Path(source)
            except PathSyntaxError as error:
                fault = f"Value is not a Reference Path: {error.reason}"
        self._fault(fault, location, reference_path_hint(source))
        return None

    def _fault(self, message: str, location: Location, hint: str | None = None) -> ChoiceTest:
        self.diagnostics.add(message, location, hint=hint)
        return _never


def _listed(fields: tuple[str, ...]) -> str:
    return f"[{', '.join(fields)}]"


class _Path:
    """A compiled path; ``read`` evaluates it and fails with AWS's text if it finds nothing."""

    __slots__ = ("evaluate", "read")

    def __init__(self, source: str) -> None:
        evaluate = self.evaluate = compile_path(source).evaluate

        def read(document: JSON, scope: Scope) -> JSON:
            try:
                return evaluate(document, scope)
            except PathNotFound:
                raise runtime_error(
                    f"Invalid path '{source}': The choice state's condition path references an invalid value."
                ) from None

        self.read: _Read = read


def _negation(rule: ChoiceTest) -> ChoiceTest:
    return lambda document, scope: not rule(document, scope)


def _conjunction(rules: list[ChoiceTest]) -> ChoiceTest:
    def test(document: JSON, scope: Scope) -> bool:
        for rule in rules:  # noqa: SIM110 - a third of the cost of all() over a generator
            if not rule(document, scope):
                return False
        return True

    return test


def _disjunction(rules: list[ChoiceTest]) -> ChoiceTest:
    def test(document: JSON, scope: Scope) -> bool:
        for rule in rules:  # noqa: SIM110 - as above
            if rule(document, scope):
                return True
        return False

    return test


def _presence(variable: _Path, wanted: bool) -> ChoiceTest:
    evaluate = variable.evaluate

    def test(document: JSON, scope: Scope) -> bool:
        try:
            evaluate(document, scope)
        except PathNotFound:
            return not wanted
        return wanted

    return test


def _type_test(name: str, read: _Read, wanted: bool) -> ChoiceTest:
    holds = TYPE_TESTS[name]
    return lambda document, scope: holds(read(document, scope)) is wanted


def _comparison(comparison: Comparison, read: _Read, literal: JSON) -> ChoiceTest:
    comparable, compare = comparison.family.read, comparison.compare
    operand = comparable(literal)

    def test(document: JSON, scope: Scope) -> bool:
        value = comparable(read(document, scope))
        return value is not None and compare(value, operand)

    return test


def _path_comparison(comparison: Comparison, read: _Read, read_operand: _Read) -> ChoiceTest:
    comparable, compare = comparison.family.read, comparison.compare
    as_operand = comparison.family.read_operand or comparable

    def test(document: JSON, scope: Scope) -> bool:
        value = comparable(read(document, scope))
        # Assumption: the right-hand path fails even if the left side has the wrong type.
        operand = as_operand(read_operand(document, scope))
        return value is not None and operand is not None and compare(value, operand)

    return test


def _match(read: _Read, pattern: str) -> ChoiceTest:
    pieces = pattern_pieces(pattern)
    if pieces is None:
        # The specification leaves this fault to run time. Assumption: the text.
        fault = f"Invalid pattern '{pattern}' in StringMatches: '\\' must be followed by '*' or '\\'"

        def refuse(document: JSON, scope: Scope) -> bool:
            read(document, scope)
            raise runtime_error(fault)

        return refuse
    first, *rest = pieces
    if not rest:
        return lambda document, scope: bool(read(document, scope) == first)

    def test(document: JSON, scope: Scope) -> bool:
        value = read(document, scope)
        return type(value) is str and pattern_matches(value, first, rest)

    return test
