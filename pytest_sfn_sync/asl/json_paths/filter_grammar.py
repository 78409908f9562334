"""The grammar of conditions in filters, ``[?(@.price < 10 && !@.sold)]``, as Jayway 2.0.0 reads them.

The result is data; ``filters.py`` compiles it. The caller passes the function that parses paths within a condition, so
this module does not depend on the grammar of paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pytest_sfn_sync.asl.java.java_patterns import compile_pattern
from pytest_sfn_sync.asl.java.java_text import JAVA_BLANKS, out_of_range
from pytest_sfn_sync.asl.json_paths.path_faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.steps import (
    Combination,
    Comparison,
    Condition,
    Existence,
    Operand,
    ParsedPath,
    QuotedText,
)

ParsePath = Callable[[str], ParsedPath]

_OPERATORS: Final = (">=", "<=", "==", "!=", "=~", "<", ">")
_LOGIC: Final = ("||", "&&")
_NO_OPERATOR: Final = "java.lang.UnsupportedOperationException: CriteriaType  can not be parsed"


def cut_filter(fragment: str, question_mark: int) -> str:
    """Return the filter in a fragment, from its bracket to the closing one outside of parentheses.

    Raise `PathSyntaxError` if a parenthesis or a bracket is not closed, ValueError if the fragment ends too early.
    """
    start = position = fragment.rindex("[", 0, question_mark)
    parentheses = brackets = 0
    quoted = False
    while True:
        if position >= len(fragment):
            raise out_of_range(len(fragment))
        character = fragment[position]
        position += 1
        if character == "'" and fragment[position - 2] != "\\":
            quoted = not quoted
        elif not quoted:
            parentheses += (character == "(") - (character == ")")
            brackets += (character == "[") - (character == "]")
            if character == "]" and not parentheses:
                break
    if brackets:
        raise PathSyntaxError("Filter brackets are not balanced")
    return fragment[start:position]


def parse_filter(source: str, parse_path: ParsePath) -> Condition:
    """Parse a filter from its opening to its closing bracket, ``[?(...)]``.

    Raise `PathSyntaxError` or ValueError with Jayway's text.
    """
    text = _unwrap(source, "[", "]", "Filter must start with '[' and end with ']'. ")
    if not text.startswith("?"):
        raise PathSyntaxError(f"Filter must start with '[?' and end with ']'. {text}")
    text = _unwrap(text[1:].strip(JAVA_BLANKS), "(", ")", "Filter must start with '[?(' and end with ')]'. ")
    return _parse_condition(text, parse_path)


def _unwrap(text: str, opening: str, closing: str, message: str) -> str:
    text = text.strip(JAVA_BLANKS)
    if not (text.startswith(opening) and text.endswith(closing)):
        raise PathSyntaxError(message + text)
    return text[1:-1].strip(JAVA_BLANKS)


def _parse_condition(text: str, parse_path: ParsePath) -> Condition:
    """Parse conditions joined by ``&&`` and ``||``, with parentheses around them; ``&&`` binds more tightly.

    Assumption: parentheses in the middle group. A ``)`` that closes nothing is ignored, like the one of ``!(...)``.
    """
    groups: list[list[Condition | str]] = [[]]
    for token in _tokens(text):
        if token == "(":
            groups.append([])
        elif token != ")":
            groups[-1].append(token if token in _LOGIC else _parse_criterion(token, parse_path))
        elif len(groups) > 1:
            group = _joined(groups.pop())
            groups[-1].append(group)
    while len(groups) > 1:
        group = _joined(groups.pop())
        groups[-1].append(group)
    return _joined(groups[0])


def _joined(parts: list[Condition | str], operators: tuple[str, ...] = _LOGIC) -> Condition:
    """Return criteria joined by the operators between them; the operator that binds least is applied last."""
    if not operators:
        criterion = parts[0] if len(parts) == 1 else ""
        if isinstance(criterion, str):
            raise ValueError(_NO_OPERATOR)
        return criterion
    operator, *others = operators
    groups: list[list[Condition | str]] = [[]]
    for part in parts:
        if part == operator:
            groups.append([])
        else:
            groups[-1].append(part)
    joined, *rest = (_joined(group, tuple(others)) for group in groups)
    for condition in rest:
        joined = Combination(joined, operator, condition)
    return joined


def _tokens(text: str) -> Iterator[str]:
    """Yield the parentheses and logical operators of a text, and the criteria between them.

    Parentheses within a criterion belong to it: those of ``@.name()``, and the opening one of ``!(``.
    """
    position = 0
    while position < len(text):
        if text[position] in f"(){JAVA_BLANKS}":
            yield from text[position].strip(JAVA_BLANKS)
            position += 1
        elif text.startswith(_LOGIC, position):
            yield text[position : position + 2]
            position += 2
        else:
            end = _criterion_end(text, position)
            yield text[position:end].strip(JAVA_BLANKS)
            position = end


def _criterion_end(text: str, position: int) -> int:
    depth = -1 if text.startswith("!(", position) else 0
    quoted = False
    for end in range(position, len(text)):
        character = text[end]
        if character == "'" and text[end - 1] != "\\":
            quoted = not quoted
        elif not quoted and (text.startswith(_LOGIC, end) or (character == ")" and not depth)):
            return end
        elif not quoted:
            depth += (character == "(") - (character == ")")
    return len(text)


def _parse_criterion(text: str, parse_path: ParsePath) -> Condition:
    operator = next((operator for operator in _OPERATORS if operator in text), "")
    if operator:
        left, _, right = text.partition(operator)
        return Comparison(_operand(left, parse_path), operator, _operand(right, parse_path))
    expected = not text.startswith("!")
    path = text if expected else text[1:]
    if not path.startswith(("$", "@")):
        raise ValueError(_NO_OPERATOR)
    return Existence(_definite_path(path, parse_path), expected)


def _operand(text: str, parse_path: ParsePath) -> Operand:
    text = text.strip(JAVA_BLANKS)
    if text.startswith(("$", "@", "!@")):
        return _definite_path(text.removeprefix("!"), parse_path)
    if len(text) > 1 and text[0] == text[-1] == "'":
        return QuotedText(text[1:-1])
    if text.startswith("/") and text.endswith(("/", "/i")):
        return compile_pattern(text[1 : text.rindex("/")], ignores_case=text.endswith("i"))
    return text


def _definite_path(text: str, parse_path: ParsePath) -> ParsedPath:
    path = parse_path(text)
    if not path.definite:
        raise PathSyntaxError(f"the predicate path: {text} is not definite")
    return path
