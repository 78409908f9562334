"""Registering machines: where definitions come from, placeholders, refusals with every fault, versions and aliases."""

from __future__ import annotations

import json
import math
from datetime import datetime, timezone
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import DefinitionError, OptionError
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.registry.names import is_valid_name, partition_of

PASS: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
FAIL: dict[str, Any] = {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}


@pytest.fixture
def registry() -> Registry:
    return Registry(now=lambda: 1_700_000_000_000_000)


def with_result(result: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": result, "End": True}}}


def result_of(machine: RegisteredMachine) -> Any:
    return machine.definition["States"]["A"]["Result"]


def refusal(registry: Registry, *arguments: Any, **keywords: Any) -> str:
    with pytest.raises(DefinitionError) as raised:
        registry.register(*arguments, **keywords)
    assert len(registry) == 0
    return str(raised.value)


# Where a definition comes from


def test_a_dict(registry: Registry) -> None:
    machine = registry.register("orders", PASS)
    assert machine.definition == PASS
    assert machine.source is None
    assert machine.type == "EXPRESS"
    assert machine.status == "ACTIVE"
    assert machine.arn == "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
    assert machine.role_arn == "arn:aws:iam::123456789012:role/StepFunctionsRole"
    assert machine.creation_date == datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)
    assert machine.compiled is not None


def test_a_dict_is_copied_so_that_changing_it_later_changes_nothing(registry: Registry) -> None:
    definition = json.loads(json.dumps(PASS))
    machine = registry.register("orders", definition)
    definition["States"]["A"]["Type"] = "Fail"
    assert machine.definition == PASS


@pytest.mark.parametrize("before", ["", " \n\t"])
def test_json_text(registry: Registry, before: str) -> None:
    assert registry.register("orders", before + json.dumps(PASS)).definition == PASS


@pytest.mark.parametrize("as_text", [True, False])
def test_a_file(registry: Registry, tmp_path: Path, as_text: bool) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text("\ufeff" + json.dumps(PASS), encoding="utf-8")
    machine = registry.register("orders", str(path) if as_text else path)
    assert (machine.definition, machine.source) == (PASS, str(path))


def test_a_relative_path_counts_from_the_working_directory(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "orders.asl.json").write_text(json.dumps(PASS))
    monkeypatch.chdir(tmp_path)
    assert registry.register("orders", "orders.asl.json").definition == PASS


def test_a_missing_file_is_told_with_the_folder_and_near_names(registry: Registry, tmp_path: Path) -> None:
    for name in ("billing.json", "orders.asl.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "folder").mkdir()
    missing = tmp_path / "order.asl.json"
    assert refusal(registry, "orders", missing) == (
        f"Machine 'orders' ({missing}) can't be registered: there is no file 'order.asl.json' in {tmp_path}, "
        "which has orders.asl.json, billing.json (a str that doesn't begin with '{' is taken as a path)."
    )


def test_a_missing_folder_is_told(registry: Registry, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "orders.asl.json"
    assert refusal(registry, "orders", missing) == (
        f"Machine 'orders' ({missing}) can't be registered: there is no folder {tmp_path / 'nowhere'} "
        "(a str that doesn't begin with '{' is taken as a path)."
    )


def test_an_empty_folder_is_told(registry: Registry, tmp_path: Path) -> None:
    assert "which has no files" in refusal(registry, "orders", tmp_path / "orders.asl.json")


def test_a_file_that_cannot_be_read_is_told(registry: Registry, tmp_path: Path) -> None:
    assert refusal(registry, "orders", tmp_path) == (
        f"Machine 'orders' ({tmp_path}) can't be registered: it is a folder, not a file."
    )
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"Comment": "\xe9"}')
    assert "its file can't be read: 'utf-8' codec" in refusal(registry, "orders", latin)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            '{\n  "StartAt": "A",\n  "States": }',
            "it is not JSON (Expecting value at line 3, column 13):\n  \"States\": }",
            id="a value is missing",
        ),
        pytest.param(
            '{"StartAt": "A"', "it is not JSON (Expecting ',' delimiter at line 1, column 16):\n  {\"StartAt\": \"A\"",
            id="it ends too soon",
        ),
        pytest.param('{"StartAt": NaN}', "it is not JSON (NaN is not a JSON number).", id="not a number"),
    ],
)  # fmt: skip
def test_text_that_is_not_json(registry: Registry, text: str, told: str) -> None:
    assert refusal(registry, "orders", text) == f"Machine 'orders' can't be registered: {told}"


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        (7, "a definition is a dict, JSON or YAML text, or a path, not an int (7)."),
        (["a"], "a definition is a dict, JSON or YAML text, or a path, not a list (['a'])."),
        (None, "a definition is a dict, JSON or YAML text, or a path, not a NoneType (None)."),
        ("", "it is an empty text; a variable that should have its path may be empty."),
    ],
    ids=repr,
)
def test_what_is_no_definition(registry: Registry, definition: Any, told: str) -> None:
    assert refusal(registry, "orders", definition) == f"Machine 'orders' can't be registered: {told}"


def test_values_that_are_not_json_are_all_told_with_their_places(registry: Registry) -> None:
    definition = with_result({"when": datetime(2024, 1, 1), "many": [1, {2}], 3: math.inf})
    assert refusal(registry, "orders", definition) == (
        "Machine 'orders' can't be registered: it is not a JSON document:\n"
        "  a datetime is not JSON at /States/A/Result/when\n"
        "  a set is not JSON at /States/A/Result/many[1]\n"
        "  the key 3 is an int, not a string at /States/A/Result\n"
        "  inf is not JSON at /States/A/Result/3"
    )


def test_a_definition_that_contains_itself(registry: Registry) -> None:
    endless: dict[str, Any] = {}
    endless["Comment"] = endless
    assert refusal(registry, "orders", endless) == (
        "Machine 'orders' can't be registered: it is nested too deeply, or contains itself."
    )


def test_text_that_is_nested_too_deeply(registry: Registry) -> None:
    assert refusal(registry, "orders", '{"a":' * 100_000) == (
        "Machine 'orders' can't be registered: it is nested too deeply to be read."
    )


def test_structural_faults_are_all_told_with_name_and_file(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Z"}, "B": {"Type": "Nap"}}}')
    told = refusal(registry, "orders", path)
    first, *shown = told.splitlines()
    faults = [line for line in shown if line.startswith(("  SCHEMA", "  MISSING"))]
    assert first.startswith(f"Machine 'orders' ({path}) can't be registered: its definition has ")
    assert "  MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/A/Next" in faults
    assert any(fault.endswith(" at /States/B/Type") for fault in faults)
    assert first.endswith(f" has {len(faults)} faults:")


def test_one_fault_is_told_in_the_singular(registry: Registry) -> None:
    definition = {**PASS, "TimeoutSeconds": "long"}
    told = refusal(registry, "orders", definition, source="the marker of test_it").splitlines()
    assert told[0] == ("Machine 'orders' (the marker of test_it) can't be registered: its definition has 1 fault:")
    assert len(told) == 2
    assert told[1].endswith(" at /TimeoutSeconds")


# Names, types, identity


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "a name has 1 to 80 characters"),
        ("n" * 81, "a name has 1 to 80 characters"),
        ("an order", "a name can't contain ' '"),
        ("order#1", "a name can't contain '#'"),
        ("order\n", "a name can't contain '\\n'"),
    ],
    ids=repr,
)
def test_names_that_aws_refuses(registry: Registry, name: str, why: str) -> None:
    assert refusal(registry, name, PASS) == f"Machine {name!r} can't be registered: {why}."


@pytest.mark.parametrize("name", ["a", "n" * 80, "Bestellung-ä_1.2"])
def test_names_that_aws_accepts(registry: Registry, name: str) -> None:
    assert registry.register(name, PASS).name == name
    assert is_valid_name(name)


def test_an_unknown_type_is_refused(registry: Registry) -> None:
    with pytest.raises(OptionError) as raised:
        registry.register("orders", PASS, type="express")
    assert str(raised.value) == "Machine 'orders' has the type 'express'; write 'EXPRESS' or 'STANDARD'."


def test_region_account_role_and_type_may_be_given(registry: Registry) -> None:
    machine = registry.register(
        "orders", PASS, type="STANDARD", region="us-gov-west-1", account_id="1" * 12, role_arn="arn:role"
    )
    assert machine.arn == "arn:aws-us-gov:states:us-gov-west-1:111111111111:stateMachine:orders"
    assert (machine.type, machine.region, machine.role_arn) == ("STANDARD", "us-gov-west-1", "arn:role")


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("ap-southeast-2", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_the_partition_follows_the_region(region: str, partition: str) -> None:
    assert partition_of(region) == partition


def test_the_same_machine_again_is_the_machine_there_is(registry: Registry) -> None:
    machine = registry.register("orders", PASS)
    assert registry.register("orders", json.dumps(PASS, indent=2)) is machine
    assert list(registry) == [machine]


@pytest.mark.parametrize(
    ("definition", "changes", "what"),
    [
        pytest.param(FAIL, {}, "definition", id="another definition"),
        pytest.param(PASS, {"type": "STANDARD"}, "type", id="another type"),
        pytest.param(FAIL, {"role_arn": "arn:r"}, "definition and role", id="another definition and role"),
    ],
)
def test_another_machine_of_the_same_name_is_refused(
    registry: Registry, definition: dict[str, Any], changes: dict[str, Any], what: str
) -> None:
    machine = registry.register("orders", PASS)
    with pytest.raises(DefinitionError) as raised:
        registry.register("orders", definition, **changes)
    type_, state = changes.get("type", "EXPRESS"), definition["StartAt"]
    assert str(raised.value) == (
        f"A machine named 'orders' is registered already, with another {what}.\n"
        f"  registered: <StateMachine 'orders' EXPRESS ACTIVE {machine.arn}, states: A>\n"
        f"  now:        <StateMachine 'orders' {type_} ACTIVE {machine.arn}, states: {state}>\n"
        "Give the second one another name, or write replace=True."
    )
    assert registry.find(machine.arn) is machine


def test_true_and_one_are_not_the_same_definition(registry: Registry) -> None:
    registry.register("orders", with_result(1))
    with pytest.raises(DefinitionError):
        registry.register("orders", with_result(True))


def test_the_same_name_in_another_region_is_another_machine(registry: Registry) -> None:
    registry.register("orders", PASS)
    registry.register("orders", FAIL, region="eu-west-1")
    assert [machine.arn.split(":")[3] for machine in registry] == ["us-east-1", "eu-west-1"]


def test_replacing_keeps_versions_and_aliases(registry: Registry) -> None:
    first = registry.register("orders", PASS)
    alias = first.create_alias("live", first.publish_version())
    second = registry.register("orders", FAIL, replace=True)
    assert registry.find(first.arn) is second
    assert registry.find(alias) is first
    assert second.publish_version() == f"{first.arn}:2"
    second.create_alias("live", 2)
    assert registry.find(alias) is second


def test_clearing_forgets_all(registry: Registry) -> None:
    machine = registry.register("orders", PASS)
    registry.clear()
    assert (len(registry), registry.find(machine.arn)) == (0, None)


def test_a_machine_tells_itself(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    states = {name: {"Type": "Succeed"} for name in "BCDE"}
    choices = [{"Variable": "$.x", "IsPresent": True, "Next": name} for name in "BCDE"]
    path.write_text(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": choices}, **states}}))
    machine = registry.register("orders", path)
    assert repr(machine) == (
        f"<StateMachine 'orders' EXPRESS ACTIVE {machine.arn} from {path}, states: A, B, C, D, ...>"
    )


# Versions and aliases


def test_versions_are_numbered_and_publishing_the_same_again_is_the_same(registry: Registry) -> None:
    machine = registry.register("orders", PASS)
    assert machine.publish_version("first") == f"{machine.arn}:1"
    assert machine.publish_version("again") == f"{machine.arn}:1"
    assert machine.versions[1].description == "first"
    assert registry.find(f"{machine.arn}:1") is machine


@pytest.mark.parametrize("by", ["number", "arn", "text"])
def test_an_alias_names_a_version(registry: Registry, by: str) -> None:
    machine = registry.register("orders", PASS)
    arn = machine.publish_version()
    versions: dict[str, int | str] = {"number": 1, "arn": arn, "text": "1"}
    assert machine.create_alias("live", versions[by]) == f"{machine.arn}:live"
    assert machine.aliases["live"].routing == {1: 100}
    assert registry.find(f"{machine.arn}:live") is machine


@pytest.mark.parametrize("name", ["", "12", "a b", "ä", "a" * 81])
def test_alias_names_that_aws_refuses(registry: Registry, name: str) -> None:
    machine = registry.register("orders", PASS)
    machine.publish_version()
    with pytest.raises(OptionError) as raised:
        machine.create_alias(name, 1)
    assert str(raised.value) == (
        f"{name!r} can't be an alias of machine 'orders': "
        "an alias has 1 to 80 of the characters A-Z a-z 0-9 _ - . and not only digits."
    )


def test_an_alias_of_a_version_that_was_not_published(registry: Registry) -> None:
    machine = registry.register("orders", PASS)
    with pytest.raises(OptionError) as raised:
        machine.create_alias("live", 1)
    assert str(raised.value) == (
        "Alias 'live' of machine 'orders' names version 1, which was not published "
        "(published: none; call publish_version() first)."
    )
    machine.publish_version()
    with pytest.raises(OptionError, match=r"names version 'orders:7', which was not published \(published: 1\)"):
        machine.create_alias("live", "orders:7")


@pytest.mark.parametrize("qualifier", ["0", "2", "-1", "²", "other", "", "1:1"])
def test_qualifiers_that_name_nothing(registry: Registry, qualifier: str) -> None:
    machine = registry.register("orders", PASS)
    machine.create_alias("live", machine.publish_version())
    assert registry.find(f"{machine.arn}:{qualifier}") is None


def test_deleting_holds_for_versions_too(registry: Registry) -> None:
    first = registry.register("orders", PASS)
    first.publish_version()
    second = registry.register("orders", FAIL, replace=True)
    second.mark_deleting()
    assert (first.status, second.status) == ("DELETING", "DELETING")


def test_near_names(registry: Registry) -> None:
    for name in ("billing", "orders", "order-book"):
        registry.register(name, PASS)
    near = registry.nearest("arn:aws:states:us-east-1:123456789012:stateMachine:order")
    assert [machine.name for machine in near] == ["orders", "order-book", "billing"]
    assert nearest_first("Orders", ["billing", "orders"]) == ["orders", "billing"]


# Placeholders


@pytest.mark.parametrize(
    ("text", "substitutions", "result"),
    [
        pytest.param("${Name}", {"Name": "x"}, "x", id="a string"),
        pytest.param("${T}", {"T": 30}, 30, id="a whole string that is a number"),
        pytest.param("${T}", {"T": True}, True, id="a whole string that is a boolean"),
        pytest.param("${T}", {"T": None}, None, id="a whole string that is null"),
        pytest.param("${T}", {"T": "30"}, "30", id="a number in a string stays a string"),
        pytest.param("${D}", {"D": {"a": ["${D}"]}}, {"a": ["${D}"]}, id="a document, not searched again"),
        pytest.param("a ${X} b ${Y}.", {"X": "x", "Y": "y"}, "a x b y.", id="inside a longer string"),
        pytest.param("${X}${X}", {"X": "x"}, "xx", id="twice"),
        pytest.param("n=${N}", {"N": 1.5}, "n=1.5", id="a number inside a longer string"),
        pytest.param("b=${B}", {"B": False}, "b=false", id="a boolean inside a longer string"),
        pytest.param("${X}", {"X": "${Y}"}, "${Y}", id="values are not searched"),
        pytest.param("${X}", {"X": "${X}"}, "${X}", id="text that is to stay stands for itself"),
        pytest.param("${Charge.Arn}", {"Charge.Arn": "x"}, "x", id="a name with a dot"),
        pytest.param(
            "${AWS::Partition}:${AWS::Region}:${AWS::AccountId}",
            {},
            "aws:us-east-1:123456789012",
            id="what CloudFormation knows",
        ),
        pytest.param("${AWS::Region}", {"AWS::Region": "x"}, "x", id="unless it is given"),
        pytest.param("${} $Name {Name} $${\"a\": 1} ${a b}", {}, "${} $Name {Name} $${\"a\": 1} ${a b}", id="others"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["dict", "text"])
def test_placeholders_in_strings(
    registry: Registry, text: str, substitutions: dict[str, Any], result: Any, form: str
) -> None:
    definition = with_result(text)
    given: Any = definition if form == "dict" else json.dumps(definition)
    assert result_of(registry.register("orders", given, substitutions=substitutions)) == result


def test_placeholders_in_keys(registry: Registry) -> None:
    machine = registry.register("orders", with_result({"${Key}-1": 2}), substitutions={"Key": "k"})
    assert result_of(machine) == {"k-1": 2}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        pytest.param(30, 30, id="a number"),
        pytest.param("30", 30, id="text is inserted as it stands"),
        pytest.param(None, None, id="null"),
        pytest.param({"a": [True]}, {"a": [True]}, id="a document"),
    ],
)
def test_bare_placeholders_in_json_text(registry: Registry, value: Any, result: Any) -> None:
    text = r"""{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": [${T}, "\" 1"], "End": true}}}"""
    machine = registry.register("orders", text, substitutions={"T": value})
    assert result_of(machine) == [result, '" 1']


def test_unresolved_placeholders_are_all_told_with_their_places_and_near_names(registry: Registry) -> None:
    definition = {
        "StartAt": "${First}",
        "States": {"A": {"Type": "Task", "Resource": "${ChargeArn}", "Parameters": ["${ChargeArn}/${Known}"]}},
    }
    told = refusal(registry, "orders", definition, substitutions={"chargeArn": "x", "Known": "y"}, source="orders.py")
    assert told == (
        "Machine 'orders' (orders.py) can't be registered: 2 placeholders have no value:\n"
        "  ${First} at /StartAt\n"
        "  ${ChargeArn} at /States/A/Resource\n"
        "  ${ChargeArn} at /States/A/Parameters[0]\n"
        "  substitution 'chargeArn' fits no placeholder; nearest: ${ChargeArn}\n"
        '  Give the values with register(..., substitutions={"First": ..., "ChargeArn": ...}).\n'
        '  To keep the text, give it as its own value: {"First": "${First}"}.'
    )


def test_unresolved_bare_placeholders_are_told_with_their_lines(registry: Registry) -> None:
    assert refusal(registry, "orders", '{"StartAt": "A",\n "TimeoutSeconds": ${T}}').startswith(
        "Machine 'orders' can't be registered: 1 placeholder has no value:\n  ${T} at line 2\n"
    )


def test_in_a_dict_placeholders_are_text_as_to_aws(registry: Registry) -> None:
    assert result_of(registry.register("orders", with_result({"line": "Dear ${name}"}))) == {"line": "Dear ${name}"}


def test_but_for_those_that_are_known(registry: Registry) -> None:
    machine = registry.register("orders", with_result("${AWS::Region} ${name}"))
    assert result_of(machine) == "us-east-1 ${name}"


def test_with_substitutions_they_need_a_value_in_a_dict_too(registry: Registry) -> None:
    told = refusal(registry, "orders", with_result("Dear ${name}"), substitutions={})
    assert told.startswith("Machine 'orders' can't be registered: 1 placeholder has no value:\n  ${name} at ")


def test_what_is_left_as_text_is_told_with_the_faults_of_a_definition(registry: Registry) -> None:
    task = {"Type": "Task", "Resource": "${Charge}", "TimeoutSeconds": "${Patience}", "End": True}
    assert refusal(registry, "orders", {"StartAt": "A", "States": {"A": task}}) == (
        "Machine 'orders' can't be registered: its definition has 2 faults:\n"
        "  SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/A/TimeoutSeconds\n"
        "  SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/A/Resource\n"
        "  ${Charge}, ${Patience} are text here, as to AWS. To fill in what a deployment fills in, write "
        'register(..., substitutions={"Charge": ..., "Patience": ...}).'
    )


EXPRESSION = """{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
    "Output": {"a": "{% '${name}' %}", "b": BESIDE}}}}"""


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_in_an_expression_they_are_text_in_a_file_too(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text(EXPRESSION.replace("BESIDE", "1"))
    machine = registry.register("orders", path)
    assert machine.definition["States"]["A"]["Output"] == {"a": "{% '${name}' %}", "b": 1}


@pytest.mark.parametrize("beside", ["${n}", '"${n}"', '"{% ${n}"', '"x {% ${n} %}"'])
def test_beside_it_they_are_not(registry: Registry, tmp_path: Path, beside: str) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text(EXPRESSION.replace("BESIDE", beside))
    assert ": 1 placeholder has no value:\n  ${n} at " in refusal(registry, "orders", path)


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_a_value_goes_into_an_expression(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text(EXPRESSION.replace("BESIDE", "1"))
    machine = registry.register("orders", path, substitutions={"name": "Kaisa"})
    assert machine.definition["States"]["A"]["Output"]["a"] == "{% 'Kaisa' %}"


def test_substitutions_that_nothing_uses_are_no_fault(registry: Registry) -> None:
    assert registry.register("orders", PASS, substitutions={"Unused": 1}).definition == PASS


def test_a_document_cannot_stand_inside_a_longer_string(registry: Registry) -> None:
    assert refusal(registry, "orders", with_result("x ${D}"), substitutions={"D": {"a": 1}}) == (
        "Machine 'orders' can't be registered: it is not a JSON document:\n"
        "  the substitution 'D' is a dict, which can't stand inside a longer string at /States/A/Result"
    )


def test_keys_that_are_the_same_once_filled_in_are_told(registry: Registry) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}, "${Name}": {"Type": "Succeed"}}}
    assert refusal(registry, "orders", definition, substitutions={"Name": "A"}) == (
        "Machine 'orders' can't be registered: it is not a JSON document:\n"
        "  the key 'A', filled in, stands twice at /States"
    )


def test_substitutions_that_are_no_dict_are_told(registry: Registry) -> None:
    assert refusal(registry, "orders", PASS, substitutions="Name") == (
        "Machine 'orders' can't be registered: substitutions= is a dict, not a str ('Name')."
    )


def test_substitutions_that_are_not_json_are_told(registry: Registry) -> None:
    assert refusal(registry, "orders", with_result("${D}"), substitutions={"D": {"a": {1}}}) == (
        "Machine 'orders' can't be registered: it is not a JSON document:\n  a set is not JSON at /States/A/Result/a"
    )


def test_a_machine_may_be_deleted_twice() -> None:
    registry = Registry()
    machine = registry.register("orders", {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    for _ in range(2):
        registry.delete(machine)
        assert registry.find(machine.arn) is None
