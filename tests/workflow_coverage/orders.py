"""A machine with elements of every kind, as a file whose lines are known, and how it is run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings

from pytest_sfn_sync import SfnSync, TaskError
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.workflow_coverage.recording import RecordedMachine, Recorder

TEXT: Final = """\
{
  "StartAt": "IsLarge",
  "States": {
    "IsLarge": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.amount",
          "NumericGreaterThan": 1000,
          "Next": "Refuse"
        },
        {"Variable": "$.amount", "NumericGreaterThan": 100, "Next": "Review"}
      ],
      "Default": "Charge"
    },
    "Review": {
      "Type": "Parallel",
      "Branches": [
        {"StartAt": "Notify", "States": {
          "Notify": {"Type": "Pass", "End": true}
        }}
      ],
      "Next": "Charge"
    },
    "Charge": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
      "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}],
      "Catch": [
        {"ErrorEquals": ["Declined"], "Next": "Refuse"},
        {"ErrorEquals": ["States.ALL"], "Next": "Done"}
      ],
      "ResultPath": null,
      "Next": "Done"
    },
    "Done": {"Type": "Succeed"},
    "Refuse": {"Type": "Fail", "Error": "Refused"}
  }
}
"""

BUSY: Final = TaskError("Busy")
DECLINED: Final = TaskError("Declined")

Order = tuple[int, "list[Any]"]
"""The amount of an order, and what the function that charges the card answers."""

SMALL: Final[Order] = (5, [{}])
SMALL_AND_BUSY: Final[Order] = (5, [BUSY, {}])
SMALL_AND_DECLINED: Final[Order] = (5, [DECLINED])
LARGE: Final[Order] = (500, [{}])
TOO_LARGE: Final[Order] = (5000, [])


@contextmanager
def recording(*folders: Path) -> Iterator[Recorder]:
    """Record what runs in the block."""
    recorder = Recorder(*folders)
    recorders.active.append(recorder)
    try:
        yield recorder
    finally:
        recorders.active.remove(recorder)


def run_orders(recorder: Recorder, file: Path, *orders: Order, name: str = "orders") -> None:
    """Run orders through the machine of a file, in one test, as it were."""
    with SfnSync() as sfn:
        machine = sfn.register(name, file)
        client = sfn.client()
        for amount, answers in orders:
            if answers:
                sfn.mock_lambda("charge", responses=answers)
            client.start_sync_execution(stateMachineArn=machine.arn, input=json.dumps({"amount": amount}))


def recorded_orders(folder: Path, *orders: Order) -> RecordedMachine:
    """Write the file, run orders, and give what was recorded of the machine."""
    file = folder / "orders.asl.json"
    file.write_text(TEXT, encoding="utf-8")
    with recording() as recorder:
        run_orders(recorder, file, *orders)
    (machine,) = recorder.machines
    return machine


def recorded(prepare: Callable[[SfnSync], object]) -> Recorder:
    """Return what was recorded of a fake."""
    with recording() as recorder, SfnSync() as sfn:
        prepare(sfn)
    return recorder


def examples(count: int) -> settings:
    """So many generated definitions, the same in every run."""
    return settings(
        derandomize=True, deadline=None, database=None, max_examples=count, suppress_health_check=list(HealthCheck)
    )
