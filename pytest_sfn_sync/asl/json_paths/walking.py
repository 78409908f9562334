"""Paths that can lead to many values, walked by jsonpath-ng's nodes built from our own parse.

jsonpath-ng gives the shape, nodes that ``find`` what lies below a datum, chained by ``Child``; each subclass here does
what Jayway does instead: several names give one object, a slice has no step width, a filter tests an object itself and
an array's elements, a missing name raises while there is but one way to it. jsonpath-ng's string parser is never
called. This module is imported when the first such path is compiled, as importing jsonpath-ng costs milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jsonpath_ng.jsonpath import Child, DatumInContext, Descendants, Fields, Index, JSONPath, Slice, This

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.definite import (
    NOT_AN_ARRAY,
    NOT_AN_OBJECT,
    NULL_ROOT,
    NoSuchIndex,
    compile_keys,
    location,
    no_results,
    plain_keys,
)
from pytest_sfn_sync.asl.json_paths.evaluation import Evaluation, Find, Test
from pytest_sfn_sync.asl.json_paths.faults import EvaluationFault, IndexFault, InvalidPath, NoSuchPath
from pytest_sfn_sync.asl.json_paths.filters import compile_condition
from pytest_sfn_sync.asl.json_paths.functions import compile_call
from pytest_sfn_sync.asl.json_paths.java_text import java_class, java_text
from pytest_sfn_sync.asl.json_paths.steps import (
    DeepScanStep,
    FilterStep,
    FunctionStep,
    IndexStep,
    NameStep,
    ParsedPath,
    SliceStep,
    Step,
    WildcardStep,
    fragments,
    is_definite,
    single_key,
)

NO_TARGET = "Current path token is a leaf"
TOO_DEEP = "java.lang.StackOverflowError"


class _Spot(DatumInContext):
    """A value on the way, with the evaluation that it belongs to; ``key`` leads to it from ``context``."""

    __slots__ = ("context", "evaluation", "key", "value")

    def __init__(self, value: JSON, key: str | int | None, context: _Spot | None, evaluation: Evaluation) -> None:
        self.value = value
        self.key = key
        self.context: _Spot | None = context
        self.evaluation = evaluation

    def below(self, key: str | int | None, value: JSON) -> _Spot:
        return _Spot(value, key, self, self.evaluation)

    def location(self, start: str) -> str:
        keys: list[str | int] = []
        spot: _Spot | None = self
        while spot is not None:
            if spot.key is not None:
                keys.append(spot.key)
            spot = spot.context
        return location(start, tuple(reversed(keys)))


class _Place:
    """Where a step stands in its path, which decides between fault and silence."""

    __slots__ = ("is_leaf", "path", "position", "start", "upstream_definite")

    def __init__(self, path: ParsedPath, position: int, start: str) -> None:
        self.path = path
        self.position = position
        self.start = start
        self.is_leaf = position == len(path.steps) - 1
        self.upstream_definite = all(is_definite(step, is_leaf=False) for step in path.steps[:position])

    @property
    def rest(self) -> str:
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

    @property
    def follows_scan(self) -> bool:
        """Whether this is the last step of ``..y.x``."""
        return self.is_leaf and self.position > 1 and isinstance(self.path.steps[self.position - 2], DeepScanStep)


class _Node(JSONPath):
    """A step at its place. ``indexes`` tells that it leads into the elements of an array."""

    place: _Place
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


class _Names(_Node, Fields):
    """One or several names."""

    def __init__(self, step: NameStep, place: _Place) -> None:
        self.fields = step.names
        self.step = step
        self.place = place
        self.merges = place.is_leaf and len(step.names) > 1
        self.is_strict = place.upstream_definite and is_definite(step, is_leaf=place.is_leaf)

    def find(self, datum: Any) -> list[Any]:
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

    def _merged(self, datum: _Spot, value: JSON) -> _Spot:
        if datum.evaluation.requires_properties and not all(name in value for name in self.fields):
            raise NoSuchPath(partial(self._missing_property, datum, self.step.fragment))
        return datum.below(None, {name: value[name] for name in self.fields if name in value})

    def _check_present(self, datum: _Spot, value: JSON) -> None:
        for name in self.fields:
            if name in value:
                continue
            if not self.place.is_leaf:
                raise NoSuchPath(partial(self._missing_property, datum, f"['{name}']"))
            if datum.evaluation.requires_properties:
                raise NoSuchPath(partial(no_results, self.place.path))

    def _missing_property(self, datum: _Spot, name: str) -> str:
        return f"Missing property in path {datum.location(self.place.start)}{name}"

    def _not_an_object(self, datum: _Spot) -> str:
        where = datum.location(self.place.start)
        return NOT_AN_OBJECT.format(name=self.step.fragment, location=where, found=java_class(datum.value))


class _Elements(_Node):
    """What the steps into arrays have in common."""

    indexes = True

    def reached(self, datum: _Spot) -> list[JSON] | None:
        """The array that the step is applied to, or None where it is to be passed over."""
        value = datum.value
        if isinstance(value, list):
            return value
        if not self.place.upstream_definite:
            return None
        raise NoSuchPath(partial(self._not_an_array, datum))

    def _not_an_array(self, datum: _Spot) -> str:
        if datum.value is None:
            return f"The path {datum.location(self.place.start)} is null"
        return NOT_AN_ARRAY.format(rest=self.place.rest, value=java_text(datum.value))


def _elements(datum: _Spot, array: list[JSON], indices: range | tuple[int, ...]) -> list[Any]:
    length = len(array)
    return [datum.below(index, array[index]) for index in indices if -length <= index < length]


class _Indices(_Elements, Index):
    """One or several indices; those past the end give nothing."""

    def __init__(self, step: IndexStep, place: _Place) -> None:
        self.indices = step.indices
        self.place = place

    def find(self, datum: Any) -> list[Any]:
        array = self.reached(datum)
        return [] if array is None else _elements(datum, array, self.indices)


class _Range(_Elements, Slice):
    """A slice, with Jayway's own reading of negative bounds."""

    def __init__(self, step: SliceStep, place: _Place) -> None:
        self.start = step.start
        self.end = step.end
        self.step = None
        self.place = place

    def find(self, datum: Any) -> list[Any]:
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


class _Children(_Node):
    """A wildcard: every member of an object, every element of an array."""

    indexes = True

    def __init__(self, place: _Place) -> None:
        self.place = place

    def find(self, datum: Any) -> list[Any]:
        value = datum.value
        if isinstance(value, list):
            return [datum.below(index, element) for index, element in enumerate(value)]
        if isinstance(value, dict) and self.keeps(datum.evaluation):
            return [datum.below(name, member) for name, member in value.items()]
        return []


class _Matching(_Node):
    """A filter: the elements of an array that meet a condition, or an object that itself does."""

    indexes = True

    def __init__(self, condition: Test, place: _Place) -> None:
        self.condition = condition
        self.place = place

    def accepts(self, item: JSON, evaluation: Evaluation) -> bool:
        try:
            return self.condition(item, evaluation)
        except InvalidPath:
            return False

    def find(self, datum: Any) -> list[Any]:
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


class _Call(_Node):
    """A function applied to each value that the path has led to."""

    def __init__(self, call: Find, place: _Place) -> None:
        self.call = call
        self.place = place

    def find(self, datum: Any) -> list[Any]:
        return [datum.below(None, self.call(datum.value, datum.evaluation))]


class _Dangling(JSONPath):
    """What ``..`` has to look for where nothing follows it, as in ``$..length()``."""

    def find(self, datum: Any) -> list[Any]:
        raise EvaluationFault(NO_TARGET)


class _Chain(Child):
    """A step and all that follows it, depth first, as Jayway's results come."""

    left: _Node

    def find(self, datum: Any) -> list[Any]:
        found: list[Any] = []
        into_array = self.left.indexes and isinstance(datum.value, list)
        skips_missing = into_array and isinstance(self.left, _Children) and not datum.evaluation.requires_properties
        for spot in self.left.find(datum):
            if isinstance(self.left, _Call):
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


class _Scan(Descendants):
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
        found: list[Any] = []
        pending = [datum]
        if isinstance(self.target, _Dangling):
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

    def _scan_array(self, spot: _Spot, array: list[JSON]) -> list[Any]:
        """Jayway quirk: an array passes every element to the step after the target, whatever the target says."""
        if self.after is None:
            return self.right.find(spot)
        marked = id(self.after.left if isinstance(self.after, _Chain) else self.after)
        found: list[Any] = []
        for index, element in enumerate(array):
            spot.evaluation.marks[marked] = index
            found += self.after.find(spot.below(index, element))
        return found


def _has_names(target: Any, spot: _Spot) -> bool:
    if not isinstance(spot.value, dict):
        return False
    return (len(target.fields) > 1 and not target.merges) or all(name in spot.value for name in target.fields)


def _is_array(_target: Any, spot: _Spot) -> bool:
    return isinstance(spot.value, list)


def _always(_target: Any, _spot: _Spot) -> bool:
    return True


def _never(_target: Any, _spot: _Spot) -> bool:
    return False


def _accepts(target: Any, spot: _Spot) -> bool:
    return bool(target.accepts(spot.value, spot.evaluation))


_SCAN_MATCHES: dict[type[JSONPath], Callable[[Any, _Spot], bool]] = {
    _Names: _has_names,
    _Indices: _is_array,
    _Range: _is_array,
    _Children: _always,
    _Matching: _accepts,
}


def compile_walk(path: ParsedPath, *, nested: bool = False) -> Find:
    """Compile any path to ``find(document, evaluation)``: the value of a definite path, the list of an indefinite one.

    ``nested`` is set for paths within filters and functions. The function raises what Jayway raises (faults.py).
    """
    keys = plain_keys(path)
    locate = compile_keys(path, keys, nested=nested)
    if len(keys) == len(path.steps):
        return lambda document, evaluation: locate(document)
    chain = _compile_chain(path, len(keys), location(path.root, keys))
    definite = path.definite
    into_array = any(isinstance(key, int) for key in keys)

    def find(document: JSON, evaluation: Evaluation) -> JSON:
        try:
            start = locate(document)
        except NoSuchIndex:
            found = []
        else:
            found = walk_on(_Spot(start, None, None, evaluation))
        if not definite:
            return [spot.value for spot in found]
        if not found:
            raise NoSuchPath(partial(no_results, path))
        return found[-1].value

    def walk_on(spot: _Spot) -> list[Any]:
        try:
            return chain.find(spot)
        except IndexFault:
            if into_array:
                return []
            raise

    return find


def compile_find(path: ParsedPath) -> Callable[[JSON], JSON]:
    """Compile a path to a function of the document alone; whatever goes wrong is a `PathNotFound`."""
    walk = compile_walk(path)

    def find(document: JSON) -> JSON:
        if document is None:
            raise EvaluationFault(NULL_ROOT)
        try:
            return walk(document, Evaluation(document))
        except RecursionError:
            raise EvaluationFault(TOO_DEEP) from None

    return find


def _compile_chain(path: ParsedPath, first: int, start: str) -> JSONPath:
    """Build the nodes from the last step back to the first that is not plain."""
    chains: list[JSONPath] = []
    nodes: list[JSONPath] = []
    for position in range(len(path.steps) - 1, first - 1, -1):
        step = path.steps[position]
        if isinstance(step, DeepScanStep):
            if not chains:
                chains.append(_Dangling())
                nodes.append(chains[-1])
            node: JSONPath = _Scan(nodes[-1], chains[-1], chains[-2] if len(chains) > 1 else None)
            chain = node
        else:
            node = _node(step, _Place(path, position, start))
            chain = _Chain(node, chains[-1]) if chains else node
        nodes.append(node)
        chains.append(chain)
    return chains[-1]


def _node(step: Step, place: _Place) -> _Node:
    if isinstance(step, NameStep):
        return _Names(step, place)
    if isinstance(step, IndexStep):
        return _Indices(step, place)
    if isinstance(step, SliceStep):
        return _Range(step, place)
    if isinstance(step, WildcardStep):
        return _Children(place)
    if isinstance(step, FilterStep):
        return _Matching(compile_condition(step.condition, partial(compile_walk, nested=True)), place)
    assert isinstance(step, FunctionStep)
    return _Call(compile_call(step, partial(compile_walk, nested=True)), place)
