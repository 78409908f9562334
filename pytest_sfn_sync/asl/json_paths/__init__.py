"""JSONPath as in AWS Step Functions: that of Jayway 2.0.0, on the state's input, the context object and variables.

``path_grammar.py`` parses paths. ``definite.py`` compiles paths of names and indices, and ``walking.py`` all others,
with jsonpath-ng's nodes. ``result_paths.py`` writes results. The fields that use paths turn faults into ASL errors.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.json_paths.doubts import (
    FUNCTION,
    NEGATIVE_INDEX,
    doubts_about,
    fault_hint,
    reference_path_hint,
    refusal_hint,
)
from pytest_sfn_sync.asl.json_paths.path_faults import PathNotFound, PathSyntaxError
from pytest_sfn_sync.asl.json_paths.paths import Path, compile_jayway_path, compile_path
from pytest_sfn_sync.asl.json_paths.reference_paths import NOT_A_REFERENCE_PATH, reference_path_fault
from pytest_sfn_sync.asl.json_paths.result_paths import compile_result_path

__all__ = [
    "FUNCTION",
    "NEGATIVE_INDEX",
    "NOT_A_REFERENCE_PATH",
    "Path",
    "PathNotFound",
    "PathSyntaxError",
    "compile_jayway_path",
    "compile_path",
    "compile_result_path",
    "doubts_about",
    "fault_hint",
    "reference_path_fault",
    "reference_path_hint",
    "refusal_hint",
]
