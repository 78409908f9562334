"""The corpus of the fuzzers: every input that once broke the promise, and the fuzzers themselves."""

from __future__ import annotations

import json
import math
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from pytest_sfn_sync.internal_errors import InternalError
from tests.fuzz import __main__ as fuzz
from tests.fuzz import cases
from tests.fuzz.cases import Case, NeverAnsweredError, judged

CORPUS = sorted((Path(__file__).parent / "fuzz" / "corpus").glob("*.json"))

pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest_sfn_sync.DefinitionWarning"),
    pytest.mark.skipif(not hasattr(fuzz, "main") or sys.platform == "win32", reason="signals of POSIX"),
    pytest.mark.skipif(find_spec("jlens") is None or find_spec("yaml") is None, reason="needs JSONata and PyYAML"),
]


def read(path: Path) -> Case:
    case: Case = json.loads(path.read_text())
    return case


@pytest.mark.parametrize("path", CORPUS, ids=[read(path)["name"] for path in CORPUS])
def test_what_once_broke_the_promise_keeps_it(path: Path) -> None:
    # The suite measures no time. What takes longer than 20 seconds is ended, and is a fault.
    assert judged(read(path), most_seconds=math.inf).fault is None


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_the_fuzzers_run(kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz", "--kind", kind, "--cases", "20", "--seed", "7"])
    fuzz.main()
    assert capsys.readouterr().out.startswith(f"{kind}: 20 cases, ")


PASS: Case = {"door": "run", "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}}


def refusal(text: str) -> ClientError:
    return ClientError({"Error": {"Code": "InvalidArn", "Message": text}}, "Describe")


def fails_with(error: BaseException) -> Any:
    def door(**given: Any) -> str:
        raise error

    return door


@pytest.mark.parametrize(
    ("door", "came", "fault"),
    [
        pytest.param(lambda **given: "fine", "fine", None, id="an outcome"),
        pytest.param(
            fails_with(KeyError("a")), "a foreign exception", "KeyError: 'a'", id="an exception of another family"
        ),
        pytest.param(
            fails_with(InternalError("ours")), "an error of the package itself", "ours", id="an internal error"
        ),
        pytest.param(fails_with(SfnSyncUsageError("no")), "a usage error", None, id="a usage error"),
        pytest.param(
            fails_with(refusal("x" * 30_000)),
            "a service error",
            "its message has 30068 characters: " + str(refusal("x" * 30_000))[:300],
            id="a message that is too long",
        ),
        pytest.param(
            fails_with(refusal("\ud83d")),
            "a service error",
            f"its message has half a surrogate pair: {str(refusal(chr(0xD83D)))!a}",
            id="a message that nothing can encode",
        ),
        pytest.param(
            fails_with(NeverAnsweredError()), "no answer", "no answer after 20 seconds", id="a case without end"
        ),
    ],
)
def test_what_is_judged(door: Any, came: str, fault: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cases._DOORS, "run", door)
    verdict = judged(PASS)
    assert (verdict.came, verdict.fault) == (came, fault)


def test_a_case_that_breaks_the_promise_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(cases._DOORS, "run", fails_with(KeyError("a")))
    monkeypatch.setattr(sys, "argv", ["fuzz", "--kind", "definitions", "--cases", "1", "--keep", str(tmp_path)])
    assert fuzz.main() == 1
    (kept,) = tmp_path.iterdir()
    assert read(kept)["name"] == "definitions 0 of seed 0: KeyError: 'a'"
    assert judged(read(kept)).fault == "KeyError: 'a'"
    assert "1 cases, 1 break the promise (seed 0)" in capsys.readouterr().out


def test_a_run_is_answered_by_the_fake() -> None:
    with SfnSync():
        assert judged(PASS).came == "SUCCEEDED"
