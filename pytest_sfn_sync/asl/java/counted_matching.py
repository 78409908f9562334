"""The matching of regular expressions in counted steps, for patterns that may take a number of steps without end.

Python's own matcher can't be interrupted and does not count. It is used as long as the most steps that a pattern may
take on a text are few: each repetition multiplies them by the length of the text, and a repetition in a repetition
raises them to a power. Otherwise the pattern is matched here, by the same backtracking, from the tree that Python's
parser makes of it. Only whether the whole text matches is found out, or how many steps a search takes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from math import inf
from typing import Any, Final

_PARSER: Final[Any] = import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_COMPILER: Final[Any] = import_module("re._compiler" if sys.version_info >= (3, 11) else "sre_compile")

_FEW_STEPS: Final = 20_000
"""The most steps for which Python's own matcher is used."""
_FEW_STEPS_OF_A_SEARCH: Final = 1_000_000
_MOST_INSTRUCTIONS: Final = 20_000
_STEPS_AT_ONCE: Final = 64
_STEPS_OF_PYTHON: Final = 64
"""The steps of Python's matcher, written in C, that are counted as one step here."""

Count = Callable[[int], None]
_Instruction = tuple[str, Any, Any]


class _Uncounted(Exception):  # noqa: N818 - handled here
    """A part of a pattern that can't be matched in counted steps: a reference, or a group without backtracking."""


class CountedPattern:
    """A compiled pattern, and its tree."""

    __slots__ = ("_compiled", "_program", "_tree")

    def __init__(self, compiled: re.Pattern[str]) -> None:
        self._compiled = compiled
        self._tree: Any = _PARSER.parse(compiled.pattern, compiled.flags & ~re.UNICODE)
        self._program: list[_Instruction] | None = None

    def matches(self, text: str, count: Count) -> bool:
        """Report whether the whole text matches; ``count`` is called with the steps that were taken, and may raise."""
        most = _most_steps(self._tree, len(text)) * (len(text) + 1)
        if most <= _FEW_STEPS:
            count(int(most) // _STEPS_OF_PYTHON)
            return self._compiled.fullmatch(text) is not None
        return _end(self._instructions(), text, 0, count, is_whole=True) is not None

    def count_search(self, text: str, count: Count) -> None:
        """Call ``count`` with the steps that it takes to find all matches in a text, if they may be many."""
        if _most_steps(self._tree, len(text)) * (len(text) + 1) <= _FEW_STEPS_OF_A_SEARCH:
            return
        program, start = self._instructions(), 0
        while start <= len(text):
            end = _end(program, text, start, count, is_whole=False)
            count(1)
            start = start + 1 if end is None else max(end, start + 1)

    def _instructions(self) -> list[_Instruction]:
        if self._program is None:
            self._program = _program(self._tree)
        return self._program


def _most_steps(tree: Any, length: int) -> float:
    """Return an upper bound of the ways in which a pattern can be tried at one position of a text."""
    ways: float = 1
    for operation, argument in tree:
        ways *= _ways(str(operation), argument, length)
        if ways > _FEW_STEPS:
            return inf
    return ways


def _ways(operation: str, argument: Any, length: int) -> float:
    match operation:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, body = argument
            of_body = _most_steps(body, length)
            times = min(int(most), max(length, int(least)))
            if of_body == 1:
                return times - int(least) + 1
            return inf if times > 100 or of_body == inf else of_body**times * (times - int(least) + 1)
        case "BRANCH":
            return sum(_most_steps(branch, length) for branch in argument[1])
        case "SUBPATTERN" | "ASSERT" | "ASSERT_NOT" | "ATOMIC_GROUP":
            return _most_steps(argument if operation == "ATOMIC_GROUP" else argument[-1], length)
        case "GROUPREF_EXISTS":
            return inf
        case _:
            return 1


def _program(tree: Any) -> list[_Instruction]:
    """Return the instructions of a pattern; a list of one that fails the count where it has a part that has none."""
    try:
        program: list[_Instruction] = []
        _append(program, tree, tree.state)
        return [*program, ("end", None, None)]
    except _Uncounted:
        return [("uncounted", None, None)]


def _append(program: list[_Instruction], tree: Any, state: Any) -> None:
    for operation, argument in tree:
        if len(program) > _MOST_INSTRUCTIONS:
            raise _Uncounted
        _append_operation(program, str(operation), (operation, argument), state)


def _append_operation(program: list[_Instruction], name: str, item: tuple[Any, Any], state: Any) -> None:
    argument = item[1]
    match name:
        case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY":
            program.append(("one", _matcher(item, state), None))
        case "AT":
            program.append(("at", _matcher(item, state), None))
        case "SUBPATTERN":
            _, added, removed, body = argument
            if added or removed:
                raise _Uncounted
            _append(program, body, state)
        case "BRANCH":
            _append_branches(program, argument[1], state)
        case "MAX_REPEAT" | "MIN_REPEAT":
            _append_repeat(program, item, state)
        case "ASSERT" | "ASSERT_NOT":
            direction, body = argument
            if direction < 0:
                raise _Uncounted
            inner: list[_Instruction] = []
            _append(inner, body, state)
            program.append(("look", [*inner, ("end", None, None)], name == "ASSERT"))
        case _:
            raise _Uncounted


def _append_branches(program: list[_Instruction], branches: Any, state: Any) -> None:
    jumps = []
    for branch in branches[:-1]:
        split = len(program)
        program.append(("split", None, None))
        _append(program, branch, state)
        jumps.append(len(program))
        program.append(("jump", None, None))
        program[split] = ("split", split + 1, len(program))
    _append(program, branches[-1], state)
    for jump in jumps:
        program[jump] = ("jump", len(program), None)


def _append_repeat(program: list[_Instruction], item: tuple[Any, Any], state: Any) -> None:
    least, most, body = item[1]
    if len(body) == 1 and str(body[0][0]) in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
        program.append(("run", _matcher((_PARSER.MAX_REPEAT, item[1]), state), int(least)))
        return
    for _ in range(int(least)):
        _append(program, body, state)
    if most == _PARSER.MAXREPEAT:
        start = len(program)
        program.append(("split", None, None))
        program.append(("mark", start, None))
        _append(program, body, state)
        # An iteration that takes no character ends the loop, as in Java and Python.
        program.append(("moved", start, None))
        program[start] = ("split", start + 1, len(program))
        return
    splits = []
    for _ in range(int(most) - int(least)):
        splits.append(len(program))
        program.append(("split", None, None))
        _append(program, body, state)
    for split in splits:
        program[split] = ("split", split + 1, len(program))


def _matcher(item: tuple[Any, Any], state: Any) -> Callable[[str, int], re.Match[str] | None]:
    matcher: Callable[[str, int], re.Match[str] | None] = _COMPILER.compile(_PARSER.SubPattern(state, [item])).match
    return matcher


def _end(program: list[_Instruction], text: str, start: int, count: Count, *, is_whole: bool) -> int | None:
    """Return where a match from ``start`` ends, or None; ``is_whole`` asks for one that ends with the text."""
    # Each entry is an instruction, a position, the lowest position to which a run may be shortened from there, and the
    # positions at which the loops were entered.
    pending: list[tuple[int, int, int, dict[int, int]]] = [(0, start, start, {})]
    steps = 0
    while pending:
        at, position, lowest, marks = pending.pop()
        if position > lowest:
            pending.append((at, position - 1, lowest, marks))
        while True:
            steps += 1
            if steps % _STEPS_AT_ONCE == 0:
                count(_STEPS_AT_ONCE)
            kind, argument, other = program[at]
            at += 1
            if kind == "one":
                if argument(text, position) is None:
                    break
                position += 1
            elif kind == "run":
                found = argument(text, position)
                if found is None:
                    break
                end, lowest = found.end(), position + other
                if end > lowest:
                    pending.append((at, end - 1, lowest, marks))
                position = end
            elif kind == "split":
                pending.append((other, position, position, marks))
                at = argument
            elif kind == "jump":
                at = argument
            elif kind == "mark":
                marks = {**marks, argument: position}
            elif kind == "moved":
                if marks[argument] == position:
                    break
                at = argument
            elif kind == "at":
                if argument(text, position) is None:
                    break
            elif kind == "look":
                if (_end(argument, text, position, count, is_whole=False) is not None) is not other:
                    break
            elif kind == "end":
                if not is_whole or position == len(text):
                    return position
                break
            else:
                count(sys.maxsize)
    return None
