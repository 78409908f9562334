"""The values of a template's parts, which its intrinsic functions and conditions use."""

from __future__ import annotations

from typing import Any, Protocol

from pytest_sfn_sync.templates.documents import Spot


class TemplateValues(Protocol):
    """The values of one template, as in `stack.Stack`. A value that can't be computed raises UnresolvableError."""

    region: str

    def evaluate(self, value: Any, spot: Spot) -> Any:
        """Return a value with all functions in it computed."""

    def reference(self, name: str, spot: Spot) -> Any:
        """Return the value of ``Ref``."""

    def attribute(self, name: str, attribute: str, spot: Spot) -> Any:
        """Return the value of ``Fn::GetAtt``."""

    def made(self, text: str, spot: Spot) -> str:
        """Return a text that a function made, and count its characters; raise TooMuchWorkError for too many."""

    def is_qualified(self, name: str) -> bool:
        """Return whether a name is SAM's for the alias or the version of a function."""

    def imported(self, name: str) -> Any:
        """Return the value of ``Fn::ImportValue``."""

    def condition(self, name: str, spot: Spot) -> bool:
        """Return whether a condition is true."""

    def mapping(self, keys: list[str], spot: Spot) -> Any:
        """Find a value in ``Mappings`` by the name of the map and two keys."""
