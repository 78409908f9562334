"""One compiled JSONata expression: its program is run, and the engine's result is changed to AWS's."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from time import monotonic
from types import ModuleType
from typing import Final, Protocol, cast

from pytest_sfn_sync.asl.expressions import JSON, MISSING, Scope
from pytest_sfn_sync.asl.jsonata import non_finite, translation
from pytest_sfn_sync.asl.jsonata.attempts import (
    OWN_ARITHMETIC_STEPS,
    REGEX_WEIGHT,
    Draws,
    evaluate_with_more_steps,
    first_attempt,
)
from pytest_sfn_sync.asl.jsonata.counted_translation import Lengths, may_take_long
from pytest_sfn_sync.asl.jsonata.direct_paths import direct_path
from pytest_sfn_sync.asl.jsonata.expression_faults import (
    STACK_OVERFLOW,
    EngineFault,
    InternalFault,
    JsonataNotInstalled,
    JsonataSyntaxError,
    StepsExceeded,
    TookTooLong,
    UnreadableSyntax,
    evaluation_failed,
    internal_error,
    returned_nothing,
    unsupported_result,
)
from pytest_sfn_sync.asl.jsonata.function_library import STANDARD_FUNCTIONS
from pytest_sfn_sync.asl.jsonata.programs import ADDED_FUNCTIONS, Programs
from pytest_sfn_sync.asl.jsonata.references import nodes, read_variables
from pytest_sfn_sync.asl.jsonata.settled_values import holds_null, settled
from pytest_sfn_sync.asl.jsonata.syntax import Node, parse
from pytest_sfn_sync.asl.jsonata.translation import is_rewritten
from pytest_sfn_sync.asl.limits import EXPRESSION_STEPS
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.asl.work_budget import SECONDS_OF_AN_EXPRESSION, WorkLimitError


class QueryScope(Scope, Protocol):
    """The scope that an evaluation needs; ``now`` is the virtual time for ``$now`` and ``$millis``."""

    @property
    def now(self) -> int:
        """The virtual time in microseconds since the epoch."""


Evaluate = Callable[[JSON, Scope], JSON]

_STEPS_WITH_COUNTING: Final = 2
_STEPS_THAT_MAY_TAKE_LONG: Final = 40
"""The steps of the first attempt if each may go through a large value. An attempt with counting follows."""
_LEAST_SECONDS: Final = 0.001
_VARIABLE: Final = re.compile(r"[^\W\d]\w*")
_KEPT: Final = 4096
"""The number of compiled expressions in the cache; test suites register the same machines many times."""


class Query:
    """A compiled expression, ready to be evaluated any number of times, by any thread."""

    __slots__ = (
        "_clocked",
        "_defines_functions",
        "_drawing",
        "_finite_program",
        "_first_attempt",
        "_hideable",
        "_may_take_long",
        "_not_finite",
        "_programs",
        "_reads_context_item",
        "_reads_context_object",
        "_shuffles",
        "_suspicious",
        "_uncounted",
        "_variables",
        "_weight",
        "text",
    )

    def __init__(self, text: str, root: Node | None, engine: ModuleType) -> None:
        self.text = text
        mentioned = read_variables(root) if root is not None else STANDARD_FUNCTIONS | ADDED_FUNCTIONS
        free, self._reads_context_item = engine.free_names(text, ADDED_FUNCTIONS & mentioned)
        self._hideable = tuple(sorted(mentioned & (STANDARD_FUNCTIONS | ADDED_FUNCTIONS)))
        # The engine counts a variable as its own if the expression binds it anywhere, as in `$f($x, ($x := $x + 1))`.
        names = set(free) if root is None else mentioned.union(free) - STANDARD_FUNCTIONS
        names -= ADDED_FUNCTIONS | {"states"}
        self._variables = tuple(sorted(name for name in names if _VARIABLE.fullmatch(name)))
        states = free.get("states", "states" in mentioned)
        self._reads_context_object = states is True or (states is not False and "context" in states)
        self._drawing = tuple(name for name in ("random", "uuid") if name in mentioned)
        self._shuffles = "shuffle" in mentioned
        self._clocked = not mentioned.isdisjoint(("now", "millis"))
        tree = [] if root is None else nodes(root)
        self._suspicious = root is None or any(map(_may_make_nan, tree))
        self._defines_functions = any(node.kind == "assignment" and node.here[0].kind == "lambda" for node in tree)
        has_regex = "/" in text if root is None else any(node.kind == "regex" for node in tree)
        self._weight = REGEX_WEIGHT if has_regex else 1
        self._uncounted = first_attempt(self._weight)
        self._may_take_long = root is not None and may_take_long(root, text)
        self._first_attempt = (
            min(self._uncounted, _STEPS_THAT_MAY_TAKE_LONG) if self._may_take_long else self._uncounted
        )
        self._not_finite = engine.NOT_FINITE
        self._programs = Programs(
            text,
            root,
            engine,
            variables=self._variables,
            hideable=self._hideable,
            reads_context_item=self._reads_context_item,
        )
        self._finite_program = self._programs.program(True, ())

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
            if fault.code != self._not_finite:
                raise
        else:
            if not (self._suspicious and holds_null(answer)):
                return settled(answer, self.text, scope.work)
        kind, value = settled(self._run(False, hidden, values, scope), self.text, scope.work)
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
        program = self._programs.program(finite, hidden) if hidden or not finite else self._finite_program
        # The cast is right: all scopes of the interpreter have the virtual time, which only few expressions need.
        now = cast(QueryScope, scope).now // 1000 if self._clocked else None
        seed = scope.random.getrandbits(32) if self._shuffles else None
        bindings: dict[str, JSON] | None = None
        document: JSON = values
        if self._reads_context_item:
            bindings = {f"{self._programs.prefix}of_{name}": value for name, value in values.items()}
            document = None
        draws = None
        if self._drawing:
            draws = Draws(scope.random)
            bindings = bindings or {}
            bindings.update((self._programs.prefix + name, draws.function(name)) for name in self._drawing)
        try:
            return program(document, bindings, now, seed, self._first_attempt)
        except StepsExceeded:
            pass

        counting, lengths = self._programs.program(finite, hidden, counts=True), Lengths()
        bindings = {**(bindings or {}), **self._programs.counting_functions(lengths)}

        aws_limit = EXPRESSION_STEPS if finite else OWN_ARITHMETIC_STEPS
        # The last net is for all attempts together.
        end = monotonic() + SECONDS_OF_AN_EXPRESSION

        def run(steps: int) -> JSON:
            lengths.begin(steps * self._weight)
            if draws is not None:
                draws.rewind()
            # The counting itself takes steps too.
            most = max(min(_STEPS_WITH_COUNTING * steps, aws_limit), steps)
            return counting(document, bindings, now, seed, most, max(end - monotonic(), _LEAST_SECONDS))

        if self._may_take_long:
            try:
                answer = run(self._uncounted)
            except StepsExceeded:
                pass
            else:
                if not self._defines_functions:
                    return answer
                # The counting nests deeper than AWS allows. Now it is known that the expression itself takes little.
                if draws is not None:
                    draws.rewind()
                return program(document, bindings, now, seed, self._uncounted)
        return evaluate_with_more_steps(
            run,
            self.text,
            scope.work,
            weight=self._weight,
            aws_limit=aws_limit,
        )


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
        except JsonataSyntaxError:
            # The text was read before: its program nests one level deeper than the engine reads.
            raise evaluation_failed(text, field_location, EngineFault(None, STACK_OVERFLOW)) from None
        except TookTooLong:
            raise WorkLimitError.by_the_clock(text).in_field(field_location) from None
        except EngineFault as fault:
            raise evaluation_failed(text, field_location, fault) from None
        except WorkLimitError as limit:
            raise limit.in_field(field_location) from None
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
