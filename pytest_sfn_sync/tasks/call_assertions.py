"""The assertions about the calls of a mock. They have the names that they have in unittest.mock."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from pytest_sfn_sync.asl.document_copies import DocumentCopies
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.differences import difference_count, difference_lines, equal, shown
from pytest_sfn_sync.tasks.json_values import is_plain


class CallAssertions:
    """The assertions of a mock that records its calls."""

    __slots__ = ()

    @abstractmethod
    def _documents(self) -> list[JSON]:
        """Return the payloads of the calls, which nobody may change; in a new list."""

    @abstractmethod
    def _place(self, index: int) -> str:
        """Return the place of a call for a message."""

    def assert_called(self) -> None:
        """Raise AssertionError unless the mock answered at least one call."""
        __tracebackhide__ = True
        if not self._documents():
            raise AssertionError(f"{self!r} was expected to be called, but was never called.")

    def assert_not_called(self) -> None:
        """Raise AssertionError if the mock answered a call."""
        __tracebackhide__ = True
        if self._documents():
            raise AssertionError(f"{self!r} was expected not to be called, but {self._calls_text()}")

    def assert_called_once(self) -> None:
        """Raise AssertionError unless the mock answered exactly one call."""
        __tracebackhide__ = True
        if len(self._documents()) != 1:
            raise AssertionError(f"{self!r} was expected to be called once, but {self._calls_text()}")

    def assert_called_with(self, payload: Any) -> None:
        """Raise AssertionError unless the last call had this payload; matchers that compare by ``==`` are allowed."""
        __tracebackhide__ = True
        given = self._given(payload, self._documents()[-1:])
        if not given or not equal(payload, given[0]):
            raise AssertionError(self._not_with("last", payload, given))

    def assert_called_once_with(self, payload: Any) -> None:
        """Raise AssertionError unless there was exactly one call, with this payload."""
        __tracebackhide__ = True
        given = self._given(payload, self._documents())
        if len(given) != 1 or not equal(payload, given[0]):
            raise AssertionError(self._not_with("once", payload, given))

    def assert_any_call(self, payload: Any) -> None:
        """Raise AssertionError unless at least one call had this payload."""
        __tracebackhide__ = True
        given = self._given(payload, self._documents())
        if not any(equal(payload, one) for one in given):
            raise AssertionError(self._not_with("at least once", payload, given))

    def assert_has_calls(self, payloads: Sequence[Any], any_order: bool = False) -> None:
        """Raise AssertionError unless the calls include these payloads, one directly after the other.

        With ``any_order=True``, the payloads may have any order, and other calls may be between them. A payload that is
        given twice needs two calls.
        """
        __tracebackhide__ = True
        if isinstance(payloads, str | bytes) or not isinstance(payloads, Sequence):
            raise MockError(f"{self!r}.assert_has_calls takes a list of payloads, not {shown(payloads)}.")
        expected = list(payloads)
        given = self._given(expected, self._documents())
        missing = _without_partner(expected, given) if any_order else expected
        if missing and (any_order or not _is_run_of(expected, given)):
            how = "in any order" if any_order else "one directly after the other"
            lines = [f"{self!r} was expected to have these calls, {how}:"]
            lines += [f"  {number}. {shown(payload)}" for number, payload in enumerate(expected, start=1)]
            if any_order:
                lines += ["These are missing:", *(f"  {shown(payload)}" for payload in missing)]
            raise AssertionError("\n".join([*lines, f"but it {self._calls_text()}"]))

    def _given(self, expected: Any, documents: list[JSON]) -> list[JSON]:
        """Return the payloads of calls; copies of them, if ``expected`` has matchers, which are the user's code."""
        if is_plain(expected):
            return documents
        copies = DocumentCopies()
        return [copies.of(document) for document in documents]

    def _not_with(self, how: str, expected: Any, candidates: Sequence[JSON]) -> str:
        lines = [f"{self!r} was expected to be called {how} with", f"  {shown(expected)}", f"but {self._calls_text()}"]
        counts = [difference_count(expected, candidate) for candidate in candidates]
        fewest = min(counts, default=0)
        if fewest:
            nearest = counts.index(fewest)
            position = len(self._documents()) - len(candidates) + nearest + 1
            differences = difference_lines(expected, candidates[nearest])
            lines += [f"Call {position} differs:", *(f"  {line}" for line in differences)]
        return "\n".join(lines)

    def _calls_text(self, limit: int = 10) -> str:
        documents = self._documents()
        if not documents:
            return "was never called."
        lines = [f"was called {'once' if len(documents) == 1 else f'{len(documents)} times'}:"]
        for index, document in enumerate(documents[:limit]):
            lines.append(f"  {index + 1}. {shown(document)}  ({self._place(index)})")
        if len(documents) > limit:
            lines.append(f"  ... and {len(documents) - limit} more")
        return "\n".join(lines)


def _is_run_of(expected: Sequence[Any], given: Sequence[JSON]) -> bool:
    """Return whether the expected payloads stand one directly after the other among those that were given."""
    starts = range(len(given) - len(expected) + 1)
    return any(all(map(equal, expected, given[start:])) for start in starts)


def _without_partner(expected: Sequence[Any], given: Sequence[JSON]) -> list[Any]:
    """Return the expected payloads that are left if each takes one of those that were given."""
    left, missing = list(given), []
    for payload in expected:
        index = next((index for index, one in enumerate(left) if equal(payload, one)), None)
        if index is None:
            missing.append(payload)
        else:
            del left[index]
    return missing
