"""A scope with given values, for tests that evaluate one expression outside a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.work_budget import WorkBudget


@dataclass(kw_only=True)
class StaticScope:
    variables: dict[str, JSON] = field(default_factory=dict)
    context: JSON = field(default_factory=dict)
    random: Random = field(default_factory=lambda: Random(0))
    work: WorkBudget = field(default_factory=WorkBudget)

    def as_written(self, document: JSON) -> str:
        return compact(document)

    def context_object(self) -> JSON:
        return self.context

    def variable(self, name: str) -> JSON:
        return self.variables[name]
