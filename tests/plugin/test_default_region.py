"""The default region: set for projects that use this plugin, where none is configured, and for no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.plugin.conftest import PLAIN, RunProject

NO_REGION = """
import boto3, os, pytest
from botocore.exceptions import NoRegionError

def test_no_region():
    assert "AWS_DEFAULT_REGION" not in os.environ
    with pytest.raises(NoRegionError):
        boto3.client("stepfunctions")
"""


def test_a_region_is_set_for_the_time_of_the_run(run_project: RunProject) -> None:
    result = run_project(
        "import os\ndef test_region(sfn_sync):\n    assert os.environ['AWS_DEFAULT_REGION'] == 'us-east-1'\n"
    )

    result.assert_outcomes(passed=1)
    assert "AWS_DEFAULT_REGION" not in os.environ


def test_a_region_of_the_environment_is_left_alone(run_project: RunProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    result = run_project("def test_region():\n    assert client.meta.region_name == 'eu-west-1'\n")

    result.assert_outcomes(passed=1)
    assert os.environ["AWS_DEFAULT_REGION"] == "eu-west-1"


@pytest.mark.parametrize(
    ("variable", "text", "profile"),
    [
        pytest.param("AWS_CONFIG_FILE", "[default]\nregion = eu-west-3\n", None, id="the default profile"),
        pytest.param("AWS_CONFIG_FILE", "[profile work]\nregion = eu-west-3\n", "work", id="a named profile"),
        pytest.param("AWS_SHARED_CREDENTIALS_FILE", "[default]\nregion = eu-west-3\n", None, id="the other file"),
    ],
)
def test_a_region_of_the_profile_is_left_alone(
    run_project_apart: RunProject,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variable: str,
    text: str,
    profile: str | None,
) -> None:
    path = tmp_path / "aws"
    path.write_text(text)
    monkeypatch.setenv(variable, str(path))
    if profile is not None:
        monkeypatch.setenv("AWS_PROFILE", profile)

    run_project_apart("def test_region():\n    assert client.meta.region_name == 'eu-west-3'\n").assert_outcomes(
        passed=1
    )


def test_the_default_region_can_be_changed(run_project: RunProject) -> None:
    run_project(
        "import os\ndef test_region():\n    assert os.environ['AWS_DEFAULT_REGION'] == 'eu-north-1'\n",
        "-o",
        "sfn_sync_default_region=eu-north-1",
    ).assert_outcomes(passed=1)


def test_the_default_region_can_be_switched_off(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import os\nimport pytest\ndef test_region():\n    assert 'AWS_DEFAULT_REGION' not in os.environ\n"
    )

    pytester.runpytest_inprocess(*PLAIN, "-o", "sfn_sync_default_region=").assert_outcomes(passed=1)


def test_a_project_that_never_uses_the_plugin_gets_no_region(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_plain=NO_REGION)

    pytester.runpytest_subprocess(*PLAIN).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"test_uses": "def test_uses(sfn_sync): pass"}, id="a test has the fixture"),
        pytest.param(
            {"test_uses": "import pytest\n@pytest.mark.sfn_error('ThrottlingException')\ndef test_uses(): pass"},
            id="a test has a marker",
        ),
        pytest.param(
            {"test_uses": "def test_uses(fake): pass", "beneath/conftest": "", "conftest": "from fakes import fake"}
            | {"fakes": "import pytest, pytest_sfn_sync\n@pytest.fixture\ndef fake(): yield pytest_sfn_sync.SfnSync()"},
            id="a module has the package",
        ),
        pytest.param({"pytest.ini": "[pytest]\nsfn_sync_seed = 7"}, id="the ini file has an option"),
        pytest.param({"pyproject.toml": "[tool.pytest.ini_options]\nsfn_sync_seed = '7'"}, id="TOML has an option"),
    ],
)
def test_a_project_that_uses_the_plugin_gets_a_region_at_import(
    pytester: pytest.Pytester, files: dict[str, str]
) -> None:
    (pytester.path / "beneath").mkdir()
    for name, text in files.items():
        (pytester.path / (name if "." in name else f"{name}.py")).write_text(text)
    pytester.makepyfile(
        orders="import boto3\nclient = boto3.client('sqs')",
        test_orders="from orders import client\ndef test_region(): assert client.meta.region_name == 'us-east-1'",
    )
    assert pytester.runpytest_subprocess(*PLAIN, "test_orders.py").ret == 0


def test_an_option_of_the_command_line_is_a_use_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import boto3\nclient = boto3.client('sqs')\ndef test_order(): pass")
    pytester.runpytest_subprocess(*PLAIN, "--sfn-report").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param("node_modules", id="that pytest does not enter"),
        pytest.param("env", id="of a virtual environment"),
    ],
)
def test_a_folder_is_not_a_part_of_the_project(pytester: pytest.Pytester, folder: str) -> None:
    (pytester.path / folder).mkdir()
    (pytester.path / folder / "pyvenv.cfg").touch()
    (pytester.path / folder / "other.py").write_text("def test_uses(sfn_sync): pass")
    pytester.makepyfile(test_plain=NO_REGION)

    pytester.runpytest_subprocess(*PLAIN).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "importing",
    [
        pytest.param("import boto3\n", id="imported before the tests"),
        pytest.param("", id="imported by the test that asks for it"),
    ],
)
@pytest.mark.parametrize("order", ["test_asks test_uses", "test_uses test_asks"])
def test_a_test_takes_the_region_away(pytester: pytest.Pytester, importing: str, order: str) -> None:
    asks = """
def test_asks(monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    import boto3
    from botocore.exceptions import NoRegionError
    with pytest.raises(NoRegionError):
        boto3.client("sqs")
"""
    uses = """
def test_uses(sfn_sync):
    import boto3
    assert boto3.client("sqs").meta.region_name == "us-east-1"
"""
    tests = {"test_asks": asks, "test_uses": uses}
    pytester.makepyfile(f"import pytest\n{importing}" + "".join(tests[name] for name in order.split()))

    pytester.runpytest_subprocess(*PLAIN).assert_outcomes(passed=2)


def test_a_configured_region_is_left_alone_after_collection_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    pytester.makepyfile("import os\ndef test_region(sfn_sync): assert os.environ['AWS_DEFAULT_REGION'] == 'eu-west-1'")
    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)
