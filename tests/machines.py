"""Small machines that the tests of the outer layers run."""

from __future__ import annotations

from typing import Any, Final

CHARGE_ARN: Final = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"


def machine_of(states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Make a definition of states that follow each other in the order given, unless they say otherwise."""
    names = list(states)
    chained: dict[str, Any] = {}
    for name, following in zip(names, [*names[1:], None], strict=True):
        state = dict(states[name])
        if state["Type"] not in ("Choice", "Succeed", "Fail") and not {"Next", "End"} & set(state):
            state |= {"End": True} if following is None else {"Next": following}
        chained[name] = state
    return {"StartAt": names[0], "States": chained, **fields}


PASS: Final = machine_of({"Greet": {"Type": "Pass", "Result": {"greeting": "hello"}}})

CHARGE: Final = machine_of({"Charge": {"Type": "Task", "Resource": CHARGE_ARN}})

CHARGE_WITH_RETRY: Final = machine_of(
    {
        "Charge": {
            "Type": "Task",
            "Resource": CHARGE_ARN,
            "Retry": [{"ErrorEquals": ["Card.Busy"], "IntervalSeconds": 2, "MaxAttempts": 2}],
            "Catch": [{"ErrorEquals": ["Card.Declined"], "Next": "Refuse", "ResultPath": "$.failure"}],
        },
        "Refuse": {"Type": "Fail", "Error": "Order.Refused", "Cause": "the card was declined"},
    }
)
CHARGE_WITH_RETRY["States"]["Charge"].pop("Next")
CHARGE_WITH_RETRY["States"]["Charge"]["End"] = True

FAIL: Final = machine_of({"Stop": {"Type": "Fail", "Error": "Order.Refused", "Cause": "sold out"}})

WAIT_TOO_LONG: Final = machine_of({"Wait": {"Type": "Wait", "Seconds": 200}}, TimeoutSeconds=150)

MAP: Final = machine_of(
    {
        "Each": {
            "Type": "Map",
            "MaxConcurrency": 1,
            "ItemProcessor": machine_of({"Charge": {"Type": "Task", "Resource": CHARGE_ARN}}),
        }
    }
)

PARALLEL: Final = machine_of(
    {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                machine_of({"Left": {"Type": "Pass", "Result": "left"}}),
                machine_of({"Wait": {"Type": "Wait", "Seconds": 5}, "Right": {"Type": "Pass", "Result": "right"}}),
            ],
        }
    }
)
