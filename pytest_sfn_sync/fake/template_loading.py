"""The part of the fake that loads templates. It registers their machines; mocks may name their functions by logical id.

The package `templates` reads them. It is imported when the first template is loaded.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_sfn_sync.argument_checks import check_arguments, is_one_of
from pytest_sfn_sync.asl.location import texts_of
from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.errors import DefinitionError, OptionError, SfnSyncUsageError, TemplateError
from pytest_sfn_sync.fake.definition_search import FileKind, kind_of_file
from pytest_sfn_sync.fake.loaded_template import LoadedTemplate
from pytest_sfn_sync.fake.machines import StateMachine, runnable
from pytest_sfn_sync.fake.template_arguments import check_template_arguments, definition_paths
from pytest_sfn_sync.options import Options
from pytest_sfn_sync.registry import MACHINE_TYPES, AlreadyRegisteredError, Registry
from pytest_sfn_sync.registry.names import partition_of
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.document_size import why_not_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.terraform_paths import is_terraform
from pytest_sfn_sync.sources.text_files import path_fault
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.mock_targets import FunctionTarget
from pytest_sfn_sync.tasks.mocks import TaskMock
from pytest_sfn_sync.tasks.resources import function_name_of

if TYPE_CHECKING:
    from pytest_sfn_sync.templates.stack import Environment
    from pytest_sfn_sync.templates.state_machines import BrokenMachine, TemplateMachine
    from pytest_sfn_sync.templates.template import ReadTemplate


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

    def _declare_activities(self, arns: Sequence[str]) -> None:
        raise NotImplementedError

    def _mock(self, method: str, target: str, **arguments: Any) -> TaskMock:
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
        check_template_arguments("." if is_document else path, {"parameters": parameters, "resources": resources})
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
            definitions=definition_paths(definitions),
        )
        read = _read(path, environment)
        arns = _arns_of_functions(read, environment)
        if arns:
            read = _read(path, dataclasses.replace(environment, fitting=arns))
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
        check_template_arguments("." if isinstance(path, Mapping) else path, arguments, "load_terraform")
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
        if read.activities:
            self._declare_activities(read.activities)
            self._mock_table.add_activities(read.activity_addresses)
        loaded = LoadedTemplate(
            read.file,
            machines,
            also_known_as=_also_known_as(read),
            left_out=read.left_out,
            broken={one.key: one.error for one in broken},
            notes=[*read.notes, *(one.note for one in broken)],
            made_up=read.made_up,
            functions=read.functions,
            region=environment.region,
            mock_function=partial(self._mock, FunctionTarget.method),
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
    is_path = path_fault(str(path)) is None
    try:
        if is_path and path.is_dir():
            from pytest_sfn_sync.templates.cloud_assembly import read_assembly

            return read_assembly(path, environment)
        return read_template(path, environment)
    except TemplateError:
        if not is_path or not _is_of_terraform(path):
            raise
    raise TemplateError(
        f"The template {shown_path(str(path))} can't be loaded: it is of Terraform. Load it with load_terraform."
    )


def _is_of_terraform(path: Path) -> bool:
    """Return whether a path is a Terraform configuration, one of its files, or a plan in JSON."""
    if path.is_dir():
        files = list(path.iterdir())
        return any(map(is_terraform, files)) and not any(file.name.endswith(".template.json") for file in files)
    if not path.is_file():
        return False
    return is_terraform(path) or (path.suffix == ".json" and kind_of_file(path) is FileKind.PLAN)


def _arns_of_functions(read: ReadTemplate, environment: Environment) -> dict[str, str]:
    """Return ARNs for the values that are not known and that are the Resource of a Task, as a check has them."""
    names = {read.made_up[name]: name for name in read.guesses if isinstance(read.made_up[name], str)}
    at_fault = {
        names[text]
        for machine in read.machines
        for location, text in texts_of(machine.definition)
        if location.last == "Resource" and text in names
    }
    place = f"arn:{environment.partition}:lambda:{environment.region}:{environment.account_id}:function:"
    return {name: place + re.sub(r"\W+", "-", name) for name in at_fault}


def _only(read: ReadTemplate, only: object) -> ReadTemplate:
    """Return a template without the machines that the test does not name."""
    if isinstance(only, str) or not isinstance(only, Iterable):
        raise OptionError(f"load_template takes only= as a list of machines, not {shown_value(only)}.")
    ids = {**{machine.key: machine.key for machine in _all_machines(read)}, **_also_known_as(read)}
    wanted = set()
    for name in only:
        if name not in ids:
            near = nearest(str(name), ids)
            raise TemplateError(f"only= has {shown_value(name)}, but {read.file} has no such machine. Nearest: {near}.")
        wanted.add(ids[name])
    return dataclasses.replace(
        read,
        machines=[machine for machine in read.machines if machine.key in wanted],
        broken=[machine for machine in read.broken if machine.key in wanted],
    )


def _guesses_at_fault(error: DefinitionError, machine: TemplateMachine, read: ReadTemplate) -> list[str]:
    """Return lines about the values at a definition's faults that are not known, and whose form is not known either."""
    at_fault = {fault.place or fault.location for fault in error.diagnostics}
    texts = [text for location, text in texts_of(machine.definition) if location in at_fault]
    return [
        f"The value of {shown_value(name)} is a guess, as neither the template nor the test contains it. "
        f"Give it: {read.loader}(..., {argument})."
        for name, argument in read.guesses.items()
        if any(name in text for text in texts)
    ]


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
                near = nearest(str(name), types)
                raise TemplateError(
                    f"type= has {shown_value(name)}, but {read.file} has no such machine. Nearest: {near}."
                )
            types[ids[name]] = kind
    elif given is not None:
        types = dict.fromkeys(types, given)
    for name, kind in types.items():
        if not is_one_of(kind, *MACHINE_TYPES):
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
