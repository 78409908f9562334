"""Definitions that are hostile: too large, too deep, shared, with numbers and characters that AWS can't read.

Each is refused in words. The work is bounded by counts, so what takes too long would run into the limits of memory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.errors import DefinitionError
from pytest_sfn_sync.registry import Registry
from pytest_sfn_sync.shown_text import MOST_OF_A_MESSAGE
from tests.hostile_documents import doubled, nested_objects

TOO_LARGE = (
    "documents of up to 200,000 values and 10,485,760 characters are read, and AWS takes definitions of at most "
    "1,048,576 characters"
)
needs_yaml = pytest.mark.skipif(find_spec("yaml") is None, reason="needs PyYAML")


def with_result(result: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": result, "End": True}}}


def json_with(result: str) -> str:
    return json.dumps(with_result(0)).replace(": 0,", f": {result},")


def below(characters: int, levels: int) -> Any:
    """Return objects in each other, each under a key of so many characters."""
    value: Any = 1
    for _ in range(levels):
        value = {"k" * characters: value}
    return value


def refusal(definition: Any, **keywords: Any) -> str:
    with pytest.raises(DefinitionError) as raised:
        Registry().register("orders", definition, **keywords)
    text = str(raised.value)
    assert text.startswith("Machine 'orders' can't be registered: ")
    assert len(text) < MOST_OF_A_MESSAGE
    return text.removeprefix("Machine 'orders' can't be registered: ")


HUGE = 10**5_000
NO_NUMBER = "an int of about 5,001 digits is not JSON at /States/A/Result"


@pytest.mark.parametrize(
    ("definition", "substitutions", "why"),
    [
        pytest.param(with_result(HUGE), None, NO_NUMBER, id="an integer of 5,000 digits in a dict"),
        pytest.param(
            json_with("9" * 5_000),
            None,
            "it is not JSON (a number has more than 1,000 digits, and AWS reads no such number)",
            id="an integer of 5,000 digits in JSON",
        ),
        pytest.param(
            json_with("9" * 1_001),
            None,
            "9... is not JSON at /States/A/Result",
            id="an integer of 1,001 digits in JSON",
        ),
        pytest.param(with_result("${N}"), {"N": HUGE}, NO_NUMBER, id="a whole value that is filled in"),
        pytest.param(
            with_result("of ${N}"),
            {"N": HUGE},
            "the substitution 'N' is an int of about 5,001 digits, which can't stand inside a longer string at "
            "/States/A/Result",
            id="a part of a text that is filled in",
        ),
        pytest.param(
            with_result("of ${N}"),
            {"N": float("nan")},
            "the substitution 'N' is nan, which can't stand inside a longer string",
            id="no number in a text",
        ),
        pytest.param(
            json_with("${N}"),
            {"N": HUGE},
            "an int of about 5,001 digits is not JSON at substitution N",
            id="a bare value that is filled in",
        ),
        pytest.param(with_result(doubled(30)), None, TOO_LARGE, id="a list that is shared a billion times"),
        pytest.param(with_result(["x" * 1_000_000] * 11), None, TOO_LARGE, id="a text that is shared"),
        pytest.param(with_result([{"k" * 1_000_000: 1}] * 11), None, TOO_LARGE, id="a key that is shared"),
        pytest.param(with_result(below(100_000, 20)), None, TOO_LARGE, id="a path of two million characters"),
        pytest.param(
            with_result("${L}"), {"L": [{"k" * 1_000_000: 1}] * 11}, TOO_LARGE, id="a shared key that is filled in"
        ),
        pytest.param(with_result("${L}"), {"L": doubled(30)}, TOO_LARGE, id="a shared list that is filled in"),
        pytest.param(with_result("${T}" * 11), {"T": "x" * 1_000_000}, TOO_LARGE, id="a text that is filled in often"),
        pytest.param(
            with_result(nested_objects(100_000)),
            None,
            "it is nested too deeply, or contains itself",
            id="100,000 objects deep",
        ),
        pytest.param(json_with("[" * 100_000), None, "it is nested too deeply to be read", id="100,000 arrays deep"),
        pytest.param(
            with_result(0), {1: 2}, "substitutions= has names as its keys, not an int (1)", id="a number as a name"
        ),
        pytest.param(with_result(0), [1], "substitutions= is a dict, not a list ([1])", id="a list of values"),
        pytest.param(
            json_with(json.dumps([f"${{P{number}}}" for number in range(20_000)])),
            {f"Q{number}": 1 for number in range(20_000)},
            "... and 19,980 more\n",
            id="20,000 placeholders and as many values for others",
        ),
        pytest.param(
            json_with(json.dumps("${" + "p" * 500_000 + "}")),
            {"q" * 500_000: 1},
            " ...(499,800 more characters)",
            id="a name of 500,000 characters",
        ),
        pytest.param(
            {"StartAt": "A", "States": {f"S{number}": {"Type": "Nap"} for number in range(2_000)}},
            None,
            " faults:\n",
            id="thousands of faults",
        ),
        pytest.param(
            {"StartAt": "A", "States": {"A\x1b[2J": {"Type": "Pass", "\ud800": 1, "End": True}}},
            None,
            "/States/A\\x1b[2J",
            id="sequences that a terminal obeys",
        ),
    ],
)
def test_refusals(definition: Any, substitutions: Any, why: str) -> None:
    assert why in refusal(definition, substitutions=substitutions)


@needs_yaml
@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(
            "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 31))]),
            f"its aliases make it too large: {TOO_LARGE}",
            id="aliases of aliases",
        ),
        pytest.param(
            f"a: &a {'x' * 100_000}\nb: [{','.join(['*a'] * 1_000)}]",
            f"its aliases make it too large: {TOO_LARGE}",
            id="a long text with many aliases",
        ),
        pytest.param(
            f"a: &a {'x' * 100_000}\nb: [{','.join(['{*a : 1}'] * 1_000)}]",
            f"its aliases make it too large: {TOO_LARGE}",
            id="a long key with many aliases",
        ),
        pytest.param(
            f"a: &a {'x' * 100_000}\nb: {'{*a : ' * 20}1{'}' * 20}",
            f"its aliases make it too large: {TOO_LARGE}",
            id="a long key with many aliases in each other",
        ),
        pytest.param(
            f"StartAt: {'9' * 5_000}\nStates: {{}}",
            "99999999999999999999 is no number (a number has more than 1,000 digits, and AWS reads no such number)",
            id="an integer of 5,000 digits",
        ),
        pytest.param("a:\n " + "- " * 600 + "b", "it is nested too deeply to be read as YAML", id="600 lists deep"),
    ],
)
def test_refusals_of_yaml(text: str, why: str) -> None:
    assert why in refusal(text)


@needs_yaml
def test_merge_keys_of_merge_keys() -> None:
    # PyYAML 6.0.4 merges a key once; older versions double the members at each step.
    text = refusal(
        "\n".join(["a0: &a0 {x: 1}", *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 31))])
    )
    assert "its merge keys make it too large" in text or "its definition has 32 faults" in text


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("s3://bucket/orders.json", "it is a URL, not a path; an object of S3 is not fetched", id="S3"),
        pytest.param("/dev/zero", "it is a device, not a file", id="a device"),
        pytest.param("a\0b", "a path can't have the character '\\x00'", id="NUL"),
        pytest.param("\ud800", "a path can't have the character '\\ud800'", id="half a surrogate pair"),
        pytest.param("x" * 100_000, "it has 100,000 characters", id="a long text"),
    ],
)
def test_paths(path: str, why: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        Registry().register("orders", path)
    assert why in str(raised.value)
    assert len(str(raised.value)) < 1_000


def test_a_named_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "orders.json")
    with pytest.raises(DefinitionError, match="it is a named pipe, not a file"):
        Registry().register("orders", tmp_path / "orders.json")


@pytest.mark.parametrize(
    "name", [5, HUGE, "n" * 1_000_000, "a\ud800", "a\0"], ids=lambda name: f"{name!r:.20}" if name != HUGE else "huge"
)
def test_names(name: Any) -> None:
    with pytest.raises(DefinitionError) as raised:
        Registry().register(name, with_result(0))
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda: json.dumps(with_result(0)).replace("Pass", "x" * 900_000), id="a text that is too long"),
        pytest.param(lambda: json.dumps(with_result([0] * 100_000))[:-1], id="JSON without its end"),
    ],
)
def test_the_fault_of_a_large_definition_is_told_with_its_place(written: Callable[[], str]) -> None:
    text = refusal(written())
    assert len(text) < 5_000
