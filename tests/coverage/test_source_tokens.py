"""The words of a definition file, for pages that colour them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_sfn_sync.coverage.source_tokens import source_tokens
from tests.workflow_coverage import orders


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('  "Next": "Done",', [("nam", '"Next"'), ("op", ":"), ("str", '"Done"'), ("op", ",")]),
        ('"A \\"b\\"": -1.5e3', [("nam", '"A \\"b\\""'), ("op", ":"), ("num", "-1.5e3")]),
        ("[true, null]", [("op", "["), ("key", "true"), ("op", ","), ("key", "null"), ("op", "]")]),
        ("- Next: Done # why", [("txt", "-"), ("nam", "Next"), ("op", ":"), ("txt", "Done"), ("com", "# why")]),
        ("Variable: $.a.true", [("nam", "Variable"), ("op", ":"), ("txt", "$.a.true")]),
        ("Name: 'it''s' x#y", [("nam", "Name"), ("op", ":"), ("str", "'it''s'"), ("txt", "x#y")]),
        ("Seconds: 30", [("nam", "Seconds"), ("op", ":"), ("num", "30")]),
    ],
)
def test_words_have_their_classes(line: str, words: list[tuple[str, str]]) -> None:
    (tokens,) = source_tokens(line)

    assert [(kind, text) for kind, text in tokens if kind != "ws"] == words


@orders.examples(200)
@given(text=st.text(st.sampled_from("\"'\\{}[]:,#-. \t\nab1etrue$é")))
def test_put_together_they_are_the_text(text: str) -> None:
    lines = ["".join(word for _, word in tokens) for tokens in source_tokens(text)]

    assert lines == text.splitlines()
