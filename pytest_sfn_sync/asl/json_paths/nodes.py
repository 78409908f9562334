"""Subclasses of jsonpath-ng's nodes that behave like Jayway 2.0.0.

In jsonpath-ng ``Child`` chains nodes. The subclasses here find what Jayway finds, one spot after the other.
Several names select one object. A slice has no step width. A filter tests an object itself, and the elements of an
array. A missing value raises an error. ``walking.py`` builds the nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

from jsonpath_ng.jsonpath import Child, DatumInContext, Descendants, Fields, Index, JSONPath, Slice, This

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.java.java_text import java_text
from pytest_sfn_sync.asl.json_paths.definite import (
    INDEX_OUT_OF_BOUNDS,
    MISSING_PROPERTY,
    NO_RESULTS,
    NOT_AN_ARRAY,
    NOT_AN_OBJECT,
    NULL_ARRAY,
    location,
)
from pytest_sfn_sync.asl.json_paths.filters import Test
from pytest_sfn_sync.asl.json_paths.path_faults import InvalidPath, NoSuchPath
from pytest_sfn_sync.asl.json_paths.steps import IndexStep, NameStep, SliceStep, Step, fragments

NOT_APPLICABLE = "Filter: {rest} can not be applied to primitives. Current context is: {value}"
NOT_A_LEAF = "Multi properties can only be used as path leafs: {location}{names}"
NO_CONDITION = "java.lang.NullPointerException"


class StepsUsedUp(Exception):  # noqa: N818 - becomes a WorkLimitError, which has the path
    """A walk has visited as many values as it may."""


class WalkedDocument:
    """The whole document of a walk, and the values that the walk may still visit, those of nested paths included."""

    __slots__ = ("left", "root")

    def __init__(self, root: JSON, left: int) -> None:
        self.root = root
        self.left = left

    def count(self, values: int = 1) -> None:
        """Count visited values; raise `StepsUsedUp` if they are too many."""
        self.left -= values
        if self.left < 0:
            raise StepsUsedUp


class Spot(DatumInContext):
    """A value that a walk has reached, with the whole document; ``key`` leads to it from ``context``."""

    __slots__ = ("context", "document", "key", "value")

    def __init__(self, value: JSON, key: str | int | None, context: Spot | None, document: WalkedDocument) -> None:
        self.value = value
        self.key = key
        self.context: Spot | None = context
        self.document = document

    def below(self, key: str | int | None, value: JSON) -> Spot:
        """Return a spot below this one; without a key its location is the same."""
        return Spot(value, key, self, self.document)

    @property
    def location(self) -> str:
        """The location of the spot, as Jayway prints it."""
        keys: list[str | int] = []
        spot: Spot | None = self
        while spot is not None:
            if spot.key is not None:
                keys.append(spot.key)
            spot = spot.context
        return location(tuple(reversed(keys)))


Place: TypeAlias = tuple[tuple[Step, ...], int]


class Walk(JSONPath):
    """A node that yields spots one by one, depth first, so that errors come in Jayway's order."""

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield the spots that the node leads to from a spot."""
        raise NotImplementedError


class Node(Walk):
    """A step of a path; ``place`` are all steps of the path, and the position of this one."""

    def __init__(self, place: Place) -> None:
        self._place = place
        steps, position = place
        self.is_leaf = position == len(steps) - 1

    @property
    def rest(self) -> tuple[Step, ...]:
        """The step itself and all steps after it."""
        steps, position = self._place
        return steps[position:]


class Root(Node):
    """A ``$`` in the middle of a path: the value stays the same, and locations in messages start from ``$`` again."""

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield the value with the location of the document."""
        yield Spot(datum.value, None, None, datum.document)


class Names(Node, Fields):
    """One or several names; ``requires_property`` is True if it is a fault that a single name is missing."""

    def __init__(self, step: NameStep, place: Place, *, requires_property: bool) -> None:
        super().__init__(place)
        self.fields = step.names
        self.fragment = step.fragment
        self.requires_property = requires_property

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield the member of the name, or one object with the members of several names."""
        datum.document.count(len(self.fields))
        value = datum.value
        if not isinstance(value, dict):
            raise NoSuchPath(partial(self._not_an_object, datum))
        if len(self.fields) != 1:
            yield self._merged(datum, value)
        elif self.fields[0] in value:
            yield datum.below(self.fields[0], value[self.fields[0]])
        elif self.requires_property:
            raise NoSuchPath(partial(self._missing, datum))

    def _merged(self, datum: Spot, value: JSON) -> Spot:
        if not self.is_leaf:
            raise InvalidPath(partial(self._not_a_leaf, datum))
        return datum.below(None, {name: value[name] for name in self.fields if name in value})

    def _missing(self, datum: Spot) -> str:
        return (NO_RESULTS if self.is_leaf else MISSING_PROPERTY).format(f"{datum.location}{self.fragment}")

    def _not_an_object(self, datum: Spot) -> str:
        return NOT_AN_OBJECT.format(names=self.fragment, location=datum.location)

    def _not_a_leaf(self, datum: Spot) -> str:
        return NOT_A_LEAF.format(names=self.fragment, location=datum.location)


class ArrayStep(Node):
    """The base class of steps into arrays."""

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield the elements that the step selects; raise `NoSuchPath` for one that does not exist."""
        array = datum.value
        if array is None:
            raise NoSuchPath(partial(self._null, datum))
        if not isinstance(array, list):
            raise InvalidPath(partial(self._not_an_array, array))
        indices = self.indices_in(len(array))
        datum.document.count(len(indices))
        for index in indices:
            if not 0 <= index < len(array):
                raise NoSuchPath(partial(self._out_of_bounds, datum, index))
            yield datum.below(index, array[index])

    def indices_in(self, length: int) -> range | tuple[int, ...]:
        """Return the indices that the step selects in an array of a length."""
        raise NotImplementedError

    def _null(self, datum: Spot) -> str:
        return NULL_ARRAY.format(datum.location)

    def _not_an_array(self, value: JSON) -> str:
        return NOT_AN_ARRAY.format(rest=fragments(self.rest), value=java_text(value))

    def _out_of_bounds(self, datum: Spot, index: int) -> str:
        return INDEX_OUT_OF_BOUNDS.format(datum.below(index, None).location)


class Indices(ArrayStep, Index):
    """One or several indices."""

    def __init__(self, step: IndexStep, place: Place) -> None:
        super().__init__(place)
        self.indices = step.indices

    def indices_in(self, length: int) -> tuple[int, ...]:
        """Return the indices as they were written."""
        return self.indices


class FromEnd(ArrayStep):
    """An index counted from the end."""

    def __init__(self, offset: int, place: Place) -> None:
        super().__init__(place)
        self.offset = offset

    def indices_in(self, length: int) -> tuple[int, ...]:
        """Return the one index."""
        return (length + self.offset,)


class Range(ArrayStep, Slice):
    """A slice; negative bounds have Jayway's own meaning."""

    def __init__(self, step: SliceStep, place: Place) -> None:
        super().__init__(place)
        self.start = step.start
        self.end = step.end
        self.step = None

    def indices_in(self, length: int) -> range:
        """Return the indices of the slice."""
        if self.start is None:
            assert self.end is not None
            return range(min(length, self.end + length if self.end < 0 else self.end))
        if self.end is None:
            return range(max(0, self.start + length if self.start < 0 else self.start), length)
        # Jayway quirk: if a slice has both bounds, negative ones are not counted from the end.
        return range(self.start, min(length, self.end)) if length else range(0)


class Children(Node):
    """A wildcard: every member of an object, every element of an array."""

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield every member or element."""
        value = datum.value
        if isinstance(value, list):
            datum.document.count(len(value))
            for index, element in enumerate(value):
                yield datum.below(index, element)
        elif isinstance(value, dict):
            datum.document.count(len(value))
            for name, member in value.items():
                yield datum.below(name, member)


class Matching(Node):
    """A filter: the elements of an array that meet a condition, or an object that meets it itself."""

    def __init__(self, condition: Test, place: Place) -> None:
        super().__init__(place)
        self.condition = condition

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield the elements, or the object, that meet the condition."""
        value, document = datum.value, datum.document
        if isinstance(value, list):
            for index, item in enumerate(value):
                document.count()
                if self.condition(item, document):
                    yield datum.below(index, item)
        elif not isinstance(value, dict):
            raise InvalidPath(partial(self._not_applicable, value))
        elif self.condition(value, document):
            yield datum.below(None, value)

    def _not_applicable(self, value: JSON) -> str:
        return NOT_APPLICABLE.format(rest=fragments(self.rest), value=java_text(value))


class Chain(Walk, Child):
    """A step and all steps after it, depth first, in the order of Jayway's results."""

    left: Node
    right: Walk

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield the spots that the last step of the chain finds."""
        passes_over = isinstance(self.left, Children) and isinstance(datum.value, list)
        for spot in self.left.walk(datum):
            try:
                yield from self.right.walk(spot)
            except NoSuchPath:
                if not passes_over:
                    raise


class Scan(Walk, Descendants):
    """``..`` and the step after it, applied to every object and array below, from the outside in.

    ``target`` is the step after ``..``. ``whole`` is that step with all steps after it. ``after`` are the steps after
    it, or None.
    """

    right: Walk

    def __init__(self, target: Walk, whole: Walk, after: Walk | None) -> None:
        self.left = This()
        self.right = whole
        self.after = after
        self.target = target
        self.matches = _SCAN_MATCHES.get(type(target), _never)

    def walk(self, datum: Any) -> Iterator[Any]:
        """Yield the spots that the target and all steps after it find, at any depth."""
        pending = [datum]
        document = datum.document
        while pending:
            spot = pending.pop()
            value = spot.value
            document.count()
            if isinstance(value, dict):
                if self.matches(self.target, spot):
                    yield from self.right.walk(spot)
                pending.extend(spot.below(name, member) for name, member in reversed(value.items()))
            elif isinstance(value, list):
                if self.matches(self.target, spot):
                    yield from self._scan_array(spot, value)
                last = len(value) - 1
                pending.extend(spot.below(last - back, element) for back, element in enumerate(reversed(value)))

    def _scan_array(self, spot: Spot, array: list[JSON]) -> Iterator[Any]:
        """Yield the spots of an array. Jayway quirk: all elements go to the step after the target, which is ignored."""
        if self.after is None:
            yield from self.right.walk(spot)
            return
        document = spot.document
        for index, element in enumerate(array):
            document.count()
            yield from self.after.walk(spot.below(index, element))


def _has_names(target: Any, spot: Spot) -> bool:
    return isinstance(spot.value, dict) and all(name in spot.value for name in target.fields)


def _is_array(_target: Any, spot: Spot) -> bool:
    return isinstance(spot.value, list)


def _always(_target: Any, _spot: Spot) -> bool:
    return True


def _never(_target: Any, _spot: Spot) -> bool:
    return False


def _accepts(target: Any, spot: Spot) -> bool:
    return bool(target.condition(spot.value, spot.document))


_SCAN_MATCHES: dict[type[JSONPath], Callable[[Any, Spot], bool]] = {
    Names: _has_names,
    Indices: _is_array,
    FromEnd: _is_array,
    Range: _is_array,
    Children: _always,
    Matching: _accepts,
}
