"""The type checker holds the parser of states to the model: mistakes put into a copy of it are errors of mypy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_sfn_sync.asl.parsing import state_parser

pytest.importorskip("mypy", reason="mypy is in the extra 'dev' only: pip install 'pytest-sfn-sync[dev]'")

PARSER = Path(state_parser.__file__)
ROOT = PARSER.parents[3]

# What stands in the parser, what is put in its place, and what mypy must say of it.
MISTAKES = [
    (
        "event_details=",
        "event_detail=",
        'Unexpected keyword argument "event_detail" for "TaskState"; did you mean "event_details"?',
    ),
    (
        "SucceedState(**common)",
        "SucceedState(**self._with_next(common))",
        'Extra argument "next" from **args for "SucceedState"',
    ),
    (
        "item_selector=selector,",
        'item_selector=common["name"],',
        'Argument "item_selector" to "MapState" has incompatible type "str"; expected "Expression | None"',
    ),
]


def test_a_misspelt_keyword_a_wrong_field_and_a_wrong_type_are_found(tmp_path: Path) -> None:
    text = PARSER.read_text(encoding="utf-8")
    for right, wrong, _ in MISTAKES:
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    copy = tmp_path / PARSER.name
    copy.write_text(text, encoding="utf-8")

    # mypy reads the copy in place of the parser, and of the other modules no more than it needs.
    options = ["--strict", "--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}", "--hide-error-codes"]
    shadow = ["--shadow-file", str(PARSER), str(copy)]
    command = [sys.executable, "-m", "mypy", *options, *shadow, str(PARSER)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    *errors, summary = found.stdout.splitlines()
    assert {error.partition(": error: ")[2] for error in errors} == {message for _, _, message in MISTAKES}
    assert summary == "Found 3 errors in 1 file (checked 1 source file)"
