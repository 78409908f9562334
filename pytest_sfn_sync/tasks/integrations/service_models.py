"""Botocore's service models: operations, shapes and errors. A model is read at its first use, once in a process.

Only this module knows where botocore keeps the models. Names have Step Functions' spelling: actions are in lower camel
case, and members have the spelling of the kind of integration. `shapes` checks values against a shape.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from pytest_sfn_sync.tasks.integrations.java_names import Spelling, exception_class, lower_camel, pascal_case
from pytest_sfn_sync.tasks.integrations.service_names import (
    SDK_PREFIXES_NAMED_OTHERWISE,
    UNRECOGNISED_SERVICES,
    sdk_service_name,
)

RawShapes: TypeAlias = dict[str, dict[str, Any]]


class Shape:
    """A shape of a service model, with the names of one kind of integration; it is created at first use and kept."""

    def __init__(self, name: str, shapes: RawShapes, spelling: Spelling, known: dict[str, Shape]) -> None:
        self.name = name
        self._raw = shapes[name]
        self._shapes = shapes
        self._spelling = spelling
        self._known = known

    @cached_property
    def type(self) -> str:
        """The type, with botocore's name (``structure``, ``list``, ``map``, ``string``, ``blob``, ...) or ``any``."""
        return "any" if self._raw.get("jsonvalue") or self._raw.get("document") else str(self._raw["type"])

    @cached_property
    def members(self) -> dict[str, Shape]:
        """The members of a structure, by the names that a workflow sees."""
        return {self.member_name(name): self._of(member) for name, member in self._raw.get("members", {}).items()}

    @cached_property
    def model_names(self) -> dict[str, str]:
        """The model's own name of each member."""
        return {self.member_name(name): name for name in self._raw.get("members", {})}

    @property
    def is_union(self) -> bool:
        """Return whether a value of the structure has exactly one of the members."""
        return bool(self._raw.get("union"))

    @property
    def is_written(self) -> bool:
        """Return whether a structure comes from this package (`written_shapes`) and not from a service's model."""
        return bool(self._raw.get("written"))

    @property
    def unsupported(self) -> tuple[str, ...]:
        """The members of the model's request that the optimized integration does not accept."""
        return tuple(self._raw.get("unsupported", ()))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The required members."""
        return tuple(self.member_name(name) for name in self._raw.get("required", ()))

    @cached_property
    def idempotency_tokens(self) -> frozenset[str]:
        """The members to which an SDK gives a value by itself if the caller does not."""
        members = self._raw.get("members", {}).items()
        return frozenset(self.member_name(name) for name, member in members if member.get("idempotencyToken"))

    @cached_property
    def item(self) -> Shape:
        """The shape of a list's items or of a map's values."""
        return self._of(self._raw["member" if self.type == "list" else "value"])

    @property
    def enum(self) -> list[str] | None:
        """The values that a string may have; None if the model does not list them."""
        return self._raw.get("enum")

    @property
    def least(self) -> float | None:
        """The least value of a number, or the least length of anything else."""
        return self._raw.get("min")

    @property
    def most(self) -> float | None:
        """The greatest value of a number, or the greatest length of anything else."""
        return self._raw.get("max")

    def member_name(self, name: str) -> str:
        """Return the name that a workflow sees for a member; ``name`` is the model's own."""
        return self._spelling(name, self.name, is_union=self.is_union)

    def _of(self, reference: dict[str, Any]) -> Shape:
        return shape_named(reference["shape"], self._shapes, self._spelling, self._known)

    def __repr__(self) -> str:
        return f"<Shape {self.name}: {self.type}>"


def shape_named(name: str, shapes: RawShapes, spelling: Spelling, known: dict[str, Shape]) -> Shape:
    """Return the shape with this name; ``known`` keeps the shapes that were created."""
    shape = known.get(name)
    if shape is None:
        shape = known[name] = Shape(name, shapes, spelling, known)
    return shape


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledError:
    """An error in a service's model: the code on the wire, the HTTP status, and the documentation."""

    shape_name: str
    code: str
    status: int
    documentation: str


class ServiceModel:
    """The model of one service in botocore."""

    def __init__(self, botocore_name: str, model: dict[str, Any]) -> None:
        self.botocore_name = botocore_name
        self._model = model
        self._shapes: RawShapes = model["shapes"]
        self._known: dict[Spelling, dict[str, Shape]] = {}

    @property
    def error_prefix(self) -> str:
        """The beginning of the error names of its SDK integrations, and the name of the service in their causes."""
        name = sdk_service_name(self.botocore_name)
        service_id = self._model["metadata"]["serviceId"].removesuffix(" Service")
        return SDK_PREFIXES_NAMED_OTHERWISE.get(name) or pascal_case(service_id)

    @property
    def endpoint_prefix(self) -> str:
        """The service's name in its host, such as ``cognito-idp``."""
        return str(self._model["metadata"]["endpointPrefix"])

    @cached_property
    def actions(self) -> dict[str, str]:
        """The operations by their names as actions."""
        return {lower_camel(operation): operation for operation in self._model["operations"]}

    def streams_events(self, action: str) -> bool:
        """Return whether an operation accepts or returns a stream of events."""
        operation = self._model["operations"][self.actions[action]]
        for part in ("input", "output"):
            members = self._shapes[operation[part]["shape"]].get("members", {}) if part in operation else {}
            if any(self._shapes[member["shape"]].get("eventstream") for member in members.values()):
                return True
        return False

    def is_head(self, action: str) -> bool:
        """Return whether an action's answer has no body, so that its errors have neither code nor message."""
        http: dict[str, Any] = self._model["operations"][self.actions[action]].get("http", {})
        return http.get("method") == "HEAD"

    def only_error_of_status(self, action: str, status: int) -> str | None:
        """Return the Java class of an action's only error with an HTTP status; None if it has none, or several."""
        references = self._model["operations"][self.actions[action]].get("errors", ())
        classes = [exception_class(reference["shape"]) for reference in references]
        found = [name for name in classes if name in self.errors and self.errors[name].status == status]
        return found[0] if len(found) == 1 else None

    def codes_of(self, operation: str) -> frozenset[str]:
        """Return the codes on the wire of the errors that an operation declares."""
        references = self._model["operations"][operation].get("errors", ())
        return frozenset(self.errors[exception_class(reference["shape"])].code for reference in references)

    def shape(self, action: str, part: str, spelling: Spelling) -> Shape | None:
        """Return the shape of an action's ``input`` or ``output``; None if the operation has none."""
        reference = self._model["operations"][self.actions[action]].get(part)
        if reference is None:
            return None
        return shape_named(reference["shape"], self._shapes, spelling, self._known.setdefault(spelling, {}))

    def shape_like(self, operation: str | None, changes: dict[str, Any], more: RawShapes, spelling: Spelling) -> Shape:
        """Return the shape of a request that differs from those of the service, with the service's shapes in it.

        It has the members of the operation, if one is given, except for the ``unsupported`` ones in ``changes``. It
        also has the ``members`` in ``changes``. ``more`` has shapes that the service's model does not have.
        """
        base: dict[str, Any] = {} if operation is None else self._input_of(operation)
        members = {
            name: member
            for name, member in base.get("members", {}).items()
            if spelling(name, operation or "") not in changes.get("unsupported", ())
        }
        request = {**base, **changes, "type": "structure", "members": {**members, **changes.get("members", {})}}
        name = "RequestOfAnOptimizedIntegration"
        return shape_named(name, {**more, **self._shapes, name: request}, spelling, {})

    def _input_of(self, operation: str) -> dict[str, Any]:
        return self._shapes[self._model["operations"][operation]["input"]["shape"]]

    @cached_property
    def errors(self) -> dict[str, ModelledError]:
        """The errors of the service by the name of their Java class."""
        return {
            exception_class(name): _modelled_error(name, shape)
            for name, shape in self._shapes.items()
            if shape.get("exception")
        }

    def error_of_code(self, code: str) -> str | None:
        """Return the Java class of the error with this code on the wire; None if the model has no such error."""
        for name, error in self.errors.items():
            if code in (error.code, error.shape_name):
                return name
        return None


def _modelled_error(name: str, shape: dict[str, Any]) -> ModelledError:
    error = shape.get("error", {})
    return ModelledError(
        shape_name=name,
        code=error.get("code", name),
        status=error.get("httpStatusCode", 500 if shape.get("fault") else 400),
        documentation=shape.get("documentation", ""),
    )


_loaded: dict[str, ServiceModel] = {}


def loaded_services() -> tuple[str, ...]:
    """Return botocore's names of the services whose models were read in this process."""
    return tuple(_loaded)


@lru_cache(maxsize=1)
def _loader() -> Any:
    from botocore.loaders import Loader

    return Loader()


@lru_cache(maxsize=1)
def sdk_services() -> dict[str, str]:
    """Return botocore's name of each SDK service by Step Functions' name. Only the names of files are read."""
    # The loader's own list opens every folder, which takes as long as reading a model.
    folders = [Path(path) for path in _loader().search_paths]
    names = sorted(
        entry.name for folder in folders if folder.is_dir() for entry in os.scandir(folder) if entry.is_dir()
    )
    return {sdk_service_name(name): name for name in names if name not in UNRECOGNISED_SERVICES}


def botocore_version() -> str:
    """Return the version of the installed botocore."""
    from botocore import __version__

    return str(__version__)


def service_model(botocore_name: str) -> ServiceModel:
    """Return the model of one of botocore's services; it is read once in a process."""
    model = _loaded.get(botocore_name)
    if model is None:
        loader = _loader()
        version = max(loader.list_api_versions(botocore_name, "service-2"))
        raw = loader.load_data(f"{botocore_name}/{version}/service-2")
        model = _loaded[botocore_name] = ServiceModel(botocore_name, raw)
    return model
