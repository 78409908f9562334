"""The pictures in docs/pictures show what the tool shows today; `docs.pictures.make` makes them again."""

from __future__ import annotations

import shutil

import pytest

from docs.pictures import make

STALE = "this picture is stale; with Chromium on PATH, make it again: python -m docs.pictures.make"


def test_the_picture_of_a_trace_is_the_trace_of_today() -> None:
    assert make.trace_svg() == make.TRACE.read_text(encoding="utf-8"), STALE


def test_the_picture_of_a_page_was_taken_of_the_page_of_today() -> None:
    pytest.importorskip("graphlay", reason="pages of HTML need the extra html")
    page = make.html_page()
    assert "No catcher names Gateway.Busy" in page
    assert make.digest_of(page) == make.DIGEST.read_text(encoding="utf-8").strip(), STALE


def test_positions_in_a_graph_do_not_make_a_picture_stale() -> None:
    graph = '<p>{}</p><svg class="graph" viewBox="0 0 9 9"><path class="arrow" d="M{},1"/></svg>'
    assert make.digest_of(graph.format("a", "1")) == make.digest_of(graph.format("a", "2"))
    assert make.digest_of(graph.format("a", "1")) != make.digest_of(graph.format("b", "1"))


def test_the_picture_of_a_page_is_small() -> None:
    picture = make.PICTURE.read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 200_000


def test_without_a_browser_the_script_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"A screenshot needs Chromium, and none of chromium, .* is on PATH"):
        make._photograph("a page")
