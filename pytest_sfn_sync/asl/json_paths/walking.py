"""Paths that can lead to many values: compiled to a walk over jsonpath-ng's nodes, built from our own parse.

jsonpath-ng's string parser is never called. This module is imported when the first such path is compiled, as importing
jsonpath-ng costs milliseconds that most test runs need not pay.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jsonpath_ng.jsonpath import JSONPath

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.definite import (
    NULL_ROOT,
    NoSuchIndex,
    compile_keys,
    location,
    no_results,
    plain_keys,
)
from pytest_sfn_sync.asl.json_paths.evaluation import Evaluation, Find
from pytest_sfn_sync.asl.json_paths.faults import EvaluationFault, IndexFault, NoSuchPath
from pytest_sfn_sync.asl.json_paths.filters import compile_condition
from pytest_sfn_sync.asl.json_paths.functions import compile_call
from pytest_sfn_sync.asl.json_paths.nodes import (
    Call,
    Chain,
    Children,
    Dangling,
    Indices,
    Matching,
    Names,
    Node,
    Place,
    Range,
    Scan,
    Spot,
)
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
    is_definite,
)

TOO_DEEP = "java.lang.StackOverflowError"


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
            found = walk_on(Spot(start, None, None, evaluation))
        if not definite:
            return [spot.value for spot in found]
        if not found:
            raise NoSuchPath(partial(no_results, path))
        return found[-1].value

    def walk_on(spot: Spot) -> list[Any]:
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
    target: JSONPath = Dangling()
    chain: JSONPath | None = None
    after: JSONPath | None = None
    definite_up_to = 0 if path.follows_scan else _definite_up_to(path.steps)
    for position in range(len(path.steps) - 1, first - 1, -1):
        step = path.steps[position]
        if isinstance(step, DeepScanStep):
            scan = Scan(target, chain or target, after)
            chain, after = scan, chain
        else:
            node = _node(step, Place(path, position, start, upstream_definite=position <= definite_up_to))
            chain, after = Chain(node, chain) if chain else node, chain
            target = node
    assert chain is not None
    return chain


def _definite_up_to(steps: tuple[Step, ...]) -> int:
    """The position of the first step that may lead to many values, past the end where there is none."""
    return next((index for index, step in enumerate(steps) if not is_definite(step, is_leaf=False)), len(steps))


def _node(step: Step, place: Place) -> Node:
    if isinstance(step, NameStep):
        return Names(step, place)
    if isinstance(step, IndexStep):
        return Indices(step, place)
    if isinstance(step, SliceStep):
        return Range(step, place)
    if isinstance(step, WildcardStep):
        return Children(place)
    if isinstance(step, FilterStep):
        return Matching(compile_condition(step.condition, partial(compile_walk, nested=True)), place)
    assert isinstance(step, FunctionStep)
    return Call(compile_call(step, partial(compile_walk, nested=True)), place)
