"""The state machines of a Terraform configuration, and the Lambda functions that mocks may name by address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.templates.stack import Environment
from pytest_sfn_sync.templates.state_machines import BrokenMachine, TemplateMachine
from pytest_sfn_sync.templates.template import FunctionNames, ReadTemplate
from pytest_sfn_sync.templates.template_faults import Fault, NoMachinesError, template_error
from pytest_sfn_sync.terraform.declarations import RefusedConfigurationError
from pytest_sfn_sync.terraform.deployment import Deployment
from pytest_sfn_sync.terraform.guessed_values import GuessedText
from pytest_sfn_sync.terraform.hcl_source import Block, TerraformError
from pytest_sfn_sync.terraform.modules import Module, ModuleValue
from pytest_sfn_sync.terraform.resource_values import ResourceValue
from pytest_sfn_sync.terraform.values import ValueKindError, text_of
from pytest_sfn_sync.terraform.written_machines import WrittenMachine, definition_of, name_of, type_of

MACHINE: Final = "aws_sfn_state_machine"
ACTIVITY: Final = "aws_sfn_activity"
_FUNCTION: Final = "aws_lambda_function"
FUNCTIONS: Final = (_FUNCTION, "aws_lambda_alias")
_REMOTE_MACHINE: Final = re.compile(r"(?:^|[/:])terraform-aws-modules/(?:terraform-aws-)?step-functions(?:[/.]|$)")
_REMOTE_FUNCTION: Final = re.compile(r"(?:^|[/:])terraform-aws-modules/(?:terraform-aws-)?lambda(?:[/.]|$)")
_FAILURES: Final = (TerraformError, ValueKindError, RecursionError)


@dataclass(slots=True)
class _Found:
    machines: list[TemplateMachine] = field(default_factory=list)
    broken: list[BrokenMachine] = field(default_factory=list)
    functions: list[FunctionNames] = field(default_factory=list)
    activities: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def leave_out(self, address: str, why: str) -> None:
        """Record a machine that the configuration does not make, or whose definition it does not have."""
        self.left_out[address] = why
        self.notes.append(f"{address} is left out: {why}")


def read_terraform(folder: Path, environment: Environment) -> ReadTemplate:
    """Read the machines of a configuration; raise TemplateError if none can be read, or for a value that none uses.

    A value that can't be evaluated breaks the machines that need it, and no other.
    """
    folder = folder.absolute()  # A path that begins with path.module must not depend on the current folder.
    deployment = Deployment(
        region=environment.region,
        account_id=environment.account_id,
        partition=environment.partition,
        variables=environment.parameters,
        resources=environment.resources,
        invents_values=environment.invents_numbers,
    )
    found = _Found()
    file = shown_path(str(folder))
    try:
        root = Module(folder, deployment)
        _check_variables(root, environment.parameters, file)
        modules = list(_modules(root, found))
        for module in modules:
            for address, block in module.resources.items():
                if block.labels[0] == MACHINE:
                    _add_machines(module, address, block, found)
        for module in modules:  # After the machines, whose plausible values are recorded at their first use.
            _add_functions_of(module, found)
        _check_resources(deployment, found, file)
        for name in environment.parameters if not found.broken else ():
            root.value_of("var", "").attribute(name)  # Its type and its validation hold though no machine needs it.
    except (RefusedConfigurationError, TerraformError, ValueKindError) as error:
        raise TemplateError(f"The configuration {file} can't be loaded: {error}") from None
    if not found.machines and not found.left_out:
        if found.broken:
            raise template_error(file, (fault for one in found.broken for fault in one.faults))
        raise _no_machines(root, file)
    return ReadTemplate(
        file=file,
        machines=with_short_keys(found.machines),
        broken=found.broken,
        functions=found.functions,
        activities=tuple(found.activities.values()),
        activity_addresses=found.activities,
        left_out=found.left_out,
        notes=found.notes,
        made_up=dict(deployment.plausible.values),
        guesses=dict(deployment.plausible.guesses),
        loader="load_terraform",
    )


def _modules(module: Module, found: _Found) -> Iterator[Module]:
    yield module
    for name, block in module.calls.items():
        try:
            for child in module.children_of(name):
                if child.is_local:
                    yield from _modules(child.module, found)
                elif _REMOTE_MACHINE.search(child.source):
                    _add_of_call(module, child, found)
        except _FAILURES as error:
            address = module.within(f"module.{name}")
            if _can_have_machines(ModuleValue(module, name, "", block, {})):
                fault = Fault(_told(error, block), None)
                found.broken.append(BrokenMachine(key=address, keys=(), name=name, faults=(fault,)))
            else:
                found.notes.append(f"{address} is left out: {error}")


def _can_have_machines(call: ModuleValue) -> bool:
    if not call.is_local:
        return _REMOTE_MACHINE.search(call.source) is not None
    calls = call.module.calls.items()
    return any(block.labels[0] == MACHINE for block in call.module.resources.values()) or any(
        _can_have_machines(ModuleValue(call.module, name, "", block, {})) for name, block in calls
    )


def _add_of_call(module: Module, call: ModuleValue, found: _Found) -> None:
    address = f"{call.address}.{MACHINE}.this[0]"
    if call.argument("create")[1] in (False, "false"):
        found.leave_out(address, "its call has create = false")
        return
    written = WrittenMachine(lambda name: call.argument(name)[1], call.remote_name, is_of_module=True)
    _add(found, address, call.label, written, module, call.block)


def _add_functions_of(module: Module, found: _Found) -> None:
    for address, block in module.resources.items():
        if block.labels[0] in FUNCTIONS:
            _add_functions(module, address, found)
        elif block.labels[0] == ACTIVITY:
            _add_activities(module, address, found)
    for address, block in module.data.items():
        if block.labels[0] in FUNCTIONS:
            _add_functions(module, f"data.{address}", found)
    for name in module.calls:
        _add_remote_functions(module, name, found)


def _add_machines(module: Module, address: str, block: Block, found: _Found) -> None:
    try:
        instances = _listed(module.resource(address))
    except _FAILURES as error:
        fault = Fault(_told(error, block), None)
        found.broken.append(BrokenMachine(key=module.within(address), keys=(), name=block.labels[1], faults=(fault,)))
        return
    if not instances:
        written = "count" if "count" in block.attributes else "for_each"
        found.leave_out(module.within(address), f"its {written} makes none")
    for instance in instances:
        _add(found, instance.address, instance.label, _of_resource(instance), module, block)


def _of_resource(instance: ResourceValue) -> WrittenMachine:
    return WrittenMachine(instance.written, lambda: instance.name)


def _add(found: _Found, address: str, label: str, written: WrittenMachine, module: Module, block: Block) -> None:
    keys = (f"{address.partition(f'.{MACHINE}.this')[0]}",) if address.startswith("module.") else ()
    keys = tuple(key for key in (*keys, label) if key != address)
    name = label
    try:
        name = name_of(written)
        kind = type_of(written)
        definition = written.value("definition")
        if isinstance(definition, GuessedText):
            _add_unknown(found, address, definition, module.deployment)
            return
        document, source, line_map = definition_of(definition, block)
        found.machines.append(
            TemplateMachine(
                key=address,
                keys=keys,
                name=name,
                type=kind,
                definition=document,
                source=source,
                line_map=line_map,
            )
        )
    except _FAILURES as error:
        fault = Fault(f"{_told(error, block)} (needed by {address})", None)
        found.broken.append(BrokenMachine(key=address, keys=keys, name=name, faults=(fault,)))


def _add_unknown(found: _Found, address: str, definition: GuessedText, deployment: Deployment) -> None:
    """Leave out a machine of which only the caller of the module, or AWS, has the definition; raise if it is to run."""
    why = f"its definition is {definition.address}, which has no value here"
    if not deployment.invents_values:
        raise ValueKindError(f"{why}. Give it: {deployment.plausible.guesses[definition.address]}")
    found.leave_out(address, why)


def _told(error: Exception, block: Block) -> str:
    if isinstance(error, TerraformError):
        return str(error)
    if isinstance(error, RecursionError):
        return f"{block.where}: its expressions are nested too deep."
    return f"{block.where}: {error}."


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else list(found.values()) if isinstance(found, dict) else [found]


def _add_functions(module: Module, address: str, found: _Found) -> None:
    plausible = module.deployment.plausible
    bare = address.removeprefix("data.")
    with plausible.unnoticed():
        try:
            instances = _listed(module.data_source(bare) if bare != address else module.resource(address))
            for one in instances:
                keys = [one.address, *([one.label] if not module.address else [])]
                _add_function(found, keys, [one.attribute("function_name"), one.attribute("arn")])
        except _FAILURES:
            return  # A function that no machine needs may have a name that can't be evaluated.


def _add_activities(module: Module, address: str, found: _Found) -> None:
    with module.deployment.plausible.unnoticed():
        try:
            instances = _listed(module.resource(address))
            found.activities.update({one.address: text_of(one.attribute("arn")) for one in instances})
        except _FAILURES:
            return  # As above.


def _add_remote_functions(module: Module, name: str, found: _Found) -> None:
    with module.deployment.plausible.unnoticed():
        try:
            for child in module.children_of(name):
                if not child.is_local and _REMOTE_FUNCTION.search(child.source):
                    texts = [child.attribute("lambda_function_name"), child.attribute("lambda_function_arn")]
                    _add_function(found, [child.address, f"{child.address}.{_FUNCTION}.this[0]", child.label], texts)
        except _FAILURES:
            return  # As above.


def _add_function(found: _Found, keys: list[str], texts: list[Any]) -> None:
    found.functions.append(FunctionNames(keys=keys, called_by=[text for text in texts if isinstance(text, str)]))


def with_short_keys(machines: list[TemplateMachine]) -> list[TemplateMachine]:
    """Return the machines without the short names that several of them have."""
    counts = Counter(key for machine in machines for key in machine.keys)
    return [replace(machine, keys=tuple(key for key in machine.keys if counts[key] == 1)) for machine in machines]


def _check_variables(root: Module, given: Mapping[str, Any], file: str) -> None:
    for name in given:
        if name not in root.variables:
            raise TemplateError(
                f"variables= has {name!r}, but {file} declares no such variable. "
                f"Nearest: {nearest(name, root.variables)}."
            )


def _check_resources(deployment: Deployment, found: _Found, file: str) -> None:
    unused = [name for name in deployment.resources if name not in deployment.used]
    if unused and not found.broken:
        raise TemplateError(
            f"resources= has {unused[0]!r}, but no machine of {file} needs it. "
            f"Nearest: {nearest(unused[0], deployment.plausible.values)}."
        )


def _no_machines(root: Module, file: str) -> NoMachinesError:
    types = Counter(block.labels[0] for block in root.resources.values())
    resources = ", ".join(kind if count == 1 else f"{kind} ({count})" for kind, count in sorted(types.items()))
    return NoMachinesError(
        f"The configuration {file} has no state machines ({MACHINE}). It has: {resources or 'no resources'}."
    )
