"""The net at the public doors: an error of this package itself becomes a usage error that says so.

Whatever a definition, an input, a template, a mock or an argument holds, the caller gets the workflow's outcome, a
service error or a usage error in words. If anything else arises in this package, it is a fault of the package: it is
raised as an `InternalError`, which names it, and is told again at the end of the test.

An exception of code that the test brought (a handler, a ``__repr__``, a mapping of its own) is the test's. It passes
through unchanged, and so do warnings, and errors of modules that can't be imported.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar

from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.shown_text import shown_text

_PACKAGE: Final = "pytest_sfn_sync"
_USED_HERE: Final = frozenset({_PACKAGE, "boto3", "botocore", "jlens", "jsonpath_ng", "ply", "yaml", "graphlay"})
_RUNS_CODE_OF_TESTS: Final = frozenset({"unittest", "importlib"})
_OF_THE_CALLER: Final = (Warning, ImportError, SyntaxError)

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")
_Class = TypeVar("_Class", bound=type)


class InternalError(SfnSyncUsageError):
    """An error of this package itself, which should be reported."""


def internal_error(what: str, error: Exception) -> InternalError | None:
    """Return the error to raise in place of one that arose in this package; None for an error of the caller's code."""
    if isinstance(error, (SfnSyncUsageError, *_OF_THE_CALLER)) or type(error).__module__.startswith("botocore"):
        return None
    traceback = error.__traceback__
    if traceback is None or traceback.tb_next is None:  # The call itself failed: arguments are missing, or too many.
        return None
    frames = list(_frames(traceback))
    if not all(_is_known(module) for module, _ in frames):
        return None
    if isinstance(error, RecursionError):
        return InternalError(
            f"{what} went deeper than Python can follow (RecursionError). Is there a handler that runs the machine "
            "whose task it does, without end? Or a value that is nested too deep?\n"
            "If it is neither, please report it, with this text and what was given to the call."
        )
    place = next((line for module, line in reversed(frames) if module.partition(".")[0] == _PACKAGE), frames[-1][1])
    return InternalError(
        f"{what} failed by an error of pytest-sfn-sync itself, not of the test: "
        f"{type(error).__name__}: {shown_text(str(error))}\n"
        f"  at  {place}\n"
        "Please report it, with this text and what was given to the call."
    )


def public_door(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Return a function or a method that raises errors of this package as an `InternalError`.

    If the object of the method keeps usage errors, it keeps this one too, so that it is told again.
    """

    @wraps(function)
    def door(*arguments: _Parameters.args, **keywords: _Parameters.kwargs) -> _Result:
        __tracebackhide__ = True
        try:
            return function(*arguments, **keywords)
        except Exception as error:
            found = internal_error(function.__name__, error)
            if found is None:
                raise
            kept = getattr(arguments[0], "usage_errors", None) if arguments else None
            if isinstance(kept, list):
                kept.append(found)
            raise found from error

    return door


def with_public_doors(cls: _Class) -> _Class:
    """Make each public method of a class a `public_door`, those of its bases included."""
    for name, member in inspect.getmembers(cls, inspect.isfunction):
        if not name.startswith("_"):
            setattr(cls, name, public_door(member))
    return cls


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, str]]:
    """Yield the module and the line of each step of a traceback."""
    while traceback is not None:
        module: Any = traceback.tb_frame.f_globals.get("__name__")
        yield str(module), f"{module}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next


def _is_known(module: str) -> bool:
    """Return whether a module is of this package, or used by it and never by running code of a test."""
    top = module.partition(".")[0]
    return top in _USED_HERE or (top in sys.stdlib_module_names and top not in _RUNS_CODE_OF_TESTS)
