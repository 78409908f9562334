"""The nested stacks of a template whose templates are local files: where they are, and what is handed down to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.text_files import real_path
from pytest_sfn_sync.templates.definition_files import FoundFile, find_file
from pytest_sfn_sync.templates.documents import Document
from pytest_sfn_sync.templates.lambda_code import ASSET
from pytest_sfn_sync.templates.resources import Resource
from pytest_sfn_sync.templates.stack import Environment, Stack
from pytest_sfn_sync.templates.template_faults import CANT_BE_WORKED_OUT, fault_of

MOST_NESTED: Final = 10
"""The deepest nesting of stacks that is followed; CloudFormation itself allows less than that of most accounts."""

_LOCATIONS: Final = ("TemplateURL", "Location")


def document_of(stack: Stack, resource: Resource) -> Document | str:
    """Return the template of a nested stack, or the reason why it is not followed."""
    named = resource.metadata.get(ASSET)
    try:
        for name in _LOCATIONS if named is None else ():
            if name in resource.properties:
                named = stack.evaluate(resource.properties[name], resource.spot_of(name))
    except CANT_BE_WORKED_OUT as error:
        return f"the place of its template can't be worked out ({fault_of(error, resource.spot).why})"
    if not isinstance(named, str) or "://" in named:
        where = named if isinstance(named, str) else "the Serverless Application Repository"
        return f"its template is not a local file, but in {shown_text(where)}"
    found = find_file(resource.spot.document.path.parent, named)
    if not isinstance(found, FoundFile):
        return found.rstrip(".")
    try:
        document = Document.read(found.path)
    except UnreadableSourceError as error:
        return f"{shown_value(named)} can't be read: {error.why}"
    has_resources = isinstance(document.value, Mapping) and isinstance(document.value.get("Resources"), Mapping)
    return document if has_resources else f"{shown_value(named)} is no template with Resources"


def environment_of(stack: Stack, resource: Resource, document: Document, environment: Environment) -> Environment:
    """Return the environment of a nested stack: the parameters that it is given, and what a test set for its parts."""
    names = stack.resources.names_of(resource)
    pseudo = {name: value for name, value in environment.parameters.items() if name.startswith(("AWS::", "${"))}
    stack_name = f"{environment.parameters.get('AWS::StackName', 'stack')}-{names[0]}"
    return replace(
        environment,
        parameters={**pseudo, "AWS::StackName": stack_name, **dict(_parameters(stack, resource, document))},
        resources=within(environment.resources, names),
        definitions=within(environment.definitions, names),
        fitting=within(environment.fitting, names),
        name_prefix=f"{environment.name_prefix}{names[0]}-",
    )


def within(given: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """Return what a test set for parts of a nested stack, ``Child.Table``, by the names of the parts."""
    parts = {name: name.partition(".") for name in given}
    return {part: given[name] for name, (stack, _, part) in parts.items() if stack in names and part}


def _parameters(stack: Stack, resource: Resource, document: Document) -> Iterator[tuple[str, Any]]:
    given = resource.properties.get("Parameters")
    declared = document.value.get("Parameters")
    for name, value in given.items() if isinstance(given, Mapping) else ():
        spot = resource.spot_of("Parameters") / str(name)
        if not isinstance(declared, Mapping) or name not in declared:
            stack.notes.append(f"{spot}: the template of the nested stack has no parameter {shown_value(name)}")
            continue
        try:
            yield name, stack.evaluate(value, spot)
        except CANT_BE_WORKED_OUT as error:
            stack.notes.append(f"{spot}: {fault_of(error, spot).why}")


def is_followed_already(document: Document, chain: tuple[Path, ...]) -> str | None:
    """Return why a template is not followed once more: it contains itself, or is nested too deeply."""
    if real_path(document.path) in chain:
        return "its template contains itself"
    return f"it is nested more than {MOST_NESTED} deep" if len(chain) > MOST_NESTED else None
