"""What an expression is evaluated with: the names that it may use, its code, and the work that it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from pytest_sfn_sync.terraform.hcl_source import Code
from pytest_sfn_sync.terraform.values import ValueKindError

MOST_STEPS: Final = 2_000_000
MOST_CHARACTERS: Final = 10_000_000


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

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left of it."""
        return self.steps < 0 or self.characters < 0
