"""The sizes of documents: equal to those of the written text, made once for each part, ended at the limit."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

import pytest_sfn_sync.asl.json_text.document_sizes as document_sizes
from pytest_sfn_sync.asl.json_text import DocumentSizes, utf8_size
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES

LARGE = {"rows": [{"id": number, "name": "ü" * 20} for number in range(500)]}
DEEP: Any = "end"
for _ in range(900):
    DEEP = [DEEP]

DOCUMENTS: list[Any] = [
    pytest.param(None, id="null"),
    pytest.param('a"\n\x00ü😀\ud800', id="a text with escapes, wide characters and half a pair"),
    pytest.param({}, id="an empty object"),
    pytest.param([], id="an empty array"),
    pytest.param([[], {}, [[]]], id="empty containers within an array"),
    pytest.param({"a": {"b": []}, "c": 1e22, "ü": [None, True, -0.5]}, id="nested objects"),
    pytest.param(list(range(64)), id="an array of exactly one slice"),
    pytest.param(list(range(65)), id="an array of one slice and a member"),
    pytest.param({str(number): {"n": number} for number in range(200)}, id="a wide object of objects"),
    pytest.param(LARGE, id="a wide array of objects"),
    pytest.param({"whole": LARGE, "again": LARGE, "index": 3}, id="an object that holds one part twice"),
    pytest.param([LARGE["rows"][7], LARGE], id="an array with a part and its whole"),
    pytest.param(DEEP, id="a document 900 levels deep"),
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_size_is_that_of_the_written_text(document: Any) -> None:
    sizes = DocumentSizes(PAYLOAD_BYTES)
    assert sizes.size(document) == utf8_size(document)
    assert sizes.size(document) == utf8_size(document)
    assert sizes.size([document, document]) == utf8_size([document, document])
    wide = {f"key {number}": document if number % 50 == 0 else number for number in range(200)}
    assert sizes.size(wide) == utf8_size(wide)


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, pytest.param({"a": "😀" * 70_000}, id="a flat object that is too large")]
)
def test_the_bound_is_the_size_or_for_a_small_document_a_little_more(document: Any) -> None:
    size, bound = DocumentSizes(PAYLOAD_BYTES).size(document), DocumentSizes(PAYLOAD_BYTES).bound(document)
    assert size == bound or size <= bound <= 8192


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_of_any_small_document_is_no_less_than_its_size(seed: int) -> None:
    random = Random(seed)

    def scalar() -> Any:
        kinds: list[Callable[[], Any]] = [
            lambda: random.choice([None, True, False]),
            lambda: random.randint(-(10**40), 10**40) >> random.randrange(140),
            lambda: random.uniform(-1, 1) * 10.0 ** random.randint(-300, 300),
            lambda: "".join(random.choices('a"\\\n\x00\x7fü€😀\ud800', k=random.randrange(9))),
        ]
        return random.choice(kinds)()

    def document(levels: int) -> Any:
        if not levels or random.random() < 0.3:
            return scalar()
        members = [document(levels - 1) for _ in range(random.randrange(6))]
        return members if random.random() < 0.5 else {scalar_text(): member for member in members}

    def scalar_text() -> str:
        return "".join(random.choices('k"\x01ü😀', k=random.randrange(5)))

    sizes = DocumentSizes(PAYLOAD_BYTES)
    for _ in range(200):
        value = document(4)
        assert sizes.bound(value) >= utf8_size(value)


@pytest.mark.parametrize("number", [1e22, 1e-4, 123456789.5, 1e7, -1e100, 5e-324])
def test_javas_text_of_a_number_is_within_the_bound(number: float) -> None:
    assert utf8_size([number]) <= DocumentSizes(PAYLOAD_BYTES).bound([number])


def test_a_small_document_is_bounded_however_little_of_the_stack_is_left() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]

    def bound_below(frames: int) -> int:
        return bound_below(frames - 1) if frames else DocumentSizes(PAYLOAD_BYTES).bound(deep)

    used = len(inspect.stack(0))
    assert bound_below(sys.getrecursionlimit() - used - 60) >= utf8_size(deep)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record the bytes of every text that is written to be measured."""
    record: list[int] = []

    def recording(value: Any) -> int:
        record.append(utf8_size(value))
        return record[-1]

    monkeypatch.setattr(document_sizes, "utf8_size", recording)
    return record


def test_a_part_that_was_measured_is_not_written_again(written: list[int]) -> None:
    sizes = DocumentSizes(PAYLOAD_BYTES)
    sizes.size(LARGE)
    written.clear()
    for number in range(1000):
        sizes.size({"whole": LARGE, "index": number})
    # The wholes are remembered too; when they have filled the memory that is allowed, the part is written once more.
    assert sum(written) < 1000 * 40 + 2 * utf8_size(LARGE)


def test_measuring_stops_over_the_limit(written: list[int]) -> None:
    sizes = DocumentSizes(PAYLOAD_BYTES)
    copies = {f"key {number}": LARGE for number in range(10_000)}
    assert sizes.size(copies) > PAYLOAD_BYTES
    assert sum(written) < 20 * PAYLOAD_BYTES


def test_what_is_remembered_is_bounded() -> None:
    sizes = DocumentSizes(PAYLOAD_BYTES)
    for _ in range(400):
        sizes.size(["x" * 200_000])
    assert sizes._remembered_bytes <= 16 * 1024 * 1024
    assert len(sizes._known) < 100


def test_a_part_that_thousands_of_documents_share_is_measured_once(written: list[int]) -> None:
    shared = {"items": [{"id": number, "name": "x" * 20} for number in range(4_000)]}
    sizes = DocumentSizes(PAYLOAD_BYTES)
    first = sizes.size({"n": 0, "document": shared})
    written.clear()

    for number in range(2_000):
        assert sizes.size({"n": number % 10, "document": shared}) == first
    assert max(written) < 100
