"""A template, read to the state machines in it: of SAM, CloudFormation, the CDK, or the serverless framework."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.shown_text import shown_names
from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import real_path
from pytest_sfn_sync.sources.yaml_dialects import JS_YAML
from pytest_sfn_sync.templates.definition_files import FoundFile, find_file
from pytest_sfn_sync.templates.documents import Document, Spot, is_function
from pytest_sfn_sync.templates.lambda_code import LambdaSource
from pytest_sfn_sync.templates.nested_stacks import document_of, environment_of, is_followed_already
from pytest_sfn_sync.templates.resource_kinds import NESTED_STACKS
from pytest_sfn_sync.templates.resources import Resource
from pytest_sfn_sync.templates.serverless import is_serverless, read_serverless
from pytest_sfn_sync.templates.stack import Environment, Stack
from pytest_sfn_sync.templates.state_machines import (
    BrokenMachine,
    TemplateMachine,
    is_state_machine,
    machine_of,
    read_apart,
)
from pytest_sfn_sync.templates.template_budget import MOST_STACKS, TemplateBudget
from pytest_sfn_sync.templates.template_faults import (
    CANT_BE_WORKED_OUT,
    Fault,
    NoMachinesError,
    fault_of,
    kind_of,
    template_error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionNames:
    """A Lambda function of a template: its names for tests, the suggested one first, and its names in calls.

    ``source`` has its code and its environment, if the template contains them.
    """

    keys: list[str]
    called_by: list[str]
    source: LambdaSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTemplate:
    """The content of a template; ``left_out`` has the machines that it leaves out, with the reason.

    ``broken`` has the machines that can't be read. ``made_up`` has the plausible values by name. ``guesses`` has those
    whose form is not known, with the argument that sets them. ``activities`` has the ARNs of its activities,
    ``activity_addresses`` those of a Terraform configuration by address. ``loader`` is the method that loads it.
    """

    file: str
    machines: list[TemplateMachine]
    broken: list[BrokenMachine]
    functions: list[FunctionNames]
    left_out: Mapping[str, str]
    notes: list[str]
    made_up: Mapping[str, Any]
    guesses: Mapping[str, str]
    activities: tuple[str, ...] = ()
    activity_addresses: Mapping[str, str] = field(default_factory=dict)
    loader: str = "load_template"


def read_template(template: Path | Mapping[str, Any], environment: Environment) -> ReadTemplate:
    """Read a template, from a file or as a document; raise TemplateError with all its faults if no machine can be read.

    A fault of the template itself, or of a value from the test, always raises TemplateError.
    """
    document = Document.of_value(template) if isinstance(template, Mapping) else _document(template)
    try:
        return _read(document, environment)
    except CANT_BE_WORKED_OUT as error:
        raise template_error(document.file, [fault_of(error, document.root)]) from None


@dataclass(slots=True)
class _Parts:
    """The machines and functions of a stack and of its nested stacks, which are named ``Child.Machine``."""

    machines: list[TemplateMachine | BrokenMachine]
    left_out: dict[str, str]
    functions: list[FunctionNames]
    made_up: dict[str, Any]
    guesses: dict[str, str]
    activities: list[str] = field(default_factory=list)


def _read(document: Document, environment: Environment) -> ReadTemplate:
    root = document.value
    if is_serverless(root):
        stack, found = read_serverless(document, environment)
        parts = _Parts(found, {}, [], {}, {})
    else:
        if not isinstance(root, Mapping) or not isinstance(root.get("Resources"), Mapping):
            raise _no_template(document)
        stack = _stack(document, environment, (real_path(document.path),))
        parts = _parts_of(stack)
        if not parts.machines and not parts.left_out and not stack.faults:
            raise _no_machines(document)
    machines = [machine for machine in parts.machines if isinstance(machine, TemplateMachine)]
    broken = [machine for machine in parts.machines if isinstance(machine, BrokenMachine)]
    if not machines and not environment.invents_numbers:
        stack.faults[:0] = [fault for machine in broken for fault in machine.faults]
    stack.check_given()
    stack.faults += stack.parameters.unused_placeholders() if not stack.faults and not broken else []
    if stack.faults:
        raise template_error(document.file, stack.faults)
    activities = (*_activities(stack), *parts.activities)
    return ReadTemplate(
        file=document.file,
        machines=machines,
        broken=broken,
        functions=[*_functions(stack), *parts.functions],
        left_out=parts.left_out,
        notes=stack.notes,
        made_up={**stack.plausible.values, **parts.made_up},
        guesses={**stack.plausible.guesses, **parts.guesses},
        activities=activities,
    )


def _activities(stack: Stack) -> list[str]:
    """Return the ARNs of the activities of a stack."""
    return [str(stack.resources.reference(resource)) for resource in stack.resources.activities()]


def _parts_of(stack: Stack) -> _Parts:
    """Return the machines of a stack, and all parts of its nested stacks."""
    parts = _Parts(*_machines(stack), [], {}, {})
    for resource in list(stack.resources.by_id.values()):
        if resource.type not in NESTED_STACKS or not _is_made(stack, resource):
            continue
        child = stack.child_of(resource)
        if child is not None:
            names = stack.resources.names_of(resource)
            _add(parts, names, child, _parts_of(child))
            stack.notes += [f"{names[0]}: {note}" for note in child.notes]
            stack.parameters.used_placeholders |= child.parameters.used_placeholders
    return parts


def _add(parts: _Parts, names: list[str], child: Stack, found: _Parts) -> None:
    own = names[0]
    for machine in found.machines:
        keys = [f"{name}.{key}" for name in names for key in (machine.key, *machine.keys)]
        parts.machines.append(replace(machine, key=keys[0], keys=tuple(keys[1:])))
    parts.left_out |= {f"{own}.{key}": why for key, why in found.left_out.items()}
    for function in (*_functions(child), *found.functions):
        parts.functions.append(replace(function, keys=[f"{name}.{key}" for name in names for key in function.keys]))
    parts.activities += [*_activities(child), *found.activities]
    parts.made_up |= {f"{own}.{key}": value for key, value in {**child.plausible.values, **found.made_up}.items()}
    parts.guesses |= {f"{own}.{key}": how for key, how in {**child.plausible.guesses, **found.guesses}.items()}


def _child(environment: Environment, chain: tuple[Path, ...], stack: Stack, resource: Resource) -> Stack | None:
    """Return the stack of a nested stack; add a note to the stack around it if its template is not followed."""
    document = document_of(stack, resource)
    why = document if isinstance(document, str) else is_followed_already(document, chain)
    if isinstance(document, str) or why is not None:
        stack.notes.append(f"{resource.spot}: the nested stack {resource.logical_id} is not followed: {why}")
        return None
    if not stack.budget.may_nest():
        raise TemplateError(f"{resource.spot}: the nested stacks fan out: more than {MOST_STACKS} would be read.")
    inner = environment_of(stack, resource, document, environment)
    return _stack(document, inner, (*chain, real_path(document.path)), stack.budget)


def _document(path: Path) -> Document:
    try:
        document = Document.read(path)
        # The kind of a file is known only after it was read. A file of the serverless framework is then read again.
        return Document.read(path, JS_YAML) if is_serverless(document.value) else document
    except UnreadableSourceError as error:
        raise TemplateError(f"The template {shown_path(str(path))} can't be loaded: {error.why}.") from None
    except FileNotFoundError:
        found = find_file(path.parent, path.name)
        why = found if not isinstance(found, FoundFile) else f"the file is spelt {found.path.name!r}."
        raise TemplateError(f"The template {shown_path(str(path))} can't be loaded: {why}") from None


def _stack(
    document: Document, environment: Environment, chain: tuple[Path, ...], budget: TemplateBudget | None = None
) -> Stack:
    root = document.value
    found, strange = [], []
    for logical_id, resource in root["Resources"].items():
        if _has_type(resource):
            found.append(_resource(logical_id, resource, root, document.root))
        else:
            strange.append(logical_id)
    known = {resource.logical_id for resource in found}
    generated = [resource for resource in _generated_by_sam(found, document.root) if resource.logical_id not in known]
    stack = Stack(
        root,
        document.root,
        [*found, *generated],
        environment,
        notes=[*document.repetitions],
        budget=budget,
        child=partial(_child, environment, chain),
    )
    stack.notes += [f"{name} in Resources is no resource with a Type, so it is left out" for name in strange]
    return stack


def _has_type(resource: Any) -> bool:
    return isinstance(resource, Mapping) and isinstance(resource.get("Type"), str)


def _resource(logical_id: str, resource: Mapping[str, Any], root: Mapping[str, Any], spot: Spot) -> Resource:
    """Read a resource; the properties that it lacks are those of SAM's ``Globals``."""
    at = spot / "Resources" / logical_id
    own = resource.get("Properties")
    own = own if isinstance(own, Mapping) else {}
    kind = str(resource["Type"])
    shared: Any = root.get("Globals")
    if kind.startswith("AWS::Serverless::") and isinstance(shared, Mapping):
        name = kind.rpartition("::")[2]
        properties = shared.get(name)
        shared = properties if isinstance(properties, Mapping) else {}
        spots = {key: spot / "Globals" / name / key for key in shared}
    else:
        shared, spots = {}, {}
    condition, metadata = resource.get("Condition"), resource.get("Metadata")
    return Resource(
        logical_id=logical_id,
        type=kind,
        properties={key: _with_global(shared.get(key), value) for key, value in {**shared, **own}.items()},
        spots={**spots, **{key: at / "Properties" / key for key in own}},
        spot=at,
        condition=condition if isinstance(condition, str) else None,
        metadata=metadata if isinstance(metadata, Mapping) else {},
    )


def _with_global(shared: Any, own: Any) -> Any:
    """Return a property with what ``Globals`` adds to it. Documented: SAM merges objects, and joins lists."""
    if isinstance(shared, list) and isinstance(own, list) and shared is not own:
        return [*shared, *own]
    if not isinstance(shared, Mapping) or not isinstance(own, Mapping) or shared is own:
        return own
    if any(map(is_function, (*shared, *own))):
        return own
    return {key: _with_global(shared.get(key), value) for key, value in {**shared, **own}.items()}


def _generated_by_sam(resources: list[Resource], spot: Spot) -> Iterator[Resource]:
    """Yield the resources that SAM adds and that templates refer to: roles, and the APIs of events without one."""
    at = spot / "Resources"
    for resource in resources:
        if resource.type.startswith("AWS::Serverless::") and "Role" not in resource.properties:
            yield _generated(f"{resource.logical_id}Role", "AWS::IAM::Role", at)
    if any(resource.type.startswith("AWS::Serverless::") for resource in resources):
        yield _generated("ServerlessRestApi", "AWS::ApiGateway::RestApi", at)
        yield _generated("ServerlessHttpApi", "AWS::ApiGatewayV2::Api", at)


def _generated(logical_id: str, kind: str, spot: Spot) -> Resource:
    return Resource(logical_id=logical_id, type=kind, properties={}, spots={}, spot=spot, is_generated=True)


def _machines(stack: Stack) -> tuple[list[TemplateMachine | BrokenMachine], dict[str, str]]:
    machines: list[TemplateMachine | BrokenMachine] = []
    left_out: dict[str, str] = {}
    for resource in stack.resources.by_id.values():
        if not is_state_machine(resource):
            continue
        count = len(stack.faults)
        is_made = _is_made(stack, resource)
        of_condition = stack.faults[count:]
        del stack.faults[count:]
        if not is_made:
            left_out[resource.logical_id] = f"its condition {resource.condition} is false"
            continue
        machines.append(read_apart(stack, resource, resource.logical_id, _reader(stack, resource, of_condition)))
    stack.notes += [f"{name} is left out: {why}" for name, why in left_out.items()]
    return machines, left_out


def _reader(stack: Stack, resource: Resource, faults: list[Fault]) -> Callable[[], TemplateMachine | None]:
    """Return the function that reads a machine and records the faults of its condition with its own."""

    def read() -> TemplateMachine | None:
        stack.faults += faults
        return machine_of(stack, resource)

    return read


def _is_made(stack: Stack, resource: Resource) -> bool:
    if resource.condition is None:
        return True
    try:
        return stack.condition(resource.condition, resource.spot / "Condition")
    except CANT_BE_WORKED_OUT as error:
        stack.faults.append(fault_of(error, resource.spot))
        return True


def _functions(stack: Stack) -> list[FunctionNames]:
    """Return the names of all functions; an input at run time may name a function that no machine names."""
    found = []
    with stack.plausible.unnoticed():
        for function in stack.resources.functions():
            called_by = [stack.resources.reference(function), stack.resources.attribute(function, "Arn")]
            texts = [value for value in called_by if isinstance(value, str)]
            found.append(
                FunctionNames(
                    keys=stack.resources.names_of(function), called_by=texts, source=LambdaSource(stack, function)
                )
            )
    return found


def _no_template(document: Document) -> TemplateError:
    root = document.value
    what = f"The template {document.file} can't be loaded:"
    if not isinstance(root, Mapping):
        return TemplateError(f"{what} it is {kind_of(root)}, not a template.")
    if "States" in root:
        return TemplateError(
            f'{what} it is a definition, not a template. Register it: sfn.register("name", "{document.path.name}").'
        )
    if "Resources" in root:
        return TemplateError(f"{what} its Resources are an object, not {kind_of(root['Resources'])}.")
    return TemplateError(f"{what} it has neither Resources nor stepFunctions; it has {shown_names(root) or 'nothing'}.")


def _no_machines(document: Document) -> NoMachinesError:
    types = Counter(str(resource["Type"]) for resource in document.value["Resources"].values() if _has_type(resource))
    found = shown_names(kind if count == 1 else f"{kind} ({count})" for kind, count in sorted(types.items()))
    nested = not types.keys().isdisjoint(NESTED_STACKS)
    hint = " Nested stacks are followed if their templates are local files." if nested else ""
    if any(name.startswith("Fn::ForEach") for name in document.value["Resources"]):
        hint += " What Fn::ForEach makes is known to CloudFormation alone."
    return NoMachinesError(
        f"The template {document.file} has no state machines. It has: {found or 'no resources'}.{hint}"
    )
