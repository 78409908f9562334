"""The exceptions for JSONata expressions, with AWS's messages.

`JsonataNotInstalled` is a usage error. `JsonataSyntaxError` is a fault of the definition. `QueryEvaluationError` is the
state's error; Retry and Catch see it. Texts as recorded, except where an assumption is marked.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.error_names import STATES_QUERY_EVALUATION_ERROR, AslError
from pytest_sfn_sync.asl.expressions import JSON, EngineMissingError
from pytest_sfn_sync.asl.json_text import compact

NOT_INSTALLED = (
    'it uses JSONata, whose engine is not installed; install it with: pip install "pytest-sfn-sync[jsonata]"'
)
STACK_OVERFLOW = (
    "Stack overflow error: Check for non-terminating recursive function."
    "  Consider rewriting as tail-recursive. Depth=101 max=100"
)
MEMORY_EXCEEDED = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
# Assumption: AWS's text for its time limit. Only those for depth and memory were recorded.
TIME_EXCEEDED = "Expression evaluation timeout: Check for infinite loop"


class JsonataNotInstalled(EngineMissingError):  # noqa: N818 - a claim about the installation
    """The engine is missing; the registry reports this as a usage error."""

    def __init__(self) -> None:
        super().__init__(NOT_INSTALLED)


class JsonataSyntaxError(Exception):
    """Text that is not JSONata 2.0.6: the engine's ``message`` without its code, and the ``position`` in the text."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"{self.message} (at position {self.position})"


class UnreadableSyntax(Exception):  # noqa: N818 - about our reader, not a fault of the expression
    """A text that the engine accepts and this package's own parser cannot read; it gets no static checks."""


class EngineFault(Exception):  # noqa: N818 - becomes a QueryEvaluationError once the field is known
    """A fault during evaluation; ``code`` is JSONata's or AWS's. It is None for the limits, which have no code."""

    def __init__(self, code: str | None, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class StepsExceeded(EngineFault):
    """An evaluation took more steps than it was given."""

    def __init__(self) -> None:
        super().__init__(None, TIME_EXCEEDED)


class TookTooLong(Exception):  # noqa: N818 - as above
    """An evaluation was ended by the clock: its steps took far longer than AWS's limit."""


class InternalFault(Exception):  # noqa: N818 - as above
    """A fault that AWS's own functions do not handle; AWS reports only an identifier for it."""


class QueryEvaluationError(AslError):
    """``States.QueryEvaluationError``; ``location`` is the field, as in the event EvaluationFailed.

    ``location`` is None if AWS reports none: for a Map's input that is not an array.
    """

    def __init__(self, cause: str, *, location: str | None) -> None:
        super().__init__(STATES_QUERY_EVALUATION_ERROR, cause, located=False, location=location)


def returned_nothing(text: str, location: str) -> QueryEvaluationError:
    """Return the error for an undefined result."""
    return _failed(text, location, " returned nothing (undefined).")


def unsupported_result(text: str, location: str) -> QueryEvaluationError:
    """Return the error for a result that is or contains a function."""
    return _failed(text, location, " returned an unsupported result type.")


def unexpected_result(text: str, location: str, *, expected: str, value: JSON) -> QueryEvaluationError:
    """Return the error for a result of another type than the field needs."""
    was = f"Expected '{expected}', but was '{type_name(value)}' for value: {compact(value)}"
    return _failed(text, location, f" returned an unexpected result type. {was}")


def evaluation_failed(text: str, location: str, fault: EngineFault) -> QueryEvaluationError:
    """Return the error for a fault reported by the engine or by one of AWS's functions."""
    message = f": {fault.message}" if fault.code is None else f". {fault.code}: {fault.message}"
    return _failed(text, location, f" threw an error during evaluation{message}")


def internal_error(text: str, location: str, identifier: str) -> QueryEvaluationError:
    """Return the error for an `InternalFault`."""
    # Recorded: the text is followed by a new UUID. Assumption: there is one space before it.
    return _failed(text, location, f" threw an internal error during evaluation. {identifier}")


def _failed(text: str, location: str, what: str) -> QueryEvaluationError:
    cause = f"The JSONata expression '{text}' specified for the field '{location}'{what}"
    return QueryEvaluationError(cause, location=location)


def type_name(value: JSON) -> str:
    """Return the name of a JSON value's type as in AWS's messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
