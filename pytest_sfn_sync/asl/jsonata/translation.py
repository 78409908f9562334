"""An expression rewritten for the engine, where AWS's results differ and a replaced function is not enough.

The operator ``&`` and ``$string`` turn numbers into text. AWS cuts off digits there and the engine rounds, so both are
rewritten as calls of this package's own functions. So is the timezone of ``$fromMillis``. The operands are passed in an
object, ``{"v": operand}``: an undefined operand is then a missing key. Otherwise the engine would pass None for both
undefined and null. JSONata evaluates the members of an object on each item of the context item if that is an array. So
in a path the operands are bound to variables before: ``($__v := operand; ... {"v": $__v})``.

With ``finite=False`` arithmetic and comparisons are rewritten too. This is for expressions in which the engine met a
number that is not finite; AWS calculates with such numbers.

The author's tokens around a rewritten part are read as before. A part is replaced by one variable, or by one call with
a blank on both sides, so it never joins the name before it: ``or($x) & 'y'``. A variable is followed by the same tokens
as the variable that it replaces, so ``/`` after it stays a division. The names of this package's functions begin with a
prefix that does not occur in the author's text.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.jsonata import non_finite
from pytest_sfn_sync.asl.jsonata.function_library import DEFINITIONS, REPLACED, STANDARD_FUNCTIONS
from pytest_sfn_sync.asl.jsonata.references import SCOPES, bound_here, nodes
from pytest_sfn_sync.asl.jsonata.syntax import Node

OWN: Final = "__"
"""The beginning of the names of this package's own functions and variables."""
CONCATENATE: Final = "concatenate"
TO_STRING: Final = "string"
STRING_FUNCTION: Final = "stringFunction"
STRING_PARTIAL: Final = "stringPartial"
KEEP_NAN: Final = "keepNan"
REFUSE_NAN: Final = "refuseNan"
REQUIRE_FINITE: Final = "requireFinite"
TIMEZONE: Final = "timezone"
CHECKED: Final = "checked_"
"""The beginning of the names of functions that are checked for NaN and passed on, not called."""
ARITHMETIC: Final = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "remainder"}

_STRING_FUNCTIONS: Final = (
    "base64decode base64encode decodeUrl decodeUrlComponent encodeUrl encodeUrlComponent formatBase formatInteger"
    " formatNumber fromMillis hash join lowercase now pad replace string substring substringAfter substringBefore trim"
    " type uppercase uuid"
)
STRING_FUNCTIONS: Final = frozenset(_STRING_FUNCTIONS.split())
NAN_FUNCTIONS: Final = {"parseInteger": KEEP_NAN, "toMillis": REFUSE_NAN, "number": REFUSE_NAN}
"""The functions whose result may be NaN, which the engine makes null, and what becomes of it."""
_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_FINITE_FUNCTIONS: Final = frozenset({"formatBase", "formatInteger", "formatNumber", "fromMillis", "power", "sqrt"})
"""The functions that would calculate with the digits of a stand-in."""
_LITERALS: Final = frozenset({"string", "number", "constant", "regex", "name"})
_FUNCTIONS: Final = STANDARD_FUNCTIONS.union(REPLACED, DEFINITIONS)
"""The names that are looked for among those that an expression binds. Others may be many, and are not kept."""


class Translation:
    """The rewriting of one expression; ``hidden`` are the functions that a workflow variable of their name hides.

    ``prefix`` begins the names of this package's functions. After rendering, ``used`` holds those functions without it,
    and ``is_deeper`` is True if the result nests deeper than the author's text.
    """

    __slots__ = ("_on_items", "_shadowed", "finite", "is_deeper", "prefix", "text", "used")

    def __init__(self, text: str, *, prefix: str, hidden: frozenset[str] = frozenset(), finite: bool = True) -> None:
        self.text = text
        self.prefix = prefix
        self.finite = finite
        self.is_deeper = False
        self.used: set[str] = set()
        self._shadowed = hidden
        self._on_items = False

    def rewritten(self, root: Node) -> str:
        """Return the text of the whole expression for the engine."""
        self._shadowed |= bound_here(root) & _FUNCTIONS
        return self.render(root)

    def render(self, node: Node) -> str:
        """Return the text of a node for the engine."""
        if node.kind in _LITERALS:
            return self.text[node.start : node.end]
        bound = bound_here(node) & _FUNCTIONS if node.kind in SCOPES else None
        if not bound:
            return self._render(node)
        outer = self._shadowed
        self._shadowed = outer | bound
        try:
            return self._render(node)
        finally:
            self._shadowed = outer

    def _render(self, node: Node) -> str:
        match node.kind:
            case "binary":
                return self._binary(node)
            case "call":
                return self._call(node)
            case "partial" if self._is_function(node.here[0], "string"):
                return f"${self._own(STRING_PARTIAL)}{self._copy(node, node.here[0].end)}"
            case "variable" if self._is_function(node, "string"):
                return f"${self._own(STRING_FUNCTION)}"
            case "variable" if not self.finite and node.value in NAN_FUNCTIONS and self._is_function(node, node.value):
                return f"${self._own(CHECKED + node.value)}"
            case _:
                return self._copy(node)

    def _own(self, function: str) -> str:
        self.used.add(function)
        return self.prefix + function

    def _called(self, function: str, arguments: str) -> str:
        return f" ${self._own(function)}({arguments}) "

    def _called_with(self, function: str, members: dict[str, str]) -> str:
        """Return the call of an own function on an object with the members."""
        if not self._on_items:
            arguments = ",".join(f'"{key}":{value}' for key, value in members.items())
            return self._called(function, f"{{{arguments}}}")
        bound = "".join(f"${self.prefix}{key}:={value};" for key, value in members.items())
        arguments = ",".join(f'"{key}":${self.prefix}{key}' for key in members)
        return f"({bound}{self._called(function, f'{{{arguments}}}')})"

    def _part(self, part: Node, *, is_within: bool) -> str:
        outer, self._on_items = self._on_items, self._on_items or is_within
        try:
            return self.render(part)
        finally:
            self._on_items = outer

    def _copy(self, node: Node, start: int | None = None) -> str:
        """Return the text of a node with its parts rewritten, from ``start`` on."""
        pieces: list[str] = []
        at = node.start if start is None else start
        called = node.here[0] if node.kind == "call" else None
        parts = [(part, False) for part in node.here] + [(part, True) for part in node.within]
        for part, is_within in sorted(parts, key=lambda part: part[0].start):
            if part.start < at or part.kind in _LITERALS or (part is called and part.kind == "variable"):
                # Copied with the text around it.
                continue
            pieces += (self.text[at : part.start], self._part(part, is_within=is_within))
            at = part.end
        return "".join((*pieces, self.text[at : node.end]))

    def _binary(self, node: Node) -> str:
        left, right = node.here
        if node.value == "&" and not (self._is_text(left) and self._is_text(right)):
            self.is_deeper = True
            return self._called_with(CONCATENATE, {str(i): self.render(part) for i, part in enumerate(_operands(node))})
        if node.value == "~>" and right.kind == "call":
            return self._chain(left, right, self.text[left.end : right.start])
        if node.value == "~>" and right.kind == "binary":
            return self._chain_to_value(node)
        if not self.finite and node.value in _COMPARISONS:
            return self._comparison(node)
        if not self.finite and node.value in ARITHMETIC:
            return self._called(ARITHMETIC[node.value], f"{self.render(left)},{self.render(right)}")
        return self._copy(node)

    def _comparison(self, node: Node) -> str:
        # NaN compares as different from every number, itself included. Its stand-in would be a number like others.
        self.is_deeper = True
        left, right = (f"${self.prefix}{side}" for side in ("left", "right"))
        bound = f"{left}:={self.render(node.here[0])};{right}:={self.render(node.here[1])};"
        outcome = "true" if node.value == "!=" else "false"
        is_nan = f"{left}={non_finite.NAN_TEXT} or {right}={non_finite.NAN_TEXT}"
        return f"({bound}{is_nan}?{outcome}:{left} {node.value} {right})"

    def _chain(self, left: Node, call: Node, operator: str) -> str:
        # `x ~> $string(true)` calls $string(x, true).
        rewritten = self._rewritten_call(call.here[0], (left, *call.here[1:]))
        if rewritten is not None:
            return rewritten
        return self._checked(call.here[0], f"{self.render(left)}{operator}{self._copy(call)}")

    def _chain_to_value(self, node: Node) -> str:
        # `x ~> $f & $g` applies the value of `$f & $g`. Without brackets, x would be a further argument of the call.
        left, right = node.here
        rendered = self.render(right)
        if rendered != self.text[right.start : right.end]:
            rendered = f"({rendered})"
        return f"{self.render(left)}{self.text[left.end : right.start]}{rendered}"

    def _call(self, node: Node) -> str:
        function, *arguments = node.here
        rewritten = self._rewritten_call(function, tuple(arguments))
        if rewritten is not None:
            return rewritten
        if not self.finite and any(self._is_function(function, name) for name in _FINITE_FUNCTIONS):
            values = ",".join(self._called_with(REQUIRE_FINITE, {"v": self.render(part)}) + ".v" for part in arguments)
            return f"{self.text[function.start : function.end]}({values})"
        return self._checked(function, self._copy(node))

    def _checked(self, function: Node, call: str) -> str:
        """Return a call, checked for NaN where the engine would make null of it."""
        check = None if self.finite or function.kind != "variable" else NAN_FUNCTIONS.get(function.value)
        if check is None or not self._is_function(function, function.value):
            return call
        return self._called_with(check, {"v": call})

    def _rewritten_call(self, function: Node, arguments: tuple[Node, ...]) -> str | None:
        if self._is_function(function, "string") and len(arguments) <= 2:
            self.is_deeper = True
            members = {key: self.render(part) for key, part in zip(("v", "prettify"), arguments, strict=False)}
            return self._called_with(TO_STRING, members or {"v": "$"})
        if self._is_function(function, "fromMillis") and len(arguments) == 3:
            self.is_deeper = True
            moment, picture, timezone = map(self.render, arguments)
            zone = self._called_with(TIMEZONE, {"v": timezone})
            return f"{self.text[function.start : function.end]}({moment},{picture},{zone})"
        return None

    def _is_function(self, node: Node, name: str) -> bool:
        return node.kind == "variable" and node.value == name and name not in self._shadowed

    def _is_text(self, node: Node) -> bool:
        """Report whether the operand can only be text or undefined, so that ``&`` never turns a number into text."""
        if node.kind == "binary" and node.value == "&":
            return all(map(self._is_text, node.here))
        if node.kind == "call":
            function = node.here[0]
            return any(self._is_function(function, name) for name in STRING_FUNCTIONS)
        return node.kind == "string"


def is_rewritten(root: Node) -> bool:
    """Report whether the program of an expression may differ from its text."""
    return any(
        node.value in ("string", "fromMillis") if node.kind == "variable" else node.value == "&"
        for node in nodes(root)
        if node.kind in ("variable", "binary")
    )


def own_prefix(text: str) -> str:
    """Return the prefix of this package's own names in a program: one that the author's text does not have."""
    prefix = OWN
    while f"${prefix}" in text:
        prefix += "_"
    return prefix


def _operands(node: Node) -> list[Node]:
    """Return the operands of a chain of ``&``, which groups to the left, in order."""
    operands: list[Node] = []
    while node.kind == "binary" and node.value == "&":
        operands.append(node.here[1])
        node = node.here[0]
    return [node, *reversed(operands)]
