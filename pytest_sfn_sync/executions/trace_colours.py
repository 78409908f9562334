"""Colours for the trace: ANSI escape codes that are added to a finished text.

Reports are made in places without colours (JUnit's XML, a worker of xdist) and shown in places that may have them. So
colours are added last, line by line. Only lines that `trace` wrote are coloured; all other text stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

_BOLD: Final = "1"
_DIM: Final = "2"
_RED: Final = "31"
_GREEN: Final = "32"
_YELLOW: Final = "33"
_MAGENTA: Final = "35"

_STATUS: Final = {"SUCCEEDED": _GREEN, "FAILED": _RED, "TIMED_OUT": _MAGENTA, "ABORTED": _MAGENTA}
_HEAD: Final = re.compile(r"(\S+): (SUCCEEDED|FAILED|TIMED_OUT|ABORTED)( after \S+ s .*)")
_LINE: Final = re.compile(r"( *\+[\d.]+ s {2,})(.*)")
_STATE: Final = re.compile(r"(.+? \((?:Pass|Task|Choice|Wait|Succeed|Fail|Parallel|Map)\))(: .* -> )(.*)")
_WHOLE_LINES: Final = (
    (re.compile(r"  (error|cause)   .*"), _RED),
    (re.compile(r"  note    .*"), _MAGENTA),
)
_PARTS: Final = (
    (re.compile(r"(.* -> )(error .*)"), _RED),
    (re.compile(r"()((?:Retry|Catch)\[\d+\] takes .*)"), _YELLOW),
    (re.compile(r"()((?:iteration|branch) \d+ \(failed\))"), _RED),
)
_ENDS: Final = (
    (re.compile(r"(failed|fails)()"), _RED),
    (re.compile(r"(caught [^,]*)(.*)|(caught)(,.*)"), _YELLOW),
    (re.compile(r"(not left)()"), _MAGENTA),
)


def coloured(text: str) -> str:
    """Return a text with the lines of traces in it coloured."""
    return "\n".join(map(_coloured_line, text.split("\n")))


def _coloured_line(line: str) -> str:
    line_match = _LINE.fullmatch(line)
    if line_match is not None:
        return _painted(line_match[1], _DIM) + _coloured_step(line_match[2])
    head = _HEAD.fullmatch(line)
    if head is not None:
        return f"{_painted(head[1], _BOLD)}: {_painted(head[2], _STATUS[head[2]])}{head[3]}"
    colour = next((colour for pattern, colour in _WHOLE_LINES if pattern.fullmatch(line)), None)
    return line if colour is None else _painted(line, colour)


def _coloured_step(step: str) -> str:
    state = _STATE.fullmatch(step)
    if state is not None:
        return f"{_painted(state[1], _BOLD)}{state[2]}{_coloured_end(state[3])}"
    for pattern, colour in _PARTS:
        match = pattern.fullmatch(step)
        if match is not None:
            return match[1] + _painted(match[2], colour)
    return step


def _coloured_end(end: str) -> str:
    for pattern, colour in _ENDS:
        match = pattern.fullmatch(end)
        if match is not None:
            word, rest = (group for group in match.groups() if group is not None)
            return _painted(word, colour) + rest
    return end


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
