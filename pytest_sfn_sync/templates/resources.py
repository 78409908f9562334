"""The resources of a template and their values for ``Ref`` and ``Fn::GetAtt``.

The values are those that the test gave in ``resources=``. For any other, the name, the ARN and the URL of a deployed
resource follow from its properties or, if these do not contain the name, from its logical id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.templates.documents import Spot
from pytest_sfn_sync.templates.parameters import text_of
from pytest_sfn_sync.templates.plausible_values import PlausibleValues
from pytest_sfn_sync.templates.resource_kinds import ACTIVITY, LAMBDA_FUNCTIONS, attribute_of_any, kind_of_resource
from pytest_sfn_sync.templates.template_faults import UnresolvableError

Evaluate = Callable[[Any, Spot], Any]

_FIELD: Final = re.compile(r"\{(\w+)\}")
_OF_NESTED_STACK: Final = "Outputs."
_HASH_OF_THE_CDK: Final = re.compile(r"(?<=.)[0-9A-F]{8}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of a template; ``properties`` are those in the template, ``spots`` has the place of each.

    ``keys`` are further names for it in the template's own language. ``is_generated`` is True for a resource that is
    not written in the template.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    spots: Mapping[str, Spot]
    spot: Spot
    condition: str | None = None
    keys: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    is_generated: bool = False

    def spot_of(self, name: str) -> Spot:
        """Return the place of a property, or that of the resource if it has no such property."""
        return self.spots.get(name, self.spot)


class Resources:
    """The resources of a template, by logical id."""

    def __init__(
        self,
        resources: Iterable[Resource],
        *,
        given: Mapping[str, Any],
        stack: Mapping[str, str],
        evaluate: Evaluate,
        plausible: PlausibleValues,
        name_prefix: str = "",
    ) -> None:
        self._name_prefix = name_prefix
        self.by_id = {resource.logical_id: resource for resource in resources}
        self._ids = {key: resource.logical_id for resource in self.by_id.values() for key in resource.keys}
        self._given = given
        self._without_hash = without_hash(self.by_id)
        self._stack = stack
        self._evaluate = evaluate
        self._plausible = plausible
        self._being_named: set[str] = set()
        self._properties: dict[tuple[str, str], Any] = {}
        self._circles = 0

    @property
    def written(self) -> list[str]:
        """The logical ids that are written in the template."""
        return [resource.logical_id for resource in self.by_id.values() if not resource.is_generated]

    def find(self, name: str) -> Resource | None:
        """Find a resource by its logical id or a further name; None if there is no such resource."""
        return self.by_id.get(name) or self.by_id.get(self._ids.get(name, ""))

    def find_loosely(self, name: str) -> Resource | None:
        """Find a resource by a name that a test may use: the CDK's hash at the end of a logical id may be missing."""
        return self.find(name) or self.by_id.get(self._without_hash.get(name, ""))

    def names_of(self, resource: Resource) -> list[str]:
        """Return the names of a resource that a test may use; messages suggest the first."""
        short = _HASH_OF_THE_CDK.sub("", resource.logical_id)
        is_its_own = self._without_hash.get(short) == resource.logical_id
        return [*resource.keys, *([short] if is_its_own else []), resource.logical_id]

    def functions(self) -> Iterator[Resource]:
        """Return the Lambda functions."""
        return (resource for resource in self.by_id.values() if resource.type in LAMBDA_FUNCTIONS)

    def activities(self) -> Iterator[Resource]:
        """Return the activities."""
        return (resource for resource in self.by_id.values() if resource.type == ACTIVITY)

    def reference(self, resource: Resource) -> Any:
        """Return the value of ``Ref``."""
        given = self._override(resource, "Ref")
        if given is not None:
            return given
        return self._value(resource, kind_of_resource(resource.type).ref, resource.logical_id)

    def attribute(self, resource: Resource, attribute: str) -> Any:
        """Return the value of ``Fn::GetAtt``."""
        given = self._override(resource, attribute)
        if given is not None:
            return given
        label = f"{resource.logical_id}.{attribute}"
        template = kind_of_resource(resource.type).attributes.get(attribute)
        if template is not None:
            return self._value(resource, template, label)
        if attribute.startswith(_OF_NESTED_STACK):
            return self._plausible.guess(label, label, "resources", resource.logical_id, attribute)
        return self._plausible.keep(label, self._filled(attribute_of_any(resource.type, attribute), resource))

    def qualified(self, logical_id: str, qualifier: str, spot: Spot) -> str:
        """Return the ARN for SAM's ``Function.Alias`` and ``Function.Version``."""
        resource = self.by_id[logical_id]
        alias = resource.properties.get("AutoPublishAlias")
        if alias is None:
            raise UnresolvableError(
                f"'{resource.logical_id}.{qualifier}' needs the property AutoPublishAlias of "
                f"{shown_value(resource.logical_id)}, "
                "which has none.",
                spot,
            )
        arn = self.attribute(resource, "Arn")
        return f"{arn}:{self._property(resource, 'AutoPublishAlias')}" if qualifier == "Alias" else f"{arn}:1"

    def name_of(self, resource: Resource) -> str:
        """Return the name of a resource: the value of its property if that is a text, otherwise the logical id."""
        named = self.own_name(resource)
        if named is not None:
            return named
        lowered = kind_of_resource(resource.type).in_lower_case
        name = f"{self._name_prefix}{resource.logical_id}"
        return name.lower() if lowered else name

    def own_name(self, resource: Resource) -> str | None:
        """Return a resource's name in the template; None if the template has none, or if it can't be read."""
        property_name = kind_of_resource(resource.type).named_by
        if property_name is None or property_name not in resource.properties:
            return None
        try:
            name = self._property(resource, property_name)
        except UnresolvableError:
            return None
        return text_of(name) if isinstance(name, (str, int)) and name != "" else None

    def is_given(self, resource: Resource, attribute: str) -> bool:
        """Return whether the test gave the value of an attribute."""
        return self._override(resource, attribute) is not None

    def _property(self, resource: Resource, name: str) -> Any:
        key = (resource.logical_id, name)
        if key in self._properties:
            return self._properties[key]
        spot = resource.spot_of(name)
        if resource.logical_id in self._being_named:
            self._circles += 1
            raise UnresolvableError(f"the resource {shown_value(resource.logical_id)} refers to itself", spot)
        self._being_named.add(resource.logical_id)
        circles = self._circles
        try:
            value = self._evaluate(resource.properties[name], spot)
        finally:
            self._being_named.discard(resource.logical_id)
        if circles == self._circles:  # In a circle, a value depends on where the circle was entered.
            self._properties[key] = value
        return value

    def _override(self, resource: Resource, attribute: str) -> Any:
        for name in self.names_of(resource):
            given = self._given.get(name)
            if isinstance(given, Mapping):
                if attribute in given:
                    return given[attribute]
            elif given is not None and attribute in ("Ref", "Arn"):
                return given
        return None

    def _value(self, resource: Resource, template: str, label: str) -> str:
        value = self._filled(template, resource)
        if "{name}" in template and self.own_name(resource) is None:
            self._plausible.keep(label, value)
        return value

    def _filled(self, template: str, resource: Resource) -> str:
        return _FIELD.sub(lambda match: self._field(match[1], resource), template)

    def _field(self, field: str, resource: Resource) -> str:
        if field in self._stack:
            return self._stack[field]
        if field == "name":
            return self.name_of(resource)
        if field == "logical_id":
            return resource.logical_id
        if field == "function":
            return self._function_arn(resource)
        return text_of(self._property(resource, field)) if field in resource.properties else resource.logical_id

    def _function_arn(self, resource: Resource) -> str:
        name = (
            text_of(self._property(resource, "FunctionName")) if "FunctionName" in resource.properties else "function"
        )
        return name if name.startswith("arn:") else self._filled(_FUNCTION_ARN.replace("{called}", name), resource)


_FUNCTION_ARN: Final = "arn:{partition}:lambda:{region}:{account}:function:{called}"


def without_hash(logical_ids: Iterable[str]) -> dict[str, str]:
    """Return the CDK's logical ids by the id without its hash, if only one resource has that id."""
    ids = set(logical_ids)
    found: dict[str, list[str]] = {}
    for logical_id in ids:
        short = _HASH_OF_THE_CDK.sub("", logical_id)
        if short != logical_id:
            found.setdefault(short, []).append(logical_id)
    return {short: full[0] for short, full in found.items() if len(full) == 1 and short not in ids}
