"""Cost grows linearly with states, items and payload size: the cost of one unit more, at three sizes each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.benchmarks.measuring import Workbench, seconds
from tests.benchmarks.tables import Tables


def chained_passes(count: int) -> tuple[dict[str, Any], Any]:
    """A machine of so many Pass states, one after the other."""
    names = [f"S{index}" for index in range(count)]
    states: dict[str, Any] = {name: {"Type": "Pass", "Next": after} for name, after in pairwise(names)}
    states[names[-1]] = {"Type": "Pass", "End": True}
    return {"StartAt": names[0], "States": states}, {"v": 1}


def mapped_items(count: int) -> tuple[dict[str, Any], Any]:
    """A Map over so many items."""
    processor = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    state = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": processor, "End": True}
    return {"StartAt": "M", "States": {"M": state}}, {"items": [{"id": index} for index in range(count)]}


def kilobytes(count: int) -> tuple[dict[str, Any], Any]:
    """Five Pass states that write beside a document of so many kilobytes."""
    definition, _ = chained_passes(5)
    for state in definition["States"].values():
        state["Parameters"] = {"first.$": "$.rows[0]"}
        state["ResultPath"] = "$.found"
    return definition, {"rows": [{"row": index, "text": "x" * 80} for index in range(count * 10)]}


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """Something that a run can have more of."""

    what: str
    sizes: tuple[int, ...]
    make: Callable[[int], tuple[dict[str, Any], Any]]


DIMENSIONS = [
    Dimension(what="states", sizes=(10, 100, 1000), make=chained_passes),
    Dimension(what="items", sizes=(100, 1000, 4000), make=mapped_items),
    Dimension(what="KB of payload", sizes=(1, 10, 100), make=kilobytes),
]


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda dimension: dimension.what)
def test_grows_linearly(dimension: Dimension, constant: Any, tables: Tables) -> None:
    heading = f"Growth with {dimension.what}"
    tables.add(heading, dimension.what, "us", "us beyond botocore, for each")
    for size in dimension.sizes:
        definition, document = dimension.make(size)
        with SfnSync() as sfn:
            bench = Workbench(
                sfn=sfn,
                constant=constant,
                request=json.dumps(document),
                prepare=partial(SfnSync.register, name="growing", definition=definition),
            )
            assert bench.call()["status"] == "SUCCEEDED"
            needed = fastest(bench)
            beyond = needed - min(bench.botocore_alone)
        tables.add(heading, str(size), f"{needed * 1e6:.0f}", f"{beyond * 1e6 / size:.2f}")


def fastest(bench: Workbench) -> float:
    """Seconds that the fastest of many runs took: the one that nothing else had a part in."""
    taken = []
    for _ in range(bench.rounds()):
        bench.renew()
        taken.append(seconds(bench.call))
    return min(taken)
