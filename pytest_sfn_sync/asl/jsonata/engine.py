"""The interface to the JSONata engine. Only this module imports the engine, so the engine can be replaced here.

It checks the syntax of an expression, finds what an expression reads, and runs it within AWS's limits. All faults are
raised as `JsonataSyntaxError`, `EngineFault` or `InternalFault`, never as the engine's own exceptions. Where AWS's
result differs from the engine's, other modules correct it: before the run, by rewriting the program and by replaced
functions, or after the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import jlens

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import (
    MEMORY_EXCEEDED,
    STACK_OVERFLOW,
    EngineFault,
    JsonataSyntaxError,
    StepsExceeded,
    TookTooLong,
)
from pytest_sfn_sync.asl.jsonata.function_library import HostFunction
from pytest_sfn_sync.asl.jsonata.number_text import MAX_VALUE_BYTES
from pytest_sfn_sync.asl.jsonata.translation import ARITHMETIC, OWN
from pytest_sfn_sync.asl.work_budget import SECONDS_OF_AN_EXPRESSION

MAX_DEPTH: Final = 100
"""The deepest nesting of evaluations. Measured: the engine counts as AWS does (1+1+... of 100 terms)."""

_LIMITS: Final[dict[str, Any]] = {
    # An evaluation ends by the number of its steps, which the caller passes. The timeout is the last net, for functions
    # of the engine that take long in one step. It ends the whole execution with a usage error, so that no outcome
    # depends on how busy the machine is.
    "max_string_length": MAX_VALUE_BYTES,
    "max_array_length": MAX_VALUE_BYTES // 8,
    "max_result_size": MAX_VALUE_BYTES + 2,
}
_UNCODED: Final = {
    "D1011": STACK_OVERFLOW,
    "U1001": MEMORY_EXCEEDED,
}
# Assumption: the outcome of values that AWS could not hold.
_UNREADABLE: Final[tuple[tuple[str, tuple[str | None, str]], ...]] = (
    ("OverflowError", ("D1001", "Number out of range: Infinity")),
    ("levels deep", (None, MEMORY_EXCEEDED)),
)
"""Words of the engine about values that it could not convert, and the faults that they become."""
NOT_FINITE: Final = "D1001"
"""The engine's error code for a number that is not finite."""

# In these messages the engine writes whole numbers with a fraction, JavaScript without one.
_CODES_WITH_NUMBERS: Final = frozenset({"D3060", "D3061", "D3100"})
_CODES_WITH_TOKENS: Final = frozenset({"S0201", "S0202"})
_WHOLE_NUMBER: Final = re.compile(r"(-?\d+)\.0(?!\d)")
_JSONATA_CODE: Final = re.compile("[DST][0-9]{4}")
_OPERATORS: Final = {name: operator for operator, name in ARITHMETIC.items()}


def check_syntax(text: str) -> None:
    """Compile the author's own text; raise `JsonataSyntaxError` with the engine's message and position."""
    _compile(text)


def free_names(text: str, functions: Iterable[str]) -> tuple[dict[str, Any], bool]:
    """Return the free variables of an expression, and True if it reads the context item.

    Each name maps to the members of the variable that are read, or to True. ``functions`` are the names of this
    package's own functions.
    """
    expression = _compile(text)
    for name in functions:
        expression.register_function(name, _nothing)
    reads = expression.reads()
    return dict(reads["bindings"]), "input" in reads


def _nothing(*arguments: JSON) -> None:
    return None


def _compile(text: str) -> jlens.Expression:
    try:
        return jlens.Expression(text)
    except jlens.JlensError as error:
        position = error.position if error.start is None else error.start
        message = _WHOLE_NUMBER.sub(r"\1", str(error)) if error.code in _CODES_WITH_TOKENS else str(error)
        raise JsonataSyntaxError(message, 0 if position is None else position) from None
    except UnicodeEncodeError as error:
        raise JsonataSyntaxError("A surrogate stands without its other half", error.start) from None


def program(
    text: str,
    *,
    functions: Mapping[str, HostFunction | Callable[..., Any]],
    extra_depth: int,
) -> Callable[..., JSON]:
    """Compile a program; the result is called with the input, the bindings, the time (milliseconds, or None), a seed
    (or None), the most steps and the seconds after which the last net ends it (or None for five).

    ``functions`` are the host functions that it calls, with or without a signature. ``extra_depth`` is the nesting that
    the program adds around the author's expression. A call raises `EngineFault` or `InternalFault`.
    """
    expression = _compile(text)
    for name, function in functions.items():
        if isinstance(function, HostFunction):
            expression.register_function(name, function.call, function.signature)
        else:
            expression.register_function(name, function)
    evaluate: Callable[..., JSON] = partial(expression.evaluate, max_depth=MAX_DEPTH + extra_depth, **_LIMITS)

    def run(
        document: JSON,
        bindings: dict[str, Any] | None,
        now: int | None,
        seed: int | None,
        steps: int,
        seconds: float | None = None,
    ) -> JSON:
        try:
            return evaluate(
                document, bindings, now=now, seed=seed, max_steps=steps, timeout=seconds or SECONDS_OF_AN_EXPRESSION
            )
        except jlens.JlensError as error:
            raise _fault(error) from None
        except (RecursionError, UnicodeError, ValueError, TypeError) as error:
            raise _unreadable(str(error)) from None

    return run


def _unreadable(message: str) -> EngineFault:
    return next((EngineFault(*fault) for words, fault in _UNREADABLE if words in message), EngineFault(None, message))


def _fault(error: jlens.JlensError) -> EngineFault | TookTooLong:
    code, message = error.code, str(error)
    if code == "U1006":
        return StepsExceeded()
    if code == "D1012":
        return TookTooLong()
    if code in _UNCODED:
        return EngineFault(None, _UNCODED[code])
    if not _JSONATA_CODE.fullmatch(code):
        return _unreadable(message)
    if code == "T0410" and (operator := _operator(error.token)) is not None:
        return _operand_fault(operator, message)
    if code in _CODES_WITH_NUMBERS:
        message = _WHOLE_NUMBER.sub(r"\1", message)
    return EngineFault(code, message)


def _operator(function: str | None) -> str | None:
    if function is None or not function.startswith(OWN):
        return None
    return _OPERATORS.get(function.lstrip("_"))


def _operand_fault(operator: str, message: str) -> EngineFault:
    # Arithmetic may have been rewritten as a call. The message is that of arithmetic.
    code, side = ("T2001", "left") if message.startswith("Argument 1 ") else ("T2002", "right")
    return EngineFault(code, f'The {side} side of the "{operator}" operator must evaluate to a number')
