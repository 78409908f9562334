"""The JSON of ``terraform show -json``: the state machines of a plan or a state, with the values that are known.

Terraform has evaluated everything in it. So variables have no effect, and a value that the test sets has an effect on
its own attribute alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.sources import SourceText, UnreadableSourceError
from pytest_sfn_sync.sources.json_source import read_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import about_missing_file
from pytest_sfn_sync.templates.stack import Environment
from pytest_sfn_sync.templates.state_machines import BrokenMachine, TemplateMachine
from pytest_sfn_sync.templates.template import FunctionNames, ReadTemplate
from pytest_sfn_sync.templates.template_faults import Fault, template_error
from pytest_sfn_sync.terraform.terraform_machines import ACTIVITY, FUNCTIONS, MACHINE, with_short_keys
from pytest_sfn_sync.terraform.values import ValueKindError
from pytest_sfn_sync.terraform.written_machines import WrittenMachine, name_of, type_of

_ATTRIBUTES: Final = {
    MACHINE: ("name", "name_prefix", "type", "definition"),
    **dict.fromkeys(FUNCTIONS, ("function_name", "arn")),
    ACTIVITY: ("name", "arn", "id"),
}
"""The attributes that are read, by the type of the resource."""


@dataclass(slots=True)
class _Found:
    file: str
    unknown: Mapping[str, Mapping[str, Any]]
    given: Mapping[str, Any]
    used: set[str] = field(default_factory=set)
    settable: list[str] = field(default_factory=list)
    machines: list[TemplateMachine] = field(default_factory=list)
    broken: list[BrokenMachine] = field(default_factory=list)
    functions: list[FunctionNames] = field(default_factory=list)
    activities: dict[str, str] = field(default_factory=dict)


def read_show_json(given: Path | Mapping[str, Any], environment: Environment) -> ReadTemplate:
    """Read a plan or a state; raise TemplateError if it is neither, or if no machine in it can be read."""
    file = "the plan" if isinstance(given, Mapping) else shown_path(str(given))
    root = given if isinstance(given, Mapping) else _read(given, file)
    values = root.get("planned_values", root.get("values"))
    if not isinstance(values, Mapping) or not isinstance(values.get("root_module"), Mapping):
        raise TemplateError(f"{file} is no output of `terraform show -json`: it has neither planned_values nor values.")
    if environment.parameters:
        raise TemplateError(
            f"variables= has no effect on {file}: Terraform has put the values of variables into it already. Give them "
            "to `terraform plan`, or load the folder."
        )
    found = _Found(file, _unknown(root), environment.resources)
    for resource in [*_resources(values["root_module"]), *_data_sources_of_plan(root)]:
        _add(found, resource, environment)
    _check_resources(found)
    faults = [fault for one in found.broken for fault in one.faults]
    is_open = environment.invents_numbers and all(fault.is_elsewhere for fault in faults)
    if not found.machines and faults and not is_open:
        raise template_error(file, faults)
    if not found.machines and not faults:
        raise TemplateError(f"{file} has no state machines ({MACHINE}).")
    return ReadTemplate(
        file=file,
        machines=with_short_keys(found.machines),
        broken=found.broken,
        functions=found.functions,
        activities=tuple(found.activities.values()),
        activity_addresses=found.activities,
        left_out={},
        notes=[],
        made_up={},
        guesses={},
        loader="load_terraform",
    )


def _read(path: Path, file: str) -> Mapping[str, Any]:
    try:
        root = read_json(SourceText.of_file(path).text)
    except FileNotFoundError:
        raise TemplateError(f"{file} can't be loaded: {about_missing_file(path)}.") from None
    except UnreadableSourceError as error:
        raise TemplateError(f"{file} can't be loaded: {error.why}.") from None
    if not isinstance(root, Mapping):
        raise TemplateError(f"{file} is no output of `terraform show -json`: it is not an object.")
    return root


def _unknown(root: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return, by address, the attributes that are known only after apply."""
    changes = [(change.get("address"), change.get("change")) for change in _objects(root.get("resource_changes"))]
    return {
        address: change["after_unknown"]
        for address, change in changes
        if isinstance(address, str) and isinstance(change, Mapping) and isinstance(change.get("after_unknown"), Mapping)
    }


def _data_sources_of_plan(root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the data sources that a plan has read. Recorded: they are in its prior_state, not in planned_values."""
    state = root.get("prior_state")
    values = state.get("values") if isinstance(state, Mapping) else None
    module = values.get("root_module") if isinstance(values, Mapping) else None
    if isinstance(module, Mapping):
        yield from (resource for resource in _resources(module) if resource.get("mode") == "data")


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in _objects(module.get("resources")) if isinstance(one.get("address"), str))
    for child in _objects(module.get("child_modules")):
        yield from _resources(child)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _add(found: _Found, resource: Mapping[str, Any], environment: Environment) -> None:
    kind = resource.get("type")
    if kind in FUNCTIONS:
        after = _values(found, resource)
        names = [resource["address"], *_label(resource)]
        texts = [text for text in map(after.get, _ATTRIBUTES[kind]) if isinstance(text, str)]
        found.functions.append(FunctionNames(keys=names, called_by=texts))
    elif kind == MACHINE and resource.get("mode", "managed") == "managed":
        _add_machine(found, resource)
    elif kind == ACTIVITY:
        found.activities[resource["address"]] = _activity(_values(found, resource), environment)


def _activity(after: Mapping[str, Any], environment: Environment) -> str:
    """Return the ARN of an activity. Assumption: that of a plan, known only after apply, has the fake's own region."""
    where = f"arn:{environment.partition}:states:{environment.region}:{environment.account_id}:activity"
    return str(after.get("arn") or after.get("id") or f"{where}:{after.get('name')}")


def _values(found: _Found, resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a resource that are read; those that the test sets win, in either form."""
    address, planned = resource["address"], resource.get("values")
    own = found.given.get(address)
    after = dict(planned) if isinstance(planned, Mapping) else {}
    of_test = own if isinstance(own, Mapping) else {"arn": own, "name": own} if isinstance(own, str) else {}
    for name in _ATTRIBUTES[resource["type"]]:
        key = f"{address}.{name}"
        found.settable.append(key)
        if key in found.given:
            found.used.add(key)
            after[name] = found.given[key]
        elif name in of_test:
            found.used.add(address)
            after[name] = of_test[name]
    return after


def _label(resource: Mapping[str, Any]) -> list[str]:
    is_of_root = "module." not in resource["address"]
    return [resource["name"]] if is_of_root and isinstance(resource.get("name"), str) else []


def _add_machine(found: _Found, resource: Mapping[str, Any]) -> None:
    address, after = resource["address"], _values(found, resource)
    label = str(resource.get("name", address))
    keys = () if label == address else (label,)
    name = label

    def made_name() -> str:
        # Assumption: a name of which the plan has the beginning alone ends with the resource's own label.
        return str(after.get("name") or f"{after.get('name_prefix') or ''}{label}").rpartition(":")[2]

    try:
        written = WrittenMachine(after.get, made_name)
        name, kind = name_of(written), type_of(written)
        document = _document(after.get("definition"), address, found)
    except ValueKindError as error:
        is_elsewhere = bool(found.unknown.get(address, {}).get("definition"))
        fault = Fault(f"{found.file}: {address}: {error}.", None, is_elsewhere=is_elsewhere)
        found.broken.append(BrokenMachine(key=address, keys=keys, name=name, faults=(fault,)))
        return
    found.machines.append(
        TemplateMachine(
            key=address,
            keys=keys,
            name=name,
            type=kind,
            definition=document,
            source=found.file,
            line_map=lambda: None,
        )
    )


def _document(text: Any, address: str, found: _Found) -> Any:
    if not isinstance(text, str):
        why = "is known only after apply" if found.unknown.get(address, {}).get("definition") else "is missing"
        raise ValueKindError(
            f"its definition {why}. Load the folder with load_terraform, or set it: "
            f'load_terraform(..., resources={{"{address}": {{"definition": ...}}}})'
        )
    try:
        document = read_json(text)
    except UnreadableSourceError as error:
        raise ValueKindError(f"its definition can't be read: {error.why}") from None
    if not isinstance(document, dict):
        raise ValueKindError("its definition is not the JSON of an object")
    return document


def _check_resources(found: _Found) -> None:
    unused = [name for name in found.given if name not in found.used]
    if unused:
        raise TemplateError(
            f"resources= has {unused[0]!r}, which has no effect on {found.file}: Terraform has evaluated it already. "
            f"Nearest of what can be set: {nearest(unused[0], found.settable)}."
        )
