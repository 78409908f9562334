"""A run whose expressions do too much work is a usage error, whichever way it was started."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.asl.machines import start_at

HEAVY = start_at(("Find", {"Type": "Pass", "Parameters": {"found.$": "$..a..a"}, "Next": "Done"}))
HEAVY["States"]["Done"] = {"Type": "Succeed"}
DEEP: Any = {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}

REASON = (
    "state 'Find': the expression '$..a..a' of the field 'found.$' takes more than 100 steps of work, a tenth of the "
    "budget of an execution. AWS might end it or not, so the execution has no outcome here. Write an expression that "
    "does less, or use smaller documents or fewer rounds of a loop. If the work is meant, raise the option work_budget "
    "(sfn_sync_work_budget in the ini file), which is 1,000."
)
OF_A_MACHINE = f"Machine 'heavy': {REASON}"


@pytest.mark.parametrize(
    ("type_", "start", "message", "through_client"),
    [
        pytest.param("EXPRESS", lambda machine: machine.run(DEEP), OF_A_MACHINE, False, id="a run of the author"),
        pytest.param("STANDARD", lambda machine: machine.run(DEEP), OF_A_MACHINE, False, id="a Standard machine"),
        pytest.param(
            "EXPRESS",
            lambda machine: machine.test_state("Find", DEEP),
            REASON,
            False,
            id="a state that is tried by itself",
        ),
        pytest.param(
            "EXPRESS",
            lambda machine: boto3.client("stepfunctions", region_name=machine.region).start_sync_execution(
                stateMachineArn=machine.arn, input='{"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}'
            ),
            OF_A_MACHINE,
            True,
            id="a call of a client",
        ),
    ],
)
def test_too_much_work_is_a_usage_error(
    type_: str, start: Callable[[Any], object], message: str, through_client: bool
) -> None:
    with SfnSync(work_budget=1000) as sfn:
        machine = sfn.register("heavy", HEAVY, type=type_)
        with pytest.raises(SfnSyncUsageError) as raised:
            start(machine)

        assert str(raised.value) == message
        # What the author's own calls raise is not raised again at the end.
        assert [str(error) for error in sfn.usage_errors] == ([message] if through_client else [])
        sfn.usage_errors.clear()
        assert all(execution.status == "ABORTED" for execution in sfn.executions)


def test_the_option_raises_the_budget() -> None:
    with SfnSync(work_budget=100_000) as sfn:
        assert sfn.register("heavy", HEAVY).run(DEEP).status == "SUCCEEDED"
