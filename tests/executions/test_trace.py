"""The lines of a trace besides states and attempts: rules, retriers, catchers, variables; and its colours.

The trace as a whole is in `test_executions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_sfn_sync import MockError, SfnSync, TaskError
from pytest_sfn_sync.executions.trace_colours import coloured
from tests.diagrams.orders import START, execute, order_execution
from tests.machines import CHARGE_ARN, machine_of

RED, GREEN, YELLOW, MAGENTA, BOLD, DIM = (f"\x1b[{code}m" for code in (31, 32, 33, 35, 1, 2))
END = "\x1b[0m"


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=1) as sfn:
        yield sfn


def lines_of(sfn: SfnSync, definition: dict[str, Any], document: Any = None) -> list[str]:
    """The lines of the trace without the first two."""
    return execute(sfn, definition, document).trace().splitlines()[2:]


CHOICE = machine_of(
    {
        "Pick": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.n", "NumericLessThan": 5, "Next": "Small"},
                {"Variable": "$.n", "NumericEquals": 5, "Next": "Five", "Assign": {"is_five": True}},
            ],
            "Default": "Large",
        },
        "Small": {"Type": "Succeed"},
        "Five": {"Type": "Succeed"},
        "Large": {"Type": "Succeed"},
    }
)


@pytest.mark.parametrize(
    ("number", "lines"),
    [
        pytest.param(1, ["Choices[0] ($.n < 5) goes on to Small"], id="by a rule"),
        pytest.param(
            5, ["Choices[1] ($.n == 5) goes on to Five", 'assigns {"is_five": true}'], id="by a rule that assigns"
        ),
        pytest.param(9, ["Default goes on to Large"], id="by default"),
    ],
)
def test_a_choice_shows_by_which_rule_it_is_left(sfn: SfnSync, number: int, lines: list[str]) -> None:
    written = lines_of(sfn, CHOICE, {"n": number})

    assert written[1:-2] == [f"        +0 s    {line}" for line in lines]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        pytest.param({}, "no rule matches, and there is no Default", id="no rule and no default"),
        pytest.param(
            {"OutputPath": "$.missing", "Default": "Small"},
            "Default is chosen",
            id="by default, with an output that fails",
        ),
        pytest.param(
            {"OutputPath": "$.missing", "InputPath": "$.small"},
            "Choices[0] ($.n < 5) is chosen",
            id="by a rule, with an output that fails",
        ),
    ],
)
def test_a_choice_that_is_not_left_goes_nowhere(sfn: SfnSync, fields: dict[str, Any], line: str) -> None:
    rule = {"Variable": "$.n", "NumericLessThan": 5, "Next": "Small"}
    pick = {"Type": "Choice", "Choices": [rule], **fields}

    written = lines_of(sfn, machine_of({"Pick": pick, "Small": {"Type": "Succeed"}}), {"n": 9, "small": {"n": 1}})

    assert written[0].endswith(" -> failed")
    assert written[1] == f"        +0 s    {line}"


def test_a_catcher_whose_output_fails_goes_nowhere(sfn: SfnSync) -> None:
    catcher = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.list.problem", "Next": "Done"}
    charge = {"Type": "Task", "Resource": CHARGE_ARN, "Catch": [catcher], "End": True}
    sfn.mock_lambda("charge-card", raises=TaskError("Busy"))

    definition = machine_of({"Charge": charge, "Done": {"Type": "Succeed"}})
    written = lines_of(sfn, definition, {"list": [1]})

    assert written[:3] == [
        '        +0 s  Charge (Task): {"list": [1]} -> failed',
        """        +0 s    function charge-card {"list": [1]} -> error Busy, by mock_lambda('charge-card')""",
        "        +0 s    Catch[0] takes Busy",
    ]
    assert 's1 -.->|"catch States.ALL"| s2' in sfn.last_execution.to_mermaid()


@pytest.mark.parametrize("kind", ["Map", "Parallel"])
def test_work_that_is_done_again_because_its_result_has_no_place(sfn: SfnSync, kind: str) -> None:
    within = machine_of({"Rest": {"Type": "Wait", "Seconds": 1}})
    work = {"Branches": [within]} if kind == "Parallel" else {"ItemsPath": "$.list", "ItemProcessor": within}
    each = {
        "Type": kind,
        **work,
        "ResultPath": "$.list.done",
        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Done"}],
    }

    written = lines_of(sfn, machine_of({"Each": each, "Done": {"Type": "Pass"}}), {"list": [1]})

    error = "States.ReferencePathConflict"
    assert [line.partition(": ")[0].strip() for line in written] == [
        f"+0 s  Each ({kind})",
        f"+0 s    {'branch' if kind == 'Parallel' else 'iteration'} 0",
        "+0 s      Rest (Wait)",
        f"+1 s    Retry[0] takes {error}, waits 1 s",
        "+2 s    retry 1",
        f"+2 s    {'branch' if kind == 'Parallel' else 'iteration'} 0",
        "+2 s      Rest (Wait)",
        f"+3 s    Catch[0] takes {error}, goes on to Done",
        "+3 s  Done (Pass)",
        'output  {"list"',
    ]


@pytest.mark.parametrize(
    ("resource", "parameters", "target"),
    [
        pytest.param("lambda:invoke", {"FunctionName": CHARGE_ARN}, "charge-card", id="an ARN"),
        pytest.param("lambda:invoke", {"FunctionName": f"{CHARGE_ARN}:live"}, "charge-card:live", id="a qualified ARN"),
        pytest.param(
            "lambda:invoke", {"FunctionName": "charge-card", "Qualifier": "live"}, "charge-card:live", id="a Qualifier"
        ),
        pytest.param("aws-sdk:lambda:invoke", {"FunctionName": CHARGE_ARN}, "charge-card", id="the SDK integration"),
    ],
)
@pytest.mark.parametrize(
    ("result", "answer"),
    [
        pytest.param({"StatusCode": 200, "Payload": 7}, '{"Payload": 7, "StatusCode": 200}', id="a short result"),
        pytest.param(
            {"ExecutedVersion": "$LATEST" * 20, "Payload": {"receipt": "R-7"}, "StatusCode": 200},
            '{"Payload": {"receipt": "R-7"}, ...}',
            id="a long envelope",
        ),
        pytest.param(
            {"Payload": {"receipt": "R" * 100}},
            f'{{"Payload": {{"receipt": "{"R" * 62} ...(20 characters)... {"R" * 18}"}}}}',
            id="a long result",
        ),
        pytest.param({"StatusCode": 202}, '{"StatusCode": 202}', id="no Payload"),
    ],
)
def test_a_call_of_a_function_shows_the_function_its_event_and_its_result_first(
    sfn: SfnSync, resource: str, parameters: dict[str, Any], target: str, result: Any, answer: str
) -> None:
    parameters = {"InvocationType": "RequestResponse", **parameters, "Payload": {"amount": 5}}
    charge = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters}
    sfn.mock_task("Charge", returns=result, validate="none")

    written = lines_of(sfn, machine_of({"Charge": charge}))

    by = "by mock_task('Charge')"
    assert written[1] == f'        +0 s    {resource} {target} {{"amount": 5}} -> {answer}, {by}'


def test_half_a_surrogate_pair_is_escaped(sfn: SfnSync) -> None:
    states = {"Greet\ud83d": {"Type": "Pass"}}

    assert execute(sfn, machine_of(states), {"smile": "\ud83d"}).trace().splitlines()[1:] == [
        r'  input   {"smile": "\ud83d"}',
        r"""        +0 s  'Greet\ud83d' (Pass): {"smile": "\ud83d"} -> {"smile": "\ud83d"}""",
        r'  output  {"smile": "\ud83d"}',
    ]


def test_choices_of_iterations_at_the_same_time_are_kept_apart(sfn: SfnSync) -> None:
    each = {"Type": "Map", "ItemSelector": {"n.$": "$$.Map.Item.Value"}, "ItemProcessor": CHOICE}
    written = lines_of(sfn, machine_of({"Each": each}), [9, 1, 5])

    assert [line.split(None, 2)[2].split(" goes")[0] for line in written if "goes on to" in line] == [
        "Default",
        "Choices[0] ($.n < 5)",
        "Choices[1] ($.n == 5)",
    ]


def test_variables_are_shown_when_the_state_is_left(sfn: SfnSync) -> None:
    states = {"Rest": {"Type": "Wait", "Seconds": 3, "Assign": {"rested": True}}, "Done": {"Type": "Succeed"}}

    assert lines_of(sfn, machine_of(states))[:3] == [
        "        +0 s  Rest (Wait): {} -> {}",
        '        +3 s    assigns {"rested": true}',
        "        +3 s  Done (Succeed): {} -> {}",
    ]


def test_errors_of_iterations_at_the_same_time_are_kept_apart(sfn: SfnSync) -> None:
    charge = {
        "Type": "Task",
        "Resource": CHARGE_ARN,
        "Retry": [
            {"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 1},
            {"ErrorEquals": ["Slow"], "IntervalSeconds": 7, "MaxAttempts": 2, "BackoffRate": 3},
        ],
        "Catch": [{"ErrorEquals": ["Busy"], "Next": "A"}, {"ErrorEquals": ["States.ALL"], "Next": "B"}],
        "End": True,
    }
    processor = machine_of({"Charge": charge, "A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}})
    sfn.mock_lambda("charge-card", calls=fail_with)

    written = lines_of(
        sfn, machine_of({"Each": {"Type": "Map", "ItemProcessor": processor}}), ["Slow", "Busy", "Other"]
    )

    assert [line.strip() for line in written if "takes" in line or "iteration" in line] == [
        "+0 s    iteration 0",
        "+0 s        Retry[1] takes Slow, waits 7 s",
        "+7 s        Retry[1] takes Slow, waits 21 s",
        "+28 s        Catch[1] takes Slow, goes on to B",
        "+0 s    iteration 1",
        "+0 s        Retry[0] takes Busy, waits 2 s",
        "+2 s        Catch[0] takes Busy, goes on to A",
        "+0 s    iteration 2",
        "+0 s        Catch[1] takes Other, goes on to B",
    ]


def fail_with(name: str) -> None:
    raise TaskError(name)


def test_an_error_that_no_event_reports_is_shown(sfn: SfnSync) -> None:
    """ResultPath can't be applied: the attempt itself succeeded."""
    charge = {
        "Type": "Task",
        "Resource": CHARGE_ARN,
        "ResultPath": "$.a.b",
        "Retry": [{"ErrorEquals": ["States.ReferencePathConflict"], "MaxAttempts": 1}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
        "End": True,
    }
    sfn.mock_lambda("charge-card", returns=7)

    written = lines_of(
        sfn, machine_of({"Charge": charge, "Sorry": {"Type": "Succeed", "OutputPath": "$.Error"}}), {"a": 1}
    )

    assert [line.partition(" -> ")[0] for line in written[:5]] == [
        '        +0 s  Charge (Task): {"a": 1}',
        '        +0 s    function charge-card {"a": 1}',
        "        +0 s    Retry[0] takes States.ReferencePathConflict, waits 1 s",
        '        +1 s    retry 1: function charge-card {"a": 1}',
        "        +1 s    Catch[0] takes States.ReferencePathConflict, goes on to Sorry",
    ]
    assert written[0].partition(" -> ")[2].startswith("caught States.ReferencePathConflict, {")


def test_a_fail_without_an_error_name_can_be_caught(sfn: SfnSync) -> None:
    both = {
        "Type": "Parallel",
        "Branches": [machine_of({"Stop": {"Type": "Fail"}})],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}],
        "End": True,
    }

    written = lines_of(sfn, machine_of({"Both": both, "Done": {"Type": "Succeed"}}))

    assert written[0] == '        +0 s  Both (Parallel): {} -> caught, {"Error": "", "Cause": ""}'
    assert written[3] == "        +0 s    Catch[0] takes an error without a name, goes on to Done"


def test_a_name_that_would_break_the_line_is_quoted(sfn: SfnSync) -> None:
    assert lines_of(sfn, machine_of({"two\nlines": {"Type": "Succeed"}}))[0] == (
        r"        +0 s  'two\nlines' (Succeed): {} -> {}"
    )


def test_branches_that_are_cut_off_differ_from_those_that_failed(sfn: SfnSync) -> None:
    bad = machine_of({"Bad": {"Type": "Pass", "InputPath": "$.no"}})
    rest = machine_of({"Rest": {"Type": "Wait", "Seconds": 5}})

    written = lines_of(sfn, machine_of({"Both": {"Type": "Parallel", "Branches": [rest, bad]}}))

    assert written[:5] == [
        "        +0 s  Both (Parallel): {} -> failed",
        "        +0 s    branch 0",
        "        +0 s      Rest (Wait): {} -> not left",
        "        +0 s    branch 1",
        "        +0 s      Bad (Pass): {} -> failed",
    ]


def test_colours_take_nothing_from_the_text() -> None:
    execution = order_execution(
        charge=[TaskError("Card.Busy"), TaskError("Card.Declined", "no money")], document={"amount": 5}
    )

    written = execution.trace(color=True)

    assert re.sub(r"\x1b\[\d+m", "", written) == execution.trace()
    assert execution.trace() == execution.trace(color=False)
    problem = '{"amount": 5, "problem": {"Error": "Card.Declined", "Cause": "no money"}}'
    by = "by mock_lambda('charge-card')"
    assert written.splitlines() == [
        f"{BOLD}orders{END}: {RED}FAILED{END} after 2 s (execution run-1)",
        '  input   {"amount": 5}',
        f'{DIM}        +0 s  {END}{BOLD}IsLarge (Choice){END}: {{"amount": 5}} -> {{"amount": 5}}',
        f"{DIM}        +0 s    {END}Default goes on to Charge",
        f"{DIM}        +0 s  {END}{BOLD}Charge (Task){END}: "
        f'{{"amount": 5}} -> {YELLOW}caught Card.Declined{END}, {problem}',
        f'{DIM}        +0 s    {END}function charge-card {{"amount": 5}} -> {RED}error Card.Busy, {by}{END}',
        f"{DIM}        +0 s    {END}{YELLOW}Retry[0] takes Card.Busy, waits 2 s{END}",
        f"{DIM}        +2 s    {END}retry 1: "
        f'function charge-card {{"amount": 5}} -> {RED}error Card.Declined: no money, {by}{END}',
        f"{DIM}        +2 s    {END}{YELLOW}Catch[0] takes Card.Declined, goes on to Reject{END}",
        f"{DIM}        +2 s  {END}{BOLD}Reject (Fail){END}: {problem} -> {RED}fails{END}",
        f"{RED}  error   Order.Rejected{END}",
        f"{RED}  cause   see the problem{END}",
    ]


@pytest.mark.parametrize(
    ("line", "painted"),
    [
        pytest.param(
            "orders: SUCCEEDED after 0 s (execution a)",
            f"{BOLD}orders{END}: {GREEN}SUCCEEDED{END} after 0 s (execution a)",
            id="a success",
        ),
        pytest.param(
            "orders: TIMED_OUT after 150 s (execution a)",
            f"{BOLD}orders{END}: {MAGENTA}TIMED_OUT{END} after 150 s (execution a)",
            id="a time-out",
        ),
        pytest.param("  note    timed out", f"{MAGENTA}  note    timed out{END}", id="a note"),
        pytest.param(
            "        +0 s  A (Wait): {} -> not left",
            f"{DIM}        +0 s  {END}{BOLD}A (Wait){END}: {{}} -> {MAGENTA}not left{END}",
            id="a state that was cut off",
        ),
        pytest.param(
            "     +0.25 s    iteration 3 (failed)",
            f"{DIM}     +0.25 s    {END}{RED}iteration 3 (failed){END}",
            id="an iteration that failed",
        ),
        pytest.param("a line of something else -> failed", "a line of something else -> failed", id="another line"),
        pytest.param("                ... 250 more lines", "                ... 250 more lines", id="a gap"),
    ],
)
def test_lines_that_are_known_are_coloured(line: str, painted: str) -> None:
    assert coloured(f"before\n{line}\nafter") == f"before\n{painted}\nafter"


def test_each_answer_says_who_gave_it(sfn: SfnSync) -> None:
    child = sfn.register("child", {"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}})
    start = {"StateMachineArn": child.arn}
    tasks = {
        "ByState": {"Type": "Task", "Resource": CHARGE_ARN},
        "ByFunction": {"Type": "Task", "Resource": CHARGE_ARN},
        "ByHandler": {"Type": "Task", "Resource": f"{CHARGE_ARN}-again"},
        "ByFile": {"Type": "Task", "Resource": CHARGE_ARN},
        "ByMachine": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
            "Parameters": start,
        },
    }
    sfn.mock_task("ByState", returns=1)
    sfn.mock_lambda("charge-card", returns=2)
    sfn.use_lambda_handlers({"charge-card-again": lambda event, context: 3})
    cases = {"Paid": {"ByFile": "Charged"}}
    config = {
        "StateMachines": {"orders": {"TestCases": cases}},
        "MockedResponses": {"Charged": {"0": {"Return": 4}}},
    }
    sfn.use_mock_config(config, case="Paid")

    execution = execute(sfn, machine_of(tasks))

    names = [
        "mock_task('ByState')",
        "mock_lambda('charge-card')",
        "use_lambda_handlers('charge-card-again')",
        "test case 'Paid' of the mock config",
        "state machine 'child'",
    ]
    assert [call.answered_by for call in execution.calls] == names
    written = [line for line in execution.trace().splitlines() if ", by " in line]
    assert [line.rpartition(", by ")[2] for line in written] == names


def test_an_answer_that_comes_too_late_still_says_who_gave_it(sfn: SfnSync) -> None:
    sfn.mock_lambda("charge-card", returns=1, takes=9)
    charge = {"Type": "Task", "Resource": CHARGE_ARN, "TimeoutSeconds": 5, "End": True}

    written = lines_of(sfn, machine_of({"Charge": charge}), {})

    assert (
        written[1] == "        +0 s    function charge-card {} -> error States.Timeout, by mock_lambda('charge-card')"
    )


def test_who_gave_no_answer(sfn: SfnSync) -> None:
    sfn.mock_lambda("charge-card", responses=[1])
    charge = {"Type": "Task", "Resource": CHARGE_ARN}

    with pytest.raises(MockError, match="has run out of responses"):
        execute(sfn, machine_of({"First": charge, "Second": charge}))
    sfn.usage_errors.clear()

    last = sfn.last_execution.trace().splitlines()[-1]
    assert last == "        +0 s    function charge-card 1 -> no answer from mock_lambda('charge-card')"
