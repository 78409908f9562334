"""Workflow variables and their scopes.

The machine, each Parallel branch and each Map iteration have a scope of their own. Inner states read outer variables
and may not assign them (the parser refuses that); what they assign is gone when their scope ends.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.expressions import JSON


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
