"""The JSON of ``terraform show -json``: the state machines of a plan or a state, with the values that are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.sources import SourceText, UnreadableSourceError
from pytest_sfn_sync.sources.json_source import read_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.templates.placeholders import literal_placeholders
from pytest_sfn_sync.templates.state_machines import BrokenMachine, TemplateMachine
from pytest_sfn_sync.templates.template import FunctionNames, ReadTemplate
from pytest_sfn_sync.templates.template_faults import Fault, template_error
from pytest_sfn_sync.terraform.terraform_machines import MACHINE, TYPES

_FUNCTIONS: Final = ("aws_lambda_function", "aws_lambda_alias")


def read_show_json(given: Path | Mapping[str, Any], resources: Mapping[str, Any]) -> ReadTemplate:
    """Read a plan or a state; raise TemplateError if it is neither, or if no machine in it can be read."""
    file = "the plan" if isinstance(given, Mapping) else shown_path(str(given))
    root = given if isinstance(given, Mapping) else _read(given, file)
    values = root.get("planned_values", root.get("values"))
    if not isinstance(values, Mapping) or not isinstance(values.get("root_module"), Mapping):
        raise TemplateError(f"{file} is no output of `terraform show -json`: it has neither planned_values nor values.")
    unknown = {
        change.get("address"): change.get("change", {}).get("after_unknown", {})
        for change in root.get("resource_changes", ())
        if isinstance(change, Mapping)
    }
    machines: list[TemplateMachine] = []
    broken: list[BrokenMachine] = []
    functions: list[FunctionNames] = []
    for resource in _resources(values["root_module"]):
        address, after = str(resource["address"]), {**resource.get("values", {}), **_given(resources, resource)}
        if resource.get("type") in _FUNCTIONS:
            texts = [after.get("function_name"), after.get("arn")]
            names = [address, *_label(resource)]
            functions.append(FunctionNames(keys=names, called_by=[text for text in texts if isinstance(text, str)]))
        elif resource.get("type") == MACHINE and resource.get("mode", "managed") == "managed":
            machine = _machine(resource, address, after, unknown.get(address) or {}, file)
            if isinstance(machine, TemplateMachine):
                machines.append(machine)
            else:
                broken.append(machine)
    if not machines and broken:
        raise template_error(file, (fault for one in broken for fault in one.faults))
    if not machines:
        raise TemplateError(f"{file} has no state machines ({MACHINE}).")
    return ReadTemplate(
        file=file,
        machines=machines,
        broken=broken,
        functions=functions,
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
        raise TemplateError(f"{file} can't be loaded: there is no such file.") from None
    except UnreadableSourceError as error:
        raise TemplateError(f"{file} can't be loaded: {error.why}.") from None
    if not isinstance(root, Mapping):
        raise TemplateError(f"{file} is no output of `terraform show -json`: it is not an object.")
    return root


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _given(resources: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a resource that the test sets, in either form."""
    address = str(resource["address"])
    of_resource = resources.get(address)
    own = dict(of_resource) if isinstance(of_resource, Mapping) else {}
    prefix = f"{address}."
    return {**own, **{key[len(prefix) :]: value for key, value in resources.items() if key.startswith(prefix)}}


def _label(resource: Mapping[str, Any]) -> list[str]:
    return [str(resource["name"])] if "name" in resource and "module." not in str(resource["address"]) else []


def _machine(
    resource: Mapping[str, Any], address: str, after: Mapping[str, Any], unknown: Mapping[str, Any], file: str
) -> TemplateMachine | BrokenMachine:
    label = str(resource.get("name", address))
    prefix = after.get("name_prefix")
    name = after.get("name") or (f"{prefix}{label}" if prefix else label)
    kind = after.get("type") or "STANDARD"
    keys = () if label == address else (label,)
    text = after.get("definition")

    def refused(why: str) -> BrokenMachine:
        return BrokenMachine(key=address, keys=keys, name=str(name), faults=(Fault(f"{file}: {address}: {why}", None),))

    if not isinstance(text, str):
        why = "is known only after apply" if unknown.get("definition") else "is missing"
        return refused(
            f"its definition {why}. Load the folder with load_terraform, or set it: "
            f'load_terraform(..., resources={{"{address}": {{"definition": ...}}}}).'
        )
    if kind not in TYPES:
        return refused(f"its type is 'EXPRESS' or 'STANDARD', not {kind!r}.")
    try:
        document = read_json(text)
    except UnreadableSourceError as error:
        return refused(f"its definition can't be read: {error.why}.")
    return TemplateMachine(
        key=address,
        keys=keys,
        name=str(name),
        type=str(kind),
        definition=document,
        literals=literal_placeholders(document),
        source=file,
        line_map=lambda: None,
    )
