"""Machines of a whole project, by the ini options ``sfn_sync_machines`` and ``sfn_sync_templates``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plugin.conftest import RunProject
from tests.plugin.test_ini_options import needs_native_toml

CHARGE = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-card",
            "End": True,
        }
    },
}
LAST = {"StartAt": "Last", "States": {"Last": {"Type": "Pass", "InputPath": "$.items[-1]", "End": True}}}
TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: prod}
Resources:
  ChargeFunction:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: charge-v2, Handler: charge.handler}
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Name: orders
      Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt ChargeFunction.Arn, End: true}}}
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    folder = pytester.mkdir("workflows")
    for name, definition in {"orders": CHARGE, "refunds": CHARGE, "last": LAST}.items():
        folder.joinpath(f"{name}.asl.json").write_text(json.dumps(definition), encoding="utf-8")
    folder.joinpath("broken.asl.json").write_text('{"StartAt": "A"}', encoding="utf-8")
    folder.joinpath("template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return pytester


ORDER = """
@pytest.mark.sfn_lambda("charge-card", returns={"receipt": 7})
def test_order(sfn_sync):
    assert place_order() == ("SUCCEEDED", {"receipt": 7})
    assert sfn_sync.last_execution.machine.name == "orders"
    assert sfn_sync.machines == []
"""


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("pytest.ini", "[pytest]\nsfn_sync_machines = orders = workflows/orders.asl.json", id="a name"),
        pytest.param(
            "pytest.ini", "[pytest]\nsfn_sync_machines = workflows/orders.asl.json", id="the name of the file"
        ),
        pytest.param(
            "pytest.ini",
            "[pytest]\nsfn_sync_machines =\n    workflows/[or]*.asl.json\n    later=workflows/last.asl.json",
            id="a pattern, and a name",
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.pytest.ini_options]\nsfn_sync_machines = ["orders = workflows/orders.asl.json"]',
            id="the table of ini options",
        ),
        pytest.param(
            "pytest.toml",
            '[pytest]\nsfn_sync_machines = ["workflows/orders.asl.json"]',
            id="native TOML",
            marks=needs_native_toml,
        ),
    ],
)
def test_all_tests_have_the_machines(project: pytest.Pytester, run_project: RunProject, file: str, text: str) -> None:
    project.path.joinpath(file).write_text(text, encoding="utf-8")
    run_project(ORDER + ORDER.replace("test_order", "test_other")).assert_outcomes(passed=2)


def test_a_machine_that_is_not_used_is_not_read(project: pytest.Pytester, run_project: RunProject) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = workflows/*.asl.json")
    run_project(ORDER).assert_outcomes(passed=1)


def test_a_broken_machine_is_told_when_it_is_used(project: pytest.Pytester, run_project: RunProject) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = orders = workflows/broken.asl.json\n")
    result = run_project("def test_order(sfn_sync):\n    place_order()\n\ndef test_other(sfn_sync):\n    pass\n")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*DefinitionError: arn:aws:states:us-east-1:123456789012:stateMachine:orders was not registered: Machine "
            "'orders' (workflows/broken.asl.json) can't be registered: its definition has 1 fault:"
        ]
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(
            "sfn_sync_machines = orders = workflows/absent.json",
            "sfn_sync_machines in *tox.ini: no file fits 'workflows/absent.json' (patterns count from *)",
            id="a path that is missing",
        ),
        pytest.param(
            "sfn_sync_machines = workflows/*.yml",
            "sfn_sync_machines in *tox.ini: no file fits 'workflows/*.yml' (patterns count from *)",
            id="a pattern that fits nothing",
        ),
        pytest.param(
            "sfn_sync_templates = absent.yaml",
            "sfn_sync_templates in *tox.ini: no file fits 'absent.yaml' (patterns count from *)",
            id="a template that is missing",
        ),
        pytest.param(
            "sfn_sync_machines = orders = workflows/*.asl.json",
            "sfn_sync_machines in *tox.ini: 'orders = workflows/[*].asl.json' is one machine, but 4 files fit: *",
            id="a name for several files",
        ),
        pytest.param(
            "sfn_sync_machines =\n  workflows/orders.asl.json\n  orders = workflows/refunds.asl.json",
            "sfn_sync_machines in *tox.ini: the machine 'orders' has two definitions, */orders.asl.json and "
            "*/refunds.asl.json; write 'name = path' for one of them",
            id="two definitions",
        ),
    ],
)
def test_a_wrong_option_is_told_at_once(
    project: pytest.Pytester, run_project: RunProject, line: str, message: str
) -> None:
    project.makeini(f"[pytest]\n{line}\n")
    result = run_project("def test_one():\n    pass\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {message}"])


OTHER = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "own", "End": true}}}'


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(
            f"""
@pytest.mark.sfn_machine("orders", {OTHER!r})
def test_order():
    assert place_order() == ("SUCCEEDED", "own")
""",
            id="a marker",
        ),
        pytest.param(
            f"""
def test_order(sfn_sync):
    sfn_sync.mock_lambda("charge-card", returns=7)
    assert place_order() == ("SUCCEEDED", 7)
    sfn_sync.register("orders", {OTHER!r})
    assert place_order() == ("SUCCEEDED", "own")
""",
            id="the test, after the other one was used",
        ),
        pytest.param(
            f"""
@pytest.fixture(scope="session", autouse=True)
def workflows(sfn_sync_session):
    sfn_sync_session.register("orders", {OTHER!r})

def test_order(sfn_sync):
    assert place_order() == ("SUCCEEDED", "own")
""",
            id="the fake of the session",
        ),
    ],
)
def test_a_machine_of_the_same_name_comes_first(project: pytest.Pytester, run_project: RunProject, module: str) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = workflows/orders.asl.json\n")
    run_project(module).assert_outcomes(passed=1)


def test_a_fake_that_a_test_makes_has_the_machines(project: pytest.Pytester, run_project: RunProject) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = workflows/orders.asl.json\n")
    run_project(
        """
from pytest_sfn_sync import SfnSync

def test_order():
    with SfnSync() as outer:
        outer.mock_lambda("charge-card", returns=7)
        with SfnSync() as inner:
            assert place_order() == ("SUCCEEDED", 7)
        assert place_order() == ("SUCCEEDED", 7)
"""
    ).assert_outcomes(passed=1)


def test_the_machines_are_in_the_region_and_account_of_the_test(
    project: pytest.Pytester, run_project: RunProject
) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = workflows/last.asl.json\nfilterwarnings = ignore\n")
    run_project(
        """
def status(arn, client=client):
    return client.start_sync_execution(stateMachineArn=arn, input='{"items": [1]}')["status"]

@pytest.mark.sfn_sync(region="eu-west-1", account_id="111122223333")
def test_marker(sfn_sync):
    arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:last"
    assert status(arn, sfn_sync.client()) == "FAILED"
    with pytest.raises(client.exceptions.StateMachineDoesNotExist):
        status(ARN.replace("orders", "last"))

def test_default(sfn_sync):
    assert status(ARN.replace("orders", "last")) == "FAILED"
"""
    ).assert_outcomes(passed=2)


def test_a_hint_for_an_unknown_machine_has_those_of_the_project(
    project: pytest.Pytester, run_project: RunProject
) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = workflows/[br]*.asl.json\n")
    result = run_project("def test_order(sfn_sync):\n    place_order()\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*stateMachine:refunds (EXPRESS)*"])


def test_a_warning_is_shown_at_the_test_that_uses_the_machine_first(
    project: pytest.Pytester, run_project: RunProject
) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = orders = workflows/last.asl.json\n")
    tests = "def test_order(sfn_sync):\n    place_order()\n\ndef test_again(sfn_sync):\n    place_order()\n"
    result = run_project(tests, "-W", "default")
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        ["test_project.py::test_order", "*DefinitionWarning: Machine 'orders' *", "*does not count from the end*"]
    )


@pytest.mark.parametrize("mock", ["charge-v2", "ChargeFunction"])
def test_all_tests_have_the_machines_of_templates(project: pytest.Pytester, run_project: RunProject, mock: str) -> None:
    pytest.importorskip("yaml")
    project.makeini("[pytest]\nsfn_sync_templates = workflows/*.yaml\n")
    test = ORDER.replace("charge-card", mock)
    run_project(test + test.replace("test_order", "test_other")).assert_outcomes(passed=2)


def test_a_template_that_can_not_be_read_is_told_with_the_option(
    project: pytest.Pytester, run_project: RunProject
) -> None:
    pytest.importorskip("yaml")
    project.path.joinpath("workflows/template.yaml").write_text("Resources: {", encoding="utf-8")
    project.makeini("[pytest]\nsfn_sync_templates = workflows/template.yaml\n")
    result = run_project("def test_order(sfn_sync):\n    pass\n\ndef test_other():\n    pass\n")
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["*sfn_sync_templates in *tox.ini: *template.yaml*"])


def test_a_template_may_be_loaded_again_with_other_parameters(
    project: pytest.Pytester, run_project: RunProject
) -> None:
    pytest.importorskip("yaml")
    project.makeini("[pytest]\nsfn_sync_templates = workflows/template.yaml\n")
    run_project(
        """
def test_order(sfn_sync):
    sfn_sync.mock_lambda("ChargeFunction", returns=7)
    template = sfn_sync.load_template("workflows/template.yaml", parameters={"Stage": "dev"})
    assert place_order() == ("SUCCEEDED", 7)
    assert sfn_sync.last_execution.machine is template["Orders"]
"""
    ).assert_outcomes(passed=1)


def test_coverage_reports_machines_that_no_test_used(project: pytest.Pytester, run_project: RunProject) -> None:
    project.makeini("[pytest]\nsfn_sync_machines = workflows/[or]*.asl.json\n")
    result = run_project(ORDER, "--sfn-report")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*orders*100*", "*refunds*0*"])


def test_nothing_of_the_project_is_left_after_the_run(project: pytest.Pytester, run_project: RunProject) -> None:
    from pytest_sfn_sync.fake import layers

    before: list[Any] = list(layers.around_all)
    project.makeini("[pytest]\nsfn_sync_machines = workflows/orders.asl.json\n")
    run_project(ORDER).assert_outcomes(passed=1)
    assert (layers.around_all, layers.entered()) == (before, [])
