"""The ini options: the types of TOML, the old names, and what is said of values that are wrong."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import PLAIN

PYTEST = tuple(int(part) for part in pytest.__version__.split(".")[:2])
needs_native_toml = pytest.mark.skipif(PYTEST < (9, 0), reason="pytest 9 has native TOML")

OPTIONS = """
from datetime import datetime, timezone
from pytest_sfn_sync.options import Options

def test_options(sfn_sync):
    assert sfn_sync.options == Options(
        region="eu-west-1",
        account_id="111122223333",
        start_time=datetime(2024, 2, 29, 12, tzinfo=timezone.utc),
        seed=42,
        assert_all_mocks_used=True,
        assert_no_pending=True,
        unsupported_operations="pass",
        validate_mocks="strict",
        work_budget=90_000_000,
    )
"""
TEXTS = """
sfn_sync_region = eu-west-1
sfn_sync_account_id = 111122223333
sfn_sync_start_time = 2024-02-29T12:00:00Z
sfn_sync_seed = 42
sfn_sync_assert_all_mocks_used = true
sfn_sync_assert_no_pending = true
sfn_sync_unsupported_operations = pass
sfn_sync_validate_mocks = strict
sfn_sync_work_budget = 90000000
"""
TYPED = """
sfn_sync_region = "eu-west-1"
sfn_sync_account_id = 111122223333
sfn_sync_start_time = 2024-02-29T12:00:00Z
sfn_sync_seed = 42
sfn_sync_assert_all_mocks_used = true
sfn_sync_assert_no_pending = true
sfn_sync_unsupported_operations = "pass"
sfn_sync_validate_mocks = "strict"
sfn_sync_work_budget = 90000000
"""
STRINGS = """
sfn_sync_region = "eu-west-1"
sfn_sync_account_id = "111122223333"
sfn_sync_start_time = "2024-02-29T13:00:00+01:00"
sfn_sync_seed = "42"
sfn_sync_assert_all_mocks_used = "yes"
sfn_sync_assert_no_pending = "yes"
sfn_sync_unsupported_operations = "pass"
sfn_sync_validate_mocks = "strict"
sfn_sync_work_budget = "90000000"
"""


def run(pytester: pytest.Pytester, file: str, text: str, test: str, *arguments: str) -> pytest.RunResult:
    pytester.path.joinpath(file).write_text(text, encoding="utf-8")
    pytester.makepyfile(test_project=test)
    return pytester.runpytest_inprocess(*PLAIN, *arguments)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("pytest.ini", f"[pytest]{TEXTS}", id="an ini file"),
        pytest.param("pyproject.toml", f"[tool.pytest.ini_options]{TYPED}", id="types in the table of ini options"),
        pytest.param("pyproject.toml", f"[tool.pytest.ini_options]{STRINGS}", id="strings in the table of ini options"),
        pytest.param("pyproject.toml", f"[tool.pytest]{TYPED}", id="native TOML", marks=needs_native_toml),
        pytest.param("pytest.toml", f"[pytest]{TYPED}", id="a TOML file of pytest", marks=needs_native_toml),
    ],
)
def test_values_may_have_the_types_of_the_file(pytester: pytest.Pytester, file: str, text: str) -> None:
    run(pytester, file, text, OPTIONS).assert_outcomes(passed=1)


@needs_native_toml
def test_an_option_of_the_command_line_wins_over_toml(pytester: pytest.Pytester) -> None:
    test = "def test_seed(sfn_sync):\n    assert sfn_sync.options.seed == 7\n"
    result = run(pytester, "pytest.toml", "[pytest]\nsfn_sync_seed = 42\n", test, "-o", "sfn_sync_seed=7")
    result.assert_outcomes(passed=1)


@needs_native_toml
@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("sfn_sync_seed = true", "seed=True: a seed is an int or a str, or None.", id="a flag"),
        pytest.param(
            "sfn_sync_start_time = 2024-02-29T12:00:00",
            "start_time=datetime.datetime(2024, 2, 29, 12, 0): a start time is a datetime with a time zone or *",
            id="a time without a zone",
        ),
        pytest.param("sfn_sync_region = 1", "region=1: a region is written like 'eu-west-1'.", id="a number"),
    ],
)
def test_a_value_of_toml_is_refused_as_in_a_marker(pytester: pytest.Pytester, line: str, message: str) -> None:
    result = run(pytester, "pytest.toml", f"[pytest]\n{line}\n", "def test_seed(sfn_sync):\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"the ini file *pytest.toml: {message}"])


@needs_native_toml
def test_a_list_where_one_value_is_meant_is_refused_by_pytest(pytester: pytest.Pytester) -> None:
    line = '[pytest]\nsfn_sync_region = ["eu-west-1"]\n'
    result = run(pytester, "pytest.toml", line, "def test_region(sfn_sync):\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*config option 'sfn_sync_region' expects a string, got list*"])


def test_a_flag_that_is_none_is_refused_by_pytest(pytester: pytest.Pytester) -> None:
    line = "[pytest]\nsfn_sync_assert_all_mocks_used = perhaps\n"
    result = run(pytester, "pytest.ini", line, "def test_flag(sfn_sync):\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*invalid truth value 'perhaps'*"])


def test_a_marker_has_a_start_time_as_text(pytester: pytest.Pytester) -> None:
    test = (
        "import pytest\n"
        "@pytest.mark.sfn_sync(start_time='2024-02-29T12:00:00Z')\n"
        "def test_time(sfn_sync):\n"
        "    assert sfn_sync.options.start_time.isoformat() == '2024-02-29T12:00:00+00:00'\n"
    )
    run(pytester, "pytest.ini", "[pytest]\n", test).assert_outcomes(passed=1)


PASSED = "def test_one():\n    pass\n"
MOCK_CONFIG = '{"StateMachines": {"orders": {"TestCases": {"Happy": {}}}}, "MockedResponses": {}}'
DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        pytest.param("sfn_definitions", "sfn_sync_definitions", "orders.asl.json", id="definitions"),
        pytest.param("sfn_definitions_type", "sfn_sync_definitions_type", "STANDARD", id="their type"),
        pytest.param("sfn_mock_config", "sfn_sync_mock_config", "MockConfigFile.json", id="a mock config"),
    ],
)
class TestOldNames:
    @pytest.fixture(autouse=True)
    def files(self, pytester: pytest.Pytester) -> None:
        pytester.path.joinpath("orders.asl.json").write_text(DEFINITION, encoding="utf-8")
        pytester.path.joinpath("MockConfigFile.json").write_text(MOCK_CONFIG, encoding="utf-8")

    def test_an_old_name_works_with_a_warning(self, pytester: pytest.Pytester, old: str, new: str, value: str) -> None:
        test = "def test_one(sfn_sync):\n    pass\n"
        result = run(pytester, "pytest.ini", f"[pytest]\n{old} = {value}\n", test)
        result.assert_outcomes(passed=2 if old == "sfn_definitions" else 1, warnings=1)
        result.stdout.fnmatch_lines(
            [f"*PytestDeprecationWarning: the ini file *pytest.ini: the option {old} is now called {new}."]
        )

    def test_the_new_name_gives_no_warning(self, pytester: pytest.Pytester, old: str, new: str, value: str) -> None:
        result = run(pytester, "pytest.ini", f"[pytest]\nfilterwarnings = error\n{new} = {value}\n", PASSED)
        result.assert_outcomes(passed=2 if old == "sfn_definitions" else 1)

    def test_an_old_name_where_warnings_are_errors(
        self, pytester: pytest.Pytester, old: str, new: str, value: str
    ) -> None:
        result = run(pytester, "pytest.ini", f"[pytest]\nfilterwarnings = error\n{old} = {value}\n", PASSED)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"ERROR: the ini file *pytest.ini: the option {old} is now called {new}."])

    def test_both_names_are_refused(self, pytester: pytest.Pytester, old: str, new: str, value: str) -> None:
        result = run(pytester, "pytest.ini", f"[pytest]\n{old} = {value}\n{new} = {value}\n", PASSED)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(
            [f"ERROR: the ini file *pytest.ini has both {new} and {old}, its old name. Leave {old} out."]
        )
