"""Compares a recorded value with an actual one, where parts of the recording were replaced by placeholders.

The rules are those of the README beside the data. A comparison tells the first difference in words, so that a failing
case says at once where it went another way than AWS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

ISO_8601 = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?(?:\d\d)?)"

ALWAYS_FILLED = {
    "<partition>": "aws",
    "<region>": "us-east-1",
    "<lambda_function_name>": "a-function",
    "<ArnPart_0idx>": "a-machine",
}
"""Placeholders that a machine or its input can't keep, because the text has to be an ARN or the name of a function."""


@dataclass(frozen=True, kw_only=True)
class Wildcards:
    """The placeholders of one case: which stand for what, and what to put in their place before a run."""

    anywhere: tuple[str, ...] = ()
    whole: frozenset[str] = frozenset()
    dates: bool = False
    fillings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, record: dict[str, Any]) -> Wildcards:
        """Read the members ``placeholders`` and ``placeholder_values`` of a recorded case."""
        placeholders = record["placeholders"]
        given = record.get("placeholder_values", {})
        fillings = {**ALWAYS_FILLED, **given}
        return cls(
            anywhere=tuple(sorted({*placeholders.get("substring", ()), *ALWAYS_FILLED, *given}, key=len, reverse=True)),
            whole=frozenset(placeholders.get("exact", ())),
            dates=placeholders.get("date", False),
            fillings=dict(sorted(fillings.items(), key=lambda item: len(item[0]), reverse=True)),
        )

    def fill(self, document: Any) -> Any:
        """Put concrete values in the place of the placeholders in every text of a document (keys are left alone)."""
        if isinstance(document, str):
            return self._fill_text(document)
        if isinstance(document, dict):
            return {key: self.fill(value) for key, value in document.items()}
        if isinstance(document, list):
            return [self.fill(item) for item in document]
        return document

    def difference(self, recorded: Any, actual: Any, at: str = "$") -> str | None:
        """Tell the first difference between a recorded and an actual value, or None where there is none."""
        return next(self._differences(recorded, actual, at, ""), None)

    def _differences(self, recorded: Any, actual: Any, at: str, key: str) -> Iterator[str]:
        if isinstance(recorded, dict) and isinstance(actual, dict):
            for name in recorded.keys() - actual.keys():
                yield f"{at}: {name!r} is missing; there are {sorted(actual)}"
            for name in actual.keys() - recorded.keys():
                yield f"{at}: {name!r} was not recorded, it is {actual[name]!r}"
            for name, value in recorded.items():
                yield from self._differences(value, actual[name], f"{at}.{name}", name)
        elif isinstance(recorded, list) and isinstance(actual, list):
            if len(recorded) != len(actual):
                yield f"{at}: recorded {len(recorded)} items {recorded!r}, got {len(actual)}: {actual!r}"
            for index, (item, other) in enumerate(zip(recorded, actual, strict=False)):
                yield from self._differences(item, other, f"{at}[{index}]", key)
        elif not (self._stands_for(recorded, actual, key) if isinstance(recorded, str) else same(recorded, actual)):
            yield f"{at}: recorded {recorded!r}, got {actual!r}"

    def _stands_for(self, recorded: str, actual: Any, key: str) -> bool:
        if recorded == actual or recorded in self.whole:
            return True
        if key == "Content-Length" and recorded.isdigit():
            return isinstance(actual, str) and actual.isdigit()  # It depends on the names that were replaced.
        if recorded in ("timestamp", "date") and "timestamp" in key.lower():
            return True
        return isinstance(actual, str) and self._pattern(recorded).fullmatch(actual) is not None

    def _pattern(self, recorded: str) -> re.Pattern[str]:
        parts = []
        position = 0
        for found in self._tokens.finditer(recorded):
            parts.append(re.escape(recorded[position : found.start()]))
            parts.append(rf"(?:{ISO_8601}|date)" if found.group() == "date" and self.dates else ".+?")
            position = found.end()
        return re.compile("".join(parts) + re.escape(recorded[position:]), re.DOTALL)

    @cached_property
    def _tokens(self) -> re.Pattern[str]:
        tokens = [re.escape(token) for token in self.anywhere]
        if self.dates:
            tokens.append(r"\bdate\b")
        return re.compile("|".join(tokens) if tokens else r"(?!)")

    def _fill_text(self, text: str) -> str:
        for _ in range(2):  # a filling may itself hold a placeholder: an ARN of <partition> and <region>
            for placeholder, value in self.fillings.items():
                if placeholder in text and value not in text:
                    text = text.replace(placeholder, value)
        return text


def same(recorded: Any, actual: Any) -> bool:
    """Compare two JSON scalars: 1 and 1.0 are the same number, 1 and true are not the same value."""
    if isinstance(recorded, bool) or isinstance(actual, bool):
        return recorded is actual
    if isinstance(recorded, int | float) and isinstance(actual, int | float):
        return recorded == actual
    return type(recorded) is type(actual) and bool(recorded == actual)


def parsed(text: str) -> Any:
    """Read JSON text as the recordings did; a text that is no JSON stays a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
