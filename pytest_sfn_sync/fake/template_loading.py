"""The part of the fake that loads templates. It registers their machines; mocks may name their functions by logical id.

The package `templates` reads them. It is imported when the first template is loaded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_sfn_sync.argument_checks import check_arguments, is_account_id, is_region
from pytest_sfn_sync.asl.location import ROOT, Location
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import DefinitionError, OptionError, SfnSyncUsageError, TemplateError
from pytest_sfn_sync.fake.machines import StateMachine, runnable
from pytest_sfn_sync.options import Options
from pytest_sfn_sync.registry import MACHINE_TYPES, AlreadyRegisteredError, Registry
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.document_size import why_not_json
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.resources import function_name_of

if TYPE_CHECKING:
    from pytest_sfn_sync.templates.stack import Environment
    from pytest_sfn_sync.templates.state_machines import BrokenMachine, TemplateMachine
    from pytest_sfn_sync.templates.template import ReadTemplate


_PSEUDO_PARAMETERS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "AWS::Region": (is_region, "the name of a region such as 'eu-west-1'"),
    "AWS::AccountId": (is_account_id, "a str of 12 digits"),
}


class UnknownMachineError(TemplateError, KeyError):
    """A template does not contain the machine; it is also a KeyError, as a mapping has to raise one."""

    __module__ = "pytest_sfn_sync"

    __str__ = Exception.__str__


class LoadedTemplate(Mapping[str, StateMachine]):
    """The machines of a template by logical id.

    In the serverless framework the logical id is the key in ``stateMachines``. A machine may also be looked up by its
    name, or by a logical id of the CDK without its hash.

    ``file`` is the template. ``notes`` has remarks that no failing test would show. Each machine that could not be
    registered has a note with its first fault. ``made_up`` has the plausible values that were used because neither the
    template nor the test has them. Its keys are names: of a parameter, an export, a resource (``Queue``) or an
    attribute (``Queue.Arn``). ``broken`` has the errors of the machines that could not be registered, by logical id.
    Looking up such a machine, or starting it, raises its error.
    """

    def __init__(
        self,
        file: str,
        machines: Mapping[str, StateMachine],
        *,
        also_known_as: Mapping[str, str],
        left_out: Mapping[str, str],
        broken: Mapping[str, SfnSyncUsageError],
        notes: list[str],
        made_up: Mapping[str, Any],
    ) -> None:
        self.file = file
        self.notes = notes
        self.made_up = dict(made_up)
        self.broken = dict(broken)
        self._machines = dict(machines)
        self._also_known_as = also_known_as
        self._left_out = left_out

    def __getitem__(self, key: str) -> StateMachine:
        if not isinstance(key, str):
            raise UnknownMachineError(f"{self.file} has machines by their names, not by {shown_value(key)}.")
        logical_id = self._also_known_as.get(key, key)
        machine = self._machines.get(logical_id)
        if machine is not None:
            return machine
        if logical_id in self.broken:
            raise self.broken[logical_id].at(f"The machine {shown_value(key)} of {self.file} was not registered")
        if key in self._left_out:
            raise UnknownMachineError(
                f"{self.file} leaves the machine {shown_value(key)} out: its condition {self._left_out[key]} is false."
            )
        near = ", ".join(nearest_first(str(key), self._machines)[:3]) or "there are none"
        raise UnknownMachineError(f"{self.file} has no machine {shown_value(key)}. Nearest: {near}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._machines)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._also_known_as.get(key, key) in self._machines

    def __len__(self) -> int:
        return len(self._machines)

    def __repr__(self) -> str:
        return f"<LoadedTemplate {self.file}: {', '.join(self._machines)}>"


class _Unregistered(NamedTuple):
    """A machine of a template that could not be registered, with its error and the first fault in the error."""

    key: str
    name: str
    error: SfnSyncUsageError
    first_fault: str

    @property
    def note(self) -> str:
        """The line about the machine in `LoadedTemplate.notes`."""
        return f"{self.key} is not registered: {self.first_fault.rstrip('.')}. Using it raises the whole error."


def _first_fault(error: DefinitionError) -> str:
    """Return the first diagnostic or, if the definition could not be read, the line of the message with the reason."""
    return str(error.diagnostics[0]) if error.diagnostics else str(error).partition("\n")[0].rstrip(":")


class TemplateLoading:
    """The methods of `SfnSync` for templates."""

    options: Options
    _region: str
    templates: list[LoadedTemplate]
    _registry: Registry
    _mock_table: MockTable

    def _refuse_after_the_end(self, method: str) -> None:
        raise NotImplementedError

    def load_template(
        self,
        path: str | os.PathLike[str] | Mapping[str, Any],
        *,
        parameters: Mapping[str, Any] | None = None,
        resources: Mapping[str, Any] | None = None,
        definitions: Mapping[str, str | os.PathLike[str]] | None = None,
        only: Iterable[str] | None = None,
        type: str | Mapping[str, str] | None = None,
        replace: bool = False,
    ) -> LoadedTemplate:
        """Register the machines of a template, and return them by logical id.

        ``path`` is a template of SAM, CloudFormation or the CDK, the CDK's folder ``cdk.out``, or a
        ``serverless.yml``. It may also be a template as a dict: ``Template.from_stack(stack).to_json()``.

        ``parameters`` has the values of the template's parameters and pseudo parameters (``AWS::StackName``). It also
        has the values of the serverless framework's variables, by their text (``opt:stage``), and of placeholders, by
        theirs (``${Name}``). ``resources`` has the values of ``Ref`` and ``Fn::GetAtt`` by logical id: a str for
        ``Ref`` and ``Arn``, or a dict of attributes. It also has the values of ``Fn::ImportValue`` by the export's
        name. Every other value is a plausible one, and always the same. ``definitions`` has the files of definitions
        that the template has in S3, by machine: ``{"Orders": "orders.asl.json"}``. ``only`` has the machines to
        register; all others of the template are left alone.

        ``type="EXPRESS"`` registers all machines as Express machines, so that StartSyncExecution runs them;
        ``type={"Orders": "EXPRESS"}`` does it for some of them. ``replace=True`` updates machines of the same names,
        for example if the template is loaded again with other parameters.

        Mocks may name the template's Lambda functions by logical id.

        If one machine can't be read, or its definition is invalid, the others are registered. ``notes`` then has the
        first fault of that machine, and its TemplateError or DefinitionError is raised when the machine is used. If no
        machine can be registered, the error is raised here, as is the DefinitionError of a machine whose name was taken
        before. A fault of the template itself, or of an argument, raises TemplateError here.
        """
        self._refuse_after_the_end("load_template")
        check_arguments("load_template", replace=replace)
        is_document = isinstance(path, Mapping)
        _check_arguments("." if is_document else path, {"parameters": parameters, "resources": resources})
        why = why_not_json(path) if is_document else None
        if why is not None:
            raise OptionError(f"load_template can't use the template that it is given as a dict: {why}.")
        # Imported only for a template, as it imports the YAML library.
        from pytest_sfn_sync.templates.stack import Environment

        given = dict(parameters or {})
        region = str(given.get("AWS::Region", self._region))
        environment = Environment(
            region=region,
            account_id=str(given.get("AWS::AccountId", self.options.account_id)),
            partition=str(given.get("AWS::Partition", partition_of(region))),
            parameters=given,
            resources=dict(resources or {}),
            definitions=_definition_paths(definitions),
        )
        read = _read(path, environment)
        if only is not None:
            read = _only(read, only)
        return self._loaded(read, environment, type, replace=replace)

    def load_terraform(
        self,
        path: str | os.PathLike[str] | Mapping[str, Any],
        *,
        variables: Mapping[str, Any] | None = None,
        resources: Mapping[str, Any] | None = None,
        type: str | Mapping[str, str] | None = None,
        replace: bool = False,
    ) -> LoadedTemplate:
        """Register the machines of a Terraform configuration, and return them by address.

        ``path`` is the folder of the root module, or a ``.tf`` file in it. It needs the extra ``terraform``. It may
        also be the JSON of ``terraform show -json``, as a path or a dict, which needs no extra.

        ``variables`` has the values of the root module's variables; they win over those of tfvars files and over
        defaults. ``resources`` has attributes of resources by address: ``{"aws_sqs_queue.jobs.url": "https://..."}``,
        or ``{"aws_sqs_queue.jobs": {"url": "https://..."}}``. Every other value that AWS decides is a plausible one,
        and always the same; ``made_up`` has it.

        ``type`` and ``replace`` are those of `load_template`, as are the errors. Machines
        are looked up by address (``aws_sfn_state_machine.orders``) or by a name that only one has (``orders``). Mocks
        may name Lambda functions by address (``aws_lambda_function.charge``).
        """
        self._refuse_after_the_end("load_terraform")
        check_arguments("load_terraform", replace=replace)
        arguments = {"variables": variables, "resources": resources}
        _check_arguments("." if isinstance(path, Mapping) else path, arguments, "load_terraform")
        # Imported only for a configuration.
        from pytest_sfn_sync.templates.stack import Environment
        from pytest_sfn_sync.terraform.terraform_configurations import read_configuration

        environment = Environment(
            region=self._region,
            account_id=self.options.account_id,
            partition=partition_of(self._region),
            parameters=dict(variables or {}),
            resources=dict(resources or {}),
        )
        return self._loaded(read_configuration(path, environment), environment, type, replace=replace)

    def _loaded(
        self,
        read: ReadTemplate,
        environment: Environment,
        type: str | Mapping[str, str] | None,
        *,
        replace: bool,
    ) -> LoadedTemplate:
        types = _types(read, type)
        machines, broken = self._registered(read, types, environment, replace=replace)
        for names in read.functions:
            for text in names.called_by:
                function = function_name_of(text)
                if function is not None:
                    self._mock_table.add_logical_ids(names.keys, function)
        loaded = LoadedTemplate(
            read.file,
            machines,
            also_known_as=_also_known_as(read),
            left_out=read.left_out,
            broken={one.key: one.error for one in broken},
            notes=[*read.notes, *(one.note for one in broken)],
            made_up=read.made_up,
        )
        self.templates.append(loaded)
        return loaded

    def _registered(
        self, read: ReadTemplate, types: Mapping[str, str], environment: Environment, *, replace: bool
    ) -> tuple[dict[str, StateMachine], list[_Unregistered]]:
        # Imported only for a template, as it imports the YAML library.
        from pytest_sfn_sync.templates.template_faults import template_error

        machines: dict[str, StateMachine] = {}
        broken = [
            _Unregistered(
                machine.key,
                machine.name,
                template_error(read.file, machine.faults),
                str(next(iter(machine.faults), "")),
            )
            for machine in read.broken
        ]
        for machine in read.machines:
            try:
                registered = self._registry.register(
                    name=machine.name,
                    definition=machine.definition,
                    type=types[machine.key],
                    region=environment.region,
                    account_id=environment.account_id,
                    substitutions=machine.literals,
                    source=machine.source,
                    line_map=machine.line_map,
                    replace=replace,
                )
                machines[machine.key] = runnable(registered)
            except DefinitionError as error:
                is_taken = isinstance(error, AlreadyRegisteredError)
                if is_taken and machine.name not in {registered.name for registered in machines.values()}:
                    raise  # Else a machine of an earlier load would answer in its place.
                hints = [*_guesses_at_fault(error, machine, read), *_about_types(machine, types, read.loader)]
                refusal = DefinitionError("\n  ".join([str(error), *hints]), error.diagnostics)
                broken.append(_Unregistered(machine.key, machine.name, refusal, _first_fault(error)))
        if broken and not machines:
            diagnostics = [fault for one in broken for fault in getattr(one.error, "diagnostics", ())]
            raise DefinitionError("\n".join(str(one.error) for one in broken), diagnostics)
        for one in broken:
            self._registry.keep_broken(
                one.name, one.error, region=environment.region, account_id=environment.account_id, replace=replace
            )
        return machines, broken


def _read(template: str | os.PathLike[str] | Mapping[str, Any], environment: Environment) -> ReadTemplate:
    # Imported only for a template, as they import the YAML library.
    from pytest_sfn_sync.templates.template import read_template

    if isinstance(template, Mapping):
        return read_template(template, environment)
    path = Path(template)
    if path.is_dir():
        from pytest_sfn_sync.templates.cloud_assembly import read_assembly

        return read_assembly(path, environment)
    return read_template(path, environment)


def _definition_paths(definitions: object) -> dict[str, Path]:
    is_dict = isinstance(definitions, Mapping)
    if definitions is not None and not is_dict:
        shown = shown_value(definitions)
        raise OptionError(f"load_template takes definitions= as a dict of paths by machine, not {shown}.")
    paths = {}
    for name, path in definitions.items() if isinstance(definitions, Mapping) else ():
        if not isinstance(name, str) or not isinstance(path, str | os.PathLike):
            shown = f"{shown_value(path)} for {shown_value(name)}"
            raise OptionError(f"load_template takes definitions= as a dict of paths by machine; it has {shown}.")
        paths[name] = Path(path)
    return paths


def _only(read: ReadTemplate, only: object) -> ReadTemplate:
    """Return a template without the machines that the test does not name."""
    if isinstance(only, str) or not isinstance(only, Iterable):
        raise OptionError(f"load_template takes only= as a list of machines, not {shown_value(only)}.")
    ids = {**{machine.key: machine.key for machine in _all_machines(read)}, **_also_known_as(read)}
    wanted = set()
    for name in only:
        if name not in ids:
            near = ", ".join(nearest_first(str(name), ids)[:3]) or "there are none"
            raise TemplateError(f"only= has {shown_value(name)}, but {read.file} has no such machine. Nearest: {near}.")
        wanted.add(ids[name])
    return replace(
        read,
        machines=[machine for machine in read.machines if machine.key in wanted],
        broken=[machine for machine in read.broken if machine.key in wanted],
    )


def _check_arguments(path: object, mappings: Mapping[str, object], method: str = "load_template") -> None:
    if not isinstance(path, str | os.PathLike):
        raise OptionError(f"{method} takes the path of a template, not {shown_value(path)}.")
    for argument, given in mappings.items():
        if given is None:
            continue
        if not (isinstance(given, Mapping) and all(isinstance(name, str) for name in given)):
            shown = shown_value(given)
            raise OptionError(f"{method} takes {argument}= as a dict with names as its keys, not {shown}.")
        for name, value in given.items():
            why = why_not_json(value)
            if why is not None:
                raise OptionError(f"{method} can't use the value of {shown_value(name)} in {argument}=: {why}.")
        _check_pseudo_parameters(argument, given)


def _check_pseudo_parameters(argument: str, given: Mapping[str, object]) -> None:
    if argument != "parameters":
        return
    for name, (is_fit, wanted) in _PSEUDO_PARAMETERS.items():
        if name in given and not is_fit(given[name]):
            raise OptionError(
                f"load_template takes {shown_value(name)} in parameters= as {wanted}, not {shown_value(given[name])}."
            )


def _guesses_at_fault(error: DefinitionError, machine: TemplateMachine, read: ReadTemplate) -> list[str]:
    """Return lines about the values at a definition's faults that are not known, and whose form is not known either."""
    at_fault = {fault.place or fault.location for fault in error.diagnostics}
    texts = [text for location, text in _texts(machine.definition, ROOT) if location in at_fault]
    return [
        f"The value of {shown_value(name)} is a guess, as neither the template nor the test contains it. "
        f"Give it: {read.loader}(..., {argument})."
        for name, argument in read.guesses.items()
        if any(name in text for text in texts)
    ]


def _texts(value: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(member, location / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, location / index)


def _about_types(machine: TemplateMachine, types: Mapping[str, str], loader: str) -> list[str]:
    if types[machine.key] == machine.type or len(types) == 1:
        return []
    others = ", ".join(f"{json.dumps(key)}: {json.dumps(kind)}" for key, kind in types.items() if key != machine.key)
    return [f"The template says {machine.type}. The type of the others alone: {loader}(..., type={{{others}}})."]


def _types(read: ReadTemplate, given: str | Mapping[str, str] | None) -> dict[str, str]:
    types = {machine.key: machine.type for machine in read.machines}
    if isinstance(given, Mapping):
        ids = {**{machine.key: machine.key for machine in _all_machines(read)}, **_also_known_as(read)}
        for name, kind in given.items():
            if name not in ids:
                near = ", ".join(nearest_first(str(name), types)[:3])
                raise TemplateError(
                    f"type= has {shown_value(name)}, but {read.file} has no such machine. Nearest: {near}."
                )
            types[ids[name]] = kind
    elif given is not None:
        types = dict.fromkeys(types, given)
    for name, kind in types.items():
        if kind not in MACHINE_TYPES:
            raise OptionError(
                f"{read.loader} gives the machine {shown_value(name)} the type {shown_value(kind)}; write "
                "'EXPRESS' or 'STANDARD'."
            )
    return types


def _all_machines(read: ReadTemplate) -> list[TemplateMachine | BrokenMachine]:
    return [*read.machines, *read.broken]


def _also_known_as(read: ReadTemplate) -> dict[str, str]:
    """Return a mapping from the other names of machines to their keys."""
    keys = {machine.key for machine in _all_machines(read)}
    others = {name: machine.key for machine in _all_machines(read) for name in (machine.name, *machine.keys)}
    return {name: key for name, key in others.items() if name not in keys}
