"""The record of the plausible values in a template, which neither the template nor the test contains."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class PlausibleValues:
    """Values by their names: of a parameter, an export, a resource (``Queue``) or an attribute (``Queue.Arn``).

    ``fitting`` has better guesses for some of them, such as the ARN of a function for what a Task has as its Resource.
    """

    def __init__(self, fitting: Mapping[str, str] | None = None) -> None:
        self._fitting = {} if fitting is None else fitting
        self.values: dict[str, Any] = {}
        self.guesses: dict[str, str] = {}

    def keep(self, name: str, value: Any) -> Any:
        """Record a plausible value and return it."""
        self.values[name] = value
        return value

    def guess(self, name: str, value: Any, argument: str, *keys: str) -> Any:
        """Record a value whose form is not known, with the argument of load_template that sets it, and return it.

        ``keys`` are the keys of the value in that argument, if they are not just the name.
        """
        given = "..."
        for key in reversed(keys or (name,)):
            given = f"{{{json.dumps(key, ensure_ascii=False)}: {given}}}"
        self.guesses[name] = f"{argument}={given}"
        return self.keep(name, self._fitting.get(name, value))

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """Record no values within the block; it is for values that are read but that no machine uses."""
        before = dict(self.values), dict(self.guesses)
        try:
            yield
        finally:
            self.values, self.guesses = before
