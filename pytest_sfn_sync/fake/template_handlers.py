"""The real handlers of a template's Python functions, each with its own folder of modules and its own environment.

Functions of one template often have modules of the same name, such as ``app``. So while a handler runs, its folder is
the first one for imports, and modules of the same names from other folders are hidden. A module that the test has
imported from the same file is used as it is, so that a test may replace its parts.
"""

from __future__ import annotations

import importlib
import os
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.handlers import real_handler
from pytest_sfn_sync.templates.lambda_code import LambdaCode

_INSTALLED: Final = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")} - {None, ""}
)
"""The folders of installed packages and of the standard library, whose modules are shared by all functions."""


class CodeFolder:
    """The modules of one function: those that it imported from its folders, apart from those of other functions."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = tuple(str(folder.resolve()) for folder in folders)
        self._modules: dict[str, ModuleType] = {}

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make the function's folders the first ones for imports, and its modules the only ones of their names."""
        names = self._top_names()
        before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in names}
        hidden = {name: module for name, module in before.items() if self._is_strange(module)}
        for name in hidden:
            del sys.modules[name]
        visible = before.keys() - hidden.keys()
        sys.modules.update({name: module for name, module in self._modules.items() if name not in visible})
        sys.path[:0] = self._folders
        importlib.invalidate_caches()
        try:
            yield
        finally:
            for folder in self._folders:
                sys.path.remove(folder)
            for name, module in list(sys.modules.items()):
                if name.partition(".")[0] in names and name not in visible and _is_within(module, self._folders):
                    self._modules[name] = sys.modules.pop(name)
            sys.modules.update(hidden)

    def _top_names(self) -> frozenset[str]:
        return frozenset(
            entry.name.partition(".")[0]
            for folder in self._folders
            for entry in os.scandir(folder)
            if entry.name.endswith(".py") or entry.is_dir()
        )

    def _is_strange(self, module: ModuleType) -> bool:
        """Return whether a module is the test's or another function's, and not one that is installed."""
        return not _is_within(module, (*self._folders, *_INSTALLED))


def _is_within(module: ModuleType, folders: tuple[str, ...]) -> bool:
    """Return whether all files of a module are in some folders; a module without files is in all of them."""
    file = getattr(module, "__file__", None)
    paths = [file] if file else list(getattr(module, "__path__", ()))
    return all(str(Path(path).resolve()).startswith(tuple(f"{one}{os.sep}" for one in folders)) for path in paths)


def handler_of(
    code: LambdaCode, function: str, environment: Callable[[], Mapping[str, str]]
) -> Callable[[Any, Any], Any]:
    """Return the handler of a function as one that runs with the function's modules and environment variables."""
    handler = real_handler(code.handler if code.text is None else _inline(code, function, environment), function)
    folder = CodeFolder(code.folders)

    def call_handler(event: Any, context: Any) -> Any:
        with _set(environment()), folder.entered():
            return handler(event, context)

    call_handler.__qualname__ = code.handler
    return call_handler


def _inline(code: LambdaCode, function: str, environment: Callable[[], Mapping[str, str]]) -> Callable[..., Any]:
    name = code.handler.rpartition(".")[2]
    module = ModuleType(code.handler.rpartition(".")[0])
    with _set(environment()):
        exec(compile(code.text or "", f"<the code of {function}>", "exec"), module.__dict__)
    found = getattr(module, name, None)
    if not callable(found):
        raise MockError(f"use_handlers: {shown_value(function)}: its code in the template has no function {name}.")
    handler: Callable[..., Any] = found
    return handler


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
