"""Cases of the fuzzers: what is given at a public door, written as JSON, and what comes of it.

A case is an object with a ``door`` and what that door takes. It may hold recipes for values that are too large, too
deep or too odd for a file::

    {"repeat": "[", "times": 100000}     a text, or a list, so often
    {"nested": "list", "depth": 100000}  lists or objects in each other
    {"digits": 5000}                     an integer of so many digits
    {"float": "nan"}                     a number that JSON does not have
    {"shared": 30}                       a list of two lists that are one, and so on
    {"key": 100000, "value": 1}          an object with one key of so many characters

The promise under test: the caller gets the workflow's outcome, a service error or a usage error in words, within a
second of work, in bounded memory and in a message of bounded length.
"""

from __future__ import annotations

import json
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, TypeAlias

from botocore.exceptions import ClientError, ParamValidationError

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from pytest_sfn_sync.internal_errors import InternalError
from pytest_sfn_sync.shown_text import MOST_OF_A_MESSAGE
from tests.hostile_documents import doubled, nested_lists, nested_objects

Case: TypeAlias = dict[str, Any]

MOST_SECONDS: Final = 1.0
"""The most work of one case, in seconds of CPU."""

MOST_MEGABYTES: Final = 300
"""The most that the peak of the process's memory may grow in one case."""

_PATIENCE: Final = 20
"""After so many seconds of CPU a case is ended, and counts as never answered."""

_ENDS: Final = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RUNNING"})
_PEAKS: Final = Path("/proc/self/clear_refs")
_STATUS: Final = Path("/proc/self/status")
_ECHO: Final = "arn:aws:lambda:us-east-1:123456789012:function:echo"


class Verdict(NamedTuple):
    """What came of a case; ``fault`` says which promise was broken, or is None."""

    came: str
    seconds: float
    megabytes: float
    fault: str | None


class NeverAnsweredError(BaseException):
    """A case took too long. Not an Exception, so that nothing in between catches it."""


def built(value: Any) -> Any:
    """Return a value of a case with its recipes carried out."""
    if isinstance(value, list):
        return [built(item) for item in value]
    if not isinstance(value, dict):
        return value
    recipe = _RECIPES.get(frozenset(value))
    return {key: built(member) for key, member in value.items()} if recipe is None else recipe(value)


_NESTED: Final[dict[str, Callable[[int], Any]]] = {"list": nested_lists, "object": nested_objects}
_RECIPES: Final[dict[frozenset[str], Callable[[Any], Any]]] = {
    frozenset({"repeat", "times"}): lambda recipe: built(recipe["repeat"]) * recipe["times"],
    frozenset({"nested", "depth"}): lambda recipe: _NESTED[recipe["nested"]](recipe["depth"]),
    frozenset({"digits"}): lambda recipe: 10 ** (recipe["digits"] - 1),
    frozenset({"float"}): lambda recipe: float(recipe["float"]),
    frozenset({"shared"}): lambda recipe: doubled(recipe["shared"]),
    frozenset({"key", "value"}): lambda recipe: {"k" * recipe["key"]: built(recipe["value"])},
    frozenset({"texts"}): lambda recipe: "".join(built(text) for text in recipe["texts"]),
}


def judged(case: Case, most_seconds: float = MOST_SECONDS) -> Verdict:
    """Run a case and return what came of it; more than ``most_seconds`` of CPU are a fault."""
    _forget_peak()
    peak, began = _peak_megabytes(), time.process_time()
    came, fault = _came_of(case)
    seconds, megabytes = time.process_time() - began, _peak_megabytes() - peak
    if fault is None and seconds > most_seconds:
        fault = f"took {seconds:.1f} seconds"
    if fault is None and megabytes > MOST_MEGABYTES:
        fault = f"took {megabytes:.0f} megabytes"
    return Verdict(came, seconds, megabytes, fault)


def _came_of(case: Case) -> tuple[str, str | None]:
    run = _DOORS[case["door"]]
    given = {key: built(value) for key, value in case.items() if key not in ("door", "name")}
    try:
        with _patience():
            came = run(**given)
    except NeverAnsweredError:
        return "no answer", f"no answer after {_PATIENCE} seconds"
    except InternalError as error:
        return "an error of the package itself", str(error)
    except (ClientError, ParamValidationError) as error:
        return _message("a service error", str(error))
    except SfnSyncUsageError as error:
        return _message("a usage error", str(error))
    except Exception as error:
        return "a foreign exception", f"{type(error).__name__}: {str(error)[:300]}"
    return came, None


def _message(came: str, text: str) -> tuple[str, str | None]:
    try:
        text.encode()
    except UnicodeEncodeError:
        return came, f"its message has half a surrogate pair: {ascii(text)[:300]}"
    # ClientError writes the operation's name around the message.
    if len(text) > MOST_OF_A_MESSAGE + 500:
        return came, f"its message has {len(text)} characters: {text[:300]}"
    return came, None


def _run(definition: Any, input: Any = "{}", type: str = "EXPRESS", returns: Any = None) -> str:
    """Run a machine whose functions return what they get, or ``returns``."""
    with SfnSync(seed=0) as sfn:
        machine = sfn.register("fuzzed", definition, type=type)
        if returns is None:
            sfn.mock_lambda("echo", calls=lambda payload: payload, optional=True)
        else:
            sfn.mock_lambda("echo", returns=returns, optional=True)
        sfn.mock_lambda("fails", calls=_fail, optional=True)
        sfn.mock_resource("dynamodb:getItem", returns={"Item": {}}, takes=2.5, optional=True)
        execution = machine.run(json.loads(input)) if type == "STANDARD" else _sync(sfn, machine.arn, input)
        assert execution.status in _ENDS, execution.status
        str(execution.trace)
        assert execution.history[0]["type"] == "ExecutionStarted"
        return str(execution.status)


def _sync(sfn: SfnSync, arn: str, text: str) -> Any:
    sfn.client().start_sync_execution(stateMachineArn=arn, input=text)
    return sfn.last_execution


def _fail(payload: Any) -> Any:
    raise ValueError("the function fails")


def _load_template(text: str, ending: str = "yaml") -> str:
    with TemporaryDirectory() as folder, SfnSync(seed=0) as sfn:
        path = Path(folder) / f"template.{ending}"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        loaded = sfn.load_template(path)
        return f"{len(loaded)} machines"


def _use_mock_config(config: Any) -> str:
    machine = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": _ECHO, "End": True}}}
    with SfnSync(seed=0) as sfn:
        sfn.register("orders", machine)
        sfn.use_mock_config(config, case="Case")
        sfn.client().start_sync_execution(stateMachineArn=sfn.machines[0].arn)
        return str(sfn.last_execution.status)


def _call(method: str, arguments: dict[str, Any]) -> str:
    with SfnSync(seed=0) as sfn:
        getattr(sfn, method)(**arguments)
        sfn.usage_errors.clear()
        sfn.reset()
    return "accepted"


def _request(operation: str, members: dict[str, Any]) -> str:
    with SfnSync(seed=0) as sfn:
        getattr(sfn.client(), operation)(**members)
    return "an answer"


_DOORS: Final[dict[str, Callable[..., str]]] = {
    "run": _run,
    "template": _load_template,
    "mock config": _use_mock_config,
    "call": _call,
    "request": _request,
}


@contextmanager
def _patience() -> Iterator[None]:
    """End what takes more than `_PATIENCE` seconds of CPU."""

    def end(number: int, frame: Any) -> None:
        raise NeverAnsweredError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _forget_peak() -> None:
    """Let the peak of the process's memory begin anew, where the system can do so."""
    if _PEAKS.exists():
        _PEAKS.write_text("5")


def _peak_megabytes() -> float:
    if not _PEAKS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
