"""Workflow variables and their scopes.

The machine, each Parallel branch and each Map iteration have a scope of their own. Inner states read outer variables
and may not assign them (the parser refuses that); what they assign is gone when their scope ends.
"""

from __future__ import annotations

from collections.abc import Iterable

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import utf8_size
from pytest_sfn_sync.asl.limits import VARIABLES_BYTES


class Variables:
    """The variables of one scope, and a way to those around it."""

    __slots__ = ("_outer", "own")

    def __init__(self, outer: Variables | None = None) -> None:
        self.own: dict[str, JSON] = {}
        self._outer = outer

    def __getitem__(self, name: str) -> JSON:
        scope: Variables | None = self
        while scope is not None:
            if name in scope.own:
                return scope.own[name]
            scope = scope._outer
        raise KeyError(name)

    def visible(self) -> dict[str, JSON]:
        """Give every variable that can be read here, outer ones included."""
        outer = {} if self._outer is None else self._outer.visible()
        return {**outer, **self.own}


class VariableSizes:
    """Counts what the variables of one execution come to.

    While the sum of all that was ever assigned is within the limit, nothing needs to be measured again. Past that, the
    variables that live are counted; each value is measured once.

    Assumption: what counts is the JSON text of each value, in every scope that is still running.
    """

    __slots__ = ("_measured", "_most")

    def __init__(self) -> None:
        self._most = 0
        self._measured: dict[int, tuple[JSON, int]] = {}

    def may_add(self, size: int) -> bool:
        """Whether so many bytes more are surely within the limit; they are counted if so."""
        if self._most + size > VARIABLES_BYTES:
            return False
        self._most += size
        return True

    def count_anew(self, living: Iterable[dict[str, JSON]], own: dict[str, JSON], assigned: dict[str, JSON]) -> bool:
        """Count the variables that live, ``assigned`` over ``own``, and tell whether they are within the limit."""
        scopes = [{**variables, **assigned} if variables is own else variables for variables in living]
        if not any(variables is own for variables in living):
            scopes.append(assigned)
        kept: dict[int, tuple[JSON, int]] = {}
        total = 0
        for variables in scopes:
            for value in variables.values():
                measured = self._measured.get(id(value)) or (value, utf8_size(value))
                kept[id(value)] = measured
                total += measured[1]
        self._measured, self._most = kept, total
        return total <= VARIABLES_BYTES
