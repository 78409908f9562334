"""Random programs of JSONata, with the tokens as close together as the language allows.

`random_program` makes a program of which the engine alone gives the right value: it has no fractions, no division and
no number that grows. So what this package makes of the program can be compared with the engine. `hostile_program` adds
what strains it: huge numbers, deep nesting, half characters, and expressions that take long.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

VARIABLES = ("$x", "$xs", "$o", "$states.input.a", "$states.input.items", "$undefined")
_ATOMS = ("1", "20", "'y'", '"z"', "true", "null", "[]", "[1,'b']", "{'k':1}", "$xs[0]", "$o.k", *VARIABLES)
_FUNCTIONS = (
    "$string",
    "$count",
    "$type",
    "$exists",
    "$keys",
    "$boolean",
    "$not",
    "$append",
    "$distinct",
    "$uppercase",
    "$map",
    "$filter",
)
_OPERATORS = ("&", "&", "&", "=", "!=", "and", "or", "in", "+", "-", "~>", "<")
_WORDS = frozenset({"and", "or", "in"})
_HOSTILE_ATOMS = (
    "1e308",
    "-1e308",
    "1/0",
    "0/0",
    "$power(10,300)",
    "9007199254740993",
    "'\\uD83D'",
    "'\U0001f600'",
    "$toMillis('9999999999','[Y]')",
    "$number('0xffffffffffffffffff')",
    "[1..20000]",
    "$pad('a',100000)",
    "$states.input",
    "/(a+)+b/",
    "function($n){$n}",
    "($f:=function($n){$f($n+1)};$f(1))",
    "$map([1..3000],function($v){$map([1..3000],function($w){$v*$w})})",
)
_HOSTILE_FUNCTIONS = (*_FUNCTIONS, "$sum", "$sort", "$parse", "$formatNumber", "$round", "$split", "$join", "$range")


def random_program(random: Random, depth: int = 4) -> str:
    """Return a program of which the engine's own value is right."""
    return _Programs(random, _ATOMS, _FUNCTIONS, _OPERATORS).expression(depth)


def hostile_program(random: Random, depth: int = 4) -> str:
    """Return a program that may meet any limit."""
    operators = (*_OPERATORS, "*", "/", "%")
    return _Programs(random, (*_ATOMS, *_HOSTILE_ATOMS), _HOSTILE_FUNCTIONS, operators).expression(depth)


class _Programs:
    def __init__(
        self, random: Random, atoms: Sequence[str], functions: Sequence[str], operators: Sequence[str]
    ) -> None:
        self.random = random
        self.atoms = atoms
        self.functions = functions
        self.operators = operators

    def expression(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.15:
            return self.random.choice(self.atoms)
        return self.random.choice(_FORMS)(self, depth - 1)

    def binary(self, depth: int) -> str:
        left, right = self.expression(depth), self.expression(depth)
        if self.random.random() < 0.6:
            left = f"({left})"
        if self.random.random() < 0.6:
            right = f"({right})"
        return joined(left, self.random.choice(self.operators), right)

    def call(self, depth: int) -> str:
        count = self.random.choice((1, 1, 1, 2))
        return f"{self.random.choice(self.functions)}({','.join(self.expression(depth) for _ in range(count))})"

    def passed_on(self, depth: int) -> str:
        return f"$map({self.expression(depth)},{self.random.choice(('$string', '$type', 'function($v){$v&1}'))})"

    def chain(self, depth: int) -> str:
        return f"{self.expression(depth)}~>{self.random.choice(('$string()', '$string', '$type', '$count()'))}"

    def block(self, depth: int) -> str:
        name = self.random.choice(("$v", "$string", "$__string", "$x"))
        return f"({name}:={self.expression(depth)};{joined(name, self.random.choice(self.operators), '1')})"

    def array(self, depth: int) -> str:
        return f"[{self.expression(depth)},{self.expression(depth)}]"

    def object(self, depth: int) -> str:
        return f"{{'a':{self.expression(depth)},'b':{self.expression(depth)}}}"

    def predicate(self, depth: int) -> str:
        return f"({self.expression(depth)})[{self.expression(depth)}]"

    def step(self, depth: int) -> str:
        return f"({self.expression(depth)}).($&{self.expression(depth)})"

    def conditional(self, depth: int) -> str:
        return f"({self.expression(depth)}?{self.expression(depth)}:{self.expression(depth)})"

    def applied(self, depth: int) -> str:
        parameter = self.random.choice(("$v", "$string"))
        return f"function({parameter}){{{parameter}&{self.expression(depth)}}}({self.expression(depth)})"


_FORMS = (
    _Programs.binary,
    _Programs.binary,
    _Programs.binary,
    _Programs.call,
    _Programs.call,
    _Programs.passed_on,
    _Programs.chain,
    _Programs.block,
    _Programs.array,
    _Programs.object,
    _Programs.predicate,
    _Programs.step,
    _Programs.conditional,
    _Programs.applied,
)


def joined(left: str, operator: str, right: str) -> str:
    """Return the operands with the operator, with a blank only where two words would become one."""
    before = " " if operator in _WORDS and left[-1].isalnum() else ""
    after = " " if operator in _WORDS and (right[0].isalnum() or right[0] == "$") else ""
    return f"{left}{before}{operator}{after}{right}"
