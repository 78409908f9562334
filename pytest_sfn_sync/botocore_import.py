"""Notices the import of a module, so that a test run which never uses AWS does not import botocore.

A finder on ``sys.meta_path`` looks for one name only. The other finders find the module as they do without it. The
module keeps its own spec and loader.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

BOTOCORE: Final = "botocore.handlers"
"""The module with the list of handlers that each session of botocore copies; nothing of botocore works without it."""


class ImportWatch(MetaPathFinder):
    """Calls a function after each import of a module: its first one, a reload, and one after it was forgotten."""

    def __init__(self, name: str, then: Callable[[], None]) -> None:
        self._name = name
        self._then = then

    def watches(self, name: str) -> bool:
        """Return whether this watch is for a module."""
        return self._name == name

    def start(self) -> None:
        """Begin to watch; an import that happened before is not noticed."""
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Take the finder away."""
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the finders after this one find, with a loader that notices the import."""
        if fullname != self._name:
            return None
        finders = sys.meta_path
        # Only those after this one: two watches would ask each other without end.
        for finder in finders[finders.index(self) + 1 :] if self in finders else ():
            find_spec = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if find_spec is None else find_spec(fullname, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _NoticingLoader(spec.loader, self._then)
                return spec
        return None


class _NoticingLoader(Loader):
    """A loader that calls a function after it has executed a module; the module sees the original loader."""

    def __init__(self, loader: Any, then: Callable[[], None]) -> None:
        self._loader = loader
        self._then = then

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._then()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
