"""When the fake of a test with markers is set up, and fakes of a wider scope than a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plugin.conftest import RunProject

MARKED = """
pytestmark = [
    pytest.mark.sfn_machine("orders", CHARGE),
    pytest.mark.sfn_lambda("charge-card", returns={"by": "marker"}),
]
"""
LOGGED = """
log = []

@pytest.fixture(scope="session", autouse=True)
def of_session():
    from pytest_sfn_sync.fake.layers import entered
    log.append(("session", len(entered())))

@pytest.fixture(scope="module")
def of_module():
    from pytest_sfn_sync.fake.layers import entered
    log.append(("module", len(entered())))

@pytest.fixture(scope="class")
def of_class():
    from pytest_sfn_sync.fake.layers import entered
    log.append(("class", len(entered())))

@pytest.fixture(autouse=True)
def of_every_test():
    log.append(("every test", place_order()))

@pytest.fixture
def of_test():
    log.append(("test", place_order()))
"""
DONE = '("SUCCEEDED", {"by": "marker"})'


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param("of_test, of_module, of_class", id="the test does not name the fake"),
        pytest.param("of_test, of_module, of_class, sfn_sync", id="the test names it last"),
        pytest.param("sfn_sync, of_test, of_module, of_class", id="the test names it first"),
    ],
)
def test_the_fake_of_markers_is_between_wide_fixtures_and_those_of_the_test(
    run_project: RunProject, arguments: str
) -> None:
    run_project(
        MARKED
        + LOGGED
        + f"""
class TestOrders:
    def test_order(self, {arguments}):
        assert log == [
            ("session", 0),
            ("module", 0),
            ("class", 0),
            ("every test", {DONE}),
            ("test", {DONE}),
        ]
"""
    ).assert_outcomes(passed=1)


def test_a_test_case_has_the_fake_after_its_class_fixtures(run_project: RunProject) -> None:
    run_project(
        """
import unittest
from pytest_sfn_sync.fake.layers import entered

seen = []

@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={"by": "marker"})
class Orders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        seen.append(len(entered()))

    def setUp(self):
        seen.append(place_order())

    def test_order(self):
        assert seen == [0, ("SUCCEEDED", {"by": "marker"})]
"""
    ).assert_outcomes(passed=1)


def test_setup_methods_see_the_machines_of_markers(run_project: RunProject) -> None:
    run_project(
        MARKED
        + f"""
class TestOrders:
    @classmethod
    def setup_class(cls):
        from pytest_sfn_sync.fake.layers import entered
        assert entered() == []

    def setup_method(self):
        self.order = place_order()

    def test_order(self):
        assert self.order == {DONE}
"""
    ).assert_outcomes(passed=1)


def test_an_async_test_and_its_fixtures_see_the_machines_of_markers(
    run_project_with_asyncio: Callable[[str], pytest.RunResult],
) -> None:
    run_project_with_asyncio(
        MARKED
        + f"""
import pytest_asyncio

@pytest_asyncio.fixture
async def order():
    return place_order()

@pytest.mark.asyncio
async def test_order(order):
    assert order == place_order() == {DONE}
"""
    ).assert_outcomes(passed=1)


WIDE_CLIENT = """
@pytest.fixture(scope="module")
def stages():
    with pytest.raises(Exception, match="no fake was there") as refused:
        place_order()
    return refused

@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={"by": "marker"})
def test_marked(stages):
    assert place_order() == ("SUCCEEDED", {"by": "marker"})

def test_unmarked(stages):
    pass
"""


@pytest.mark.parametrize("tests", [("test_marked", "test_unmarked"), ("test_unmarked", "test_marked")])
def test_a_wide_fixture_meets_the_same_in_any_order_of_the_tests(
    run_project: RunProject, tests: tuple[str, str]
) -> None:
    result = run_project(WIDE_CLIENT, *(f"test_project.py::{test}" for test in tests))
    result.assert_outcomes(passed=2, errors=1)  # the error tells of the call that the fixture swallowed
    result.stdout.fnmatch_lines([f"*ERROR at teardown of {tests[0]}*"])


def test_a_marker_of_one_parameter_set_leaves_the_others_without_a_fake(run_project: RunProject) -> None:
    run_project(
        """
from pytest_sfn_sync.fake.layers import entered

@pytest.mark.parametrize("fakes", [
    0,
    pytest.param(1, marks=pytest.mark.sfn_machine("orders", CHARGE)),
    pytest.param(0),
])
def test_fakes(fakes):
    assert len(entered()) == fakes
"""
    ).assert_outcomes(passed=3)


def test_a_fixture_of_the_same_name_that_has_no_fake_is_refused(run_project: RunProject) -> None:
    result = run_project(
        MARKED
        + """
from pytest_sfn_sync import SfnSync

@pytest.fixture(scope="module")
def sfn_sync():
    with SfnSync() as sfn:
        yield sfn

def test_order():
    pass
"""
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*test_order has markers of pytest-sfn-sync, but its fixture 'sfn_sync' does not apply them: the one of "
            "the plugin is overridden. Let the other one use it (def sfn_sync(sfn_sync): ...), or rename it."
        ]
    )


def test_an_overridden_fixture_adds_machines_for_all_tests(pytester: pytest.Pytester, run_project: RunProject) -> None:
    pytester.makeconftest(
        """
import pytest
from orders import CHARGE

@pytest.fixture
def sfn_sync(sfn_sync):
    assert [machine.name for machine in sfn_sync.machines] == ["refunds"]
    sfn_sync.register("orders", CHARGE)
    sfn_sync.mock_lambda("charge-card", returns={"by": "conftest"})
    return sfn_sync
"""
    )
    run_project(
        """
pytestmark = pytest.mark.sfn_machine("refunds", CHARGE)

def test_by_marker():
    assert place_order() == ("SUCCEEDED", {"by": "conftest"})

def test_by_name(sfn_sync):
    assert place_order() == ("SUCCEEDED", {"by": "conftest"})
    assert [machine.name for machine in sfn_sync.machines] == ["refunds", "orders"]
"""
    ).assert_outcomes(passed=2)


SESSION = """
@pytest.fixture(scope="session", autouse=True)
def workflows(sfn_sync_session):
    sfn_sync_session.register("orders", CHARGE)
    return sfn_sync_session.mock_lambda("charge-card", returns={"by": "session"})
"""


def test_the_fake_of_the_session_serves_all_tests(run_project: RunProject) -> None:
    run_project(
        SESSION
        + """
def test_without_a_fake_of_its_own(sfn_sync_session):
    assert place_order() == ("SUCCEEDED", {"by": "session"})
    assert len(sfn_sync_session.executions) == 1

@pytest.mark.sfn_lambda("charge-card", returns={"by": "marker"})
def test_with_a_mock_of_its_own(sfn_sync):
    assert place_order() == ("SUCCEEDED", {"by": "marker"})
    sfn_sync.last_execution.assert_succeeded()

def test_what_one_test_mocks_is_gone_in_the_next(sfn_sync, workflows):
    calls = workflows.call_count
    assert place_order() == ("SUCCEEDED", {"by": "session"})
    assert workflows.call_count == calls + 1
    assert len(sfn_sync.executions) == 1
"""
    ).assert_outcomes(passed=3)


def test_a_call_by_a_fixture_of_the_session_is_answered_too(run_project: RunProject) -> None:
    run_project(
        SESSION
        + """
@pytest.fixture(scope="session")
def order(workflows):
    return place_order()

def test_order(order):
    assert order == ("SUCCEEDED", {"by": "session"})
"""
    ).assert_outcomes(passed=1)


def test_the_fake_of_the_session_in_several_processes(run_project_apart: RunProject) -> None:
    run_project_apart(
        SESSION
        + """
@pytest.mark.parametrize("number", range(4))
def test_order(number):
    assert place_order() == ("SUCCEEDED", {"by": "session"})
""",
        "-n",
        "2",
    ).assert_outcomes(passed=4)


@pytest.mark.parametrize("scope", ["session", "package", "module", "class"])
def test_a_fake_of_any_scope_may_be_a_fixture_of_the_users_own(run_project: RunProject, scope: str) -> None:
    run_project(
        f"""
from pytest_sfn_sync import SfnSync

@pytest.fixture(scope="{scope}")
def workflows():
    with SfnSync() as sfn:
        sfn.register("orders", CHARGE)
        sfn.mock_lambda("charge-card", returns={{"by": "wide"}})
        yield sfn

@pytest.mark.usefixtures("workflows")
class TestOrders:
    def test_wide(self, workflows):
        assert place_order() == ("SUCCEEDED", {{"by": "wide"}})
        assert len(workflows.executions) == 1

    @pytest.mark.sfn_lambda("charge-card", returns={{"by": "marker"}})
    def test_marker(self):
        assert place_order() == ("SUCCEEDED", {{"by": "marker"}})

    def test_wide_again(self, workflows, sfn_sync):
        assert place_order() == ("SUCCEEDED", {{"by": "wide"}})
        assert len(sfn_sync.executions) == 1
"""
    ).assert_outcomes(passed=3)
