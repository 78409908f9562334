"""Lambda functions by their logical ids: what a template calls them, whatever they are called when deployed."""

from __future__ import annotations

from dataclasses import replace

from pytest_sfn_sync.tasks.resources import FunctionName


class LogicalIds:
    """The functions of the templates that were loaded, by the names that tests may call them."""

    def __init__(self) -> None:
        self._by_id: dict[str, list[FunctionName]] = {}
        self._suggested: list[tuple[FunctionName, str]] = []

    def add(self, logical_ids: list[str], function: FunctionName) -> None:
        """Let a function be known by logical ids, of which the first is the one to suggest."""
        for logical_id in logical_ids:
            known = self._by_id.setdefault(logical_id, [])
            if function not in known:
                known.append(function)
        self._suggested.append((function, logical_ids[0]))

    def covers(self, mocked: FunctionName, called: FunctionName) -> bool:
        """Return whether a mock answers for a called function: by the function's own name, or by a logical id."""
        if mocked.covers(called):
            return True
        functions = self._by_id.get(mocked.name, ())
        return any(
            function.covers(called) and replace(mocked, name=function.name).covers(called) for function in functions
        )

    def suggested(self, called: FunctionName) -> str | None:
        """Return the logical id to call a function by; None for one that no template has."""
        return next((logical_id for function, logical_id in self._suggested if function.covers(called)), None)

    def clear(self) -> None:
        """Forget all of them."""
        self._by_id.clear()
        self._suggested.clear()
