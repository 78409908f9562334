"""JSONPaths of definitions: Jayway's paths on the input, the context object or a variable.

`compile_jayway_path` compiles Jayway's path on one document. `compile_path` adds AWS's own roots, ``$$`` and ``$name``.
Writing is in ``result_paths.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final, Literal, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, Scope
from pytest_sfn_sync.asl.json_paths.definite import Find, compile_keys, plain_keys, refuse_null
from pytest_sfn_sync.asl.json_paths.path_faults import NoSuchPath, PathSyntaxError
from pytest_sfn_sync.asl.json_paths.path_grammar import parse_path
from pytest_sfn_sync.asl.json_paths.steps import ParsedPath, Step
from pytest_sfn_sync.asl.work_budget import WorkBudget

Root: TypeAlias = Literal["input", "context", "variable"]
Evaluate: TypeAlias = Callable[[JSON, Scope], JSON]
Walk: TypeAlias = Callable[[JSON, WorkBudget], JSON]

CACHED_PATHS: Final = 32_768
"""More than a definition of the greatest length usually has: each of its paths is looked up several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A compiled path.

    ``root`` is the value that the path starts from: the document passed to ``evaluate`` (``input``), the context object
    (``$$``) or the variable named ``variable`` (``$name``). ``steps`` are the parsed steps after it; there are none if
    the path is only a root.

    The value of a ``definite`` path is the one value that it leads to; that of another path is a list.
    ``is_reference_path`` is True for a path of names and single indices only.

    ``find(document)`` evaluates the steps on one document and ignores the root; it raises `PathNotFound`.

    ``evaluate(document, scope)`` evaluates them on the document, the context object or the variable; it raises
    `PathNotFound`.

    Both raise ``States.Runtime`` for a document that is null.
    """

    source: str
    root: Root
    variable: str | None
    definite: bool
    is_reference_path: bool
    steps: tuple[Step, ...]
    find: Find = field(compare=False, repr=False)
    evaluate: Evaluate = field(compare=False, repr=False)


@lru_cache(maxsize=CACHED_PATHS)
def compile_path(source: str) -> Path:
    """Compile a path of a definition: ``$.a``, ``$$.Execution.Id``, ``$name.a``.

    Raise `PathSyntaxError` with Jayway's text if the source is not a path.
    """
    root, variable, document_path = split_root(source)
    return _compile(source, root, variable, parse_path(document_path))


@lru_cache(maxsize=CACHED_PATHS)
def compile_jayway_path(source: str) -> Path:
    """Compile a path as Jayway itself does; ``$$`` and ``$name`` are errors.

    Raise `PathSyntaxError` with Jayway's text.
    """
    return _compile(source, "input", None, parse_path(source))


def split_root(source: str) -> tuple[Root, str | None, str]:
    """Return the root of a path, the name of its variable, and the rest as a path from that value, ``$.a``.

    A text that starts with neither ``$$`` nor ``$name`` stays as it is. A variable's name ends at ``.`` or ``[``.
    """
    if source.startswith("$$"):
        return "context", None, source[1:]
    if source.startswith("$"):
        end = next((position for position, character in enumerate(source) if character in ".["), len(source))
        name = source[1:end]
        if name.isidentifier():
            return "variable", name, f"${source[end:]}"
    return "input", None, source


def _compile(source: str, root: Root, variable: str | None, parsed: ParsedPath) -> Path:
    keys = plain_keys(parsed)
    if len(keys) == len(parsed.steps):
        find = compile_keys(parsed, keys)
        evaluate = _from_root(root, variable, find if parsed.steps else None)
    else:
        walk = _compile_walk(parsed, source)
        find = partial(_find_alone, walk)
        evaluate = _walked(root, variable, walk)
    return Path(
        source=source,
        root=root,
        variable=variable,
        definite=parsed.definite,
        is_reference_path=source.startswith("$") and len(keys) == len(parsed.steps),
        steps=parsed.steps,
        find=find,
        evaluate=evaluate,
    )


def _compile_walk(parsed: ParsedPath, source: str) -> Walk:
    # Imported here because it imports jsonpath-ng, which most definitions do not need.
    from pytest_sfn_sync.asl.json_paths.walking import compile_find

    try:
        return compile_find(parsed, source)
    except RecursionError:
        raise PathSyntaxError("java.lang.StackOverflowError") from None


def _find_alone(walk: Walk, document: JSON) -> JSON:
    return walk(document, WorkBudget())


def _walked(root: Root, variable: str | None, walk: Walk) -> Evaluate:
    """Compile a path that visits any number of values; they are counted for the execution."""
    start = _from_root(root, variable, None)
    return lambda document, scope: walk(start(document, scope), scope.work)


def _from_root(root: Root, variable: str | None, find: Find | None) -> Evaluate:
    """Compile the root of a path, and the rest of the path if there is any."""
    if root == "context":
        if find is None:
            return lambda document, scope: scope.context_object()
        return lambda document, scope: find(scope.context_object())
    if variable is None:
        find_in_input = find or refuse_null
        return lambda document, scope: find_in_input(document)

    def evaluate(document: JSON, scope: Scope) -> JSON:
        try:
            value = scope.variable(variable)
        except KeyError:
            # Assumption: the text. AWS's text for a reference to a variable without a value was not recorded.
            raise NoSuchPath(f"No results for path: ${variable}") from None
        # Assumption: a variable that is null can be read, but a path into it fails.
        return value if find is None else find(value)

    return evaluate
