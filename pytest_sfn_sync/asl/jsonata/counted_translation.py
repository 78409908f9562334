"""Expressions rewritten so that they count the items and characters that one step of the engine goes through.

The engine counts the nodes that it evaluates. It does not count what a node goes through: ``$x in $list`` is as many
steps for a list of 100,000 items as for one of three. So the lengths are counted too: ``$x in $list`` becomes
``$x in $__items($list)``, where ``$__items`` counts its argument's length and returns it.

The weights are as timed, at a tenth of a microsecond for a step. Functions that make a new array count more, because an
item takes 24 bytes: an evaluation makes at most 12 million of them, and 25 million with ``$append``.

Only an evaluation that takes longer than the first attempt runs such a program.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import StepsExceeded
from pytest_sfn_sync.asl.jsonata.syntax import Node
from pytest_sfn_sync.asl.jsonata.translation import Translation
from pytest_sfn_sync.asl.work_budget import CHARACTERS_PER_STEP

_ITEMS: Final = "items"
_APPENDED: Final = "appended"
_COPIED: Final = "copied"
_HEAVY_ITEMS: Final = "heavyItems"
_SORTED: Final = "sorted"
_GROUPED: Final = "grouped"
_TEXT: Final = "text"
_HEAVY_TEXT: Final = "heavyText"
_PIECES: Final = "pieces"
_CALLED: Final = "called"
_CLONED: Final = "cloned"
_MEMBERS: Final = "members"
_DESCENDANTS: Final = "descendants"
_LOW: Final = "low"
_HIGH: Final = "high"
_STEPS_OF_A_CALL: Final = 20
"""The steps for a call of a function that takes as long for a short value."""
_REFERENCE: Final = "counted_"
"""The beginning of the names of functions that are counted and passed on, not called."""

_ITEMS_PER_STEP: Final = 20
"""The items that the engine goes through in the time of one step if it does little with each."""
_MADE_PER_STEP: Final = 2.5
_CHARACTERS_PER_STEP: Final = 40
_SHORT: Final = 20
"""The steps for a value so short that they are not counted, because to count would take longer."""

_BY_MEASURE: Final = {
    _ITEMS: "average boolean max min not sum",
    _APPENDED: "append",
    _COPIED: "reverse shuffle",
    _TEXT: "contains length lowercase substring substringAfter substringBefore trim uppercase",
    _HEAVY_ITEMS: "join lookup",
    _SORTED: "sort zip",
    _GROUPED: "clone distinct partition",
    _HEAVY_TEXT: ("base64decode base64encode decodeUrl decodeUrlComponent encodeUrl encodeUrlComponent hash replace"),
    _PIECES: "parse split",
    _MEMBERS: "keys merge spread",
}
_MEASURES: Final = {name: measure for measure, names in _BY_MEASURE.items() for name in names.split()}
"""The functions that go through a whole value in one step, and how its length is measured."""

_PARAMETERS: Final = {
    **dict.fromkeys(("average", "boolean", "max", "min", "not", "reverse", "sum", "distinct", "shuffle"), 1),
    **dict.fromkeys(("keys", "merge", "spread"), 1),
    "append": 2,
}
"""The functions that are counted where they are passed on, and the parameters of each. No other number is allowed."""
_CALLING: Final = frozenset({"each", "filter", "map", "reduce", "sift"})
"""The functions that call one that is passed on."""
_MEASURED_WHOLLY: Final = frozenset({"append", "zip"})
"""The functions of which all arguments are measured. Of others it is the first."""
_MADE: Final = {
    "pad": _HEAVY_TEXT,
    "range": _SORTED,
    **dict.fromkeys(("formatNumber", "formatInteger", "fromMillis", "toMillis"), _CALLED),
}
"""The functions of which the result is measured: it may be much larger than the arguments, or takes long to make."""
_MAKERS: Final = frozenset({"pad", "range"})
_HEAVY: Final = frozenset({_HEAVY_ITEMS, _SORTED, _GROUPED, _HEAVY_TEXT, _PIECES, _MEMBERS})
_HEAVY_KINDS: Final = frozenset({"sort", "group", "transform"})
_WRITING: Final = frozenset({("variable", "string"), ("binary", "&")})
"""The nodes that may make a text of a large array or object."""
_FEW: Final = 5

_COPIED_INTO_ARRAYS: Final = frozenset({"variable", "step", "filter"})
"""The kinds of nodes whose items an array in brackets copies, and that nothing else counts."""
_SIZELESS: Final = frozenset({"string", "number", "constant", "regex", "lambda", "leaf"})
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


def _measure(length: str, per_step: float, is_measured: str = "") -> str:
    counted = f"({length}>{_SHORT * per_step}?$@spend({length}/{per_step}))"
    return f"function($v){{({is_measured}{counted};$v)}}"


_IS_TEXT: Final = '$@type($v)="string"?'
_DEFINITIONS: Final = {
    _ITEMS: _measure("$@count($v)", _ITEMS_PER_STEP),
    _APPENDED: _measure("$@count($v)", 5),
    _COPIED: _measure("$@count($v)", _MADE_PER_STEP),
    _HEAVY_ITEMS: _measure("$@count($v)", 1),
    _SORTED: _measure("$@count($v)", 0.4),
    _GROUPED: _measure("$@count($v)", 0.1),
    _TEXT: _measure("$@length($v)", _CHARACTERS_PER_STEP, _IS_TEXT),
    _HEAVY_TEXT: _measure("$@length($v)", CHARACTERS_PER_STEP, _IS_TEXT),
    _PIECES: _measure("$@length($v)", 1, _IS_TEXT),
    _CALLED: f"function($v){{($@spend({_STEPS_OF_A_CALL});$v)}}",
    _CLONED: _measure("$@count($v.**)", 0.1),
    _MEMBERS: _measure("$@count($v.*)", 0.2),
    _DESCENDANTS: _measure("$@count($v)", 0.25),
    _LOW: 'function($v){($@pushLow($@type($v)="number"?$v:0);$v)}',
    _HIGH: 'function($v){($@spendRange($@type($v)="number"?$v:0);$v)}',
}
_ENGINE_FUNCTIONS: Final = "".join(f"$@{name}:=${name};" for name in ("type", "count", "length"))


class CountedTranslation(Translation):
    """The rewriting of one expression that counts; ``defined`` are the names of the functions that it needs."""

    __slots__ = ("defined",)

    def __init__(self, text: str, *, prefix: str, hidden: frozenset[str] = frozenset(), finite: bool = True) -> None:
        super().__init__(text, prefix=prefix, hidden=hidden, finite=finite)
        self.defined: set[str] = set()

    def definitions(self) -> str:
        """Return the text that defines the functions of ``defined``, for the beginning of the program."""
        needed = {_MEASURES[name[len(_REFERENCE) :]] for name in self.defined if name.startswith(_REFERENCE)}
        texts = [_ENGINE_FUNCTIONS] if self.defined else []
        for name in (*sorted(needed | self.defined & _DEFINITIONS.keys()), *sorted(self.defined - _DEFINITIONS.keys())):
            texts.append(f"$@{name}:={_DEFINITIONS.get(name) or _reference(name[len(_REFERENCE) :])};")
        return "".join(texts).replace("@", self.prefix)

    def _render(self, node: Node) -> str:
        match node.kind:
            case "leaf" if node.value in ("*", "**"):
                # In brackets, so that after ~> it is a value, not a call.
                return f"({self._counting(_DESCENDANTS, node.value)})"
            case "array":
                return self._array(node)
            case "sort" | "group" if _is_plain(node.here[0]):
                left = node.here[0]
                return self._counting(_SORTED, self.render(left)) + self._copy(node, left.end)
            case "binary" if node.value == "~>" and node.here[1].kind == "transform":
                left = node.here[0]
                return self._sized(_CLONED, left) + self._copy(node, left.end)
            case "binary" if node.value == "in":
                left, right = node.here
                between = self.text[left.end : right.start]
                return f"{self.render(left)}{between}{self._sized(_ITEMS, right)}"
            case _:
                return super()._render(node)

    def _call(self, node: Node) -> str:
        function, *arguments = node.here
        if (values := self._values(function, arguments)) is not None:
            return f"{self.text[function.start : function.end]}({','.join(values)})"
        called = super()._call(node)
        made = _MADE.get(function.value) if self._is_function(function, function.value) else None
        return called if made is None else self._counting(made, called)

    def _chain(self, left: Node, call: Node, operator: str) -> str:
        function, *arguments = call.here
        if (values := self._values(function, [left, *arguments])) is None:
            return super()._chain(left, call, operator)
        return f"{values[0]}{operator}{self.text[function.start : function.end]}({','.join(values[1:])})"

    def _values(self, function: Node, arguments: list[Node]) -> list[str] | None:
        """Return the texts of the arguments of a function of which something is counted; return None for others."""
        if not self._is_function(function, function.value):
            return None
        if function.value in _CALLING:
            return [self._passed_on(argument) for argument in arguments]
        measure = _MEASURES.get(function.value)
        if measure is None:
            return None
        measured = len(arguments) if function.value in _MEASURED_WHOLLY else 1
        sized = [self._sized(measure, argument) for argument in arguments[:measured]]
        return sized + list(map(self.render, arguments[measured:]))

    def _passed_on(self, argument: Node) -> str:
        if argument.value in _PARAMETERS and self._is_function(argument, argument.value):
            return f"${self._defined(_REFERENCE + argument.value)}"
        return self.render(argument)

    def _sized(self, measure: str, part: Node) -> str:
        rendered = self.render(part)
        return rendered if part.kind in _SIZELESS else self._counting(measure, rendered)

    def _counting(self, measure: str, text: str) -> str:
        return f" ${self._defined(measure)}({text}) "

    def _defined(self, name: str) -> str:
        self.is_deeper = True
        self.defined.add(name)
        return self.prefix + name

    def _array(self, node: Node) -> str:
        pieces: list[str] = []
        at, low = node.start, False
        for part, following in zip_longest(node.here, node.here[1:]):
            rendered = self._sized(_COPIED, part) if part.kind in _COPIED_INTO_ARRAYS else self.render(part)
            is_low = following is not None and self._is_long_range(part, following)
            if is_low or low:
                rendered = self._counting(_LOW if is_low else _HIGH, rendered)
            pieces += (self.text[at : part.start], rendered)
            at, low = part.end, is_low
        return "".join((*pieces, self.text[at : node.end]))

    def _is_long_range(self, low: Node, high: Node) -> bool:
        if ".." not in _COMMENT.sub("", self.text[low.end : high.start]):
            return False
        is_short = low.kind == high.kind == "number" and float(high.value) - float(low.value) < _SHORT * _ITEMS_PER_STEP
        return not is_short


class Lengths:
    """The lengths that one evaluation counts; ``left`` is what its current attempt may still take, in steps."""

    __slots__ = ("_lows", "left")

    def __init__(self) -> None:
        self.left: float = 0
        self._lows: list[float] = []

    def begin(self, steps: int) -> None:
        """Begin an attempt."""
        self.left = steps
        self._lows.clear()

    def functions(self, prefix: str) -> dict[str, Callable[..., JSON]]:
        """Return the functions that a counting program calls, by their names."""
        own = {"spend": self._spend, "pushLow": self._lows.append, "spendRange": self._spend_range}
        return {prefix + name: function for name, function in own.items()}

    def counted(self, function: Callable[[dict[str, JSON]], JSON]) -> Callable[[dict[str, JSON]], JSON]:
        """Return a function that makes text, as one that counts the characters of its result."""

        def call(arguments: dict[str, JSON]) -> JSON:
            text = function(arguments)
            # A container is written by this package's own functions, which takes longer.
            is_written = isinstance(arguments.get("v"), (list, dict))
            self._spend(_STEPS_OF_A_CALL + len(text or "") / (0.5 if is_written else CHARACTERS_PER_STEP))
            return text

        return call

    def _spend(self, steps: float) -> None:
        self.left -= steps
        if self.left < 0:
            raise StepsExceeded

    def _spend_range(self, high: float) -> None:
        self._spend(max(high - self._lows.pop(), 0) / _MADE_PER_STEP)


def may_take_long(root: Node, text: str) -> bool:
    """Report whether few steps of an expression may go through many large values, as far as its text shows."""
    makers = heavy = others = 0
    pending = [(root, False)]
    while pending:
        node, repeats = pending.pop()
        measure = _MEASURES.get(node.value) if node.kind == "variable" else None
        writes = (node.kind, node.value) in _WRITING
        is_array = node.kind == "array"
        makes = ".." in text[node.start : node.end] if is_array else node.kind == "variable" and node.value in _MAKERS
        if repeats and (writes or makes):
            return True
        makers += makes
        if measure in _HEAVY or node.kind in _HEAVY_KINDS or (node.kind == "leaf" and node.value == "**"):
            if repeats:
                return True
            heavy += 1
        elif writes or measure is not None or is_array:
            others += not makes
        repeats = repeats or node.kind == "lambda"
        if node.here:
            pending += [(part, repeats) for part in node.here]
        if node.within:
            pending += [(part, True) for part in node.within]
    return heavy > _FEW or makers > _FEW or (makers > 0 and heavy + others > 0)


def _is_plain(node: Node) -> bool:
    """Report whether a node is a variable or a path of names, of which the value can be passed to a function."""
    while node.kind == "step" and node.within[0].kind == "name":
        node = node.here[0]
    return node.kind == "variable" and node.value != ""


def _reference(name: str) -> str:
    parameters = [f"$p{index}" for index in range(_PARAMETERS[name])]
    values = ",".join(f"$@{_MEASURES[name]}({parameter})" for parameter in parameters)
    return f"function({','.join(parameters)}){{${name}({values})}}"
