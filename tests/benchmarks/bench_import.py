"""What importing costs every pytest run, beyond botocore's own modules, in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

import pytest

from tests.benchmarks.tables import Tables

RUNS = 9
ALLOWED_MILLISECONDS = 15
HEADING = "Importing"

BOTOCORE = "import pytest, boto3, botocore.handlers, botocore.session, botocore.client, botocore.awsrequest"
IMPORTS = {
    "pytest_sfn_sync.plugin": "import pytest_sfn_sync.plugin",
    "all that a run needs": "from pytest_sfn_sync import SfnSync\nwith SfnSync(): pass",
}


@pytest.mark.parametrize("what", IMPORTS)
def test_import(what: str, tables: Tables) -> None:
    milliseconds = median(beyond_botocore(IMPORTS[what]) for _ in range(RUNS))
    if HEADING not in tables.rows:
        tables.add(HEADING, "what", "ms beyond botocore", "allowed")
    tables.add(HEADING, what, f"{milliseconds:.1f}", str(ALLOWED_MILLISECONDS))


def beyond_botocore(code: str) -> float:
    """Milliseconds that some code takes in a fresh interpreter, after botocore and pytest were imported there."""
    script = (
        f"{BOTOCORE}\nfrom time import perf_counter\nt = perf_counter()\n{code}\nprint((perf_counter() - t) * 1000)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(ran.stdout.split()[-1])
