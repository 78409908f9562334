"""JSONata tokens to a small tree, which is used to find an expression's references and to rewrite parts of it.

This is a Pratt parser with the binding powers of the reference implementation. The engine evaluates expressions and
reports faults of syntax; this parser does neither. Each node has its span in the text. In AWS an expression has no
context item at the top level. So a node also shows which of its parts have the node's own context item, and which have
another one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.jsonata.expression_faults import UnreadableSyntax
from pytest_sfn_sync.asl.jsonata.tokens import Token, next_token


class Node(NamedTuple):
    """One construct of an expression.

    ``kind`` is the kind of construct ("step", "filter", "call", ...). ``value`` is its name, operator or literal text.
    ``here`` are the parts evaluated on the context item of the node itself. ``within`` are the parts evaluated on the
    items of a path.
    """

    kind: str
    value: str
    start: int
    end: int
    here: tuple[Node, ...] = ()
    within: tuple[Node, ...] = ()
    locals: tuple[str, ...] = ()
    """The variables that the node binds."""

    @property
    def parts(self) -> tuple[Node, ...]:
        """All parts; those with the node's own context item come first."""
        return self.here + self.within


BINDING_POWERS: Final = {
    ".": 75,
    "[": 80,
    "{": 70,
    "(": 80,
    "@": 80,
    "#": 80,
    "?": 20,
    "+": 50,
    "-": 50,
    "*": 60,
    "/": 60,
    "%": 60,
    "=": 40,
    "<": 40,
    ">": 40,
    "^": 40,
    ":=": 10,
    "!=": 40,
    "<=": 40,
    ">=": 40,
    "~>": 40,
    "and": 30,
    "or": 25,
    "in": 40,
    "&": 50,
}
_UNARY_POWER: Final = 70
_LITERALS: Final = frozenset({"string", "number", "constant", "regex", "name", "variable"})
_LAMBDA_NAMES: Final = ("function", "\u03bb")


def parse(text: str) -> Node:
    """Parse an expression that the engine has accepted.

    Raise `JsonataSyntaxError` for operators newer than 2.0.6, `UnreadableSyntax` if this parser cannot read the text.
    """
    parser = _Parser(text)
    try:
        root = parser.expression(0)
    except RecursionError:
        raise UnreadableSyntax(parser.at) from None
    if parser.token.kind != "end":
        raise UnreadableSyntax(parser.at)
    return root


class _Parser:
    """The parser of one text: ``token`` is the one that comes next, and ``at`` the end of the one before it.

    Each method that takes a token reads the one after it. So it knows whether an operand is expected there.
    """

    __slots__ = ("at", "text", "token")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.token = next_token(text, 0, operand_expected=True)

    def advance(self, *, operand: bool) -> None:
        """Take the token; ``operand`` says whether one is expected after it."""
        self.at = self.token.end
        self.token = next_token(self.text, self.at, operand_expected=operand)

    def next_is(self, operator: str) -> bool:
        return self.token.text == operator and self.token.kind == "operator"

    def skip(self, operator: str, *, operand: bool = True) -> bool:
        """Take the operator if it comes next; report whether it did."""
        found = self.next_is(operator)
        if found:
            self.advance(operand=operand)
        return found

    def need(self, operator: str, *, operand: bool = True) -> None:
        if not self.skip(operator, operand=operand):
            raise UnreadableSyntax(self.at)

    def expression(self, power: int) -> Node:
        token = self.token
        if token.kind in _LITERALS:
            self.advance(operand=False)
            left = Node(token.kind, token.text, token.start, token.end)
        else:
            opening = _OPENINGS.get(token.text) if token.kind == "operator" else None
            if opening is None:
                raise UnreadableSyntax(token.start)
            left = opening(self, token)
        while True:
            token = self.token
            if token.kind != "operator" or BINDING_POWERS.get(token.text, 0) <= power:
                return left
            left = _CONTINUATIONS.get(token.text, _Parser.binary)(self, left, token)

    def node(
        self,
        kind: str,
        value: str,
        start: int,
        here: tuple[Node, ...] = (),
        within: tuple[Node, ...] = (),
        names: tuple[str, ...] = (),
    ) -> Node:
        return Node(kind, value, start, self.at, here, within, names)

    # The constructs that an expression can begin with.

    def leaf(self, token: Token) -> Node:
        self.advance(operand=False)
        return Node("leaf", token.text, token.start, token.end)

    def negation(self, token: Token) -> Node:
        self.advance(operand=True)
        return self.node("negation", "-", token.start, (self.expression(_UNARY_POWER),))

    def block(self, token: Token) -> Node:
        self.advance(operand=True)
        return self.node("block", "", token.start, self.sequence(")", ";"))

    def array(self, token: Token) -> Node:
        self.advance(operand=True)
        items: list[Node] = []
        if not self.next_is("]"):
            while True:
                items.append(self.expression(0))
                if self.skip(".."):
                    items.append(self.expression(0))
                if not self.skip(","):
                    break
        self.need("]", operand=False)
        return self.node("array", "", token.start, tuple(items))

    def object(self, token: Token) -> Node:
        pairs = self.pairs()
        return self.node("object", "", token.start, pairs)

    def transform(self, token: Token) -> Node:
        self.advance(operand=True)
        parts = [self.expression(0)]
        self.need("|")
        parts.append(self.expression(0))
        if self.skip(","):
            parts.append(self.expression(0))
        self.need("|", operand=False)
        return self.node("transform", "", token.start, (), tuple(parts))

    # The constructs that can follow an operand.

    def binary(self, left: Node, token: Token) -> Node:
        self.advance(operand=True)
        right = self.expression(BINDING_POWERS[token.text])
        return self.node("binary", token.text, left.start, (left, right))

    def step(self, left: Node, token: Token) -> Node:
        self.advance(operand=True)
        right = self.expression(BINDING_POWERS["."])
        return self.node("step", "", left.start, (left,), (right,))

    def filter(self, left: Node, token: Token) -> Node:
        self.advance(operand=True)
        if self.skip("]", operand=False):
            return self.node("filter", "[]", left.start, (left,))
        predicate = self.expression(0)
        self.need("]", operand=False)
        return self.node("filter", "", left.start, (left,), (predicate,))

    def group(self, left: Node, token: Token) -> Node:
        return self.node("group", "", left.start, (left,), self.pairs())

    def sort(self, left: Node, token: Token) -> Node:
        self.advance(operand=False)
        self.need("(")
        terms: list[Node] = []
        while True:
            if not self.skip("<"):
                self.skip(">")
            terms.append(self.expression(0))
            if not self.skip(","):
                break
        self.need(")", operand=False)
        return self.node("sort", "", left.start, (left,), tuple(terms))

    def bound(self, left: Node, token: Token) -> Node:
        self.advance(operand=True)
        variable = self.token
        self.advance(operand=False)
        return self.node("bound", token.text, left.start, (left,), (), (variable.text,))

    def conditional(self, left: Node, token: Token) -> Node:
        self.advance(operand=True)
        parts = [left, self.expression(0)]
        if self.skip(":"):
            parts.append(self.expression(0))
        return self.node("conditional", "", left.start, tuple(parts))

    def assignment(self, left: Node, token: Token) -> Node:
        self.advance(operand=True)
        value = self.expression(BINDING_POWERS[":="] - 1)
        return self.node("assignment", left.value, left.start, (value,), (), (left.value,))

    def call(self, left: Node, token: Token) -> Node:
        self.advance(operand=True)
        arguments = self.sequence(")", ",")
        if left.kind == "name" and left.value in _LAMBDA_NAMES and self.text[left.start] != "`":
            return self.function(left.start, arguments)
        kind = "partial" if any(part.kind == "leaf" and part.value == "?" for part in arguments) else "call"
        return self.node(kind, "", left.start, (left, *arguments))

    def function(self, start: int, parameters: tuple[Node, ...]) -> Node:
        if self.next_is("<"):
            self.signature()
        self.need("{")
        body = self.expression(0)
        self.need("}", operand=False)
        return self.node("lambda", "", start, (body,), (), tuple(parameter.value for parameter in parameters))

    def signature(self) -> None:
        depth = 0
        at = self.token.start
        while True:
            depth += (self.text[at : at + 1] == "<") - (self.text[at : at + 1] == ">")
            at += 1
            if depth == 0 or at >= len(self.text):
                self.token = next_token(self.text, at, operand_expected=False)
                return

    def sequence(self, closing: str, separator: str) -> tuple[Node, ...]:
        """Read operands up to the closing bracket; a separator before it is allowed."""
        parts: list[Node] = []
        while not self.skip(closing, operand=False):
            parts.append(self.expression(0))
            if not self.skip(separator):
                self.need(closing, operand=False)
                break
        return tuple(parts)

    def pairs(self) -> tuple[Node, ...]:
        self.advance(operand=True)
        parts: list[Node] = []
        while not self.skip("}", operand=False):
            parts.append(self.expression(0))
            self.need(":")
            parts.append(self.expression(0))
            if not self.skip(","):
                self.need("}", operand=False)
                break
        return tuple(parts)


_OPENINGS: Final[dict[str, Callable[[_Parser, Token], Node]]] = {
    "*": _Parser.leaf,
    "**": _Parser.leaf,
    "%": _Parser.leaf,
    "?": _Parser.leaf,
    "-": _Parser.negation,
    "(": _Parser.block,
    "[": _Parser.array,
    "{": _Parser.object,
    "|": _Parser.transform,
}
_CONTINUATIONS: Final[dict[str, Callable[[_Parser, Node, Token], Node]]] = {
    ".": _Parser.step,
    "[": _Parser.filter,
    "{": _Parser.group,
    "^": _Parser.sort,
    "@": _Parser.bound,
    "#": _Parser.bound,
    "?": _Parser.conditional,
    ":=": _Parser.assignment,
    "(": _Parser.call,
}
