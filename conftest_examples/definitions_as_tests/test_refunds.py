"""The definitions are tests, see pytest.ini; this one runs one of them, which is YAML, needing the extra `yaml`."""

import json

import pytest

pytestmark = pytest.mark.sfn_machine("refunds", "statemachines/refunds.asl.yaml")


@pytest.mark.parametrize(("amount", "decision"), [(20, "refund"), (200, "ask a person")])
def test_small_amounts_are_refunded_at_once(sfn_sync, amount, decision):
    machine = sfn_sync.machines[0]
    response = sfn_sync.client().start_sync_execution(stateMachineArn=machine.arn, input=json.dumps({"amount": amount}))
    assert json.loads(response["output"]) == {"decision": decision}
