"""What the plugin does to the process: the hook early enough, a default region, options, and everything taken back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.plugin.conftest import PLAIN, WITHOUT_PLUGIN, RunProject
from tests.plugin.projects import CHARGE_MODULE

ORDER = """
@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={"receipt": 7})
def test_order():
    assert place_order() == ("SUCCEEDED", {"receipt": 7})
"""


def test_a_client_made_at_import_time_needs_no_configuration(run_project_apart: RunProject) -> None:
    run_project_apart(ORDER, "-W", "error").assert_outcomes(passed=1)


def test_a_client_made_by_a_conftest_is_answered(pytester: pytest.Pytester, run_project_apart: RunProject) -> None:
    pytester.makeconftest("from orders import client")

    run_project_apart(ORDER).assert_outcomes(passed=1)


def test_a_client_of_a_session_of_its_own_is_answered(run_project_apart: RunProject) -> None:
    run_project_apart(
        """
client = boto3.session.Session(region_name="us-east-1").client("stepfunctions")

@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns=1)
def test_order():
    assert client.start_sync_execution(stateMachineArn=ARN)["status"] == "SUCCEEDED"
"""
    ).assert_outcomes(passed=1)


def test_without_a_fake_calls_go_on_if_the_option_says_so(run_project_apart: RunProject) -> None:
    run_project_apart(
        """
import botocore.exceptions

def test_order():
    with pytest.raises(botocore.exceptions.NoCredentialsError):
        place_order()

def test_with_a_fake(sfn_sync):
    pass
""",
        "-o",
        "sfn_sync_outside=pass",
    ).assert_outcomes(passed=2)


def test_the_suite_passes_in_several_processes(run_project_apart: RunProject) -> None:
    run_project_apart(ORDER + ORDER.replace("test_order", "test_other"), "-n", "2").assert_outcomes(passed=2)


def test_the_plugin_loaded_by_a_conftest_works_for_test_modules(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["pytest_sfn_sync.plugin"]')
    pytester.makepyfile(orders=CHARGE_MODULE, test_project=f"import pytest\nfrom orders import *\n{ORDER}")

    pytester.runpytest_subprocess(*WITHOUT_PLUGIN).assert_outcomes(passed=1)


def test_options_of_the_ini_file(pytester: pytest.Pytester, run_project: RunProject) -> None:
    pytester.makeini(
        """
        [pytest]
        sfn_sync_region = eu-west-1
        sfn_sync_account_id = 111122223333
        sfn_sync_start_time = 2024-02-29T12:00:00Z
        sfn_sync_seed = seven
        sfn_sync_assert_all_mocks_used = true
        sfn_sync_unsupported_operations = pass
        """
    )
    run_project(
        """
from datetime import datetime, timezone
from pytest_sfn_sync.options import Options

@pytest.mark.sfn_sync(seed=8)
def test_options(sfn_sync):
    assert sfn_sync.options == Options(
        region="eu-west-1",
        account_id="111122223333",
        start_time=datetime(2024, 2, 29, 12, tzinfo=timezone.utc),
        seed=8,
        assert_all_mocks_used=True,
        unsupported_operations="pass",
    )
"""
    ).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("sfn_sync_region=Frankfurt", "region='Frankfurt': a region is written like 'eu-west-1'."),
        (
            "sfn_sync_start_time=noon",
            "start_time='noon': a start time is a datetime with a time zone or *",
        ),
    ],
)
def test_a_wrong_option_of_the_ini_file_is_told(run_project: RunProject, option: str, message: str) -> None:
    result = run_project("def test_order(sfn_sync):\n    pass\n", "-o", option)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"the ini file*: {message}"])


def test_nothing_is_left_in_botocore_after_the_run(pytester: pytest.Pytester, run_project: RunProject) -> None:
    from botocore.handlers import BUILTIN_HANDLERS

    before = len(BUILTIN_HANDLERS), list(sys.meta_path)
    run_project(ORDER).assert_outcomes(passed=1)

    assert (len(BUILTIN_HANDLERS), sys.meta_path) == before


def test_a_run_without_aws_imports_nothing_of_botocore_and_little_of_this_package(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # coverage.py imports modules of its own, and ours
    pytester.makepyfile("""
        import sys

        def test_loaded():
            parts = ("botocore", "pytest_sfn_sync.asl", "pytest_sfn_sync.fake", "pytest_sfn_sync.service",
                     "pytest_sfn_sync.sources", "pytest_sfn_sync.options", "configparser")
            print([name for name in parts if name in sys.modules])
    """)
    result = pytester.runpytest_subprocess(*PLAIN, "-s", "-p", "no:doctest")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*[[][]]*"])


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("import boto3\n@pytest.fixture\ndef client():\n    ", id="at the top of a test module"),
        pytest.param("@pytest.fixture\ndef client():\n    import boto3\n    ", id="in a fixture"),
        pytest.param(
            "@pytest.fixture(scope='session')\ndef client():\n    import boto3\n    ", id="in a fixture of the session"
        ),
        pytest.param(
            "import importlib, boto3, botocore.handlers\nimportlib.reload(botocore.handlers)\n"
            "@pytest.fixture\ndef client():\n    ",
            id="and reloaded",
        ),
        pytest.param(
            "import sys, boto3\n"
            "for name in [name for name in sys.modules if name.partition('.')[0] in ('boto3', 'botocore')]:\n"
            "    del sys.modules[name]\n"
            "@pytest.fixture\ndef client():\n    import boto3\n    ",
            id="and forgotten",
        ),
    ],
)
def test_a_client_is_answered_whenever_botocore_is_imported(pytester: pytest.Pytester, when: str) -> None:
    pytester.makepyfile(
        f"""\
import pytest
{when}return boto3.client("stepfunctions")

@pytest.mark.sfn_machine("rest", {{"StartAt": "Rest", "States": {{"Rest": {{"Type": "Succeed"}}}}}})
def test_rest(client, sfn_sync):
    assert client.start_sync_execution(stateMachineArn=sfn_sync.machines[0].arn)["status"] == "SUCCEEDED"
"""
    )
    pytester.runpytest_subprocess(*PLAIN).assert_outcomes(passed=1)


def test_a_client_is_answered_that_an_early_plugin_made(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        early="import boto3\nclient = boto3.client('stepfunctions', region_name='us-east-1')\n",
        test_rest="""
            import pytest
            from early import client

            @pytest.mark.sfn_machine("rest", {"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}})
            def test_rest(sfn_sync):
                assert client.start_sync_execution(stateMachineArn=sfn_sync.machines[0].arn)["status"] == "SUCCEEDED"
        """,
    )
    pytester.runpytest_subprocess("-p", "early", *PLAIN).assert_outcomes(passed=1)


def test_the_plugin_module_itself_loads_nothing_heavy() -> None:
    program = (
        "import sys, pytest, pytest_sfn_sync.plugin; "
        "print([name for name in ('botocore', 'boto3', 'jsonpath_ng', 'pytest_sfn_sync.asl', 'pytest_sfn_sync.fake') "
        "if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize(("mode", "outcome"), [("present", "failed"), ("none", "passed")])
def test_the_ini_option_of_mock_checks(run_project: RunProject, mode: str, outcome: str) -> None:
    result = run_project(
        """
GET = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
    "Parameters": {"TableName": "t", "Key": {}},
    "End": True,
}

def test_get(sfn_sync):
    machine = sfn_sync.register("find", {"StartAt": "Get", "States": {"Get": GET}})
    sfn_sync.mock_task("Get", returns={"item": {}})
    assert sfn_sync.client().start_sync_execution(stateMachineArn=machine.arn)["status"] == "SUCCEEDED"
""",
        "-o",
        f"sfn_sync_validate_mocks={mode}",
    )
    result.assert_outcomes(**{outcome: 1})
