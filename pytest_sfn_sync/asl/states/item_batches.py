"""ItemBatcher: the inputs of children that work on several items each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import utf8_size
from pytest_sfn_sync.asl.limits import MAX_BATCH_BYTES


class BatchLimits(NamedTuple):
    """The values of an ItemBatcher: 0 is no limit, and ``batch_input`` is MISSING if there is none."""

    max_items: int = 0
    max_bytes: int = 0
    batch_input: JSON = MISSING


def batches_of(items: Sequence[JSON], limits: BatchLimits) -> list[list[JSON]]:
    """Return the items of each batch, in order. Documented: the limit that is reached first ends a batch.

    Documented: a batch has at least one item. Assumption: the bytes are those of the whole input of the child.
    """
    most_items = limits.max_items or max(1, len(items))
    if not limits.max_bytes:
        return [list(items[at : at + most_items]) for at in range(0, len(items), most_items)]
    most_bytes = min(limits.max_bytes, MAX_BATCH_BYTES)
    around = utf8_size(batch_document([], limits))
    batches: list[list[JSON]] = []
    size = 0
    for item in items:
        item_size = utf8_size(item)
        if not batches or len(batches[-1]) == most_items or size + 1 + item_size > most_bytes:
            batches.append([])
            size = around - 1  # The first item has no comma before it.
        batches[-1].append(item)
        size += 1 + item_size
    return batches


def batch_document(batch: list[JSON], limits: BatchLimits) -> JSON:
    """Return the input of a child for a batch."""
    if limits.batch_input is MISSING:
        return {"Items": batch}
    return {"BatchInput": limits.batch_input, "Items": batch}
