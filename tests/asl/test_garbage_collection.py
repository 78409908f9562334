"""The garbage collector: off while a run or a reading lasts, on in the user's code within it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.asl.garbage_collection import collector_paused, collector_resumed


@pytest.fixture(autouse=True)
def collector_on() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_enabled else gc.disable)()


def test_it_is_off_while_any_pause_lasts() -> None:
    with collector_paused:
        with collector_paused:
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_one_that_the_user_has_switched_off_stays_off() -> None:
    gc.disable()
    with collector_paused, collector_resumed:
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_it_is_on_in_the_users_code_also_after_an_execution_that_this_code_started() -> None:
    states: list[bool] = []
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    with SfnSync() as sfn:
        inner = sfn.register("inner", definition)
        outer = sfn.register("outer", {"StartAt": "A", "States": {"A": task}})

        def handler(event: object) -> None:
            states.append(gc.isenabled())
            sfn.client().start_sync_execution(stateMachineArn=inner.arn)
            states.append(gc.isenabled())

        sfn.mock_lambda("f", calls=handler)
        sfn.client().start_sync_execution(stateMachineArn=outer.arn)
    assert states == [True, True]
    assert gc.isenabled()
