"""The guard: calls that no fake answers and that would go to AWS; and usage errors of fakes that outlive a test."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from pytest_sfn_sync.botocore_hook import _HOSTS_OF_AWS
from tests.plugin.conftest import RunProject

REFUSED = [
    "*SfnSyncUsageError: StartSyncExecution of Step Functions was called in the test test_project.py::test_order, and "
    "no fake was there to answer it. It would have gone to AWS.",
    "*  machine  arn:aws:states:us-east-1:123456789012:stateMachine:orders",
    "*Name the fixture sfn_sync in the test, or write above it a marker such as",
    '*    @pytest.mark.sfn_machine("orders", "orders.asl.json")',
    "*If the test is meant to call AWS, write above it",
    '*    @pytest.mark.sfn_outside("pass")',
    "*or, for all tests, sfn_sync_outside = pass in the ini file.",
]
AT_TEARDOWN = [
    "*ERROR at teardown of test_order*",
    "*StartSyncExecution of Step Functions was called in the test test_project.py::test_order*",
]


@pytest.fixture(autouse=True)
def _configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure a region and credentials: the projects here don't use the plugin, so that it sets no region."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def test_a_call_without_a_fake_fails_the_test_once(run_project: RunProject) -> None:
    result = run_project("def test_order():\n    place_order()\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(REFUSED)


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(
            """
def test_order():
    try:
        place_order()
    except Exception:
        pass
""",
            id="in the test",
        ),
        pytest.param(
            """
@pytest.fixture
def order():
    try:
        place_order()
    except Exception:
        pass

def test_order(order):
    pass
""",
            id="in its setup",
        ),
        pytest.param(
            """
@pytest.fixture(scope="session")
def order():
    yield
    try:
        place_order()
    except Exception:
        pass

def test_order(order):
    pass
""",
            id="in the teardown of a fixture of the session",
        ),
        pytest.param(
            """
import unittest

class Orders(unittest.TestCase):
    def test_order(self):
        try:
            place_order()
        except Exception:
            pass
""",
            id="in a TestCase",
        ),
        pytest.param(
            """
import threading

def test_order():
    thread = threading.Thread(target=lambda: pytest.raises(Exception, place_order))
    thread.start()
    thread.join()
""",
            id="in a thread",
        ),
    ],
)
def test_a_refused_call_that_was_swallowed_is_told_at_teardown(run_project: RunProject, module: str) -> None:
    result = run_project(module)
    result.assert_outcomes(passed=1, errors=1)
    lines = [line.replace("::test_order", "::*test_order") for line in AT_TEARDOWN]
    result.stdout.fnmatch_lines([line.replace("of test_order*", "of *test_order*") for line in lines])


def test_a_swallowed_call_is_told_besides_a_teardown_that_fails(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.fixture
def order():
    yield
    raise RuntimeError("the teardown fails")

def test_order(order):
    try:
        place_order()
    except Exception:
        pass
"""
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*RuntimeError: the teardown fails", *REFUSED[:1]])


def test_a_teardown_that_fails_by_itself_is_as_it_is(run_project: RunProject) -> None:
    result = run_project(
        "@pytest.fixture\ndef order():\n    yield\n    pytest.fail('the teardown fails')\n\n"
        "def test_order(order):\n    pass\n"
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["E * Failed: the teardown fails"])
    result.stdout.no_fnmatch_line("*SfnSyncUsageError*")


def test_a_teardown_that_ends_the_session_ends_it(run_project: RunProject) -> None:
    result = run_project(
        "@pytest.fixture\ndef order():\n    yield\n    pytest.exit('enough')\n\n"
        "def test_order(order):\n    pytest.raises(Exception, place_order)\n"
    )
    result.stdout.fnmatch_lines(["*Exit: enough*"])


def test_a_thread_that_outlives_the_fake_is_caught(run_project: RunProject) -> None:
    result = run_project(
        """
import threading
from pytest_sfn_sync import SfnSync

def test_order():
    ended = threading.Event()

    def order():
        ended.wait()
        try:
            place_order()
        except Exception:
            pass

    with SfnSync() as sfn:
        sfn.register("orders", CHARGE)
        thread = threading.Thread(target=order, name="worker")
        thread.start()
    ended.set()
    thread.join()
"""
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*test_order, in the thread 'worker', and no fake was there*",
            "*The test had a fake before, but its block or fixture has ended. Does a thread or a task of the code "
            "under test run on after it?",
        ]
    )


def test_a_thread_that_outlives_its_test_is_caught(run_project: RunProject, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
import pytest

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish():
    import test_project as project
    if project.release:
        project.release.pop().set()
        project.threads[0].join()
        print("TOLD", project.told)
"""
    )
    result = run_project(
        """
import threading
release, threads, told = [], [], []

@pytest.mark.sfn_machine("orders", CHARGE)
def test_order():
    ended = threading.Event()
    release.append(ended)

    def order():
        ended.wait()
        try:
            place_order()
        except Exception as error:
            told.append(str(error).splitlines()[0])

    threads.append(threading.Thread(target=order, name="worker"))
    threads[0].start()
""",
        "-s",
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*called after the test test_project.py::test_order, in the thread 'worker', and no fake was there*"]
    )


def test_a_thread_of_an_earlier_test_is_named_as_that(run_project: RunProject) -> None:
    result = run_project(
        """
import threading
ended, threads = threading.Event(), []

@pytest.mark.sfn_machine("orders", CHARGE)
def test_order():
    def order():
        ended.wait()
        pytest.raises(Exception, place_order)

    threads.append(threading.Thread(target=order, name="worker"))
    threads[0].start()

def test_other():
    ended.set()
    threads[0].join()
"""
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["*called during the test *::test_other, in the thread 'worker' that is older than the test, and no fake*"]
    )


def test_after_the_tests_the_main_thread_may_call_aws(run_project: RunProject, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
import botocore.exceptions

def pytest_sessionfinish():
    import test_project as project
    try:
        project.place_order()
    except Exception as error:
        print("ENDED", type(error).__name__)
"""
    )
    result = run_project(
        "client.meta.events.register('before-sign', lambda **_: 1 / 0)\n"
        "@pytest.mark.sfn_machine('orders', CHARGE)\ndef test_order():\n    pass\n",
        "-s",
    )
    result.stdout.fnmatch_lines(["*ENDED ZeroDivisionError"])


def test_another_operation_is_refused_too(run_project: RunProject) -> None:
    result = run_project("def test_order():\n    client.list_state_machines()\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ListStateMachines of Step Functions was called in the test *"])
    result.stdout.no_fnmatch_line("*  machine  *")


SENT = """
@pytest.fixture
def nothing_is_sent(monkeypatch):
    def refuse(session, request):
        raise ConnectionError(request.url)

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", refuse)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
"""
ANSWERED = {
    "moto": """
from moto import mock_aws

@mock_aws
def test_order():
    assert boto3.client("stepfunctions").list_state_machines()["stateMachines"] == []
""",
    "moto in a fixture of the session": """
from moto import mock_aws

@pytest.fixture(scope="session", autouse=True)
def aws():
    with mock_aws():
        yield

def test_order():
    assert boto3.client("stepfunctions").list_state_machines()["stateMachines"] == []
""",
    "a Stubber": """
from botocore.stub import Stubber

def test_order():
    with Stubber(client) as stubber:
        stubber.add_response("list_state_machines", {"stateMachines": []})
        assert client.list_state_machines()["stateMachines"] == []
""",
    "a hook of the user's own": """
from botocore.awsrequest import AWSResponse

class Raw:
    def stream(self, **_):
        yield b'{"stateMachines": []}'

def test_order(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    client = boto3.client("stepfunctions")
    answer = lambda request, **_: AWSResponse(request.url, 200, {}, Raw())
    client.meta.events.register("before-send.sfn.ListStateMachines", answer)
    assert client.list_state_machines()["stateMachines"] == []
""",
    "another endpoint": """
from botocore.exceptions import EndpointConnectionError

def test_order(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    client = boto3.client("stepfunctions", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(EndpointConnectionError):
        client.list_state_machines()
""",
    "a patched method of the client": """
from unittest.mock import patch

def test_order():
    with patch("botocore.client.BaseClient._make_api_call", return_value={"stateMachines": []}):
        assert client.list_state_machines()["stateMachines"] == []
""",
    "a marker that lets it pass": SENT
    + """
@pytest.mark.sfn_outside("pass")
def test_order(nothing_is_sent):
    with pytest.raises(ConnectionError, match="states.us-east-1.amazonaws.com"):
        client.list_state_machines()
""",
    "another service": SENT
    + """
def test_order(nothing_is_sent):
    with pytest.raises(ConnectionError, match="sqs.us-east-1.amazonaws.com"):
        boto3.client("sqs").list_queues()
""",
}


@pytest.mark.parametrize("module", [pytest.param(module, id=name) for name, module in ANSWERED.items()])
def test_a_call_that_does_not_go_to_aws_by_accident_goes_on(run_project: RunProject, module: str) -> None:
    run_project(module).assert_outcomes(passed=1)


def test_a_marker_can_refuse_where_the_ini_file_lets_pass(run_project: RunProject) -> None:
    module = "@pytest.mark.sfn_outside('raise')\ndef test_order():\n    place_order()\n"
    result = run_project(module, "-o", "sfn_sync_outside=pass")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(REFUSED[:1])


def test_with_moto_imported_but_not_active_the_call_is_refused(run_project: RunProject) -> None:
    result = run_project(
        "from moto import mock_aws\n"
        "def test_order():\n"
        "    with mock_aws():\n"
        "        pass\n"
        "    boto3.client('stepfunctions').start_sync_execution(stateMachineArn=ARN)\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(REFUSED[:1])


def test_a_client_of_aiobotocore_is_refused(run_project: RunProject) -> None:
    pytest.importorskip("aiobotocore")
    result = run_project(
        """
import asyncio
from aiobotocore.session import get_session

async def order():
    async with get_session().create_client("stepfunctions", region_name="us-east-1") as client:
        await client.start_sync_execution(stateMachineArn=ARN)

def test_order():
    asyncio.run(order())
"""
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(REFUSED[:1])


@pytest.mark.parametrize(
    ("arguments", "module", "message"),
    [
        pytest.param(
            ["-o", "sfn_sync_outside=warn"],
            "def test_order():\n    pass\n",
            "ERROR: sfn_sync_outside in the options is 'raise' or 'pass', not 'warn'",
            id="in the ini file",
        ),
        pytest.param(
            [],
            "@pytest.mark.sfn_outside('warn')\ndef test_order():\n    pass\n",
            "*@pytest.mark.sfn_outside at test_project.py::test_order takes 'raise' or 'pass', not 'warn'.",
            id="in a marker",
        ),
        pytest.param(
            [],
            "@pytest.mark.sfn_outside\ndef test_order():\n    pass\n",
            "*@pytest.mark.sfn_outside at test_project.py::test_order takes 'raise' or 'pass', not nothing.",
            id="in a marker without an argument",
        ),
    ],
)
def test_another_word_is_refused(run_project: RunProject, arguments: list[str], module: str, message: str) -> None:
    result = run_project(module, *arguments)
    assert result.ret != 0
    (result.stderr if arguments else result.stdout).fnmatch_lines([message])


def test_a_client_of_a_fake_that_has_ended_keeps_its_own_message(run_project: RunProject) -> None:
    result = run_project(
        """
from pytest_sfn_sync import SfnSync

def test_order():
    with SfnSync() as sfn:
        client = sfn.client()
    try:
        client.start_sync_execution(stateMachineArn=ARN)
    except Exception:
        pass
"""
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*StartSyncExecution was called on a client that SfnSync.client() made, and no *"])


WIDE = """
from pytest_sfn_sync import SfnSync

@pytest.fixture(scope="module")
def workflows():
    with SfnSync() as sfn:
        sfn.register("orders", CHARGE)
        yield sfn
"""


def run_wide(run_project: RunProject, tests: str, *arguments: Any) -> pytest.RunResult:
    return run_project(WIDE + tests, *arguments)


def test_a_usage_error_of_a_wide_fake_is_told_at_its_test(run_project: RunProject) -> None:
    result = run_wide(
        run_project,
        """
def test_swallows(workflows):
    try:
        place_order()
    except Exception:
        pass

def test_after(workflows):
    pass
""",
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_swallows*", "*'Charge' in the state machine *no mock."])


def test_a_usage_error_of_a_wide_fake_with_which_a_test_failed_is_told_once(run_project: RunProject) -> None:
    result = run_wide(
        run_project, "def test_fails(workflows):\n    place_order()\n\ndef test_after(workflows):\n    pass\n"
    )
    result.assert_outcomes(failed=1, passed=1)


def test_a_failing_test_shows_the_executions_of_a_wide_fake(run_project: RunProject) -> None:
    result = run_wide(
        run_project,
        """
def test_wrong(workflows):
    workflows.mock_lambda("charge-card", returns={"receipt": 7})
    assert place_order() == ("SUCCEEDED", {"receipt": 8})
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Step Functions executions*", "*orders*SUCCEEDED*"])


def test_the_hosts_of_all_partitions_are_those_of_aws() -> None:
    partitions = botocore.session.Session().get_component("data_loader").load_data("partitions")["partitions"]
    suffixes = {f".{one['outputs'][kind]}" for one in partitions for kind in ("dnsSuffix", "dualStackDnsSuffix")}
    assert suffixes <= set(_HOSTS_OF_AWS)
