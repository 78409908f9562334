"""Documents, scopes and expressions: the types that every compiled part of a definition uses.

A *document* is a parsed JSON value. Documents are immutable by convention: code in this package changes a list or a
dict only in the step that made it. So documents can be shared without copying.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Protocol, TypeAlias, TypeGuard

from pytest_sfn_sync.asl.work_budget import WorkBudget

JSON: TypeAlias = Any
"""A parsed JSON value: None, bool, int, float, str, list or dict with string keys."""


CONTAINERS: Final = frozenset({dict, list})
"""The types of objects and arrays. The quickest way to ask: ``CONTAINERS.isdisjoint(map(type, members))``."""


class UncompiledDefinitionError(Exception):
    """A definition that is not compiled here, though AWS might take it; the text has the reason and the remedy."""


class ExpressionTooLargeError(UncompiledDefinitionError):
    """An expression of a definition, or all of them together, are larger than what is read."""


class EngineMissingError(UncompiledDefinitionError):
    """A definition needs an engine that is an optional dependency and is not installed; the text has the remedy."""


class Missing:
    """The type of `MISSING`, the value of an absent field where JSON's null has a meaning of its own."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()

OPENING: Final = "{%"
CLOSING: Final = "%}"


def is_expression_text(value: JSON) -> TypeGuard[str]:
    """Report whether a value is a string that is a JSONata expression: ``{% ... %}``, without a blank around it."""
    return begins_expression(value) and value.endswith(CLOSING) and len(value) >= len(OPENING) + len(CLOSING)


def begins_expression(value: JSON) -> TypeGuard[str]:
    """Report whether a value is a string that begins with ``{%``, as an expression does.

    A string that begins with ``{%`` and does not end with ``%}`` is refused in every field of a JSONata state.
    """
    return isinstance(value, str) and value.startswith(OPENING)


def expression_text(source: str) -> str:
    """Return the trimmed inside of ``{% ... %}``, as errors show it; return any other text as it is."""
    return source[len(OPENING) : -len(CLOSING)].strip() if is_expression_text(source) else source


class Scope(Protocol):
    """The values that an expression can read besides the document that it is evaluated on."""

    @property
    def random(self) -> Random:
        """The execution's seedable source of randomness (States.MathRandom, States.UUID, jitter)."""

    @property
    def work(self) -> WorkBudget:
        """The work that the execution may still do."""

    def as_written(self, document: JSON) -> str:
        """Return the text of a document for a message.

        It is the original text of the execution's input, as long as that is unchanged, and compact JSON otherwise.
        """

    def context_object(self) -> JSON:
        """Return the context object, ``$$`` in JSONPath and ``$states.context`` in JSONata."""

    def variable(self, name: str) -> JSON:
        """Return the value of a workflow variable; raise KeyError if it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A compiled expression: ``evaluate(document, scope)`` returns its value or raises `AslError`.

    ``source`` is the author's own text, or the template of a payload template. Messages quote it.
    """

    source: JSON
    evaluate: Callable[[JSON, Scope], JSON]
