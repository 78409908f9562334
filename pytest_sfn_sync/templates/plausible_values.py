"""The record of the plausible values in a template: those that neither it nor the test says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class PlausibleValues:
    """Values by what they stand for: a parameter, an export, a resource (``Queue``), an attribute (``Queue.Arn``)."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.guesses: dict[str, str] = {}

    def keep(self, name: str, value: Any) -> Any:
        """Record a value that nobody gave, and return it."""
        self.values[name] = value
        return value

    def guess(self, name: str, value: Any, argument: str, *keys: str) -> Any:
        """Record a value of which not even the form is known, with the argument of load_template that would give it.

        ``keys`` lead to it in that argument, where it isn't the name alone.
        """
        given = "..."
        for key in reversed(keys or (name,)):
            given = f"{{{json.dumps(key, ensure_ascii=False)}: {given}}}"
        self.guesses[name] = f"{argument}={given}"
        return self.keep(name, value)

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """Record nothing in the block: for values that are looked at and used by no machine."""
        before = dict(self.values), dict(self.guesses)
        try:
            yield
        finally:
            self.values, self.guesses = before
