"""One compiled JSONata expression: it is run as a program, and the engine's result is changed to AWS's.

The program puts the author's text into a block that binds the variables it reads. It also returns the type of the
result, because undefined, null and functions have to be distinguished:
``($__r := ($states := ...; TEXT); {"t": $type($__r), "v": $__r})``. The values of the variables are the engine's input,
of which it converts only the parts that are read. An expression may read the context item, which AWS does not have.
Then the values are passed as bindings instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, partial
from types import ModuleType
from typing import Final, Protocol, cast

from pytest_sfn_sync.asl.expression_steps import FIRST_ATTEMPT, ExpressionSteps
from pytest_sfn_sync.asl.expressions import JSON, MISSING, Scope
from pytest_sfn_sync.asl.jsonata import function_library, non_finite, translation
from pytest_sfn_sync.asl.jsonata.direct_paths import direct_path
from pytest_sfn_sync.asl.jsonata.expression_faults import (
    TIME_EXCEEDED,
    EngineFault,
    InternalFault,
    JsonataNotInstalled,
    StepsExceeded,
    UnreadableSyntax,
    evaluation_failed,
    internal_error,
    returned_nothing,
    unsupported_result,
)
from pytest_sfn_sync.asl.jsonata.function_library import STANDARD_FUNCTIONS, HostFunction
from pytest_sfn_sync.asl.jsonata.function_results import may_hold_function
from pytest_sfn_sync.asl.jsonata.number_text import concatenated, string_function
from pytest_sfn_sync.asl.jsonata.references import nodes, read_variables
from pytest_sfn_sync.asl.jsonata.syntax import Node, parse
from pytest_sfn_sync.asl.jsonata.translation import Translation, is_rewritten, own_prefix
from pytest_sfn_sync.asl.uuids import random_uuid


class QueryScope(Scope, Protocol):
    """The scope that an evaluation needs; ``now`` is the virtual time for ``$now`` and ``$millis``."""

    @property
    def expression_steps(self) -> ExpressionSteps:
        """The steps that are left to the execution's expressions."""

    @property
    def now(self) -> int:
        """The virtual time in microseconds since the epoch."""


Evaluate = Callable[[JSON, Scope], JSON]

_VARIABLE: Final = re.compile(r"[^\W\d]\w*")
_EXACT: Final = 2**53
_LONG: Final = 2**63
_KEPT: Final = 4096
"""The number of compiled expressions in the cache; test suites register the same machines many times."""
_BLOCK_DEPTH: Final = 3
_SEARCH_DEPTH: Final = 1000
_DISTINCT_DEPTH: Final = 8
_TRANSLATION_DEPTH: Final = 50
"""The extra depth for rewritten operators, which nest deeper than the author's.

A recursion may then end later than on AWS, but none fails that AWS accepts.
"""
_FUNCTION_SEARCH: Final = (
    '${0}f := function($v){{$type($v) = "array" ? $count($filter($v, ${0}f)) > 0'
    ' : $type($v) = "object" ? $exists($sift($v, ${0}f)) : $type($v) = "function"}};'
)


class Query:
    """A compiled expression, ready to be evaluated any number of times, by any thread."""

    __slots__ = (
        "_clocked",
        "_draws",
        "_engine",
        "_hideable",
        "_holds_functions",
        "_prefix",
        "_programs",
        "_reads_context_item",
        "_reads_context_object",
        "_root",
        "_shuffles",
        "_suspicious",
        "_variables",
        "text",
    )

    def __init__(self, text: str, root: Node | None, engine: ModuleType) -> None:
        self.text = text
        self._root = root
        self._engine = engine
        self._prefix = own_prefix(text)
        mentioned = read_variables(root) if root is not None else STANDARD_FUNCTIONS | _ADDED
        free, self._reads_context_item = engine.free_names(text, _ADDED & mentioned)
        self._hideable = tuple(sorted(mentioned & (STANDARD_FUNCTIONS | _ADDED)))
        # The engine counts a variable as its own if the expression binds it anywhere, as in `$f($x, ($x := $x + 1))`.
        names = mentioned.union(free) - STANDARD_FUNCTIONS if root is not None else free
        self._variables = tuple(
            sorted(name for name in names if name not in _ADDED and name != "states" and _VARIABLE.fullmatch(name))
        )
        states = free.get("states", "states" in mentioned)
        self._reads_context_object = states is True or (states is not False and "context" in states)
        self._draws = tuple(name for name in ("random", "uuid") if name in mentioned)
        self._shuffles = "shuffle" in mentioned
        self._clocked = not mentioned.isdisjoint(("now", "millis"))
        self._suspicious = root is None or any(map(_may_make_nan, nodes(root)))
        self._holds_functions = root is not None and may_hold_function(root)
        self._programs: dict[tuple[bool, tuple[str, ...]], Callable[..., JSON]] = {}
        self._program(True, ())

    def evaluate(self, document: JSON, scope: Scope) -> tuple[str | None, JSON]:
        """Return the JSONata type of the result, or None for undefined, and its value.

        ``document`` holds the members of ``$states`` other than the context object. Raise `EngineFault` or
        `InternalFault`.
        """
        values = self._values(document, scope)
        hidden: tuple[str, ...] = ()
        for name in self._hideable:
            # Measured: a variable hides a function of the same name.
            try:
                values[name] = scope.variable(name)
            except KeyError:
                continue
            hidden += (name,)
        try:
            answer = self._run(True, hidden, values, scope)
        except EngineFault as fault:
            if fault.code != self._engine.NOT_FINITE:
                raise
        else:
            if not (self._suspicious and _holds_null(answer)):
                return self._settled(answer)
        kind, value = self._settled(self._run(False, hidden, values, scope))
        return kind, non_finite.written(value)

    def _values(self, document: JSON, scope: Scope) -> dict[str, JSON]:
        if self._reads_context_object:
            values: dict[str, JSON] = {"states": {**document, "context": scope.context_object()}}
        else:
            values = {"states": document}
        for name in self._variables:
            try:
                values[name] = scope.variable(name)
            except KeyError:
                continue
        return values

    def _run(self, finite: bool, hidden: tuple[str, ...], values: dict[str, JSON], scope: Scope) -> JSON:
        run = self._programs.get((finite, hidden)) or self._program(finite, hidden)
        bindings = {self._prefix + name: function_library.drawing_function(name, scope.random) for name in self._draws}
        # The cast is right: all scopes of the interpreter have the virtual time, which only few expressions need.
        now = cast(QueryScope, scope).now // 1000 if self._clocked else None
        seed = scope.random.getrandbits(32) if self._shuffles else None
        document: JSON = values
        if self._reads_context_item:
            bindings.update((f"{self._prefix}of_{name}", value) for name, value in values.items())
            document = None
        if not self._draws:
            # Most evaluations need no more than this attempt, which is not counted.
            try:
                return run(document, bindings or None, now, seed, FIRST_ATTEMPT)
            except StepsExceeded:
                pass
            except EngineFault as fault:
                if fault.message == TIME_EXCEEDED:
                    cast(QueryScope, scope).expression_steps.use_up()
                raise
        return self._counted(partial(run, document, bindings or None, now, seed), cast(QueryScope, scope))

    def _counted(self, run: Callable[[int], JSON], scope: QueryScope) -> JSON:
        budget = scope.expression_steps
        # What draws random numbers is evaluated once, because a second attempt would draw others.
        steps = budget.whole() if self._draws else budget.more_than(FIRST_ATTEMPT)
        while steps is not None:
            try:
                return run(steps)
            except StepsExceeded:
                steps = budget.more_than(steps)
            except EngineFault as fault:
                if fault.message == TIME_EXCEEDED:
                    budget.use_up()
                raise
        raise StepsExceeded

    def _settled(self, answer: JSON) -> tuple[str | None, JSON]:
        kind = answer.get("t")
        if kind is None or kind == "function" or answer.get("f"):
            return (kind and "function"), None
        value = answer["v"]
        if kind == "number":
            value = _settled_number(value)
        elif value is None and kind == "object":
            # The engine's NaN has the value null and the type of an object.
            raise non_finite.not_a_number()
        elif kind == "array" or kind == "object":
            _settle_numbers(value)
        return kind, value

    def _program(self, finite: bool, hidden: tuple[str, ...]) -> Callable[..., JSON]:
        text, used, extra_depth = self._program_text(finite, hidden)
        host_functions: dict[str, HostFunction | Callable[..., JSON]] = {
            name: function
            for name, function in function_library.REPLACED.items()
            if name in self._hideable and name not in hidden
        }
        host_functions.update((self._prefix + name, _OWN_FUNCTIONS[name]) for name in used)
        run: Callable[..., JSON] = self._engine.program(text, functions=host_functions, extra_depth=extra_depth)
        self._programs[finite, hidden] = run
        return run

    def _program_text(self, finite: bool, hidden: tuple[str, ...]) -> tuple[str, set[str], int]:
        """Return the program, the own functions that it calls, and the depth that it adds."""
        own = self._prefix
        source = f"${own}of_{{0}}" if self._reads_context_item else "`{0}`"
        # $states is bound even if it is not read, because JSONata cannot read a regular expression directly after a
        # parenthesis.
        bound = [f"${name} := {source.format(name)};" for name in ("states", *self._variables, *hidden)]
        defined = [
            f"${name} := {definition.format(own)};"
            for name, definition in function_library.DEFINITIONS.items()
            if name in self._hideable and name not in hidden
        ]
        text, used, extra_depth = self.text, {"parse", "distinct"} & set(self._hideable) - set(hidden), _BLOCK_DEPTH
        if "distinct" in used:
            defined.insert(0, f"${own}engineDistinct := $distinct;")
            extra_depth += _DISTINCT_DEPTH
        if self._root is not None:
            translated = Translation(text, prefix=own, hidden=frozenset(hidden), finite=finite)
            text = translated.rewritten(self._root)
            used |= translated.used
            extra_depth += _TRANSLATION_DEPTH if translated.is_deeper else 0
        wrappers = used & _WRAPPERS.keys()
        if wrappers:
            used = (used - wrappers) | {translation.TO_STRING}
            defined += [f"${own}{name} := {_WRAPPERS[name].format(own)};" for name in sorted(wrappers)]
        block = f"({''.join((*bound, *defined))}{text}\n)"
        answer = f'"t": $type(${own}r), "v": ${own}r'
        if not self._holds_functions:
            return f"(${own}r := {block}; {{{answer}}})", used, extra_depth
        search = _FUNCTION_SEARCH.format(own)
        program = f'(${own}r := {block}; {search} {{{answer}, "f": ${own}f(${own}r)}})'
        return program, used, extra_depth + _SEARCH_DEPTH


_ADDED: Final = frozenset((*function_library.REPLACED, *function_library.DEFINITIONS))
_WRAPPERS: Final = {
    translation.STRING_FUNCTION: 'function($v){{${0}string({{"v":$v}})}}',
    translation.STRING_PARTIAL: 'function($v,$prettify){{${0}string({{"v":$v,"prettify":$prettify}})}}',
}
"""``$string`` where it is not called but passed on. As a value it has one parameter, which $map and others look at."""
_OWN_FUNCTIONS: Final[dict[str, HostFunction | Callable[..., JSON]]] = {
    "parse": function_library.parse_function,
    "distinct": function_library.distinct,
    translation.CONCATENATE: concatenated,
    translation.TO_STRING: string_function,
    translation.KEEP_NAN: non_finite.keep_nan,
    translation.REFUSE_NAN: non_finite.refuse_nan,
    translation.REQUIRE_FINITE: non_finite.require_finite,
    translation.TIMEZONE: function_library.timezone,
    **{
        name: HostFunction(signature="<n?n?:n>", call=non_finite.OPERATIONS[operator])
        for operator, name in translation.ARITHMETIC.items()
    },
}


def compile_query(text: str) -> Query:
    """Compile the text inside ``{% %}``; raise `JsonataSyntaxError` or `JsonataNotInstalled`."""
    return _compiled(text, _engine())


def read_syntax(text: str) -> Node | None:
    """Check the text and return its tree, or None if this package's own parser cannot read it.

    Raise the same exceptions as `compile_query`.
    """
    return _read(text, _engine())


@lru_cache(maxsize=_KEPT)
def _compiled(text: str, engine: ModuleType) -> Query:
    return Query(text, _read(text, engine), engine)


@lru_cache(maxsize=_KEPT)
def _read(text: str, engine: ModuleType) -> Node | None:
    engine.check_syntax(text)
    try:
        return parse(text)
    except UnreadableSyntax:
        return None


def evaluator(text: str, root: Node | None, *, field_location: str) -> Evaluate:
    """Return the function that evaluates an expression in its field; it raises `QueryEvaluationError`."""

    def evaluate(document: JSON, scope: Scope) -> JSON:
        try:
            # Made into a program at the first evaluation: an execution evaluates few expressions of a long definition.
            kind, value = compile_query(text).evaluate(document, scope)
        except EngineFault as fault:
            raise evaluation_failed(text, field_location, fault) from None
        except InternalFault:
            identifier = random_uuid(scope.random)
            raise internal_error(text, field_location, identifier) from None
        if kind is None:
            raise returned_nothing(text, field_location)
        if kind == "function":
            raise unsupported_result(text, field_location)
        return value

    if root is not None and is_rewritten(root):
        # The author's text is compiled already. A rewritten one is compiled here, so that it cannot fail in the run.
        compile_query(text)
    find = direct_path(root) if root is not None else None
    if find is None:
        return evaluate

    def evaluate_directly(document: JSON, scope: Scope) -> JSON:
        value = find(document, scope)
        return evaluate(document, scope) if value is MISSING else value

    return evaluate_directly


def _engine() -> ModuleType:
    try:
        from pytest_sfn_sync.asl.jsonata import engine
    except ModuleNotFoundError as missing:
        if missing.name != "jlens":
            raise
        raise JsonataNotInstalled from None
    return engine


def _may_make_nan(node: Node) -> bool:
    if node.kind == "binary" and node.value in "/%":
        divisor = node.here[1]
        return divisor.kind != "number" or float(divisor.value) == 0
    return node.kind == "variable" and node.value in translation.NAN_FUNCTIONS


def _holds_null(value: JSON) -> bool:
    pending = [value]
    while pending:
        container = pending.pop()
        for item in container.values() if type(container) is dict else container:
            if item is None:
                return True
            if type(item) is dict or type(item) is list:
                pending.append(item)
    return False


def _settled_number(value: int | float) -> int | float:
    # The engine returns whole numbers past 2^53 as the exact digits of the double. Java and JavaScript print the
    # shortest digits. Measured: 10000000000000000000000001, a double that is too large for a long, is printed 1.0E25.
    if type(value) is not int or -_EXACT <= value <= _EXACT:
        return value
    double = float(value)
    return double if abs(double) >= _LONG else int(Decimal(repr(double)))


def _settle_numbers(value: JSON) -> None:
    """Replace the numbers within a result by AWS's, in place; the result is the engine's own copy."""
    pending = [value]
    while pending:
        container = pending.pop()
        for key, item in container.items() if type(container) is dict else enumerate(container):
            kind = type(item)
            if kind is int:
                if not -_EXACT <= item <= _EXACT:
                    container[key] = _settled_number(item)
            elif kind is dict or kind is list:
                pending.append(item)
