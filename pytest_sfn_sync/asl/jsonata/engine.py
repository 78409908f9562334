"""The JSONata engine: the only module that imports it, and the seam at which it can be replaced.

It checks the syntax of an expression, tells what one reads, and runs one within AWS's limits. All faults leave it as
`JsonataSyntaxError`, `EngineFault` or `InternalFault`; none of the engine's own types does. What AWS answers otherwise
than the engine is mended before (in the text of the program, by replaced functions) and after it, never here.
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
    TIME_EXCEEDED,
    EngineFault,
    JsonataSyntaxError,
)
from pytest_sfn_sync.asl.jsonata.function_library import HostFunction
from pytest_sfn_sync.asl.jsonata.number_text import MAX_VALUE_BYTES
from pytest_sfn_sync.asl.jsonata.translation import ARITHMETIC

MAX_DEPTH: Final = 100
"""Measured: evaluations nest at most this deep; the engine counts as AWS does (1+1+... of 100 terms)."""

_LIMITS: Final[dict[str, Any]] = {
    # AWS documents one second of its own machines. Steps are counted alike on every machine, so they are what ends an
    # endless expression; the clock is a last resort, for functions of the engine that take long within one step.
    "max_steps": 5_000_000,
    "timeout": 2.0,
    "max_string_length": MAX_VALUE_BYTES,
    "max_array_length": MAX_VALUE_BYTES // 8,
    "max_result_size": 16 * 1024 * 1024,
}
_UNCODED: Final = {
    "D1011": STACK_OVERFLOW,
    "D1012": TIME_EXCEEDED,
    "U1006": TIME_EXCEEDED,
    "U1001": MEMORY_EXCEEDED,
}
NOT_FINITE: Final = "D1001"
"""The code with which the engine refuses a number that is not finite."""

# JavaScript writes whole numbers without a fraction, the engine writes them with one in these messages.
_CODES_WITH_NUMBERS: Final = frozenset({"D3060", "D3061", "D3100"})
_CODES_WITH_TOKENS: Final = frozenset({"S0201", "S0202"})
_WHOLE_NUMBER: Final = re.compile(r"(-?\d+)\.0(?!\d)")
_JSONATA_CODE: Final = re.compile("[DST][0-9]{4}")
_OPERATORS: Final = {name: operator for operator, name in ARITHMETIC.items()}


def check_syntax(text: str) -> None:
    """Compile the author's own text; raises `JsonataSyntaxError` with the engine's message and position."""
    _compile(text)


def free_names(text: str, functions: Iterable[str]) -> tuple[dict[str, Any], bool]:
    """Tell what an expression reads: its free variables, and whether it reads the context item.

    Each name maps to True, or to the members that are read of it. ``functions`` are names of functions of ours.
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
    """Compile a program; the result is called with ``input``, ``bindings`` and ``now`` (milliseconds, or None).

    ``functions`` are the host functions it calls, with a signature or without; ``extra_depth`` is the nesting that the
    program has around the author's expression. A call raises `EngineFault` or `InternalFault`.
    """
    expression = _compile(text)
    for name, function in functions.items():
        if isinstance(function, HostFunction):
            expression.register_function(name, function.call, function.signature)
        else:
            expression.register_function(name, function)
    evaluate: Callable[..., JSON] = partial(expression.evaluate, max_depth=MAX_DEPTH + extra_depth, **_LIMITS)

    def run(document: JSON, bindings: dict[str, Any] | None, now: int | None, seed: int | None) -> JSON:
        try:
            return evaluate(document, bindings, now=now, seed=seed)
        except jlens.JlensError as error:
            raise _fault(error) from None
        except (RecursionError, UnicodeError, ValueError, TypeError) as error:
            raise EngineFault(None, str(error)) from None

    return run


def _fault(error: jlens.JlensError) -> EngineFault:
    code, message = error.code, str(error)
    if code in _UNCODED:
        return EngineFault(None, _UNCODED[code])
    if not _JSONATA_CODE.fullmatch(code):
        return EngineFault(None, message)
    if code == "T0410" and error.token in _OPERATORS:
        return _operand_fault(_OPERATORS[error.token], message)
    if code in _CODES_WITH_NUMBERS:
        message = _WHOLE_NUMBER.sub(r"\1", message)
    return EngineFault(code, message)


def _operand_fault(operator: str, message: str) -> EngineFault:
    # Arithmetic that was rewritten as a call is told as the arithmetic that it is.
    code, side = ("T2001", "left") if message.startswith("Argument 1 ") else ("T2002", "right")
    return EngineFault(code, f'The {side} side of the "{operator}" operator must evaluate to a number')
