"""The machines of a file, read without running them, for coverage.py's report on the file.

A report may be written long after the tests, in another process, from only the file's name. So the values that tests
gave for placeholders and parameters are not known here. Elements and their lines don't depend on them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_sfn_sync.asl.graph.elements import Element, elements_of
from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.sources import LineMap, SourceText, UnreadableSourceError, read
from pytest_sfn_sync.sources.terraform_paths import is_terraform
from pytest_sfn_sync.workflow_coverage.places import Place, places_of

if TYPE_CHECKING:
    from pytest_sfn_sync.templates.stack import Environment
    from pytest_sfn_sync.templates.template import ReadTemplate

_MOST_FOLDERS_ABOVE: Final = 4
"""The folders, from its own upwards, in which a configuration that names a file may be."""


class MachineInFile(NamedTuple):
    """A machine of a file; ``name`` is its name in a template, "" if the file is its definition."""

    name: str
    elements: tuple[Element, ...]
    places: dict[str, Place]


def machines_in_file(path: Path) -> list[MachineInFile]:
    """Read the machines of a definition file, a template or a file of Terraform, in the order of their lines.

    The machines that a template's conditions leave out are included, as tests may have given other parameters. Raise
    UnreadableSourceError if the file can't be read, FileNotFoundError if it does not exist, and TemplateError if no
    machine of a template can be found.
    """
    if is_terraform(path):
        return _of_configuration(path, path.parent)
    try:
        return _of_document(path)
    except (UnreadableSourceError, TemplateError):
        found = _of_configurations_above(path)
        if not found:
            raise
        return found


def _of_document(path: Path) -> list[MachineInFile]:
    # The value of a placeholder makes no difference to elements and lines.
    source = SourceText.of_file(path)
    source = source.with_bare_placeholders(lambda name, line: "null") if source.is_json else source
    written = read(source, tags=lambda tag, value: value)
    document, line_map = written.document, written.line_map()
    if isinstance(document, dict) and "States" in document:
        return [_machine("", document, line_map)]
    written_out = [_machine(name, part, line_map.within(at)) for name, at, part in _definitions(document)]
    try:
        found = list(_of_template(path))
    except TemplateError:
        if not written_out:
            raise
        found = []
    taken = {place.line for machine in found for place in machine.places.values()}
    found += [machine for machine in written_out if taken.isdisjoint(place.line for place in machine.places.values())]
    return _by_line(found)


def _by_line(found: Iterable[MachineInFile]) -> list[MachineInFile]:
    return sorted(found, key=lambda machine: min((place.line for place in machine.places.values()), default=0))


def _machine(name: str, definition: Any, line_map: LineMap) -> MachineInFile:
    elements = elements_of(definition)
    return MachineInFile(name, elements, places_of(elements, line_map))


def _definitions(
    part: Any, location: Location = ROOT, name: str = ""
) -> Iterator[tuple[str, Location, dict[str, Any]]]:
    """Find the definitions that are objects in a document; each has the name of its resource."""
    if isinstance(part, dict):
        if isinstance(part.get("States"), dict) and "StartAt" in part:
            yield name, location, part
            return
        for key, member in part.items():
            is_resource = location.endswith(("/Resources", "/stateMachines"))
            yield from _definitions(member, location / key, key if is_resource else name)
    elif isinstance(part, list):
        for index, item in enumerate(part):
            yield from _definitions(item, location / index, name)


def _of_template(path: Path) -> Iterator[MachineInFile]:
    # Imported only when it is needed, as it imports the YAML library.
    from pytest_sfn_sync.templates.template import read_template

    return _written_in(path, read_template(path, _environment(invents_numbers=False)))


def _of_configuration(path: Path, folder: Path) -> list[MachineInFile]:
    """Return the machines of a Terraform configuration whose definitions are in a file."""
    from pytest_sfn_sync.terraform.terraform_machines import read_terraform

    return _by_line(_written_in(path, read_terraform(folder, _environment(invents_numbers=True))))


def _of_configurations_above(path: Path) -> list[MachineInFile]:
    """Return the machines of a template that Terraform renders; its directives are read with a configuration only."""
    for folder in path.absolute().parents[:_MOST_FOLDERS_ABOVE]:
        if any(map(is_terraform, folder.iterdir())):
            try:
                found = _of_configuration(path, folder)
            except TemplateError:
                continue
            if found:
                return found
    return []


def _environment(*, invents_numbers: bool) -> Environment:
    from pytest_sfn_sync.templates.stack import Environment

    return Environment(
        region=DEFAULT_REGION,
        account_id=DEFAULT_ACCOUNT_ID,
        partition=partition_of(DEFAULT_REGION),
        invents_numbers=invents_numbers,
    )


def _written_in(path: Path, read_: ReadTemplate) -> Iterator[MachineInFile]:
    for machine in read_.machines:
        line_map = machine.line_map()
        file = None if line_map is None else line_map.file
        if line_map is not None and file is not None and os.path.abspath(file) == os.path.abspath(path):
            yield _machine(machine.key, machine.definition, line_map)
