"""The one type that several values share: those of a list, of a map, and of the two sides of a conditional."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pytest_sfn_sync.terraform.guessed_values import GuessedList, GuessedMap, GuessedText
from pytest_sfn_sync.terraform.values import PlacedObject, SetValue, ValueKindError, kind_of, set_of, text_of


def side_of_conditional(chosen: Any, other: Any) -> Any:
    """Return the chosen side of a conditional in the type that it shares with the other side.

    Recorded: Terraform 1.11 makes ``true ? 1 : "a"`` a string, and ``true ? { a = 1, b = "x" } : {}`` a map of strings.
    """
    if isinstance(chosen, _GUESSES) or isinstance(other, _GUESSES):
        return chosen
    try:
        return unified([chosen, other])[0]
    except ValueKindError as error:
        raise ValueKindError(f"the two sides of a conditional have one type: {error}") from None


_GUESSES: Final = (GuessedText, GuessedList, GuessedMap)


def unified(values: list[Any]) -> list[Any]:
    """Return values in the one type that they share; raise ValueKindError if they share none.

    Recorded: Terraform 1.11 makes strings of numbers and bools if there is a string among them, unites tuples of one
    length by position and objects with the same keys by key, and treats all others as lists and maps.
    """
    present = [value for value in values if value is not None]
    if any(isinstance(value, _GUESSES) for value in present):
        return values
    kinds = {kind_of(value) for value in present}
    if not kinds or "a whole resource or module" in kinds or kinds == {"a list", "a set"}:
        return values
    if all(isinstance(value, list) for value in present):
        return _unified_groups(values, {len(value) for value in present}, list, _with_items)
    if all(isinstance(value, Mapping) for value in present):
        return _unified_groups(values, {tuple(sorted(value)) for value in present}, _sorted_members, _with_members)
    if len(kinds) == 1:
        return values
    if kinds <= {"a string", "a number", "a bool"} and "a string" in kinds:
        return [None if value is None else text_of(value) for value in values]
    raise ValueKindError(f"all members must have the same type, and these have {' and '.join(sorted(kinds))}")


def _unified_groups(
    values: list[Any],
    shapes: set[Any],
    members_of: Callable[[Any], list[Any]],
    made: Callable[[Any, list[Any]], Any],
) -> list[Any]:
    """Return lists or maps whose members are unified: by place if all have one shape, else all of them together."""
    groups = [members_of(value) for value in values if value is not None]
    if len(shapes) == 1:
        columns = [unified(list(column)) for column in zip(*groups, strict=True)]
        of_groups = [[column[row] for column in columns] for row in range(len(groups))]
    else:
        flat = iter(unified([member for group in groups for member in group]))
        of_groups = [[next(flat) for _ in group] for group in groups]
    rows = iter(of_groups)
    return [None if value is None else made(value, next(rows)) for value in values]


def _sorted_members(value: Mapping[str, Any]) -> list[Any]:
    return [value[key] for key in sorted(value)]


def _with_items(value: list[Any], items: list[Any]) -> list[Any]:
    return set_of(items) if isinstance(value, SetValue) else items


def _with_members(value: Mapping[str, Any], members: list[Any]) -> dict[str, Any]:
    by_key = dict(zip(sorted(value), members, strict=True))
    return placed_as(value, {key: by_key[key] for key in value})


def placed_as(value: Any, members: dict[str, Any]) -> dict[str, Any]:
    """Return an object for another one, with its places in the file."""
    if not isinstance(value, PlacedObject):
        return members
    placed = PlacedObject(members)
    placed.line_map = value.line_map
    return placed
