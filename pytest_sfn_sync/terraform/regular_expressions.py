"""Regular expressions of Terraform, which are those of RE2, read with Python's.

What RE2 does not have, such as a lookahead, is refused; Python would take it. What Python does not have is refused too.
RE2 takes a time that grows with the text only, Python's matcher may take one without end. So the steps of a search are
counted where they may be many, and a search that takes too many is refused.
Documented: github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from pytest_sfn_sync.asl.java.counted_matching import CountedPattern
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.terraform.values import ValueKindError, text_of

_POSIX_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": r"\w",
    "xdigit": "0-9A-Fa-f",
}
_ESCAPES: Final = frozenset("aftnrvdDsSwWbBAx0")
_ESCAPES_IN_A_CLASS: Final = _ESCAPES - frozenset("bBA")
_MOST_STEPS: Final = 300_000
_STEPS_PER_CHARACTER: Final = 8
"""The steps that a search in a long text may take, for each of its characters."""
_FLAGS: Final = re.compile(r"\(\?([ims]+)\)")
_PIECE: Final = re.compile(
    r"""
      \\Q(?P<literal>.*?)(?:\\E|\Z)
    | \\x\{(?P<code>[0-9A-Fa-f]{1,6})\}
    | \\(?P<escape>.)
    | \[:(?P<not>\^?)(?P<posix>\w+):\]
    | (?P<bracket>\[\^?\]?)
    | (?P<close>\])
    | \(\?(?P<group>P?<\w+>|[ims]*(?:-[ims]+)?:|[^)]?)
    | (?P<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})\??)(?P<possessive>\+?)
    | (?P<end>\$)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def compiled(pattern: Any) -> re.Pattern[str]:
    """Return a pattern; raise ValueKindError if it is none, or has what is not supported."""
    return _compiled(text_of(pattern))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    flags = _FLAGS.match(pattern)
    try:
        return re.compile(_in_python(pattern, flags[1] if flags else "", flags.end() if flags else 0), re.ASCII)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raise ValueKindError(f"{shown_value(pattern, 60)} is no regular expression of RE2: {error}") from None


def matches(pattern: Any, text: str) -> Iterator[re.Match[str]]:
    """Yield the matches in a text; there is no empty one directly after another, which Python would find."""
    end, searched = -1, compiled(pattern)
    check_steps(searched, text, text_of(pattern))
    for match in searched.finditer(text):
        if match.end() != end:
            yield match
        end = match.end()


def check_steps(pattern: re.Pattern[str], text: str, written: str) -> None:
    """Raise ValueKindError if a search takes too many steps; ``written`` is the pattern as its author wrote it."""
    left = max(_MOST_STEPS, _STEPS_PER_CHARACTER * len(text))

    def count(steps: int) -> None:
        nonlocal left
        left -= steps
        if left < 0:
            raise ValueKindError(
                f"the pattern {shown_value(written, 60)} takes too many steps on this string, because it "
                "repeats what is repeated. Write each repetition once: a+ for (a+)+, or [ab]* for (a|b)*"
            )

    _counted(pattern).count_search(text, count)


@lru_cache(maxsize=256)
def _counted(pattern: re.Pattern[str]) -> CountedPattern:
    return CountedPattern(pattern)


def regex(pattern: Any, string: Any) -> Any:
    """Return the groups of the first match: by name, in order, or the match itself if there are none."""
    match = next(matches(pattern, text_of(string)), None)
    if match is None:
        raise ValueKindError(f"the pattern {shown_value(text_of(pattern), 60)} does not match any part of the string")
    return _found(match)


def regexall(pattern: Any, string: Any) -> list[Any]:
    """Return the groups of each match, as `regex` returns those of the first."""
    return [_found(match) for match in matches(pattern, text_of(string))]


def _found(match: re.Match[str]) -> Any:
    named = match.groupdict()
    if named and len(named) < len(match.groups()):
        raise ValueKindError("a regular expression can't mix named and unnamed groups")
    return named or (list(match.groups()) or match[0])


def _in_python(pattern: str, flags: str, start: int) -> str:
    """Return a pattern, without its flags in front, in Python's syntax."""
    is_class = False
    made = [f"(?{flags})" if flags else ""]
    at = start
    while at < len(pattern):
        piece = _PIECE.match(pattern, at)
        if piece is None:
            made.append(pattern[at])
            at += 1
            continue
        at = piece.end()
        kind = piece.lastgroup
        if piece["literal"] is not None:
            made.append(re.escape(piece["literal"]))
        elif piece["code"] is not None:
            made.append(re.escape(chr(int(piece["code"], 16))))
        elif piece["escape"] is not None:
            made.append(_escape(piece["escape"], is_class))
        elif is_class:
            made.append(_in_class(piece))
            is_class = piece["close"] is None
        elif piece["bracket"] is not None:
            is_class = True
            made.append(re.sub(r"\]\Z", r"\\]", piece["bracket"]))
        elif kind == "group":
            made.append(_group(piece["group"]))
        elif kind == "end":
            made.append("$" if "m" in flags else r"\Z")
        elif piece["possessive"]:
            raise ValueError(f"invalid nested repetition operator {piece[0]}")
        else:
            made.append(piece[0])
    return "".join(made)


def _escape(letter: str, is_class: bool) -> str:
    if letter == "z" and not is_class:
        return r"\Z"
    if letter in "pP":
        raise ValueError(f"\\{letter} is not supported by pytest-sfn-sync; write the characters themselves: [a-zA-Z]")
    if letter.isalnum() and letter not in (_ESCAPES_IN_A_CLASS if is_class else _ESCAPES):
        raise ValueError(f"invalid escape sequence \\{letter}")
    return f"\\{letter}"


def _in_class(piece: re.Match[str]) -> str:
    if piece["posix"] is not None:
        inner = _POSIX_CLASSES.get(piece["posix"])
        if inner is None:
            raise ValueError(f"invalid character class range {piece[0]}")
        if piece["not"]:
            raise ValueError(f"{piece[0]} is not supported by pytest-sfn-sync; write [^{inner}]")
        return inner
    return "]" if piece["close"] is not None else re.sub(r"[\[&~|]", r"\\\g<0>", piece[0])


def _group(kind: str) -> str:
    if kind.startswith(("P<", "<")) and kind.endswith(">"):
        return f"(?P<{kind.lstrip('P')[1:]}"
    if kind.endswith(":"):
        return f"(?{kind}"
    raise ValueError(f"invalid or unsupported syntax (?{kind}")
