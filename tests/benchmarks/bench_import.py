"""What importing costs every pytest run, beyond botocore's own modules, in fresh interpreters."""

from __future__ import annotations

import os
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
