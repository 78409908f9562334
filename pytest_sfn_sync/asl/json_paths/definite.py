"""Paths of single names and indices, compiled to closures; nearly all paths of definitions are of this kind.

A closure uses plain subscription without any checks. If that fails, the document is walked a second time to find
Jayway's text for what was missing. This happens only if the text is read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.java.java_text import java_text
from pytest_sfn_sync.asl.json_paths.path_faults import InvalidPath, NoSuchPath, PathNotFound
from pytest_sfn_sync.asl.json_paths.steps import ParsedPath, fragments, single_key

Find = Callable[[JSON], JSON]
Missing = Callable[[JSON], Exception]

NULL_DOCUMENT = "Unable to apply Path transformation to null or empty input."

NOT_AN_OBJECT = "Property {names} not found in path {location}"
NOT_AN_ARRAY = "Filter: {rest} can only be applied to arrays. Current context is: {value}"
NULL_ARRAY = "The path {} is null"
INDEX_OUT_OF_BOUNDS = "Index out of bounds when evaluating path {}"
MISSING_PROPERTY = "Missing property in path {}"
NO_RESULTS = "No results for path: {}"


def plain_keys(path: ParsedPath) -> tuple[str | int, ...]:
    """Return the names and indices at the start of a path, up to the first step of another kind."""
    keys: list[str | int] = []
    for step in path.steps:
        key = single_key(step)
        if key is None:
            break
        keys.append(key)
    return tuple(keys)


def compile_keys(path: ParsedPath, keys: tuple[str | int, ...], *, nested: bool = False) -> Find:
    """Compile a path of plain keys to a function that returns its value.

    The function raises `PathNotFound`. For a document that is null it raises ``States.Runtime``, except if the path is
    nested in a filter.
    """
    missing = partial(_missing if nested else _missing_in_document, path, keys)
    if not keys:
        return _identity if nested else refuse_null
    if any(isinstance(key, int) for key in keys):
        return _compile_mixed(keys, missing)
    names = tuple(key for key in keys if isinstance(key, str))
    return _BY_LENGTH.get(len(names), _compile_names)(names, missing)


def _identity(document: JSON) -> JSON:
    return document


def refuse_null(document: JSON) -> JSON:
    """Return the document; raise ``States.Runtime`` if it is null.

    Recorded: AWS has a text of its own in place of Jayway's "root can not be null".
    """
    if document is None:
        raise runtime_error(NULL_DOCUMENT)
    return document


def _compile_one(names: tuple[str, ...], missing: Missing) -> Find:
    (name,) = names

    def find(document: JSON) -> JSON:
        try:
            return document[name]
        except (KeyError, TypeError):
            raise missing(document) from None

    return find


def _compile_two(names: tuple[str, ...], missing: Missing) -> Find:
    first, second = names

    def find(document: JSON) -> JSON:
        try:
            return document[first][second]
        except (KeyError, TypeError):
            raise missing(document) from None

    return find


def _compile_three(names: tuple[str, ...], missing: Missing) -> Find:
    first, second, third = names

    def find(document: JSON) -> JSON:
        try:
            return document[first][second][third]
        except (KeyError, TypeError):
            raise missing(document) from None

    return find


def _compile_names(names: tuple[str, ...], missing: Missing) -> Find:
    def find(document: JSON) -> JSON:
        value = document
        try:
            for name in names:
                value = value[name]
        except (KeyError, TypeError):
            raise missing(document) from None
        return value

    return find


_BY_LENGTH = {1: _compile_one, 2: _compile_two, 3: _compile_three}


def _compile_mixed(keys: tuple[str | int, ...], missing: Missing) -> Find:
    def find(document: JSON) -> JSON:
        value = document
        try:
            for key in keys:
                # Besides a list, only a string could be subscripted by an index: it would return a character.
                if value.__class__ is str:
                    raise missing(document)
                value = value[key]
        except (KeyError, TypeError, IndexError):
            raise missing(document) from None
        return value

    def refuse(document: JSON) -> JSON:
        raise missing(document)

    # A negative index is out of bounds for Jayway 2.0.0, unlike in Python.
    return refuse if any(isinstance(key, int) and key < 0 for key in keys) else find


def location(keys: tuple[str | int, ...]) -> str:
    """Return the location of a value as Jayway prints it in its messages: ``$['a'][0]``."""
    return "$" + "".join(f"['{key}']" if isinstance(key, str) else f"[{key}]" for key in keys)


def _missing_in_document(path: ParsedPath, keys: tuple[str | int, ...], document: JSON) -> Exception:
    return runtime_error(NULL_DOCUMENT) if document is None else _missing(path, keys, document)


def _missing(path: ParsedPath, keys: tuple[str | int, ...], document: JSON) -> PathNotFound:
    """Return the error that Jayway reports for the first of the keys that does not exist."""
    value = document
    for position, key in enumerate(keys):
        if isinstance(key, str):
            if not isinstance(value, dict):
                return NoSuchPath(partial(_not_an_object, keys, position), key)
            if key not in value:
                return NoSuchPath(partial(_no_property, keys, position), key)
        elif value is None:
            return NoSuchPath(NULL_ARRAY.format(location(keys[:position])), key)
        elif not isinstance(value, list):
            return InvalidPath(partial(_not_an_array, path, position, value), key)
        elif not 0 <= key < len(value):
            return NoSuchPath(INDEX_OUT_OF_BOUNDS.format(location(keys[: position + 1])), key)
        value = value[key]
    raise AssertionError("every key leads somewhere")


def _not_an_object(keys: tuple[str | int, ...], position: int) -> str:
    return NOT_AN_OBJECT.format(names=f"['{keys[position]}']", location=location(keys[:position]))


def _no_property(keys: tuple[str | int, ...], position: int) -> str:
    text = NO_RESULTS if position == len(keys) - 1 else MISSING_PROPERTY
    return text.format(location(keys[: position + 1]))


def _not_an_array(path: ParsedPath, position: int, value: JSON) -> str:
    return NOT_AN_ARRAY.format(rest=fragments(path.steps[position:]), value=java_text(value))
