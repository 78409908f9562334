"""Paths that look right but have another meaning in AWS's JSONPath, with a hint on what to write instead.

Jayway 2.0.0 is of 2015. It reads much of the syntax of later versions and other engines as something else, without an
error. A test that never reaches such a path would pass, while the deployed workflow fails or takes another branch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.json_paths.path_faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.paths import CACHED_PATHS, compile_path
from pytest_sfn_sync.asl.json_paths.steps import (
    Combination,
    Comparison,
    Condition,
    Existence,
    FilterStep,
    IndexStep,
    NameStep,
    Operand,
    ParsedPath,
    QuotedText,
    SliceStep,
    Step,
)

NEGATIVE_INDEX: Final = "JSONPATH_NEGATIVE_INDEX"
INDEX_AFTER_FILTER: Final = "JSONPATH_INDEX_AFTER_FILTER"
NEGATIVE_SLICE: Final = "JSONPATH_NEGATIVE_SLICE"
SLICE_WIDTH: Final = "JSONPATH_SLICE_WIDTH"
FUNCTION: Final = "JSONPATH_FUNCTION"
SEVERAL_NAMES: Final = "JSONPATH_SEVERAL_NAMES"
FILTER_LITERAL: Final = "JSONPATH_FILTER_LITERAL"
FILTER_OPERATOR: Final = "JSONPATH_FILTER_OPERATOR"


class Doubt(NamedTuple):
    """A doubt about a path: this package's ``code``, AWS's reading as ``message``, and a ``hint`` with the remedy."""

    code: str
    message: str
    hint: str


_FUNCTIONS_WITH_ARGUMENTS: Final = "concat|append|index|length|size|sum|min|max|keys"
_FUNCTION_NAME: Final = re.compile(rf"(\w+)\(\)$|({_FUNCTIONS_WITH_ARGUMENTS})\(")
_INSTEAD_OF_FUNCTIONS: Final = {
    "length": "Write States.ArrayLength(...) around the path.",
    "size": "Write States.ArrayLength(...) around the path.",
    "count": "Write States.ArrayLength(...) around the path.",
    "first": "Write [0] for the first element.",
    "last": "Write [(@.length-1)] for the last element.",
    "index": "Write [n] for the element at an index.",
    "concat": "Write States.Format('{}{}', ...) to join texts.",
    "distinct": "Write States.ArrayUnique(...) around the path.",
    "avg": "Let a JSONata state compute it, which has $average.",
    "stddev": "Let a JSONata state compute it, by $map and $sqrt.",
}
_COUNT_IN_FILTERS: Final = "Ask for an element, as in @.items[0], or let a JSONata state count them."
_INSTEAD_OF_FUNCTIONS_IN_FILTERS: Final = {
    **_INSTEAD_OF_FUNCTIONS,
    **dict.fromkeys(("length", "size", "count"), _COUNT_IN_FILTERS),
}

_WORDS: Final = "and|or|not|in|nin|subsetof|anyof|noneof|size|empty|contains|matches|like"
_WORD_OPERATOR: Final = re.compile(rf"(?:\s|\()({_WORDS})(?=[\s'\"\[(])", re.IGNORECASE)
_INSTEAD_OF_WORDS: Final = {
    "and": "Write && instead.",
    "or": "Write || instead.",
    "not": "Use the opposite operator, or write !@.name for a missing member.",
    "in": "Write one == for each value, joined by ||.",
    "anyof": "Write one == for each value, joined by ||.",
    "nin": "Write one != for each value, joined by &&.",
    "noneof": "Write one != for each value, joined by &&.",
    "contains": "Write =~ /.*text.*/ for a text.",
    "like": "Write =~ /pattern/.",
    "matches": "Write =~ /pattern/.",
}
_OTHER_OPERATORS: Final = {"===": "==", "!==": "!=", "<>": "!="}
_SIGNS_IN_NAMES: Final = re.compile(r"[=&|<>~,'\"]")
_NUMBER_OR_WORD: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false")
_DOUBLE_QUOTES: Final = re.compile(r"\[\s*\"([^\"]*)\"\s*]")
_REASONS_OF_JAVA: Final = {
    "java.lang.NumberFormatException": (
        "In brackets AWS's JSONPath reads whole numbers: [1], [0,2], [1:], [:2] or [1:2]."
    ),
    "java.lang.StringIndexOutOfBoundsException": (
        "The path ends before a bracket or a quote is closed. A bracket within quotes counts as well."
    ),
    "java.lang.UnsupportedOperationException": (
        "The filter has neither a comparison nor a path that begins with '@' or '$'."
    ),
    "java.util.regex.PatternSyntaxException": "The regular expression in the filter cannot be read.",
    "java.lang.StackOverflowError": "The path is nested too deep.",
}


@lru_cache(maxsize=CACHED_PATHS)
def doubts_about(source: str) -> tuple[Doubt, ...]:
    """Return the doubts about a path of a definition; none for a text that is no path, which its field reports."""
    try:
        return tuple(_doubts_of(compile_path(source).steps))
    except PathSyntaxError:
        return ()


def _doubts_of(
    steps: tuple[Step, ...], instead_of_functions: Mapping[str, str] = _INSTEAD_OF_FUNCTIONS
) -> Iterator[Doubt]:
    """Yield the doubts about the steps of a path, including the filters within it."""
    for position, step in enumerate(steps):
        match step:
            case IndexStep(indices):
                yield from (_negative_index(index) for index in indices if index < 0)
                if position and isinstance(steps[position - 1], FilterStep):
                    yield _index_after_filter(step)
            case SliceStep():
                yield from _doubts_of_slice(step)
            case FilterStep(None):
                yield Doubt(
                    FILTER_OPERATOR,
                    "[?] has no condition: reading this path fails.",
                    "Write the condition: [?(@.name == 'value')].",
                )
            case FilterStep(condition):
                assert condition is not None
                yield from _doubts_of_condition(condition)
            case NameStep():
                yield from _doubts_of_names(step, instead_of_functions, is_leaf=position == len(steps) - 1)


def fault_hint(source: str) -> str | None:
    """Return the reason why a text is no path, and the remedy; None if it is a path."""
    if source.startswith("States."):
        return (
            "No intrinsic function can be called here. Let a state before compute the value, and read its result here."
        )
    if not source.startswith("$"):
        return f"A path begins with '$', as '$.{source}' does."
    try:
        compile_path(source)
    except PathSyntaxError as fault:
        return refusal_hint(source, fault)
    return None


def reference_path_hint(source: str) -> str:
    """Return the reason why a text is no Reference Path, and the remedy."""
    return fault_hint(source) or "A Reference Path leads to one place: it has names and single indices only."


def refusal_hint(source: str, fault: PathSyntaxError) -> str:
    """Return a sentence with the reason why a path is refused, and with the remedy where it is known."""
    word = _WORD_OPERATOR.search(source) if "?" in source else None
    if word is not None:
        return f"AWS's JSONPath has no operator '{word[1]}' in filters. {_instead_of(word[1])}"
    quoted = _DOUBLE_QUOTES.search(source)
    if quoted is not None:
        return f"AWS's JSONPath takes names in brackets in single quotes only. Write ['{quoted[1]}']."
    if "?" in source and fault.reason.startswith("Invalid path $"):
        return "In a filter '$' is the document: a variable or the context object cannot be read there."
    reason = _REASONS_OF_JAVA.get(fault.reason.partition(":")[0], fault.reason)
    return f"{reason[:1].upper()}{reason[1:]}{'' if reason.endswith('.') else '.'}"


def _negative_index(index: int) -> Doubt:
    end = "the last element, or [-1:] for a list of it" if index == -1 else f"that element, or [{index}:] for a list"
    return Doubt(
        NEGATIVE_INDEX,
        f"The index [{index}] is out of bounds in every array: AWS's JSONPath does not count from the end.",
        f"Write [(@.length{index})] for {end}.",
    )


def _index_after_filter(step: IndexStep) -> Doubt:
    return Doubt(
        INDEX_AFTER_FILTER,
        f"After a filter {step.fragment} is applied to each element that matched, not to the list of them.",
        "Take an element of the list by States.ArrayGetItem(path, 0), or in the next state.",
    )


def _doubts_of_slice(step: SliceStep) -> Iterator[Doubt]:
    if step.has_width:
        yield Doubt(
            SLICE_WIDTH,
            f"AWS's JSONPath ignores the third number of a slice: this one is read as {step.fragment}.",
            "List the indices, as in [0,2,4], or let a JSONata state choose the elements.",
        )
    if step.start is not None and step.end is not None and (step.start < 0 or step.end < 0):
        becomes = "is empty" if step.start >= step.end or step.start >= 0 else "is out of bounds"
        yield Doubt(
            NEGATIVE_SLICE,
            f"With two bounds AWS's JSONPath does not count from the end: {step.fragment} {becomes} in every array.",
            "Write [:-1] for all but the last, or [-2:] for the last two.",
        )


def _doubts_of_names(step: NameStep, instead_of_functions: Mapping[str, str], *, is_leaf: bool) -> Iterator[Doubt]:
    function = _FUNCTION_NAME.match(step.names[0]) if step.names else None
    if function is not None:
        name = function[1] or function[2]
        yield Doubt(
            FUNCTION,
            f"AWS's JSONPath has no functions: '{name}(' begins the name of a property.",
            instead_of_functions.get(name, f"Let a JSONata state compute it, if it has ${name}."),
        )
    elif len(step.names) > 1 and not is_leaf:
        yield Doubt(
            SEVERAL_NAMES,
            f"Several names, as in {step.fragment}, can stand at the end of a path only: reading this path fails.",
            "Read each of the names by a path of its own.",
        )


def _doubts_of_condition(condition: Condition) -> Iterator[Doubt]:
    match condition:
        case Combination(left, _, right):
            yield from _doubts_of_condition(left)
            yield from _doubts_of_condition(right)
        case Existence(path):
            yield from _doubts_of_path_in_filter(path)
        case Comparison(left, _, right):
            for operand in (left, right):
                if isinstance(operand, ParsedPath):
                    yield from _doubts_of_path_in_filter(operand)
            yield from _doubts_of_operator(condition)
            for operand in (left, right):
                yield from _doubts_of_literal(operand)


def _doubts_of_path_in_filter(path: ParsedPath) -> Iterator[Doubt]:
    yield from _doubts_of(path.steps, _INSTEAD_OF_FUNCTIONS_IN_FILTERS)
    names = [name for step in path.steps if isinstance(step, NameStep) for name in step.names]
    if names[-1:] == ["length"] and len(names) > 1:
        yield Doubt(
            FUNCTION,
            "AWS's JSONPath has no length in filters: 'length' is the name of a property.",
            _COUNT_IN_FILTERS,
        )
    odd = next((name for name in names if _SIGNS_IN_NAMES.search(name)), None)
    if odd is not None:
        yield Doubt(
            FILTER_OPERATOR,
            f"The filter reads {odd!r} as the name of a member: AWS's JSONPath has no such operator.",
            "Write ==, !=, <, <=, >, >= or =~ between two values, && or || between two conditions.",
        )


def _doubts_of_operator(comparison: Comparison) -> Iterator[Doubt]:
    left, operator, right = comparison
    if operator == "=~" and isinstance(right, str):
        text = right.strip("'\"")
        yield Doubt(
            FILTER_OPERATOR,
            f"The operator =~ takes a regular expression between slashes: with {right!r} it fails.",
            f"Write =~ /{text}/, or =~ /.*{text}.*/ for a part of the text.",
        )
    elif _is_bare(left) and str(left).startswith("!("):
        yield Doubt(
            FILTER_OPERATOR,
            f"AWS's JSONPath cannot negate a condition: the filter compares the text '{left}'.",
            "Use the opposite operator, or write !@.name for a missing member.",
        )
    elif not (isinstance(left, ParsedPath) or isinstance(right, ParsedPath)):
        yield Doubt(
            FILTER_OPERATOR,
            "Neither side of the comparison in the filter is a path: it holds for all elements or for none.",
            f"Write @.{left} for the element's member." if isinstance(left, str) else "Begin one side with '@' or '$'.",
        )
    elif _is_bare(left) and _NUMBER_OR_WORD.fullmatch(str(left)):
        yield Doubt(
            FILTER_LITERAL,
            f"On the left {left} is a text, which no number and no boolean equals.",
            f"Write the path on the left, and {left} on the right.",
        )
    elif _is_bare(right):
        yield from _doubts_of_bare_right_side(operator, str(right))


def _doubts_of_bare_right_side(operator: str, right: str) -> Iterator[Doubt]:
    meant = next((sign for sign in _OTHER_OPERATORS if sign[:-1] == operator and right[:1] == sign[-1]), None)
    word = _WORD_OPERATOR.search(right) if "@" in right else None
    if meant is not None:
        yield Doubt(
            FILTER_OPERATOR,
            f"AWS's JSONPath has no operator '{meant}': the filter compares by '{operator}' with the text '{right}'.",
            f"Write '{_OTHER_OPERATORS[meant]}'.",
        )
    elif word is not None:
        yield Doubt(
            FILTER_OPERATOR,
            f"AWS's JSONPath has no operator '{word[1]}': the filter compares by '{operator}' with the text '{right}'.",
            _instead_of(word[1]),
        )
    elif "@" in right:
        yield Doubt(
            FILTER_OPERATOR,
            f"AWS's JSONPath reads all after '{operator}' as one text: the filter compares with '{right}'.",
            "Write && or || between two conditions, and a text in single quotes.",
        )


def _doubts_of_literal(operand: Operand) -> Iterator[Doubt]:
    if not (_is_bare(operand) and isinstance(operand, str)):
        return
    if len(operand) > 1 and operand[0] == operand[-1] == '"':
        yield Doubt(
            FILTER_LITERAL,
            f"The double quotes belong to the text: the filter compares with {operand}, quotes included.",
            f"Write '{operand[1:-1]}', in single quotes.",
        )
    elif operand[:1] in ("[", "{") and "@" not in operand:
        yield Doubt(
            FILTER_LITERAL,
            f"AWS's JSONPath does not compare with arrays or objects: {operand} is read as a text.",
            "Compare the members or elements one by one.",
        )


def _is_bare(operand: Operand) -> bool:
    """Report whether an operand is a text without single quotes."""
    return isinstance(operand, str) and not isinstance(operand, QuotedText)


def _instead_of(word: str) -> str:
    return _INSTEAD_OF_WORDS.get(word.lower(), "Write a comparison, or !@.name for a missing member.")
