"""``--sfn-failures``: the failure cases of definitions as items, held against the tables beside the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.machines import machine_of
from tests.plugin.conftest import PLAIN
from tests.recorded_histories.histories import BUSY_ONCE, ORDERS

TABLE = """\
# Failures of orders.asl.json

What the machine does when one of its tasks fails. `pytest --sfn-failures orders.asl.json` compares each case with this
table; with `--sfn-failures-update` it writes the table again. The input and the results of the tasks are yours to
change:

```json
{
  "input": {
    "amount": 5
  },
  "results": {
    "Charge": {
      "receipt": "R-7"
    },
    "Save": {}
  }
}
```

| case                     | handled by       | path             | end                   |
|--------------------------|------------------|------------------|-----------------------|
| Charge-Gateway.Busy      | Retry[0] 2 times | Charge           | FAILED: Gateway.Busy  |
| Charge-Card.Declined     | Catch[0]         | Charge > Decline | FAILED: OrderDeclined |
| Charge-UnnamedError      | nothing          | Charge           | FAILED: UnnamedError  |
| Charge-timeout           | nothing          | Charge           | TIMED_OUT             |
| Charge-Gateway.Busy-once | Retry[0]         | Charge > Save    | SUCCEEDED             |
| Save-UnnamedError        | nothing          | Charge > Save    | FAILED: UnnamedError  |
| Save-timeout             | nothing          | Charge > Save    | TIMED_OUT             |
"""

UPDATE = ("--sfn-failures", "orders.asl.json", "--sfn-failures-update")


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    (pytester.path / "orders.asl.json").write_text(json.dumps(ORDERS), encoding="utf-8")
    (pytester.path / "orders.failures.md").write_text(TABLE, encoding="utf-8")
    return pytester.path


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_all_cases_end_as_the_table_says(project: Path, pytester: pytest.Pytester) -> None:
    result = pytester.runpytest(*PLAIN, "-v", "--sfn-failures", ".")

    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(["orders.asl.json::Charge-Card.Declined PASSED*"])


def test_an_update_keeps_the_settings_and_writes_the_rows_again(project: Path, pytester: pytest.Pytester) -> None:
    change(project / "orders.failures.md", "| Charge > Save    | SUCCEEDED ", "| Charge           | TIMED_OUT ")

    result = pytester.runpytest(*PLAIN, *UPDATE)

    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(["*- wrote orders.failures.md -*"])
    assert (project / "orders.failures.md").read_text(encoding="utf-8") == TABLE


def test_a_list_of_the_cases_writes_nothing(project: Path, pytester: pytest.Pytester) -> None:
    (project / "orders.failures.md").unlink()

    pytester.runpytest(*PLAIN, *UPDATE, "--collect-only").stdout.fnmatch_lines(["*7 tests collected*"])
    assert not (project / "orders.failures.md").exists()


def test_a_changed_catch_target_turns_exactly_its_item_red(project: Path, pytester: pytest.Pytester) -> None:
    other = machine_of({**ORDERS["States"], "Refuse": {"Type": "Fail", "Error": "OrderRefused"}})
    other["States"]["Charge"]["Catch"] = [{"ErrorEquals": ["Card.Declined"], "Next": "Refuse"}]
    del other["States"]["Decline"]
    (project / "orders.asl.json").write_text(json.dumps(other), encoding="utf-8")

    result = pytester.runpytest(*PLAIN, "-v", "--sfn-failures", "orders.asl.json")

    result.assert_outcomes(passed=6, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ orders.asl.json: Charge-Card.Declined _*",
            "The case Charge-Card.Declined does not end as orders.failures.md says.",
            "  path        stored  Charge > Decline",
            "              now     Charge > Refuse",
            "  end         stored  FAILED: OrderDeclined",
            "              now     FAILED: OrderRefused",
            "If the change is meant, write the table: pytest --sfn-failures orders.asl.json --sfn-failures-update",
            "orders: FAILED after 0 s *",
            "*Catch[[]0[]] takes Card.Declined*",
        ],
        consecutive=False,
    )


def test_without_a_table_each_item_says_how_to_begin(project: Path, pytester: pytest.Pytester) -> None:
    (project / "orders.failures.md").unlink()

    result = pytester.runpytest(*PLAIN, "--sfn-failures", "orders.asl.json")

    result.assert_outcomes(failed=7)
    result.stdout.fnmatch_lines(
        [
            "There is no table orders.failures.md beside orders.asl.json yet. To begin, write the table: pytest "
            "--sfn-failures orders.asl.json --sfn-failures-update",
            "This case: handled by Retry[[]0[]] 2 times, path Charge, end FAILED: Gateway.Busy",
        ]
    )


def test_a_new_case_and_one_that_is_gone_are_told(project: Path, pytester: pytest.Pytester) -> None:
    change(project / "orders.asl.json", "Card.Declined", "Card.Refused")

    result = pytester.runpytest(*PLAIN, "--sfn-failures", "orders.asl.json")

    result.assert_outcomes(passed=6, failed=2)
    result.stdout.fnmatch_lines(
        [
            "orders.failures.md has no row for the case Charge-Card.Refused: handled by Catch[[]0[]], path Charge > "
            "Decline, end FAILED: OrderDeclined.",
            "If the task or its error is new, write the table: pytest --sfn-failures orders.asl.json *",
        ]
    )
    result.stdout.fnmatch_lines(
        [
            "orders.failures.md has a row for the case Charge-Card.Declined, but orders.asl.json has no such case any "
            "more: its task, or the retrier or catcher that names the error, is gone.",
        ]
    )


def test_a_first_table_has_plausible_results_and_a_task_that_is_never_called_is_skipped(
    project: Path, pytester: pytest.Pytester
) -> None:
    (project / "orders.failures.md").unlink()

    result = pytester.runpytest(*PLAIN, "-rs", *UPDATE)

    result.assert_outcomes(passed=5, skipped=2)
    result.stdout.fnmatch_lines(
        ["SKIPPED * the input in orders.failures.md does not lead to the task, so nothing has failed"]
    )
    written = (project / "orders.failures.md").read_text(encoding="utf-8")
    assert '"Charge": {},\n    "Save": {}' in written
    assert "| FAILED: States.Runtime; the task is never called |" in written


def test_the_results_may_be_those_of_a_history(project: Path, pytester: pytest.Pytester) -> None:
    (project / "history.json").write_text(json.dumps(BUSY_ONCE), encoding="utf-8")
    (project / "orders.failures.md").write_text(
        '```json\n{"history": "history.json", "results": {"Charge": {"receipt": "R-7"}}, "type": "STANDARD"}\n```\n',
        encoding="utf-8",
    )

    pytester.runpytest(*PLAIN, *UPDATE).assert_outcomes(passed=7)


def test_a_task_in_a_map_has_a_result_too(pytester: pytest.Pytester) -> None:
    invoke = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}
    machine = machine_of(
        {"Each": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": machine_of({"A|B": invoke})}}
    )
    (pytester.path / "each.asl.json").write_text(json.dumps(machine), encoding="utf-8")
    (pytester.path / "each.failures.md").write_text('```json\n{"input": {"items": [1]}}\n```\n', encoding="utf-8")

    pytester.runpytest(*PLAIN, "--sfn-failures", "each.asl.json", "--sfn-failures-update").assert_outcomes(passed=2)
    pytester.runpytest(*PLAIN, "--sfn-failures", "each.asl.json").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param(
            "# Failures\n", "*has no block ```json with the input and the results of the tasks.", id="no block"
        ),
        pytest.param("```json\n{\n```\n", "*: its block is no JSON: Expecting property name *", id="no JSON"),
        pytest.param("```json\n[]\n```\n", "*: its block must be an object, not [[][]].", id="a list"),
        pytest.param(
            '```json\n{"inputs": {}}\n```\n', "*: there is no setting 'inputs'. Nearest: input, *", id="a setting"
        ),
        pytest.param(
            '```json\n{"results": []}\n```\n', "*: results must be an object, not [[][]].", id="results of another kind"
        ),
        pytest.param(
            '```json\n{"results": {"Chrage": {}}}\n```\n',
            "*has a result for 'Chrage', which is no Task of orders.asl.json. Its tasks: 'Charge', 'Save'.",
            id="an unknown task",
        ),
    ],
)
def test_a_mistake_in_a_table_is_told(project: Path, pytester: pytest.Pytester, table: str, message: str) -> None:
    (project / "orders.failures.md").write_text(table, encoding="utf-8")

    result = pytester.runpytest(*PLAIN, "--sfn-failures", "orders.asl.json")

    result.stdout.fnmatch_lines([f"*The table {message}"])
    assert result.ret == pytest.ExitCode.INTERRUPTED


def test_a_table_that_is_not_utf_8_is_told(project: Path, pytester: pytest.Pytester) -> None:
    (project / "orders.failures.md").write_bytes(b"\xff")

    pytester.runpytest(*PLAIN, "--sfn-failures", "orders.asl.json").stdout.fnmatch_lines(
        ["*can't be read: its file can't be*"]
    )


def test_an_error_in_a_run_is_told(project: Path, pytester: pytest.Pytester) -> None:
    change(project / "orders.asl.json", '"OrderDeclined"', '"OrderDeclined", "Nap": 1')

    result = pytester.runpytest(*PLAIN, "--sfn-failures", "orders.asl.json")

    result.assert_outcomes(failed=7)
    result.stdout.fnmatch_lines(["Machine 'orders' (orders.asl.json) can't be registered: its definition has 1 fault:"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--sfn-failures", "absent"], "ERROR: --sfn-failures: there is no absent", id="no such path"),
        pytest.param(
            ["--sfn-failures", "empty"],
            "ERROR: --sfn-failures: there is no definition file in the folder empty",
            id="a folder without definitions",
        ),
        pytest.param(
            ["--sfn-failures-update"],
            "ERROR: --sfn-failures-update goes with --sfn-failures PATH... or the option sfn_sync_failures",
            id="no path",
        ),
    ],
)
def test_wrong_options_are_usage_errors(pytester: pytest.Pytester, arguments: list[str], message: str) -> None:
    (pytester.path / "empty").mkdir()

    result = pytester.runpytest(*PLAIN, *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_the_files_of_the_ini_option_are_collected_beside_the_tests(project: Path, pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsfn_sync_failures = *.asl.json\nsfn_sync_definitions = *.asl.json\n")
    pytester.makepyfile("def test_it(): pass")

    pytester.runpytest(
        *PLAIN,
        *PLAIN,
    ).assert_outcomes(passed=9)
    pytester.runpytest(*PLAIN, "test_the_files_of_the_ini_option_are_collected_beside_the_tests.py").assert_outcomes(
        passed=1
    )


def test_a_pattern_of_the_ini_option_that_fits_no_file_is_told(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsfn_sync_failures = flows/*.asl.json\n")

    pytester.runpytest(
        *PLAIN,
        *PLAIN,
    ).stderr.fnmatch_lines(["ERROR: sfn_sync_failures in *: no file fits 'flows/[*].asl.json' *"])


def test_an_error_of_another_kind_has_its_traceback(project: Path, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        from pytest_sfn_sync.failure_cases.table_runs import FailureRuns

        FailureRuns.run = lambda self, case: 1 // 0
        """
    )

    result = pytester.runpytest_subprocess("--sfn-failures", "orders.asl.json")

    result.assert_outcomes(failed=7)
    result.stdout.fnmatch_lines(["E * ZeroDivisionError: *"])


@pytest.mark.parametrize(
    ("settings", "resource"),
    [
        pytest.param("{}", "function ChargeArn", id="a plausible value"),
        pytest.param(
            '{"substitutions": {"ChargeArn": "arn:aws:lambda:us-east-1:123456789012:function:debit"}}',
            "function debit",
            id="a value of the table",
        ),
    ],
)
def test_placeholders_are_filled_in(pytester: pytest.Pytester, settings: str, resource: str) -> None:
    machine = machine_of({"Charge": {"Type": "Task", "Resource": "${ChargeArn}"}})
    (pytester.path / "orders.asl.json").write_text(json.dumps(machine), encoding="utf-8")
    (pytester.path / "orders.failures.md").write_text(f"```json\n{settings}\n```\n", encoding="utf-8")

    result = pytester.runpytest(*PLAIN, "-p", "no:randomly", "--sfn-failures", "orders.asl.json")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines([f"*{resource} *"])
    pytester.runpytest(*PLAIN, *UPDATE).assert_outcomes(passed=2)


def test_a_definition_that_only_a_standard_machine_can_have_is_one(pytester: pytest.Pytester) -> None:
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "queue", "MessageBody.$": "$$.Task.Token"},
        "End": True,
    }
    definition = {"StartAt": "Ask", "States": {"Ask": ask}}
    (pytester.path / "asks.asl.json").write_text(json.dumps(definition), encoding="utf-8")
    result = pytester.runpytest(*PLAIN, "--sfn-failures", "asks.asl.json", "--sfn-failures-update")
    result.assert_outcomes(passed=2)
    assert "| Ask-timeout      | nothing    | Ask  | TIMED_OUT" in (pytester.path / "asks.failures.md").read_text()
