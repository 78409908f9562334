"""Lambda functions and activities by their names in a template, which are not those that they have in AWS."""

from __future__ import annotations

from collections.abc import Mapping
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
        self._activities: dict[str, set[str]] = {}

    def add(self, logical_ids: list[str], function: FunctionName) -> None:
        """Register logical ids of a function; messages suggest the first."""
        for logical_id in logical_ids:
            known = self._by_id.setdefault(logical_id, [])
            if function not in known:
                known.append(function)
        self._suggested.append((function, logical_ids[0]))

    def add_activities(self, arns: Mapping[str, str]) -> None:
        """Register the ARNs of activities by their addresses in a Terraform configuration."""
        for address, arn in arns.items():
            self._activities.setdefault(address, set()).add(arn)

    def names_activity(self, address: str, arn: str) -> bool:
        """Return whether an activity of an address has an ARN."""
        if arn in self._activities.get(address, ()):
            return True
        return self.outer is not None and self.outer.names_activity(address, arn)

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
        self._activities.clear()
