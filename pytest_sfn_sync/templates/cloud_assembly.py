"""The output folder of the CDK (``cdk.out``), read to the state machines of all its stacks.

A folder has a template for each stack, and a folder for each stage. Templates of nested stacks are read with the stack
that has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.shown_text import shown_names
from pytest_sfn_sync.sources import SourceText, UnreadableSourceError, read
from pytest_sfn_sync.sources.json_source import read_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import read_text_file, real_path
from pytest_sfn_sync.templates.resource_kinds import NESTED_STACKS, STATE_MACHINES
from pytest_sfn_sync.templates.stack import Environment
from pytest_sfn_sync.templates.template import ReadTemplate, read_template
from pytest_sfn_sync.templates.template_faults import NoMachinesError

_MANIFEST: Final = "manifest.json"
_SUFFIX: Final = ".template.json"
_STACK: Final = "aws:cloudformation:stack"
_ASSEMBLY: Final = "cdk:cloud-assembly"


def read_assembly(folder: Path, environment: Environment) -> ReadTemplate:
    """Read all stacks of a folder; a machine whose logical id several stacks have is named ``Stack.Machine``."""
    shown = shown_path(str(folder))
    all_ = list(dict.fromkeys(_templates_in(folder, set())))
    paths = {path.name.removesuffix(_SUFFIX): path for path in all_ if _may_have_machines(path)}
    if not all_:
        why = f"it is a folder, not a file, and no output of the CDK: it has no *{_SUFFIX}."
        raise TemplateError(f"The template {shown} can't be loaded: {why}")
    if not paths:
        names = shown_names(path.name for path in all_)
        raise NoMachinesError(f"No template in the folder {shown} has state machines. It has: {names}.")
    if len(paths) == 1:
        return read_template(next(iter(paths.values())), environment)
    if environment.parameters or environment.resources or environment.definitions:
        raise TemplateError(
            f"The folder {shown} has several stacks with state machines: {shown_names(paths)}. parameters=, resources= "
            f"and definitions= are those of one stack, so load its template: "
            f"{shown_path(str(next(iter(paths.values()))))}."
        )
    return _merged(shown, {name: read_template(path, environment) for name, path in paths.items()})


def _may_have_machines(path: Path) -> bool:
    """Return whether a template has state machines or nested stacks; its reader reports one that can't be read."""
    try:
        root = read(SourceText.of_file(path)).document
    except (FileNotFoundError, UnreadableSourceError):
        return True
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    declared = resources.values() if isinstance(resources, Mapping) else ()
    types = {one.get("Type") for one in declared if isinstance(one, Mapping)}
    return not types.isdisjoint((*STATE_MACHINES, *NESTED_STACKS))


def _templates_in(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield the templates of the stacks in a folder and in the folders of its stages, each folder once."""
    if real_path(folder) in seen or not folder.is_dir():
        return
    seen.add(real_path(folder))
    manifest = folder / _MANIFEST
    if not manifest.is_file():
        yield from sorted(path for path in folder.glob(f"*{_SUFFIX}") if not path.name.endswith(f".nested{_SUFFIX}"))
        return
    try:
        document = read_json(read_text_file(manifest))
    except UnreadableSourceError as error:
        raise TemplateError(
            f"The folder {shown_path(str(folder))} can't be loaded: {_MANIFEST}: {error.why}."
        ) from None
    artifacts = document.get("artifacts") if isinstance(document, Mapping) else None
    for artifact in artifacts.values() if isinstance(artifacts, Mapping) else ():
        kind, properties = _of_artifact(artifact)
        if kind == _STACK and isinstance(properties.get("templateFile"), str):
            yield folder / properties["templateFile"]
        elif kind == _ASSEMBLY and isinstance(properties.get("directoryName"), str):
            yield from _templates_in(folder / properties["directoryName"], seen)


def _of_artifact(artifact: Any) -> tuple[Any, Mapping[str, Any]]:
    if not isinstance(artifact, Mapping):
        return None, {}
    properties = artifact.get("properties")
    return artifact.get("type"), properties if isinstance(properties, Mapping) else {}


def _merged(shown: str, read: Mapping[str, ReadTemplate]) -> ReadTemplate:
    keys = [machine.key for stack in read.values() for machine in stack.machines]
    keys += [machine.key for stack in read.values() for machine in stack.broken]
    machines = Counter(keys)

    def key_of(stack: str, key: str) -> str:
        return key if machines[key] == 1 else f"{stack}.{key}"

    return ReadTemplate(
        file=shown,
        machines=[
            replace(machine, key=key_of(name, machine.key), keys=(*machine.keys, f"{name}.{machine.key}"))
            for name, stack in read.items()
            for machine in stack.machines
        ],
        broken=[
            replace(machine, key=key_of(name, machine.key), keys=(*machine.keys, f"{name}.{machine.key}"))
            for name, stack in read.items()
            for machine in stack.broken
        ],
        functions=[function for stack in read.values() for function in stack.functions],
        left_out={key: why for stack in read.values() for key, why in stack.left_out.items()},
        notes=[f"{name}: {note}" for name, stack in read.items() for note in stack.notes],
        made_up={key: value for stack in read.values() for key, value in stack.made_up.items()},
        guesses={key: value for stack in read.values() for key, value in stack.guesses.items()},
        activities=tuple(arn for stack in read.values() for arn in stack.activities),
    )
