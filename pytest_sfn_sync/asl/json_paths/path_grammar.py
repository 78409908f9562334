"""The grammar of Jayway 2.0.0's JSONPath: from a text to its steps, with Jayway's errors and their texts.

Jayway first cuts a path into fragments, which all look like ``['name']`` or ``[...]``, and then reads each fragment by
itself. This has odd effects, which are kept: a dot before a bracket is ignored, ``[k.2]`` is the index 2, and a name
with an apostrophe in it is cut there. Conditions of filters are read by ``filter_grammar.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.java.java_text import JAVA_BLANKS, java_integer, out_of_range
from pytest_sfn_sync.asl.json_paths.filter_grammar import cut_filter, parse_filter
from pytest_sfn_sync.asl.json_paths.path_faults import INVALID_PATH, PathSyntaxError
from pytest_sfn_sync.asl.json_paths.steps import (
    DeepScanStep,
    FilterStep,
    FromEndStep,
    IndexStep,
    NameStep,
    ParsedPath,
    RootStep,
    SliceStep,
    Step,
    WildcardStep,
)

TOO_DEEP: Final = "java.lang.StackOverflowError"
# Assumption: Jayway's recursion ends at some such depth. A path with a filter inside a filter is refused at any depth.
_MOST_NESTED: Final = 100
_BRACKETS: Final = re.compile(r"[\[\]]")

_NAME_END: Final = re.compile(r"[.\[ ]")
_WHOLE_FRAGMENTS: Final[dict[str, Step]] = {"$": RootStep(), "..": DeepScanStep(), "[*]": WildcardStep()}
_PLACEHOLDERS: Final = re.compile(r"\[\s*\?[,\s?]*]")
_DISTINCTIVE: Final = re.compile(r"[?'@:\-\d]")
_DIGITS: Final = re.compile(r"[\d \-]*")


def parse_path(source: str) -> ParsedPath:
    """Parse a path of one document, as Jayway's ``JsonPath.compile`` does; raise `PathSyntaxError` for its faults."""
    if not source:
        raise PathSyntaxError("json can not be null or empty")
    try:
        return _parse_path(source.strip(JAVA_BLANKS))
    except PathSyntaxError as fault:
        raise PathSyntaxError(fault.reason, f"{INVALID_PATH}: {fault.text}") from None
    except ValueError as fault:
        raise PathSyntaxError(str(fault)) from None
    except RecursionError:
        raise PathSyntaxError(TOO_DEEP) from None


def _parse_path(text: str) -> ParsedPath:
    if not text:
        raise out_of_range(0)
    if _nests_too_deep(text):
        raise ValueError(TOO_DEEP)
    # Assumption: a single dot, which gets "$." before it, is refused like "$..".
    if text.endswith("..") or text == ".":
        raise PathSyntaxError("A path can not end with a scan.")
    root = "@" if text[0] == "@" else "$"
    text = f"${text[1:]}" if text[0] in "$@" else f"$.{text}"
    if text[1:2] not in ("", ".", "["):
        raise PathSyntaxError(f"Invalid path {text}")
    return ParsedPath(root, tuple(map(_read_fragment, _fragments(text))))


def _fragments(text: str) -> Iterator[str]:
    """Yield the fragments of a path after its root: names in brackets and quotes, wildcards in brackets."""
    position = 1
    while position < len(text):
        character = text[position]
        if character == " ":
            raise PathSyntaxError("Space not allowed in path")
        if character == "[":
            end = _closing_bracket(text, position)
            yield text[position:end]
            position = end
        elif character == "$" or (character == "*" and text[position - 1] != "."):
            yield "$" if character == "$" else "[*]"
            position += 1
        elif text.startswith("..", position):
            yield ".."
            position += 2
        else:
            start = position + (character == ".")
            match = _NAME_END.search(text, start)
            position = match.start() if match else len(text)
            name = text[start:position]
            if name:
                yield "[*]" if name == "*" else f"['{name}']"


def _nests_too_deep(text: str) -> bool:
    """Report whether brackets nest deeper than any path needs; each filter in a filter is a path of its own."""
    if text.count("[") <= _MOST_NESTED:
        return False
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket == "[" else -1
        deepest = max(deepest, depth)
    return deepest > _MOST_NESTED


def _closing_bracket(text: str, opening: int) -> int:
    """Return the position after the bracket that closes the one at ``opening``; quotes have no effect."""
    depth = 0
    for position in range(opening, len(text)):
        depth += (text[position] == "[") - (text[position] == "]")
        if not depth:
            return position + 1
    return len(text)


def _read_fragment(fragment: str) -> Step:
    step = _WHOLE_FRAGMENTS.get(fragment)
    if step is not None:
        return step
    if _PLACEHOLDERS.fullmatch(fragment):
        return FilterStep(None)
    distinctive = _DISTINCTIVE.search(fragment)
    if distinctive is None:
        raise PathSyntaxError(f"Could not analyze path component: {fragment}")
    position = distinctive.start()
    match distinctive.group():
        case "?":
            return FilterStep(parse_filter(cut_filter(fragment, position), parse_path))
        case "'":
            return _read_names(fragment, position)
        case "@":
            return _read_index_from_end(fragment, position)
        case _:
            return _read_indices(fragment, position)


def _at(fragment: str, position: int) -> str:
    if position >= len(fragment):
        raise out_of_range(len(fragment))
    return fragment[position]


def _find(fragment: str, wanted: str, position: int) -> int:
    found = fragment.find(wanted, position)
    if found < 0:
        raise out_of_range(len(fragment))
    return found


def _read_names(fragment: str, position: int) -> NameStep:
    """Read the names between quotes up to the first ``]``; a quote that is not closed adds no name."""
    return NameStep(tuple(fragment[position : _find(fragment, "]", position)].split("'")[1:-1:2]))


def _read_index_from_end(fragment: str, position: int) -> FromEndStep:
    start = position + 2
    dash = _find(fragment, "-", start)
    function = fragment[start:dash].translate(_WITHOUT_PARENTHESES)
    if function not in ("size", "length"):
        raise PathSyntaxError(
            f"Invalid function: @.{function}. Supported functions are: [(@.length - n)] and [(@.size() - n)]"
        )
    return FromEndStep(java_integer(fragment[dash : _find(fragment, ")", dash)].replace(" ", "")))


_WITHOUT_PARENTHESES: Final = dict.fromkeys(map(ord, " ()"))


def _read_indices(fragment: str, position: int) -> IndexStep | SliceStep:
    """Read one index, several, or a slice; numbers after the second bound of a slice are read and ignored."""
    numbers: list[int] = []
    separators: list[str] = []
    while True:
        number, position = _read_number(fragment, position)
        separator = fragment[position]
        if separator == ":" and not number:
            number, position = _read_number(fragment, position + 1)
            numbers.append(java_integer(number))
            separators.append("to")
        elif separator == ":":
            numbers.append(java_integer(number))
            number, position = _read_number(fragment, position + 1)
            separators.append("between" if number else "from")
            numbers += [java_integer(number)] if number else []
        elif separator == ",":
            numbers.append(java_integer(number))
            separators.append(",")
        else:
            numbers += [java_integer(number)] if number else []
            break
        if fragment[position] == "]":
            break
        position += 1
    return _array_step(numbers, separators)


def _read_number(fragment: str, position: int) -> tuple[str, int]:
    match = _DIGITS.match(fragment, position)
    assert match is not None
    _at(fragment, match.end())
    return match.group().replace(" ", ""), match.end()


def _array_step(numbers: list[int], separators: list[str]) -> IndexStep | SliceStep:
    if "," in separators or not separators:
        return IndexStep(tuple(numbers))
    if "from" in separators:
        return SliceStep(numbers[0], None, has_width=numbers[1:] not in ([], [1]))
    if "to" in separators:
        return SliceStep(None, numbers[0], has_width=numbers[1:] not in ([], [1]))
    return SliceStep(numbers[0], numbers[1], has_width=numbers[2:] not in ([], [1]))
