"""An expression rewritten for the engine, where AWS's results differ and a replaced function is not enough.

The operator ``&`` and ``$string`` turn numbers into text. AWS cuts off digits there and the engine rounds, so both are
rewritten as calls of this package's own functions. So is the timezone of ``$fromMillis``. The operands are passed in an
object, ``{"v": operand}``: an undefined operand is then a missing key. Otherwise the engine would pass None for both
undefined and null. With ``finite=False`` arithmetic is rewritten too. This is for expressions in which the engine met a
number that is not finite; AWS calculates with such numbers.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.jsonata.syntax import Node

CONCATENATE: Final = "__concatenate"
TO_STRING: Final = "__string"
KEEP_NAN: Final = "__keep_nan"
TIMEZONE: Final = "__timezone"
ARITHMETIC: Final = {"+": "__add", "-": "__subtract", "*": "__multiply", "/": "__divide", "%": "__remainder"}

_STRING_FUNCTIONS: Final = (
    "base64decode base64encode decodeUrl decodeUrlComponent encodeUrl encodeUrlComponent formatBase formatInteger"
    " formatNumber fromMillis hash join lowercase now pad replace string substring substringAfter substringBefore trim"
    " type uppercase uuid"
)
STRING_FUNCTIONS: Final = frozenset(_STRING_FUNCTIONS.split())


class Translation:
    """The rewriting of one expression; ``own_names`` are its variables that hide functions of the same name.

    After rendering, ``is_deeper`` is True if the result nests deeper than the author's text.
    """

    __slots__ = ("finite", "is_deeper", "own_names", "text")

    def __init__(self, text: str, *, own_names: frozenset[str], finite: bool = True) -> None:
        self.text = text
        self.own_names = own_names
        self.finite = finite
        self.is_deeper = False

    def render(self, node: Node) -> str:
        """Return the text of a node for the engine."""
        match node.kind:
            case "binary":
                return self._binary(node)
            case "call":
                return self._call(node)
            case "variable" if self._is_function(node, "string"):
                return f'function($v){{${TO_STRING}({{"v":$v}})}}'
            case _:
                return self._copy(node)

    def _copy(self, node: Node) -> str:
        pieces: list[str] = []
        at = node.start
        called = node.here[0] if node.kind in ("call", "partial") else None
        for part in sorted(node.parts, key=lambda part: part.start):
            if part is called and part.kind == "variable":
                continue
            pieces += (self.text[at : part.start], self.render(part))
            at = part.end
        return "".join((*pieces, self.text[at : node.end]))

    def _binary(self, node: Node) -> str:
        left, right = node.here
        if node.value == "&" and not (self._is_text(left) and self._is_text(right)):
            self.is_deeper = True
            operands = ",".join(f'"{i}":{self.render(part)}' for i, part in enumerate(_operands(node)))
            return f"${CONCATENATE}({{{operands}}})"
        if node.value == "~>" and right.kind == "call":
            return self._chain(left, right, self.text[left.end : right.start])
        if not self.finite and node.value in ARITHMETIC:
            return f"${ARITHMETIC[node.value]}({self.render(left)},{self.render(right)})"
        return self._copy(node)

    def _chain(self, left: Node, call: Node, operator: str) -> str:
        # `x ~> $string(true)` calls $string(x, true).
        rewritten = self._rewritten_call(call.here[0], (left, *call.here[1:]))
        return f"{self.render(left)}{operator}{self._copy(call)}" if rewritten is None else rewritten

    def _call(self, node: Node) -> str:
        function, *arguments = node.here
        rewritten = self._rewritten_call(function, tuple(arguments))
        if rewritten is not None:
            return rewritten
        if not self.finite and self._is_function(function, "parseInteger"):
            return f'${KEEP_NAN}({{"v":{self._copy(node)}}})'
        return self._copy(node)

    def _rewritten_call(self, function: Node, arguments: tuple[Node, ...]) -> str | None:
        if self._is_function(function, "string") and len(arguments) <= 2:
            self.is_deeper = True
            members = [f'"{key}":{self.render(part)}' for key, part in zip(("v", "prettify"), arguments, strict=False)]
            return f"${TO_STRING}({{{','.join(members or _CONTEXT_ITEM)}}})"
        if self._is_function(function, "fromMillis") and len(arguments) == 3:
            self.is_deeper = True
            moment, picture, timezone = map(self.render, arguments)
            return f'$fromMillis({moment},{picture},${TIMEZONE}({{"v":{timezone}}}))'
        return None

    def _is_function(self, node: Node, name: str) -> bool:
        return node.kind == "variable" and node.value == name and name not in self.own_names

    def _is_text(self, node: Node) -> bool:
        """Report whether the operand can only be text or undefined, so that ``&`` never turns a number into text."""
        if node.kind == "binary" and node.value == "&":
            return all(map(self._is_text, node.here))
        if node.kind == "call":
            function = node.here[0]
            return any(self._is_function(function, name) for name in STRING_FUNCTIONS)
        return node.kind == "string"


_CONTEXT_ITEM: Final = ('"v":$',)


def _operands(node: Node) -> list[Node]:
    """Return the operands of a chain of ``&``, which groups to the left, in order."""
    operands: list[Node] = []
    while node.kind == "binary" and node.value == "&":
        operands.append(node.here[1])
        node = node.here[0]
    return [node, *reversed(operands)]
