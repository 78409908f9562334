"""jsonpath-ng's nodes, taught what Jayway does.

jsonpath-ng gives the shape, nodes that ``find`` what lies below a datum, chained by ``Child``; each subclass here does
what Jayway does instead: several names give one object, a slice has no step width, a filter tests an object itself and
an array's elements, a missing name raises while there is but one way to it. ``walking.py`` builds them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jsonpath_ng.jsonpath import Child, DatumInContext, Descendants, Fields, Index, JSONPath, Slice, This

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.definite import NOT_AN_ARRAY, NOT_AN_OBJECT, location, no_results
from pytest_sfn_sync.asl.json_paths.evaluation import Evaluation, Find, Test
from pytest_sfn_sync.asl.json_paths.faults import EvaluationFault, IndexFault, InvalidPath, NoSuchPath
from pytest_sfn_sync.asl.json_paths.java_text import java_class, java_text
from pytest_sfn_sync.asl.json_paths.steps import (
    DeepScanStep,
    IndexStep,
    NameStep,
    ParsedPath,
    SliceStep,
    WildcardStep,
    fragments,
    is_definite,
    single_key,
)

NO_TARGET = "Current path token is a leaf"


class Spot(DatumInContext):
    """A value on the way, with the evaluation that it belongs to; ``key`` leads to it from ``context``."""

    __slots__ = ("context", "evaluation", "key", "value")

    def __init__(self, value: JSON, key: str | int | None, context: Spot | None, evaluation: Evaluation) -> None:
        self.value = value
        self.key = key
        self.context: Spot | None = context
        self.evaluation = evaluation

    def below(self, key: str | int | None, value: JSON) -> Spot:
        """Give a spot below this one; without a key it stands where this one stands."""
        return Spot(value, key, self, self.evaluation)

    def location(self, start: str) -> str:
        """Print where the spot is, after the text of the way to the first of the spots."""
        keys: list[str | int] = []
        spot: Spot | None = self
        while spot is not None:
            if spot.key is not None:
                keys.append(spot.key)
            spot = spot.context
        return location(start, tuple(reversed(keys)))


class Place:
    """Where a step stands in its path, which decides between fault and silence."""

    __slots__ = ("follows_scan", "is_leaf", "path", "position", "start", "upstream_definite")

    def __init__(self, path: ParsedPath, position: int, start: str, *, upstream_definite: bool) -> None:
        self.path = path
        self.position = position
        self.start = start
        self.upstream_definite = upstream_definite
        self.is_leaf = position == len(path.steps) - 1
        self.follows_scan = self.is_leaf and position > 1 and isinstance(path.steps[position - 2], DeepScanStep)

    @property
    def rest(self) -> str:
        """The step and all that follows it, as Jayway prints them."""
        return fragments(self.path.steps[self.position :])

    @property
    def scanned_index(self) -> int:
        """For the last step of ``..[n].x``: n, the only element whose results Jayway keeps.

        -1 stands for "no element": the step between is not a single index, or this step was not in the path's text.
        """
        step = self.path.steps[self.position]
        if isinstance(step, WildcardStep) and step.is_added:
            return -1
        key = single_key(self.path.steps[self.position - 1])
        return key if isinstance(key, int) else -1


class Node(JSONPath):
    """A step at its place. ``indexes`` tells that it leads into the elements of an array."""

    place: Place
    indexes = False

    def keeps(self, evaluation: Evaluation) -> bool:
        """Tell whether a property found here counts.

        Jayway quirk: after ``..y``, arrays pass each element to the step after y and leave their index at that step;
        from then on it keeps what it finds only where y is that very index. The mark stays for objects scanned later.
        """
        if not self.place.follows_scan:
            return True
        index = evaluation.marks.get(id(self), -1)
        return index in (-1, self.place.scanned_index)


class Names(Node, Fields):
    """One or several names."""

    def __init__(self, step: NameStep, place: Place) -> None:
        self.fields = step.names
        self.step = step
        self.place = place
        self.merges = place.is_leaf and len(step.names) > 1
        self.is_strict = place.upstream_definite and is_definite(step, is_leaf=place.is_leaf)

    def find(self, datum: Any) -> list[Any]:
        """Give the members of those names, or one object of them where the path ends here."""
        value = datum.value
        if not isinstance(value, dict):
            if self.place.upstream_definite:
                raise NoSuchPath(partial(self._not_an_object, datum))
            return []
        if self.merges:
            return [self._merged(datum, value)]
        if datum.evaluation.requires_properties or self.is_strict:
            self._check_present(datum, value)
        if not self.keeps(datum.evaluation):
            return []
        return [datum.below(name, value[name]) for name in self.fields if name in value]

    def _merged(self, datum: Spot, value: JSON) -> Spot:
        if datum.evaluation.requires_properties and not all(name in value for name in self.fields):
            raise NoSuchPath(partial(self._missing_property, datum, self.step.fragment))
        return datum.below(None, {name: value[name] for name in self.fields if name in value})

    def _check_present(self, datum: Spot, value: JSON) -> None:
        for name in self.fields:
            if name in value:
                continue
            if not self.place.is_leaf:
                raise NoSuchPath(partial(self._missing_property, datum, f"['{name}']"))
            if datum.evaluation.requires_properties:
                raise NoSuchPath(partial(no_results, self.place.path))

    def _missing_property(self, datum: Spot, name: str) -> str:
        return f"Missing property in path {datum.location(self.place.start)}{name}"

    def _not_an_object(self, datum: Spot) -> str:
        where = datum.location(self.place.start)
        return NOT_AN_OBJECT.format(name=self.step.fragment, location=where, found=java_class(datum.value))


class ArrayStep(Node):
    """What the steps into arrays have in common."""

    indexes = True

    def reached(self, datum: Spot) -> list[JSON] | None:
        """The array that the step is applied to, or None where it is to be passed over."""
        value = datum.value
        if isinstance(value, list):
            return value
        if not self.place.upstream_definite:
            return None
        raise NoSuchPath(partial(self._not_an_array, datum))

    def _not_an_array(self, datum: Spot) -> str:
        if datum.value is None:
            return f"The path {datum.location(self.place.start)} is null"
        return NOT_AN_ARRAY.format(rest=self.place.rest, value=java_text(datum.value))


def _elements(datum: Spot, array: list[JSON], indices: range | tuple[int, ...]) -> list[Any]:
    length = len(array)
    return [datum.below(index, array[index]) for index in indices if -length <= index < length]


class Indices(ArrayStep, Index):
    """One or several indices; those past the end give nothing."""

    def __init__(self, step: IndexStep, place: Place) -> None:
        self.indices = step.indices
        self.place = place

    def find(self, datum: Any) -> list[Any]:
        """Give the elements at the indices."""
        array = self.reached(datum)
        return [] if array is None else _elements(datum, array, self.indices)


class Range(ArrayStep, Slice):
    """A slice, with Jayway's own reading of negative bounds."""

    def __init__(self, step: SliceStep, place: Place) -> None:
        self.start = step.start
        self.end = step.end
        self.step = None
        self.place = place

    def find(self, datum: Any) -> list[Any]:
        """Give the elements of the slice."""
        array = self.reached(datum)
        return [] if array is None else _elements(datum, array, self._indices(len(array)))

    def _indices(self, length: int) -> range:
        if self.start is None:
            assert self.end is not None
            return range(min(length, self.end + length if self.end < 0 else self.end))
        if self.end is None:
            return range(max(0, self.start + length if self.start < 0 else self.start), length)
        # Jayway quirk: with both bounds given, negative ones are indices in their own right: [-2:1] is -2, -1, 0.
        return range(max(self.start, -length), min(length, self.end))


class Children(Node):
    """A wildcard: every member of an object, every element of an array."""

    indexes = True

    def __init__(self, place: Place) -> None:
        self.place = place

    def find(self, datum: Any) -> list[Any]:
        """Give every member or element."""
        value = datum.value
        if isinstance(value, list):
            return [datum.below(index, element) for index, element in enumerate(value)]
        if isinstance(value, dict) and self.keeps(datum.evaluation):
            return [datum.below(name, member) for name, member in value.items()]
        return []


class Matching(Node):
    """A filter: the elements of an array that meet a condition, or an object that itself does."""

    indexes = True

    def __init__(self, condition: Test, place: Place) -> None:
        self.condition = condition
        self.place = place

    def accepts(self, item: JSON, evaluation: Evaluation) -> bool:
        """Tell whether an item meets the condition; one that cannot be applied to it is not met."""
        try:
            return self.condition(item, evaluation)
        except InvalidPath:
            return False

    def find(self, datum: Any) -> list[Any]:
        """Give what meets the condition."""
        value, evaluation = datum.value, datum.evaluation
        if isinstance(value, list):
            return [datum.below(index, item) for index, item in enumerate(value) if self.accepts(item, evaluation)]
        if isinstance(value, dict):
            return [datum.below(None, value)] if self.accepts(value, evaluation) else []
        if self.place.upstream_definite:
            raise InvalidPath(partial(self._not_applicable, value))
        return []

    def _not_applicable(self, value: JSON) -> str:
        return f"Filter: {self.place.rest} can not be applied to primitives. Current context is: {java_text(value)}"


class Call(Node):
    """A function applied to each value that the path has led to."""

    def __init__(self, call: Find, place: Place) -> None:
        self.call = call
        self.place = place

    def find(self, datum: Any) -> list[Any]:
        """Give the function's result."""
        return [datum.below(None, self.call(datum.value, datum.evaluation))]


class Dangling(JSONPath):
    """What ``..`` has to look for where nothing follows it, as in ``$..length()``."""

    def find(self, datum: Any) -> list[Any]:
        """Raise, as Jayway does."""
        raise EvaluationFault(NO_TARGET)


class Chain(Child):
    """A step and all that follows it, depth first, as Jayway's results come."""

    left: Node

    def find(self, datum: Any) -> list[Any]:
        """Give what the last step of the chain finds, and what functions gave on the way."""
        found: list[Any] = []
        into_array = self.left.indexes and isinstance(datum.value, list)
        skips_missing = into_array and isinstance(self.left, Children) and not datum.evaluation.requires_properties
        for spot in self.left.find(datum):
            if isinstance(self.left, Call):
                found.append(spot)
            try:
                found += self.right.find(spot)
            except NoSuchPath:
                if not skips_missing:
                    raise
            except IndexFault:
                if not into_array:
                    raise
        return found


class Scan(Descendants):
    """``..`` and the step after it, tried on every object and array below, from the outside in.

    ``whole`` is the target with all that follows it, ``after`` that which follows it, None if nothing does.
    """

    indexes = False

    def __init__(self, target: JSONPath, whole: JSONPath, after: JSONPath | None) -> None:
        self.left = This()
        self.right = whole
        self.after = after
        self.target = target
        self.matches = _SCAN_MATCHES.get(type(target), _never)

    def find(self, datum: Any) -> list[Any]:
        """Give what the target, and all after it, finds at any depth."""
        found: list[Any] = []
        pending = [datum]
        if isinstance(self.target, Dangling):
            return self.target.find(datum)
        while pending:
            spot = pending.pop()
            value = spot.value
            if isinstance(value, dict):
                if self.matches(self.target, spot):
                    found += self.right.find(spot)
                pending.extend(spot.below(name, member) for name, member in reversed(value.items()))
            elif isinstance(value, list):
                if self.matches(self.target, spot):
                    found += self._scan_array(spot, value)
                last = len(value) - 1
                pending.extend(spot.below(last - back, element) for back, element in enumerate(reversed(value)))
        return found

    def _scan_array(self, spot: Spot, array: list[JSON]) -> list[Any]:
        """Jayway quirk: an array passes every element to the step after the target, whatever the target says."""
        if self.after is None:
            return self.right.find(spot)
        marked = id(self.after.left if isinstance(self.after, Chain) else self.after)
        found: list[Any] = []
        for index, element in enumerate(array):
            spot.evaluation.marks[marked] = index
            found += self.after.find(spot.below(index, element))
        return found


def _has_names(target: Any, spot: Spot) -> bool:
    if not isinstance(spot.value, dict):
        return False
    return (len(target.fields) > 1 and not target.merges) or all(name in spot.value for name in target.fields)


def _is_array(_target: Any, spot: Spot) -> bool:
    return isinstance(spot.value, list)


def _always(_target: Any, _spot: Spot) -> bool:
    return True


def _never(_target: Any, _spot: Spot) -> bool:
    return False


def _accepts(target: Any, spot: Spot) -> bool:
    return bool(target.accepts(spot.value, spot.evaluation))


_SCAN_MATCHES: dict[type[JSONPath], Callable[[Any, Spot], bool]] = {
    Names: _has_names,
    Indices: _is_array,
    Range: _is_array,
    Children: _always,
    Matching: _accepts,
}
