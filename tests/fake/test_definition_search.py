"""The search of a folder: which files have state machines, whatever their names are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_sfn_sync.fake import definition_search
from pytest_sfn_sync.fake.definition_search import FileKind, kind_of_file, search
from tests.fake.test_checked_files import PASS, TEMPLATE, WITHOUT_MACHINES, write


def found_in(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in search(folder).files]


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    write(
        tmp_path,
        b_asl_json=PASS,
        a_asl_yaml="x",
        c_asl_yml="x",
        d_asl="x",
        template_yaml=TEMPLATE,
        orders_template_json={"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine"}}},
        serverless_yml="service: s\nstepFunctions: {stateMachines: {}}\n",
        deep__er__e_asl_json=PASS,
        package_json="{}",
        b_json=PASS,
        notes_yaml="x",
    )
    write(tmp_path / "node_modules", g_asl_json=PASS)
    write(tmp_path / ".aws-sam", h_asl_json=PASS)
    write(tmp_path / "build", i_asl_json=PASS)
    write(tmp_path / "deep" / "venv", j_asl_json=PASS)
    (tmp_path / "env").mkdir()
    write(tmp_path / "env", pyvenv_cfg="", k_asl_json=PASS)
    assert found_in(tmp_path) == [
        "a.asl.yaml",
        "b.asl.json",
        "b.json",
        "c.asl.yml",
        "d.asl",
        "orders.template.json",
        "serverless.yml",
        "template.yaml",
        "deep/er/e.asl.json",
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        pytest.param(TEMPLATE, True, id="with machines"),
        pytest.param(WITHOUT_MACHINES, False, id="without"),
        pytest.param("apiVersion: v1\nkind: Template\n", False, id="of something else"),
        pytest.param("- a\n", False, id="of a list"),
        pytest.param("Resources: [", False, id="that can't be read, and doesn't look as if it had machines"),
        pytest.param("Resources: [AWS::Serverless::StateMachine", True, id="that can't be read, with the words"),
        pytest.param("service: s\nprovider: {name: aws}\n", False, id="of the serverless framework without machines"),
        pytest.param(
            "service: s\nprovider: {name: aws}\n"
            "resources: {Resources: {M: {Type: 'AWS::StepFunctions::StateMachine'}}}\n",
            True,
            id="of the serverless framework with a machine as a resource",
        ),
        pytest.param(
            "service: s\nprovider: {name: aws}\nresources:\n  - '${file(x.yml)}'\n  - Resources: {}\n"
            "custom: {a: AWS::StepFunctions::StateMachine}\n",
            False,
            id="of the serverless framework with other resources",
        ),
        pytest.param("Resources: [a]\n", False, id="whose resources are none"),
    ],
)
def test_templates_of_a_folder_are_those_with_machines(text: str, is_found: bool, tmp_path: Path) -> None:
    write(tmp_path, infra_yaml=text)
    assert found_in(tmp_path) == (["infra.yaml"] if is_found else [])


ASL = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'


PLAN = json.dumps(
    {
        "terraform_version": "1.11.4",
        "planned_values": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_sfn_state_machine.orders",
                        "mode": "managed",
                        "type": "aws_sfn_state_machine",
                        "name": "orders",
                        "values": {"name": "orders", "type": "EXPRESS", "definition": ASL},
                    }
                ]
            }
        },
    }
)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        pytest.param("flow.json", ASL, FileKind.DEFINITION, id="JSON"),
        pytest.param("flow.yml", "StartAt: A\nStates:\n  A: {Type: Succeed}\n", FileKind.DEFINITION, id="YAML"),
        pytest.param("flow", ASL, FileKind.DEFINITION, id="no suffix"),
        pytest.param("flow.json", ASL.replace('"Succeed"', "${type}"), FileKind.UNREADABLE, id="bare placeholders"),
        pytest.param("flow.json", ASL[:-1], FileKind.UNREADABLE, id="JSON that is cut off"),
        pytest.param("flow.json", '{"StartAt": "A"}', None, id="no states"),
        pytest.param("flow.json", f'{{"machine": {ASL}}}', None, id="a definition inside something else"),
        pytest.param("flow.json", f"[{ASL}]", None, id="a list of definitions"),
        pytest.param("flow.txt", ASL, None, id="another suffix"),
        pytest.param("README", f"Write {ASL}", None, id="prose without a suffix"),
        pytest.param(".flow.json", ASL, None, id="a hidden file"),
        pytest.param("flow.yaml", "StartAt: A\nStates: {}\n---\na: 1\n", None, id="several documents"),
        pytest.param("flow.yaml", "---\nStartAt: A\nStates: {}\n", FileKind.DEFINITION, id="one document with a mark"),
        pytest.param(
            "flow.yaml",
            "{{- if .on }}\nStartAt: A\nStates: {}\n{{ end }}\n",
            FileKind.TEXT_TEMPLATE,
            id="a template of Helm",
        ),
        pytest.param("flow.yaml", "{{- if .on }}\nResources:\n  - AWS::StepFunctions::StateMachine\n", None, id="Helm"),
        pytest.param(
            "flow.json.j2",
            ASL.replace("Succeed", "{{ kind }}"),
            FileKind.TEXT_TEMPLATE,
            id="Jinja within a text of JSON that can be read",
        ),
        pytest.param("flow.json", f"%{{ if a }}{ASL}%{{ endif }}", FileKind.TEXT_TEMPLATE, id="JSON with directives"),
        pytest.param("flow.json.tpl", ASL, FileKind.DEFINITION, id="a template of Terraform that is JSON"),
        pytest.param(
            "flow.tftpl", ASL.replace('"Succeed"', "${type}"), FileKind.UNREADABLE, id="a template with placeholders"
        ),
        pytest.param(
            "flow.tftpl",
            ASL.replace('"Succeed"', '${type}, "Comment": "{{ a }}"'),
            FileKind.UNREADABLE,
            id="marks in a text, and placeholders",
        ),
        pytest.param("flow.yml.j2", "StartAt: {% if a %}\nStates: {}\n", FileKind.TEXT_TEMPLATE, id="Jinja"),
        pytest.param("event.json", '{"StartAt": "2020-01-01", "States": ["TX"]}', None, id="an event with such names"),
        pytest.param("plan.json", PLAN, FileKind.PLAN, id="a plan of Terraform"),
        pytest.param("plan.json", PLAN.replace("aws_sfn_state_machine", "aws_sqs_queue"), None, id="of other things"),
        pytest.param(
            "flow.json", ASL.replace('"A"', '"{{ name }}"'), FileKind.DEFINITION, id="a template that can be read"
        ),
        pytest.param("flow.json", ASL + " " * 1_048_576, None, id="more than a megabyte"),
    ],
)
def test_files_are_known_by_what_is_in_them(name: str, text: str, kind: FileKind | None, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert found_in(tmp_path) == ([] if kind is None else [name])
    assert kind is None or kind_of_file(tmp_path / name) is kind


def test_the_output_of_the_cdk_has_templates_and_copies(tmp_path: Path) -> None:
    for name in ("App.template.json", "asset.1.json", "asset.2/flow.asl.json", "assembly-P/App.template.json"):
        write(tmp_path / "cdk.out" / Path(name).parent)
        path = tmp_path / "cdk.out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        resources = '{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine"}}}'
        path.write_text(resources if "template" in name else ASL)
    (tmp_path / "cdk.out" / "assembly-P" / "cdk.out").write_text("{}")
    assert found_in(tmp_path) == ["cdk.out/App.template.json", "cdk.out/assembly-P/App.template.json"]


def test_what_was_looked_for_where_nothing_is_found(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=f"{WITHOUT_MACHINES}# AWS::Serverless::StateMachine", b_json=" " * 1_048_577, c_json="{}")
    assert search(tmp_path).why_none == (
        "Files of JSON and YAML, and templates of them (*.tpl, *.tftpl, *.j2), whatever their names, were searched for "
        "StartAt with States, for resources of the type AWS::Serverless::StateMachine or "
        "AWS::StepFunctions::StateMachine, and for stepFunctions; *.tf files and plans in JSON for "
        "aws_sfn_state_machine. Searched: 3 files of JSON and YAML. 1 of them were templates without one. 1 of "
        "them had more than 1 MB. Not searched: hidden folders, those of virtual environments, and __pycache__, build, "
        "dist, node_modules, site-packages, venv."
    )


def test_a_file_that_may_not_be_read_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    write(tmp_path, a_json=ASL)
    monkeypatch.setattr(definition_search, "read_bytes_of_file", refuse)
    assert found_in(tmp_path) == []
    (tmp_path / "a.json").write_text("{")
    assert kind_of_file(tmp_path / "a.json") is FileKind.UNREADABLE


# Configurations of Terraform, whose source code alone is looked at here


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param({"main.tf": "aws_sfn_state_machine"}, ["main.tf"], id="a machine"),
        pytest.param({"main.tf": "aws_sqs_queue"}, [], id="no machine"),
        pytest.param({".main.tf": "aws_sfn_state_machine"}, [], id="a hidden file"),
        pytest.param(
            {"main.tf": 'source = "./m"', "m/a.tf": 'source = "./n"', "m/n/a.tf": "aws_sfn_state_machine"},
            ["main.tf"],
            id="a machine of a module in a module",
        ),
        pytest.param(
            {
                "modules/m/main.tf": "aws_sfn_state_machine",
                "stacks/a/main.tf": 'source = "../../modules/m"',
                "stacks/b/main.tf": 'source = "../../modules/m"',
            },
            ["stacks/a/main.tf", "stacks/b/main.tf"],
            id="a module that is found before those that call it",
        ),
        pytest.param(
            {"a/main.tf": 'aws_sfn_state_machine source = "./x"\nsource = "../b"', "b/main.tf": 'source = "../a"'},
            ["a/main.tf"],
            id="folders that call each other",
        ),
        pytest.param(
            {"main.tf": 'source = "./m"\nsource = "./none"', "m/a.tf": 'source = "../"'}, [], id="modules in a circle"
        ),
        pytest.param({"a.tf": b"\xff\xfe", "b.tf": "x = 1"}, ["a.tf"], id="a file that is no text, which is reported"),
    ],
)
def test_folder_of_terraform_with_machines(tmp_path: Path, files: dict[str, str | bytes], found: list[str]) -> None:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert found_in(tmp_path) == found
