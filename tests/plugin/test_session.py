"""What the plugin does to the process: the hook early enough, a default region, options, and everything taken back."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

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


BROKEN = {
    "a conftest that can't be imported": {"conftest": "import boto3\nboto3.client('stepfunctions')\n1 / 0\n"},
    "a conftest whose hook fails": {
        "conftest": "import boto3\ndef pytest_configure(config):\n    raise RuntimeError\n"
    },
    "a wrong option": {"arguments": ["-o", "sfn_sync_outside=never"]},
    "machines that are missing": {"arguments": ["-o", "sfn_sync_machines=absent.asl.json"]},
    "an unknown option": {"arguments": ["--no-such-option"]},
    "reports and a hook that fails": {
        "conftest": "import boto3\ndef pytest_sessionstart(session):\n    raise RuntimeError\n",
        "arguments": ["--sfn-html=run.html", "--sfn-report"],
    },
    "a module that can't be imported": {"module": "import boto3\nboto3.client('stepfunctions')\n1 / 0\n"},
    "a test that ends the run": {"module": "import pytest\ndef test_end(sfn_sync):\n    pytest.exit('enough')\n"},
    "a fixture that ends the run": {
        "module": "import pytest\n@pytest.fixture\ndef end(sfn_sync):\n    raise KeyboardInterrupt\n"
        "def test_end(end):\n    pass\n"
    },
    "no test": {},
}

RUN_AND_LOOK = """
import os, sys
import pytest
code = pytest.main(sys.argv[1:])
import botocore.credentials, botocore.handlers, botocore.session
from pytest_sfn_sync import botocore_hook, guarding, plugin
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.fake import layers
print("LEFT", [
    *plugin._running_sessions,
    *(entry for entry in botocore.handlers.BUILTIN_HANDLERS if entry[1] is botocore_hook.answer_before_call),
    *(finder for finder in sys.meta_path if type(finder).__name__ == "ImportWatch"),
    *(name for name in os.environ if name.startswith("AWS_DEFAULT")),
    *recorders.active,
    *layers.around_all,
    *layers.entered(),
    *botocore_hook._active,
    *([guarding.guard] if guarding.guard else []),
    *(["load"] if hasattr(botocore.credentials.InstanceMetadataProvider.load, "__wrapped__") else []),
])
"""


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_run_leaves_nothing_in_the_process(
    pytester: pytest.Pytester, broken: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pytester.path)
    pytester.makepyfile(run_and_look=RUN_AND_LOOK)
    if "conftest" in broken:
        pytester.makeconftest(broken["conftest"])
    pytester.makepyfile(test_it=broken.get("module", "def test_it(sfn_sync):\n    sfn_sync.client()\n"))

    result = pytester.runpython_c(
        f"import sys; sys.argv[1:] = {[*PLAIN, *broken.get('arguments', [])]!r}; exec(open('run_and_look.py').read())"
    )

    assert [line for line in result.outlines if line.startswith("LEFT")] == ["LEFT []"]
