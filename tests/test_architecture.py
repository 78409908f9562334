"""The architecture of the package, checked by reading its source files: rooms, layers, circles and names.

An import counts wherever it stands: at the top of a module, inside a function, or under ``if TYPE_CHECKING``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_sfn_sync

ROOT = "pytest_sfn_sync"
PACKAGE = Path(pytest_sfn_sync.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

# One room for each layer, innermost first. A room may import itself and the rooms above it in this list.
LAYERS = [
    "defaults",
    "printed_sizes",
    "shown_text",
    "asl",
    "errors",
    "argument_checks",
    "internal_errors",
    "guarding",
    "sources",
    "templates",
    "terraform",
    "registry",
    "tasks",
    "executions",
    "diagrams",
    "workflow_coverage",
    "coverage",
    "service",
    "botocore_import",
    "deferred_credentials",
    "botocore_hook",
    "options",
    "recorded_histories",
    "failure_cases",
    "fake",
    "plugin",
]

# Imports of an outer layer that stay.
UPWARD = {
    # Execution has the public methods to_mermaid and to_html. Their pictures are drawn from the values of an Execution.
    (f"{ROOT}.executions.execution", f"{ROOT}.diagrams.mermaid"),
    (f"{ROOT}.executions.execution", f"{ROOT}.diagrams.page"),
}

# Who may import what from outside, besides the standard library; a module stands for all that is beneath it.
OUTSIDE = {
    "pytest_sfn_sync.asl": {"jsonpath_ng"},
    "pytest_sfn_sync.asl.jsonata.engine": {"jlens"},
    "pytest_sfn_sync.botocore_hook": {"botocore"},
    "pytest_sfn_sync.coverage": {"coverage"},
    "pytest_sfn_sync.deferred_credentials": {"botocore.exceptions"},
    "pytest_sfn_sync.diagrams.layout": {"graphlay"},
    "pytest_sfn_sync.fake.sfn_sync": {"botocore.session", "boto3"},
    "pytest_sfn_sync.plugin": {"pytest"},
    "pytest_sfn_sync.service.own_operations": {"botocore.loaders", "botocore.model", "botocore.parsers"},
    "pytest_sfn_sync.sources.yaml_source": {"yaml"},
    "pytest_sfn_sync.tasks.integrations.service_models": {"botocore.__version__", "botocore.loaders"},
    "pytest_sfn_sync.tasks.live_clients": {"botocore.exceptions"},
    "pytest_sfn_sync.tasks.live_jobs": {"botocore.exceptions"},
    "pytest_sfn_sync.tasks.made_clients": {"boto3", "botocore.exceptions", "botocore.session"},
    "pytest_sfn_sync.tasks.object_access": {"botocore.exceptions"},
}

# What may be imported, read or written in one place only, and that place.
PYTEST_NAMES = {"_pytest", "pluggy", "pytest", "xdist"}
EVENT_MODULES = {"botocore.client", "botocore.handlers", "botocore.hooks"}
EVENT_NAMES = {"emit", "emit_until_response", "register_first", "register_last", "unregister"}
EVENT_TEXTS = ("before-call", "before-send", "event_emitter")
SEAM = f"{ROOT}.botocore_hook"
EMITS = {
    # It repeats botocore's own step of a retry. The seam hands it the emitter.
    f"{ROOT}.service.client_retries": {"emit"},
}

# Modules that share a name, and why they may.
SHARED_MODULE_NAMES = {
    # The errors of the public interface; the errors with which the service refuses a call.
    "errors": ["errors", "service.errors"],
    # One subject: the table of integrations, and what validation reports of them.
    "integrations": ["asl.validation.integrations", "tasks.integrations"],
    # One subject: the language, and the dialect of states that is built on it.
    "jsonata": ["asl.dialects.jsonata", "asl.jsonata"],
    # Text into a document: JSON as Jackson reads it; a source file with its line map.
    "reading": ["asl.json_text.reading", "sources.reading"],
    # The Resource field of a Task; the Resources section of a template.
    "resources": ["tasks.resources", "templates.resources"],
}

# Public classes that share a name, and why they may.
SHARED_CLASS_NAMES = {
    # A call of an intrinsic function; a call of a client.
    "Call": ["asl.intrinsics.call_grammar", "service.client_retries"],
    # A comparison of a Choice rule; a comparison in a JSONPath filter.
    "Comparison": ["asl.choice.operators", "asl.json_paths.steps"],
    # A query language of ASL; a dialect of YAML.
    "Dialect": ["asl.dialects", "sources.yaml_dialects"],
    # A node of a state graph, of a JSONPath, of a JSONata expression.
    "Node": ["asl.graph.machine_graph", "asl.json_paths.nodes", "asl.jsonata.syntax"],
    # The protocol of recorders, and the recorder of workflow coverage that follows it.
    "Recorder": ["executions.recorders", "workflow_coverage.recording"],
    # The Resource field of a Task; one resource of a template.
    "Resource": ["tasks.resources", "templates.resources"],
    # A place that a JSONPath found in a document; a place in a template.
    "Spot": ["asl.json_paths.nodes", "templates.documents"],
    # The variables of a state machine; the variables of the Serverless Framework.
    "Variables": ["asl.variables", "templates.serverless_variables"],
}

MOST_LINES = 400


def imports_of(module: str) -> Iterator[str]:
    """Yield the full name of everything that a module imports."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(name: str) -> str | None:
    """Return the module of the package that a full name stands in; None for a name from outside."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name or None


# The root has only the public names and imports them when they are asked for: what it imports is no layer.
ARROWS = {
    module: sorted({found for name in imports_of(module) if (found := module_of(name)) and found != module})
    for module in MODULES
}


def room_of(module: str) -> str:
    return module.split(".")[1]


def is_beneath(name: str, ancestor: str) -> bool:
    return f"{name}.".startswith(f"{ancestor}.")


def circle_in(arrows: dict[str, list[str]]) -> list[str] | None:
    """Return the first circle that is found, its beginning repeated at the end; None where there is none."""
    done: set[str] = set()

    def follow(module: str, way: list[str]) -> list[str] | None:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return None
        for imported in arrows[module]:
            circle = follow(imported, [*way, module])
            if circle is not None:
                return circle
        done.add(module)
        return None

    return next((circle for module in arrows if (circle := follow(module, [])) is not None), None)


def shared_names(pairs: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """Group pairs of a name and its module; return the names that several modules have, with these modules."""
    places: dict[str, list[str]] = {}
    for name, module in pairs:
        places.setdefault(name, []).append(module.removeprefix(f"{ROOT}."))
    return {name: sorted(modules) for name, modules in places.items() if len(modules) > 1}


def public_classes() -> Iterator[tuple[str, str]]:
    for module, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, module


def events_touched_by(module: str) -> set[str]:
    """Return what of botocore's event machinery a module imports or names."""
    touched = {name for name in imports_of(module) if any(is_beneath(name, event) for event in EVENT_MODULES)}
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Attribute) and node.attr in EVENT_NAMES:
            touched.add(node.attr)
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith("meta.events"):
            touched.add("meta.events")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(EVENT_TEXTS):
            touched.add(node.value)
    return touched


@pytest.mark.parametrize(
    ("arrows", "circle"),
    [
        pytest.param({"a": ["b"], "b": ["c"], "c": []}, None, id="a chain"),
        pytest.param({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, None, id="two ways to one module"),
        pytest.param({"a": ["b"], "b": ["c"], "c": ["b"]}, ["b", "c", "b"], id="a circle behind the beginning"),
    ],
)
def test_a_circle_is_found(arrows: dict[str, list[str]], circle: list[str] | None) -> None:
    assert circle_in(arrows) == circle


def test_modules_import_each_other_in_no_circle() -> None:
    circle = circle_in(ARROWS)
    assert circle is None, "These modules import each other in a circle: " + " -> ".join(circle)


def test_each_room_has_its_own_layer() -> None:
    assert sorted(LAYERS) == sorted({room_of(module) for module in MODULES if module != ROOT})


@pytest.mark.parametrize("module", [name for name in MODULES if name != ROOT])
def test_a_module_imports_its_own_layer_and_inner_ones_only(module: str) -> None:
    layer = LAYERS.index(room_of(module))
    outer = {name for name in ARROWS[module] if name == ROOT or LAYERS.index(room_of(name)) > layer}
    assert outer == {imported for importer, imported in UPWARD if importer == module}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_place_allows_from_outside(module: str) -> None:
    allowed = {name for place, names in OUTSIDE.items() if is_beneath(module, place) for name in names}
    allowed |= {ROOT, *sys.stdlib_module_names}
    foreign = [name for name in imports_of(module) if not any(is_beneath(name, known) for known in allowed)]
    assert foreign == []


def test_only_the_plugin_imports_pytest() -> None:
    rooms = {room_of(module) for module in MODULES for name in imports_of(module) if name.split(".")[0] in PYTEST_NAMES}
    assert rooms == {"plugin"}


def test_only_the_seam_touches_the_events_of_botocore() -> None:
    touched = {module: events for module in MODULES if (events := events_touched_by(module))}
    assert touched.pop(SEAM) >= {"botocore.handlers.BUILTIN_HANDLERS", "meta.events", "register_last", "unregister"}
    assert touched == EMITS


def test_modules_have_different_names() -> None:
    assert shared_names((module.rpartition(".")[2], module) for module in MODULES) == SHARED_MODULE_NAMES


def test_public_classes_have_different_names() -> None:
    assert shared_names(public_classes()) == SHARED_CLASS_NAMES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_of_a_length_to_be_read_in_one_go(module: str) -> None:
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES
