"""JSONPaths as definitions use them: Jayway's, on the input, the context object or a variable.

`compile_jayway_path` is the bare engine on one document. `compile_path` adds what is AWS's own: the roots ``$$`` and
``$name``. Writing is in ``result_paths.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, Scope
from pytest_sfn_sync.asl.json_paths.definite import Find, compile_keys, plain_keys, refuse_null
from pytest_sfn_sync.asl.json_paths.path_faults import NoSuchPath, PathSyntaxError
from pytest_sfn_sync.asl.json_paths.path_grammar import parse_path
from pytest_sfn_sync.asl.json_paths.steps import ParsedPath, Step

Root: TypeAlias = Literal["input", "context", "variable"]
Evaluate: TypeAlias = Callable[[JSON, Scope], JSON]

_CACHED_PATHS: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A compiled path.

    ``root`` tells what ``$`` stood for: the document given to ``evaluate`` (``input``), the context object (``$$``) or
    the variable named ``variable`` (``$name``). ``steps`` are the parsed steps after it, empty for the bare root.

    ``definite`` paths give the one value that they lead to, others a list. ``is_reference_path`` is True for a path of
    names and single indices only.

    ``find(document)`` is Jayway on one document, whatever the root; raises `PathNotFound`.

    ``evaluate(document, scope)`` finds in the document, the context object or the variable; raises `PathNotFound`.

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


@lru_cache(maxsize=_CACHED_PATHS)
def compile_path(source: str) -> Path:
    """Compile a path as it stands in a definition: ``$.a``, ``$$.Execution.Id``, ``$name.a``.

    Raises `PathSyntaxError` with Jayway's text where the source is no path.
    """
    root, variable, document_path = split_root(source)
    return _compile(source, root, variable, parse_path(document_path))


@lru_cache(maxsize=_CACHED_PATHS)
def compile_jayway_path(source: str) -> Path:
    """Compile a path as Jayway itself does, to which ``$$`` and ``$name`` are errors.

    Raises `PathSyntaxError` with Jayway's text.
    """
    return _compile(source, "input", None, parse_path(source))


def split_root(source: str) -> tuple[Root, str | None, str]:
    """Return what a path starts from: its root, its variable's name, and the path as one on that value, ``$.a``.

    A text that starts with neither ``$$`` nor ``$name`` is left as it is. A variable's name ends at ``.`` or ``[``.
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
    find = _compile_find(parsed)
    return Path(
        source=source,
        root=root,
        variable=variable,
        definite=parsed.definite,
        is_reference_path=source.startswith("$") and len(plain_keys(parsed)) == len(parsed.steps),
        steps=parsed.steps,
        find=find,
        evaluate=_from_root(root, variable, find if parsed.steps else None),
    )


def _compile_find(parsed: ParsedPath) -> Find:
    keys = plain_keys(parsed)
    if len(keys) == len(parsed.steps):
        return compile_keys(parsed, keys)
    # Imported here because it imports jsonpath-ng, which most definitions never need.
    from pytest_sfn_sync.asl.json_paths.walking import compile_find

    try:
        return compile_find(parsed)
    except RecursionError:
        raise PathSyntaxError("java.lang.StackOverflowError") from None


def _from_root(root: Root, variable: str | None, find: Find | None) -> Evaluate:
    """Compile what a path starts from, and the rest of it if there is any."""
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
            # Assumption: no recording shows how AWS words a reference to a variable without a value.
            raise NoSuchPath(f"No results for path: ${variable}") from None
        # Assumption: a variable that holds null can be read; only a path into it can't be applied.
        return value if find is None else find(value)

    return evaluate
