"""How the items of a distributed Map are put into batches."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.states.item_batches import BatchLimits, batch_document, batches_of


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        pytest.param(BatchLimits(), [[1, 2, 3, 4, 5]], id="no limit"),
        pytest.param(BatchLimits(max_items=2), [[1, 2], [3, 4], [5]], id="by their number"),
        pytest.param(BatchLimits(max_bytes=17), [[1, 2, 3], [4, 5]], id="by their bytes"),
        pytest.param(BatchLimits(max_items=2, max_bytes=17), [[1, 2], [3, 4], [5]], id="the number is first"),
        pytest.param(BatchLimits(max_items=4, max_bytes=17), [[1, 2, 3], [4, 5]], id="the bytes are first"),
        pytest.param(BatchLimits(max_bytes=1), [[1], [2], [3], [4], [5]], id="one item at least"),
        pytest.param(BatchLimits(max_bytes=36, batch_input={}), [[1, 2, 3, 4], [5]], id="the batch input counts"),
    ],
)
def test_a_batch_ends_at_the_limit_that_is_first(limits: BatchLimits, expected: list[list[JSON]]) -> None:
    assert batches_of([1, 2, 3, 4, 5], limits) == expected


def test_no_batch_is_larger_than_the_limit_if_it_has_several_items() -> None:
    items: list[JSON] = [{"n": "é" * (number % 17)} for number in range(200)]
    limits = BatchLimits(max_bytes=300, batch_input={"shop": "s"})
    batches = batches_of(items, limits)
    sizes = [len(compact(batch_document(batch, limits)).encode()) for batch in batches]
    assert [item for batch in batches for item in batch] == items
    assert max(sizes) <= 300


def test_no_items_make_no_batches() -> None:
    assert batches_of([], BatchLimits(max_items=2)) == batches_of([], BatchLimits(max_bytes=9)) == []
    assert batches_of([], BatchLimits()) == []
