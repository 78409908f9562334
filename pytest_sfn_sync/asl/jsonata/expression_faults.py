"""What can go wrong with a JSONata expression, and the texts in which AWS tells it.

Three kinds: `JsonataNotInstalled` is for whoever runs the tests, `JsonataSyntaxError` for whoever wrote the definition,
`QueryEvaluationError` for the state (Retry and Catch see it). Texts as recorded, where no assumption is marked.
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
# assumption: the wording of AWS's engine for its time limit; only those for depth and memory were recorded.
TIME_EXCEEDED = "Expression evaluation timeout: Check for infinite loop"


class JsonataNotInstalled(EngineMissingError):  # noqa: N818 - a claim about the installation
    """The engine is missing; the registry tells this as a usage error."""

    def __init__(self) -> None:
        super().__init__(NOT_INSTALLED)


class JsonataSyntaxError(Exception):
    """Text that is no JSONata 2.0.6: the engine's ``message`` without its code, and the ``position`` in the text."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"{self.message} (at position {self.position})"


class UnreadableSyntax(Exception):  # noqa: N818 - about our reader, not a fault of the expression
    """The engine accepts a text that our own reader can't follow; static checks are then left to AWS."""


class EngineFault(Exception):  # noqa: N818 - becomes a QueryEvaluationError once the field is known
    """A fault during evaluation; ``code`` is JSONata's or AWS's, None for the limits, which have no code."""

    def __init__(self, code: str | None, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class InternalFault(Exception):  # noqa: N818 - as above
    """A fault that AWS's own functions let escape; AWS tells only an identifier of it."""


class QueryEvaluationError(AslError):
    """``States.QueryEvaluationError``; ``location`` is the field as the event EvaluationFailed names it.

    ``location`` is None where AWS gives none (a Map's input that is no array).
    """

    def __init__(self, cause: str, *, location: str | None) -> None:
        super().__init__(STATES_QUERY_EVALUATION_ERROR, cause, located=False, location=location)


def returned_nothing(text: str, location: str) -> QueryEvaluationError:
    """Make the error for an undefined result."""
    return _failed(text, location, " returned nothing (undefined).")


def unsupported_result(text: str, location: str) -> QueryEvaluationError:
    """Make the error for a result that is or holds a function."""
    return _failed(text, location, " returned an unsupported result type.")


def unexpected_result(text: str, location: str, *, expected: str, value: JSON) -> QueryEvaluationError:
    """Make the error for a result of another type than the field needs."""
    was = f"Expected '{expected}', but was '{type_name(value)}' for value: {compact(value)}"
    return _failed(text, location, f" returned an unexpected result type. {was}")


def evaluation_failed(text: str, location: str, fault: EngineFault) -> QueryEvaluationError:
    """Make the error for a fault that the engine or one of AWS's functions told."""
    told = f": {fault.message}" if fault.code is None else f". {fault.code}: {fault.message}"
    return _failed(text, location, f" threw an error during evaluation{told}")


def internal_error(text: str, location: str, identifier: str) -> QueryEvaluationError:
    """Make the error for an `InternalFault`."""
    # assumption: one space before the identifier; recorded only as "followed by a fresh UUID".
    return _failed(text, location, f" threw an internal error during evaluation. {identifier}")


def _failed(text: str, location: str, what: str) -> QueryEvaluationError:
    cause = f"The JSONata expression '{text}' specified for the field '{location}'{what}"
    return QueryEvaluationError(cause, location=location)


def type_name(value: JSON) -> str:
    """Name a JSON value's type as AWS's messages do."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
