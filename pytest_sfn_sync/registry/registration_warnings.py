"""The warning at the registration of a machine, about things that may fail on AWS or can't be checked here.

AWS's own warnings are shown only by `validate_definition` and by definitions as tests, as such a machine runs on AWS.
"""

from __future__ import annotations

import sys
import warnings
from typing import Final

from pytest_sfn_sync.asl.validation.advice import NO_DOLLAR, NO_PATH, PASS_RESULT_IS_STATIC
from pytest_sfn_sync.errors import DefinitionWarning
from pytest_sfn_sync.registry.definition_source import Reading
from pytest_sfn_sync.registry.refusals import fault_lines, located
from pytest_sfn_sync.shown_text import message
from pytest_sfn_sync.sources.source_text import shown_path

_AWS_OWN: Final = frozenset({NO_DOLLAR, NO_PATH, PASS_RESULT_IS_STATIC})
_PACKAGE: Final = "pytest_sfn_sync"


def warn_of(reading: Reading) -> None:
    """Issue one DefinitionWarning with all warnings of a definition that are shown at registration."""
    shown = [warning for warning in reading.warnings if warning.code not in _AWS_OWN]
    if not shown:
        return
    lines = reading.line_map()
    came_from = "" if reading.source is None else f" ({shown_path(reading.source)})"
    count = f"{len(shown)} warning{'' if len(shown) == 1 else 's'}"
    first = f"Machine {reading.name!r}{came_from} is registered with {count}:"
    text = "\n  ".join([first, *fault_lines([located(warning, lines) for warning in shown], lines)])
    warnings.warn(DefinitionWarning(message(text)), stacklevel=level_of_the_caller())


def level_of_the_caller() -> int:
    """Return the stack level of the first caller outside of this package, counted from the function that warns."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == _PACKAGE:
        level, frame = level + 1, frame.f_back
    return level
