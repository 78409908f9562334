"""Files with definitions, checked as AWS would check them: definition files, and templates with their machines.

``--sfn-validate`` and the ini option ``sfn_sync_definitions`` use this module, which does not use pytest. No machine is
registered or run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.errors import DefinitionError, OptionError, SfnSyncUsageError
from pytest_sfn_sync.fake.configured_region import configured_region
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.options import Options
from pytest_sfn_sync.registry import MACHINE_TYPES
from pytest_sfn_sync.registry.definition_check import DefinitionCheck, check_definition, plausible_value
from pytest_sfn_sync.registry.definition_source import DefinitionSource, known_placeholders
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources import SourceText, UnreadableSourceError, read
from pytest_sfn_sync.sources.text_files import read_text_file
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations

if TYPE_CHECKING:
    from pytest_sfn_sync.templates.state_machines import TemplateMachine

_DEFINITIONS: Final = ("*.asl.json", "*.asl.yaml", "*.asl.yml", "*.asl")
_TEMPLATES: Final = (
    "template.yaml",
    "template.yml",
    "*.template.yaml",
    "*.template.yml",
    "*.template.json",
    "serverless.yml",
    "serverless.yaml",
)
"""The usual names of files with definitions and of templates; a folder is searched for these."""

_LOCAL_SOURCE: Final = re.compile(r'^\s*"?source"?\s*[=:]\s*"(\.{1,2}/[^"]*)"', re.MULTILINE)
_TERRAFORM_MACHINES: Final = ("aws_sfn_state_machine", "terraform-aws-modules/step-functions")

_UNREADABLE: Final = (OSError, UnreadableSourceError, RecursionError)
_LEFT_OUT: Final = frozenset({"node_modules", "__pycache__", "build", "dist", "venv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCheck:
    """One machine to check: its ``name`` in the file, the ``source`` of its definition, and the check itself."""

    name: str
    source: Path
    check: Callable[[], DefinitionCheck]


@public_door
def validate_definition(
    definition: DefinitionSource,
    *,
    type: str = EXPRESS,
    substitutions: Mapping[str, Any] | None = None,
) -> list[Diagnostic]:
    """Check a definition as ValidateStateMachineDefinition does, and return its errors and warnings in AWS's order.

    ``definition`` is a dict, JSON or YAML text, or a path. ``type`` is ``"EXPRESS"`` or ``"STANDARD"``.
    ``substitutions`` has the values of ``${Name}`` placeholders.

    Each `Diagnostic` has AWS's severity, code, message and location. If the definition came from a text, it also has
    the file, the line and the column.

    Raise DefinitionError if the definition can't be read: the file is missing, a placeholder has no value, or the text
    is not valid YAML. Raise OptionError for an unknown ``type``.
    """
    if type not in MACHINE_TYPES:
        raise OptionError(
            f"A definition can't be checked as one of the type {shown_value(type)}; write 'EXPRESS' or 'STANDARD'."
        )
    check = check_definition(
        "definition",
        definition,
        machine_type=type,
        integrations=KnownIntegrations(),
        known=known_placeholders(DEFAULT_REGION, DEFAULT_ACCOUNT_ID),
        substitutions=substitutions,
    )
    if check.refusal is not None and not check.diagnostics:
        raise check.refusal
    return list(check.diagnostics)


def machines_in(path: Path, *, machine_type: str = EXPRESS, options: Options | None = None) -> list[MachineCheck]:
    """Find the machines of a file: the machines of a template, or the one machine of a definition file.

    ``machine_type`` is the type for a definition file; a template contains the types of its machines. Placeholders,
    parameters and imports without a value get plausible values. For a template that can't be read, return one machine
    whose check reports the reason.
    """
    options = Options() if options is None else options
    if not _is_template(path):
        name = path.name.partition(".")[0]
        return [MachineCheck(name=name, source=path, check=lambda: _check_file(path, machine_type, options))]
    return _machines_of_template(path, options)


def _machines_of_template(path: Path, options: Options) -> list[MachineCheck]:
    # Imported only for a template, as it imports modules that only templates need.
    from pytest_sfn_sync.templates.stack import Environment
    from pytest_sfn_sync.templates.template import read_template
    from pytest_sfn_sync.templates.template_faults import template_error

    environment = Environment(
        region=_region_of(options),
        account_id=options.account_id,
        partition=partition_of(_region_of(options)),
        invents_numbers=True,
    )
    try:
        if is_terraform(path):
            from pytest_sfn_sync.terraform.terraform_machines import read_terraform

            read = read_terraform(path.parent, environment)
        else:
            read = read_template(path, environment)
    except SfnSyncUsageError as error:
        refused = _refused(error)
        return [MachineCheck(name=path.name, source=path, check=lambda: refused)]
    open_ = {value: name for name in read.guesses if isinstance(value := read.made_up[name], str)}
    return [
        *(
            MachineCheck(name=machine.key, source=Path(machine.source), check=_check_of(machine, open_, options))
            for machine in read.machines
        ),
        *(
            MachineCheck(
                name=machine.key, source=path, check=partial(_refused, template_error(read.file, machine.faults))
            )
            for machine in read.broken
        ),
    ]


def _region_of(options: Options) -> str:
    return options.region or configured_region() or DEFAULT_REGION


def each_once(paths: Iterable[Path]) -> list[Path]:
    """Return paths without repetitions, and without the definition files that are part of a template among them.

    A template contains the type and the substitutions of its machines; a definition file does not.
    """
    distinct = [
        path for path in dict.fromkeys(paths) if not is_terraform(path) or path == first_of_terraform(path.parent)
    ]
    of_templates = {
        machine.source.resolve()
        for path in distinct
        if _is_template(path)
        for machine in _machines_of_template(path, Options())
        if machine.source.resolve() != path.resolve()
    }
    return [path for path in distinct if path.resolve() not in of_templates]


def definition_files(folder: Path) -> Iterator[Path]:
    """Find the files in a folder, at any depth, that are named like a definition, and the templates with machines."""
    called: set[Path] = set()
    configurations = _Configurations()
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith("."))
        for path in (Path(place, name) for name in sorted(names)):
            if any(map(path.match, _DEFINITIONS)) or (any(map(path.match, _TEMPLATES)) and _has_machines(path)):
                yield path
            elif is_terraform(path) and path == first_of_terraform(path.parent) and path.parent not in called:
                places = configurations.with_modules(path.parent)
                called.update(places)
                if any(map(configurations.names_machines, places)):
                    yield path


def is_terraform(path: Path) -> bool:
    """Return whether a file is a part of a Terraform configuration, which is the folder that it is in."""
    return path.name.endswith((".tf", ".tf.json")) and not path.name.startswith(".")


def first_of_terraform(folder: Path) -> Path:
    """Return the file that stands for all files of a configuration: main.tf, or else the first one."""
    files = sorted(path for path in folder.iterdir() if is_terraform(path))
    return next((path for path in files if path.name == "main.tf"), files[0])


class _Configurations:
    """The source code of Terraform configurations by folder, each file read once."""

    def __init__(self) -> None:
        self._codes: dict[Path, str] = {}
        self._unreadable: set[Path] = set()

    def with_modules(self, folder: Path) -> set[Path]:
        """Return a folder and those that it calls as modules; their machines are checked with the call's arguments."""
        found: set[Path] = set()
        left = [folder]
        while left:
            place = left.pop()
            if place not in found and place.is_dir():
                found.add(place)
                left.extend(Path(os.path.normpath(place / source)) for source in self._sources_in(place))
        return found

    def names_machines(self, folder: Path) -> bool:
        """Return whether a folder has a state machine, or a file that can't be read, so that its check reports it."""
        return any(word in self._code(folder) for word in _TERRAFORM_MACHINES) or folder in self._unreadable

    def _sources_in(self, folder: Path) -> list[str]:
        return _LOCAL_SOURCE.findall(self._code(folder))

    def _code(self, folder: Path) -> str:
        if folder not in self._codes:
            texts = []
            for path in sorted(filter(is_terraform, folder.iterdir())):
                try:
                    texts.append(read_text_file(path))
                except _UNREADABLE:
                    self._unreadable.add(folder)
            self._codes[folder] = "\n".join(texts)
        return self._codes[folder]


def _has_machines(path: Path) -> bool:
    """Return whether a template has machines; return True if it can't be read, so that its check reports the reason."""
    from pytest_sfn_sync.templates.resource_kinds import STATE_MACHINES

    try:
        root = read(SourceText.of_file(path), tags=lambda tag, value: value).document
    except _UNREADABLE:
        return True
    if not isinstance(root, dict):
        return False
    resources = root.get("Resources")
    declared = resources.values() if isinstance(resources, dict) else ()
    types = [resource.get("Type") for resource in declared if isinstance(resource, dict)]
    return "stepFunctions" in root or any(type_ in STATE_MACHINES for type_ in types)


def _is_template(path: Path) -> bool:
    """Return whether a file is a template; return False if it can't be read, as its check then reports the reason."""
    if is_terraform(path):
        return True
    try:
        root = read(SourceText.of_file(path), tags=lambda tag, value: value).document
    except _UNREADABLE:
        return False
    if not isinstance(root, dict) or "States" in root:
        return False
    if "Resources" in root:
        return True
    from pytest_sfn_sync.templates.serverless import is_serverless

    return is_serverless(root)


def _check_file(path: Path, machine_type: str, options: Options) -> DefinitionCheck:
    check = check_definition(
        path.name.partition(".")[0],
        path,
        machine_type=machine_type,
        integrations=KnownIntegrations(),
        known=known_placeholders(_region_of(options), options.account_id),
        fills_in_the_rest=True,
    )
    diagnostics = () if check.refusal is None else check.refusal.diagnostics
    if diagnostics and all(diagnostic.is_about_type for diagnostic in diagnostics):
        hint = "Is it a Standard machine? Then write sfn_sync_definitions_type = STANDARD in the ini file, or after -o."
        return replace(check, refusal=DefinitionError(f"{check.refusal}\n  {hint}", diagnostics))
    return check


def _check_of(machine: TemplateMachine, open_: Mapping[str, str], options: Options) -> Callable[[], DefinitionCheck]:
    return lambda: check_definition(
        machine.name,
        _with_plausible_values(machine.definition, ROOT, open_),
        machine_type=machine.type,
        integrations=KnownIntegrations(),
        known=known_placeholders(_region_of(options), options.account_id),
        substitutions=machine.literals,
        source=machine.source,
        line_map=machine.line_map,
    )


def _with_plausible_values(value: Any, location: Location, open_: Mapping[str, str]) -> Any:
    """Return a copy with values that fit their fields; ``open_`` has the names of the values that are not known."""
    if isinstance(value, str):
        return plausible_value(open_[value], location) if value in open_ else value
    if isinstance(value, dict):
        return {key: _with_plausible_values(member, location / key, open_) for key, member in value.items()}
    if isinstance(value, list):
        return [_with_plausible_values(item, location / index, open_) for index, item in enumerate(value)]
    return value


def _refused(error: SfnSyncUsageError) -> DefinitionCheck:
    diagnostics = error.diagnostics if isinstance(error, DefinitionError) else ()
    return DefinitionCheck(refusal=DefinitionError(str(error), diagnostics), diagnostics=diagnostics)
