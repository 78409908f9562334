"""Reference Paths, the paths that lead to one place only: why AWS refuses a text that is none.

Two of AWS's texts were recorded; the rest is worded like them. Whether a field takes the context object or a variable
is for the field to say.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.json_paths.faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.grammar import parse_path
from pytest_sfn_sync.asl.json_paths.paths import split_root
from pytest_sfn_sync.asl.json_paths.steps import DeepScanStep, FunctionStep, NameStep, Step, WildcardStep, single_key

NOT_A_REFERENCE_PATH: Final = "Value is not a Reference Path"
# recorded: a Choice rule's Variable without '$'.
_NO_DOLLAR: Final = "Reference path didn't start with '$'"
# recorded: a Choice rule's Variable with a bracket step; the odd quotes are AWS's.
_BAD_BRACKET: Final = "'[' must be followed by ' or '['"
# assumption: the wording of these three.
_DEEP_SCAN: Final = "'.' must be followed by a field name"
_WILDCARD: Final = "'*' is not allowed"
_FUNCTION: Final = "functions are not allowed"


def reference_path_fault(source: str) -> str | None:
    """Give AWS's message for a text that is no Reference Path, or None for one.

    ``$$...`` and ``$name...`` are taken for Reference Paths here.
    """
    fault = _fault(source)
    return None if fault is None else f"{NOT_A_REFERENCE_PATH}: {fault}"


def _fault(source: str) -> str | None:
    if not source.startswith("$"):
        return _NO_DOLLAR
    try:
        parsed = parse_path(split_root(source)[2], keeps_foreign_quotes=True)
    except PathSyntaxError as fault:
        return _BAD_BRACKET if fault.text.startswith("Could not parse token") and "[" in source else fault.text
    return next((_step_fault(step) for step in parsed.steps if single_key(step) is None), None)


def _step_fault(step: Step) -> str:
    if isinstance(step, DeepScanStep):
        return _DEEP_SCAN
    if isinstance(step, FunctionStep):
        return _FUNCTION
    if isinstance(step, WildcardStep):
        return _WILDCARD
    assert not isinstance(step, NameStep) or len(step.names) > 1
    return _BAD_BRACKET
