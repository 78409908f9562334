"""The work that the expressions of one execution may do: counted in steps, never in time, so the same on every machine.

AWS ends long work by its own clock. Here the virtual clock stands still while an expression is evaluated, so the steps
are counted instead. Where the interpreter knows how AWS ends an expression, it ends in the same way. Otherwise an
execution that has used up its budget has no outcome that could be trusted: `WorkLimitError` is raised. It is reported
as a usage error, and no workflow can catch it.

Counted are the steps of JSONata, the values that a JSONPath visits, the steps of regular expressions in filters, and
the items and texts that intrinsic functions read and write. In a JSONata expression that takes many steps, the lengths
of what its functions go through are counted too. Paths of names and indices alone, short texts and short JSONata
expressions cost nothing.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.defaults import DEFAULT_WORK_BUDGET

VISIT_STEPS: Final = 10
"""The steps for each value that a JSONPath visits. It takes about ten times as long as a step of JSONata.

A payload of 256 KiB has at most 131,072 values, so one evaluation may visit each of them three times.
"""

CHARACTERS_PER_STEP: Final = 4
"""The characters that an intrinsic function may read or write in one step."""

_PARTS: Final = 10
"""One evaluation may take a tenth of the whole budget."""

SECONDS_OF_AN_EXPRESSION: Final = 5.0
"""The seconds of real time after which the last net ends a JSONata expression whose steps are not counted."""

_MOST_SHOWN: Final = 200


_UNKNOWN: Final = (
    "AWS might end it or not, so the execution has no outcome here. Write an expression that does less, or use smaller "
    "documents or fewer rounds of a loop."
)
_OPTION: Final = (
    "If the work is meant, raise the option work_budget (sfn_sync_work_budget in the ini file), which is {most:,}."
)


class WorkLimitError(Exception):
    """An expression does more work than it may, for the ``reason``; its place is added on the way out."""

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(expression, reason)
        self.expression = expression
        self.reason = reason
        self.state_name: str | None = None
        self.field: str | None = None

    @classmethod
    def by_the_clock(cls, expression: str) -> WorkLimitError:
        """Return the error for an evaluation that was ended by the clock, in steps that are not counted."""
        return cls(expression, f"took more than {SECONDS_OF_AN_EXPRESSION:g} seconds for few steps. {_UNKNOWN}")

    def in_field(self, field: str) -> WorkLimitError:
        """Return the same error with the name of the field."""
        self.field = self.field or field
        return self

    def __str__(self) -> str:
        shown = self.expression if len(self.expression) <= _MOST_SHOWN else f"{self.expression[:_MOST_SHOWN]}..."
        state = "" if self.state_name is None else f"state {self.state_name!r}: "
        place = "" if self.field is None else f" of the field {self.field!r}"
        return f"{state}the expression {shown!r}{place} {self.reason}"


class WorkBudget:
    """The steps that one execution has left; ``most`` is what it had at first."""

    __slots__ = ("left", "most")

    def __init__(self, most: int = DEFAULT_WORK_BUDGET) -> None:
        self.most = most
        self.left = most

    def allowance(self) -> int:
        """Return the steps that the next evaluation may take."""
        return min(self.most // _PARTS, max(self.left, 0))

    def spend(self, steps: int, expression: str) -> None:
        """Count steps; raise `WorkLimitError` if they are more than one evaluation may take, or if none are left."""
        if steps > self.allowance():
            raise self.exceeded(expression)
        self.left -= steps

    def exceeded(self, expression: str) -> WorkLimitError:
        """Return the error for an evaluation that needs more steps than it may take."""
        part = self.most // _PARTS
        if self.left < part:
            reason = f"used up the {self.most:,} steps that all expressions of an execution may take together"
        else:
            reason = f"takes more than {part:,} steps of work, a tenth of the budget of an execution"
        return WorkLimitError(expression, f"{reason}. {_UNKNOWN} {_OPTION.format(most=self.most)}")
