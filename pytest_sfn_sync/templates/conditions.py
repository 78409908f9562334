"""The conditions of a template, which are true or false."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_sfn_sync.templates.documents import Spot
from pytest_sfn_sync.templates.parameters import text_of
from pytest_sfn_sync.templates.template_faults import UnresolvableError, kind_of
from pytest_sfn_sync.templates.template_values import TemplateValues

_KNOWN = "Condition, Fn::Equals, Fn::And, Fn::Or, Fn::Not"


def holds(values: TemplateValues, condition: Any, spot: Spot) -> bool:
    """Return whether a condition is true; raise UnresolvableError if that can't be known."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        raise UnresolvableError(f"a condition is one of {_KNOWN}, not {kind_of(condition)}.", spot)
    ((name, argument),) = condition.items()
    at = spot / name
    if name == "Condition":
        return values.condition(text_of(argument), at)
    if name == "Fn::Equals":
        left, right = _arguments(name, argument, at, least=2, most=2)
        return bool(_comparable(values.evaluate(left, at / 0)) == _comparable(values.evaluate(right, at / 1)))
    if name == "Fn::Not":
        (inner,) = _arguments(name, argument, at, least=1, most=1)
        return not holds(values, inner, at / 0)
    if name in ("Fn::And", "Fn::Or"):
        all_or_any = all if name == "Fn::And" else any
        inner = _arguments(name, argument, at, least=1, most=10)
        return all_or_any(holds(values, one, at / index) for index, one in enumerate(inner))
    raise UnresolvableError(f"a condition is one of {_KNOWN}, not {name}.", spot)


def _arguments(name: str, argument: Any, spot: Spot, *, least: int, most: int) -> list[Any]:
    if not isinstance(argument, list) or not least <= len(argument) <= most:
        count = f"{least}" if least == most else f"{least} to {most}"
        raise UnresolvableError(f"{name} takes a list of {count}.", spot)
    return argument


def _comparable(value: Any) -> Any:
    return text_of(value) if isinstance(value, (str, int, float)) else value
