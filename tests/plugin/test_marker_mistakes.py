"""What a mistake in a marker prints: the message and the marker's line, and nothing of pytest's internals."""

from __future__ import annotations

import re

import pytest

from tests.plugin.conftest import PLAIN, RunProject

SEVEN_MISTAKES = """
import pytest, unittest

@pytest.mark.sfn_lambda("charge-card", return_value=1)
def test_argument():
    pass

@pytest.mark.sfn_machine(
    "orders",
    "absent.json",
)
class TestFile:
    def test_file(self, sfn_sync):
        pass

@pytest.mark.parametrize("code", [pytest.param(1, marks=pytest.mark.sfn_error("Throttling"))])
def test_parameter(code):
    pass

@pytest.mark.sfn_sync(regoin="eu-west-1")
class TestOfUnittest(unittest.TestCase):
    def test_option(self):
        pass

@pytest.mark.sfn_sync(assert_all_mocks_used=True)
@pytest.mark.sfn_task("Ship", returns=1)
@pytest.mark.sfn_task("Send", returns=2)
def test_unused():
    pass

class TestUnusedOfUnittest(unittest.TestCase):
    @pytest.mark.sfn_sync(assert_all_mocks_used=True)
    @pytest.mark.sfn_task("Ship", returns=1)
    def test_unused(self):
        pass

@pytest.mark.sfn_machine("orders", {"StartAt": "Nowhere", "States": {"P": {"Type": "Pass", "End": True}}})
def test_definition(sfn_sync):
    pass
"""


def test_seven_mistakes_print_little(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_seven=SEVEN_MISTAKES)
    result = pytester.runpytest_inprocess(*PLAIN)

    result.assert_outcomes(errors=7, passed=2)
    errors = result.outlines[result.outlines.index(next(line for line in result.outlines if " ERRORS " in line)) :]
    assert len(errors) < 80
    assert "_pytest" not in "\n".join(errors)
    assert [line for line in errors if re.fullmatch(r"test_seven\.py:\d+: \w+", line)] == [
        "test_seven.py:3: OptionError",
        "test_seven.py:7: DefinitionError",
        "test_seven.py:15: MockError",
        "test_seven.py:19: OptionError",
        "test_seven.py:25: UnusedMockError",
        "test_seven.py:32: UnusedMockError",
        "test_seven.py:36: DefinitionError",
    ]
    assert "test_seven.py:26: the marker of another mock" in errors


@pytest.mark.parametrize(
    ("module", "line"),
    [
        pytest.param("@pytest.mark.sfn_lambda\ndef test_order(): pass", 3, id="a bare marker"),
        pytest.param(
            '@pytest.mark.sfn_lambda("f", returns=1)\n@pytest.mark.sfn_lambda("g")\ndef test_order(): pass',
            4,
            id="the second of two markers of a name",
        ),
        pytest.param(
            'WRONG = pytest.mark.sfn_lambda("f")\n\n@WRONG\ndef test_order(): pass', 3, id="a marker with a name"
        ),
        pytest.param(
            'wrong = lambda: pytest.mark.sfn_lambda("f")\nother = lambda: pytest.mark.sfn_lambda("f")\n\n'
            "@wrong()\ndef test_order(): pass",
            6,
            id="one of two that may have made it: the test",
        ),
        pytest.param('pytestmark = pytest.mark.sfn_lambda("f")\n\ndef test_order(): pass', 3, id="the module's"),
        pytest.param(
            'pytestmark: list = [\n    pytest.mark.sfn_machine("m", {}),\n    pytest.mark.sfn_lambda("f"),\n]\n\n'
            'def test_order(): pass\n@pytest.mark.sfn_lambda("f")\ndef other(): pass',
            4,
            id="one of the module's",
        ),
        pytest.param(
            'class TestOrders:\n    pytestmark = [pytest.mark.sfn_lambda("f")]\n\n    def test_order(self): pass',
            4,
            id="one of a class's list",
        ),
        pytest.param(
            '@pytest.mark.sfn_lambda("f")\nclass Base:\n    pass\n\nclass TestOrders(Base):\n'
            "    def test_order(self): pass",
            3,
            id="a base class's",
        ),
        pytest.param(
            '@pytest.mark.parametrize("x", [\n    pytest.param(1, marks=pytest.mark.sfn_lambda("f", returns=1)),\n'
            '    pytest.param(2, marks=pytest.mark.sfn_lambda("f", takes=2)),\n])\ndef test_order(x): pass',
            5,
            id="one parameter's",
        ),
        pytest.param(
            'both = {"takes": 1}\n\n@pytest.mark.sfn_lambda("f", **both)\ndef test_order(): pass',
            5,
            id="arguments that are not written out",
        ),
        pytest.param(
            "import functools\ndef through(function):\n    @functools.wraps(function)\n    def call(): function()\n"
            '    return call\n\n@pytest.mark.sfn_lambda("f")\n@through\ndef test_order(): pass',
            9,
            id="a test behind a decorator",
        ),
    ],
)
def test_the_line_of_a_marker(pytester: pytest.Pytester, module: str, line: int) -> None:
    pytester.makepyfile(test_project=f"import pytest\n\n{module}\n")
    result = pytester.runpytest_inprocess(*PLAIN)

    assert f"test_project.py:{line}: " in "\n".join(
        text for text in result.outlines if re.match(r"test_project\.py:\d+: \w+Error$", text)
    )


def test_a_marker_that_a_conftest_adds_is_shown_at_the_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    items[0].add_marker(pytest.mark.sfn_lambda('f'))\n"
    )
    pytester.makepyfile(test_project="# one\n# two\n\ndef test_order(sfn_sync): pass\n")
    result = pytester.runpytest_inprocess(*PLAIN)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["test_project.py:4: MockError"])


def test_the_line_is_shown_with_xdist_too(run_project_apart: RunProject) -> None:
    result = run_project_apart("@pytest.mark.sfn_lambda('f')\ndef test_order(): pass\n", "-n", "1")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["test_project.py:3: MockError"])


def test_the_full_trace_has_everything(run_project: RunProject) -> None:
    result = run_project("@pytest.mark.sfn_lambda('f')\ndef test_order(): pass\n", "--full-trace")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*markers.py*"])


def test_a_fault_of_this_package_is_shown_as_one(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "import pytest\n"
        "@pytest.fixture(autouse=True)\n"
        "def broken(monkeypatch):\n"
        "    monkeypatch.setattr('pytest_sfn_sync.plugin.markers.options_of', None)\n"
    )
    pytester.makepyfile("def test_order(sfn_sync): pass\n")
    result = pytester.runpytest_subprocess(*PLAIN)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["E   TypeError: 'NoneType' object is not callable", "All traceback entries are hidden. Pass `--full-trace` *"]
    )


def test_a_mock_of_an_absent_state_is_reported_with_its_marker(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_absent="""
import json, boto3, pytest

@pytest.mark.sfn_machine("orders", {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
@pytest.mark.sfn_task("Charge", returns=1)
def test_order(sfn_sync):
    sfn_sync.client().start_sync_execution(stateMachineArn=sfn_sync.machines[0].arn)
"""
    )
    result = pytester.runpytest_inprocess(*PLAIN)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*mock_task('Charge') was never called: *", "test_absent.py:4: MockError"])
