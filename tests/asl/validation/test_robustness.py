"""Whatever a definition is, checking it ends in a verdict: no other exception, no endless loop, cost that is linear.

What is counted for the cost is calls of functions, which do not depend on the machine that the tests run on.
"""

from __future__ import annotations

import json
import sys
from random import Random
from types import FrameType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS, STANDARD
from pytest_sfn_sync.registry.definition_check import check_definition
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations
from tests.asl.diagnosing import PASS, choice, diagnose, machine, mapping, only
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE
from tests.asl.parsing.test_state_fields import FIELDS
from tests.random_definitions import broken_definitions, well_formed_definitions

INTEGRATIONS = KnownIntegrations()
FEW = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def assert_has_a_verdict(definition: Any) -> None:
    """Check a definition as a machine of either type, and what may be read from it as text."""
    for machine_type in (EXPRESS, STANDARD):
        found = diagnose(definition, machine_type=machine_type, integrations=INTEGRATIONS)
        assert all(one.code and one.message for one in found)
    for source in (definition, json.dumps(definition, indent=1)):
        checked = check_definition("m", source, integrations=INTEGRATIONS, known={}, fills_in_the_rest=True)
        assert (checked.refusal is None) is not any(one.is_error for one in checked.diagnostics)


@FEW
@given(well_formed_definitions)
def test_well_formed_definitions_have_no_faults(definition: Any) -> None:
    assert [one for one in diagnose(definition) if one.is_error] == []
    assert_has_a_verdict(definition)


@FEW
@given(broken_definitions)
def test_broken_definitions_have_a_verdict(definition: Any) -> None:
    if isinstance(definition, dict):
        assert_has_a_verdict(definition)
    else:
        assert [one.message for one in diagnose(definition)] == ["Definition must be a valid JSON object"]


# Definitions of anything: every field there is, with values of every kind, in every place.

NAMES = [
    *sorted(FIELDS),
    *("And", "Or", "Not", "Variable", "StringEquals", "IsPresent", "NumericEqualsPath", "TimestampEquals"),
    *("ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "JitterStrategy", "ReaderConfig", "MaxItems"),
    *("MaxItemsPath", "BatchInput", "MaxItemsPerBatch", "WriterConfig", "RoleArn", "Mode", "Payload", "FunctionName"),
    *("a.$", "A", "", "a/b", "é"),
]
TYPES = ["Pass", "Task", "Map", "Choice", "Parallel", "Wait", "Fail", "Succeed"]
WORDS = [
    *("A", "B", "", "é", "$", "$.a", "$$.x", "$v", "$['a", "$..", "$[?(", "States.Format('{}', $.a)", "States.("),
    *("arn:aws:states:::lambda:invoke", "arn:aws:states:::aws-sdk:s3:getObject", "arn:aws:states:::ecs:runTask.sync"),
    *("arn:aws:lambda:us-east-1:123456789012:function:f", "arn:aws:states:::nowhere:doNothing", "${Placeholder}"),
    *("States.ALL", "DISTRIBUTED", "2030-01-01T00:00:00Z", "n" * 90, "\ud800", "JSONata", "JSONPath", *TYPES),
]
EXPRESSIONS = ["{% $x %}", "{% phone %}", "{%", "{% [ %}", "{% $states.result %}"]
NUMBERS: list[Any] = [None, True, False, 0, 1, -1, 1.5, 1e308, 10**400]


def anything(random: Random, depth: int) -> JSON:
    kind = random.random()
    if depth == 0 or kind < 0.35:
        return random.choice([*NUMBERS, *WORDS, *EXPRESSIONS])
    if kind < 0.5:
        return [anything(random, depth - 1) for _ in range(random.randint(0, 3))]
    return {random.choice(NAMES): anything(random, depth - 1) for _ in range(random.randint(0, 5))}


def any_state(random: Random, depth: int) -> JSON:
    state: JSON = {"Type": random.choice(TYPES)}
    state |= {random.choice(NAMES): anything(random, 2) for _ in range(random.randint(0, 5))}
    if depth and state["Type"] == "Map":
        state["ItemProcessor"] = any_machine(random, depth - 1)
    if depth and state["Type"] == "Parallel":
        state["Branches"] = [any_machine(random, depth - 1) for _ in range(random.randint(0, 2))]
    for field, chance in (("Choices", 0.2), ("Catch", 0.4), ("Retry", 0.4)):
        if random.random() < chance:
            state[field] = [anything(random, 3) for _ in range(random.randint(0, 3))]
    if random.random() < 0.3:
        state["QueryLanguage"] = random.choice(["JSONata", "JSONPath", "jsonata", 1, None, []])
    if random.random() < 0.5:
        state["Next"] = random.choice("ABC")
    return state


def any_machine(random: Random, depth: int) -> JSON:
    names = random.sample(["A", "B", "C", "a/b", ""], random.randint(0, 3))
    definition: JSON = {
        "StartAt": random.choice(["A", "B", 1]),
        "States": {name: any_state(random, depth) for name in names},
    }
    if random.random() < 0.1:
        definition[random.choice(NAMES)] = anything(random, 2)
    if random.random() < 0.1:
        definition["States"] = anything(random, 3)
    return definition


@pytest.mark.parametrize("seed", range(10))
def test_definitions_of_anything_have_a_verdict(seed: int) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    random = Random(seed)
    for _ in range(40):
        assert_has_a_verdict(any_machine(random, 2))


PIECES = [
    *"{}[]:,\"'\\&*!|>%@`#-?\t\n\r ~$<=0aé😀\u2028\x85\x01\ufeff",
    *("${X}", "<<: ", "*a", "&a ", "!Sub ", "- ", "\n  "),
]


def mistyped(random: Random, text: str) -> str:
    characters = list(text)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(characters))
        characters[place : place + random.randint(0, 1)] = random.choice([[], [random.choice(PIECES)]])
    return "".join(characters)


@pytest.mark.parametrize("seed", range(10))
def test_texts_that_are_mistyped_have_a_verdict(seed: int) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    random = Random(seed)
    for _ in range(40):
        document = json.loads(json.dumps(any_machine(random, 1)).replace("\\ud800", ""))
        as_json = json.dumps(document, indent=random.choice([None, 1]), ensure_ascii=False)
        as_yaml = yaml.safe_dump(document, allow_unicode=True, default_flow_style=random.choice([None, False]))
        for text in (as_json, f"# a definition\n{as_yaml}"):
            given: dict[str, Any] = random.choice([{}, {"X": "phone"}, {"X": {"a": 1}}, {"X": None}])
            checked = check_definition("m", mistyped(random, text), known={}, substitutions=given)
            assert checked.refusal is None or str(checked.refusal)


@pytest.mark.parametrize("value", [*NUMBERS, "text", [], ["A"], {}, {"A": 1}], ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("field", ["States", "StartAt", "QueryLanguage", "Comment", "Version", "TimeoutSeconds"])
def test_fields_of_the_machine_may_be_anything(field: str, value: JSON) -> None:
    assert_has_a_verdict({**machine({"A": PASS}), field: value})


def nested(levels: int, key: str | None) -> JSON:
    deep: JSON = 1
    for _ in range(levels):
        deep = [deep] if key is None else {key: deep}
    return deep


@pytest.mark.parametrize("key", [None, "a", "Not"])
@pytest.mark.parametrize("field", ["Parameters", "Result", "Assign", "Choices", "Output", "Comment", "Nap"])
@pytest.mark.parametrize("levels", [20, 150, 400])
def test_deep_values_are_no_recursion_error(field: str, key: str | None, levels: int) -> None:
    value = nested(levels, key)
    if field == "Choices":
        definition = only("Choice", Choices=[{"Next": "S", "Not": value}])
    elif field == "Assign":
        definition = only("Pass", Assign={"v": value})
    else:
        language = "JSONata" if field == "Output" else "JSONPath"
        definition = only("Pass", QueryLanguage=language, **{field: value})
    checked = check_definition("m", definition, known={})
    if levels == 20 and field in ("Parameters", "Result", "Assign", "Output"):
        assert checked.refusal is None


def test_what_contains_itself_or_nearly_is_refused() -> None:
    endless: JSON = {}
    endless["a"] = [endless]
    for value in (endless, nested(100_000, None)):
        checked = check_definition("m", only("Pass", Result=value), known={})
        assert str(checked.refusal) == "Machine 'm' is not valid: it is nested too deeply, or contains itself."


def test_what_is_too_deep_to_follow_is_a_fault_like_others() -> None:
    found = diagnose(only("Pass", Parameters=nested(900, "a"), Nap=1))
    assert [one.code for one in found] == ["SCHEMA_VALIDATION_FAILED", "TOO_DEEPLY_NESTED"]
    assert str(found[-1]) == "TOO_DEEPLY_NESTED: Values are nested too deeply at null"


# Cost


def chain(count: int, *, breaks: bool = False) -> JSON:
    """States of several types, one after the other, with variables; ``breaks`` gives each a fault."""
    states: JSON = {}
    for index in range(0, count, 4):
        names = [f"S{index + step}" for step in range(5)]
        states[names[0]] = {"Type": "Pass", "Parameters": {"a.$": "$.a"}, "Assign": {f"v{index}": 1}, "Next": names[1]}
        states[names[1]] = choice(names[2], "S0", default=names[3])
        states[names[2]] = mapping({f"I{index}": {**PASS, "Assign": {"inner": 1}}}, Next=names[3])
        states[names[3]] = {"Type": "Wait", "Seconds": 1, "Next": names[4]}
        if breaks:
            states[names[0]]["Paramters"] = {}
            states[names[3]]["Next"] = f"Sx{index}"
    states[f"S{count}"] = PASS
    return machine(states)


def calls_needed(source: Any) -> int:
    """Count the calls of functions that a check needs, those of built-in ones too."""
    count = 0

    def tally(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tally)
    try:
        check_definition("m", source, integrations=INTEGRATIONS, known={})
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("as_text", [False, True], ids=["a dict", "a text"])
@pytest.mark.parametrize("breaks", [False, True], ids=["valid", "with a fault in each state"])
def test_cost_grows_with_the_number_of_states_alone(breaks: bool, as_text: bool) -> None:
    needed = []
    for count in (200, 400, 800):
        definition = chain(count, breaks=breaks)
        needed.append(calls_needed(json.dumps(definition) if as_text else definition))
    first, second, third = needed
    assert third - second < 2.2 * (second - first)
    assert third < 4.4 * first
