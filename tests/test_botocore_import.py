"""The watch for an import: it calls back once per import, and changes nothing of the module."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.botocore_import import ImportWatch

NAME = "watched_module"


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / f"{NAME}.py"
    path.write_text("loader = __spec__.loader\nvalue = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield path
    sys.modules.pop(NAME, None)


@pytest.fixture
def imports() -> Iterator[list[int]]:
    found: list[int] = []
    watch = ImportWatch(NAME, lambda: found.append(sys.modules[NAME].value))
    watch.start()
    yield found
    watch.stop()
    assert watch not in sys.meta_path


def test_an_import_is_noticed_after_the_module_was_executed(imports: list[int]) -> None:
    importlib.import_module("json")
    importlib.import_module(NAME)
    importlib.import_module(NAME)
    assert imports == [7]


def test_a_reload_and_an_import_anew_are_noticed(imports: list[int]) -> None:
    importlib.reload(importlib.import_module(NAME))
    assert imports == [7, 7]
    del sys.modules[NAME]
    importlib.import_module(NAME)
    assert imports == [7, 7, 7]


def test_the_module_has_its_own_loader(imports: list[int], module: Path) -> None:
    imported = importlib.import_module(NAME)
    assert imported.__spec__ is not None
    assert {type(loader) for loader in (imported.loader, imported.__spec__.loader, imported.__loader__)} == {
        SourceFileLoader
    }
    assert imported.__file__ == str(module)


def test_the_spec_of_a_module_that_is_not_imported_can_be_read(imports: list[int], module: Path) -> None:
    spec = importlib.util.find_spec(NAME)
    assert spec is not None
    loader: Any = spec.loader
    assert loader.get_source(NAME) == module.read_text()
    assert imports == []


def test_two_watches_notice_the_same_import(imports: list[int]) -> None:
    others: list[int] = []
    other = ImportWatch(NAME, lambda: others.append(1))
    other.start()
    try:
        importlib.import_module(NAME)
    finally:
        other.stop()
    assert (imports, others) == ([7], [1])


def test_a_module_that_fails_is_not_noticed(imports: list[int], module: Path) -> None:
    module.write_text("raise ImportError('broken')")
    with pytest.raises(ImportError, match="broken"):
        importlib.import_module(NAME)
    assert imports == []


def test_a_module_that_is_not_there_stays_missing(imports: list[int], module: Path) -> None:
    module.unlink()
    importlib.invalidate_caches()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(NAME)
    assert imports == []


def test_other_finders_may_be_of_the_old_form(imports: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [sys.meta_path[0], object(), *sys.meta_path[1:]])
    importlib.import_module(NAME)
    assert imports == [7]


def test_stopping_twice_is_harmless() -> None:
    watch = ImportWatch(NAME, lambda: None)
    watch.start()
    watch.stop()
    watch.stop()
    assert watch not in sys.meta_path
