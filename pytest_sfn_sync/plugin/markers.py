"""The markers of a test, read and applied to a fake.

Markers are read from the nearest level outwards: parameter set, function, class, module, package. The nearest marker
for a machine, a function, a state, a resource or an option is used. Markers of other levels are used for targets and
options that no nearer marker has. This module uses only the attributes of pytest's marks.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_sfn_sync.errors import OptionError, SfnSyncUsageError
from pytest_sfn_sync.options import Options, suggestion
from pytest_sfn_sync.plugin.marker_texts import MARKERS
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources import SourceText
from pytest_sfn_sync.sources.text_files import path_fault

if TYPE_CHECKING:
    from pytest_sfn_sync.fake.sfn_sync import SfnSync

_METHODS: Final = {
    "sfn_machine": "register",
    "sfn_template": "load_template",
    "sfn_terraform": "load_terraform",
    "sfn_mock_config": "use_mock_config",
    "sfn_history": "use_history",
    "sfn_error": "inject_error",
    "sfn_handlers": "use_lambda_handlers",
    "sfn_task": "mock_task",
    "sfn_lambda": "mock_lambda",
    "sfn_resource": "mock_resource",
    "sfn_activity": "mock_activity",
    "sfn_clients": "use_clients",
}

_NEWEST_WINS: Final = frozenset(
    {
        "sfn_mock_config",
        "sfn_history",
        "sfn_task",
        "sfn_lambda",
        "sfn_resource",
        "sfn_activity",
        "sfn_handlers",
        "sfn_clients",
    }
)
"""The markers of which the last one that is applied wins."""

_MOST_OF_AN_ARGUMENT: Final = 60
_MOST_COMPARED: Final = 100_000

_PATHS: Final = {
    "sfn_machine": "definition",
    "sfn_template": "path",
    "sfn_terraform": "path",
    "sfn_mock_config": "config",
    "sfn_history": "history",
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


class _MistakeIn:
    """Records, in a usage error that is raised within the block, the marker in which the mistake is."""

    def __init__(self, mark: Mark) -> None:
        self._mark = mark

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, SfnSyncUsageError):
            error._marker = self._mark


def mocking_call(mark: Mark) -> str | None:
    """Return how messages name the mock of a marker, without its closing bracket; None if it makes no mock."""
    method = _METHODS.get(mark.name, "")
    target = next(iter((*mark.args, *mark.kwargs.values())), None)
    return f"{method}({shown_value(target)}" if method.startswith("mock_") else None


def options_of(test: MarkedTest, options: Options) -> Options:
    """Return the options of a test: those of the ini file, replaced by those of its ``sfn_sync`` markers."""
    __tracebackhide__ = True
    for level in reversed(test.levels):
        for mark in level:
            if mark.name != "sfn_sync":
                continue
            with _MistakeIn(mark):
                if mark.args:
                    raise OptionError(
                        f"{test.where(mark)}: it takes named options only, not {_arguments_shown(mark.args)}."
                    )
                options = options.with_nearer(mark.kwargs, test.where(mark))
    return options


@dataclass(slots=True, kw_only=True)
class _Wanted:
    mark: Mark
    level: int
    signature: _Signature
    arguments: dict[str, Any]


def apply_markers(test: MarkedTest, fake: SfnSync) -> None:
    """Register, mock and inject as the markers of a test say; raise OptionError with the marker and the test."""
    __tracebackhide__ = True
    used = {mark.name for level in test.levels for mark in level}
    for wanted in _in_order(test, fake, used):
        arguments = wanted.arguments
        path = _PATHS.get(wanted.mark.name)
        if path in arguments:
            arguments[path] = _found(arguments[path], test.folders)
        with _MistakeIn(wanted.mark):
            try:
                wanted.signature.call(getattr(fake, _METHODS[wanted.mark.name]), arguments)
            except SfnSyncUsageError as error:
                raise error.at(test.where(wanted.mark)) from None


def _in_order(test: MarkedTest, fake: SfnSync, used: Collection[str]) -> list[_Wanted]:
    """Return the markers to apply. Where the newest wins, the nearest come last, whatever their kind."""
    __tracebackhide__ = True
    by_name = [
        (name, _nearest(test, name, _signature_of(getattr(type(fake), method))))
        for name, method in _METHODS.items()
        if name in used
    ]
    nearest_first = [wanted for name, markers in by_name if name not in _NEWEST_WINS for wanted in markers]
    nearest_last = [wanted for name, markers in by_name if name in _NEWEST_WINS for wanted in markers]
    return nearest_first + sorted(nearest_last, key=lambda wanted: -wanted.level)


class _Signature:
    """The arguments of a method without ``self``; most markers are bound without the help of `inspect`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())[1:]
        self.names = [parameter.name for parameter in parameters]
        self._exact = signature.replace(parameters=parameters)
        self._positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        self._rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
        self._required = {p.name for p in parameters if p.default is p.empty and p.name != self._rest}

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments by name, in the order of the parameters; raise TypeError as a call of the method does.

        All names in ``kwargs`` are names of parameters.
        """
        given = dict(zip(self._positional, args, strict=False))
        if self._rest is None and len(args) <= len(self._positional) and given.keys().isdisjoint(kwargs):
            given.update(kwargs)
            if self._required <= given.keys():
                return {name: given[name] for name in self.names if name in given}
        return dict(self._exact.bind(*args, **kwargs).arguments)

    def call(self, method: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
        """Call a method with the arguments that `bind` returned."""
        if self._rest is None:
            method(**arguments)
        else:
            method(*arguments.get(self._rest, ()), **{k: v for k, v in arguments.items() if k != self._rest})


@lru_cache
def _signature_of(function: Callable[..., Any]) -> _Signature:
    return _Signature(function)


def _nearest(test: MarkedTest, name: str, signature: _Signature) -> list[_Wanted]:
    """Return the markers of a name to apply: for each target, those of the nearest level that has any."""
    __tracebackhide__ = True
    levels: dict[Any, int] = {}
    found = []
    for number, level in enumerate(test.levels):
        for mark in level:
            if mark.name == name:
                with _MistakeIn(mark):
                    arguments = _bound(test, mark, signature)
                # A mock config marker may leave its first argument out, and its case is not a target.
                first = arguments.get("config") if name == "sfn_mock_config" else next(iter(arguments.values()), None)
                target = (_compared(first), _compared(arguments.get("machine")))
                if levels.setdefault(target, number) == number:
                    found.append(_Wanted(mark=mark, level=number, signature=signature, arguments=arguments))
    return found


def _compared(value: Any) -> str:
    """Return the text by which two arguments are the same target."""
    return value if isinstance(value, str) else shown_value(value, _MOST_COMPARED)


def _bound(test: MarkedTest, mark: Mark, signature: _Signature) -> dict[str, Any]:
    __tracebackhide__ = True
    unknown = [name for name in mark.kwargs if name not in signature.names]
    if unknown:
        raise OptionError(
            f"{test.where(mark)}: there is no argument {shown_value(unknown[0])}. "
            f"{suggestion(unknown[0], signature.names)}"
        )
    try:
        return signature.bind(mark.args, mark.kwargs)
    except TypeError as error:
        text = f"{error} (given: {_arguments_shown(mark.args, mark.kwargs)})"
        raise OptionError(f"{test.where(mark)}: {text}. It takes {MARKERS[mark.name].partition(':')[0]}.") from None


def _found(definition: Any, folders: Iterable[Path]) -> Any:
    """Return the file for a relative path; if there is no such file, return the argument as it is."""
    if isinstance(definition, str) and SourceText.of_text(definition) is not None:
        return definition
    if not isinstance(definition, str | Path) or Path(definition).is_absolute():
        return definition
    if path_fault(str(definition)) is not None:  # The method says what it is, and what to write instead.
        return definition
    candidates = [folder / definition for folder in folders]
    return next((path for path in candidates if path.exists()), candidates[0])


def _arguments_shown(args: Sequence[Any], kwargs: Mapping[str, Any] | None = None) -> str:
    shown = [
        *(shown_value(value, _MOST_OF_AN_ARGUMENT) for value in args),
        *(f"{name}={shown_value(value, _MOST_OF_AN_ARGUMENT)}" for name, value in (kwargs or {}).items()),
    ]
    return ", ".join(shown) or "nothing"
