"""StartSyncExecution over the wire: what it refuses and in which words, and the members of its responses."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.errors import UnmockedTaskError
from pytest_sfn_sync.executions.execution import Execution
from tests.service.answering import ENDLESS, FAIL, NOON, PASS, TASK, WAIT, Answering

ORDERS = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.fixture
def answering() -> Answering:
    answering = Answering()
    answering.arn()
    answering.arn("slow", PASS, type="STANDARD")
    answering.arn("nap", WAIT)
    answering.arn("broken", FAIL)
    answering.arn("endless", ENDLESS)
    answering.arn("silent", {"StartAt": "F", "States": {"F": {"Type": "Fail"}}})
    return answering


def constraint(text: str) -> str:
    return f"1 validation error detected: {text}"


@pytest.mark.parametrize(
    ("members", "code", "message"),
    [
        pytest.param(
            {"stateMachineArn": "not_a_valid_arn"},
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
            id="an ARN without the prefix",
        ),
        pytest.param(
            {"stateMachineArn": "arn:aws:states"},
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: arn:aws:states'",
            id="an ARN that is cut short",
        ),
        pytest.param(
            {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:"},
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: arn:aws:states:us-east-1:123456789012:stateMachine:'",
            id="an ARN without a name",
        ),
        pytest.param(
            {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:express:orders:a:b"},
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: express'",
            id="the ARN of an express execution",
        ),
        pytest.param(
            {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:activity:orders"},
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: activity'",
            id="the ARN of an activity",
        ),
        pytest.param(
            {"stateMachineArn": "arn:aws:lambda:us-east-1:123456789012:function:orders"},
            "InvalidArn",
            "Invalid Arn: 'Service not valid in this context: lambda'",
            id="the ARN of another service",
        ),
        pytest.param(
            {"stateMachineArn": f"{ORDERS}z"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS}z'",
            id="no such machine",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS.replace("us-east-1", "eu-west-1")},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS.replace('us-east-1', 'eu-west-1')}'",
            id="the machine's name in another region",
        ),
        pytest.param(
            {"stateMachineArn": f"{ORDERS}#HappyPath"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS}#HappyPath'",
            id="a test case of Step Functions Local",
        ),
        pytest.param(
            {"stateMachineArn": f"{ORDERS}/label"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS}/label'",
            id="a Distributed Map's label",
        ),
        pytest.param(
            {"stateMachineArn": f"{ORDERS}:1"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS}:1'",
            id="a version that was not published",
        ),
        pytest.param(
            {"stateMachineArn": f"{ORDERS}:live"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS}:live'",
            id="an alias that was not created",
        ),
        pytest.param(
            {"stateMachineArn": f"{ORDERS}:1:2"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS}:1:2'",
            id="two qualifiers",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS.replace("orders", "slow")},
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
            id="a standard machine",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "name": "an order"},
            "InvalidName",
            "Invalid Name: 'an order'",
            id="a name with a blank",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "input": "not some json"},
            "InvalidExecutionInput",
            "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting "
            "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
            id="input that is no JSON",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "input": "{'not': 'json'"},
            "InvalidExecutionInput",
            "Invalid State Machine Execution Input: 'Unexpected character (''' (code 39)): "
            "was expecting double-quote to start field name'",
            id="input in single quotes",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "input": ""},
            "InvalidExecutionInput",
            "Invalid State Machine Execution Input: 'Invalid execution input.'",
            id="empty input",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "input": " \n"},
            "InvalidExecutionInput",
            "Invalid State Machine Execution Input: 'Invalid execution input.'",
            id="blank input",
        ),
        pytest.param(
            {},
            "ValidationException",
            constraint("Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null"),
            id="no ARN",
        ),
        pytest.param(
            {"stateMachineArn": ""},
            "ValidationException",
            constraint(
                "Value '' at 'stateMachineArn' failed to satisfy constraint: "
                "Member must have length greater than or equal to 1"
            ),
            id="an empty ARN",
        ),
        pytest.param(
            {"stateMachineArn": "a" * 257},
            "ValidationException",
            constraint(
                f"Value '{'a' * 257}' at 'stateMachineArn' failed to satisfy constraint: "
                "Member must have length less than or equal to 256"
            ),
            id="an ARN that is too long",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "name": "n" * 81},
            "ValidationException",
            constraint(
                f"Value '{'n' * 81}' at 'name' failed to satisfy constraint: "
                "Member must have length less than or equal to 80"
            ),
            id="a name that is too long",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "includedData": "SOME_DATA"},
            "ValidationException",
            constraint(
                "Value 'SOME_DATA' at 'includedData' failed to satisfy constraint: "
                "Member must satisfy enum value set: [ALL_DATA, METADATA_ONLY]"
            ),
            id="an unknown choice of data",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "traceHeader": "Root=é"},
            "ValidationException",
            constraint(
                "Value 'Root=é' at 'traceHeader' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: \\p{ASCII}*"
            ),
            id="a trace header that is not ASCII",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "traceHeader": "t" * 257},
            "ValidationException",
            constraint(
                f"Value '{'t' * 257}' at 'traceHeader' failed to satisfy constraint: "
                "Member must have length less than or equal to 256"
            ),
            id="a trace header that is too long",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "input": f'"{"x" * 262_143}"'},
            "ValidationException",
            constraint(
                "Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144"
            ),
            id="input of one byte too many, whose value is not shown",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "input": f'"{"é" * 131_072}"'},
            "ValidationException",
            constraint(
                "Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144"
            ),
            id="input is measured in UTF-8, not in characters",
        ),
        pytest.param(
            {"stateMachineArn": "", "includedData": "x"},
            "ValidationException",
            "2 validation errors detected: Value '' at 'stateMachineArn' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1; Value 'x' at 'includedData' failed to satisfy "
            "constraint: Member must satisfy enum value set: [ALL_DATA, METADATA_ONLY]",
            id="all broken constraints at once",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "input": {"a": 1}},
            "SerializationException",
            "Start of structure or map found where not expected.",
            id="an object where a string belongs",
        ),
        pytest.param(
            {"stateMachineArn": [ORDERS]},
            "SerializationException",
            "Start of list found where not expected",
            id="a list where a string belongs",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "name": 7},
            "SerializationException",
            "NUMBER_VALUE can not be converted to a String",
            id="a number where a string belongs",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "name": True},
            "SerializationException",
            "TRUE_VALUE can not be converted to a String",
            id="true where a string belongs",
        ),
        # the order of the checks
        pytest.param(
            {"stateMachineArn": "nonsense", "name": "n" * 81},
            "ValidationException",
            constraint(
                f"Value '{'n' * 81}' at 'name' failed to satisfy constraint: "
                "Member must have length less than or equal to 80"
            ),
            id="constraints come before the ARN",
        ),
        pytest.param(
            {"stateMachineArn": f"{ORDERS}z", "name": "a b", "input": "{"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{ORDERS}z'",
            id="the machine comes before name and input",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS.replace("orders", "slow"), "name": "a b"},
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
            id="the type comes before the name",
        ),
        pytest.param(
            {"stateMachineArn": ORDERS, "name": "a b", "input": "{"},
            "InvalidName",
            "Invalid Name: 'a b'",
            id="the name comes before the input",
        ),
    ],
)
def test_refused_request(answering: Answering, members: dict[str, Any], code: str, message: str) -> None:
    answer = answering.call(**members)
    assert (answer.status, answer.body) == (400, {"__type": code, "message": message})
    assert answering.executions == []


@pytest.mark.parametrize(
    "character", [*'<>{}[]?*"#%\\^|~`$&,;:/', " ", "\t", "\x00", "\x1f", "\x7f", "\x9f", "\ufffe", "\uffff"]
)
def test_names_refuse_each_forbidden_character(answering: Answering, character: str) -> None:
    answer = answering.call(stateMachineArn=ORDERS, name=f"order{character}")
    assert answer.body == {"__type": "InvalidName", "message": f"Invalid Name: 'order{character}'"}


def test_half_a_surrogate_pair_is_refused_and_answered_as_a_question_mark(answering: Answering) -> None:
    answer = answering.call(stateMachineArn=ORDERS, name="order\ud800")
    assert answer.body == {"__type": "InvalidName", "message": "Invalid Name: 'order?'"}


@pytest.mark.parametrize("name", ["a", "n" * 80, "bestellung-ä_1.2", "注文", "😀", "(a)=b+c@d!e'f"])
def test_names_that_are_accepted(answering: Answering, name: str) -> None:
    assert answering.call(stateMachineArn=ORDERS, name=name).body["name"] == name


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", "nonsense", "[" * 100_000], ids=repr)
def test_a_body_that_cannot_be_read(answering: Answering, body: bytes | str) -> None:
    answer = answering.send(body)
    assert answer.body == {"__type": "SerializationException", "message": "The request body is not valid JSON"}


def test_a_body_that_is_no_object(answering: Answering) -> None:
    answer = answering.send("[]")
    assert answer.body == {"__type": "SerializationException", "message": "Start of structure or map expected"}


def test_a_body_may_be_text_or_bytes_with_blanks_around_and_unknown_members(answering: Answering) -> None:
    body = f' {{"stateMachineArn": "{ORDERS}", "unknown": 1, "name": null}} '
    assert answering.send(body).status == 200
    assert answering.send(body.encode()).status == 200


def test_a_machine_that_is_being_deleted(answering: Answering) -> None:
    machine = answering.registry.find(ORDERS)
    assert machine is not None
    version = machine.publish_version()
    machine.mark_deleting()
    for arn in (ORDERS, version):
        assert answering.call(stateMachineArn=arn).body == {
            "__type": "StateMachineDeleting",
            "message": f"State Machine is being deleted: '{arn}'",
        }


def test_success_has_every_member(answering: Answering) -> None:
    answer = answering.call(stateMachineArn=ORDERS, name="first", input='{"n":  1}', traceHeader="Root=1-2-3")
    arn = answer.body.pop("executionArn")
    assert re.fullmatch(f"arn:aws:states:us-east-1:123456789012:express:orders:first:{UUID}", arn)
    assert answer.body == {
        "stateMachineArn": ORDERS,
        "name": "first",
        "startDate": 1_700_000_000.123,
        "stopDate": 1_700_000_000.123,
        "status": "SUCCEEDED",
        "input": '{"n":  1}',
        "inputDetails": {"included": True},
        "output": '{"n":  1}',
        "outputDetails": {"included": True},
        "traceHeader": "Root=1-2-3",
        "billingDetails": {"billedDurationInMilliseconds": 100, "billedMemoryUsedInMB": 64},
    }


def test_input_is_an_empty_object_where_it_is_not_given(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS).body
    assert (body["input"], body["output"]) == ("{}", "{}")
    assert answering.executions[0].input == {}
    assert "traceHeader" not in body


@pytest.mark.parametrize("text", ["2", '"some text"', "null", "[1, 2]", "true", "-0.5e3"])
def test_any_json_text_is_an_input(answering: Answering, text: str) -> None:
    body = answering.call(stateMachineArn=ORDERS, input=text).body
    assert body["input"] == text
    assert json.loads(body["output"]) == json.loads(text)


def test_an_input_of_exactly_the_limit_is_accepted(answering: Answering) -> None:
    assert answering.call(stateMachineArn=ORDERS, input=f'"{"x" * 262_142}"').status == 200


def test_failure_has_error_and_cause_and_no_output(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS.replace("orders", "broken")).body
    assert (body["status"], body["error"], body["cause"]) == ("FAILED", "Broken", "It broke.")
    assert "output" not in body
    assert body["outputDetails"] == {"included": True}  # recorded


def test_failure_without_error_and_cause_has_neither_member(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS.replace("orders", "silent")).body
    assert body["status"] == "FAILED"
    assert not body.keys() & {"error", "cause", "output"}


def test_timing_out_has_neither_error_nor_cause_nor_output_and_ends_to_the_second(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS.replace("orders", "endless")).body
    assert body["status"] == "TIMED_OUT"
    assert body["stopDate"] - body["startDate"] == 300
    assert body["billingDetails"]["billedDurationInMilliseconds"] == 300_000
    assert not body.keys() & {"error", "cause", "output"}
    assert body["inputDetails"] == body["outputDetails"] == {"included": True}


def test_five_seconds_of_wait_are_five_seconds(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS.replace("orders", "nap")).body
    assert body["stopDate"] == 1_700_000_005.123
    assert body["billingDetails"]["billedDurationInMilliseconds"] == 5000


@pytest.mark.parametrize("machine", ["orders", "broken", "endless"])
def test_metadata_only_leaves_out_the_data(answering: Answering, machine: str) -> None:
    body = answering.call(stateMachineArn=ORDERS.replace("orders", machine), includedData="METADATA_ONLY").body
    assert not body.keys() & {"input", "output", "error", "cause"}
    assert body["inputDetails"] == body["outputDetails"] == {"included": True}  # "Always true for API calls."
    assert body["billingDetails"]["billedMemoryUsedInMB"] == 64


def test_all_data_is_the_default(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS, includedData="ALL_DATA").body
    assert body.keys() == answering.call(stateMachineArn=ORDERS).body.keys()


def test_the_http_header_wins_over_the_trace_header_of_the_body(answering: Answering) -> None:
    answer = answering.call({"X-Amzn-Trace-Id": "Root=http"}, stateMachineArn=ORDERS, traceHeader="Root=body")
    assert answer.body["traceHeader"] == "Root=http"


def test_names_are_generated_and_may_be_used_again(answering: Answering) -> None:
    generated = [answering.call(stateMachineArn=ORDERS).body["name"] for _ in range(3)]
    assert len(set(generated)) == 3
    assert all(re.fullmatch(UUID, name) for name in generated)
    again = [answering.call(stateMachineArn=ORDERS, name="again").body["executionArn"] for _ in range(2)]
    assert len(set(again)) == 2


def test_generated_names_and_ids_are_repeatable() -> None:
    first, second = Answering(), Answering()
    assert first.call(stateMachineArn=first.arn()) == second.call(stateMachineArn=second.arn())


def test_versions_and_aliases_run_what_was_published_and_show_the_machines_own_arn(answering: Answering) -> None:
    machine = answering.registry.find(ORDERS)
    assert machine is not None
    version = machine.publish_version()
    alias = machine.create_alias("live", version)
    answering.arn("orders", FAIL, replace=True)
    for arn in (version, alias):
        body = answering.call(stateMachineArn=arn, name="x").body
        assert (body["status"], body["stateMachineArn"]) == ("SUCCEEDED", ORDERS)
        assert body["executionArn"].startswith("arn:aws:states:us-east-1:123456789012:express:orders:x:")
    assert answering.call(stateMachineArn=ORDERS).body["status"] == "FAILED"


def test_arns_carry_the_machines_partition_region_and_account(answering: Answering) -> None:
    arn = answering.arn("orders", region="cn-north-1", account_id="210987654321")
    body = answering.call(stateMachineArn=arn, name="x").body
    assert arn == "arn:aws-cn:states:cn-north-1:210987654321:stateMachine:orders"
    assert body["executionArn"].startswith("arn:aws-cn:states:cn-north-1:210987654321:express:orders:x:")


def test_headers_are_those_of_the_protocol(answering: Answering) -> None:
    response = answering.service.answer("StartSyncExecution", json.dumps({"stateMachineArn": ORDERS}))
    assert response is not None
    request_id = response.headers.pop("x-amzn-requestid")
    assert re.fullmatch(UUID, request_id)
    assert response.headers == {
        "date": "Tue, 14 Nov 2023 22:13:20 GMT",
        "content-type": "application/x-amz-json-1.0",
        "content-length": str(len(response.body)),
    }


def test_lone_surrogates_survive_the_wire(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS, input='"\\ud800 \ud800"').body
    assert body["input"] == '"\\ud800 \ud800"'


def test_each_run_is_handed_over_as_an_execution(answering: Answering) -> None:
    body = answering.call(stateMachineArn=ORDERS, name="first", input='{"n": 1}').body
    (execution,) = answering.executions
    assert (execution.arn, execution.name, execution.machine.name) == (body["executionArn"], "first", "orders")
    assert (execution.status, execution.input, execution.output) == ("SUCCEEDED", {"n": 1}, {"n": 1})
    moment = datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=timezone.utc)
    assert execution.response == {**body, "startDate": moment, "stopDate": moment}
    assert execution.run.started_at == NOON


def test_a_usage_error_in_a_run_goes_through_and_leaves_an_aborted_execution() -> None:
    seen: list[TaskCall] = []

    def invoke(call: TaskCall) -> TaskAnswer:
        seen.append(call)
        raise UnmockedTaskError("no mock")

    answering = Answering(invoke)
    with pytest.raises(UnmockedTaskError) as raised:
        answering.call(stateMachineArn=answering.arn("work", TASK), input="[1]")
    (execution,) = answering.executions
    assert isinstance(execution, Execution)
    assert (execution.status, execution.response, execution.path) == ("ABORTED", None, ["Only"])
    assert execution.calls == seen
    assert answering.service.usage_errors == [raised.value]


def test_what_else_a_handler_lets_through_aborts_the_execution_too() -> None:
    def invoke(call: TaskCall) -> TaskAnswer:
        raise KeyboardInterrupt

    answering = Answering(invoke)
    with pytest.raises(KeyboardInterrupt):
        answering.call(stateMachineArn=answering.arn("work", TASK))
    assert [execution.status for execution in answering.executions] == ["ABORTED"]
    assert answering.service.usage_errors == []


def test_the_invoker_is_asked_for_with_the_machine() -> None:
    answering = Answering(lambda call: TaskAnswer(result={"of": call.payload}))
    body = answering.call(stateMachineArn=answering.arn("work", TASK), input="7").body
    assert body["output"] == '{"of":7}'


def test_an_unknown_machine_leaves_a_note_with_the_registered_ones_nearest_first() -> None:
    answering = Answering()
    answering.arn("billing")
    machine = answering.registry.register("orders", PASS)
    machine.create_alias("live", machine.publish_version())
    answering.call(stateMachineArn=f"{ORDERS[:-1]}#Case")
    assert answering.service.notes == [
        f"StateMachineDoesNotExist was answered for '{ORDERS[:-1]}#Case'.\n"
        "No machine is named 'order#Case'. Did you mean 'orders'?\n"
        "Registered, nearest first:\n"
        f"  {ORDERS} (EXPRESS, :1, :live)\n"
        "  arn:aws:states:us-east-1:123456789012:stateMachine:billing (EXPRESS)\n"
        "A #suffix chooses a test case in Step Functions Local, and here if a mock config in use has the machine. AWS "
        "takes it for a part of the name."
    ]


def test_an_unknown_machine_in_an_empty_registry_leaves_a_note_that_says_how_to_register_one() -> None:
    answering = Answering()
    answering.call(stateMachineArn=ORDERS)
    assert answering.service.notes == [
        f"StateMachineDoesNotExist was answered for '{ORDERS}'. "
        "No machine is registered: register one with register(name, definition)."
    ]


def test_a_standard_machine_leaves_a_note(answering: Answering) -> None:
    answering.call(stateMachineArn=ORDERS.replace("orders", "slow"))
    assert answering.service.notes == [
        "StateMachineTypeNotSupported was answered because machine 'slow' is registered with type='STANDARD'."
    ]


def test_error_and_cause_are_cut_off_at_the_lengths_that_aws_documents() -> None:
    long = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "é" * 257, "Cause": "c" * 32_769}}}
    with SfnSync() as sfn:
        machine = sfn.register("long", long)
        answer = sfn.client().start_sync_execution(stateMachineArn=machine.arn)
    assert (answer["error"], answer["cause"]) == ("é" * 256, "c" * 32_768)
    assert sfn.last_execution.history[-1]["executionFailedEventDetails"] == {
        "error": answer["error"],
        "cause": answer["cause"],
    }
