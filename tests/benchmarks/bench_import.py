"""What the plugin costs every pytest run: its imports beyond botocore's own, and a run of one empty test."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.tables import Tables

RUNS = 9
ALLOWED_MILLISECONDS = 15
HEADING = "Importing"

BOTOCORE = "import pytest, boto3, botocore.handlers, botocore.session, botocore.client, botocore.awsrequest"
IMPORTS = {
    "the plugin": ("import pytest_sfn_sync.plugin", f"{ALLOWED_MILLISECONDS}"),
    "all of it, at the first use": ("from pytest_sfn_sync import SfnSync\nwith SfnSync(): pass", "-"),
}


@pytest.mark.parametrize("what", IMPORTS)
def test_import(what: str, tables: Tables, tmp_path: Path) -> None:
    code, allowed = IMPORTS[what]
    beyond_botocore(code, tmp_path)
    milliseconds = median(beyond_botocore(code, tmp_path) for _ in range(RUNS))
    if HEADING not in tables.rows:
        tables.add(HEADING, "what", "ms beyond botocore", "allowed")
    tables.add(HEADING, what, f"{milliseconds:.1f}", allowed)


def beyond_botocore(code: str, bytecode: Path) -> float:
    """Milliseconds that some code takes in a fresh interpreter, after botocore and pytest were imported there.

    The modules are compiled once and for all, as in an installed package: their bytecode is kept in a folder.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    script = (
        f"{BOTOCORE}\nfrom time import perf_counter\nt = perf_counter()\n{code}\nprint((perf_counter() - t) * 1000)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    return float(ran.stdout.split()[-1])


EMPTY_RUN = "A run of one empty test"
EMPTY_RUNS = 15
ALLOWED_OF_EMPTY_RUN = 20


def test_an_empty_run(tables: Tables, tmp_path: Path) -> None:
    (tmp_path / "test_empty.py").write_text("def test_empty(): pass\n")
    pairs = [(empty_run(tmp_path), empty_run(tmp_path, "-p", "no:sfn_sync")) for _ in range(EMPTY_RUNS + 1)][1:]
    beyond = median(with_plugin - without for with_plugin, without in pairs)
    tables.add(EMPTY_RUN, "what", "ms of CPU", "without the plugin", "beyond it", "allowed")
    tables.add(
        EMPTY_RUN,
        "pytest",
        *(f"{median(column):.0f}" for column in zip(*pairs, strict=True)),
        f"{beyond:.1f}",
        f"{ALLOWED_OF_EMPTY_RUN}",
    )


def empty_run(folder: Path, *arguments: str) -> float:
    """Milliseconds of CPU that pytest takes for one empty test; of other plugins there is none."""
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    loading = () if arguments else ("-p", "pytest_sfn_sync.plugin")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *loading, *arguments, "test_empty.py"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3
