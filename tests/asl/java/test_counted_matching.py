"""Regular expressions are matched as Python matches them, in steps that are counted and may be too many."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_sfn_sync.asl.java import counted_matching
from pytest_sfn_sync.asl.java.counted_matching import CountedPattern


class Steps:
    """Counts steps, and raises after the most."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.most = most
        self.taken = 0

    def __call__(self, steps: int) -> None:
        self.taken += steps
        if self.taken > self.most:
            raise OverflowError


@pytest.fixture
def always_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_matching, "_FEW_STEPS", 0)


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\b", "^", "$", "", "(?=a)", "(?!b)", "(?:ab|b|)"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})")
        | st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "{2}", "{1,2}", "{0,3}?", "{2,}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        )
    ),
    max_leaves=6,
)


@given(PATTERNS, st.text("ab1", max_size=6), st.sampled_from([0, re.IGNORECASE]))
@settings(max_examples=400, deadline=None)
def test_a_text_matches_as_in_python(pattern: str, text: str, flags: int) -> None:
    compiled = re.compile(pattern, re.ASCII | flags)
    few, counted_matching._FEW_STEPS = counted_matching._FEW_STEPS, 0  # type: ignore[misc]
    try:
        assert CountedPattern(compiled).matches(text, Steps()) is (compiled.fullmatch(text) is not None)
    finally:
        counted_matching._FEW_STEPS = few  # type: ignore[misc]


@pytest.mark.usefixtures("always_counted")
@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        pytest.param(r"(\w+\.)+\w+", "www.example.com", True, id="a host name"),
        pytest.param(r"(\w+\.)+\w+", "www.example.", False, id="a host name that ends with a dot"),
        pytest.param(r"(?=.*\d)(?=.*[a-z]).{8,}", "abcdefg1", True, id="a password"),
        pytest.param(r"(?=.*\d)(?=.*[a-z]).{8,}", "abcdefgh", False, id="a password without a digit"),
        pytest.param(r"(a|b)*c", "ab" * 5_000 + "c", True, id="a long text"),
        pytest.param(r"[^@]+@[^@]+\.(com|org|net)", "someone@example.org", True, id="an address"),
        pytest.param(r"(a?){5}a{5}", "a" * 5, True, id="repetitions of nothing"),
    ],
)
def test_ordinary_patterns(pattern: str, text: str, matches: bool) -> None:
    assert CountedPattern(re.compile(pattern, re.ASCII)).matches(text, Steps()) is matches


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("(a+)+b", "a" * 60, id="a repetition in a repetition"),
        pytest.param("(a|aa)+b", "a" * 60, id="alternatives that overlap"),
        pytest.param("a*a*a*a*a*b", "a" * 2_000, id="repetitions one after the other"),
        pytest.param("(.*)(.*)(.*)(.*)x", "a" * 2_000, id="groups one after the other"),
        pytest.param(r"(a*)*\1b", "a" * 200, id="a reference to a group"),
        pytest.param("(?i:a*a*)(a*)*b", "a" * 200, id="a group with flags of its own"),
        pytest.param("(a*)*(?<=b)", "a" * 200, id="a look behind"),
        pytest.param("(a|b){0,100}(a|b){0,100}(c|d){30000}", "a" * 200, id="more instructions than any pattern needs"),
        pytest.param("(b)?(?(1)c|d)", "bc", id="a condition"),
    ],
)
def test_patterns_that_would_take_years_are_ended_by_their_steps(pattern: str, text: str) -> None:
    with pytest.raises(OverflowError):
        CountedPattern(re.compile(pattern, re.ASCII)).matches(text, Steps())


def test_few_steps_are_taken_by_python_itself() -> None:
    steps = Steps()

    assert CountedPattern(re.compile("a*b*", re.ASCII)).matches("a" * 15 + "b" * 10, steps)
    assert steps.taken == 26**3 // 64


def test_a_pattern_is_made_into_instructions_once() -> None:
    pattern = CountedPattern(re.compile("(a+)+b", re.ASCII))

    assert [pattern.matches(text, Steps()) for text in ("aab", "aa", "b")] == [True, False, False]


@pytest.mark.parametrize(
    ("pattern", "text", "least"),
    [
        pytest.param("a*b", "a" * 30, 0, id="few at most"),
        pytest.param("(ab?)+c", "ab" * 20, 100, id="many"),
        pytest.param("(a*)*", "b" * 5, 6, id="empty matches"),
    ],
)
def test_the_steps_of_a_search_are_counted_if_they_may_be_many(pattern: str, text: str, least: int) -> None:
    steps = Steps()

    CountedPattern(re.compile(pattern, re.ASCII)).count_search(text, steps)
    assert least <= steps.taken <= 100 * least


def test_a_search_that_would_take_years_is_ended_by_its_steps() -> None:
    with pytest.raises(OverflowError):
        CountedPattern(re.compile("(a+)+b", re.ASCII)).count_search("a" * 60, Steps())
