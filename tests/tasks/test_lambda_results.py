"""What Lambda's Python runtime makes of what real handlers return, and of handlers that don't return."""

from __future__ import annotations

import json
import re
import sys
import unittest
from asyncio import CancelledError
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings, strategies
from hypothesis.errors import StopTest, UnsatisfiedAssumption

from pytest_sfn_sync import MockError, SfnSync, TaskError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.executions.execution import Execution

ARN = "arn:aws:lambda:us-east-1:123456789012:function:price"
DIRECT = {"Resource": ARN}
INVOKE = {
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "price", "Payload": {}},
    "OutputPath": "$.Payload",
}
BOTH = pytest.mark.parametrize("task", [DIRECT, INVOKE], ids=["by its ARN", "by lambda:invoke"])


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(seed=7) as sfn:
        yield sfn


def run(sfn: SfnSync, task: dict[str, Any], **fields: Any) -> Execution:
    states = {"Price": {"Type": "Task", **task, "End": True, **fields}, "Caught": {"Type": "Succeed"}}
    if "Catch" not in fields:
        del states["Caught"]
    machine = sfn.register("prices", {"StartAt": "Price", "States": states}, replace=True)
    sfn.client().start_sync_execution(stateMachineArn=machine.arn)
    return sfn.last_execution


class Colour(IntEnum):
    RED = 3


class Size(str, Enum):
    LARGE = "large"


class Point(NamedTuple):
    x: int
    y: Decimal


Pair = namedtuple("Pair", "left right")


@dataclass
class Item:
    name: str


class Broken:
    pass


def fault_of_too_many_digits() -> str:
    """Return Python's own text, which differs between versions."""
    with pytest.raises(ValueError, match="Exceeds the limit") as caught:
        str(10**5000)
    return str(caught.value)


def circular() -> Any:
    value: list[Any] = []
    value.append({"self": value})
    return value


@BOTH
@pytest.mark.parametrize(
    ("returned", "result"),
    [
        pytest.param(Decimal("1.10"), 1.1, id="a Decimal"),
        pytest.param(Decimal("12345678901234567890"), 12345678901234567890, id="a whole Decimal keeps its digits"),
        pytest.param({"n": [Decimal("7"), Decimal("1E+2")]}, {"n": [7, 100.0]}, id="Decimals deeper down"),
        pytest.param((1, (2, "é")), [1, [2, "é"]], id="tuples"),
        pytest.param(Point(1, Decimal("2.5")), {"x": 1, "y": 2.5}, id="a named tuple is an object"),
        pytest.param([Pair(1, None)], [{"left": 1, "right": None}], id="a named tuple in a list"),
        pytest.param(
            {3: "a", 2.5: "b", True: "c", None: "d"}, {"3": "a", "2.5": "b", "true": "c", "null": "d"}, id="keys"
        ),
        pytest.param(OrderedDict(b=1, a=Colour.RED), {"b": 1, "a": 3}, id="subclasses of dict and int"),
        pytest.param({Size.LARGE: Size.LARGE}, {"large": "large"}, id="a subclass of str"),
        pytest.param({"n": float("nan")}, '{"n": NaN}', id="what is no JSON arrives as text"),
        pytest.param(Decimal("Infinity"), "Infinity", id="an endless Decimal is no JSON"),
        pytest.param(Decimal("NaN"), "NaN", id="nor is one that is no number"),
        pytest.param(10**2000, f"{10**2000}", id="a number of more digits than AWS reads"),
        pytest.param({"n": -(10**2000)}, f'{{"n": -{10**2000}}}', id="such a number in an object"),
        pytest.param([[1, 10**2000]], f"[[1, {10**2000}]]", id="such a number in a list"),
        pytest.param([10**999, {"n": 1.5}], [10**999, {"n": 1.5}], id="a number of as many digits as AWS reads"),
    ],
)
def test_what_the_runtime_writes(sfn: SfnSync, task: dict[str, Any], returned: Any, result: JSON) -> None:
    sfn.mock_lambda("price", calls=lambda event: returned)
    output = run(sfn, task).output
    assert json.dumps(output, sort_keys=True) == json.dumps(result, sort_keys=True)


@BOTH
@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        pytest.param({1, 2}, "Object of type set is not JSON serializable", id="a set"),
        pytest.param({"at": datetime(2026, 1, 5)}, "Object of type datetime is not JSON serializable", id="a datetime"),
        pytest.param([date(2026, 1, 5)], "Object of type date is not JSON serializable", id="a date"),
        pytest.param(b"raw", "Object of type bytes is not JSON serializable", id="bytes"),
        pytest.param(Item("a"), "Object of type Item is not JSON serializable", id="a dataclass"),
        pytest.param(Broken, "Object of type type is not JSON serializable", id="a class"),
        pytest.param((n for n in (1, 2)), "Object of type generator is not JSON serializable", id="a generator"),
        pytest.param({(1, 2): 3}, "keys must be str, int, float, bool or None, not tuple", id="a key that is a tuple"),
        pytest.param(circular(), "Circular reference detected", id="a value that contains itself"),
        pytest.param(10**5000, fault_of_too_many_digits(), id="a number of more digits than Python writes"),
        pytest.param({"n": [10**5000]}, fault_of_too_many_digits(), id="such a number deeper down"),
    ],
)
def test_what_the_runtime_cannot_write_fails_the_task(
    sfn: SfnSync, task: dict[str, Any], returned: Any, reason: str
) -> None:
    sfn.mock_lambda("price", calls=lambda event: returned)
    execution = run(sfn, task)
    assert execution.error == "Runtime.MarshalError"
    report = json.loads(execution.cause or "")
    assert list(report) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert report["errorMessage"] == f"Unable to marshal response: {reason}"
    assert (report["errorType"], report["stackTrace"]) == ("Runtime.MarshalError", [])
    assert sfn.usage_errors == []


@pytest.mark.parametrize("matched", ["Runtime.MarshalError", "States.TaskFailed", "States.ALL"])
def test_it_is_caught_and_retried_like_other_errors(sfn: SfnSync, matched: str) -> None:
    function = sfn.mock_lambda("price", calls=lambda event: {1})
    catch = [{"ErrorEquals": [matched], "Next": "Caught"}]
    retry = [{"ErrorEquals": [matched], "MaxAttempts": 2}]
    assert run(sfn, INVOKE, Catch=catch, Retry=retry).status == "SUCCEEDED"
    assert function.call_count == 3


def test_a_handler_of_mock_task_is_the_functions_too(sfn: SfnSync) -> None:
    sfn.mock_task("Price", calls=lambda payload: Decimal("2"))
    assert run(sfn, DIRECT).output == 2


def test_a_real_handler_is_marshalled(sfn: SfnSync, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "from decimal import Decimal\nimport sys\n"
    source += "def price(event, context):\n    return {'price': Decimal('9.99')}\n"
    source += "def stop(event, context):\n    sys.exit(3)\n"
    (tmp_path / "shop_prices.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    sfn.use_lambda_handlers({"price": "shop_prices:price"})
    assert run(sfn, INVOKE).output == {"price": 9.99}
    sfn.reset()
    sfn.use_lambda_handlers({"price": "shop_prices:stop"})
    assert run(sfn, INVOKE).error == "Runtime.ExitError"


def test_what_a_test_gives_stays_the_mistake_of_the_test(sfn: SfnSync) -> None:
    with pytest.raises(MockError, match="returns= is not JSON at"):
        sfn.mock_lambda("price", returns=Decimal("1.5"))
    with pytest.raises(MockError, match=r"responses\[0\] is not JSON at"):
        sfn.mock_lambda("price", responses=[{1, 2}])


def leave(code: Any) -> Callable[[Any], Any]:
    return lambda event: sys.exit(code)


def cancel(event: Any) -> Any:
    raise CancelledError


@BOTH
@pytest.mark.parametrize(
    ("handler", "told"),
    [
        pytest.param(leave(1), "with error: exit status 1", id="status 1"),
        pytest.param(leave(300), "with error: exit status 44", id="a status has eight bits"),
        pytest.param(leave("no stock"), "with error: exit status 1", id="a text is printed"),
        pytest.param(leave(True), "with error: exit status 1", id="a boolean is a number"),
        pytest.param(leave(0), "without providing a reason", id="status 0"),
        pytest.param(leave(None), "without providing a reason", id="no status"),
        pytest.param(cancel, "with error: exit status 1", id="another BaseException"),
    ],
)
def test_a_handler_that_ends_its_process(
    sfn: SfnSync, task: dict[str, Any], handler: Callable[[Any], Any], told: str
) -> None:
    sfn.mock_lambda("price", calls=handler)
    execution = run(sfn, task)
    assert execution.error == "Runtime.ExitError"
    report = json.loads(execution.cause or "")
    assert list(report) == ["errorType", "errorMessage"]
    message = report["errorMessage"].partition(" Error: ")
    assert message[0].startswith("RequestId: ")
    assert message[2] == f"Runtime exited {told}"
    catch = [{"ErrorEquals": ["Runtime.ExitError"], "Next": "Caught"}]
    assert run(sfn, task, Catch=catch).status == "SUCCEEDED"


def test_an_exit_given_to_raises_is_the_functions_too(sfn: SfnSync) -> None:
    sfn.mock_lambda("price", raises=SystemExit(2))
    assert "exit status 2" in (run(sfn, DIRECT).cause or "")


def interrupt() -> Any:
    raise KeyboardInterrupt


def skip_as_unittest_does() -> Any:
    raise unittest.SkipTest("not here")


def stop_as_hypothesis_does() -> Any:
    raise StopTest(7)


def assume_as_hypothesis_does() -> Any:
    raise UnsatisfiedAssumption("not this one")


def claim() -> None:
    assert {"amount": 5} == {"amount": 6}


def warn_as_pytest_does() -> Any:
    raise pytest.PytestUnknownMarkWarning("slow")


@pytest.mark.parametrize(
    ("stop", "left"),
    [
        pytest.param(lambda: pytest.fail("wrong event"), pytest.fail.Exception, id="pytest.fail"),
        pytest.param(lambda: pytest.skip("not here"), pytest.skip.Exception, id="pytest.skip"),
        pytest.param(lambda: pytest.xfail("known"), pytest.xfail.Exception, id="pytest.xfail"),
        pytest.param(lambda: pytest.exit("all"), pytest.exit.Exception, id="pytest.exit"),
        pytest.param(interrupt, KeyboardInterrupt, id="an interrupt"),
        pytest.param(claim, AssertionError, id="a failed assert in a handler of the test"),
        pytest.param(skip_as_unittest_does, unittest.SkipTest, id="unittest's SkipTest"),
        pytest.param(stop_as_hypothesis_does, StopTest, id="hypothesis' StopTest"),
        pytest.param(assume_as_hypothesis_does, UnsatisfiedAssumption, id="hypothesis' assume"),
        pytest.param(warn_as_pytest_does, pytest.PytestWarning, id="a warning of pytest that is an error"),
    ],
)
def test_what_means_the_test_leaves_through_the_client(
    sfn: SfnSync, stop: Callable[[], Any], left: type[BaseException]
) -> None:
    sfn.mock_lambda("price", calls=lambda event: stop())
    with pytest.raises(left):
        run(sfn, DIRECT)
    assert sfn.last_execution.status == "ABORTED"


def failing_handler(event: Any, context: Any) -> None:
    raise AssertionError("of the code under test")


def test_a_failed_assert_of_a_real_handler_or_of_raises_is_the_functions_error(sfn: SfnSync) -> None:
    sfn.use_lambda_handlers({"price": failing_handler})
    run(sfn, DIRECT)
    assert sfn.last_execution.error == "AssertionError"
    sfn.mock_lambda("price", raises=AssertionError("as the code under test"))
    run(sfn, DIRECT)
    assert sfn.last_execution.error == "AssertionError"


@BOTH
@pytest.mark.parametrize(
    ("name", "cause"),
    [
        pytest.param(
            "Lambda.Unknown",
            "The cause could not be determined because Lambda did not return an error type. "
            'Returned payload: {"errorMessage":"<time> <id> Task timed out after 60.06 seconds"}',
            id="a timeout of which Lambda told no type",
        ),
        pytest.param(
            "Sandbox.Timedout",
            '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: <id> Error: Task timed out after '
            '60.06 seconds"}',
            id="a timeout as it is told today",
        ),
        pytest.param(
            "Runtime.ExitError",
            '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: <id> Error: Runtime exited with error: '
            'exit status 1"}',
            id="an exit",
        ),
        pytest.param(
            "Lambda.TooManyRequestsException",
            "The request throughput limit was exceeded. (Service: AWSLambda; Status Code: 429; "
            "Error Code: TooManyRequestsException; Request ID: <id>; Proxy: null)",
            id="an error of the service",
        ),
        pytest.param("Lambda.SdkClientException", None, id="an error without a model"),
        pytest.param("Card.Declined", None, id="an error of the function"),
    ],
)
def test_errors_of_lambda_by_their_names(sfn: SfnSync, task: dict[str, Any], name: str, cause: str | None) -> None:
    sfn.mock_lambda("price", raises=name, takes=60.06)
    execution = run(sfn, task)
    assert execution.error == name
    if cause is None:
        assert execution.cause is None
    else:
        pattern = re.escape(cause).replace("<id>", "[0-9a-f-]{36}").replace("<time>", r"[0-9T:-]{19}\.\d{3}Z")
        assert re.fullmatch(pattern, execution.cause or "")


@pytest.mark.parametrize("name", ["Lambda.Unknown", "Sandbox.Timedout"])
def test_a_timeout_without_a_time_is_that_of_lambdas_own_timeout(sfn: SfnSync, name: str) -> None:
    sfn.mock_lambda("price", raises=name)
    execution = run(sfn, DIRECT)
    assert execution.error == name
    assert "Task timed out after 3.00 seconds" in (execution.cause or "")
    assert execution.duration == 0


def test_hypothesis_stops_an_example_within_a_handler() -> None:
    seen: list[int] = []

    @settings(database=None, max_examples=20, deadline=None, derandomize=True)
    @given(data=strategies.data())
    def each(data: Any) -> None:
        def price(event: JSON) -> JSON:
            value = data.draw(strategies.integers(0, 9))
            assume(value % 2 == 0)
            seen.append(value)
            return value

        with SfnSync() as inner:
            inner.mock_lambda("price", calls=price)
            assert run(inner, DIRECT).output % 2 == 0

    each()
    assert seen
    assert all(value % 2 == 0 for value in seen)


ROLE = "arn:aws:iam::123456789012:role/other"
ROLE_CAUSE = "The principal states.amazonaws.com is not authorized to assume the provided role. (role: {})"
TABLE = {
    "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
    "Parameters": {"TableName": "t", "Key": {}},
}


@pytest.mark.parametrize(
    ("task", "fields", "error", "cause"),
    [
        pytest.param(DIRECT, {"Credentials": {"RoleArn": ROLE}}, "States.TaskFailed", ROLE, id="of a function"),
        pytest.param(TABLE, {"Credentials": {"RoleArn": ROLE}}, "States.TaskFailed", ROLE, id="of an integration"),
        pytest.param(
            TABLE,
            {"Credentials": {"RoleArn.$": "States.Format('{}', 'arn:of:role')"}},
            "States.TaskFailed",
            "arn:of:role",
            id="that is evaluated",
        ),
        pytest.param(TABLE, {}, "States.TaskFailed", None, id="a task without a role"),
        pytest.param(TABLE, {"Credentials": {"RoleArn": ROLE}}, "Order.Lost", None, id="another error"),
        pytest.param(
            TABLE,
            {"Credentials": {"RoleArn": ROLE}},
            TaskError("States.TaskFailed", None),
            None,
            id="a TaskError without a cause has none",
        ),
    ],
)
def test_a_role_that_can_not_be_assumed_by_the_name_of_its_error(
    sfn: SfnSync, task: dict[str, Any], fields: dict[str, Any], error: Any, cause: str | None
) -> None:
    sfn.mock_task("Price", raises=error)
    execution = run(sfn, task, **fields)
    assert execution.error == getattr(error, "error", error)
    assert execution.cause == (None if cause is None else ROLE_CAUSE.format(cause))


DOUBLE = (
    "mock_lambda('price'): its result has the Payload of a response of lambda:invoke, but this mock returns what the "
    "function itself returns.\n"
    "  from     state 'Price'\n"
    '  result   {"Payload": {"eur": 5}}\n'
    'Write returns={"eur": 5}: the task\'s result gets its Payload by itself. If the function does return a member '
    "Payload, write calls=lambda event: {...}."
)
WITHOUT = (
    "mock_task('Price'): its result is not one that lambda:invoke gives: the function's result is in its Payload.\n"
    "  from     state 'Price'\n"
    '  result   {"eur": 5}\n'
    'Write returns={"Payload": {"eur": 5}}, or mock the function: mock_lambda(\'price\', returns={"eur": 5}).'
)


@pytest.mark.parametrize(
    ("mock", "answer", "message"),
    [
        pytest.param("mock_lambda", {"returns": {"Payload": {"eur": 5}}}, DOUBLE, id="a Payload of the function"),
        pytest.param("mock_lambda", {"responses": [{"Payload": {"eur": 5}}]}, DOUBLE, id="among the responses"),
        pytest.param("mock_task", {"returns": {"eur": 5}}, WITHOUT, id="no Payload of the task"),
        pytest.param("mock_task", {"calls": lambda payload: {"eur": 5}}, WITHOUT, id="no Payload of a handler"),
    ],
)
def test_a_payload_that_is_double_or_missing(sfn: SfnSync, mock: str, answer: Any, message: str) -> None:
    getattr(sfn, mock)("price" if mock == "mock_lambda" else "Price", **answer)

    with pytest.raises(MockError) as refused:
        run(sfn, INVOKE)
    assert str(refused.value) == message
    sfn.usage_errors.clear()


def test_a_missing_payload_of_a_resource_is_told_at_once(sfn: SfnSync) -> None:
    with pytest.raises(MockError, match=r"^mock_resource\('lambda:invoke'\): its result is not one that lambda:invoke"):
        sfn.mock_resource("lambda:invoke", returns={"eur": 5})


@pytest.mark.parametrize(
    ("mock", "answer", "task", "output"),
    [
        pytest.param("mock_lambda", {"calls": lambda event: {"Payload": 1}}, INVOKE, {"Payload": 1}, id="a handler"),
        pytest.param("mock_lambda", {"returns": {"Payload": 1}}, DIRECT, {"Payload": 1}, id="a function's ARN"),
        pytest.param(
            "mock_lambda", {"returns": {"Payload": 1, "eur": 5}}, INVOKE, {"Payload": 1, "eur": 5}, id="more members"
        ),
        pytest.param("mock_task", {"returns": {"Payload": 1}}, INVOKE, 1, id="the Payload of the task"),
        pytest.param("mock_task", {"returns": {"eur": 5}}, DIRECT, {"eur": 5}, id="a task of a function's ARN"),
    ],
)
def test_other_results_with_and_without_a_payload(
    sfn: SfnSync, mock: str, answer: Any, task: dict[str, Any], output: Any
) -> None:
    getattr(sfn, mock)("price" if mock == "mock_lambda" else "Price", **answer)

    run(sfn, task).assert_succeeded(output=output)


def test_a_missing_payload_passes_without_checks(sfn: SfnSync) -> None:
    sfn.mock_task("Price", returns={"eur": 5}, validate="none")

    run(sfn, {**INVOKE, "OutputPath": "$"}).assert_succeeded(output={"eur": 5})


@pytest.mark.parametrize("mock", ["mock_lambda", "mock_task", "use_lambda_handlers"])
def test_the_payload_of_a_call_is_what_the_mock_received(sfn: SfnSync, mock: str) -> None:
    parameters = {"FunctionName": "price", "Payload": {"sku": "lamp"}}
    if mock == "use_lambda_handlers":
        handle = sfn.use_lambda_handlers({"price": lambda event, context: event["sku"]})["price"]
    else:
        result = "lamp" if mock == "mock_lambda" else {"Payload": "lamp"}
        handle = getattr(sfn, mock)("price" if mock == "mock_lambda" else "Price", returns=result)

    execution = run(sfn, {**INVOKE, "Parameters": parameters})

    received = parameters if mock == "mock_task" else {"sku": "lamp"}
    (call,) = handle.calls
    assert (call.payload, call.arguments, handle.call_args) == (received, parameters, received)
    assert call.result["Payload"] == "lamp"
    assert execution.calls == [call]
    handle.assert_called_once_with(received)


@BOTH
def test_half_a_surrogate_pair_in_an_error_is_answered_as_a_question_mark(sfn: SfnSync, task: dict[str, Any]) -> None:
    sfn.mock_lambda("price", raises=TaskError("Half\ud83d", "of a pair: \ud83d"))
    machine = run(sfn, task).machine
    response = sfn.client().start_sync_execution(stateMachineArn=machine.arn, input="{}")
    assert (response["error"], response["cause"]) == ("Half?", "of a pair: ?")
