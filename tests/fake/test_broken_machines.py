"""One broken machine of a template never stops its neighbours: it is told of when it is used, and in the notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, SfnSyncUsageError
from pytest_sfn_sync.errors import TemplateError

GOOD = "      Definition: {StartAt: A, States: {A: {Type: Pass, Result: fine, End: true}}}\n"
REGION = "us-east-1"


def sam(**machines: str) -> str:
    """Write a SAM template of machines, each given as its properties."""
    text = "Resources:\n"
    for key, properties in machines.items():
        kind = "" if "Type: EXPRES\n" in properties else "      Type: EXPRESS\n"
        text += f"  {key}:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n{kind}{properties}"
    return text


def load(sfn: SfnSync, folder: Path, text: str, *, name: str = "template.yaml", **arguments: Any) -> Any:
    (folder / name).write_text(text)
    return sfn.load_template(folder / name, **arguments)


def arn_of(name: str) -> str:
    return f"arn:aws:states:{REGION}:123456789012:stateMachine:{name}"


def start(sfn: SfnSync, arn: str) -> Any:
    return sfn.client().start_sync_execution(stateMachineArn=arn)


@pytest.mark.parametrize(
    ("broken", "error", "told"),
    [
        pytest.param(
            "      Definition: {StartAt: A, States: {A: {Type: Pass, Nap: 1, End: true}}}\n",
            DefinitionError,
            "Field 'Nap' is not supported at /States/A",
            id="a fault of its definition",
        ),
        pytest.param(
            "      Definition: {StartAt: A, States: {A: {Type: Pass, Result: !Ref Nowhere, End: true}}}\n",
            TemplateError,
            "Ref names neither a parameter nor a resource: 'Nowhere'.",
            id="a Ref to nothing",
        ),
        pytest.param(
            "      DefinitionUri: nowhere.asl.json\n",
            TemplateError,
            "there is no 'nowhere.asl.json'",
            id="a file that is not there",
        ),
        pytest.param("      DefinitionUri: template.yaml\n", DefinitionError, "it is a template", id="a file of none"),
        pytest.param("      Tracing: {}\n", TemplateError, "it has no definition", id="no definition"),
        pytest.param(
            "      DefinitionUri: s3://bucket/key\n",
            TemplateError,
            "is in S3 (s3://bucket/key)",
            id="a definition in S3",
        ),
        pytest.param(
            "      Definition: {StartAt: A, States: {A: {Type: Pass, Comment: '${Thing}', End: true}}}\n",
            TemplateError,
            "${Thing} has no value",
            id="a placeholder without a value",
        ),
        pytest.param(
            "      Type: EXPRES\n" + GOOD,
            TemplateError,
            "not 'EXPRES'",
            id="a type that is none",
        ),
    ],
)
def test_the_others_are_registered(broken: str, error: type[Exception], told: str, tmp_path: Path) -> None:
    text = sam(First=GOOD, Broken=broken, Last=GOOD)
    with SfnSync() as sfn:
        loaded = load(sfn, tmp_path, text)
        assert list(loaded) == ["First", "Last"]
        assert len(loaded) == 2
        assert "Broken" not in loaded
        assert "First" in loaded
        for key in loaded:
            assert start(sfn, loaded[key].arn)["output"] == '"fine"'
        note = loaded.notes[-1]
        assert note.startswith("Broken is not registered: ")
        assert note.endswith(". Using it raises the whole error.")
        assert note.count("\n") == 0
        assert told in note
        with pytest.raises(error) as looked_up:
            loaded["Broken"]
        with pytest.raises(error) as looked_up_by_get:
            loaded.get("Broken")
        with pytest.raises(error) as started:
            start(sfn, arn_of("Broken"))
        assert sfn.usage_errors == [started.value]
        sfn.usage_errors.clear()
    for raised in (looked_up, looked_up_by_get, started):
        assert told in str(raised.value)
        assert isinstance(raised.value, SfnSyncUsageError)
    assert str(started.value).startswith(f"{arn_of('Broken')} was not registered: ")
    assert str(looked_up.value).startswith("The machine 'Broken' of ")


def test_the_note_has_the_first_fault(tmp_path: Path) -> None:
    with SfnSync() as sfn:
        loaded = load(
            sfn,
            tmp_path,
            sam(
                First=GOOD,
                Bad="      Definition: {StartAt: A, States: {A: {Type: Pass, Nap: 1, Next: B}}}\n",
                Worse="      Type: EXPRES\n" + GOOD,
            ),
        )
        assert [note.replace(f"{tmp_path}/", "") for note in loaded.notes] == [
            "Worse is not registered: template.yaml:15: /Resources/Worse/Properties/Type: a state machine is 'EXPRESS' "
            "or 'STANDARD', not 'EXPRES'. Using it raises the whole error.",
            "Bad is not registered: SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/A. Using it "
            "raises the whole error.",
        ]


def test_who_swallows_it_is_told_at_the_end(tmp_path: Path) -> None:
    bad = "      Definition: {StartAt: A, States: {A: {Type: Pass, Nap: 1, End: true}}}\n"
    sfn = SfnSync().__enter__()
    load(sfn, tmp_path, sam(First=GOOD, Broken=bad))
    for arn in (arn_of("Broken"), f"{arn_of('Broken')}:live", f"{arn_of('Broken')}:3"):
        with pytest.raises(DefinitionError, match="Nap"):
            start(sfn, arn)
    with pytest.raises(DefinitionError, match="3 usage errors were raised in calls and swallowed there"):
        sfn.__exit__(None, None, None)


def test_a_workflow_that_starts_it_does_not_catch_it(tmp_path: Path) -> None:
    bad = "      Definition: {StartAt: A, States: {A: {Type: Pass, Nap: 1, End: true}}}\n"
    parent = {
        "StartAt": "Start",
        "States": {
            "Start": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
                "Parameters": {"StateMachineArn": arn_of("Broken")},
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Fine"}],
                "End": True,
            },
            "Fine": {"Type": "Succeed"},
        },
    }
    with SfnSync() as sfn:
        load(sfn, tmp_path, sam(First=GOOD, Broken=bad))
        with pytest.raises(DefinitionError, match="Nap"):
            start(sfn, sfn.register("parent", parent).arn)
        sfn.usage_errors.clear()


def test_each_of_several_is_told_for_itself(tmp_path: Path) -> None:
    shared = "      Definition: {StartAt: A, States: {A: {Type: Pass, Result: !Ref Number, End: true}}}\n"
    text = "Parameters: {Number: {Type: Number}}\n" + sam(One=shared, Fine=GOOD, Two=shared)
    with SfnSync() as sfn:
        loaded = load(sfn, tmp_path, text)
        for key in ("One", "Two"):
            with pytest.raises(TemplateError, match="'Number' is a Number without Default"):
                loaded[key]
        assert list(loaded) == ["Fine"]
        assert list(loaded.broken) == ["One", "Two"]


def test_where_no_machine_is_left_it_is_told_at_once(tmp_path: Path) -> None:
    bad = "      Definition: {StartAt: A, States: {A: {Type: Pass, Nap: 1, End: true}}}\n"
    with SfnSync() as sfn, pytest.raises(DefinitionError) as both:
        load(sfn, tmp_path, sam(One=bad, Two="      DefinitionUri: nowhere.asl.json\n"))
    assert "Field 'Nap' is not supported" in str(both.value)
    assert "there is no 'nowhere.asl.json'" in str(both.value)
    assert len(both.value.diagnostics) == 1


def test_what_the_test_gave_for_the_template_is_told_at_once(tmp_path: Path) -> None:
    bad = "      DefinitionUri: nowhere.asl.json\n"
    with SfnSync() as sfn, pytest.raises(TemplateError, match="parameters= has 'Stage', but the template has no such"):
        load(sfn, tmp_path, sam(Fine=GOOD, Broken=bad), parameters={"Stage": "x"})


def test_a_value_for_a_placeholder_of_a_broken_machine_is_no_fault(tmp_path: Path) -> None:
    with SfnSync() as sfn:
        loaded = load(
            sfn, tmp_path, sam(Fine=GOOD, Broken="      DefinitionUri: x.json\n"), parameters={"${Thing}": "x"}
        )
        assert list(loaded) == ["Fine"]


def test_names_that_collide(tmp_path: Path) -> None:
    named = "      Name: orders\n"
    other = GOOD.replace("fine", "other")
    with SfnSync() as sfn:
        loaded = load(sfn, tmp_path, sam(First=named + GOOD, Second=named + other))
        assert start(sfn, loaded["First"].arn)["output"] == '"fine"'
        with pytest.raises(DefinitionError, match="A machine named 'orders' is registered already"):
            loaded["Second"]


def test_a_name_that_an_earlier_load_has_taken_is_refused(tmp_path: Path) -> None:
    with SfnSync() as sfn:
        load(sfn, tmp_path, sam(Orders=GOOD))
        with pytest.raises(DefinitionError, match="A machine named 'Orders' is registered already"):
            load(sfn, tmp_path, sam(Orders=GOOD.replace("fine", "other")))
        load(sfn, tmp_path, sam(Orders=GOOD.replace("fine", "other")), replace=True)
        assert start(sfn, arn_of("Orders"))["output"] == '"other"'


def test_a_machine_registered_by_hand_takes_its_place(tmp_path: Path) -> None:
    with SfnSync() as sfn:
        load(sfn, tmp_path, sam(Fine=GOOD, Broken="      DefinitionUri: s3://bucket/key\n"))
        sfn.register("Broken", {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
        assert start(sfn, arn_of("Broken"))["status"] == "SUCCEEDED"


def test_one_that_broke_since_is_not_run_as_it_was(tmp_path: Path) -> None:
    bad = "      Definition: {StartAt: A, States: {A: {Type: Pass, Nap: 1, End: true}}}\n"
    with SfnSync() as sfn:
        load(sfn, tmp_path, sam(Fine=GOOD, Orders=GOOD))
        load(sfn, tmp_path, sam(Fine=GOOD, Orders=bad), replace=True)
        with pytest.raises(DefinitionError, match="Nap"):
            start(sfn, arn_of("Orders"))
        sfn.usage_errors.clear()


def test_a_reset_forgets_it(tmp_path: Path) -> None:
    with SfnSync() as sfn:
        load(sfn, tmp_path, sam(Fine=GOOD, Broken="      DefinitionUri: s3://bucket/key\n"))
        sfn.reset()
        with sfn.raises("StateMachineDoesNotExist"):
            start(sfn, arn_of("Broken"))


def test_its_type_may_be_given(tmp_path: Path) -> None:
    with SfnSync() as sfn:
        text = sam(Fine=GOOD, Broken="      DefinitionUri: s3://bucket/key\n")
        assert list(load(sfn, tmp_path, text, type={"Broken": "STANDARD"})) == ["Fine"]


SERVERLESS = """\
service: shop
provider: {name: aws}
stepFunctions:
  stateMachines:
    fine: {type: EXPRESS, name: fine, definition: {StartAt: A, States: {A: {Type: Pass, Result: fine, End: true}}}}
"""


@pytest.mark.parametrize(
    ("machine", "told"),
    [
        pytest.param(
            "${file(nowhere.yml)}", "${file(nowhere.yml)} has no value here", id="a file for the whole machine"
        ),
        pytest.param(
            "{definition: '${file(nowhere.yml)}'}", "${file(nowhere.yml)} has no value", id="for its definition"
        ),
        pytest.param("{name: x}", "it has no definition", id="no definition"),
        pytest.param("5", "a state machine is an object, not a number", id="a number"),
        pytest.param(
            "{definition: {StartAt: A, States: {A: {Type: Pass, Result: !Ref Nowhere, End: true}}}}",
            "Ref names neither a parameter nor a resource: 'Nowhere'",
            id="a Ref to nothing",
        ),
        pytest.param("{type: EXPRES, definition: {}}", "not 'EXPRES'", id="a type that is none"),
    ],
)
def test_in_the_serverless_framework(machine: str, told: str, tmp_path: Path) -> None:
    last = SERVERLESS.splitlines()[-1].replace("fine:", "last:").replace("name: fine", "name: last")
    text = f"{SERVERLESS}    broken: {machine}\n{last}\n"
    with SfnSync() as sfn:
        loaded = load(sfn, tmp_path, text, name="serverless.yml")
        assert list(loaded) == ["fine", "last"]
        assert start(sfn, loaded["last"].arn)["output"] == '"fine"'
        with pytest.raises(TemplateError) as refused:
            loaded["broken"]
    assert told in str(refused.value)


def test_of_the_cdk(tmp_path: Path) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    resources = {
        "Fine1A2B3C4D": {"DefinitionString": json.dumps(definition)},
        "Broken5E6F7A8B": {"DefinitionString": {"Fn::Join": ["", ["{", {"Ref": "Nowhere"}, "}"]]}},
    }
    kind = "AWS::StepFunctions::StateMachine"
    template = {"Resources": {key: {"Type": kind, "Properties": value} for key, value in resources.items()}}
    with SfnSync() as sfn:
        loaded = load(sfn, tmp_path, json.dumps(template), name="Shop.template.json")
        assert list(loaded) == ["Fine1A2B3C4D"]
        with pytest.raises(TemplateError, match="Nowhere"):
            loaded["Broken"]
