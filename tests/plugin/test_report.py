"""A failing test shows the executions that it ran."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from pytest_sfn_sync import shown_text
from tests.plugin.conftest import RunProject

FAILING = """
@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", raises="Card.Declined")
def test_order():
    assert place_order() == ("SUCCEEDED", {"receipt": 7})
"""

SECTION = [
    "*- Step Functions executions -*",
    "orders: FAILED after 0 s (execution run-1)",
    '  input   {"amount": 5}',
    '        +0 s  Charge (Task): {"amount": 5} -> failed',
    """        +0 s    function charge-card {"amount": 5} -> error Card.Declined, by mock_lambda('charge-card')""",
    "  error   Card.Declined",
]


def test_a_failing_test_shows_its_executions(run_project: RunProject) -> None:
    result = run_project(FAILING)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(SECTION, consecutive=True)


def test_a_passing_test_shows_nothing(run_project: RunProject) -> None:
    result = run_project(FAILING.replace('"SUCCEEDED", {"receipt": 7}', '"FAILED", None'), "-rA")

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*Step Functions executions*")


def test_executions_of_earlier_tests_are_not_shown(run_project: RunProject) -> None:
    result = run_project(
        FAILING.replace('"SUCCEEDED", {"receipt": 7}', '"FAILED", None') + "\ndef test_other():\n    assert False\n"
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*Step Functions executions*")


def test_executions_of_a_fake_without_the_fixture_are_shown(run_project: RunProject) -> None:
    result = run_project(
        """
from pytest_sfn_sync import SfnSync

def test_order():
    with SfnSync() as sfn:
        sfn.register("orders", CHARGE)
        sfn.mock_lambda("charge-card", raises="Card.Declined")
        assert place_order() == ("SUCCEEDED", {"receipt": 7})
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(SECTION, consecutive=True)


def test_what_the_service_has_to_say_is_shown(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine("order", CHARGE)
def test_order():
    place_order()
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- Step Functions executions -*",
            "StateMachineDoesNotExist was answered for 'arn:aws:states:us-east-1:123456789012:stateMachine:orders'.*",
            "No machine is named 'orders'. Did you mean 'order'?",
            "Registered, nearest first:",
            "  arn:aws:states:us-east-1:123456789012:stateMachine:order (EXPRESS)",
        ]
    )


def test_what_the_service_of_any_fake_has_to_say_is_shown(run_project: RunProject) -> None:
    result = run_project(
        """
from pytest_sfn_sync import SfnSync

def test_order():
    with SfnSync(region="eu-west-1") as sfn:
        sfn.register("orders", CHARGE)
        place_order()

def test_other():
    assert False
"""
    )

    result.assert_outcomes(failed=2)
    assert result.outlines.count("A machine named 'orders' is registered, but its ARN differs:") == 1


def test_the_run_that_a_usage_error_ended_is_shown(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine("orders", CHARGE)
def test_order():
    place_order()
"""
    )

    result.stdout.fnmatch_lines(["orders: ABORTED after 0 s (execution run-1)", "*Charge (Task): * -> not left"])


def test_many_executions_are_cut(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns=1)
def test_order():
    for _ in range(15):
        place_order()
    assert False
"""
    )

    result.stdout.fnmatch_lines(["(5 earlier executions are left out)"])
    assert result.stdout.str().count("orders: SUCCEEDED") == 10


LONG = """
@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={f"member-{number}": "x" * 100 for number in range(20)})
def test_order(sfn_sync):
    place_order()
    sfn_sync.last_execution.assert_succeeded(output={f"member-{number}": "y" * 100 for number in range(20)})
"""


@pytest.mark.parametrize(
    ("arguments", "is_whole"),
    [
        pytest.param(["-v"], False, id="-v"),
        pytest.param(["-vv"], True, id="-vv"),
        pytest.param(["-o", "verbosity_assertions=2"], True, id="verbosity_assertions"),
    ],
)
def test_documents_and_differences_are_whole_with_vv(
    run_project: RunProject, arguments: list[str], is_whole: bool
) -> None:
    shown = run_project(LONG, *arguments).stdout.str()

    assert ("characters)..." in shown) is not is_whole
    assert ("... and more" in shown) is not is_whole
    assert ("$.member-19: expected" in shown.replace("['member-19']", ".member-19")) is is_whole


def test_what_vv_made_whole_is_short_again_after_the_run(run_project: RunProject) -> None:
    run_project(LONG, "-vv")

    assert shown_text.fits(2, 1) is False


@pytest.mark.parametrize("processes", [2])
def test_reports_travel_from_the_processes_of_xdist(run_project_apart: RunProject, processes: int) -> None:
    result = run_project_apart(FAILING + FAILING.replace("test_order", "test_other"), "-n", str(processes))

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(SECTION, consecutive=True)


def test_a_state_that_fails_by_itself_is_told_to_have_failed(run_project: RunProject) -> None:
    result = run_project(
        """
BAD = {"StartAt": "Choose", "States": {"Choose": {"Type": "Pass", "InputPath": "$.no", "End": True}}}

@pytest.mark.sfn_machine("orders", BAD)
def test_order():
    assert place_order() == ("SUCCEEDED", {})
"""
    )
    result.stdout.fnmatch_lines(['        +0 s  Choose (Pass): {"amount": 5} -> failed'])


def test_the_traceback_of_a_usage_error_ends_in_the_users_code(run_project: RunProject) -> None:
    result = run_project('@pytest.mark.sfn_machine("orders", CHARGE)\ndef test_order():\n    place_order()\n')

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E       pytest_sfn_sync.UnmockedTaskError: *"])
    result.stdout.no_fnmatch_line("*botocore*")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("place_order()", id="raised"),
        pytest.param(
            "stack = ExitStack(); self.addCleanup(stack.close); "
            "stack.enter_context(SfnSync()).register('orders', CHARGE); place_order()",
            id="in a fake of its own",
        ),
    ],
)
def test_the_traceback_in_a_test_case_of_unittest_ends_in_the_users_code(run_project: RunProject, body: str) -> None:
    result = run_project(
        "import unittest\nfrom contextlib import ExitStack\nfrom pytest_sfn_sync import SfnSync\n"
        '@pytest.mark.sfn_machine("orders", CHARGE)\n'
        f"class TestOrders(unittest.TestCase):\n    def test_order(self):\n        {body}\n"
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*pytest_sfn_sync.UnmockedTaskError: *"])
    result.stdout.no_fnmatch_line("*botocore_hook*")
    result.stdout.no_fnmatch_line("*mock_table*")


def test_the_whole_traceback_is_there_for_the_asking(run_project: RunProject) -> None:
    result = run_project(
        '@pytest.mark.sfn_machine("orders", CHARGE)\ndef test_order():\n    place_order()\n', "--full-trace"
    )
    result.stdout.fnmatch_lines(["*botocore_hook.py:*"])


@pytest.mark.parametrize("colour", ["yes", "no"])
def test_traces_are_coloured_where_the_terminal_has_colours(run_project: RunProject, colour: str) -> None:
    result = run_project(FAILING, f"--color={colour}", "--junitxml=report.xml")

    error = "\x1b[31m  error   Card.Declined\x1b[0m" if colour == "yes" else "  error   Card.Declined"
    assert error in result.outlines


def test_the_report_itself_stays_without_colours(run_project: RunProject, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        def pytest_sessionfinish(session):
            reporter = session.config.pluginmanager.getplugin("terminalreporter")
            session.config.seen = reporter.getreports("failed")

        def pytest_unconfigure(config):
            [report] = config.seen
            print("sections:", report.longrepr.sections)
        """
    )

    result = run_project(FAILING, "--color=yes", "--junitxml=report.xml")

    [sections] = [line for line in result.outlines if line.startswith("sections:")]
    assert "error   Card.Declined" in sections
    assert "x1b" not in sections
    assert "\x1b" not in (pytester.path / "report.xml").read_text(encoding="utf-8")


FAILURE_OF = "testsuite/testcase/{}"


@pytest.mark.parametrize(
    ("module", "element"),
    [
        pytest.param(FAILING, "failure", id="a test that fails"),
        pytest.param(
            FAILING.replace("assert place_order() ==", "place_order();").partition(";")[0]
            + "\n\n@pytest.fixture(autouse=True)\ndef fails(sfn_sync):\n    yield\n    assert False\n",
            "error",
            id="a teardown that fails",
        ),
        pytest.param(
            "class TestOrders(__import__('unittest').TestCase):\n"
            "    def test_order(self):\n"
            "        from pytest_sfn_sync import SfnSync\n"
            "        with SfnSync() as sfn:\n"
            "            sfn.register('orders', CHARGE)\n"
            "            sfn.mock_lambda('charge-card', raises='Card.Declined')\n"
            "            self.assertEqual(place_order(), 7)\n",
            "failure",
            id="a test of unittest",
        ),
    ],
)
def test_the_trace_is_in_the_xml_of_junit_once(
    run_project: RunProject, pytester: pytest.Pytester, module: str, element: str
) -> None:
    run_project(module, "--junitxml=report.xml")

    xml = ElementTree.parse(pytester.path / "report.xml")
    [failure] = xml.getroot().findall(FAILURE_OF.format(element))
    text = (failure.text or "").splitlines()
    assert text[-len(SECTION) + 1 :] == SECTION[1:]
    assert sum("Step Functions executions" in line for line in text) == 1


def test_the_trace_in_the_xml_of_junit_comes_from_workers_too(
    run_project_apart: RunProject, pytester: pytest.Pytester
) -> None:
    run_project_apart(FAILING, "--junitxml=report.xml", "-n", "1")

    [failure] = ElementTree.parse(pytester.path / "report.xml").getroot().findall(FAILURE_OF.format("failure"))
    assert (failure.text or "").splitlines()[-len(SECTION) + 1 :] == SECTION[1:]


def test_characters_that_xml_forbids_are_escaped_in_the_xml_of_junit(
    run_project: RunProject, pytester: pytest.Pytester
) -> None:
    run_project(
        FAILING.replace('raises="Card.Declined"', r'returns={"a": "\x1b[31m\x00\ud800\uffff"}'), "--junitxml=report.xml"
    )

    [failure] = ElementTree.parse(pytester.path / "report.xml").getroot().findall(FAILURE_OF.format("failure"))
    assert r'{"a": "\u001b[31m\u0000\ud800' in (failure.text or "")


def test_a_trace_is_shown_once_on_the_terminal(run_project: RunProject) -> None:
    for arguments in ([], ["--color=yes"], ["--tb=short"], ["--tb=native"]):
        assert run_project(FAILING, *arguments).stdout.str().count("Step Functions executions") == 1
