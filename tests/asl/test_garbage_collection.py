"""The garbage collector: it stays on while a run or a reading lasts, and starts less often."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.asl.garbage_collection import MOST_YOUNG_OBJECTS, collector_slowed

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
TASK = {
    "StartAt": "A",
    "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}},
}


@pytest.fixture(autouse=True)
def collector() -> Iterator[tuple[int, ...]]:
    was_enabled, former = gc.isenabled(), gc.get_threshold()
    gc.enable()
    gc.set_threshold(700, *former[1:])
    yield gc.get_threshold()
    gc.set_threshold(*former)
    (gc.enable if was_enabled else gc.disable)()


def test_the_threshold_is_higher_while_any_work_lasts(collector: tuple[int, ...]) -> None:
    with collector_slowed:
        with collector_slowed:
            assert gc.get_threshold() == (MOST_YOUNG_OBJECTS, *collector[1:])
        assert gc.get_threshold() == (MOST_YOUNG_OBJECTS, *collector[1:])
        assert gc.isenabled()
    assert gc.get_threshold() == collector


def test_one_that_the_user_has_switched_off_stays_off() -> None:
    gc.disable()
    with collector_slowed:
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_it_is_on_in_the_users_code_also_after_an_execution_that_this_code_started(collector: tuple[int, ...]) -> None:
    seen: list[tuple[bool, int]] = []
    with SfnSync() as sfn:
        inner, outer = sfn.register("inner", PASS), sfn.register("outer", TASK)

        def handler(event: object) -> None:
            seen.append((gc.isenabled(), gc.get_threshold()[0]))
            sfn.client().start_sync_execution(stateMachineArn=inner.arn)
            seen.append((gc.isenabled(), gc.get_threshold()[0]))

        sfn.mock_lambda("f", calls=handler)
        sfn.client().start_sync_execution(stateMachineArn=outer.arn)
    assert seen == [(True, MOST_YOUNG_OBJECTS)] * 2
    assert gc.get_threshold() == collector


def test_the_garbage_of_a_handler_is_collected_while_the_run_lasts() -> None:
    collected: list[int] = []

    def recorded(phase: str, info: dict[str, int]) -> None:
        if phase == "stop":
            collected.append(info["collected"])

    def handler(event: object) -> None:
        for _ in range(2 * MOST_YOUNG_OBJECTS):
            circle: list[object] = []
            circle.append(circle)

    with SfnSync() as sfn:
        machine = sfn.register("orders", TASK)
        sfn.mock_lambda("f", calls=handler)
        gc.callbacks.append(recorded)
        try:
            machine.run()
        finally:
            gc.callbacks.remove(recorded)
    assert sum(collected) > MOST_YOUNG_OBJECTS


def test_work_in_another_thread_keeps_the_threshold(collector: tuple[int, ...]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        with collector_slowed:
            begun.set()
            go_on.wait()

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    with collector_slowed:
        pass
    assert gc.get_threshold()[0] == MOST_YOUNG_OBJECTS
    go_on.set()
    thread.join()
    assert gc.get_threshold() == collector


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(100_000, id="one that is higher than ours stays"),
        pytest.param(0, id="one that switches the collector off stays"),
    ],
)
def test_a_threshold_of_the_user_stays(before: int) -> None:
    gc.set_threshold(before)
    with collector_slowed:
        assert gc.get_threshold()[0] == before
    assert gc.get_threshold()[0] == before


def test_a_threshold_that_the_users_code_sets_stays() -> None:
    with collector_slowed:
        gc.set_threshold(1_234, 5, 6)
    assert gc.get_threshold()[:2] == (1_234, 5)


def test_threads_that_begin_and_end_work_restore_the_threshold(collector: tuple[int, ...]) -> None:
    def work() -> None:
        for _ in range(2_000):
            with collector_slowed, collector_slowed:
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
    assert gc.get_threshold() == collector


@pytest.mark.parametrize("exception", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_of_a_handler_leaves_it_as_it_was(
    exception: type[BaseException], collector: tuple[int, ...]
) -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", TASK)
        sfn.mock_lambda("f", raises=exception("stop"))
        with suppress(KeyboardInterrupt):
            machine.run()
    assert gc.isenabled()
    assert gc.get_threshold() == collector


def test_it_is_on_in_a_function_of_when() -> None:
    states: list[bool] = []
    with SfnSync() as sfn:
        machine = sfn.register("orders", TASK)

        def accepts(event: object) -> bool:
            states.append(gc.isenabled())
            return True

        sfn.mock_lambda("f", returns=1, when=accepts)
        machine.run()
    assert states == [True]
