"""The description on PyPI is README.md with absolute links; hatch_build.py makes it."""

from __future__ import annotations

import re
import runpy
import sys
from types import ModuleType
from typing import Any

import pytest

from tests.documentation import README, ROOT, blocks_of, text_of

REPOSITORY = "https://github.com/example/project"


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names of hatch_build.py, which hatchling imports. Its base class is a plain one here."""
    interface = ModuleType("hatchling.metadata.plugin.interface")
    interface.MetadataHookInterface = type("MetadataHookInterface", (), {"root": str(ROOT)})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hatchling.metadata.plugin.interface", interface)
    for parent in ("hatchling", "hatchling.metadata", "hatchling.metadata.plugin"):
        monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
    return runpy.run_path(str(ROOT / "hatch_build.py"))


@pytest.mark.parametrize(
    ("written", "on_pypi"),
    [
        pytest.param("[a](docs/a.md#b)", f"[a]({REPOSITORY}/blob/main/docs/a.md#b)", id="a page"),
        pytest.param(
            "![a](docs/a.png)",
            "![a](https://raw.githubusercontent.com/example/project/main/docs/a.png)",
            id="a picture",
        ),
        pytest.param("[a](https://example.com)", "[a](https://example.com)", id="a link to the web"),
        pytest.param("[a](#b)", "[a](#b)", id="a heading of the same page"),
    ],
)
def test_relative_links_become_absolute(hook: dict[str, Any], written: str, on_pypi: str) -> None:
    assert hook["with_absolute_links"](written, REPOSITORY) == on_pypi


def test_the_description_is_readme_without_relative_links(hook: dict[str, Any]) -> None:
    metadata: dict[str, Any] = {"urls": {"Homepage": REPOSITORY}}

    hook["ReadmeHook"]().update(metadata)

    assert metadata["readme"]["content-type"] == "text/markdown"
    described = metadata["readme"]["text"]
    assert re.findall(r"\]\((?!https:|#)[^)]*\)", described) == []
    assert len(described.splitlines()) == len(text_of(README).splitlines())
    assert all(block.text in described for block in blocks_of(README))
