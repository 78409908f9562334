"""Files with definitions, checked as AWS would check them: definition files, and templates with their machines.

``--sfn-validate`` and the ini option ``sfn_sync_definitions`` use this module, which does not use pytest. No machine is
registered or run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pytest_sfn_sync.argument_checks import is_one_of
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS, STANDARD
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.errors import DefinitionError, OptionError, SfnSyncUsageError, TemplateError
from pytest_sfn_sync.fake.configured_region import configured_region
from pytest_sfn_sync.fake.definition_search import FileKind, kind_of_file, mark_of_other_tool
from pytest_sfn_sync.fake.terraform_files import first_of_terraform
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.options import Options
from pytest_sfn_sync.registry import MACHINE_TYPES
from pytest_sfn_sync.registry.definition_check import DefinitionCheck, check_definition, plausible_value
from pytest_sfn_sync.registry.definition_source import DefinitionSource, known_placeholders
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.terraform_paths import is_terraform
from pytest_sfn_sync.sources.text_files import real_path
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations

if TYPE_CHECKING:
    from pytest_sfn_sync.templates.state_machines import BrokenMachine, TemplateMachine
    from pytest_sfn_sync.templates.template import ReadTemplate

_TEMPLATES: Final = (
    FileKind.TEMPLATE,
    FileKind.TEMPLATE_WITHOUT_MACHINES,
    FileKind.UNREADABLE_TEMPLATE,
    FileKind.CONFIGURATION,
    FileKind.PLAN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCheck:
    """One machine to check: its ``name`` in the file, the ``source`` of its definition, and the check itself.

    ``left_out`` is the reason why there is nothing to check, such as a definition that is in S3.
    """

    name: str
    source: Path
    check: Callable[[], DefinitionCheck]
    left_out: str | None = None


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
    if not is_one_of(type, *MACHINE_TYPES):
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


def machines_in(path: Path, *, machine_type: str | None = None, options: Options | None = None) -> list[MachineCheck]:
    """Find the machines of a file: the machines of a template, or the one machine of a definition file.

    ``machine_type`` is the type for a definition file; a template contains the types of its machines. Without a type, a
    definition is checked as one of an Express machine, or of a Standard machine if it has what only these have.
    Placeholders, parameters and imports without a value get plausible values. For a template that can't be read, return
    one machine whose check reports the reason.
    """
    options = Options() if options is None else options
    kind = kind_of_file(path)
    if kind in _TEMPLATES:
        return _machines_of_template(path, options)
    name = path.name.partition(".")[0]
    if kind is FileKind.TEXT_TEMPLATE:
        return [_of_other_tool(name, path)]
    return [MachineCheck(name=name, source=path, check=partial(_check_file, path, machine_type, options))]


def _of_other_tool(name: str, path: Path) -> MachineCheck:
    why = (
        f"{path.name} has the mark {mark_of_other_tool(path)!r} of a template language, and is no definition before a "
        "tool has rendered it. For a file of templatefile(), check the folder of the Terraform configuration that "
        "calls it. For other tools, check the rendered file."
    )
    return MachineCheck(name=name, source=path, check=partial(_refused, DefinitionError(why)), left_out=why)


def _machines_of_template(path: Path, options: Options) -> list[MachineCheck]:
    # Imported only for a template, as it imports modules that only templates need.
    from pytest_sfn_sync.templates.template_faults import NoMachinesError

    try:
        read = _read_template(path, options)
    except NoMachinesError as error:
        return [MachineCheck(name=path.name, source=path, check=partial(_refused, error), left_out=str(error))]
    except SfnSyncUsageError as error:
        return [MachineCheck(name=path.name, source=path, check=partial(_refused, error))]
    open_ = {value: name for name in read.guesses if isinstance(value := read.made_up[name], str)}
    machines = [
        MachineCheck(
            name=machine.key,
            source=path if machine.source is None else Path(machine.source),
            check=_check_of(machine, open_, options),
        )
        for machine in read.machines
    ]
    broken = (_check_of_broken(machine, path, read.file) for machine in read.broken)
    return [*machines, *broken, *(_check_of_left_out(key, why, path) for key, why in read.left_out.items())]


def _read_template(path: Path, options: Options) -> ReadTemplate:
    from pytest_sfn_sync.templates.stack import Environment

    environment = Environment(
        region=_region_of(options),
        account_id=options.account_id,
        partition=partition_of(_region_of(options)),
        invents_numbers=True,
    )
    if is_terraform(path):
        from pytest_sfn_sync.terraform.terraform_machines import read_terraform

        return read_terraform(path.parent, environment)
    if kind_of_file(path) is FileKind.PLAN:
        from pytest_sfn_sync.terraform.show_json import read_show_json

        return read_show_json(path, environment)
    from pytest_sfn_sync.templates.template import read_template

    return read_template(path, environment)


def _check_of_broken(machine: BrokenMachine, path: Path, file: str) -> MachineCheck:
    from pytest_sfn_sync.templates.template_faults import template_error

    is_elsewhere = all(fault.is_elsewhere for fault in machine.faults)
    return MachineCheck(
        name=machine.key,
        source=path,
        check=partial(_refused, template_error(file, machine.faults)),
        left_out="; ".join(map(str, machine.faults)) if is_elsewhere else None,
    )


def _check_of_left_out(key: str, why: str, path: Path) -> MachineCheck:
    """Return the check of a machine that the template does not make, or that has no definition there."""
    told = f"{key} is left out: {why}"
    return MachineCheck(name=key, source=path, check=partial(_refused, TemplateError(told)), left_out=told)


def _region_of(options: Options) -> str:
    return options.region or configured_region() or DEFAULT_REGION


def each_once(paths: Iterable[Path]) -> list[Path]:
    """Return paths without repetitions, and without the definition files that are part of a template among them.

    A template contains the type and the substitutions of its machines; a definition file does not.
    """
    distinct = [
        path for path in dict.fromkeys(paths) if not is_terraform(path) or path == first_of_terraform(path.parent)
    ]
    of_templates: set[Path] = set()
    for path in distinct:
        if kind_of_file(path) in _TEMPLATES:
            sources = {real_path(machine.source) for machine in _machines_of_template(path, Options())}
            of_templates |= sources - {real_path(path)}
    return [path for path in distinct if real_path(path) not in of_templates]


def type_of_file(path: Path, options: Options) -> str:
    """Return the type of a definition file that has none: STANDARD if it has what only Standard machines have."""
    return STANDARD if _is_of_other_type(_check_as(path, EXPRESS, options)) else EXPRESS


def _is_of_other_type(check: DefinitionCheck) -> bool:
    """Return whether a definition has faults that it has only as a machine of this type."""
    return check.refusal is not None and any(fault.is_about_type for fault in check.refusal.diagnostics)


def _check_file(path: Path, machine_type: str | None, options: Options) -> DefinitionCheck:
    check = _check_as(path, machine_type or EXPRESS, options)
    if machine_type is None and _is_of_other_type(check):
        return _check_as(path, STANDARD, options)
    diagnostics = () if check.refusal is None else check.refusal.diagnostics
    if diagnostics and all(diagnostic.is_about_type for diagnostic in diagnostics):
        hint = "Is it a Standard machine? Then write sfn_sync_definitions_type = STANDARD in the ini file, or after -o."
        return replace(check, refusal=DefinitionError(f"{check.refusal}\n  {hint}", diagnostics))
    return check


def _check_as(path: Path, machine_type: str, options: Options) -> DefinitionCheck:
    return check_definition(
        path.name.partition(".")[0],
        path,
        machine_type=machine_type,
        integrations=KnownIntegrations(),
        known=known_placeholders(_region_of(options), options.account_id),
        fills_in_the_rest=True,
    )


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
