"""Finds the paths in JSONPath, intrinsic functions and JSONata, and what is asked of the value at each.

This is guessing from the text, to build documents by: what it misses makes a generated run fail, and nothing wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

ITEM: Final = None
"""The step of a path into an array; the other steps are names of members."""

Steps: TypeAlias = "list[str | None]"

MOST_ITEMS: Final = 12
"""An index is not taken for more items than these."""

TIMESTAMP: Final = "2020-01-01T00:00:00Z"
"""Long past, so that no Wait state waits for it."""

_STEP: Final = re.compile(
    r"\.{0,2}\[\s*(?:(?P<index>-?\d+)|(?P<quoted>'[^']*'|\"[^\"]*\")|(?P<other>(?:[^\[\]]|\[[^\]]*\])*))\s*\]"
    r"|\.{0,2}(?P<name>[^\s.\[\](),*`]+|`[^`]*`)(?P<call>\(\))?"
    r"|\.{1,2}\*{0,2}|\*"
)
_DOCUMENT: Final = re.compile(r"\$\$\.(?:Execution\.Input|Map\.Item\.Value)|\$(?!\$)(?!states\b)")
_IN_INTRINSIC: Final = re.compile(
    r"'(?:\\.|[^'\\])*'|States\.(?P<function>\w+)\(|(?P<path>\$(?:\[\?\(.*?\)\]|\[[^\]]*\]|[^,()\[\]])*)|[,)]"
)
_IN_JSONATA: Final = re.compile(
    r"\$(?:states\.(?:input|result|context\.Execution\.Input|context\.Map\.Item\.Value)"
    r"|(?!states\b)(?P<variable>\w+)(?!\w*\())"
    r"(?P<steps>(?:\.(?:\w+|`[^`]*`|\*\*?)|\[[^\[\]]*\])*)"
)
_LITERAL: Final = r"(?P<literal>'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?|true|false)"
_COMPARED_MEMBER: Final = re.compile(rf"@?\.?(?P<name>\w+)\s*==?\s*{_LITERAL}")
_COMPARED_WITH_WORD: Final = re.compile(r"(?P<name>\w+)\s*==\s*(?P<word>[A-Za-z_]\w*)")
_COMPARED: Final = re.compile(rf"\s*(?P<operator>!?=|[<>]=?|in)\s*\[?\s*{_LITERAL}")

_KINDS_OF_ARGUMENTS: Final = (
    dict.fromkeys(("StringToJson", "parse"), "json")
    | dict.fromkeys(("Base64Decode", "base64decode"), "base64")
    | dict.fromkeys(("ArrayPartition", "ArrayContains", "ArrayGetItem", "ArrayLength", "ArrayUnique"), "array")
    | dict.fromkeys(("count", "map", "filter", "reduce", "append", "distinct", "partition", "join"), "array")
    | dict.fromkeys(("sum", "max", "min", "average"), "numbers")
    | dict.fromkeys(("ArrayRange", "MathAdd", "MathRandom", "range"), "number")
    | dict.fromkeys(("JsonMerge", "keys", "each", "merge"), "object")
    | {"toMillis": "timestamp"}
)
"""By intrinsic or JSONata function: what its first argument has to be, and for numbers and objects all others."""

_LITERALS_OF_ARGUMENTS: Final[dict[tuple[str, int], list[Any]]] = {
    ("ArrayGetItem", 1): [0],
    ("ArrayPartition", 1): [2],
    ("ArrayRange", 0): [1],
    ("ArrayRange", 1): [9],
    ("ArrayRange", 2): [2],
    ("MathRandom", 0): [1],
    ("MathRandom", 1): [10],
    ("Format", 0): ["{}, {}", "{}"],
    ("Hash", 1): ["SHA-256"],
    ("hash", 1): ["SHA-256"],
    ("range", 0): [1],
    ("range", 1): [9],
    ("range", 2): [2],
}
"""By function and position: arguments that it takes, where their kind does not say enough."""


@dataclass(frozen=True, kw_only=True)
class FoundPath:
    """A path in an expression: its steps, the items its arrays must have, and what is asked of its value.

    ``is_all`` tells that the expression is nothing but the path, ``is_argument_of`` the function that it is given to.
    """

    steps: Steps
    least_items: int = 1
    kind: str | None = None
    literals: tuple[Any, ...] = ()
    is_all: bool = False
    is_argument_of: str = ""
    compared_members: tuple[tuple[str, Any], ...] = ()


def in_json_path(text: str) -> FoundPath | None:
    """Read a JSONPath; None where it reads nothing that a generated document has."""
    root = _DOCUMENT.match(text)
    if root is None:
        return None
    steps, least = steps_of(text[root.end() :])
    words = tuple((found["name"], found["word"]) for found in _COMPARED_WITH_WORD.finditer(text))
    compared = (*_compared_members(text), *words)
    return FoundPath(steps=steps, least_items=least, is_all=True, compared_members=compared)


def in_intrinsic(text: str) -> Iterator[FoundPath]:
    """Give the paths in a call of an intrinsic function."""
    calls: list[tuple[str, int]] = []
    for found in _IN_INTRINSIC.finditer(text):
        if found["function"]:
            calls.append((found["function"], 0))
        elif found.group() == "," and calls:
            function, position = calls.pop()
            calls.append((function, position + 1))
        elif found.group() == ")" and calls:
            calls.pop()
        elif found["path"] and calls:
            path = in_json_path(found["path"].strip())
            if path is not None:
                function, position = calls[-1]
                yield FoundPath(
                    steps=path.steps,
                    least_items=path.least_items,
                    kind=_kind_of_argument(function, position),
                    literals=tuple(_LITERALS_OF_ARGUMENTS.get((function, position), ())),
                    is_argument_of=function,
                    compared_members=path.compared_members,
                )


def in_jsonata(text: str) -> Iterator[FoundPath]:
    """Give the paths in a JSONata expression, braces included; variables count as members of the document."""
    for found in _IN_JSONATA.finditer(text):
        steps, least = steps_of(found["steps"])
        before, after = text[: found.start()], text[found.end() :]
        function, position = _call_around(before)
        compared = _COMPARED.match(after)
        is_counted = re.match(r"\s*[-+*/](?!%)", after) or re.search(r"[-+*/]\s*$", before)
        kind = _kind_of_argument(function, position) or ("number" if is_counted else None)
        literals = _LITERALS_OF_ARGUMENTS.get((function, position), [])
        if compared:
            literals = _operands(compared["operator"], literal(compared["literal"]))
        yield FoundPath(
            steps=[found["variable"], *steps] if found["variable"] else steps,
            least_items=least,
            kind=kind,
            literals=tuple(literals),
            is_all=before.strip(" \n(") == "{%" and after.strip(" \n)") == "%}",
            is_argument_of=function,
            compared_members=_compared_members(found["steps"]),
        )


def steps_of(text: str) -> tuple[Steps, int]:
    """Split what follows the root of a path into steps, and tell how many items its arrays must have."""
    steps: Steps = []
    least = 1
    for found in _STEP.finditer(text):
        if found["call"]:
            break
        if found["name"]:
            steps.append(found["name"].strip("`"))
        elif found["quoted"]:
            steps.append(found["quoted"][1:-1])
        elif found["index"]:
            index = int(found["index"])
            steps.append(ITEM)
            least = max(least, min(-index if index < 0 else index + 1, MOST_ITEMS))
        elif found["other"] is not None or found.group().endswith("*"):
            steps.append(ITEM)
    return steps, least


def literal(text: str) -> Any:
    """Read a literal of a filter or of a JSONata expression."""
    if text in ("true", "false"):
        return text == "true"
    return text[1:-1] if text[0] in "'\"" else float(text) if "." in text else int(text)


def other(value: Any) -> Any:
    """Give a value that is not equal to another one of its type."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else "other"


def _operands(operator: str, operand: Any) -> list[Any]:
    """Give operands for which a comparison of JSONata holds, and then one for which it does not."""
    if operator in ("<", "<=") and isinstance(operand, int | float):
        return [operand - 1, operand + 1]
    return [operand, other(operand)] if operator in ("=", "in") else [other(operand), operand]


def _compared_members(text: str) -> tuple[tuple[str, Any], ...]:
    return tuple((found["name"], literal(found["literal"])) for found in _COMPARED_MEMBER.finditer(text))


def _kind_of_argument(function: str, position: int) -> str | None:
    kind = _KINDS_OF_ARGUMENTS.get(function)
    return kind if position == 0 or kind in ("number", "object") else None


def _call_around(before: str) -> tuple[str, int]:
    """Tell, by what stands before an argument, the JSONata function that it is given to and its position."""
    depth = position = 0
    for index in reversed(range(len(before))):
        letter = before[index]
        if letter in ")]}":
            depth += 1
        elif letter in "([{" and depth:
            depth -= 1
        elif letter in "([{":
            called = re.search(r"\$(\w+)$", before[:index])
            return (called[1], position) if called and letter == "(" else ("", 0)
        elif letter == "," and not depth:
            position += 1
        elif letter in "-+*/&?:=<>;" and not depth:
            break
    return "", 0
