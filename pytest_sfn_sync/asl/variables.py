"""Workflow variables and their scopes.

The machine, each Parallel branch and each Map iteration have a scope of their own. Inner states can read outer
variables but not assign them; the parser refuses that. The variables of a scope are gone when the scope ends.
"""

from __future__ import annotations

from collections.abc import Iterable

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import DocumentSizes
from pytest_sfn_sync.asl.limits import VARIABLES_BYTES


class Variables:
    """The variables of one scope, and a reference to the scope around it."""

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
        """Return every variable that can be read here, outer ones included."""
        outer = {} if self._outer is None else self._outer.visible()
        return {**outer, **self.own}


class VariableSizes:
    """The size of all variables of one execution.

    While the sum of all assignments so far is within the limit, no variable has to be measured again. After that, the
    living variables are counted; each value is measured once.

    Assumption: the size is that of the JSON text of each value, in every scope that is still running.
    """

    __slots__ = ("_document_sizes", "_measured", "_most")

    def __init__(self, document_sizes: DocumentSizes) -> None:
        self._document_sizes = document_sizes
        self._most = 0
        self._measured: dict[int, tuple[JSON, int]] = {}

    def may_add(self, size: int) -> bool:
        """Report whether ``size`` more bytes are certainly within the limit; if so, they are added."""
        if self._most + size > VARIABLES_BYTES:
            return False
        self._most += size
        return True

    def count_anew(self, living: Iterable[dict[str, JSON]], own: dict[str, JSON], assigned: dict[str, JSON]) -> bool:
        """Count the living variables, ``assigned`` over ``own``; report whether they are within the limit."""
        scopes = [{**variables, **assigned} if variables is own else variables for variables in living]
        if not any(variables is own for variables in living):
            scopes.append(assigned)
        kept: dict[int, tuple[JSON, int]] = {}
        total = 0
        for variables in scopes:
            for value in variables.values():
                measured = self._measured.get(id(value)) or (value, self._document_sizes.size(value))
                kept[id(value)] = measured
                total += measured[1]
        self._measured, self._most = kept, total
        return total <= VARIABLES_BYTES
