"""Mock config files in tests: by marker, by the ini option, by the method, and by the ARN that is called."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from pytest_sfn_sync import MockError, SfnSync
from tests.machines import CHARGE, CHARGE_WITH_RETRY, MAP, PASS
from tests.plugin.conftest import RunProject

CONFIG: dict[str, Any] = {
    "StateMachines": {
        "orders": {
            "TestCases": {
                "HappyPath": {"Charge": "charged"},
                "BusyFirst": {"Charge": "busyFirst"},
                "Declined": {"Charge": "declined"},
            }
        },
        "refunds": {"TestCases": {"HappyPath": {"Charge": "charged"}}},
    },
    "MockedResponses": {
        "charged": {"0-9": {"Return": {"receipt": 7}}},
        "busyFirst": {"0-1": {"Throw": {"Error": "Card.Busy", "Cause": "later"}}, "2": {"Return": {"receipt": 9}}},
        "declined": {"0": {"Throw": {"Error": "Card.Declined", "Cause": "no money"}}},
    },
}


def call(sfn: SfnSync, arn: str) -> Any:
    return sfn.client().start_sync_execution(stateMachineArn=arn)


def test_the_arn_chooses_the_case() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", CHARGE_WITH_RETRY)
        sfn.use_mock_config(CONFIG)

        assert json.loads(call(sfn, f"{machine.arn}#HappyPath")["output"]) == {"receipt": 7}
        response = call(sfn, f"{machine.arn}#BusyFirst")
        assert json.loads(response["output"]) == {"receipt": 9}
        assert response["stateMachineArn"] == machine.arn
        assert sfn.last_execution.duration == 6.0
        assert [attempt.error for attempt in sfn.last_execution.calls] == ["Card.Busy", "Card.Busy", None]
        assert call(sfn, f"{machine.arn}#Declined")["error"] == "Order.Refused"


def test_the_argument_chooses_the_case_of_every_machine_and_the_arn_wins_over_it() -> None:
    with SfnSync() as sfn:
        orders, refunds = (sfn.register(name, CHARGE_WITH_RETRY) for name in ("orders", "refunds"))
        sfn.use_mock_config(CONFIG, "HappyPath")

        assert call(sfn, orders.arn)["status"] == call(sfn, refunds.arn)["status"] == "SUCCEEDED"
        assert call(sfn, f"{orders.arn}#Declined")["status"] == "FAILED"


def test_a_version_may_be_called_in_a_case() -> None:
    with SfnSync() as sfn:
        version = sfn.register("orders", CHARGE).publish_version()
        sfn.use_mock_config(CONFIG)

        assert call(sfn, f"{version}#HappyPath")["status"] == "SUCCEEDED"


def test_every_execution_begins_with_invocation_0() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", CHARGE_WITH_RETRY)
        sfn.use_mock_config(CONFIG, "BusyFirst")

        assert [call(sfn, machine.arn)["status"] for _ in range(2)] == ["SUCCEEDED", "SUCCEEDED"]


def test_iterations_of_a_map_take_one_invocation_each() -> None:
    config = {
        "StateMachines": {"orders": {"TestCases": {"Two": {"Charge": "two"}}}},
        "MockedResponses": {"two": {"0": {"Return": "first"}, "1": {"Return": "second"}}},
    }
    with SfnSync() as sfn:
        machine = sfn.register("orders", MAP)
        sfn.use_mock_config(config, "Two")
        response = sfn.client().start_sync_execution(stateMachineArn=machine.arn, input="[1, 2]")

        assert json.loads(response["output"]) == ["first", "second"]


@pytest.mark.parametrize(
    "config", [None, {"StateMachines": {"refunds": {"TestCases": {}}}}], ids=["no config", "a config of other machines"]
)
def test_a_suffix_is_a_part_of_the_name_where_no_config_names_the_machine(config: Any) -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", PASS)
        if config is not None:
            sfn.use_mock_config(config)

        with sfn.raises("StateMachineDoesNotExist", match="orders#HappyPath"):
            call(sfn, f"{machine.arn}#HappyPath")
        assert "A #suffix chooses a test case in Step Functions Local" in sfn.notes[0]


def test_a_suffix_does_not_hide_that_the_machine_is_not_registered() -> None:
    with SfnSync() as sfn:
        sfn.use_mock_config(CONFIG)

        with sfn.raises("StateMachineDoesNotExist"):
            call(sfn, "arn:aws:states:us-east-1:123456789012:stateMachine:orders#HappyPath")


def test_a_case_that_the_config_lacks_is_a_usage_error() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", CHARGE)
        sfn.use_mock_config(CONFIG)

        with pytest.raises(MockError) as raised:
            call(sfn, f"{machine.arn}#HapyPath")
        sfn.usage_errors.clear()
    assert str(raised.value) == (
        f"{machine.arn}#HapyPath was called: the mock config has no test case 'HapyPath' for the state machine "
        "'orders'; nearest: 'HappyPath', 'BusyFirst', 'Declined'."
    )


def test_an_injected_error_for_a_machine_answers_calls_in_a_test_case_too() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", CHARGE)
        sfn.use_mock_config(CONFIG)
        sfn.inject_error("ThrottlingException", machine="orders", times=None)

        with sfn.raises("ThrottlingException"):
            call(sfn, f"{machine.arn}#HappyPath")


def test_a_case_alone_chooses_among_the_configs_in_use() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", CHARGE_WITH_RETRY)
        sfn.use_mock_config(CONFIG, "HappyPath")
        sfn.use_mock_config(case="Declined")

        assert call(sfn, machine.arn)["error"] == "Order.Refused"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        pytest.param(
            {},
            "use_mock_config takes the path or the content of a mock config, the name of a case, or both.",
            id="nothing",
        ),
        pytest.param(
            {"case": "HappyPath"},
            "use_mock_config(case='HappyPath'): no mock config is in use. Give its path or its content too, or name "
            "its file in the ini option sfn_sync_mock_config.",
            id="a case without a config",
        ),
        pytest.param(
            {"config": CONFIG, "case": "Declind"},
            "use_mock_config: no state machine of the mock config has the test case 'Declind'; "
            "nearest: 'Declined', 'BusyFirst', 'HappyPath'.",
            id="a case that no machine has",
        ),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, Any], text: str) -> None:
    with SfnSync() as sfn, pytest.raises(MockError) as raised:
        sfn.use_mock_config(**arguments)
    assert str(raised.value) == text


def test_reset_forgets_the_configs() -> None:
    with SfnSync() as sfn:
        sfn.use_mock_config(CONFIG)
        sfn.reset()

        with pytest.raises(MockError, match="no mock config is in use"):
            sfn.use_mock_config(case="HappyPath")


@pytest.fixture
def config_file(pytester: pytest.Pytester) -> None:
    (pytester.path / "MockConfigFile.json").write_text(json.dumps(CONFIG))


@pytest.mark.usefixtures("config_file")
def test_a_marker_names_the_file_and_the_case_and_the_nearest_wins(run_project: RunProject) -> None:
    result = run_project(
        """
pytestmark = [
    pytest.mark.sfn_machine("orders", CHARGE),
    pytest.mark.sfn_mock_config("MockConfigFile.json", "HappyPath"),
]

def test_of_the_module():
    assert place_order() == ("SUCCEEDED", {"receipt": 7})

@pytest.mark.sfn_mock_config("MockConfigFile.json", case="Declined")
def test_of_the_function():
    assert place_order() == ("FAILED", None)

@pytest.mark.sfn_mock_config(case="Declined")
class TestOrders:
    def test_of_the_class(self):
        assert place_order() == ("FAILED", None)

    @pytest.mark.sfn_mock_config(case="HappyPath")
    def test_of_the_method(self):
        assert place_order() == ("SUCCEEDED", {"receipt": 7})
"""
    )

    result.assert_outcomes(passed=4)


@pytest.mark.usefixtures("config_file")
def test_the_ini_option_names_the_file_from_the_rootdir(pytester: pytest.Pytester, run_project: RunProject) -> None:
    pytester.makeini("[pytest]\nsfn_sync_mock_config = MockConfigFile.json")
    result = run_project(
        """
pytestmark = pytest.mark.sfn_machine("orders", CHARGE)

@pytest.mark.sfn_mock_config(case="HappyPath")
def test_by_marker():
    assert place_order() == ("SUCCEEDED", {"receipt": 7})

def test_by_arn():
    response = client.start_sync_execution(stateMachineArn=ARN + "#Declined")
    assert response["error"] == "Card.Declined"

def test_by_method(sfn_sync):
    sfn_sync.use_mock_config(case="HappyPath")
    assert place_order() == ("SUCCEEDED", {"receipt": 7})
"""
    )

    result.assert_outcomes(passed=3)


def test_a_fault_in_the_file_names_the_marker_and_the_test(pytester: pytest.Pytester, run_project: RunProject) -> None:
    (pytester.path / "MockConfigFile.json").write_text("{}")
    result = run_project(
        """
@pytest.mark.sfn_mock_config("MockConfigFile.json")
def test_order():
    pass
"""
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.sfn_mock_config at test_project.py::test_order: "
            f"In {pytester.path}?MockConfigFile.json there is 1 fault:",
            "*  /: the member 'StateMachines' is missing",
        ]
    )


def test_a_missing_file_of_the_ini_option_is_told_with_the_option(
    pytester: pytest.Pytester, run_project: RunProject
) -> None:
    pytester.makeini("[pytest]\nsfn_sync_mock_config = mocks/Absent.json")
    result = run_project("def test_order(sfn_sync): pass")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["sfn_sync_mock_config in the ini file *tox.ini: There is no mock config file *"])


def test_a_client_of_the_test_is_enough() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", CHARGE)
        sfn.use_mock_config(CONFIG)
        client = boto3.client("stepfunctions", region_name="us-east-1")

        assert client.start_sync_execution(stateMachineArn=f"{machine.arn}#HappyPath")["status"] == "SUCCEEDED"
