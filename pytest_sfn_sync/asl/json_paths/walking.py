"""Paths that are not plain: compiled to a walk over jsonpath-ng's nodes, which are built from our own parsed steps.

jsonpath-ng's string parser is never called. Importing jsonpath-ng takes milliseconds, and most test runs do not need
it. So this module is imported when the first such path is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.definite import compile_keys, plain_keys, refuse_null
from pytest_sfn_sync.asl.json_paths.filters import Evaluate, compile_condition
from pytest_sfn_sync.asl.json_paths.nodes import (
    NO_CONDITION,
    Chain,
    Children,
    FromEnd,
    Indices,
    Matching,
    Names,
    Node,
    Place,
    Range,
    Root,
    Scan,
    Spot,
    StepsUsedUp,
    Walk,
    WalkedDocument,
)
from pytest_sfn_sync.asl.json_paths.path_faults import EvaluationFault, NoSuchPath
from pytest_sfn_sync.asl.json_paths.path_grammar import TOO_DEEP
from pytest_sfn_sync.asl.json_paths.steps import (
    DeepScanStep,
    FilterStep,
    FromEndStep,
    IndexStep,
    NameStep,
    ParsedPath,
    RootStep,
    SliceStep,
    Step,
    fragments,
    is_definite,
)
from pytest_sfn_sync.asl.work_budget import VISIT_STEPS, WorkBudget


def compile_find(path: ParsedPath, source: str) -> Callable[[JSON, WorkBudget], JSON]:
    """Compile a path to a function of the document and the work that the execution may still do.

    The function raises `PathNotFound` for any fault, ``States.Runtime`` for a document that is null, and
    `WorkLimitError` if the path visits too many values.
    """
    walk = _compile_walk(path)

    def find(document: JSON, work: WorkBudget) -> JSON:
        most = work.allowance() // VISIT_STEPS
        whole = WalkedDocument(refuse_null(document), most)
        try:
            return walk(document, whole)
        except RecursionError:
            raise EvaluationFault(TOO_DEEP) from None
        except StepsUsedUp:
            raise work.exceeded(source) from None
        finally:
            work.left -= (most - max(whole.left, 0)) * VISIT_STEPS

    return find


def _compile_nested(path: ParsedPath) -> Evaluate:
    """Compile a path within a filter: on the item, or on the document if it begins with ``$``."""
    keys = plain_keys(path)
    if len(keys) < len(path.steps):
        walk = _compile_walk(path)
    else:
        find = compile_keys(path, keys, nested=True)

        def walk(item: JSON, document: WalkedDocument) -> JSON:
            return find(item)

    return walk if path.root == "@" else lambda item, document: walk(document.root, document)


def _compile_walk(path: ParsedPath) -> Callable[[JSON, WalkedDocument], JSON]:
    """Compile a path to a function of the start value and the whole document.

    The function returns the value of a definite path and the list of an indefinite one. It raises the exceptions of
    path_faults.py.
    """
    chain = _compile_chain(path.steps)
    definite = path.definite

    def walk(start: JSON, document: WalkedDocument) -> JSON:
        found = [spot.value for spot in chain.walk(Spot(start, None, None, document))]
        if not definite:
            return found
        if not found:
            raise NoSuchPath(f"No results for path: ${fragments(path.steps)}")
        return found[-1]

    return walk


def _compile_chain(steps: tuple[Step, ...]) -> Walk:
    """Build the nodes from the last step back to the first."""
    target: Walk | None = None
    chain: Walk | None = None
    after: Walk | None = None
    definite_from = _definite_from(steps)
    for position in range(len(steps) - 1, -1, -1):
        if isinstance(steps[position], DeepScanStep):
            # A path cannot end with a scan: the grammar refuses it.
            assert target is not None
            assert chain is not None
            target = Scan(target, chain, after)
            chain, after = target, chain
        else:
            # Jayway quirk: in the middle of a path a missing property is a fault if all steps are definite, from the
            # one before to the end.
            requires_property = position == len(steps) - 1 or max(0, position - 1) >= definite_from
            target = _node((steps, position), requires_property=requires_property)
            chain, after = Chain(target, chain) if chain else target, chain
    assert chain is not None
    return chain


def _definite_from(steps: tuple[Step, ...]) -> int:
    """Return the position from which all steps are definite."""
    position = len(steps)
    while position and is_definite(steps[position - 1]):
        position -= 1
    return position


def _node(place: Place, *, requires_property: bool) -> Node:
    steps, position = place
    match steps[position]:
        case NameStep() as step:
            return Names(step, place, requires_property=requires_property)
        case IndexStep() as step:
            return Indices(step, place)
        case FromEndStep(offset):
            return FromEnd(offset, place)
        case SliceStep() as step:
            return Range(step, place)
        case FilterStep(None):
            return Matching(_no_condition, place)
        case FilterStep(condition):
            assert condition is not None
            return Matching(compile_condition(condition, _compile_nested), place)
        case RootStep():
            return Root(place)
        case _:
            return Children(place)


def _no_condition(_item: JSON, _document: WalkedDocument) -> NoReturn:
    raise EvaluationFault(NO_CONDITION)
