"""The fixture: in force while the test runs, told again at teardown, and nothing left behind."""

from __future__ import annotations

from tests.plugin.conftest import RunProject


def test_a_test_uses_the_fixture(run_project: RunProject) -> None:
    result = run_project(
        """
        def test_order(sfn_sync):
            sfn_sync.register("orders", CHARGE)
            charge = sfn_sync.mock_lambda("charge-card", returns={"receipt": 7})
            assert place_order() == ("SUCCEEDED", {"receipt": 7})
            charge.assert_called_once_with({"amount": 5})
            sfn_sync.last_execution.assert_succeeded()

        def test_next_starts_anew(sfn_sync):
            assert (sfn_sync.machines, sfn_sync.mocks, sfn_sync.executions) == ([], [], [])
        """.replace("\n        ", "\n")
    )

    result.assert_outcomes(passed=2)


def test_the_fixture_is_a_public_type(run_project: RunProject) -> None:
    result = run_project(
        """
from pytest_sfn_sync import SfnSync

def test_type(sfn_sync: SfnSync):
    assert isinstance(sfn_sync, SfnSync)
"""
    )

    result.assert_outcomes(passed=1)


def test_an_unmocked_task_fails_the_test_once(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine("orders", CHARGE)
def test_order():
    place_order()
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E   * The Task of state 'Charge' in the state machine 'orders' has no mock.",
            'E   *     sfn_sync.mock_lambda("charge-card", returns={})',
            'E   *     @pytest.mark.sfn_lambda("charge-card", returns={})',
        ]
    )


def test_a_usage_error_that_the_code_under_test_swallowed_is_told_at_teardown(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine("orders", CHARGE)
def test_order():
    try:
        place_order()
    except Exception:
        pass
"""
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_order*", "*'Charge' in the state machine 'orders' has no mock."]
    )


def test_a_swallowed_usage_error_is_told_besides_another_failure(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine("orders", CHARGE)
def test_order():
    try:
        place_order()
    except Exception:
        pass
    assert False, "no receipt"
"""
    )

    result.assert_outcomes(failed=1, errors=1)


def test_a_test_that_expects_a_usage_error_clears_the_list(run_project: RunProject) -> None:
    result = run_project(
        """
from pytest_sfn_sync import UnmockedTaskError

@pytest.mark.sfn_machine("orders", CHARGE)
def test_order(sfn_sync):
    with pytest.raises(UnmockedTaskError):
        place_order()
    sfn_sync.usage_errors.clear()
"""
    )

    result.assert_outcomes(passed=1)


def test_unused_mocks_fail_the_test_where_that_is_asked(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_sync(assert_all_mocks_used=True)
@pytest.mark.sfn_task("Ship", returns=1)
def test_unused():
    pass

@pytest.mark.sfn_task("Ship", returns=1)
def test_not_asked():
    pass

@pytest.mark.sfn_sync(assert_all_mocks_used=True)
@pytest.mark.sfn_task("Ship", returns=1)
def test_fails_anyway():
    assert False
"""
    )

    result.assert_outcomes(passed=2, errors=1, failed=1)
    result.stdout.fnmatch_lines(["*1 of 1 mocks was never called:", "*mock_task('Ship')"])


def test_the_stack_of_fakes_is_empty_after_failures(run_project: RunProject) -> None:
    result = run_project(
        """
from pytest_sfn_sync.botocore_hook import innermost

@pytest.mark.sfn_machine("orders", {"StartAt": "Nowhere"})
def test_setup_fails():
    pass

def test_call_fails(sfn_sync):
    assert innermost() is not None
    assert False

def test_nothing_is_active():
    assert innermost() is None
"""
    )

    result.assert_outcomes(errors=1, failed=1, passed=1)


def test_test_cases_of_unittest(run_project: RunProject) -> None:
    result = run_project(
        """
import unittest

@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={"receipt": 7})
class OrderTest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def keep_fixture(self, sfn_sync):
        self.sfn_sync = sfn_sync

    def test_order(self):
        self.assertEqual(place_order(), ("SUCCEEDED", {"receipt": 7}))
        self.sfn_sync.last_execution.assert_succeeded()

    @pytest.mark.sfn_lambda("charge-card", raises="Card.Declined")
    def test_declined(self):
        self.assertEqual(place_order(), ("FAILED", None))

@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={"receipt": 7})
class MarkedTest(unittest.TestCase):
    def test_without_the_fixture(self):
        self.assertEqual(place_order(), ("SUCCEEDED", {"receipt": 7}))
"""
    )

    result.assert_outcomes(passed=3)


def test_async_tests(run_project_with_asyncio: RunProject) -> None:
    result = run_project_with_asyncio(
        """
import asyncio

@pytest.mark.asyncio
@pytest.mark.sfn_machine("orders", CHARGE)
async def test_order(sfn_sync):
    sfn_sync.mock_lambda("charge-card", returns={"receipt": 7})
    assert await asyncio.to_thread(place_order) == ("SUCCEEDED", {"receipt": 7})
    assert place_order() == ("SUCCEEDED", {"receipt": 7})
"""
    )

    result.assert_outcomes(passed=1)


def test_a_fixture_of_the_project_builds_on_it(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.fixture
def orders(sfn_sync):
    return sfn_sync.register("orders", CHARGE)

@pytest.mark.sfn_lambda("charge-card", returns=1)
def test_order(orders):
    assert place_order() == ("SUCCEEDED", 1)
    assert orders.arn == ARN
"""
    )

    result.assert_outcomes(passed=1)
