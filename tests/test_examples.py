"""Each folder of conftest_examples/ passes as a project of its own, on a machine that has no AWS configuration."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests import network

EXAMPLES = Path(__file__).resolve().parents[1] / "conftest_examples"
FOLDERS = sorted(path.name for path in EXAMPLES.iterdir() if any(path.glob("test_*.py")))
NEEDED = {
    "async_client": "aiobotocore",
    "definitions_as_tests": "yaml",
    "distributed_map": "moto",
    "jsonata_states": "jlens",
    "moto_side_by_side": "moto",
    "sam_template": "yaml",
    "terraform": "hcl2",
}
# Other plugins take as long to load as an example to run.
OTHERS = {"asyncio", "benchmark", "hypothesispytest", "pytest_cov", "randomly", "xdist", "xdist.looponfail"}
ASKED_FOR = {"async_client": "asyncio"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_example_passes_by_itself(folder: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    if folder in NEEDED:
        pytest.importorskip(NEEDED[folder], reason=f"the example {folder} needs {NEEDED[folder]}")
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    shutil.copytree(
        EXAMPLES / folder, pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*")
    )

    shutil.copy(network.__file__, pytester.path / "refused_network.py")
    attempts = pytester.path / "attempts.txt"
    monkeypatch.setenv(network.ATTEMPTS_FILE, str(attempts))
    monkeypatch.setenv("PYTHONPATH", str(pytester.path), prepend=os.pathsep)

    without = [f"-pno:{plugin}" for plugin in OTHERS - {ASKED_FOR.get(folder)}]
    result = pytester.runpytest_subprocess("-p", "refused_network", *without)

    assert not attempts.exists()
    assert set(result.parseoutcomes()) == {"passed"}
    assert result.ret == pytest.ExitCode.OK


def test_the_list_of_examples_names_every_folder() -> None:
    listed = [line.split("`")[1] for line in (EXAMPLES / "README.md").read_text().splitlines() if line[:3] == "| `"]
    assert sorted(listed) == FOLDERS
