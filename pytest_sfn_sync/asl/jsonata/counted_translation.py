"""Expressions rewritten so that they count the items and characters that one step of the engine goes through.

The engine counts the nodes that it evaluates. It does not count what a node goes through: ``$x in $list`` is as many
steps for a list of 100,000 items as for one of three. A part that is evaluated once may do so. In a part that is
evaluated again and again, such as a function's body, a predicate or a step of a path, the lengths are counted too:
``$x in $list`` becomes ``$x in $__items($list)``, where ``$__items`` counts its argument's length and returns it.

Only an evaluation that takes more steps than the first attempt runs such a program.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import StepsExceeded
from pytest_sfn_sync.asl.jsonata.references import nodes
from pytest_sfn_sync.asl.jsonata.syntax import Node
from pytest_sfn_sync.asl.jsonata.translation import Translation
from pytest_sfn_sync.asl.work_budget import CHARACTERS_PER_STEP

_ITEMS: Final = "items"
_TEXT: Final = "text"
_HEAVY_ITEMS: Final = "heavyItems"
_HEAVY_TEXT: Final = "heavyText"
_MEMBERS: Final = "members"
_DESCENDANTS: Final = "descendants"
_LOW: Final = "low"
_HIGH: Final = "high"
_REFERENCE: Final = "counted_"
"""The beginning of the names of functions that are counted and passed on, not called."""

_ITEMS_PER_STEP: Final = 20
"""The items that the engine goes through in the time of one step if it does little with each."""
_CHARACTERS_PER_STEP: Final = 160
_SHORT: Final = 20
"""The steps for a value so short that they are not counted, because to count would take longer."""

_BY_MEASURE: Final = {
    _ITEMS: "append average boolean max min not reverse sum",
    _TEXT: "contains length lowercase substring substringAfter substringBefore trim uppercase",
    _HEAVY_ITEMS: "distinct join lookup partition shuffle sort zip",
    _HEAVY_TEXT: (
        "base64decode base64encode decodeUrl decodeUrlComponent encodeUrl encodeUrlComponent hash parse replace split"
    ),
    _MEMBERS: "keys merge spread",
}
_MEASURES: Final = {name: measure for measure, names in _BY_MEASURE.items() for name in names.split()}
"""The functions that go through a whole value in one step, and how its length is measured. Weights as timed."""

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
_HEAVY: Final = frozenset({_HEAVY_ITEMS, _HEAVY_TEXT, _MEMBERS})
_MADE: Final = {"pad": _HEAVY_TEXT, "range": _HEAVY_ITEMS}
"""The functions whose result may be much larger than their arguments."""

_MEASURED_SIGNS: Final = frozenset({"in", "*", "**"})
_MANY: Final = 30
_WEIGHT_OF_MANY: Final = 20
_WEIGHT_OF_REPEATED: Final = 4

_SIZELESS: Final = frozenset({"string", "number", "constant", "regex", "lambda", "leaf"})
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


def _measure(length: str, per_step: float, is_measured: str = "") -> str:
    counted = f"({length}>{_SHORT * per_step}?$@spend({length}/{per_step}))"
    return f"function($v){{({is_measured}{counted};$v)}}"


_IS_TEXT: Final = '$@type($v)="string"?'
_DEFINITIONS: Final = {
    _ITEMS: _measure("$@count($v)", _ITEMS_PER_STEP),
    _TEXT: _measure("$@length($v)", _CHARACTERS_PER_STEP, _IS_TEXT),
    _HEAVY_ITEMS: _measure("$@count($v)", 1),
    _HEAVY_TEXT: _measure("$@length($v)", CHARACTERS_PER_STEP, _IS_TEXT),
    _MEMBERS: _measure("$@count($v.*)", 1),
    _DESCENDANTS: _measure("$@count($v)", 0.25),
    _LOW: 'function($v){($@pushLow($@type($v)="number"?$v:0);$v)}',
    _HIGH: 'function($v){($@spendRange($@type($v)="number"?$v:0);$v)}',
}
_ENGINE_FUNCTIONS: Final = "".join(f"$@{name}:=${name};" for name in ("type", "count", "length"))


class CountedTranslation(Translation):
    """The rewriting of one expression that counts; ``defined`` are the names of the functions that it needs."""

    __slots__ = ("_repeats", "defined")

    def __init__(self, text: str, *, prefix: str, hidden: frozenset[str] = frozenset(), finite: bool = True) -> None:
        super().__init__(text, prefix=prefix, hidden=hidden, finite=finite)
        self.defined: set[str] = set()
        self._repeats = False

    def rewritten(self, root: Node) -> str:
        """Return the text of the whole expression for the engine."""
        self._repeats = _has_many(root)
        return super().rewritten(root)

    def definitions(self) -> str:
        """Return the text that defines the functions of ``defined``, for the beginning of the program."""
        needed = {_MEASURES[name[len(_REFERENCE) :]] for name in self.defined if name.startswith(_REFERENCE)}
        texts = [_ENGINE_FUNCTIONS] if self.defined else []
        for name in (*sorted(needed | self.defined & _DEFINITIONS.keys()), *sorted(self.defined - _DEFINITIONS.keys())):
            texts.append(f"$@{name}:={_DEFINITIONS.get(name) or _reference(name[len(_REFERENCE) :])};")
        return "".join(texts).replace("@", self.prefix)

    def _render(self, node: Node) -> str:
        if node.kind == "lambda":
            return self._again(super()._render, node)
        if not self._repeats:
            return super()._render(node)
        match node.kind:
            case "leaf" if node.value in ("*", "**"):
                # In brackets, so that after ~> it is a value, not a call.
                return f"({self._counting(_DESCENDANTS, node.value)})"
            case "array":
                return self._array(node)
            case "binary" if node.value == "in":
                left, right = node.here
                between = self.text[left.end : right.start]
                return f"{self.render(left)}{between}{self._sized(_ITEMS, right)}"
            case _:
                return super()._render(node)

    def _part(self, part: Node, *, is_within: bool) -> str:
        if is_within:
            return self._again(lambda node: super(CountedTranslation, self)._part(node, is_within=True), part)
        return super()._part(part, is_within=False)

    def _again(self, render: Callable[[Node], str], node: Node) -> str:
        outer, self._repeats = self._repeats, True
        try:
            return render(node)
        finally:
            self._repeats = outer

    def _call(self, node: Node) -> str:
        function, *arguments = node.here
        if (values := self._values(function, arguments)) is not None:
            return f"{self.text[function.start : function.end]}({','.join(values)})"
        called = super()._call(node)
        made = _MADE.get(function.value) if self._repeats and self._is_function(function, function.value) else None
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
        measure = _MEASURES.get(function.value) if self._repeats else None
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
        if ".." not in self.text[node.start : node.end]:
            return self._copy(node)
        pieces: list[str] = []
        at, low = node.start, False
        for part, following in zip_longest(node.here, node.here[1:]):
            rendered = self.render(part)
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
            if text:
                self._spend(len(text) / CHARACTERS_PER_STEP)
            return text

        return call

    def _spend(self, steps: float) -> None:
        self.left -= steps
        if self.left < 0:
            raise StepsExceeded

    def _spend_range(self, high: float) -> None:
        self._spend(max(high - self._lows.pop(), 0) / _ITEMS_PER_STEP)


def weight_of(root: Node) -> int:
    """Return how many steps of the engine one step of an expression may be worth, as far as its text shows.

    It is heavy if it repeats a step that takes long for a large value, and heavier if it has many such steps.
    """
    if _has_many(root):
        return _WEIGHT_OF_MANY
    pending = [(root, False)]
    while pending:
        node, repeats = pending.pop()
        if repeats and (_MEASURES.get(node.value) in _HEAVY if node.kind == "variable" else node.value == "**"):
            return _WEIGHT_OF_REPEATED
        repeats = repeats or node.kind == "lambda"
        if node.here:
            pending += [(part, repeats) for part in node.here]
        if node.within:
            pending += [(part, True) for part in node.within]
    return 1


def _has_many(root: Node) -> bool:
    """Report whether an expression has so many parts with a length that together they count as repeated."""
    measured = sum(
        node.kind == "array" or node.value in (_MEASURES if node.kind == "variable" else _MEASURED_SIGNS)
        for node in nodes(root)
    )
    return measured > _MANY


def _reference(name: str) -> str:
    parameters = [f"$p{index}" for index in range(_PARAMETERS[name])]
    values = ",".join(f"$@{_MEASURES[name]}({parameter})" for parameter in parameters)
    return f"function({','.join(parameters)}){{${name}({values})}}"
