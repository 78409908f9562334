"""The layers of the package, held by reading its imports: each module knows only its own layer and those inside it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_sfn_sync

PACKAGE = Path(pytest_sfn_sync.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

# Innermost first; a layer may import itself and what stands above it in this table.
LAYERS = [
    {"asl", "errors", "defaults"},
    {"sources"},
    {"templates"},
    {"registry"},
    {"tasks"},
    {"executions", "diagrams"},
    {"workflow_coverage"},
    {"coverage"},
    {"service"},
    {"botocore_hook"},
    {"options"},
    {"fake"},
    {"plugin"},
]

# Who may import what from outside, besides the standard library; a module stands for all that is beneath it.
OUTSIDE = {
    "pytest_sfn_sync.asl": {"jsonpath_ng"},
    "pytest_sfn_sync.asl.jsonata.engine": {"jlens"},
    "pytest_sfn_sync.botocore_hook": {"botocore"},
    "pytest_sfn_sync.coverage": {"coverage"},
    "pytest_sfn_sync.diagrams.layout": {"graphlay"},
    "pytest_sfn_sync.fake.sfn_sync": {"botocore.session", "boto3"},
    "pytest_sfn_sync.plugin": {"pytest"},
    "pytest_sfn_sync.sources.yaml_source": {"yaml"},
    "pytest_sfn_sync.tasks.integrations.service_models": {"botocore.__version__", "botocore.loaders"},
    "pytest_sfn_sync.tasks.live_clients": {"boto3", "botocore.exceptions", "botocore.session"},
}

MOST_LINES = 400


def imports_of(path: Path) -> Iterator[str]:
    """Yield what a module imports when it runs, inside functions too; imports for type checkers only are left out."""
    unvisited: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while unvisited:
        node = unvisited.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        unvisited.extend(ast.iter_child_nodes(node))


def layer_of(name: str) -> int:
    room = name.split(".")[1]
    return next(index for index, layer in enumerate(LAYERS) if room in layer)


def is_beneath(name: str, ancestor: str) -> bool:
    return f"{name}.".startswith(f"{ancestor}.")


@pytest.mark.parametrize("module", [name for name in MODULES if "." in name])
def test_a_module_imports_its_own_layer_and_inner_ones_only(module: str) -> None:
    ours = [name for name in imports_of(MODULES[module]) if is_beneath(name, "pytest_sfn_sync")]
    if is_beneath(module, "pytest_sfn_sync.asl"):
        assert [name for name in ours if not is_beneath(name, "pytest_sfn_sync.asl")] == []
    assert [name for name in ours if "." in name and layer_of(name) > layer_of(module)] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_place_allows_from_outside(module: str) -> None:
    allowed = {name for place, names in OUTSIDE.items() if is_beneath(module, place) for name in names}
    allowed |= {"pytest_sfn_sync", *sys.stdlib_module_names}
    foreign = [name for name in imports_of(MODULES[module]) if not any(is_beneath(name, known) for known in allowed)]
    assert foreign == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_of_a_length_to_be_read_in_one_go(module: str) -> None:
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES
