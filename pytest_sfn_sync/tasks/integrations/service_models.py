"""Botocore's service models, each read when first asked for and once in a process: operations, shapes, errors.

The only module that knows where botocore keeps them. Names go by Step Functions' spelling: actions in lower camel case,
members as the kind of integration writes them. What a shape allows is checked in `shapes`.
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
    """A shape of a service model, seen with the names of one kind of integration; made when asked for, then kept."""

    def __init__(self, name: str, shapes: RawShapes, spelling: Spelling, known: dict[str, Shape]) -> None:
        self.name = name
        self._raw = shapes[name]
        self._shapes = shapes
        self._spelling = spelling
        self._known = known

    @cached_property
    def type(self) -> str:
        """The type as botocore names it: ``structure``, ``list``, ``map``, ``string``, ``blob``, ...; or ``any``."""
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
        """Whether a structure has exactly one of its members."""
        return bool(self._raw.get("union"))

    @property
    def is_written(self) -> bool:
        """Whether a structure is written down in this package (`written_shapes`) and not in a service's model."""
        return bool(self._raw.get("written"))

    @property
    def unsupported(self) -> tuple[str, ...]:
        """The members that an optimized integration does not take of a request that it has from a service's model."""
        return tuple(self._raw.get("unsupported", ()))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The members that must be there."""
        return tuple(self.member_name(name) for name in self._raw.get("required", ()))

    @cached_property
    def idempotency_tokens(self) -> frozenset[str]:
        """The members that an SDK fills in by itself where they are not given."""
        members = self._raw.get("members", {}).items()
        return frozenset(self.member_name(name) for name, member in members if member.get("idempotencyToken"))

    @cached_property
    def item(self) -> Shape:
        """The shape of a list's items or of a map's values."""
        return self._of(self._raw["member" if self.type == "list" else "value"])

    @property
    def enum(self) -> list[str] | None:
        """The values that a string may have, where the model lists them."""
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
        """Return the name of a member that a workflow sees, for the model's own."""
        return self._spelling(name, self.name, is_union=self.is_union)

    def _of(self, reference: dict[str, Any]) -> Shape:
        return shape_named(reference["shape"], self._shapes, self._spelling, self._known)

    def __repr__(self) -> str:
        return f"<Shape {self.name}: {self.type}>"


def shape_named(name: str, shapes: RawShapes, spelling: Spelling, known: dict[str, Shape]) -> Shape:
    """Return the shape of a name; ``known`` keeps those that were asked for."""
    shape = known.get(name)
    if shape is None:
        shape = known[name] = Shape(name, shapes, spelling, known)
    return shape


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledError:
    """An error that a service's model has: the code on the wire, the HTTP status, and what its documentation says."""

    shape_name: str
    code: str
    status: int
    documentation: str


class ServiceModel:
    """One service as botocore describes it."""

    def __init__(self, botocore_name: str, model: dict[str, Any]) -> None:
        self.botocore_name = botocore_name
        self._model = model
        self._shapes: RawShapes = model["shapes"]
        self._known: dict[Spelling, dict[str, Shape]] = {}

    @property
    def error_prefix(self) -> str:
        """What begins the error names of its SDK integrations, and is the service in their causes."""
        name = sdk_service_name(self.botocore_name)
        service_id = self._model["metadata"]["serviceId"].removesuffix(" Service")
        return SDK_PREFIXES_NAMED_OTHERWISE.get(name) or pascal_case(service_id)

    @cached_property
    def actions(self) -> dict[str, str]:
        """Every operation by its name as an action."""
        return {lower_camel(operation): operation for operation in self._model["operations"]}

    def streams_events(self, action: str) -> bool:
        """Whether an operation takes or gives a stream of events."""
        operation = self._model["operations"][self.actions[action]]
        for part in ("input", "output"):
            members = self._shapes[operation[part]["shape"]].get("members", {}) if part in operation else {}
            if any(self._shapes[member["shape"]].get("eventstream") for member in members.values()):
                return True
        return False

    def is_head(self, action: str) -> bool:
        """Whether an action's answer has no body, so that an error of it has neither code nor message."""
        http: dict[str, Any] = self._model["operations"][self.actions[action]].get("http", {})
        return http.get("method") == "HEAD"

    def only_error_of_status(self, action: str, status: int) -> str | None:
        """Return the Java class of the one error of an action that has an HTTP status; None for none, or several."""
        references = self._model["operations"][self.actions[action]].get("errors", ())
        classes = [exception_class(reference["shape"]) for reference in references]
        found = [name for name in classes if name in self.errors and self.errors[name].status == status]
        return found[0] if len(found) == 1 else None

    def shape(self, action: str, part: str, spelling: Spelling) -> Shape | None:
        """Return the shape of an action's ``input`` or ``output``; None where the operation has none."""
        reference = self._model["operations"][self.actions[action]].get(part)
        if reference is None:
            return None
        return shape_named(reference["shape"], self._shapes, spelling, self._known.setdefault(spelling, {}))

    def shape_like(self, operation: str | None, changes: dict[str, Any], more: RawShapes, spelling: Spelling) -> Shape:
        """Return a request that is written down elsewhere, over the shapes of this service.

        Its members are those of an operation, if one is given, without the ``unsupported`` ones of ``changes``, and the
        ``members`` of ``changes``. ``more`` are shapes that the service does not have.
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
        """The errors of the service, by the name of their Java class."""
        return {
            exception_class(name): _modelled_error(name, shape)
            for name, shape in self._shapes.items()
            if shape.get("exception")
        }

    def error_of_code(self, code: str) -> str | None:
        """Give the Java class of the error that a code on the wire stands for; None where none is modelled."""
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
    """Return all SDK services, by Step Functions' name botocore's. Only the names of files are read."""
    # The loader's own list looks into every folder, which takes as long as reading a model.
    folders = [Path(path) for path in _loader().search_paths]
    names = sorted(
        entry.name for folder in folders if folder.is_dir() for entry in os.scandir(folder) if entry.is_dir()
    )
    return {sdk_service_name(name): name for name in names if name not in UNRECOGNISED_SERVICES}


def botocore_version() -> str:
    """Return the version of the botocore whose models are read."""
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
