"""The line of a marker in a test file, for the report of a mistake in it; found in the source after the failure.

pytest keeps no place of a marker. So the decorators of the function or class, the marks of its parameters, or the
``pytestmark`` of the class or module are searched for a call of this marker whose literal arguments are the marker's.
If the marker was made elsewhere and has a name, the one call in the file that fits is taken.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pytest_sfn_sync.plugin.markers import Mark


class MarkerPlace(NamedTuple):
    """A line of a file, counted from 1; the path is relative to the folder in which pytest was started."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def place_of_marker(item: pytest.Item, mark: Mark) -> MarkerPlace | None:
    """Return the place of a test's marker; if it is not found, that of the test."""
    node = next((node for node, found in item.iter_markers_with_node() if found is mark), item)
    for path, tree, holders in _holders(node):
        line = _line_in(tree, holders, mark)
        if line is not None:
            return MarkerPlace(_shown(path, item.config), line)
    test, test_line, _ = item.reportinfo()
    return None if test_line is None else MarkerPlace(_shown(str(test), item.config), test_line + 1)


def _holders(node: Any) -> Iterator[tuple[str, ast.Module, list[ast.AST]]]:
    """Yield files in which a marker of a node may be, with the parts of their syntax trees that may hold it."""
    if isinstance(node, pytest.Function):
        code = inspect.unwrap(node.function).__code__
        for tree in _tree_of(code.co_filename):
            yield code.co_filename, tree, [one for one in _decorated(tree) if _begins_at(one, code.co_firstlineno)]
    elif isinstance(node, pytest.Class):
        for kind in inspect.getmro(node.obj):
            file = _file_of(kind)
            for tree in _tree_of(file):
                yield file, tree, [one for one in _decorated(tree) if getattr(one, "name", None) == kind.__name__]
    elif isinstance(node, pytest.Package | pytest.Module):
        file = str(node.path / "__init__.py" if node.path.is_dir() else node.path)
        for tree in _tree_of(file):
            yield file, tree, [tree]


def _file_of(kind: type) -> str:
    try:
        return inspect.getsourcefile(kind) or ""
    except TypeError:  # a class of Python itself
        return ""


def _tree_of(file: str) -> Iterator[ast.Module]:
    try:
        yield ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return


def _decorated(tree: ast.Module) -> Iterator[ast.AST]:
    return (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))


def _begins_at(node: Any, line: int) -> bool:
    return line in (node.lineno, *(decorator.lineno for decorator in node.decorator_list[:1]))


def _line_in(tree: ast.Module, holders: Iterable[Any], mark: Mark) -> int | None:
    near = [part for holder in holders for part in (*getattr(holder, "decorator_list", ()), *_pytestmarks(holder))]
    found = [call for part in near for call in _calls(part, mark)]
    if not found:
        found = list(_calls(tree, mark))
        if len(found) > 1:
            return None
    return found[0].lineno if found else None


def _pytestmarks(holder: Any) -> Iterator[ast.AST]:
    for statement in holder.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in targets):
            yield statement


def _calls(part: ast.AST, mark: Mark) -> Iterator[ast.expr]:
    """Yield the calls of a marker within a part that may have made this mark; a bare marker counts as one."""
    called = set()
    for node in ast.walk(part):
        if isinstance(node, ast.Call):
            called.add(id(node.func))
            if _is_marker(node.func, mark.name) and _may_have_made(node, mark):
                yield node
        elif _is_marker(node, mark.name) and id(node) not in called and not mark.args and not mark.kwargs:
            assert isinstance(node, ast.expr)
            yield node


def _is_marker(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def _may_have_made(call: ast.Call, mark: Mark) -> bool:
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    if any(isinstance(argument, ast.Starred) for argument in call.args) or len(given) < len(call.keywords):
        return True  # It has *args or **kwargs.
    if len(call.args) != len(mark.args) or given.keys() != mark.kwargs.keys():
        return False
    pairs = [*zip(call.args, mark.args, strict=True), *((given[name], mark.kwargs[name]) for name in given)]
    return all(_may_be(written, value) for written, value in pairs)


def _may_be(written: ast.expr, value: Any) -> bool:
    try:
        return bool(ast.literal_eval(written) == value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return True  # It is not a literal.


def _shown(path: str, config: pytest.Config) -> str:
    folder = config.invocation_params.dir
    return str(Path(path).relative_to(folder)) if Path(path).is_relative_to(folder) else path
