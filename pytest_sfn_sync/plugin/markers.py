"""The markers of a test, read and applied to a fake.

Markers are read from the nearest level outwards: parameter set, function, class, module, package. The nearest marker
for a machine, a function, a state, a resource or an option is used. Markers of other levels are used for targets and
options that no nearer marker has. This module uses only the attributes of pytest's marks.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_sfn_sync.errors import OptionError, SfnSyncUsageError
from pytest_sfn_sync.options import Options, suggestion
from pytest_sfn_sync.sources import SourceText

if TYPE_CHECKING:
    from pytest_sfn_sync.fake.sfn_sync import SfnSync

MARKERS: Final = {
    "sfn_sync": "sfn_sync(**options): options of the fake, such as region, start_time, seed, assert_all_mocks_used, "
    "validate_mocks.",
    "sfn_machine": "sfn_machine(name, definition, **register): register a state machine; a path counts from the "
    "folder of the test's file, then from the rootdir.",
    "sfn_template": "sfn_template(path, parameters=, resources=, type=, replace=): register the machines of a template "
    "of SAM, CloudFormation, the CDK or the serverless framework; a path counts as in sfn_machine.",
    "sfn_terraform": "sfn_terraform(path, variables=, resources=, type=, replace=): register the machines of a "
    "Terraform configuration or of the JSON of terraform show -json; a path counts as in sfn_machine.",
    "sfn_task": "sfn_task(state, returns=|raises=|calls=|responses=, takes=, when=, times=, validate=): mock "
    "a Task state.",
    "sfn_lambda": "sfn_lambda(function, returns=|raises=|calls=|responses=, takes=, when=, times=): mock a Lambda "
    "function.",
    "sfn_resource": "sfn_resource(resource, returns=|raises=|calls=|responses=, takes=, when=, times=, validate=): "
    "mock a resource such as dynamodb:getItem.",
    "sfn_mock_config": "sfn_mock_config(config, case): use a mock config file of Step Functions Local, in one of its "
    "test cases; with case alone that of the ini option sfn_mock_config.",
    "sfn_error": "sfn_error(code, message=, machine=, times=, kms_key_state=): refuse calls with a service error.",
}
"""The markers with their texts in ``pytest --markers``."""

_METHODS: Final = {
    "sfn_machine": "register",
    "sfn_template": "load_template",
    "sfn_terraform": "load_terraform",
    "sfn_mock_config": "use_mock_config",
    "sfn_error": "inject_error",
    "sfn_task": "mock_task",
    "sfn_lambda": "mock_lambda",
    "sfn_resource": "mock_resource",
}

_PATHS: Final = {
    "sfn_machine": "definition",
    "sfn_template": "path",
    "sfn_terraform": "path",
    "sfn_mock_config": "config",
}
"""The arguments that may be relative paths."""


class Mark(Protocol):
    """The attributes of a pytest mark that are read here."""

    @property
    def name(self) -> str:
        """The marker's name."""

    @property
    def args(self) -> tuple[Any, ...]:
        """Its positional arguments."""

    @property
    def kwargs(self) -> Mapping[str, Any]:
        """Its named arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedTest:
    """A test with its marks by level, the nearest first; relative paths are searched in ``folders``."""

    name: str
    levels: Sequence[Sequence[Mark]]
    folders: Sequence[Path]

    def where(self, mark: Mark) -> str:
        """Return the text for a marker and the test in a message."""
        return f"@pytest.mark.{mark.name} at {self.name}"


def options_of(test: MarkedTest, options: Options) -> Options:
    """Return the options of a test: those of the ini file, replaced by those of its ``sfn_sync`` markers."""
    __tracebackhide__ = True
    for level in reversed(test.levels):
        for mark in level:
            if mark.name != "sfn_sync":
                continue
            if mark.args:
                raise OptionError(
                    f"{test.where(mark)}: it takes named options only, not {_arguments_shown(mark.args)}."
                )
            options = options.with_nearer(mark.kwargs, test.where(mark))
    return options


@dataclass(slots=True, kw_only=True)
class _Wanted:
    mark: Mark
    arguments: dict[str, Any] = field(default_factory=dict)


def apply_markers(test: MarkedTest, fake: SfnSync) -> None:
    """Register, mock and inject as the markers of a test say; raise OptionError with the marker and the test."""
    __tracebackhide__ = True
    for name, method_name in _METHODS.items():
        method: Callable[..., Any] = getattr(fake, method_name)
        markers = _nearest(test, name, method)
        if name == "sfn_mock_config":
            markers.reverse()  # The last config that is used is searched first, so the nearest marker is applied last.
        for wanted in markers:
            path = _PATHS.get(name)
            if path in wanted.arguments:
                wanted.arguments[path] = _found(wanted.arguments[path], test.folders)
            try:
                method(**wanted.arguments)
            except SfnSyncUsageError as error:
                raise error.at(test.where(wanted.mark)) from None


def _nearest(test: MarkedTest, name: str, method: Callable[..., Any]) -> list[_Wanted]:
    """Return the markers of a name to apply: for each target, those of the nearest level that has any."""
    __tracebackhide__ = True
    by_target: dict[Any, list[_Wanted]] = {}
    for level in test.levels:
        at_level: dict[Any, list[_Wanted]] = {}
        for mark in level:
            if mark.name == name:
                arguments = _bound(test, mark, method)
                # A mock config marker may leave its first argument out, and its case is not a target.
                first = arguments.get("config") if name == "sfn_mock_config" else next(iter(arguments.values()))
                target = (str(first), str(arguments.get("machine")))
                at_level.setdefault(target, []).append(_Wanted(mark=mark, arguments=arguments))
        for target, wanted in at_level.items():
            by_target.setdefault(target, wanted)
    return [wanted for of_target in by_target.values() for wanted in of_target]


def _bound(test: MarkedTest, mark: Mark, method: Callable[..., Any]) -> dict[str, Any]:
    __tracebackhide__ = True
    signature = inspect.signature(method)
    unknown = [name for name in mark.kwargs if name not in signature.parameters]
    if unknown:
        near = suggestion(unknown[0], list(signature.parameters))
        raise OptionError(f"{test.where(mark)}: there is no argument {unknown[0]!r}. {near}")
    try:
        bound = signature.bind(*mark.args, **mark.kwargs)
    except TypeError as error:
        text = f"{error} (given: {_arguments_shown(mark.args, mark.kwargs)})"
        raise OptionError(f"{test.where(mark)}: {text}. It takes {MARKERS[mark.name].partition(':')[0]}.") from None
    return dict(bound.arguments)


def _found(definition: Any, folders: Iterable[Path]) -> Any:
    """Return the file for a relative path; if there is no such file, return the argument as it is."""
    if isinstance(definition, str) and SourceText.of_text(definition) is not None:
        return definition
    if not isinstance(definition, str | Path) or Path(definition).is_absolute():
        return definition
    candidates = [folder / definition for folder in folders]
    return next((path for path in candidates if path.is_file()), candidates[0])


def _arguments_shown(args: Sequence[Any], kwargs: Mapping[str, Any] | None = None) -> str:
    shown = [
        *(f"{value!r:.60}" for value in args),
        *(f"{name}={value!r:.60}" for name, value in (kwargs or {}).items()),
    ]
    return ", ".join(shown) or "nothing"
