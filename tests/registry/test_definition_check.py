"""Definitions checked without being registered: errors and warnings as data, placeholders that nobody filled in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.registry.definition_check import DefinitionCheck, check_definition, plausible_value
from pytest_sfn_sync.sources import LineMap
from pytest_sfn_sync.sources.json_source import json_line_map
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations

PASS: JSON = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
WARNED = '{"StartAt": "A",\n "States": {"A": {"Type": "Pass", "End": true,\n  "Result": "$.x"}}}'


def check(definition: Any, **keywords: Any) -> DefinitionCheck:
    return check_definition("orders", definition, known={"AWS::Region": "us-east-1"}, **keywords)


def check_with_the_rest_filled_in(definition: Any) -> DefinitionCheck:
    return check(definition, fills_in_the_rest=True, integrations=KnownIntegrations())


def test_a_definition_without_fault() -> None:
    checked = check(PASS)
    assert (checked.refusal, checked.diagnostics, checked.warnings) == (None, (), ())


def test_a_refusal_says_that_it_is_not_valid_and_of_what() -> None:
    checked = check({**PASS, "Nap": 1}, source="Orders in template.yaml")
    assert str(checked.refusal) == (
        "Machine 'orders' (Orders in template.yaml) is not valid: its definition has 1 fault:\n"
        "  SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /"
    )
    assert [found.message for found in checked.diagnostics] == ["Field 'Nap' is not supported"]
    assert checked.refusal is not None
    assert checked.refusal.diagnostics == checked.diagnostics


def test_what_cannot_be_read_is_a_refusal_without_diagnostics(tmp_path: Path) -> None:
    checked = check(tmp_path / "nowhere.asl.json")
    assert "is not valid: there is no file 'nowhere.asl.json'" in str(checked.refusal)
    assert checked.diagnostics == ()


def test_warnings_have_a_place_and_a_text_for_people() -> None:
    checked = check(WARNED)
    assert checked.refusal is None
    ((warning, text),) = checked.warnings
    assert checked.diagnostics == (warning,)
    assert (warning.code, warning.severity, warning.line, warning.column) == ("PASS_RESULT_IS_STATIC", "WARNING", 3, 13)
    assert text.splitlines() == [
        "PASS_RESULT_IS_STATIC: Attempt to use a path in the result of a pass state. at /States/A/Result",
        "    line 3:13",
        '    3 |   "Result": "$.x"}}}',
        "      |             ^^^^^",
        "    Write it in Parameters, which are evaluated.",
    ]


def test_warnings_are_told_beside_errors_which_come_first() -> None:
    checked = check(WARNED.replace('"End": true', '"Nap": 1, "End": true'))
    assert [found.code for found in checked.diagnostics] == ["SCHEMA_VALIDATION_FAILED", "PASS_RESULT_IS_STATIC"]
    assert [found.line for found in checked.diagnostics] == [2, 3]
    assert checked.refusal is not None
    assert [found.code for found in checked.refusal.diagnostics] == ["SCHEMA_VALIDATION_FAILED"]
    assert [warning.code for warning, _ in checked.warnings] == ["PASS_RESULT_IS_STATIC"]


@pytest.mark.parametrize("machine_type", ["EXPRESS", "STANDARD"])
def test_the_type_of_the_machine_counts(machine_type: str) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": True}
    checked = check({"StartAt": "T", "States": {"T": task}}, machine_type=machine_type)
    assert (checked.refusal is None) is (machine_type == "STANDARD")


def test_integrations_are_known_to_who_is_given_them() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:query", "Parameters": {}, "End": True}
    definition = {"StartAt": "T", "States": {"T": task}}
    assert check(definition).refusal is None
    assert "is not recognized" in str(check(definition, integrations=KnownIntegrations()).refusal)


def test_lines_may_come_from_elsewhere() -> None:
    text = '{"Resources":\n {"StartAt": "A",\n  "States": {"A": {"Type": "Succeed", "Nap": 1}}}}'

    def line_map() -> LineMap:
        return json_line_map(text, file="t.json").within("/Resources")

    definition = json.loads(text)["Resources"]
    (found,) = check(definition, source="t.json", line_map=line_map).diagnostics
    assert (found.file, found.line, found.column) == ("t.json", 3, 39)


# Placeholders


def test_placeholders_without_a_value_are_refused() -> None:
    assert "1 placeholder has no value" in str(check('{"StartAt": "${Start}"}').refusal)


@pytest.mark.parametrize(
    "task",
    [
        pytest.param({"Resource": "${ChargeArn}"}, id="a whole Resource"),
        pytest.param({"Resource": "${AWS::StackName.Charge}"}, id="with a name that no ARN could have"),
        pytest.param(
            {"Resource": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Charge}"},
            id="an ARN of placeholders",
        ),
        pytest.param({"Resource": "arn:aws:lambda:us-east-1:123456789012:function:x-${Stage}"}, id="the end of an ARN"),
        pytest.param(
            {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "${Charge.Arn}"}},
            id="a function's name",
        ),
        pytest.param({"Resource": "${A}", "TimeoutSeconds": "${Timeout}"}, id="a number"),
        pytest.param(
            {
                "Resource": "${A}",
                "Retry": [{"ErrorEquals": ["${Error}"], "MaxAttempts": "${N}", "BackoffRate": "${R}"}],
            },
            id="numbers of a retrier",
        ),
        pytest.param({"Resource": "${A}", "Comment": "${Stage}: ${N}"}, id="a comment"),
        pytest.param({"Resource": "${A}", "Credentials": {"RoleArn": "${Role}"}}, id="a role"),
        pytest.param(
            {
                "Resource": "arn:aws:states:::http:invoke",
                "Parameters": {
                    "ApiEndpoint": "${Url}",
                    "Method": "${Method}",
                    "Authentication": {"ConnectionArn": "${C}"},
                },
            },
            id="an HTTP task",
        ),
        pytest.param({"Resource": "${A}", "Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "${J}"}]}, id="a word"),
    ],
)
def test_they_may_be_filled_in_with_what_fits(task: JSON) -> None:
    definition = {"StartAt": "T", "States": {"T": {"Type": "Task", "End": True, **task}}}
    for source in (definition, json.dumps(definition)):
        assert check_with_the_rest_filled_in(source).refusal is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Pause}, "End": true}}}', id="bare in JSON"
        ),
        pytest.param(
            '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Timestamp": "${When}", "End": true}}}', id="a time"
        ),
        pytest.param("StartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: ${Pause}\n    End: true\n", id="in YAML"),
        pytest.param('{"StartAt": "${N}", "States": {"${N}": {"Type": "Succeed"}}}', id="a name"),
    ],
)
def test_wherever_they_stand(text: str) -> None:
    assert check_with_the_rest_filled_in(text).refusal is None


def test_what_is_given_goes_before_what_is_made_up() -> None:
    text = '{"StartAt": "${Start}", "States": {"A": {"Type": "Succeed"}}}'
    given = check(text, fills_in_the_rest=True, substitutions={"Start": "A"})
    assert given.refusal is None
    given = check(text, fills_in_the_rest=True, substitutions={"Start": "B"})
    assert "Missing 'Next' target: B at /StartAt" in str(given.refusal)
    assert check(text, fills_in_the_rest=True).refusal is None


@pytest.mark.parametrize(
    ("name", "location", "expected"),
    [
        ("Charge", "/States/A/Resource", "arn:aws:lambda:us-east-1:123456789012:function:Charge"),
        ("Charge.Arn", "/States/A/Resource", "arn:aws:lambda:us-east-1:123456789012:function:Charge-Arn"),
        ("AWS::Stack", None, "AWS-Stack"),
        ("Reader", "/States/M/ItemReader/Resource", "arn:aws:states:::s3:getObject"),
        ("Writer", "/States/M/ResultWriter/Resource", "arn:aws:states:::s3:putObject"),
        ("Read", "/States/ItemReader/Resource", "arn:aws:lambda:us-east-1:123456789012:function:Read"),
        ("Kind", "/States/M/ItemReader/ReaderConfig/CSVHeaderLocation", "FIRST_ROW"),
        ("Method", "/States/A/Parameters/Method", "GET"),
        ("N", "/States/A/TimeoutSeconds", 1),
        ("N", "/States/A/Retry[0]/MaxAttempts", 1),
        ("N", "/States/M/MaxConcurrency", 1),
        ("N", "", 1),
        ("T", "/States/A/Timestamp", "2030-01-01T00:00:00Z"),
        ("Bucket.Name", "/States/A/Parameters/Bucket", "Bucket.Name"),
    ],
)
def test_what_is_made_up(name: str, location: str | None, expected: JSON) -> None:
    assert plausible_value(name, location) == expected
