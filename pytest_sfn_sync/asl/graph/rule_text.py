"""Choice rules in words, short enough to stand on an arrow: ``$.amount >= 100 and $.card is present``.

`asl.choice` compiles rules; this module only describes them.
"""

from __future__ import annotations

import json
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON, expression_text

_COMPARISONS: Final = {
    "LessThanEquals": "<=",
    "GreaterThanEquals": ">=",
    "LessThan": "<",
    "GreaterThan": ">",
    "Equals": "==",
}
_FAMILIES: Final = ("String", "Numeric", "Boolean", "Timestamp")
_KINDS: Final = {
    "IsPresent": "present",
    "IsNull": "null",
    "IsString": "a string",
    "IsNumeric": "a number",
    "IsBoolean": "a boolean",
    "IsTimestamp": "a timestamp",
}


def rule_text(rule: JSON) -> str:
    """Return the condition, in words, of one entry of ``Choices``, or of a rule within And, Or and Not."""
    if "Condition" in rule:
        condition = rule["Condition"]
        return expression_text(condition) if isinstance(condition, str) else _literal(condition)
    for combination, word in (("And", " and "), ("Or", " or ")):
        if combination in rule:
            return word.join(_operand(operand) for operand in rule[combination])
    if "Not" in rule:
        return f"not {_operand(rule['Not'])}"
    return _test_text(rule)


def _operand(rule: JSON) -> str:
    text = rule_text(rule)
    return f"({text})" if {"And", "Or"} & set(rule) else text


def _test_text(rule: dict[str, JSON]) -> str:
    variable = rule["Variable"]
    for name, operand in rule.items():
        if name in _KINDS:
            return f"{variable} is {'' if operand else 'not '}{_KINDS[name]}"
        if name == "StringMatches":
            return f"{variable} matches {_literal(operand)}"
        for family in _FAMILIES:
            comparison = name.removeprefix(family).removesuffix("Path")
            if name.startswith(family) and comparison in _COMPARISONS:
                other = operand if name.endswith("Path") else _literal(operand)
                return f"{variable} {_COMPARISONS[comparison]} {other}"
    raise AssertionError(f"not a rule: {rule!r}")


def _literal(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)
