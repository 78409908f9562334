"""The grammar of Jayway's JSONPath: from a text to its steps, rejecting what Jayway rejects in Jayway's words.

The same character decides the same thing at the same position, oddities included: one character after a closing
bracket at the very end is ignored, a text without ``$`` gets one, ``[0]name`` needs no dot. What the steps mean is the
business of ``definite.py`` and ``walking.py``; conditions of filters are read by ``filter_grammar.py``.
"""

from __future__ import annotations

import re

from pytest_sfn_sync.asl.json_paths.characters import NOWHERE, Characters, OutOfBoundsError
from pytest_sfn_sync.asl.json_paths.faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.filter_grammar import parse_filter
from pytest_sfn_sync.asl.json_paths.function_grammar import argument_texts
from pytest_sfn_sync.asl.json_paths.java_text import unescape
from pytest_sfn_sync.asl.json_paths.steps import (
    Argument,
    DeepScanStep,
    FilterStep,
    FunctionStep,
    IndexStep,
    JsonArgument,
    NameStep,
    ParsedPath,
    SliceStep,
    Step,
    WildcardStep,
)

_JAVA_INTEGER = 1 << 31
_DASHES_AND_DIGITS = re.compile(r"-?\d+")


def parse_path(source: str, *, keeps_foreign_quotes: bool = False) -> ParsedPath:
    """Parse a path of one document, as Jayway's ``JsonPath.compile`` does.

    ``keeps_foreign_quotes`` reads names in brackets as AWS does, see `compile_path`. Raises `PathSyntaxError` with
    Jayway's text.
    """
    if not source:
        raise PathSyntaxError("json can not be null or empty")
    try:
        return _parse_path(source, keeps_foreign_quotes)
    except (OutOfBoundsError, ValueError) as fault:
        if isinstance(fault, PathSyntaxError):
            raise
        raise PathSyntaxError(str(fault)) from None
    except RecursionError:
        raise PathSyntaxError("java.lang.StackOverflowError") from None


def _parse_path(source: str, keeps_foreign_quotes: bool) -> ParsedPath:
    text = Characters(source if source[0] in "$@" else f"$.{source}", keeps_foreign_quotes=keeps_foreign_quotes)
    text.trim()
    if text.text[text.end] == ".":
        raise PathSyntaxError("Path must not end with a '.' or '..'")
    return _parse_from_root(text)


def _parse_from_root(text: Characters) -> ParsedPath:
    return _with_scan_as_argument(ParsedPath(text.text[0], tuple(_parse_steps(text))))


def _parse_steps(text: Characters) -> list[Step]:
    steps: list[Step] = []
    if text.is_tail:
        return steps
    text.position = 1
    if text.current not in ".[":
        raise PathSyntaxError("Illegal character at position 1 expected '.' or '['")
    _read_steps(text, steps)
    return steps


def _read_steps(text: Characters, steps: list[Step]) -> None:
    while not (steps and text.is_tail):
        if text.current == ".":
            steps += _read_dots(text)
        steps.append(_read_step(text))


def _with_scan_as_argument(path: ParsedPath) -> ParsedPath:
    """Turn ``$..path.function()`` into ``$.function($..path)``: the function works on all that was found."""
    if not (
        len(path.steps) > 1 and isinstance(path.steps[0], DeepScanStep) and isinstance(path.steps[-1], FunctionStep)
    ):
        return path
    position = next(index for index, step in enumerate(path.steps) if isinstance(step, FunctionStep))
    function = path.steps[position]
    assert isinstance(function, FunctionStep)
    called = FunctionStep(function.name, (ParsedPath(path.root, path.steps[:position]),))
    return ParsedPath("$", (called, *path.steps[position + 1 :]), follows_scan=True)


def _read_dots(text: Characters) -> list[Step]:
    start = text.position
    scans = text.within(start + 1) and text.at(start + 1) == "."
    if not text.within(start + 1):
        raise PathSyntaxError("Path must not end with a '.")
    text.position += 2 if scans else 1
    if text.current == ".":
        raise PathSyntaxError(f"Character '.' on position {text.position} is not valid.")
    return [DeepScanStep()] if scans else []


def _read_step(text: Characters) -> Step:
    if text.current == "[":
        for read in (_read_quoted_names, _read_array_step, _read_wildcard, _read_filter, _read_placeholder):
            step = read(text)
            if step is not None:
                return step
        raise PathSyntaxError(f"Could not parse token starting at position {text.position}. Expected ?, ', 0-9, * ")
    if text.current == "*":
        return _read_bare_wildcard(text)
    if text.current in ". ":
        raise PathSyntaxError(f"Could not parse token starting at position {text.position}")
    return _read_name_or_function(text)


_NAME_END = re.compile(r"[ .\[(]")


def _read_name_or_function(text: Characters) -> Step:
    start = text.position
    match = _NAME_END.search(text.text, start, text.end + 1)
    delimiter = match.group() if match else ""
    if delimiter == " ":
        raise PathSyntaxError(
            f"Use bracket notion ['my prop'] if your property contains blank characters. position: {start}"
        )
    end = match.start() if match else text.end + 1
    name = text.text[start:end]
    text.position = end
    if delimiter == "(":
        return FunctionStep(name, _read_arguments(text, name))
    return NameStep((name,))


def _read_arguments(text: Characters, function: str) -> tuple[Argument, ...]:
    """Read arguments from the opening parenthesis on.

    Without any, Jayway stays on the closing parenthesis: what follows then begins with it, ``$.a.length().b`` looks
    for a property ``)``.
    """
    if text.is_tail:
        raise PathSyntaxError(f"Arguments to function: '{function}' are not closed properly.")
    if text.at(text.position + 1) == ")":
        text.position += 1
        return ()
    return tuple(
        JsonArgument(argument) if is_json else _parse_from_root(Characters(argument))
        for is_json, argument in argument_texts(text, function)
    )


def _read_quoted_names(text: Characters) -> Step | None:
    quote = text.next_significant()
    if quote not in "'\"":
        return None
    names: list[str] = []
    start = position = text.position + 1
    end = 0
    within_name = after_comma = False
    while text.within(position):
        character = text.at(position)
        if character == "\\":
            position += 1
        elif character == "]" and not within_name:
            _refuse_empty_name(after_comma, position)
            break
        elif character == quote and within_name:
            names.append(_closed_name(text, start, position))
            end, within_name = position, False
        elif character == quote:
            start, within_name, after_comma = position + 1, True, False
        elif character == "," and not within_name:
            _refuse_empty_name(after_comma, position)
            after_comma = True
        position += 1
    if within_name:
        raise PathSyntaxError(f"Property has not been closed - missing closing {quote}")
    closing = text.find_significant(end, "]")
    if closing == NOWHERE:
        raise PathSyntaxError("Property has not been closed - missing closing ]")
    text.position = closing + 1
    return NameStep(tuple(names), quote)


def _refuse_empty_name(after_comma: bool, position: int) -> None:
    if after_comma:
        raise PathSyntaxError(f"Found empty property at index {position}")


def _closed_name(text: Characters, start: int, end: int) -> str:
    if text.next_significant(end) not in "],":
        raise PathSyntaxError(
            f"Property must be separated by comma or Property must be terminated close square bracket at index {end}"
        )
    name = text.between(start, end)
    if text.keeps_foreign_quotes:
        name = _keep_escape_of(_FOREIGN_QUOTE[text.at(end)], name)
    return unescape(name)


_FOREIGN_QUOTE = {"'": '"', '"': "'"}
_ESCAPE = re.compile(r"\\.", re.DOTALL)


def _keep_escape_of(character: str, name: str) -> str:
    """Double the backslashes that stand before a character, so that one is left after escapes are resolved."""
    return _ESCAPE.sub(lambda escape: f"\\{escape.group()}" if escape.group()[1] == character else escape.group(), name)


def _read_array_step(text: Characters) -> Step | None:
    following = text.next_significant()
    if not (following.isdecimal() or following in "-:"):
        return None
    closing = text.find(text.position + 1, "]")
    if closing == NOWHERE:
        return None
    expression = text.between(text.position + 1, closing).strip()
    if not all(character.isdecimal() or character in ",-: " for character in expression):
        return None
    step = _parse_slice(expression) if ":" in expression else _parse_indices(expression)
    text.position = closing + 1
    return step


def _parse_slice(expression: str) -> SliceStep:
    bounds = re.sub(":+$", "", expression).split(":") if not re.search("[, ]", expression) else []
    start, end = (_java_integer(bound) if bound else None for bound in (*bounds, "", "")[:2])
    if start is None and end is None:
        raise PathSyntaxError(f"Failed to parse SliceOperation: {expression}")
    return SliceStep(start, end)


def _parse_indices(expression: str) -> IndexStep:
    indices = []
    for token in re.split(r"\s*,\s*", expression):
        try:
            indices.append(_java_integer(token))
        except ValueError:
            raise PathSyntaxError(f"Failed to parse token in ArrayIndexOperation: {token}") from None
    return IndexStep(tuple(indices))


def _java_integer(token: str) -> int:
    number = int(token) if _DASHES_AND_DIGITS.fullmatch(token) and len(token) < 64 else _JAVA_INTEGER
    if not -_JAVA_INTEGER <= number < _JAVA_INTEGER:
        raise ValueError(f'java.lang.NumberFormatException: For input string: "{token}"')
    return number


def _read_bare_wildcard(text: Characters) -> Step:
    text.position += 1
    return WildcardStep()


def _read_wildcard(text: Characters) -> Step | None:
    wildcard = text.significant_after(text.position)
    if not text.within(wildcard) or text.at(wildcard) != "*":
        return None
    if text.next_significant(wildcard) != "]":
        raise PathSyntaxError(f"Expected wildcard token to end with ']' on position {wildcard + 1}")
    text.position = text.significant_after(wildcard) + 1
    return WildcardStep()


def _read_filter(text: Characters) -> Step | None:
    question_mark = text.find_significant(text.position, "?")
    opening = NOWHERE if question_mark == NOWHERE else text.find_significant(question_mark, "(")
    if opening == NOWHERE:
        return None
    closing = text.find_closing(opening, "(", ")", skip_patterns=True)
    if closing == NOWHERE or text.next_significant(closing) != "]":
        return None
    bracket = text.significant_after(closing)
    condition = parse_filter(text.between(text.position, bracket + 1), parse_path)
    text.position = bracket + 1
    return FilterStep(condition)


def _read_placeholder(text: Characters) -> Step | None:
    """Refuse ``[?]``: it stands for a condition given as code, which a definition cannot do."""
    question_mark = text.find_significant(text.position, "?")
    if question_mark == NOWHERE or text.next_significant(question_mark) not in "],":
        return None
    closing = text.find(text.position + 1, "]")
    if closing == NOWHERE:
        return None
    raise PathSyntaxError(
        f"Not enough predicates supplied for filter [{text.between(text.position + 1, closing)}] "
        f"at position {text.position}"
    )
