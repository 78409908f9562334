"""Importing the plugin costs every pytest run something, so it imports nothing that is not needed yet."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

NOT_YET_NEEDED = [
    "botocore",
    "boto3",
    "jsonpath_ng",
    "jlens",
    "hypothesis",
    "pytest_sfn_sync.asl",
    "pytest_sfn_sync.service",
]


def imported_by(code: str) -> set[str]:
    """The modules that some code imports in a fresh interpreter, beyond those of pytest."""
    script = (
        f"import json, sys, pytest; before = set(sys.modules); {code}; print(json.dumps([*set(sys.modules) - before]))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    names: list[str] = json.loads(ran.stdout)
    return set(names)


@pytest.fixture(scope="module")
def by_the_plugin() -> set[str]:
    return imported_by("import pytest_sfn_sync.plugin")


@pytest.mark.parametrize("package", NOT_YET_NEEDED)
def test_importing_the_plugin_does_not_import(package: str, by_the_plugin: set[str]) -> None:
    assert {name for name in by_the_plugin if name == package or name.startswith(f"{package}.")} == set()


def test_importing_the_plugin_imports_no_package_of_others(by_the_plugin: set[str]) -> None:
    packages = {name.partition(".")[0] for name in by_the_plugin}
    assert packages - sys.stdlib_module_names == {"pytest_sfn_sync"}


def test_importing_the_package_imports_no_pytest_and_no_botocore() -> None:
    script = "import json, sys, pytest_sfn_sync; print(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"pytest", "_pytest", "botocore", "boto3", "jsonpath_ng"} & set(json.loads(ran.stdout))


OTHER_OPERATIONS = [
    "asl.redrive",
    "asl.timeline",
    "service.account",
    "service.constraints",
    "service.operation_models",
    "service.operations",
    "service.state_trial",
]


@pytest.fixture(scope="module")
def by_start_sync_execution() -> set[str]:
    states = "{'StartAt': 'A', 'States': {'A': {'Type': 'Pass', 'End': True}}}"
    return imported_by(
        "from pytest_sfn_sync import SfnSync; sfn = SfnSync().__enter__(); "
        f"arn = sfn.register('orders', {states}).arn; sfn.inject_error('OptInRequired', machine='x'); "
        "sfn.client().start_sync_execution(stateMachineArn=arn); sfn.reset(); sfn.__exit__(None, None, None)"
    )


@pytest.mark.parametrize("module", OTHER_OPERATIONS)
def test_start_sync_execution_does_not_import_other_operations(module: str, by_start_sync_execution: set[str]) -> None:
    assert "pytest_sfn_sync.service.start_sync_execution" in by_start_sync_execution
    assert f"pytest_sfn_sync.{module}" not in by_start_sync_execution
