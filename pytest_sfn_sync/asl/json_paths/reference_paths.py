"""Reference Paths, the paths that lead to one place only, and AWS's messages for texts that are not one.

Two of AWS's messages were recorded, and the others are worded like them. Each field decides whether it accepts the
context object or a variable.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pytest_sfn_sync.asl.json_paths.path_faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.path_grammar import parse_path
from pytest_sfn_sync.asl.json_paths.paths import CACHED_PATHS, split_root
from pytest_sfn_sync.asl.json_paths.steps import WildcardStep, single_key

NOT_A_REFERENCE_PATH: Final = "Value is not a Reference Path"
# Recorded: a Choice rule's Variable without '$'.
_NO_DOLLAR: Final = "Reference path didn't start with '$'"
# Recorded: a Choice rule's Variable with a bracket step. The odd quotes are AWS's.
_BAD_BRACKET: Final = "'[' must be followed by ' or '['"
# Assumption: the text of these two.
_NO_NAME: Final = "'.' must be followed by a field name"
_WILDCARD: Final = "'*' is not allowed"

# Stricter than Jayway 2.0.0, which reads [k.2] as [2] and any text that ends with a dot.
_ODD_BRACKET: Final = re.compile(r"\[(?!-?\d+\]|'[^']*'\])")
_ODD_DOT: Final = re.compile(r"\.(?=\.|$)")


@lru_cache(maxsize=CACHED_PATHS)
def reference_path_fault(source: str) -> str | None:
    """Return AWS's message for a text that is not a Reference Path; return None if it is one.

    ``$$...`` and ``$name...`` count as Reference Paths here.
    """
    fault = _fault(source)
    return None if fault is None else f"{NOT_A_REFERENCE_PATH}: {fault}"


def _fault(source: str) -> str | None:
    if not source.startswith("$"):
        return _NO_DOLLAR
    if _ODD_DOT.search(source):
        return _NO_NAME
    try:
        parsed = parse_path(split_root(source)[2])
    except PathSyntaxError as fault:
        return _BAD_BRACKET if "[" in source else fault.reason
    if any(isinstance(step, WildcardStep) for step in parsed.steps):
        return _WILDCARD
    plain = all(single_key(step) is not None for step in parsed.steps)
    return None if plain and not _ODD_BRACKET.search(source) else _BAD_BRACKET
