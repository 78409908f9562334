"""Whatever fails how often: redriven until it succeeds, an execution has the output of a run without failures.

The machines are made at random from a seed: tasks, waits and passes in Parallel and Map states of any depth. No task
that succeeded is done again.
"""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.service.scenes import created, started, task


class MachineMaker:
    """Makes the states of a machine; each task adds its name to what it got."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def machine(self, depth: int) -> dict[str, Any]:
        """Return one to three states that follow each other."""
        names = [self.name() for _ in range(self.random.randint(1, 3))]
        states = {}
        for name, following in zip(names, [*names[1:], None], strict=True):
            end: dict[str, Any] = {"End": True} if following is None else {"Next": following}
            states[name] = self.state(depth, end)
        return {"StartAt": names[0], "States": states}

    def name(self) -> str:
        self.count += 1
        return f"S{self.count}"

    def state(self, depth: int, end: dict[str, Any]) -> dict[str, Any]:
        kind = self.random.choice(["task", "task", "wait", "pass", *(["parallel", "map", "map"] if depth else [])])
        if kind == "task":
            work = {**task("work", **end), "Parameters": {"got.$": "$", "by.$": "$$.State.Name"}}
            if "End" in end:
                work.pop("Next", None)
            return work
        if kind == "wait":
            return {"Type": "Wait", "Seconds": self.random.randint(1, 9), **end}
        if kind == "pass":
            name = f"v{self.count}"
            return {"Type": "Pass", "Assign": {name: self.count}, **end}
        if kind == "parallel":
            branches = [self.machine(depth - 1) for _ in range(self.random.randint(1, 3))]
            return {"Type": "Parallel", "Branches": branches, **end}
        state = {
            "Type": "Map",
            "ItemsPath": "$$.Execution.Input.items",
            "ItemProcessor": self.machine(depth - 1),
            **end,
        }
        if self.random.random() < 0.5:
            state["MaxConcurrency"] = self.random.randint(1, 3)
        return state


class Work:
    """The function of all tasks: it fails at random, at most twice for the same event."""

    def __init__(self, random: Random, failures: float) -> None:
        self.random = random
        self.failures = failures
        self.failed: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def __call__(self, event: Any) -> Any:
        key = json.dumps(event)
        if self.failed[key] < 2 and self.random.random() < self.failures:
            self.failed[key] += 1
            raise ValueError("now and then")
        self.done[key] += 1
        return event


def run(definition: Any, seed: int, *, failures: float) -> tuple[Any, Counter[str], int]:
    """Run a machine and redrive it until it succeeds; return its output, the work done and the number of redrives."""
    work = Work(Random(seed), failures)
    with SfnSync(account_id="111111111111", seed=seed) as sfn:
        client = sfn.client()
        sfn.mock_lambda("work", calls=work)
        arn = started(client, created(client, definition=definition), input={"items": [1, 2, 3, 4]})
        while (response := client.describe_execution(executionArn=arn))["status"] != "SUCCEEDED":
            assert response["error"] == "ValueError", response
            client.redrive_execution(executionArn=arn)
        history = sfn.last_execution.history
        assert [event["id"] for event in history] == list(range(1, len(history) + 1))
        assert all(event["previousEventId"] < event["id"] for event in history)
        sfn.last_execution.trace()
        return json.loads(response["output"]), work.done, response["redriveCount"]


@pytest.mark.parametrize("seed", range(40))
def test_a_redriven_execution_ends_as_if_nothing_had_failed(seed: int) -> None:
    definition = MachineMaker(Random(seed)).machine(3)
    output, done, redrives = run(definition, seed, failures=0)
    assert redrives == 0
    assert run(definition, seed, failures=0.3)[:2] == (output, done)


def test_the_machines_above_are_redriven() -> None:
    redrives = [run(MachineMaker(Random(seed)).machine(3), seed, failures=0.3)[2] for seed in range(40)]
    assert sum(redrives) > 100
