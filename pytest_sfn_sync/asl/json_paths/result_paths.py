"""Results written into a state's raw input by ``ResultPath``.

The output is a new document; only the objects and arrays along the path are copied. Missing objects along the path are
created. Elements of arrays are replaced, never added (States Language specification, "ResultPath"). Recorded: AWS
reports ``States.ReferencePathConflict`` if a step cannot be applied.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from pytest_sfn_sync.asl.error_names import STATES_REFERENCE_PATH_CONFLICT, AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.path_faults import PathSyntaxError
from pytest_sfn_sync.asl.json_paths.path_grammar import parse_path
from pytest_sfn_sync.asl.json_paths.paths import CACHED_PATHS, split_root
from pytest_sfn_sync.asl.json_paths.steps import single_key

Write = Callable[[JSON, JSON], JSON]


@lru_cache(maxsize=CACHED_PATHS)
def compile_result_path(source: str) -> Write:
    """Compile a ``ResultPath`` to ``write(raw_input, result)``, which returns the raw input with the result put in.

    For ``$`` it returns the result itself. Neither argument is changed. Raise `PathSyntaxError` if the text is not a
    path, if it may lead to several values, or if it starts from the context object or a variable. ``write`` raises
    `AslError` (``States.ReferencePathConflict``) if a value along the path cannot hold a member or element.
    """
    keys = _keys(source)
    if not keys:
        return lambda raw_input, result: result
    if len(keys) == 1 and isinstance(keys[0], str):
        return _compile_member(keys[0])
    return lambda raw_input, result: _write(raw_input, keys, result)


def _keys(source: str) -> tuple[str | int, ...]:
    root, _, _ = split_root(source)
    if root != "input" or not source.startswith("$"):
        raise PathSyntaxError(f"A result path starts with '$', the state's input: {source}")
    keys = []
    for step in parse_path(source).steps:
        key = single_key(step)
        if key is None:
            raise PathSyntaxError(f"A result path leads to one place only: {source}")
        keys.append(key)
    return tuple(keys)


def _compile_member(name: str) -> Write:
    def write(raw_input: JSON, result: JSON) -> JSON:
        if raw_input.__class__ is not dict:
            raise _conflict(name, raw_input)
        return {**raw_input, name: result}

    return write


def _write(raw_input: JSON, keys: tuple[str | int, ...], result: JSON) -> JSON:
    """Return the raw input with the result put in: find or create the parents, then copy them from the inside out."""
    parents: list[JSON] = []
    value = raw_input
    for key in keys:
        parents.append(value)
        if isinstance(key, str):
            if not isinstance(value, dict):
                raise _conflict(key, raw_input)
            value = value.get(key, _ABSENT)
        else:
            if not isinstance(value, list) or not 0 <= key < len(value):
                raise _conflict(key, raw_input)
            value = value[key]
    for key, parent in zip(reversed(keys), reversed(parents), strict=True):
        copy = parent.copy()
        copy[key] = result
        result = copy
    return result


_ABSENT: Final[dict[str, JSON]] = {}
"""A missing parent counts as this empty object; like any document it is copied, never changed."""


def _conflict(key: str | int, raw_input: JSON) -> AslError:
    # Assumption: an index stands alone in the text, as names do; only texts with names are known.
    text = json.dumps(raw_input, separators=(",", ":"), ensure_ascii=False)
    return AslError(STATES_REFERENCE_PATH_CONFLICT, f'Unable to apply step "{key}" to input {text}', located=False)
