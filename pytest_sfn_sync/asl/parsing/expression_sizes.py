"""The sizes of a definition's expressions, which are checked before any of them is read.

AWS takes a definition of 1 MB. If it is one expression, or many that have almost nothing but numbers and signs, reading
it would take seconds and hundreds of megabytes. So there are limits far above what people write. They are counted, and
never depend on the speed of a machine.
"""

from __future__ import annotations

import re
from typing import Final

from pytest_sfn_sync.asl.expressions import CLOSING, JSON, OPENING, ExpressionTooLargeError, is_expression_text
from pytest_sfn_sync.asl.location import texts_of
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX
from pytest_sfn_sync.shown_text import shown_text

MOST_TOKENS: Final = 250_000
"""The most names, numbers, texts and signs in all JSONata expressions of a definition."""

MOST_PATH_CHARACTERS: Final = 100_000
"""The most characters of a JSONPath or an intrinsic function; the regular expression of a filter may be long."""

_TOKEN: Final = re.compile(
    r"""
      "[^"\\]*(?:\\.[^"\\]*)*"
    | '[^'\\]*(?:\\.[^'\\]*)*'
    | /\*.*?\*/
    | \w+
    | [^\s\w]
    """,
    re.VERBOSE | re.DOTALL,
)
_MOST_SHOWN: Final = 100
_REMEDY: Final = "Pass large data in the input, or let a task read it"


def check_expression_sizes(definition: JSON, characters: int) -> None:
    """Raise `ExpressionTooLargeError` if the expressions of a definition are too large to be read.

    ``characters`` is the length of the definition's text. A text of fewer characters than a limit is not looked at.
    """
    if characters <= MOST_PATH_CHARACTERS:
        return
    left = MOST_TOKENS
    for location, text in texts_of(definition):
        if location.endswith(EVALUATED_SUFFIX) and len(text) > MOST_PATH_CHARACTERS:
            raise ExpressionTooLargeError(
                f"the path or intrinsic function at {location} has {len(text):,} characters, and at most "
                f"{MOST_PATH_CHARACTERS:,} are read: {shown_text(text, _MOST_SHOWN)}. {_REMEDY}"
            )
        if not is_expression_text(text):
            continue
        left -= sum(1 for _ in _TOKEN.finditer(text, len(OPENING), len(text) - len(CLOSING)))
        if left < 0:
            raise ExpressionTooLargeError(
                f"its JSONata expressions have more than {MOST_TOKENS:,} names, numbers and signs together; the last "
                f"one that was read is at {location}: {shown_text(text, _MOST_SHOWN)}. {_REMEDY}"
            )
