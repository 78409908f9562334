"""Copies of documents: what changes in a copy changes nowhere else, at any depth, and in bounded memory."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.document_copies import DocumentCopies, copied
from pytest_sfn_sync.asl.expressions import JSON


def containers_of(document: JSON) -> list[JSON]:
    found, pending = [], [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict | list):
            found.append(value)
            pending += value.values() if isinstance(value, dict) else value
    return found


def nested(depth: int) -> JSON:
    document: JSON = []
    for level in range(depth):
        document = {"a": document} if level % 2 else [document]
    return document


DOCUMENTS: dict[str, JSON] = {
    "an object of objects and arrays": {"a": {"b": [1, {"c": None}]}, "d": [[], {}], "e": "text"},
    "an array of arrays": [[1, [2.5, [True]]], {"a": []}],
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_copy_is_equal_and_shares_no_container(document: JSON) -> None:
    copy = copied(document)

    assert copy == document
    assert not {id(one) for one in containers_of(copy)} & {id(one) for one in containers_of(document)}


@pytest.mark.parametrize("document", [None, True, 0, 1.5, "text"], ids=repr)
def test_a_scalar_is_its_own_copy(document: JSON) -> None:
    assert copied(document) is document


def test_a_document_may_be_deeper_than_the_stack_of_python() -> None:
    document = nested(100_000)

    depth, copy = 0, copied(document)
    while copy:
        copy = copy["a"] if isinstance(copy, dict) else copy[0]
        depth += 1

    assert depth == 100_000


def test_the_copies_of_one_execution_share_nothing() -> None:
    order = {"lines": [1, 2]}
    copies = DocumentCopies()

    first, second = copies.of({"order": order}), copies.of([order])
    first["order"]["lines"].append(3)

    assert (second, order) == ([{"lines": [1, 2]}], {"lines": [1, 2]})


def test_after_many_values_the_copies_share_the_parts_that_the_documents_share() -> None:
    order: dict[str, Any] = {"lines": [1, 2]}
    copies = DocumentCopies(separate_values=8)

    separate = copies.of({"order": order})
    shared = [copies.of({"order": order, "index": index}) for index in range(3)]

    assert shared == [{"order": {"lines": [1, 2]}, "index": index} for index in range(3)]
    assert shared[0]["order"] is shared[1]["order"] is shared[2]["order"]
    assert shared[0]["order"] is not separate["order"]
    assert shared[0]["order"] is not order
    assert copies.of("text") == "text"


def test_a_copy_is_kept_for_one_document() -> None:
    before, after = {"a": [1]}, {"a": [1]}
    copies = DocumentCopies()

    kept = copies.kept("output", before)

    assert copies.kept("output", before) is kept
    assert copies.kept("output", after) is not kept
