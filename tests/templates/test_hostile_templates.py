"""Templates that are hostile: values that fan out, refer to themselves or grow, files that are no files, odd texts.

The work is bounded by counts, so a template that took too long would fail here by its limits and not by a clock.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from pytest_sfn_sync.sources.document_size import MOST_CHARACTERS
from pytest_sfn_sync.templates import conditions, resources, stack
from pytest_sfn_sync.templates.template_budget import MOST_SEARCHES, MOST_STEPS
from tests.templates.writing import faults, machine_with, read, result_of

FAN_OUT = f"the template's values fan out: more than {MOST_STEPS:,} of them would have to be worked out."
TOO_LONG = f"the template's texts are filled in to more than {MOST_CHARACTERS:,} characters."
TOO_DEEP = "its values are nested, or refer to each other, too deeply to be worked out."


def conditions_of(count: int, form: str) -> str:
    lines = [f"  C{number}: {form.format(before=f'{{Condition: C{number - 1}}}')}" for number in range(1, count + 1)]
    return "\n".join(["Conditions:", "  C0: !Equals [a, a]", *lines])


def queues(count: int, name: str) -> str:
    lines = [
        f"  Q{number}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {name.format(before=f'Q{number - 1}')}}}}}"
        for number in range(1, count + 1)
    ]
    return "\n".join(["  Q0: {Type: AWS::SQS::Queue}", *lines])


def test_a_condition_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    holds = conditions.holds

    def counted(values: object, condition: object, spot: object) -> bool:
        seen.append(spot)
        return holds(values, condition, spot)  # type: ignore[arg-type]

    monkeypatch.setattr(conditions, "holds", counted)
    before = conditions_of(40, "!And [{before}, {before}]")
    assert result_of(read(tmp_path, machine_with("!If [C40, yes, no]", before=before))) is True
    assert len(seen) < 40 * 4


def test_a_property_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    own_name = resources.Resources.own_name

    def counted(self: resources.Resources, resource: resources.Resource) -> str | None:
        seen.append(resource)
        return own_name(self, resource)

    monkeypatch.setattr(resources.Resources, "own_name", counted)
    more = queues(40, "!Select [0, !Split ['-', !Sub '${{{before}.QueueName}}-${{{before}.QueueName}}']]")
    assert result_of(read(tmp_path, machine_with("!GetAtt Q40.QueueName", more=more))) == "Q0"
    assert len(seen) < 40 * 8


@pytest.mark.parametrize(
    ("template", "why"),
    [
        pytest.param(
            machine_with("!If [C2000, 1, 2]", before=conditions_of(2_000, "!Not [{before}]")),
            TOO_DEEP,
            id="conditions of conditions, 2,000 deep",
        ),
        pytest.param(
            machine_with("!If [A, 1, 2]", before="Conditions:\n  A: !Not [{Condition: B}]\n  B: !Not [{Condition: A}]"),
            "the condition 'A' refers to itself",
            id="conditions that refer to each other",
        ),
        pytest.param(
            machine_with("!Ref Q2000", more=queues(2_000, "!GetAtt {before}.QueueName")),
            TOO_DEEP,
            id="names of names, 2,000 deep",
        ),
        pytest.param(
            machine_with("!Ref Q30", more=queues(30, "!Sub '${{{before}.QueueName}}${{{before}.QueueName}}'")),
            TOO_LONG,
            id="names that double",
        ),
        pytest.param(
            machine_with(
                f"!Join ['', [{','.join(['!Ref P'] * 200)}]]", before=f"Parameters: {{P: {{Default: {'x' * 100_000}}}}}"
            ),
            TOO_LONG,
            id="a text that is joined with itself",
        ),
        pytest.param(
            machine_with(f"!Sub '{'${P}' * 200}'", before=f"Parameters: {{P: {{Default: {'x' * 100_000}}}}}"),
            TOO_LONG,
            id="a text that is filled in often",
        ),
        pytest.param(
            machine_with(f"!Join [{'x' * 100_000}, [{','.join('a' * 200)}]]"), TOO_LONG, id="a long text between texts"
        ),
        pytest.param(
            machine_with(f"'{'${P}' * 200}'").replace(
                "      Definition:", f"      DefinitionSubstitutions: {{P: {'x' * 100_000}}}\n      Definition:"
            ),
            TOO_LONG,
            id="a placeholder that is filled in often",
        ),
        pytest.param(
            machine_with(f"!Select ['{'9' * 5_000}', [a]]"),
            "Fn::Select asks for item " + "9" * 200 + " ...(4,800 more characters) of a list that has 1 item.",
            id="an index of 5,000 digits",
        ),
        pytest.param(
            machine_with("!Select ['²', [a]]"), "Fn::Select asks for item ² of", id="an index that is no number"
        ),
        pytest.param(
            machine_with('!Base64 "\\uD800"'),
            "is not YAML",
            id="half a surrogate pair",
        ),
        pytest.param(
            machine_with('!Ref "\\e]0;x\\a"'),
            "Ref names neither a parameter nor a resource: '\\x1b]0;x\\x07'",
            id="a sequence that a terminal obeys",
        ),
        pytest.param(
            machine_with("[" * 600 + "]" * 600), "it is nested too deeply to be read as YAML", id="lists in lists"
        ),
        pytest.param(
            machine_with("9" * 5_000), "is no number (a number has more than 1,000 digits", id="a long number"
        ),
    ],
)
def test_templates(template: str, why: str, tmp_path: Path) -> None:
    text = faults(tmp_path, template)
    assert why in text
    assert len(text) < 2_000


def test_half_a_surrogate_pair_has_no_base64(tmp_path: Path) -> None:
    text = (
        '{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": '
        '{"Comment": {"Fn::Base64": "\\ud800"}}}}}}'
    )
    assert "what Fn::Base64 encodes has half a surrogate pair, which has no bytes." in faults(
        tmp_path, text, name="m.template.json"
    )


def serverless(result: str, custom: str = "{}") -> str:
    definition = f"{{StartAt: A, States: {{A: {{Type: Pass, End: true, Result: {result}}}}}}}"
    machines = f"stepFunctions: {{stateMachines: {{m: {{definition: {definition}}}}}}}"
    return f"service: s\nprovider: {{name: aws}}\n{machines}\ncustom: {custom}\n"


def chain(count: int, first: str, form: str) -> str:
    variables = [form.format(before=f"${{self:custom.c{number - 1}}}") for number in range(1, count + 1)]
    return "{" + ", ".join([f"c0: {first}", *(f"c{n}: {value}" for n, value in enumerate(variables, 1))]) + "}"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        pytest.param(
            serverless("'${self:custom.c40}'", chain(40, "x", "'{before}{before}'")), TOO_LONG, id="texts that double"
        ),
        pytest.param(
            serverless("'${self:custom.c40}'", chain(40, "[x]", "['{before}', '{before}']")),
            FAN_OUT,
            id="lists that double",
        ),
        pytest.param(
            serverless("'${self:custom.c2000}'", chain(2_000, "x", "'{before}'")), TOO_DEEP, id="variables 2,000 deep"
        ),
        pytest.param(
            serverless("'" + "${self:custom." * 100_000 + "x" + "}" * 100_000 + "'"),
            "its variables are nested more than 50 deep.",
            id="variables inside variables",
        ),
        pytest.param(
            serverless("'" + "${self:" * 100_000 + "'"),
            "its variables are nested more than 50 deep.",
            id="variables that do not end",
        ),
        pytest.param(
            serverless("'${self:custom.a}'", "{a: {b: '${self:custom.a}'}}"),
            "the variable stands for a value that contains the variable.",
            id="a value that contains itself",
        ),
        pytest.param(
            serverless("'${file(serverless.yml)}'"),
            "the variable stands for a value that contains the variable.",
            id="a file that includes itself",
        ),
        pytest.param(
            serverless(f"'${{self:custom.{'9' * 5_000}}}'", "[1]"), "has no value here.", id="an index of 5,000 digits"
        ),
        pytest.param(serverless(f"'${{opt:x, {'[' * 100_000}}}'"), "has no value here.", id="a deep literal"),
        pytest.param(
            serverless("'${file(/dev/zero)}'"), "the variable ${file(/dev/zero)} has no value here.", id="a device"
        ),
        pytest.param(
            serverless("'${file(pipe.yml)}'"), "the variable ${file(pipe.yml)} has no value here.", id="a pipe"
        ),
    ],
)
def test_configurations_of_the_serverless_framework(template: str, why: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    text = faults(tmp_path, template, name="serverless.yml")
    assert why in text
    assert len(text) < 2_000


def test_variables_that_double_nothing_are_worked_out_once(tmp_path: Path) -> None:
    template = serverless("'${self:custom.c40}'", chain(40, "''", "'{before}{before}'"))
    assert result_of(read(tmp_path, template, name="serverless.yml")) == ""


@pytest.mark.parametrize(
    ("uri", "make", "why"),
    [
        pytest.param("pipe.json", os.mkfifo, "'pipe.json' is a named pipe, not a file.", id="a named pipe"),
        pytest.param(
            "m.json", lambda path: path.symlink_to("/dev/zero"), "'m.json' is a device, not a file.", id="a device"
        ),
        pytest.param(
            "https://example.com/m.json",
            None,
            "'https://example.com/m.json' names no file: it is a URL, not a path; nothing is fetched from the network",
            id="an address of the web",
        ),
        pytest.param("''", None, "'' names no file: an empty text is no path.", id="nothing"),
        pytest.param('"a\\0b"', None, "'a\\x00b' names no file: a path can't have the character '\\x00'.", id="NUL"),
        pytest.param("../" * 50_000, None, "names no file: it has 150,000 characters", id="a long path"),
    ],
)
def test_files_of_definitions(uri: str, make: Callable[[Path], None] | None, why: str, tmp_path: Path) -> None:
    if make is not None:
        make(tmp_path / uri)
    template = f"Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties: {{DefinitionUri: {uri}}}\n"
    assert why in faults(tmp_path, template)


def test_near_names_are_searched_for_some_faults_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    searches = []

    def counted(name: str, candidates: Iterable[str]) -> str:
        searches.append(name)
        return "Nearest: none."

    monkeypatch.setattr(stack, "nearest_sentence", counted)
    faults(tmp_path, machine_with(f"[{', '.join(f'!Ref X{number}' for number in range(2_000))}]"))
    assert len(searches) == MOST_SEARCHES


def test_a_machine_that_fans_out_leaves_its_neighbours(tmp_path: Path) -> None:
    more = "\n".join(
        [
            "  N:",
            "    Type: AWS::Serverless::StateMachine",
            "    Properties:",
            "      Definition: {StartAt: A, States: {A: {Type: Pass, End: true, Result: !Ref Q30}}}",
            queues(30, "!Sub '${{{before}.QueueName}}${{{before}.QueueName}}'"),
        ]
    )
    template = read(tmp_path, machine_with("1", more=more))
    assert [machine.key for machine in template.machines] == ["M"]
    ((broken),) = template.broken
    assert (broken.key, [fault.why for fault in broken.faults]) == ("N", [TOO_LONG])


def test_thousands_of_faults_are_told_in_part(tmp_path: Path) -> None:
    text = faults(tmp_path, machine_with(f"[{', '.join(f'!Ref X{number}' for number in range(2_000))}]"))
    assert "can't be loaded, for 2,000 faults:" in text
    assert text.endswith("\n  ... and 1,980 more")
    assert len(text) < 5_000
