"""What intrinsic functions and conditions ask of the template that they stand in: the values of its parts."""

from __future__ import annotations

from typing import Any, Protocol

from pytest_sfn_sync.templates.documents import Spot


class TemplateValues(Protocol):
    """The values of one template; `stack.Stack` has them. What can't be worked out raises UnresolvableError."""

    region: str

    def evaluate(self, value: Any, spot: Spot) -> Any:
        """Work a value out, with all functions in it."""

    def reference(self, name: str, spot: Spot) -> Any:
        """Return what ``Ref`` gives."""

    def attribute(self, name: str, attribute: str, spot: Spot) -> Any:
        """Return what ``Fn::GetAtt`` gives."""

    def is_qualified(self, name: str) -> bool:
        """Return whether a name is SAM's for the alias or the version of a function."""

    def imported(self, name: str) -> Any:
        """Return what ``Fn::ImportValue`` gives."""

    def condition(self, name: str, spot: Spot) -> bool:
        """Return whether a condition holds."""

    def mapping(self, keys: list[str], spot: Spot) -> Any:
        """Find a value in ``Mappings`` by the name of the map and two keys."""
