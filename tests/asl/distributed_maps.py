"""Runs definitions with distributed Maps, and has the objects that they read and write."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.limits import STANDARD_TIMEOUT_SECONDS
from pytest_sfn_sync.asl.map_objects import GivenItems, ObjectError
from pytest_sfn_sync.asl.parsing.definition_parser import STANDARD, parse_definition
from pytest_sfn_sync.asl.run import MapRun, Run
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from tests.asl.machines import ECHO, IDENTITY, START, echo, start_at

TASK: JSON = {"Type": "Task", "Resource": ECHO}
GET = "arn:aws:states:::s3:getObject"
LIST = "arn:aws:states:::s3:listObjectsV2"
PUT = "arn:aws:states:::s3:putObject"


class Objects:
    """A store of objects by bucket and key; each call of it is kept."""

    def __init__(self, **by_key: bytes | str | GivenItems) -> None:
        self.by_key = {key: body.encode() if isinstance(body, str) else body for key, body in by_key.items()}
        self.written: dict[str, str] = {}
        self.refuses: str | None = None
        self.refuses_from = 0
        self.calls: list[JSON] = []

    def get(self, machine: str, state: str, parameters: JSON) -> bytes | GivenItems:
        """Return the content of an object."""
        self.calls.append(parameters)
        if parameters.get("Key") not in self.by_key:
            raise ObjectError("no such key")
        return self.by_key[parameters["Key"]]

    def list(self, machine: str, state: str, parameters: JSON) -> list[JSON] | GivenItems:
        """Return all objects."""
        self.calls.append(parameters)
        listed = self.by_key.get("listed")
        return listed if isinstance(listed, GivenItems) else [{"Key": key} for key in self.by_key]

    def put(self, machine: str, state: str, parameters: JSON) -> None:
        """Keep an object."""
        if self.refuses is not None and len(self.written) >= self.refuses_from:
            raise ObjectError(self.refuses)
        self.written[parameters["Key"]] = parameters["Body"]


def distributed(*states: tuple[str, JSON], type: str = "STANDARD", name: str = "Each", **fields: JSON) -> JSON:
    """Make a distributed Map with a processor of these states."""
    config = {"Mode": "DISTRIBUTED", "ExecutionType": type}
    processor = {"ProcessorConfig": config, **start_at(*(states or (("Work", TASK),)))}
    return start_at((name, {"Type": "Map", "ItemProcessor": processor, **fields}))


def run_with_objects(
    definition: JSON,
    document: JSON,
    objects: Objects | None = None,
    invoke_task: Callable[[TaskCall], TaskAnswer] = echo,
) -> Run:
    """Run a Standard definition to its end."""
    run = Run(status="RUNNING", input=document, started_at=START, stopped_at=START, history=History())
    Running(
        parse_definition(definition, machine_type=STANDARD),
        run,
        identity=IDENTITY,
        invoke_task=invoke_task,
        random=Random(0),
        most_seconds=STANDARD_TIMEOUT_SECONDS,
        map_objects=objects or Objects(),
    ).run_on()
    return run


def only_map_run(run: Run) -> MapRun:
    """Return the one Map Run of a run."""
    (map_run,) = run.map_runs
    return map_run


def links(run: Run) -> list[str]:
    """Return the events of a run, each as the previous event's id and its type."""
    return [f"{previous}>{type_}" for type_, previous, _, _ in run.history.events]
