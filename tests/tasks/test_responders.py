"""How mocks answer: results, errors, functions and sequences, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest

from pytest_sfn_sync.errors import MockError, UnmockedTaskError
from pytest_sfn_sync.tasks.lambda_functions import LambdaContext
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.task_error import TaskError
from tests.tasks.calling import GET_ITEM, answer, invoke, new_table


@pytest.fixture
def table() -> MockTable:
    return new_table()


@pytest.mark.parametrize("value", [None, 0, False, "", [], {}, 1.5, "ß", {"a": [1, {"b": None}]}])
def test_returns_gives_any_json_value(table: MockTable, value: Any) -> None:
    table.add("mock_task", "Charge", returns=value)

    assert answer(table).result == value


def test_returns_is_copied_when_the_mock_is_made(table: MockTable) -> None:
    value = {"items": [1]}
    table.add("mock_task", "Charge", returns=value)
    value["items"].append(2)

    assert answer(table).result == {"items": [1]}


def test_tuples_arrive_as_arrays(table: MockTable) -> None:
    table.add("mock_task", "Charge", returns={"pair": (1, 2)})

    assert answer(table).result == {"pair": [1, 2]}


def test_a_function_gets_a_payload_of_its_own(table: MockTable) -> None:
    def spoil(payload: Any) -> Any:
        payload["items"].append("spoiled")
        return payload

    table.add("mock_task", "Charge", calls=spoil)
    payload = {"items": [1]}

    assert answer(table, payload=payload).result == {"items": [1, "spoiled"]}
    assert payload == {"items": [1]}


def test_what_a_function_returns_is_copied(table: MockTable) -> None:
    kept: dict[str, Any] = {"count": 0}

    def count(payload: Any) -> Any:
        kept["count"] += 1
        return kept

    table.add("mock_task", "Charge", calls=count)
    first, second = answer(table).result, answer(table).result

    assert (first, second) == ({"count": 1}, {"count": 2})


def one_argument(event: Any) -> Any:
    return "event"


def event_and_context(event: Any, context: Any) -> Any:
    return type(context).__name__


def optional_context(event: Any, context: Any = None) -> Any:
    return type(context).__name__


def bound_default(event: Any, table_name: str = "orders") -> Any:
    return table_name


class Handler:
    def __call__(self, event: Any, _: Any) -> Any:
        return "called"

    def method(self, event: Any, context: Any) -> Any:
        return type(context).__name__


@pytest.mark.parametrize(
    ("handler", "result"),
    [
        pytest.param(one_argument, "event", id="the event alone"),
        pytest.param(event_and_context, "LambdaContext", id="event and context"),
        pytest.param(optional_context, "LambdaContext", id="a context with a default"),
        pytest.param(bound_default, "orders", id="a second parameter that only carries a default"),
        pytest.param(Handler(), "called", id="a callable object"),
        pytest.param(Handler().method, "LambdaContext", id="a bound method"),
        pytest.param(len, 1, id="a function of Python's own"),
        pytest.param(MagicMock(return_value=3), 3, id="a MagicMock"),
        pytest.param(lambda *payloads: len(payloads), 1, id="any number of arguments"),
    ],
)
def test_calls_takes_functions_of_the_event_or_of_event_and_context(
    table: MockTable, handler: Any, result: Any
) -> None:
    table.add("mock_lambda", "charge-card", calls=handler)

    assert answer(table).result == result


def test_a_handler_gets_the_context_of_lambdas_python_runtime(table: MockTable) -> None:
    seen: list[LambdaContext] = []

    def handler(event: Any, context: LambdaContext) -> None:
        seen.append(context)

    table.add("mock_lambda", "charge-card", calls=handler)
    invoke(table, Qualifier="live")

    (context,) = seen
    assert context.function_name == "charge-card"
    assert context.function_version == "$LATEST"
    assert context.invoked_function_arn == "arn:aws:lambda:us-east-1:123456789012:function:charge-card:live"
    assert len(context.aws_request_id) == 36
    assert context.memory_limit_in_mb == "128"
    assert context.log_group_name == "/aws/lambda/charge-card"
    assert context.log_stream_name.startswith("1970/01/01/[$LATEST]")
    assert context.get_remaining_time_in_millis() == 900_000


def test_a_handler_with_context_is_refused_where_no_function_is_called(table: MockTable) -> None:
    table.add("mock_task", "Charge", calls=event_and_context)

    with pytest.raises(MockError, match=r"takes \(event, context\), but the state 'Charge' calls no Lambda function"):
        answer(table, GET_ITEM)


@pytest.mark.parametrize(
    ("raises", "error", "cause"),
    [
        pytest.param(TaskError("Ship.Busy", "later"), "Ship.Busy", "later", id="a TaskError"),
        pytest.param(TaskError("Ship.Busy"), "Ship.Busy", None, id="a TaskError without a cause"),
        pytest.param("Ship.Busy", "Ship.Busy", None, id="an error name"),
    ],
)
def test_raises_ends_the_task_with_an_error(table: MockTable, raises: Any, error: str, cause: str | None) -> None:
    table.add("mock_resource", "dynamodb:getItem", raises=raises)

    for _ in range(2):
        assert answer(table, GET_ITEM)[:3] == (None, error, cause)


def test_a_function_may_raise_a_task_error(table: MockTable) -> None:
    raises = TaskError("Ship.Busy", "later")

    def handler(payload: Any) -> Any:
        raise raises

    table.add("mock_resource", "dynamodb:getItem", calls=handler)
    table.add("mock_task", "Other", raises=raises)

    assert answer(table, GET_ITEM) == answer(table, GET_ITEM, state_name="Other")


@pytest.mark.parametrize("raises", [ValueError("bad"), ValueError], ids=["an exception", "its class"])
def test_an_exception_of_pythons_is_no_error_of_an_integration(table: MockTable, raises: Any) -> None:
    table.add("mock_resource", "dynamodb:getItem", raises=raises)

    with pytest.raises(MockError, match=r"mock_resource\('dynamodb:getItem'\): it raised ValueError(: bad)?\n"):
        answer(table, GET_ITEM)


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        pytest.param(KeyError("id"), "KeyError: 'id'", id="a fault in the handler"),
        pytest.param(AssertionError(), "AssertionError", id="a claim of the test's that doesn't hold"),
        pytest.param(SystemExit(1), "SystemExit: 1", id="an exit"),
        pytest.param(TimeoutError("read"), "TimeoutError: read", id="an error of what the handler called"),
    ],
)
def test_any_other_exception_of_an_integrations_handler_is_the_tests_mistake(
    table: MockTable, raised: BaseException, told: str
) -> None:
    def handler(payload: Any) -> Any:
        raise raised

    table.add("mock_resource", "dynamodb:getItem", calls=handler)

    with pytest.raises(MockError) as refused:
        answer(table, GET_ITEM)
    assert str(refused.value) == (
        "mock_resource('dynamodb:getItem'): "
        "test_any_other_exception_of_an_integrations_handler_is_the_tests_mistake.handler raised "
        f"{told}\n"
        "  from     state 'Charge', resource arn:aws:states:::dynamodb:getItem\n"
        "No integration ends with an exception of Python's. For an error of the service raise TaskError('its name', "
        "'its cause') or a botocore ClientError."
    )
    assert refused.value.__cause__ is raised


def test_usage_errors_and_outcomes_of_pytest_pass_through(table: MockTable) -> None:
    table.add("mock_task", "Nested", raises=UnmockedTaskError("nested"))
    table.add("mock_task", "Failing", raises=pytest.fail.Exception("stop"))
    table.add("mock_task", "Interrupted", raises=KeyboardInterrupt)

    with pytest.raises(UnmockedTaskError, match="nested"):
        answer(table, state_name="Nested")
    with pytest.raises(pytest.fail.Exception, match="stop"):
        answer(table, state_name="Failing")
    with pytest.raises(KeyboardInterrupt):
        answer(table, state_name="Interrupted")


def test_keys_of_a_handlers_result_become_strings_as_in_lambda(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", calls=lambda event: {1: "one"})

    assert answer(table).result == {"1": "one"}


def test_a_result_of_an_integration_that_is_not_json_is_a_usage_error(table: MockTable) -> None:
    table.add("mock_resource", "dynamodb:getItem", calls=lambda event: {"Item": [{"price": Decimal("1.5")}]})

    with pytest.raises(MockError, match=r"is not JSON at \$\.Item\[0\]\.price: Decimal\('1.5'\) is of type Decimal"):
        answer(table, GET_ITEM)


class UnmakeableError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)


def three_arguments(event: Any, context: Any, more: Any) -> Any:
    return event


def needs_a_keyword(event: Any, *, table_name: str) -> Any:
    return table_name


def no_argument() -> Any:
    return None


@dataclass
class Receipt:
    number: str


CIRCULAR: list[Any] = []
CIRCULAR.append(CIRCULAR)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {},
            "mock_task('Charge') takes exactly one of returns=, raises=, calls=, responses=; "
            "it was given none of them.",
            id="no answer",
        ),
        pytest.param(
            {"returns": 1, "calls": len},
            "mock_task('Charge') takes exactly one of returns=, raises=, calls=, responses=; "
            "it was given returns=, calls=.",
            id="two answers",
        ),
        pytest.param(
            {"returns": {"rows": [{"when": datetime(2024, 1, 1, tzinfo=timezone.utc)}]}},
            "mock_task('Charge'): returns= is not JSON at $.rows[0].when: datetime.datetime(2024, 1, 1, 0, 0, "
            "tzinfo=datetime.timezone.utc) is of type datetime. Write an ISO 8601 string: value.isoformat().",
            id="a datetime in the result",
        ),
        pytest.param(
            {"returns": {"odd name": {1: 2}}},
            "mock_task('Charge'): returns= is not JSON at $['odd name']: the key 1 is not a string.",
            id="a key that is not a string",
        ),
        pytest.param(
            {"returns": [float("nan")]},
            "mock_task('Charge'): returns= is not JSON at $[0]: nan has no form in JSON. Write None or a string.",
            id="not a number",
        ),
        pytest.param(
            {"returns": CIRCULAR},
            "mock_task('Charge'): returns= is not JSON at $[0]: the value contains itself.",
            id="a value within itself",
        ),
        pytest.param(
            {"responses": [1, object]},
            "mock_task('Charge'): responses[1] is not JSON at $: <class 'object'> is of type type.",
            id="a response that is not JSON",
        ),
        pytest.param(
            {"responses": []},
            "mock_task('Charge'): responses= is empty. Give at least one result, TaskError or exception.",
            id="no responses",
        ),
        pytest.param(
            {"responses": range(10**9)},
            "mock_task('Charge'): responses= has 1,000,000,000 items, and at most 200,000 are read. Give calls= a "
            "function that returns the results one by one.",
            id="too many responses",
        ),
        pytest.param(
            {"responses": {"a": 1}},
            "mock_task('Charge'): responses= takes a list of results, TaskErrors and exceptions, "
            "not a value of type dict.",
            id="responses that are no list",
        ),
        pytest.param(
            {"responses": [1], "times": 1},
            "mock_task('Charge'): responses= says how many calls are answered; leave times= out.",
            id="responses with times",
        ),
        pytest.param(
            {"raises": 404},
            "mock_task('Charge'): raises=404 is not an error. Give TaskError('Some.Error', 'its cause'), an exception, "
            "its class, or an error name such as 'Some.Error'.",
            id="no error",
        ),
        pytest.param(
            {"raises": UnmakeableError},
            "mock_task('Charge'): raises=UnmakeableError can't be made without arguments (UnmakeableError.__init__() "
            "missing 1 required positional argument: 'code'). Give an instance: raises=UnmakeableError(...).",
            id="a class that wants arguments",
        ),
        pytest.param(
            {"calls": {"a": 1}},
            "mock_task('Charge'): calls= takes a function, not {'a': 1}. For a fixed result write returns={'a': 1}.",
            id="a value as a function",
        ),
        pytest.param(
            {"returns": one_argument},
            "mock_task('Charge'): returns=one_argument is a function, not a result. To have it called, write "
            "calls=one_argument.",
            id="a function as a result",
        ),
        pytest.param(
            {"returns": lambda payload: 1},
            "mock_task('Charge'): returns=lambda is a function, not a result. To have it called, write calls=lambda.",
            id="a lambda as a result",
        ),
        pytest.param(
            {"returns": ValueError("x")},
            "mock_task('Charge'): returns=ValueError('x') is an exception. For a failure write raises=ValueError('x').",
            id="an exception as a result",
        ),
        pytest.param(
            {"returns": {"receipt": Receipt("R-7")}},
            "mock_task('Charge'): returns= is not JSON at $.receipt: Receipt(number='R-7') is of type Receipt. Write "
            "dataclasses.asdict(value).",
            id="a dataclass in the result",
        ),
        pytest.param(
            {"responses": [1, one_argument]},
            "mock_task('Charge'): responses[1] is not JSON at $: FUNCTION is of type function. Write calls= for a "
            "function that is to be called.",
            id="a function as a response",
        ),
        pytest.param(
            {"calls": no_argument},
            "mock_task('Charge'): calls=no_argument must take the payload, or (event, context); its signature is "
            "() -> 'Any'.",
            id="a function without parameters",
        ),
        pytest.param(
            {"calls": three_arguments},
            "mock_task('Charge'): calls=three_arguments must take the payload, or (event, context); its signature is "
            "(event: 'Any', context: 'Any', more: 'Any') -> 'Any'.",
            id="a function of three",
        ),
        pytest.param(
            {"calls": needs_a_keyword},
            "mock_task('Charge'): calls=needs_a_keyword must take the payload, or (event, context); its signature is "
            "(event: 'Any', *, table_name: 'str') -> 'Any'.",
            id="a function that needs a named argument",
        ),
        pytest.param(
            {"returns": 1, "takes": -1},
            "mock_task('Charge'): takes= takes seconds of virtual time, 0 or more, not -1.",
            id="negative time",
        ),
        pytest.param(
            {"returns": 1, "optional": "yes"},
            "mock_task('Charge'): optional= takes True or False, not 'yes'.",
            id="optional that is no boolean",
        ),
        pytest.param(
            {"returns": 1, "times": 0},
            "mock_task('Charge'): times= takes a whole number of calls, 1 or more, not 0.",
            id="no times",
        ),
    ],
)
def test_a_mock_refuses(table: MockTable, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(MockError) as refused:
        table.add("mock_task", "Charge", **arguments)

    assert str(refused.value).replace(repr(one_argument), "FUNCTION") == message


@pytest.mark.parametrize(
    ("kind", "target", "message"),
    [
        ("mock_task", 7, "mock_task takes the name of a state, not 7."),
        ("mock_lambda", "", "mock_lambda takes the name or ARN of a Lambda function, not ''."),
        (
            "mock_lambda",
            "arn:aws:states:::dynamodb:getItem",
            "mock_lambda('arn:aws:states:::dynamodb:getItem'): this is not the name or the ARN of a Lambda function. "
            "For another resource use mock_resource, for a state mock_task.",
        ),
        (
            "mock_resource",
            "dynamodb.getItem",
            "mock_resource('dynamodb.getItem'): a resource is named as in its ARN, for example 'dynamodb:getItem', "
            "'aws-sdk:s3:getObject', or by the whole ARN. For a Lambda function use mock_lambda, for a state "
            "mock_task.",
        ),
    ],
)
def test_a_mock_refuses_the_target(table: MockTable, kind: str, target: Any, message: str) -> None:
    with pytest.raises(MockError) as refused:
        table.add(kind, target, returns=1)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "TaskError takes an error name such as 'Ship.Busy', not ''."),
        (("E", {"a": 1}), "TaskError takes its cause as text, not as dict: write json.dumps(...)."),
    ],
)
def test_a_task_error_refuses(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(MockError) as refused:
        TaskError(*arguments)

    assert str(refused.value) == message


def test_task_errors_are_values() -> None:
    assert TaskError("E", "c") == TaskError("E", "c")
    assert TaskError("E", "c") != TaskError("E")
    assert len({TaskError("E"), TaskError("E")}) == 1
    assert [repr(error) for error in (TaskError("E"), TaskError("E", "c"))] == ["TaskError('E')", "TaskError('E', 'c')"]
    assert [str(error) for error in (TaskError("E"), TaskError("E", "c"))] == ["E", "E: c"]
    assert json.dumps(TaskError("E", "c").args) == '["E", "c"]'
