"""The garbage collector: off while a run or a reading lasts, on in the user's code within it."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

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


def test_it_is_on_in_the_users_code_while_another_thread_is_in_a_pause() -> None:
    paused, go_on = threading.Event(), threading.Event()

    def pause() -> None:
        with collector_paused:
            paused.set()
            go_on.wait()

    thread = threading.Thread(target=pause)
    thread.start()
    paused.wait()
    with collector_paused:
        assert not gc.isenabled()
        with collector_resumed:
            assert gc.isenabled()
        assert not gc.isenabled()
    assert not gc.isenabled()
    go_on.set()
    thread.join()
    assert gc.isenabled()


def test_the_threshold_is_higher_in_the_users_code_and_restored_after_it() -> None:
    before = gc.get_threshold()
    with collector_paused:
        with collector_resumed:
            assert gc.get_threshold() == (50_000, *before[1:])
        with collector_paused:
            pass
        assert gc.get_threshold() == (50_000, *before[1:])
    assert gc.get_threshold() == before


@pytest.mark.parametrize(
    ("before", "within"),
    [
        pytest.param(100_000, 100_000, id="one that is higher than ours stays"),
        pytest.param(0, 0, id="one that switches the collector off stays"),
    ],
)
def test_a_threshold_of_the_user_stays(before: int, within: int) -> None:
    former = gc.get_threshold()
    gc.set_threshold(before, *former[1:])
    try:
        with collector_paused, collector_resumed:
            assert gc.get_threshold()[0] == within
        assert gc.get_threshold()[0] == before
    finally:
        gc.set_threshold(*former)


def test_a_threshold_that_the_users_code_sets_stays() -> None:
    former = gc.get_threshold()
    try:
        with collector_paused, collector_resumed:
            gc.set_threshold(1_234, 5, 6)
        assert gc.get_threshold()[:2] == (1_234, 5)
    finally:
        gc.set_threshold(*former)


def test_threads_that_pause_and_resume_leave_it_on() -> None:
    def work() -> None:
        for _ in range(2_000):
            with collector_paused, collector_resumed, collector_paused:
                pass

    threads = [threading.Thread(target=work) for _ in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert gc.isenabled()


@pytest.mark.parametrize("exception", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_of_a_handler_leaves_it_on(exception: type[BaseException]) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    with SfnSync() as sfn:
        machine = sfn.register("orders", {"StartAt": "A", "States": {"A": task}})
        sfn.mock_lambda("f", raises=exception("stop"))
        with suppress(KeyboardInterrupt):
            machine.run()
    assert gc.isenabled()


def test_it_is_on_in_a_function_of_when() -> None:
    states: list[bool] = []
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    with SfnSync() as sfn:
        machine = sfn.register("orders", {"StartAt": "A", "States": {"A": task}})

        def accepts(event: object) -> bool:
            states.append(gc.isenabled())
            return True

        sfn.mock_lambda("f", returns=1, when=accepts)
        machine.run()
    assert states == [True]
