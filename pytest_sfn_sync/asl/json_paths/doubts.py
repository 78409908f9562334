"""Paths that look right and aren't: what AWS's JSONPath makes of them, and what to write instead.

Jayway 2.0.0 is of 2015. Much that later versions and other engines know is read by it as something else, without a
word. A test in which such a path is never reached would be green, and the deployed workflow fails or takes another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.json_paths.path_faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.steps import (
    Combination,
    Comparison,
    Condition,
    Existence,
    FilterStep,
    IndexStep,
    NameStep,
    ParsedPath,
    Step,
)

NEGATIVE_INDEX: Final = "JSONPATH_NEGATIVE_INDEX"
FUNCTION: Final = "JSONPATH_FUNCTION"
SEVERAL_NAMES: Final = "JSONPATH_SEVERAL_NAMES"
FILTER_LITERAL: Final = "JSONPATH_FILTER_LITERAL"
FILTER_OPERATOR: Final = "JSONPATH_FILTER_OPERATOR"


class Doubt(NamedTuple):
    """What is doubtful about a path: a code of this package's, what AWS makes of it, and what to write instead."""

    code: str
    message: str
    hint: str


_FUNCTION_NAME: Final = re.compile(r"(length|size|count|min|max|avg|sum|stddev|keys|concat|append|first|last|index)\(")
_INSTEAD_OF_FUNCTIONS: Final = {
    "length": "Write States.ArrayLength(...) around the path.",
    "size": "Write States.ArrayLength(...) around the path.",
    "count": "Write States.ArrayLength(...) around the path.",
    "first": "Write [0] for the first element.",
    "last": "Write [(@.length-1)] for the last element.",
    "index": "Write [n] for the element at an index.",
    "concat": "Write States.Format('{}{}', ...) to join texts.",
}
_INSTEAD_OF_OTHERS: Final = "Let a JSONata state compute it, which has ${name}."
_JSONATA_NAMES: Final = {"avg": "average", "stddev": "map and $sqrt"}

_WORD_OPERATOR: Final = re.compile(
    r"\s(and|or|not|in|nin|subsetof|anyof|noneof|size|empty|contains|matches)(?=[\s'\[(])"
)
_INSTEAD_OF_WORDS: Final = {
    "and": "Write && instead.",
    "or": "Write || instead.",
    "in": "Write one == for each value, joined by ||.",
    "anyof": "Write one == for each value, joined by ||.",
    "nin": "Write one != for each value, joined by &&.",
    "noneof": "Write one != for each value, joined by &&.",
    "contains": "Write =~ /.*text.*/ for a text.",
    "matches": "Write =~ /pattern/.",
}
_DOUBLE_QUOTES: Final = re.compile(r"\[\s*\"([^\"]*)\"\s*]")


def doubts_of(steps: tuple[Step, ...]) -> Iterator[Doubt]:
    """Yield what is doubtful about the steps of a path, filters within it included."""
    for position, step in enumerate(steps):
        if isinstance(step, IndexStep):
            yield from (_negative_index(index) for index in step.indices if index < 0)
        elif isinstance(step, FilterStep) and step.condition is not None:
            yield from _doubts_of_condition(step.condition)
        elif isinstance(step, NameStep):
            yield from _doubts_of_names(step, is_leaf=position == len(steps) - 1)


def refusal_hint(source: str, fault: PathSyntaxError) -> str:
    """Return a sentence on why a path is refused, with what to write instead where that can be told."""
    word = _WORD_OPERATOR.search(source) if "?" in source else None
    if word is not None:
        return f"AWS's JSONPath has no operator '{word[1]}' in filters. {_instead_of(word[1])}"
    quoted = _DOUBLE_QUOTES.search(source)
    if quoted is not None:
        return f"AWS's JSONPath takes names in brackets in single quotes only. Write ['{quoted[1]}']."
    reason = fault.reason
    return f"{reason[:1].upper()}{reason[1:]}{'' if reason.endswith('.') else '.'}"


def _instead_of(word: str) -> str:
    return _INSTEAD_OF_WORDS.get(word, "Write a comparison, or !@.name for what is missing.")


def _negative_index(index: int) -> Doubt:
    end = "the last element, or [-1:] for a list of it" if index == -1 else f"that element, or [{index}:] for a list"
    return Doubt(
        NEGATIVE_INDEX,
        f"The index [{index}] is out of bounds in every array: AWS's JSONPath does not count from the end.",
        f"Write [(@.length{index})] for {end}.",
    )


def _doubts_of_names(step: NameStep, *, is_leaf: bool) -> Iterator[Doubt]:
    function = _FUNCTION_NAME.match(step.names[0]) if step.names else None
    if function is not None:
        name = function[1]
        other = _INSTEAD_OF_OTHERS.format(name=_JSONATA_NAMES.get(name, name))
        yield Doubt(
            FUNCTION,
            f"AWS's JSONPath has no functions: '{name}(' begins the name of a property.",
            _INSTEAD_OF_FUNCTIONS.get(name, other),
        )
    elif len(step.names) > 1 and not is_leaf:
        yield Doubt(
            SEVERAL_NAMES,
            f"Several names, as in {step.fragment}, can stand at the end of a path only: reading this path fails.",
            "Read each of the names by a path of its own.",
        )


def _doubts_of_condition(condition: Condition) -> Iterator[Doubt]:
    if isinstance(condition, Combination):
        yield from _doubts_of_condition(condition.left)
        yield from _doubts_of_condition(condition.right)
    elif isinstance(condition, Existence):
        yield from doubts_of(condition.path.steps)
    else:
        for operand in (condition.left, condition.right):
            if isinstance(operand, ParsedPath):
                yield from doubts_of(operand.steps)
        yield from _doubts_of_comparison(condition)


def _doubts_of_comparison(comparison: Comparison) -> Iterator[Doubt]:
    left, operator, right = comparison
    if isinstance(left, str) and left.startswith("!("):
        yield Doubt(
            FILTER_OPERATOR,
            f"AWS's JSONPath cannot negate a condition: the filter compares the text '{left}'.",
            "Turn the operator around, or write !@.name for what is missing.",
        )
    elif not (isinstance(left, ParsedPath) or isinstance(right, ParsedPath)):
        yield Doubt(
            FILTER_OPERATOR,
            "Neither side of the comparison in the filter is a path: it holds for all elements or for none.",
            f"Write @.{left} for the element's member." if isinstance(left, str) else "Begin one side with '@' or '$'.",
        )
    if not isinstance(right, str):
        return
    word = _WORD_OPERATOR.search(right) if "@" in right else None
    if word is not None:
        yield Doubt(
            FILTER_OPERATOR,
            f"AWS's JSONPath has no operator '{word[1]}': the filter compares by '{operator}' with the text '{right}'.",
            _instead_of(word[1]),
        )
        return
    meant = next((symbol for symbol in ("===", "!==", "<>") if symbol[:-1] == operator and right[:1] == symbol[-1]), "")
    if meant:
        yield Doubt(
            FILTER_OPERATOR,
            f"AWS's JSONPath has no operator '{meant}': the filter compares by '{operator}' with the text '{right}'.",
            f"Write '{'!=' if meant == '<>' else operator}'.",
        )
    elif right[:1] == right[-1:] == '"':
        yield Doubt(
            FILTER_LITERAL,
            f"The double quotes belong to the text: the filter compares with {right}, quotes included.",
            f"Write '{right[1:-1]}', in single quotes.",
        )
    elif right[:1] in ("[", "{"):
        yield Doubt(
            FILTER_LITERAL,
            f"AWS's JSONPath compares with no arrays or objects: {right} is taken for a text.",
            "Compare the members or elements one by one.",
        )
