"""Lambda functions by their logical ids: their names in a template, not those of the deployed functions."""

from __future__ import annotations

from dataclasses import replace

from pytest_sfn_sync.tasks.resources import FunctionName


class LogicalIds:
    """The functions of the loaded templates, by the names that tests may use for them.

    ``outer`` has those of the fake around this one.
    """

    def __init__(self) -> None:
        self.outer: LogicalIds | None = None
        self._by_id: dict[str, list[FunctionName]] = {}
        self._suggested: list[tuple[FunctionName, str]] = []

    def add(self, logical_ids: list[str], function: FunctionName) -> None:
        """Register logical ids of a function; messages suggest the first."""
        for logical_id in logical_ids:
            known = self._by_id.setdefault(logical_id, [])
            if function not in known:
                known.append(function)
        self._suggested.append((function, logical_ids[0]))

    def covers(self, mocked: FunctionName, called: FunctionName) -> bool:
        """Return whether a mock answers for a called function: by the function's own name, or by a logical id."""
        if mocked.covers(called):
            return True
        for function in self._by_id.get(mocked.name, ()):
            if function.covers(called) and replace(mocked, name=function.name).covers(called):
                return True
        return self.outer is not None and self.outer.covers(mocked, called)

    def suggested(self, called: FunctionName) -> str | None:
        """Return the logical id that a message suggests for a function; None for a function that no template has."""
        for function, logical_id in self._suggested:
            if function.covers(called):
                return logical_id
        return None if self.outer is None else self.outer.suggested(called)

    def clear(self) -> None:
        """Remove all logical ids."""
        self._by_id.clear()
        self._suggested.clear()
