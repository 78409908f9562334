"""The state machines of a template: the name, type and definition of each, in any of a template's forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS, STANDARD
from pytest_sfn_sync.shown_text import shown_names, shown_text, shown_value
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import path_fault
from pytest_sfn_sync.templates.definition_files import FoundFile, files_named, find_asset, find_file
from pytest_sfn_sync.templates.definitions import (
    LineMapMaker,
    ReadDefinition,
    definition_in_file,
    definition_in_object,
    definition_in_text,
)
from pytest_sfn_sync.templates.documents import Spot
from pytest_sfn_sync.templates.numbers import with_numbers
from pytest_sfn_sync.templates.parameters import NumberText
from pytest_sfn_sync.templates.placeholders import FIELD, Placeholders, literal_placeholders
from pytest_sfn_sync.templates.resource_kinds import STATE_MACHINES, kind_of_resource
from pytest_sfn_sync.templates.resources import Resource
from pytest_sfn_sync.templates.stack import Stack
from pytest_sfn_sync.templates.template_faults import (
    CANT_BE_WORKED_OUT,
    Fault,
    UnresolvableError,
    fault_of,
    kind_of,
    nearest_sentence,
)

DEFAULT_TYPE: Final = STANDARD
_TYPES: Final = (EXPRESS, STANDARD)
_LONGEST_NAME: Final = 80
_FORMS: Final = ("Definition", "DefinitionUri", "DefinitionString", "DefinitionS3Location")
_TYPE_FIELDS: Final = ("Type", "StateMachineType")
_NO_VALUE: Final = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMachine:
    """A state machine of a template, ready to be registered.

    ``key`` is its logical id; in the serverless framework it is its key in ``stateMachines``. ``keys`` has other names.
    ``source`` is the file of the definition, None if it has none, and ``line_map`` returns the places of its parts.
    """

    key: str
    keys: tuple[str, ...]
    name: str
    type: str
    definition: Any
    source: str | None
    line_map: LineMapMaker

    @property
    def literals(self) -> Mapping[str, str]:
        """The placeholders that stay in the definition, each with itself as its value."""
        return literal_placeholders(self.definition)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenMachine:
    """A state machine of a template that can't be read, with its faults; other members are as in `TemplateMachine`."""

    key: str
    keys: tuple[str, ...]
    name: str
    faults: tuple[Fault, ...]


def read_apart(
    stack: Stack, resource: Resource, key: str, read: Callable[[], TemplateMachine | None]
) -> TemplateMachine | BrokenMachine:
    """Read a machine, and keep its faults apart from those of the whole template."""
    count = len(stack.faults)
    try:
        machine = read()
    except CANT_BE_WORKED_OUT as error:
        machine = None
        stack.faults.append(fault_of(error, resource.spot))
    faults = tuple(stack.faults[count:])
    del stack.faults[count:]
    if machine is not None and not faults:
        return machine
    keys = tuple(name for name in stack.resources.names_of(resource) if name != key)
    try:
        name = stack.resources.name_of(resource)[:_LONGEST_NAME]
    except CANT_BE_WORKED_OUT:  # It is one of the faults.
        name = resource.logical_id[:_LONGEST_NAME]
    return BrokenMachine(key=key, keys=keys, name=name, faults=faults)


def is_state_machine(resource: Resource) -> bool:
    """Return whether a resource is a state machine."""
    return resource.type in STATE_MACHINES


def machine_of(stack: Stack, resource: Resource) -> TemplateMachine | None:
    """Read a state machine; return None if it has faults, and record them in the stack."""
    count = len(stack.faults)
    resource = _with_choices_made(stack, resource)
    read = _definition(stack, resource)
    kind = _type(stack, resource)
    if read is None or len(stack.faults) > count:
        return None
    return finished(stack, resource, kind, read, key=resource.logical_id)


def _with_choices_made(stack: Stack, resource: Resource) -> Resource:
    """Replace ``Fn::If`` in the properties that are read here by the chosen value; AWS::NoValue removes a property."""
    properties, spots = dict(resource.properties), dict(resource.spots)
    for name in (*_FORMS, FIELD, *_TYPE_FIELDS, str(kind_of_resource(resource.type).named_by)):
        if name not in properties:
            continue
        try:
            value, spot = stack.chosen(properties[name], resource.spot_of(name))
        except UnresolvableError:
            continue  # The fault is reported when the property is read.
        if value == _NO_VALUE:
            del properties[name], spots[name]
        else:
            properties[name], spots[name] = value, spot
    return replace(resource, properties=properties, spots=spots)


def finished(stack: Stack, resource: Resource, kind: str, read: ReadDefinition, *, key: str) -> TemplateMachine:
    """Return the machine for a definition that was read."""
    own_name = stack.resources.own_name(resource)
    name = stack.resources.name_of(resource)[:_LONGEST_NAME] if own_name is None else own_name
    property_name = str(kind_of_resource(resource.type).named_by)
    if property_name in resource.properties and own_name is None:
        spot = resource.spot_of(property_name)
        stack.notes.append(
            f"{spot}: the {property_name} of {shown_value(key)} can't be worked out, so it is called "
            f"{shown_value(name)}"
        )

    def on_number(location: str, text: NumberText) -> None:
        stack.notes.append(
            f"{key}: {location} is the number {text} here; CloudFormation hands it on as the text '{text}', "
            "which Step Functions may refuse"
        )

    definition = with_numbers(read.document, on_number)
    return TemplateMachine(
        key=key,
        keys=tuple(name for name in stack.resources.names_of(resource) if name != key),
        name=name,
        type=kind,
        definition=definition,
        source=read.source,
        line_map=read.line_map,
    )


def type_of(stack: Stack, value: Any, spot: Spot) -> str:
    """Return a machine's type; record a fault in the stack for an unknown type."""
    count = len(stack.faults)
    found = stack.resolve(value, spot)
    if found in _TYPES:
        return str(found)
    if len(stack.faults) == count:
        stack.faults.append(Fault(f"a state machine is 'EXPRESS' or 'STANDARD', not {shown_value(found)}.", spot))
    return DEFAULT_TYPE


def _type(stack: Stack, resource: Resource) -> str:
    for name in _TYPE_FIELDS:
        if name in resource.properties:
            return type_of(stack, resource.properties[name], resource.spot_of(name))
    return DEFAULT_TYPE


def _definition(stack: Stack, resource: Resource) -> ReadDefinition | None:
    forms = [name for name in _FORMS if name in resource.properties]
    if len(forms) != 1:
        stack.faults.append(_about_forms(resource, forms))
        return None
    (form,) = forms
    value, spot = resource.properties[form], resource.spot_of(form)
    placeholders = Placeholders(stack, resource.properties.get(FIELD), resource.spot_of(FIELD))
    if form == "Definition":
        return definition_in_object(stack, value, spot, placeholders)
    if form == "DefinitionString" and isinstance(value, Mapping) and list(value) == ["Fn::ToJsonString"]:
        inner = spot / "Fn::ToJsonString"
        return definition_in_object(stack, value["Fn::ToJsonString"], inner, placeholders)
    if form == "DefinitionString":
        return definition_in_text(stack, value, spot, placeholders)
    return _in_file(stack, resource, form, placeholders)


def _about_forms(resource: Resource, forms: list[str]) -> Fault:
    known = ("Definition", "DefinitionUri") if resource.type.startswith("AWS::Serverless") else _FORMS[:1] + _FORMS[2:]
    if forms:
        return Fault(f"it has {' and '.join(forms)}, and one of them only may stand there.", resource.spot)
    near = f" {nearest_sentence('Definition', resource.properties)}" if resource.properties else ""
    return Fault(f"it has no definition: one of {', '.join(known)}.{near}", resource.spot)


def _in_file(stack: Stack, resource: Resource, form: str, placeholders: Placeholders) -> ReadDefinition | None:
    spot = resource.spot_of(form)
    given = stack.definition_of(resource)
    if given is not None:
        is_here = path_fault(str(given)) is None and given.is_file()
        found = FoundFile(given) if is_here else find_file(spot.document.path.parent, str(given))
        if isinstance(found, FoundFile):
            return definition_in_file(stack, found.path, spot, placeholders)
        stack.faults.append(Fault(found, spot))
        return None
    count = len(stack.faults)
    named = stack.resolve(resource.properties[form], spot)
    if len(stack.faults) > count:
        return None
    folder = spot.document.path.parent
    if isinstance(named, Mapping):
        asset = find_asset(folder, named.get("Key"))
        if asset is not None:
            return definition_in_file(stack, asset, spot, placeholders)
        where = "/".join(["s3:/", *(str(named[part]) for part in ("Bucket", "Key") if part in named)])
        return _in_s3(stack, resource, where, spot, placeholders)
    if not isinstance(named, str):
        stack.faults.append(Fault(f"it is a path, not {kind_of(named)}.", spot))
        return None
    if named.startswith("s3://"):
        return _in_s3(stack, resource, named, spot, placeholders)
    found = find_file(folder, named)
    if not isinstance(found, FoundFile):
        stack.faults.append(Fault(found, spot))
        return None
    if found.spelling is not None:
        stack.notes.append(
            f"{form} says {shown_value(named)}, the file is {shown_value(found.spelling)}: deploys only from a file "
            "system that is blind to case"
        )
    return definition_in_file(stack, found.path, spot, placeholders)


def _in_s3(
    stack: Stack, resource: Resource, where: str, spot: Spot, placeholders: Placeholders
) -> ReadDefinition | None:
    """Read a definition that is an object in S3 from the file of the same name near the template, if there is one."""
    near = files_named(where.rpartition("/")[2], spot.document.path.parent)
    if len(near) == 1:
        stack.notes.append(f"{spot}: {shown_text(where)} is read from {shown_path(str(near[0]))}, which has its name")
        return definition_in_file(stack, near[0], spot, placeholders)
    found = f"Files of that name: {shown_names(shown_path(str(path)) for path in near)}. " if near else ""
    key = stack.resources.names_of(resource)[0]
    stack.faults.append(
        Fault(
            f"the definition of {shown_value(key)} is in S3 ({shown_text(where)}), where it is not looked for. {found}"
            f'Name its file: load_template(..., definitions={{"{key}": "definition.asl.json"}}).',
            spot,
            is_elsewhere=not near,
        )
    )
    return None
