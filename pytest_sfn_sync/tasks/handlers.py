"""Real Lambda handlers: functions, or named as ``module:attribute`` and imported when they are first called."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeAlias

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.coroutines import is_async
from pytest_sfn_sync.tasks.responders import name_of

Handler: TypeAlias = Callable[[Any, Any], Any]


def real_handler(handler: str | Callable[..., Any], function: str) -> Handler:
    """Return a handler of ``(event, context)`` for the real handler of a function, or for the name of it.

    A handler that is named is imported at the first call. Raise MockError if the text is not the name of a handler. If
    the module or the attribute is missing, the first call raises MockError. An exception that the module itself raises
    is not changed.
    """
    described = f"use_lambda_handlers: {shown_value(function)}"
    if callable(handler):
        return _checked(handler, name_of(handler), function)
    module_name, attributes = _parts(handler, described)

    @lru_cache(maxsize=1)
    def imported() -> Handler:
        found = _attribute(_module(module_name, described), attributes, handler, described)
        if not callable(found):
            raise MockError(
                f"{described}: {shown_value(handler)} is {shown_value(found)}, which can't be called. Name the "
                "handler function."
            )
        return _checked(found, repr(handler), function)

    def call_handler(event: Any, context: Any) -> Any:
        return imported()(event, context)

    call_handler.__qualname__ = handler
    return call_handler


def _checked(handler: Callable[..., Any], name: str, function: str) -> Handler:
    """Return the handler as a function of ``(event, context)``; raise MockError if Lambda would not await it."""
    if is_async(handler):
        raise _not_awaited(name, function)
    takes_context = _takes_context(handler)

    def call_handler(event: Any, context: Any) -> Any:
        result = handler(event, context) if takes_context else handler(event)
        if inspect.iscoroutine(result):
            result.close()
            raise _not_awaited(name, function)
        return result

    call_handler.__qualname__ = name
    return call_handler


def _not_awaited(name: str, function: str) -> MockError:
    # Assumption, from the source of Lambda's Python runtime: it does not await a handler's coroutine.
    return MockError(
        f"use_lambda_handlers: {shown_value(function)}: {name} returns a coroutine. Lambda's Python runtime does "
        "not await it: on "
        "AWS each call fails with Runtime.MarshalError. Write a plain handler that calls asyncio.run(...). A mock may "
        f"be a coroutine function: mock_lambda({shown_value(function)}, calls=...)."
    )


def _parts(named: object, described: str) -> tuple[str, list[str]]:
    if not isinstance(named, str):
        raise MockError(
            f"{described} takes a handler, or its name such as 'app.charge:handler', not {shown_value(named)}."
        )
    module, colon, attribute = named.partition(":")
    if not colon:
        module, _, attribute = named.rpartition(".")  # as AWS writes it: path/module.function
    module = module.replace("/", ".")
    if not all(part.isidentifier() for part in (*module.split("."), *attribute.split("."))):
        raise MockError(
            f"{described}: {shown_value(named)} names no handler. Write module:function, for example "
            "'app.charge:handler'."
        )
    return module, attribute.split(".")


def _module(name: str, described: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name
        if missing is None or not f"{name}.".startswith(f"{missing}."):
            raise  # The module exists, but a module that it imports does not.
        raise MockError(
            f"{described}: there is no module "
            f"{shown_value(missing)}.{_near(missing.rpartition('.')[2], _siblings(missing))} "
            "Is its folder on sys.path (pytest's pythonpath option)?"
        ) from None


def _siblings(missing: str) -> list[str]:
    parent = missing.rpartition(".")[0]
    path: Sequence[str] | None = None
    if parent:
        spec = importlib.util.find_spec(parent)
        path = list(spec.submodule_search_locations or ()) if spec is not None else []
    return [module.name for module in pkgutil.iter_modules(path)]


def _attribute(module: Any, attributes: list[str], named: str, described: str) -> Any:
    found = module
    for attribute in attributes:
        if not hasattr(found, attribute):
            known = [name for name in dir(found) if callable(getattr(found, name)) and not name.startswith("_")]
            where = found.__name__ if inspect.ismodule(found) else named.rpartition(".")[0]
            raise MockError(f"{described}: {where} has no {shown_value(attribute)}.{_near(attribute, known)}")
        found = getattr(found, attribute)
    return found


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)[:3]
    return f" Nearest: {', '.join(near)}." if near else ""


def _takes_context(handler: Callable[..., Any]) -> bool:
    try:
        inspect.signature(handler).bind(None, None)
    except TypeError:
        return False
    except ValueError:
        return True
    return True
