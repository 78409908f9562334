"""Definitions in YAML: registered as those in JSON, from texts and files; refused where YAML would change them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.errors import DefinitionError, DefinitionWarning
from pytest_sfn_sync.registry import RegisteredMachine, Registry

TEXT = """\
# orders
StartAt: Charge
States:
  Charge:
    Type: Task
    Resource: ${ChargeArn}
    Retry: &patiently
      - ErrorEquals: [States.ALL]
        MaxAttempts: 2
    Next: Pause
  Pause:
    Type: Wait
    Seconds: ${Pause}
    Next: Ship
  Ship:
    Type: Task
    Resource: '${ShipArn}'
    Retry: *patiently
    End: Yes
"""
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
GIVEN: dict[str, Any] = {"ChargeArn": f"{LAMBDA}charge", "ShipArn": f"{LAMBDA}ship", "Pause": 5}
RETRY = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}]
DOCUMENT = {
    "StartAt": "Charge",
    "States": {
        "Charge": {"Type": "Task", "Resource": f"{LAMBDA}charge", "Retry": RETRY, "Next": "Pause"},
        "Pause": {"Type": "Wait", "Seconds": 5, "Next": "Ship"},
        "Ship": {"Type": "Task", "Resource": f"{LAMBDA}ship", "Retry": RETRY, "End": True},
    },
}


def register(definition: Any, **substitutions: Any) -> RegisteredMachine:
    return Registry().register("orders", definition, substitutions=substitutions)


def refusal(definition: Any, **substitutions: Any) -> str:
    with pytest.raises(DefinitionError) as raised:
        register(definition, **substitutions)
    return str(raised.value)


def of_pass(line: str) -> str:
    return f"StartAt: A\nStates:\n  A:\n    Type: Pass\n    {line}\n    End: true\n"


def result(line: str, **substitutions: Any) -> Any:
    return register(of_pass(line), **substitutions).definition["States"]["A"]["Result"]


def test_a_text_of_several_lines_is_yaml() -> None:
    machine = register(TEXT, **GIVEN)
    assert machine.definition == DOCUMENT
    assert machine.source is None


@pytest.mark.parametrize("name", ["orders.asl.yaml", "orders.yml", "orders.asl.yaml.tmpl"])
def test_a_file_is_yaml_where_its_name_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    machine = register(tmp_path / name, **GIVEN)
    assert (machine.definition, machine.source) == (DOCUMENT, str(tmp_path / name))


def test_the_same_machine_in_json_and_in_yaml_is_one() -> None:
    registry = Registry()
    machine = registry.register("orders", TEXT, substitutions=GIVEN)
    assert registry.register("orders", json.dumps(DOCUMENT)) is machine


def test_a_machine_knows_where_its_parts_stand() -> None:
    line_map = register(TEXT, **GIVEN).line_map
    assert line_map is not None
    places = {location: line_map.span(location) for location in ("/States/Pause/Seconds", "/States/Ship/Retry[0]")}
    assert {location: span and span[:4] for location, span in places.items()} == {
        "/States/Pause/Seconds": (13, 5, 13, 14),
        "/States/Ship/Retry[0]": (8, 9, 8, 9),
    }


@pytest.mark.parametrize(
    ("line", "given", "expected"),
    [
        pytest.param("Result: ${X}", 5, 5, id="a number"),
        pytest.param("Result: ${X}", "5", 5, id="a number given as a text, as a template would"),
        pytest.param("Result: '${X}'", "5", "5", id="in quotes it is a text"),
        pytest.param("Result: '${X}'", 5, 5, id="unless it is given as a number"),
        pytest.param("Result: a ${X}", 5, "a 5", id="in a longer text"),
        pytest.param("Result: ${X}", {"a": [1]}, {"a": [1]}, id="an object"),
        pytest.param("Result: ${X}", "2030-01-01", "2030-01-01", id="a date"),
        pytest.param("Result: {a: '${X}'}", "no", {"a": "no"}, id="in one line, in quotes"),
        pytest.param("Result: |\n      ${X}", "5", "5\n", id="in a block"),
    ],
)
def test_placeholders(line: str, given: Any, expected: Any) -> None:
    assert result(line, X=given) == expected


def test_known_placeholders_need_no_value() -> None:
    assert result("Result: ${AWS::Region}/${AWS::AccountId}/${AWS::Partition}") == "us-east-1/123456789012/aws"


def test_placeholders_as_names() -> None:
    text = "StartAt: ${N}\nStates:\n  ${N}:\n    Type: Succeed\n"
    assert register(text, N="A").definition["States"] == {"A": {"Type": "Succeed"}}
    assert register(text.replace("StartAt: ${N}", "StartAt: '5'"), N=5).definition["States"] == {
        "5": {"Type": "Succeed"}
    }


@pytest.mark.parametrize(
    ("key", "given", "name"),
    [
        pytest.param("${X}", "k", "k", id="a text"),
        pytest.param("${X}", 5, "5", id="a number"),
        pytest.param("${X}", True, "true", id="a boolean"),
        pytest.param("${X}", "yes", "yes", id="a text that would be a boolean as a value"),
        pytest.param("x-${X}", "k", "x-k", id="within a longer key"),
    ],
)
def test_placeholders_in_keys(key: str, given: Any, name: str) -> None:
    text = f"StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result:\n      {key}:\n        b: 1\n    End: true"
    machine = register(text, X=given)
    assert machine.definition["States"]["A"]["Result"] == {name: {"b": 1}}
    assert machine.line_map is not None
    span = machine.line_map.span(f"/States/A/Result/{name}/b")
    assert span is not None
    assert span[:4] == (7, 9, 7, 12)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        pytest.param({"a": 1}, "the substitution 'X' is a dict, which can't stand inside a longer string", id="a dict"),
        pytest.param(None, "the substitution 'X' is a NoneType, which can't stand inside a longer string", id="null"),
    ],
)
def test_what_can_not_be_filled_in_as_a_key(given: Any, fault: str) -> None:
    assert f"{fault} at /States/A/Result/${{X}}" in refusal(of_pass("Result: {'${X}': 1}"), X=given)


def test_keys_that_become_one_are_refused() -> None:
    told = "the key 'k', filled in, stands twice at /States/A/Result"
    assert told in refusal(of_pass("Result: {'${X}': 1, k: 2}"), X="k")


def test_what_is_filled_in_and_no_json_is_told_with_its_line() -> None:
    assert refusal(of_pass("Result: ${X}"), X=".inf").splitlines() == [
        "Machine 'orders' can't be registered: .inf is not a JSON number (line 5, column 13):",
        "  Result: ${X}",
    ]


def test_placeholders_without_a_value_are_all_told_once() -> None:
    assert refusal("StartAt: A\nStates:\n  ${K}:\n    Type: ${T}\n    Comment: x ${T}\n").splitlines() == [
        "Machine 'orders' can't be registered: 2 placeholders have no value:",
        "  ${K} at /States/${K}",
        "  ${T} at /States/${K}/Type",
        "  ${T} at /States/${K}/Comment",
        '  Give the values with register(..., substitutions={"K": ..., "T": ...}).',
        '  To keep the text, give it as its own value: {"K": "${K}"}.',
    ]


def test_values_that_are_no_json_are_told() -> None:
    assert "a set is not JSON at /States/A/Result" in refusal(of_pass("Result: ${X}"), X={1})


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        pytest.param(
            of_pass("Yes: 1"),
            "the key Yes is a boolean in YAML, not a name; write it in quotes: 'Yes' (line 5, column 5)",
            "Yes: 1",
            id="a key that is no name",
        ),
        pytest.param(
            of_pass("Result: .inf"), ".inf is not a JSON number (line 5, column 13)", "Result: .inf", id="inf"
        ),
        pytest.param(
            of_pass("Resource: !GetAtt Charge.Arn"),
            "the tag !GetAtt means nothing in a definition, only in a template, which load_template reads "
            "(line 5, column 15)",
            "Resource: !GetAtt Charge.Arn",
            id="a tag of a template",
        ),
        pytest.param(
            of_pass("Result: 'x\u2028  y'\n    Nap: .nan"),
            ".nan is not a JSON number (line 7, column 10)",
            "Nap: .nan",
            id="behind a line separator",
        ),
        pytest.param(
            "StartAt: A\nStates: {A: {Type: Pass, End: true}\n",
            "it is not YAML (did not find expected ',' or '}' at line 3, column 1)",
            "",
            id="a brace is missing",
        ),
        pytest.param(
            "StartAt: A\n---\nStates: {}\n",
            "it is not YAML (expected a single document in the stream, but found another document at line 2, column 1)",
            "---",
            id="two documents",
        ),
    ],
)
def test_what_is_refused(text: str, why: str, line: str) -> None:
    assert refusal(text).splitlines() == [f"Machine 'orders' can't be registered: {why}:", f"  {line}"]


TWICE = "the key 'Comment' stands twice in one object, at line {} and at line {}. The last value counts"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(of_pass("Comment: a\n    Comment: b"), (5, 6), id="YAML"),
        pytest.param(
            '{"StartAt": "A", "States": {"A": {"Type": "Pass",\n "Comment": "a",\n "Comment": "b", "End": true}}}',
            (2, 3),
            id="JSON",
        ),
    ],
)
def test_a_key_that_stands_twice_is_a_warning(text: str, lines: tuple[int, int]) -> None:
    with pytest.warns(DefinitionWarning) as warned:
        machine = Registry().register("orders", text)
    assert machine.definition["States"]["A"]["Comment"] == "b"
    (told,) = warned
    assert str(told.message).splitlines()[:3] == [
        "Machine 'orders' is registered with 1 warning:",
        f"  SCHEMA_VALIDATION_FAILED: {TWICE.format(*lines)}, and the others are lost. at null",
        f"      line {lines[1]}:{5 if text.startswith('S') else 2}",
    ]
    with pytest.raises(DefinitionError, match="Field 'Nap' is not supported"):
        Registry().register("orders", text.replace("Comment", "Nap"))


def test_what_is_missing_at_the_end_may_be_on_no_line() -> None:
    assert refusal("StartAt: A\nStates: {") == (
        "Machine 'orders' can't be registered: it is not YAML (did not find expected node content at line 3, column 1)."
    )


@pytest.mark.parametrize("text", ["- a\n- b\n", "just\ntext\n", "5\n\n", "~\n\n"], ids=repr)
def test_what_is_no_object(text: str) -> None:
    assert refusal(text).splitlines()[1:] == [
        "  SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null"
    ]


@pytest.mark.parametrize("text", ["\n", "# a comment\n"], ids=repr)
def test_what_is_empty(text: str) -> None:
    assert refusal(text) == "Machine 'orders' can't be registered: it is an empty YAML document."


@pytest.mark.parametrize("levels", [100, 5_000])
def test_what_is_nested_too_deeply(levels: int) -> None:
    told = refusal(of_pass(f"Result: {'[' * levels}{']' * levels}").replace("Pass", "Nap"))
    assert ("The field 'Type' should" in told) if levels == 100 else ("nest" in told)


def test_faults_of_an_alias_are_told_where_it_leads_to() -> None:
    text = TEXT.replace("MaxAttempts", "MaxAttemps")
    told = [line.strip() for line in refusal(text, **GIVEN).splitlines() if "line 9" in line or "Retry[0]" in line]
    assert told == [
        "SCHEMA_VALIDATION_FAILED: Field 'MaxAttemps' is not supported at /States/Charge/Retry[0]",
        "line 9:9",
        "SCHEMA_VALIDATION_FAILED: Field 'MaxAttemps' is not supported at /States/Ship/Retry[0]",
        "line 9:9",
    ]


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    path = tmp_path / "orders.asl.yaml"
    path.write_text(TEXT)
    assert refusal(path) == (
        f"Machine 'orders' ({path}) can't be registered: YAML is read with PyYAML, which is not "
        'installed; it comes with the extra `yaml`: pip install "pytest-sfn-sync[yaml]".'
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n", id="of CloudFormation"),
        pytest.param("service: orders\nstepFunctions:\n  stateMachines: {}\n", id="of the serverless framework"),
    ],
)
def test_a_template_is_no_definition(text: str) -> None:
    assert "it is a template" in refusal(text)
    assert "load_template" in refusal(text)
