"""Paths of single names and indices, compiled to closures: nearly all paths that definitions use.

A closure looks up with plain subscription and asks nothing; only when that fails is the document walked a second time,
to say in Jayway's words what was missing, and only if somebody reads the text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.faults import EvaluationFault, NoSuchPath, PathNotFound
from pytest_sfn_sync.asl.json_paths.java_text import java_class, java_text
from pytest_sfn_sync.asl.json_paths.steps import NameStep, ParsedPath, fragments, single_key

Find = Callable[[JSON], JSON]
Missing = Callable[[JSON], PathNotFound]

NOT_AN_OBJECT = (
    "Expected to find an object with property {name} in path {location} but found '{found}'. This is not a json object "
    "according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'."
)
NOT_AN_ARRAY = "Filter: {rest} can only be applied to arrays. Current context is: {value}"
NULL_ROOT = "root can not be null"


class NoSuchIndex(NoSuchPath):
    """An index past the end, which in the middle of an indefinite path means no results rather than a fault."""


def plain_keys(path: ParsedPath) -> tuple[str | int, ...]:
    """Give the names and indices that a path begins with, up to the first step that is neither."""
    keys: list[str | int] = []
    for step in path.steps:
        key = single_key(step)
        if key is None:
            break
        keys.append(key)
    return tuple(keys)


def compile_keys(path: ParsedPath, keys: tuple[str | int, ...], *, nested: bool = False) -> Find:
    """Compile the first steps of a path, or all of them, to a function that gives their value.

    The function raises `NoSuchPath` (`NoSuchIndex` for an index past the end), and for a document that is null, unless
    the path is nested in a filter or a function, `EvaluationFault`.
    """
    missing = partial(_missing, path, keys, nested)
    if not keys:
        return _identity if nested else partial(_not_null, missing)
    if any(isinstance(key, int) for key in keys):
        return _compile_mixed(keys, missing)
    names = tuple(key for key in keys if isinstance(key, str))
    return _BY_LENGTH.get(len(names), _compile_names)(names, missing)


def _identity(document: JSON) -> JSON:
    return document


def _not_null(missing: Missing, document: JSON) -> JSON:
    if document is None:
        raise missing(document)
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
                # A string would give a character for an index; nothing else that isn't an array takes one.
                if value.__class__ is str:
                    raise missing(document)
                value = value[key]
        except (KeyError, TypeError, IndexError):
            raise missing(document) from None
        return value

    return find


def location(root: str, keys: tuple[str | int, ...]) -> str:
    """Print where a step stands, as Jayway does in its messages: ``$['a'][0]``."""
    return root + "".join(f"['{key}']" if isinstance(key, str) else f"[{key}]" for key in keys)


def no_results(path: ParsedPath) -> str:
    """Jayway's text for a definite path that came to nothing."""
    return f"No results for path: {path.text}"


def _missing(path: ParsedPath, keys: tuple[str | int, ...], nested: bool, document: JSON) -> PathNotFound:
    """Make the fault that Jayway reports for the first of the keys that leads nowhere."""
    if document is None and not nested:
        return EvaluationFault(NULL_ROOT)
    value = document
    for position, key in enumerate(keys):
        if isinstance(key, str):
            if not isinstance(value, dict):
                return NoSuchPath(partial(_not_an_object, path, keys, position, value), key)
            if key not in value:
                return NoSuchPath(partial(_no_property, path, keys, position), key)
        elif not isinstance(value, list):
            return NoSuchPath(partial(_not_an_array, path, keys, position, value), key)
        elif not -len(value) <= key < len(value):
            return NoSuchIndex(partial(no_results, path), key)
        value = value[key]
    return NoSuchPath(partial(no_results, path))


def _not_an_object(path: ParsedPath, keys: tuple[str | int, ...], position: int, value: JSON) -> str:
    step = path.steps[position]
    assert isinstance(step, NameStep)
    where = location(path.root, keys[:position])
    return NOT_AN_OBJECT.format(name=step.fragment, location=where, found=java_class(value))


def _no_property(path: ParsedPath, keys: tuple[str | int, ...], position: int) -> str:
    if position == len(path.steps) - 1:
        return no_results(path)
    return f"Missing property in path {location(path.root, keys[: position + 1])}"


def _not_an_array(path: ParsedPath, keys: tuple[str | int, ...], position: int, value: JSON) -> str:
    if value is None:
        return f"The path {location(path.root, keys[:position])} is null"
    return NOT_AN_ARRAY.format(rest=fragments(path.steps[position:]), value=java_text(value))
