"""A module of Terraform: a folder, with its variables, locals, resources, data sources, child modules and outputs.

Everything is evaluated when it is needed for the first time, and once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import real_path
from pytest_sfn_sync.terraform.declarations import RefusedConfigurationError
from pytest_sfn_sync.terraform.deployment import MOST_INSTANCES, Deployment, LazyMembers
from pytest_sfn_sync.terraform.guessed_values import GuessedList, GuessedMap, GuessedText, PartOf
from pytest_sfn_sync.terraform.hcl_source import Block, SourceExpression
from pytest_sfn_sync.terraform.plausible_attributes import form_by_name
from pytest_sfn_sync.terraform.resource_values import ResourceValue, plain_key, plain_name
from pytest_sfn_sync.terraform.root_variables import tfvars
from pytest_sfn_sync.terraform.values import SetValue, ValueKindError, bool_of, kind_of, set_of, text_of, whole_of
from pytest_sfn_sync.terraform.variable_types import converted, type_name

_META_ARGUMENTS: Final = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})
"""The arguments of a call that are not those of the module."""

_INVENTED: Final[Mapping[str, Callable[[PartOf], Any]]] = {
    "number": lambda part: 1,
    "bool": lambda part: False,
    "list": GuessedList,
    "tuple": GuessedList,
    "set": lambda part: set_of([part("0")]),
    "map": GuessedMap,
    "object": GuessedMap,
}
"""The values of variables that have none, in checks that run no machine."""


class Module:
    """One call of a module, or the root module; ``address`` is "" for the root, else ``module.x``."""

    def __init__(
        self,
        folder: Path,
        deployment: Deployment,
        *,
        address: str = "",
        root: Path | None = None,
        arguments: Callable[[str], tuple[bool, Any]] | None = None,
        callers: tuple[Path, ...] = (),
        where: str = "",
    ) -> None:
        self.folder = folder
        self.root_folder = folder if root is None else root
        self.deployment = deployment
        self.address = address
        self._callers = (*callers, real_path(folder))
        self._arguments = arguments
        self._values: dict[tuple[str, str], Any] = {}
        self._in_progress: list[str] = []
        self._validated: set[str] = set()
        self._tfvars: dict[str, SourceExpression] | None = None
        declared = deployment.declarations(folder, where)
        self.resources = declared.blocks["resource"]
        self.data = declared.blocks["data"]
        self.calls = declared.blocks["module"]
        self.variables = declared.blocks["variable"]
        self.outputs = declared.blocks["output"]
        self.locals = declared.locals

    def within(self, address: str) -> str:
        """Return the address of a thing of this module, as the root module names it."""
        return f"{self.address}.{address}" if self.address else address

    def value_of(self, name: str, where: str) -> Any:
        """Return what a name of this module stands for."""
        rows: Mapping[str, Callable[[], Any]] = {
            "var": lambda: LazyMembers("variable", self.variables, self._variable),
            "local": lambda: LazyMembers("local", self.locals, self._local),
            "module": lambda: LazyMembers("module", self.calls, self.child),
            "data": lambda: _Data(self),
            "path": lambda: {
                "module": self.folder.as_posix(),
                "root": self.root_folder.as_posix(),
                "cwd": self.root_folder.as_posix(),
            },
            "terraform": lambda: {"workspace": "default"},
        }
        if name in rows:
            return rows[name]()
        of_type = {
            address.partition(".")[2]: block
            for address, block in self.resources.items()
            if address.startswith(f"{name}.")
        }
        if of_type:
            return LazyMembers(name, of_type, lambda label: self.resource(f"{name}.{label}"))
        known = [*rows, *sorted({address.partition(".")[0] for address in self.resources})]
        raise ValueKindError(f"the module has nothing that is called {name!r}. Nearest: {nearest(name, known)}")

    def once(self, kind: str, name: str, make: Callable[[], Any]) -> Any:
        """Return a value that is made at its first use; raise ValueKindError if it needs itself."""
        key = (kind, name)
        if key not in self._values:
            label = f"{kind}.{name}"
            if label in self._in_progress:
                circle = " -> ".join([*self._in_progress[self._in_progress.index(label) :], label])
                raise ValueKindError(f"it needs itself: {circle}")
            self._in_progress.append(label)
            try:
                self._values[key] = make()
            finally:
                self._in_progress.pop()
        return self._values[key]

    def evaluated(self, expression: SourceExpression, own: Mapping[str, Any] | None = None) -> Any:
        """Return the value of an expression of this module."""
        return self.deployment.evaluator.value(expression, self, own or {})

    def _local(self, name: str) -> Any:
        return self.once("local", name, lambda: self.evaluated(self.locals[name]))

    def _variable(self, name: str) -> Any:
        value = self.once("var", name, lambda: self._value_of_variable(name))
        if name not in self._validated:
            self._validated.add(name)  # Before the conditions, which use the variable themselves.
            if not isinstance(value, GuessedText | GuessedList | GuessedMap):
                self._validate(name)
        return value

    def _validate(self, name: str) -> None:
        """Refuse a value of a variable that one of its ``validation`` blocks refuses."""
        for block in self.variables[name].blocks:
            condition, message = block.attributes.get("condition"), block.attributes.get("error_message")
            if block.type == "validation" and condition is not None and not bool_of(self.evaluated(condition)):
                why = "" if message is None else text_of(self.evaluated(message)).rstrip(".")
                raise RefusedConfigurationError(
                    f"the value of the variable {name!r} is refused by its validation: {why}.", block.where
                )

    def _value_of_variable(self, name: str) -> Any:
        block = self.variables[name]
        type_ = block.attributes.get("type")
        has_value, value = self._given_variable(name)
        if not has_value or (value is None and not self._is_nullable(block)):
            default = block.attributes.get("default")
            if default is not None:
                value = self.deployment.evaluator.constant(default)
            elif has_value:
                raise ValueKindError(f"the variable {name!r} can't be null: it has nullable = false, and no default")
            else:
                return self._unknown_variable(name, type_)
        try:
            return converted(value, type_, self.deployment.evaluator)
        except ValueKindError as error:
            raise ValueKindError(f"the value of the variable {name!r} does not fit its type: {error}") from None

    def _is_nullable(self, block: Block) -> bool:
        """Return whether null is a value of a variable. Recorded: it is, unless ``nullable`` is false."""
        written = block.attributes.get("nullable")
        return written is None or bool_of(self.deployment.evaluator.constant(written))

    def _given_variable(self, name: str) -> tuple[bool, Any]:
        if self._arguments is not None:
            return self._arguments(name)
        if name in self.deployment.variables:
            return True, self.deployment.variables[name]
        if self._tfvars is None:
            self._tfvars = tfvars(self.folder)
        if name in self._tfvars:
            return True, self.deployment.evaluator.constant(self._tfvars[name])
        return False, None

    def _unknown_variable(self, name: str, type_: SourceExpression | None) -> Any:
        written = type_name(type_)
        kind = written.partition("(")[0]
        address = self.within(f"var.{name}")
        if written in ("", "string", "any"):
            text = self.deployment.filled(form_by_name(name), plain_name(name))
            return self.deployment.guess(address, text, "variables", name, is_text=written == "string")
        if self.deployment.invents_values and kind in _INVENTED:
            value = _INVENTED[kind](self.deployment.guess(address, plain_name(name), "variables", name).part)
            return self.deployment.plausible.keep(address, value)
        raise ValueKindError(
            f"the variable {name!r} ({written}) has no default and no value. "
            f"Give it: load_terraform(..., variables={{{json.dumps(name)}: ...}})"
        )

    def keys_of(self, kind: str, address: str, block: Block) -> list[tuple[str, dict[str, Any]]] | None:
        """Return the keys of a block's instances, each with its own names; None for a block without count and for_each.

        A key is written as in an address: ``[0]`` or ``["a"]``.
        """
        return self.once(f"keys of {kind}", address, lambda: self._keys(block))  # type: ignore[no-any-return]

    def _keys(self, block: Block) -> list[tuple[str, dict[str, Any]]] | None:
        if "count" in block.attributes:
            count = whole_of(self.evaluated(block.attributes["count"]))
            if not 0 <= count <= MOST_INSTANCES:
                raise ValueKindError(f"count is {shown_value(count)}; it may be 0 to {MOST_INSTANCES}")
            return [(f"[{index}]", {"count": {"index": index}}) for index in range(count)]
        if "for_each" not in block.attributes:
            return None
        members = _members_of_each(self.evaluated(block.attributes["for_each"]))
        if len(members) > MOST_INSTANCES:
            raise ValueKindError(f"for_each has {len(members):,} members; it may have {MOST_INSTANCES}")
        return [
            (f"[{json.dumps(key)}]", {"each": {"key": key, "value": value}}) for key, value in sorted(members.items())
        ]

    def resource(self, address: str) -> Any:
        """Return a resource: itself, or the list or map of its instances."""
        block = self.resources[address]
        return self._instances(
            "resource", address, block, lambda key, own: ResourceValue(self, address, key, block, own)
        )

    def data_source(self, address: str) -> Any:
        """Return a data source, as `resource` returns a resource."""
        block = self.data[address]
        return self._instances(
            "data", f"data.{address}", block, lambda key, own: ResourceValue(self, f"data.{address}", key, block, own)
        )

    def child(self, name: str) -> Any:
        """Return a child module, as `resource` returns a resource."""
        block = self.calls[name]
        return self._instances("module", name, block, lambda key, own: ModuleValue(self, name, key, block, own))

    def _instances(self, kind: str, address: str, block: Block, make: Callable[[str, dict[str, Any]], Any]) -> Any:
        def made() -> Any:
            keys = self.keys_of(kind, address, block)
            if keys is None:
                return make("", {})
            if "count" in block.attributes:
                return [make(key, own) for key, own in keys]
            return {own["each"]["key"]: make(key, own) for key, own in keys}

        return self.once(kind, address, made)

    def children_of(self, name: str) -> Iterator[ModuleValue]:
        """Yield the instances of a child module."""
        found = self.child(name)
        values = found if isinstance(found, list) else found.values() if isinstance(found, dict) else [found]
        yield from values

    def callers_of(self, folder: Path, where: str) -> tuple[Path, ...]:
        """Return the folders of this module and of those that call it; refuse a call of one of them."""
        if real_path(folder) in self._callers:
            raise RefusedConfigurationError(f"the module {shown_path(str(folder))} calls itself.", where)
        return self._callers


class _Data:
    """``data``: the data sources by type."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def attribute(self, name: str) -> Any:
        """Return the data sources of a type."""
        known = {
            address.partition(".")[2]: block
            for address, block in self._module.data.items()
            if address.startswith(f"{name}.")
        }
        return LazyMembers(f"data source {name}", known, lambda label: self._module.data_source(f"{name}.{label}"))


class ModuleValue:
    """One call of a child module; ``module`` is None if it is not in the folder, but in a registry or elsewhere."""

    def __init__(self, parent: Module, name: str, key: str, block: Block, own: dict[str, Any]) -> None:
        self.parent, self.label, self.key, self.block, self.own = parent, name, key, block, own
        self.address = parent.within(f"module.{name}{key}")
        source = block.attributes.get("source")
        self.source = "" if source is None else text_of(parent.deployment.evaluator.constant(source))
        self._module: Module | None = None

    @property
    def is_local(self) -> bool:
        """Whether the module's folder is a part of the configuration."""
        return self.source.startswith(("./", "../"))

    @property
    def module(self) -> Module:
        """The module, which is read at its first use."""
        if self._module is None:
            folder = self.parent.folder / self.source
            if not os.path.isdir(folder):
                raise RefusedConfigurationError(
                    f"the folder {shown_path(str(folder))} of {self.address} is missing.", self.block.where
                )
            module = Module(
                folder,
                self.parent.deployment,
                address=self.address,
                root=self.parent.root_folder,
                arguments=self.argument,
                callers=self.parent.callers_of(folder, self.block.where),
                where=self.block.where,
            )
            self._check_arguments(module)
            self._module = module
        return self._module

    def _check_arguments(self, module: Module) -> None:
        """Refuse a call without an argument that is needed, or with one for which there is no variable."""
        for name, variable in module.variables.items():
            if name not in self.block.attributes and "default" not in variable.attributes:
                raise RefusedConfigurationError(
                    f"{self.address} has no argument {name!r}: the variable {name!r} ({variable.where}) has no "
                    "default, so each call of the module needs it.",
                    self.block.where,
                )
        for name, expression in self.block.attributes.items():
            if name not in module.variables and name not in _META_ARGUMENTS:
                raise RefusedConfigurationError(
                    f"{self.address} has the argument {name!r}, and the module declares no such variable. "
                    f"Nearest: {nearest(name, module.variables)}.",
                    expression.where,
                )

    def argument(self, name: str) -> tuple[bool, Any]:
        """Return whether the call has an argument, and its value."""
        expression = self.block.attributes.get(name)
        return (False, None) if expression is None else (True, self.parent.evaluated(expression, self.own))

    def attribute(self, name: str) -> Any:
        """Return an output: of the test, of the module's folder, or a plausible one for a module from elsewhere."""
        deployment = self.parent.deployment
        is_given, value = deployment.given(self.address, name)
        if is_given:
            return value
        if self.is_local:
            return self._output(name)
        known = f"{self.address}.{name}"
        return self.parent.once(known, "", lambda: self._plausible(known, name))

    def _output(self, name: str) -> Any:
        module = self.module
        block = module.outputs.get(name)
        if block is None or "value" not in block.attributes:
            raise ValueKindError(f"{self.address} has no output {name!r}. Nearest: {nearest(name, module.outputs)}")
        return module.once("output", name, lambda: module.evaluated(block.attributes["value"]))

    def _plausible(self, known: str, name: str) -> Any:
        deployment = self.parent.deployment
        return deployment.guess(known, deployment.filled(form_by_name(name), self.remote_name()))

    def remote_name(self) -> str:
        """Return the name that the call has for the thing that a remote module makes."""
        for argument in ("function_name", "name", "bucket"):
            value = self.argument(argument)[1]
            if value is not None:
                return text_of(value)
        return f"{self.label}{plain_key(self.key)}"


def _members_of_each(over: Any) -> Mapping[str, Any]:
    """Return the members of ``for_each`` by key. Recorded: Terraform 1.11 refuses lists, and sets of numbers."""
    if isinstance(over, GuessedMap | GuessedText):
        return {"key": over.part("key")}
    if isinstance(over, Mapping):
        return over
    if isinstance(over, SetValue) and all(isinstance(item, str) for item in over):
        return {item: item for item in over}
    hint = ". Write toset(...) around it" if type(over) is list else ""
    raise ValueKindError(f"for_each needs a map or a set of strings, not {kind_of(over)}{hint}")
