"""The values of resources and data sources: of the test, of the configuration, or plausible ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from pytest_sfn_sync.terraform.deployment import Deployment
from pytest_sfn_sync.terraform.evaluation_scope import ModuleNames
from pytest_sfn_sync.terraform.file_functions import FILE_FUNCTIONS
from pytest_sfn_sync.terraform.hcl_source import Block, SourceExpression
from pytest_sfn_sync.terraform.plausible_attributes import DEFAULTS, NAMED_BY, environment_form_of, form_of
from pytest_sfn_sync.terraform.values import text_of


class OwnModule(ModuleNames, Protocol):
    """The module that declares a resource."""

    deployment: Deployment

    def within(self, address: str) -> str:
        """Return an address as the root module has it."""

    def once(self, kind: str, name: str, make: Callable[[], Any]) -> Any:
        """Return a value that is made at its first use."""

    def evaluated(self, expression: SourceExpression, own: Mapping[str, Any] | None = None) -> Any:
        """Return the value of an expression of the module."""


class ResourceValue:
    """One instance of a resource or a data source."""

    def __init__(self, module: OwnModule, address: str, key: str, block: Block, own: dict[str, Any]) -> None:
        self._module = module
        self.type, self.label = block.labels
        self.block = block
        self.own = own
        self.key = key
        self.address = module.within(f"{address}{key}")
        self._is_data = address.startswith("data.")

    def attribute(self, name: str) -> Any:
        """Return an attribute: of the test, of the configuration, or a plausible one."""
        return self._module.once(f"{self.address}", name, lambda: self._attribute(name))

    def _attribute(self, name: str) -> Any:
        deployment = self._module.deployment
        is_given, value = deployment.given(self.address, name)
        if is_given:
            return value
        if name in self.block.attributes:
            return self.configured(name)
        computed = _COMPUTED.get((f"{'data.' * self._is_data}{self.type}", name))
        if computed is not None:
            return computed(self)
        if not self._is_data and name in DEFAULTS.get(self.type, ()):
            return DEFAULTS[self.type][name]
        form = environment_form_of(self.type, name) if self._is_data else None
        if form is not None:
            return deployment.filled(form, "")
        form = form_of(self.type, name)
        known = f"{self.address}.{name}"
        if form is None:
            return deployment.guess(known, plain_name(f"{self.label}-{name}"))
        return deployment.plausible.keep(known, deployment.filled(form, self.name, self._own_name("name")))

    def written(self, name: str) -> Any:
        """Return an attribute of the test, or else of the configuration; None if neither has it."""
        is_given, value = self._module.deployment.given(self.address, name)
        return value if is_given else self.configured(name)

    def configured(self, name: str) -> Any:
        """Return an attribute of the configuration; None if it is not there."""
        expression = self.block.attributes.get(name)
        return None if expression is None else self._module.evaluated(expression, self.own)

    def content(self) -> Any:
        """Return the content of the file that a data source of the provider ``local`` names."""
        return FILE_FUNCTIONS["file"](self.configured("filename"), self._module.root_folder)

    def rendered(self) -> Any:
        """Return the text that a data source ``template_file`` makes."""
        written = self.block.attributes.get("template")
        if written is None:
            return None
        evaluator = self._module.deployment.evaluator
        return evaluator.rendered(self.configured("template"), self.configured("vars") or {}, self._module, written)

    @property
    def name(self) -> str:
        """The name in AWS: that of the configuration, or a plausible one."""
        for attribute in NAMED_BY.get(self.type, ("name",)):
            found = self._own_name(attribute)
            if found:
                return found
        prefix = self.configured("name_prefix") or self.configured(f"{NAMED_BY.get(self.type, ('name',))[0]}_prefix")
        # Assumption: a name of which the configuration has the beginning alone ends with the resource's own label.
        return f"{text_of(prefix)}{self.label}" if prefix else f"{self.label}{plain_key(self.key)}"

    def _own_name(self, attribute: str) -> str:
        found = self.written(attribute)
        if found is None:
            return ""
        text = text_of(found)
        return text.rpartition(":")[2] if text.startswith("arn:") else text


_COMPUTED: Final[Mapping[tuple[str, str], Callable[[ResourceValue], Any]]] = {
    ("terraform_data", "output"): lambda resource: resource.configured("input"),
    ("data.local_file", "content"): ResourceValue.content,
    ("data.template_file", "rendered"): ResourceValue.rendered,
}
"""The attributes that follow from the configuration alone. Documented: terraform_data's output is its input."""


def plain_name(name: str) -> str:
    """Return a name of Terraform as a name in AWS is mostly written."""
    return name.replace("_", "-")


def plain_key(key: str) -> str:
    """Return the end of a name for the key of an instance, as in an address; "" for no key."""
    inner = key.strip("[]").strip('"')
    return f"-{inner}" if inner else ""
