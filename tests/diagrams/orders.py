"""A workflow with a Choice, a Parallel, a Map, a Retry and Catches, and runs of it."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from typing import Any, Final

from pytest_sfn_sync import Execution, SfnSync, TaskError
from tests.machines import CHARGE_ARN, machine_of

START: Final = datetime(2024, 1, 1, tzinfo=timezone.utc)

_PREPARE: Final = {
    "Type": "Parallel",
    "ResultPath": "$.prepared",
    "Branches": [
        machine_of({"Reserve": {"Type": "Pass", "Result": "reserved"}}),
        machine_of({"Rest": {"Type": "Wait", "Seconds": 5}, "Wrap": {"Type": "Pass", "Result": "wrapped"}}),
    ],
}
_SHIP: Final = {
    "Type": "Task",
    "Resource": CHARGE_ARN.replace("charge-card", "ship"),
    "ResultPath": "$.eta",
    "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.problem", "Next": "Backorder"}],
    "End": True,
}
_SHIP_ALL: Final = {
    "Type": "Map",
    "ItemsPath": "$.items",
    "ResultPath": "$.parcels",
    "ItemProcessor": machine_of(
        {"Ship": _SHIP, "Backorder": {"Type": "Pass", "Result": "later", "ResultPath": "$.eta"}},
    ),
}

ORDER: Final = machine_of(
    {
        "IsLarge": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.amount", "NumericGreaterThanEquals": 1000, "Next": "Review"}],
            "Default": "Charge",
        },
        "Review": {"Type": "Wait", "Seconds": 60},
        "Charge": {
            "Type": "Task",
            "Resource": CHARGE_ARN,
            "ResultPath": "$.payment",
            "Retry": [{"ErrorEquals": ["Card.Busy"], "IntervalSeconds": 2}],
            "Catch": [{"ErrorEquals": ["Card.Declined"], "ResultPath": "$.problem", "Next": "Reject"}],
            "Next": "Prepare",
        },
        "Prepare": _PREPARE,
        "ShipAll": _SHIP_ALL,
        "Done": {"Type": "Succeed"},
        "Reject": {"Type": "Fail", "Error": "Order.Rejected", "Cause": "see the problem"},
    }
)

DOCUMENT: Final = {"amount": 5, "items": [{"sku": "kettle"}, {"sku": "lamp"}]}


def execute(sfn: SfnSync, definition: dict[str, Any], document: Any = None, *, name: str = "orders") -> Execution:
    machine = sfn.register(name, definition, replace=True)
    text = json.dumps({} if document is None else document)
    sfn.client().start_sync_execution(stateMachineArn=machine.arn, name="run-1", input=text)
    return sfn.last_execution


def order_execution(*, charge: Any = ({"receipt": "R-7"},), document: dict[str, Any] | None = None) -> Execution:
    """Run the workflow; lamps can't be shipped."""
    with SfnSync(start_time=START, seed=1) as sfn:
        sfn.mock_lambda("charge-card", responses=list(charge))
        sfn.mock_lambda("ship", returns="tomorrow")
        sfn.mock_lambda("ship", when=lambda item: item["sku"] == "lamp", raises=TaskError("Ship.Sold", "no lamps"))
        return execute(sfn, copy.deepcopy(ORDER), DOCUMENT if document is None else document)
