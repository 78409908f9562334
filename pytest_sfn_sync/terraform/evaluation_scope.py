"""What an expression is evaluated with: the names that it may use, its code, and the work that it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from pytest_sfn_sync.terraform.hcl_source import Code
from pytest_sfn_sync.terraform.values import ValueKindError

MOST_STEPS: Final = 300_000
MOST_CHARACTERS: Final = 10_000_000
MOST_WEIGHT: Final = 4_000_000
"""The most values and pieces of text that all calls of functions of one configuration may read."""

CHARACTERS_PER_WEIGHT: Final = 16
"""The characters of a text that weigh as much as one value."""

_HEAVY: Final = 3
"""How often a value counts that is compared or written out: it takes a few times as long as to be passed on."""


class TooManyValuesError(ValueKindError):
    """The functions of a configuration go through more values than they may."""


class ModuleNames(Protocol):
    """The names that a module has: variables, locals, resources and the like."""

    root_folder: Path

    def value_of(self, name: str, where: str) -> Any:
        """Return what ``var``, ``local``, ``aws_lambda_function`` and the like stand for."""


@dataclass(frozen=True, slots=True)
class EvaluationScope:
    """The place of an expression: its code, the names of its module, and those of loops and templates around it."""

    names: ModuleNames
    code: Code
    own: Mapping[str, Any] = field(default_factory=dict)
    is_template: bool = False


class NoNames:
    """The names of an expression in which Terraform allows neither names nor functions."""

    root_folder = Path()

    def value_of(self, name: str, where: str) -> Any:
        """Raise ValueKindError: the value has to be known before all others."""
        raise ValueKindError(f"the name {name!r} can't be used here: Terraform takes only plain values")


@dataclass(slots=True)
class Budget:
    """The work that one configuration may take."""

    steps: int = MOST_STEPS
    characters: int = MOST_CHARACTERS
    weight: int = MOST_WEIGHT

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left of it."""
        return self.steps < 0 or self.characters < 0 or self.weight < 0

    def weigh(self, *values: Any, is_heavy: bool = False) -> None:
        """Count values that are gone through, with all that is in them; raise TooManyValuesError if they are too many.

        A value that is shared counts each time. The count stops where the budget ends.
        """
        each = _HEAVY if is_heavy else 1
        found: list[Any] = list(values)
        characters = 0
        for value in found:  # The list grows while it is read.
            if isinstance(value, str):
                characters += len(value)
            elif isinstance(value, list):
                found += value
            elif isinstance(value, Mapping):
                found += value.values()
            else:
                continue
            if len(found) * each > self.weight:
                break
        self.weight -= len(found) * each + characters // CHARACTERS_PER_WEIGHT
        if self.weight < 0:
            raise TooManyValuesError(f"its functions go through more than {MOST_WEIGHT:,} values")
