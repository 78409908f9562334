"""Arguments of the wrong type or form at the public doors: which argument it is, what it takes, what was given."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from pytest_sfn_sync import (
    Execution,
    MockError,
    OptionError,
    SfnSync,
    SfnSyncUsageError,
    assert_failed,
    assert_succeeded,
    assert_timed_out,
    validate_definition,
)
from pytest_sfn_sync.argument_checks import DOORS, WrongArgumentError, check_arguments
from pytest_sfn_sync.service.author_runs import StateResult

PASS: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
TEMPLATE = """
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
"""
HUGE = 10**5_000
REGION = "the name of a region such as 'eu-west-1'"
CODE = "the code of an error, such as 'ThrottlingException'"
MACHINE = "a machine, its name or its ARN, or None for all machines"
VARIABLES = "a dict with values by the names of variables, or None for no variables"
VERSION = "the number or the ARN of a published version"


class Broken:
    def __repr__(self) -> str:
        raise ZeroDivisionError


def alias(sfn: SfnSync, **arguments: Any) -> str:
    machine = sfn.register("orders", PASS)
    machine.publish_version()
    return machine.create_alias(**arguments)


def run(sfn: SfnSync, **arguments: Any) -> Execution:
    return sfn.register("orders", PASS).run(**arguments)


def trial(sfn: SfnSync, state: Any = "A", **arguments: Any) -> StateResult:
    return sfn.register("orders", PASS).test_state(state, **arguments)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda sfn: sfn.register("orders", PASS, region=5),
            OptionError,
            f"register takes region= as {REGION}, or None for the fake's own, not 5.",
        ),
        (
            lambda sfn: sfn.register("orders", PASS, region="\x1b[2J"),
            OptionError,
            f"register takes region= as {REGION}, or None for the fake's own, not '\\x1b[2J'.",
        ),
        (
            lambda sfn: sfn.register("orders", PASS, account_id=123456789012),
            OptionError,
            "register takes account_id= as a str of 12 digits, or None for the fake's own, not 123456789012.",
        ),
        (
            lambda sfn: sfn.register("orders", PASS, role_arn=[]),
            OptionError,
            "register takes role_arn= as a str, or None for a role of the fake's own, not [].",
        ),
        (
            lambda sfn: sfn.register("orders", PASS, replace="no"),
            OptionError,
            "register takes replace= as True or False, not 'no'.",
        ),
        (
            lambda sfn: sfn.register("orders", PASS, type=["EXPRESS"]),
            OptionError,
            "Machine 'orders' has the type ['EXPRESS']; write 'EXPRESS' or 'STANDARD'.",
        ),
        (
            lambda sfn: sfn.inject_error([]),
            MockError,
            f"inject_error takes code= as {CODE}, not [].",
        ),
        (
            lambda sfn: sfn.inject_error("ThrottlingException", operation={"a": 1}),
            MockError,
            "inject_error takes operation= as a str, or None for all operations, not {'a': 1}.",
        ),
        (
            lambda sfn: sfn.inject_error("ThrottlingException", message=5),
            MockError,
            "inject_error takes message= as a str, or None for AWS's own text, not 5.",
        ),
        (
            lambda sfn: sfn.inject_error("ThrottlingException", machine=5),
            MockError,
            f"inject_error takes machine= as {MACHINE}, not 5.",
        ),
        (
            lambda sfn: sfn.inject_error("ThrottlingException", machine=""),
            MockError,
            f"inject_error takes machine= as {MACHINE}, not ''.",
        ),
        (
            lambda sfn: run(sfn, variables="{}"),
            WrongArgumentError,
            f"run takes variables= as {VARIABLES}, not '{{}}'.",
        ),
        (
            lambda sfn: run(sfn, start_at=["A"]),
            WrongArgumentError,
            "run takes start_at= as the name of a state, or None for the machine's own StartAt, not ['A'].",
        ),
        (
            lambda sfn: run(sfn, stop_after=5),
            WrongArgumentError,
            "run takes stop_after= as the name of a state, or None for the end of the machine, not 5.",
        ),
        (
            lambda sfn: run(sfn, name=5),
            WrongArgumentError,
            "run takes name= as a str, or None for a generated name, not 5.",
        ),
        (
            lambda sfn: run(sfn).assert_path(["A"]),  # type: ignore[arg-type]
            WrongArgumentError,
            "assert_path takes *names as the names of states, one by one, such as assert_path('Charge', 'Ship'), "
            "not (['A'],).",
        ),
        (lambda sfn: trial(sfn, None), WrongArgumentError, "test_state takes state= as the name of a state, not None."),
        (
            lambda sfn: trial(sfn, context=[1]),
            WrongArgumentError,
            "test_state takes context= as a dict in place of the context object, or None for the state's own, not [1].",
        ),
        (
            lambda sfn: trial(sfn, retries=-1),
            WrongArgumentError,
            "test_state takes retries= as the number of retries made before, 0 or more, not -1.",
        ),
        (
            lambda sfn: trial(sfn, retries="x"),
            WrongArgumentError,
            "test_state takes retries= as the number of retries made before, 0 or more, not 'x'.",
        ),
        (
            lambda sfn: trial(sfn, raises=5),
            WrongArgumentError,
            "test_state takes raises= as a TaskError or the name of an error, or None for no error, not 5.",
        ),
        (
            lambda sfn: trial(sfn, variables=[]),
            WrongArgumentError,
            f"test_state takes variables= as {VARIABLES}, not [].",
        ),
        (
            lambda sfn: trial(sfn, validate="no"),
            WrongArgumentError,
            "test_state takes validate= as 'strict', 'present' or 'none', or None for the option validate_mocks, "
            "not 'no'.",
        ),
        (lambda sfn: sfn.raises({}), MockError, f"raises takes code= as {CODE}, not {{}}."),
        (
            lambda sfn: sfn.raises("StateMachineDoesNotExist", match="("),
            MockError,
            "raises takes match= as a regular expression of at most 100,000 characters, or None for any message, "
            "not '('.",
        ),
        (
            lambda sfn: sfn.use_mock_config({"StateMachines": {}}, case=[]),
            MockError,
            "use_mock_config takes case= as the name of a test case, or None for no case, not [].",
        ),
        (
            lambda sfn: sfn.use_mock_config(case=5),
            MockError,
            "use_mock_config takes case= as the name of a test case, or None for no case, not 5.",
        ),
        (
            lambda sfn: sfn.use_lambda_handlers(["app.handler"]),
            MockError,
            "use_lambda_handlers takes handlers by function, such as {'charge': 'app.charge:handler'}, "
            "not ['app.handler'].",
        ),
        (
            lambda sfn: sfn.use_clients([[]]),
            MockError,
            "use_clients: a service is named by a str such as 'dynamodb', not [].",
        ),
        (
            lambda sfn: sfn.attach(None),
            MockError,
            "attach takes client= as a client of boto3, botocore or aiobotocore, not None.",
        ),
        (
            lambda sfn: alias(sfn, name=5, version=1),
            OptionError,
            "create_alias takes name= as the name of the alias, not 5.",
        ),
        (
            lambda sfn: alias(sfn, name="live", version=True),
            OptionError,
            f"create_alias takes version= as {VERSION}, not True.",
        ),
        (
            lambda sfn: alias(sfn, name="live", version="9" * 5_000),
            OptionError,
            "Alias 'live' of machine 'orders' names version '"
            + "9" * 199
            + "..., which was not published (published: 1).",
        ),
        (
            lambda sfn: sfn.mock_task("A", returns=1, takes=HUGE),
            MockError,
            "mock_task('A'): takes= takes seconds of virtual time, at most 99,999,999, "
            "not an int of about 5,001 digits.",
        ),
        (
            lambda sfn: sfn.mock_task("A", returns=1, takes=1e308),
            MockError,
            "mock_task('A'): takes= takes seconds of virtual time, at most 99,999,999, not 1e+308.",
        ),
        (
            lambda sfn: sfn.mock_task(Broken(), returns=1),
            MockError,
            "mock_task takes the name of a state, not <Broken whose __repr__ fails>.",
        ),
        (
            lambda sfn: validate_definition(PASS, type={}),  # type: ignore[arg-type]
            OptionError,
            "A definition can't be checked as one of the type {}; write 'EXPRESS' or 'STANDARD'.",
        ),
    ],
    ids=lambda value: value.replace("\x1b", "ESC") if isinstance(value, str) else "",
)
def test_wrong_arguments(call: Callable[[Any], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        call(SfnSync())
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"parameters": {"AWS::Region": 5}},
            f"load_template takes 'AWS::Region' in parameters= as {REGION}, not 5.",
            id="a region",
        ),
        pytest.param(
            {"parameters": {"Stage": HUGE}},
            "load_template can't use the value of 'Stage' in parameters=: an int of about 5,001 digits is not JSON.",
            id="a number that AWS can't read",
        ),
        pytest.param(
            {"resources": {"Queue": {"Ref": {1: 2}}}},
            "load_template can't use the value of 'Queue' in resources=: it has the key 1, which is an int, not a str.",
            id="a key that is no text",
        ),
        pytest.param(
            {"resources": {"Queue": object}},
            "load_template can't use the value of 'Queue' in resources=: <class 'object'> is not JSON.",
            id="no JSON",
        ),
        pytest.param({"replace": 1}, "load_template takes replace= as True or False, not 1.", id="a flag"),
        pytest.param(
            {"parameters": ["Stage"]},
            "load_template takes parameters= as a dict with names as its keys, not ['Stage'].",
            id="a list",
        ),
    ],
)
def test_wrong_arguments_of_templates(arguments: Any, message: str, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    with pytest.raises(OptionError) as raised:
        SfnSync().load_template(tmp_path / "template.yaml", **arguments)
    assert str(raised.value) == message


def test_a_value_that_is_shared_a_billion_times_is_refused(tmp_path: Path) -> None:
    value: Any = "x"
    for _ in range(30):
        value = [value, value]
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    with pytest.raises(OptionError, match="value of 'Stage' in parameters=: it is too large"):
        SfnSync().load_template(tmp_path / "template.yaml", parameters={"Stage": value})


def test_a_machine_is_looked_up_by_a_name(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    template = SfnSync().load_template(tmp_path / "template.yaml")
    with pytest.raises(KeyError, match=r"has machines by their names, not by \[\]"):
        template[[]]  # type: ignore[index]


@pytest.mark.parametrize("check", [assert_succeeded, assert_failed, assert_timed_out])
@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param(None, "this takes an Execution, or the dict that start_sync_execution returned", id="None"),
        pytest.param({"status": "FAILED", "output": 5}, "the output of a response is JSON text", id="a number"),
        pytest.param({"status": "FAILED", "output": "{"}, "the output of a response is JSON text", id="no JSON"),
        pytest.param({"status": "FAILED", "output": "[" * 10**5}, "the output of a response is JSON text", id="depth"),
    ],
)
def test_what_is_no_outcome(check: Callable[[Any], None], value: Any, why: str) -> None:
    with pytest.raises(SfnSyncUsageError, match=f"^{why}") as raised:
        check(value)
    assert isinstance(raised.value, TypeError)


def test_a_compiled_pattern_may_be_matched() -> None:
    check_arguments("raises", code="ThrottlingException", match=re.compile("slow"))
    with pytest.raises(MockError):
        check_arguments("raises", code="ThrottlingException", match=re.compile(b"slow"))


@pytest.mark.parametrize("method", DOORS)
def test_each_door_is_a_method(method: str) -> None:
    machine = SfnSync().register("orders", PASS)
    assert any(callable(getattr(owner, method, None)) for owner in (SfnSync, machine, Execution))


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("a\0b", "'a\\x00b': a path can't have the character '\\x00'.", id="NUL"),
        pytest.param("s3://bucket/page.html", "it is a URL, not a path", id="an object of S3"),
        pytest.param(5, "5: it is no path.", id="a number"),
    ],
)
def test_a_page_is_written_to_a_path(path: Any, why: str) -> None:
    with SfnSync() as sfn:
        sfn.client().start_sync_execution(stateMachineArn=sfn.register("orders", PASS).arn)
    with pytest.raises(OptionError, match=f"^save_html can't write to .*{re.escape(why)}"):
        sfn.last_execution.save_html(path)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        pytest.param(lambda sfn, machine: sfn.register("b", PASS, type=ANY), "the type <ANY>; write", id="a type"),
        pytest.param(
            lambda sfn, machine: machine.test_state("A", {}, returns=1, validate=ANY), "not <ANY>", id="validate="
        ),
        pytest.param(lambda sfn, machine: SfnSync(validate_mocks=ANY), "validate_mocks=<ANY>", id="an option"),
        pytest.param(
            lambda sfn, machine: machine.run({}).state(10**5000),
            "has no state an int of about 5,001 digits. Nearest: 'A'.",
            id="a state that is a number",
        ),
    ],
)
def test_what_only_says_it_is_equal_or_is_no_name(call: Any, told: str) -> None:
    with SfnSync() as sfn:
        machine = sfn.register("a", PASS)
        with pytest.raises(SfnSyncUsageError) as refused:
            call(sfn, machine)
        assert told in str(refused.value)
        sfn.usage_errors.clear()
