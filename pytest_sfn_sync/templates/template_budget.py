"""The work that the values of one template may take: steps and characters are counted, never the time.

Conditions and references fan out: a template of a few lines can ask for more values than there are atoms. Each value
that is worked out counts as a step, and each text that a function, a placeholder or a variable makes counts with its
characters. CloudFormation itself takes templates of at most 1 MB.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.sources.document_size import MOST_CHARACTERS
from pytest_sfn_sync.templates.documents import Spot

MOST_STEPS: Final = 200_000
"""The most values that are worked out for one template."""


MOST_SEARCHES: Final = 100
"""The faults of one template for which near names are searched; a message tells fewer."""


MOST_STACKS: Final = 500
"""The most nested stacks of one template, those in each other included. CloudFormation takes 500 resources a stack."""


class TooMuchWorkError(Exception):
    """The values of a template take more work than is done: the reason, and the spot where it was given up."""

    def __init__(self, why: str, spot: Spot) -> None:
        super().__init__(why)
        self.why = why
        self.spot = spot


class TemplateBudget:
    """The steps and characters that are left for one template."""

    __slots__ = ("characters", "searches", "stacks", "steps")

    def __init__(self) -> None:
        self.steps = MOST_STEPS
        self.characters = MOST_CHARACTERS
        self.searches = MOST_SEARCHES
        self.stacks = MOST_STACKS

    def step(self, spot: Spot) -> None:
        """Count one value; raise TooMuchWorkError if no step is left."""
        self.steps -= 1
        if self.steps < 0:
            raise TooMuchWorkError(
                f"the template's values fan out: more than {MOST_STEPS:,} of them would have to be worked out.", spot
            )

    def may_nest(self) -> bool:
        """Count one nested stack, and return whether it is followed."""
        self.stacks -= 1
        return self.stacks >= 0

    def may_search(self) -> bool:
        """Count one search for near names, and return whether it is worth it."""
        self.searches -= 1
        return self.searches >= 0

    def text(self, text: str, spot: Spot) -> str:
        """Count the characters of a text that was made, and return it; raise TooMuchWorkError if too many were."""
        self.characters -= len(text)
        if self.characters < 0:
            raise TooMuchWorkError(
                f"the template's texts are filled in to more than {MOST_CHARACTERS:,} characters.", spot
            )
        return text
