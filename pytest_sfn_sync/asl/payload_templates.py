"""Payload templates: Parameters, ResultSelector, ItemSelector, Assign and the like, compiled to one closure.

A key that ends in ``.$`` holds a path, a context path, a variable or an intrinsic function call. Everything else is
literal. Parts without such a key are prepared when the definition is read, and runs share them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.diagnostics import Diagnostics
from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Expression, Scope
from pytest_sfn_sync.asl.intrinsics import (
    STRING_INTRINSICS,
    IntrinsicSyntaxError,
    compile_intrinsic,
    intrinsic_name,
)
from pytest_sfn_sync.asl.java.hash_order import hash_ordered
from pytest_sfn_sync.asl.json_paths import PathNotFound, PathSyntaxError, compile_path, refusal_hint
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.work_budget import WorkLimitError

EVALUATED_SUFFIX: Final = ".$"
"""The end of each key whose value is evaluated."""

_Evaluate: TypeAlias = Callable[[JSON, Scope], JSON]


def compile_template(template: JSON, *, location: Location, diagnostics: Diagnostics) -> Expression:
    """Compile a payload template of any depth; its faults are added to ``diagnostics``.

    Evaluation raises ``States.Runtime`` for a path that finds nothing. A template without any ``.$`` key evaluates to
    the template itself, each time.
    """
    evaluate = _compile(template, location, diagnostics)
    return Expression(source=template, evaluate=evaluate or _constant(template))


def compile_value_path(source: str, *, field: str, location: Location, diagnostics: Diagnostics) -> Expression | None:
    """Compile a Fail state's ErrorPath or CausePath: a path, or a call of an intrinsic function that returns a string.

    If ``source`` is neither, a diagnostic is recorded and None is returned. Recorded: failures at run time have the
    texts of payload templates, with ``field`` for the key.
    """
    try:
        if not source.startswith("$") and intrinsic_name(source) not in STRING_INTRINSICS:
            raise IntrinsicSyntaxError(f"the function does not return a string: {source}")
        return _compile_value(source, field)
    except (IntrinsicSyntaxError, PathSyntaxError) as fault:
        diagnostics.add(_not_a_value(field), location, hint=_reason(source, fault))
        return None


def _compile(template: JSON, location: Location, diagnostics: Diagnostics) -> _Evaluate | None:
    """Compile a template; return None if it is static."""
    if isinstance(template, dict):
        return _compile_object(template, location, diagnostics)
    if isinstance(template, list):
        return _compile_array(template, location, diagnostics)
    return None


def _compile_array(template: list[JSON], location: Location, diagnostics: Diagnostics) -> _Evaluate | None:
    items = [
        _compile(item, location / index, diagnostics) if isinstance(item, (dict, list)) else None
        for index, item in enumerate(template)
    ]
    if not any(items):
        return None
    evaluators = [item or _constant(literal) for item, literal in zip(items, template, strict=True)]
    return lambda document, scope: [evaluate(document, scope) for evaluate in evaluators]


def _compile_object(template: dict[str, JSON], location: Location, diagnostics: Diagnostics) -> _Evaluate | None:
    literals = {key: value for key, value in template.items() if not key.endswith(EVALUATED_SUFFIX)}
    nested = [
        (key, _compile(value, location / key, diagnostics))
        for key, value in literals.items()
        if isinstance(value, (dict, list))
    ]
    values = _compile_values(template, location, diagnostics)
    steps = [(key, evaluate) for key, evaluate in nested if evaluate is not None]
    # Recorded: evaluated keys come last, in the order of a Java HashMap.
    steps += [(name, values[name]) for name in hash_ordered(values)]
    if not steps:
        return None

    # Recorded: literal keys come first, nested templates keep their place among them.
    def evaluate_object(document: JSON, scope: Scope) -> JSON:
        result = literals.copy()
        for key, evaluate in steps:
            result[key] = evaluate(document, scope)
        return result

    return evaluate_object


def _compile_values(template: dict[str, JSON], location: Location, diagnostics: Diagnostics) -> dict[str, _Evaluate]:
    values: dict[str, _Evaluate] = {}
    for key, source in template.items():
        name = key.removesuffix(EVALUATED_SUFFIX)
        if name == key:
            continue
        if name in template:
            # Assumption: the words of this message.
            message = f"The field '{name}' is defined twice: as '{name}' and as '{key}'"
            diagnostics.add(message, location, place=location / key)
        try:
            if not isinstance(source, str):
                raise PathSyntaxError("not a string")
            values[name] = _compile_value(source, key).evaluate
        except (IntrinsicSyntaxError, PathSyntaxError) as fault:
            # Recorded: this text for malformed calls. Assumption: a value that is not a string gets the same text.
            diagnostics.add(_not_a_value(key), location, place=location / key, hint=_reason(source, fault))
    return values


def _compile_value(source: str, field: str) -> Expression:
    if not source.startswith("$"):
        return compile_intrinsic(source, field)
    path = compile_path(source)
    evaluate_path = path.evaluate

    def evaluate(document: JSON, scope: Scope) -> JSON:
        try:
            return evaluate_path(document, scope)
        except PathNotFound:
            # Assumption: a path into the context object or a variable quotes the input as well.
            raise runtime_error(
                f"The JSONPath '{source}' specified for the field '{field}' could not be found"
                f" in the input '{scope.as_written(document)}'"
            ) from None
        except WorkLimitError as limit:
            raise limit.in_field(field) from None

    return Expression(source=source, evaluate=evaluate)


def _constant(value: JSON) -> _Evaluate:
    return lambda _document, _scope: value


def _not_a_value(field: str) -> str:
    return f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"


def _reason(source: JSON, fault: ValueError) -> str:
    """Return the reason as a sentence; AWS's message does not contain it."""
    if isinstance(source, str) and isinstance(fault, PathSyntaxError):
        return refusal_hint(source, fault)
    text = str(fault)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
