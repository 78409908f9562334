"""Definitions are compiled once in a process: what counts as the same definition, and what tests can't spoil."""

from __future__ import annotations

import gc
import json
import os
import warnings
from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from pytest_sfn_sync import DefinitionError, DefinitionWarning, SfnSync, StateMachine
from pytest_sfn_sync.registry.compiled_definitions import CompiledDefinitions

TASK = {"Type": "Task", "Resource": "arn:aws:lambda:${AWS::Region}:123456789012:function:${Function}", "End": True}


def a_pass(**fields: Any) -> dict[str, Any]:
    return {"StartAt": "P", "States": {"P": {"Type": "Pass", **fields, "End": True}}}


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> CompiledDefinitions:
    """Begin with no compiled definitions, and keep two at most."""
    compiled = CompiledDefinitions(most=2)
    monkeypatch.setattr("pytest_sfn_sync.registry.shared_definitions", compiled)
    return compiled


def registered(definition: Any, **arguments: Any) -> StateMachine:
    """Register a definition in a fake of its own."""
    with SfnSync(region=arguments.pop("default_region", "us-east-1")) as sfn:
        return sfn.register(arguments.pop("name", "orders"), definition, **arguments)


def output_of(definition: Any) -> Any:
    with SfnSync() as sfn:
        arn = sfn.register("orders", definition).arn
        return json.loads(sfn.client().start_sync_execution(stateMachineArn=arn)["output"])


TEXT = json.dumps(a_pass())
YAML = "StartAt: P\nStates:\n  P: {Type: Succeed}"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(a_pass(Result=1), a_pass(Result=1), id="equal dicts"),
        pytest.param(a_pass(Result="x" * 2), a_pass(Result="".join("xx")), id="equal texts that are two objects"),
        pytest.param(TEXT, TEXT, id="one text"),
        pytest.param(
            "StartAt: P\nStates:\n  P: {Type: Succeed}", "StartAt: P\nStates:\n  P: {Type: Succeed}", id="YAML"
        ),
    ],
)
def test_the_same_definition_is_compiled_once(first: Any, second: Any) -> None:
    if first is YAML:
        pytest.importorskip("yaml")
    machines = [registered(first), registered(second, name="another", role_arn="arn:aws:iam::1:role/r")]
    assert machines[0].compiled is machines[1].compiled
    assert [machine.name for machine in machines] == ["orders", "another"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(a_pass(Result=1), a_pass(Result=True), id="1 and true"),
        pytest.param(a_pass(Result=1), a_pass(Result=1.0), id="1 and 1.0"),
        pytest.param(a_pass(Result={"b": 1, "a": 2}), a_pass(Result={"a": 2, "b": 1}), id="another order of keys"),
        pytest.param(TEXT, TEXT + "\n", id="another text"),
        pytest.param(TEXT, json.loads(TEXT), id="a text and a dict"),
    ],
)
def test_different_definitions_are_not_the_same(first: Any, second: Any) -> None:
    machines = [registered(first), registered(second)]
    assert machines[0].compiled is not machines[1].compiled
    assert json.dumps(machines[1].definition) == json.dumps(json.loads(second) if isinstance(second, str) else second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({}, {"type": "STANDARD"}, id="the type"),
        pytest.param({}, {"substitutions": {"Function": "g"}}, id="a substitution"),
        pytest.param({}, {"substitutions": {"Function": "f", "Other": 1}}, id="a substitution that is not used"),
        pytest.param({}, {"region": "eu-west-1"}, id="the region of the machine"),
        pytest.param({}, {"default_region": "eu-west-1"}, id="the region of the fake"),
        pytest.param({}, {"account_id": "111122223333"}, id="the account"),
    ],
)
def test_the_same_text_with_other_options_is_another_definition(first: Any, second: Any) -> None:
    definition = {"StartAt": "T", "States": {"T": TASK}}
    machines = [
        registered(definition, **({"substitutions": {"Function": "f"}} | options)) for options in (first, second)
    ]
    assert machines[0].compiled is not machines[1].compiled
    state = machines[1].definition["States"]["T"]
    function = second.get("substitutions", {}).get("Function", "f")
    region = machines[1].region
    assert state["Resource"] == f"arn:aws:lambda:{region}:123456789012:function:{function}"


def test_a_definition_with_a_key_that_is_no_text_is_refused_after_one_with_the_text() -> None:
    registered(a_pass(Result={"1": "one"}))
    with pytest.raises(DefinitionError, match="the key 1 is an int, not a string"):
        registered(a_pass(Result={1: "one"}))


@pytest.mark.parametrize("suffix", [".json", ".asl.yaml"])
def test_a_file_that_changes_is_read_anew_even_if_its_times_and_its_size_stay(tmp_path: Path, suffix: str) -> None:
    if suffix.endswith("yaml"):
        pytest.importorskip("yaml")
    path = tmp_path / f"orders{suffix}"
    path.write_text(json.dumps(a_pass(Result="before")))
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    first, again = registered(path), registered(path)
    assert first.compiled is again.compiled
    assert output_of(path) == "before"
    path.write_text(json.dumps(a_pass(Result="after!")))
    os.utime(path, ns=times)
    assert output_of(path) == "after!"
    path.unlink()
    with pytest.raises(DefinitionError, match="there is no file 'orders"):
        registered(path)


def test_machines_of_a_file_have_its_places_each_time(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text('{"StartAt": "P",\n "States": {\n  "${Name}": {"Type": "Pass", "End": true}}}')
    for name in ("P", "P"):
        machine = registered(path, substitutions={"Name": name})
        assert machine.source == str(path)
        assert machine.line_map is not None
        span = machine.line_map.span("/States/P")
        assert span is not None
        assert span.line == 3


def test_a_file_and_its_text_have_different_sources(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(TEXT)
    assert (registered(TEXT).source, registered(path).source, registered(TEXT).source) == (None, str(path), None)


def test_a_warning_comes_at_each_registration(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(a_pass(InputPath="$.orders[-1]"), indent=1))
    heard = []
    for name in ("first", "second"):
        with pytest.warns(DefinitionWarning) as warned:
            registered(path, name=name)
        heard.append(str(warned[0].message).partition("\n"))
    (first, _, first_rest), (second, _, second_rest) = heard
    assert first.startswith("Machine 'first'")
    assert second.startswith("Machine 'second'")
    assert f"{path.name}:" in second_rest
    assert first_rest == second_rest


def test_a_definition_with_faults_is_refused_each_time_in_the_same_words() -> None:
    texts = []
    for _ in range(2):
        with pytest.raises(DefinitionError) as raised:
            registered(a_pass(Next="Nowhere"))
        texts.append(str(raised.value))
    assert texts[0] == texts[1]
    assert "2 faults" in texts[0] or "1 fault" in texts[0]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda execution: execution.output.update(paid=False), id="the output of an execution"),
        pytest.param(lambda execution: execution.output["lines"].append(object()), id="a list in it, with no JSON"),
        pytest.param(
            lambda execution: execution.machine.definition["States"]["P"].update(Result=0),
            id="the machine's definition",
        ),
        pytest.param(
            lambda execution: execution.output["lines"].append(execution.output), id="a document that contains itself"
        ),
    ],
)
def test_a_test_that_changes_a_shared_document_spoils_no_other_test(spoil: Any) -> None:
    definition = a_pass(Result={"paid": True, "lines": []})
    with SfnSync() as sfn:
        arn = sfn.register("orders", definition).arn
        sfn.client().start_sync_execution(stateMachineArn=arn)
        spoil(sfn.last_execution)
    assert output_of(definition) == {"paid": True, "lines": []}


def test_a_dict_that_the_test_changes_is_another_definition() -> None:
    definition = a_pass(Result="before")
    assert output_of(definition) == "before"
    definition["States"]["P"]["Result"] = "after"
    assert output_of(definition) == "after"


def test_what_is_kept_holds_nothing_of_a_fake(compiled: CompiledDefinitions, tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(TEXT)
    with SfnSync() as sfn:
        sfn.register("kept-file", path)
        sfn.register("kept-dict", a_pass())
        fake = ref(sfn)
    del sfn
    gc.collect()
    assert fake() is None
    assert [found for found in gc.get_objects() if type(found) is StateMachine and found.name.startswith("kept-")] == []
    assert len(compiled) == 2


def test_the_definition_that_was_not_used_for_the_longest_time_is_forgotten(
    compiled: CompiledDefinitions,
) -> None:
    first = registered(a_pass(Result=1)).compiled
    registered(a_pass(Result=2))
    assert registered(a_pass(Result=1)).compiled is first
    registered(a_pass(Result=3))
    assert len(compiled) == 2
    assert registered(a_pass(Result=1)).compiled is first


class OtherDict(dict[str, Any]):
    pass


def test_a_mapping_of_another_type_is_compiled_each_time(compiled: CompiledDefinitions) -> None:
    machines = [registered(OtherDict(a_pass())) for _ in range(2)]
    assert machines[0].compiled is not machines[1].compiled
    assert len(compiled) == 0


def test_a_template_that_changes_is_read_anew(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    template = tmp_path / "template.yaml"
    text = """
Parameters:
  Word: {Type: String, Default: before}
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: P
        States:
          P: {Type: Pass, Result: !Ref Word, End: true}
"""
    template.write_text(text)

    def result(**arguments: Any) -> Any:
        with SfnSync() as sfn:
            return sfn.load_template(template, **arguments)["Orders"].definition["States"]["P"]["Result"]

    assert [result(), result(parameters={"Word": "given"}), result()] == ["before", "given", "before"]
    times = template.stat().st_atime_ns, template.stat().st_mtime_ns
    template.write_text(text.replace("before", "after!"))
    os.utime(template, ns=times)
    assert result() == "after!"


def test_no_warning_is_issued_for_a_definition_without_one() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert registered(a_pass()).compiled is registered(a_pass()).compiled
