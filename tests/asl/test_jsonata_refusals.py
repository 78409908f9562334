"""Definitions in JSONata that AWS would refuse: the reported faults, their places and order, and how they are shown."""

from __future__ import annotations

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.parsing.definition_parser import InvalidDefinitionError, parse_definition
from pytest_sfn_sync.errors import DefinitionError
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE
from tests.asl.machines import ECHO, start_at

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

PASS: JSON = {"Type": "Pass"}
SUCCEED: JSON = {"Type": "Succeed"}
TASK: JSON = {"Type": "Task", "Resource": ECHO}
END = ("E", SUCCEED)
NEITHER_PATH_NOR_NATA = "Value should be one of the following: [JSONPath, JSONata]"
DOWNGRADE = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"


def machine(*states: tuple[str, JSON], language: JSON = "JSONata") -> JSON:
    return {"QueryLanguage": language, **start_at(*states)}


def of(type_: str, **fields: JSON) -> JSON:
    return {"Type": type_, **fields}


def task(**fields: JSON) -> JSON:
    return {**TASK, **fields}


def mapping(inner: JSON = PASS, **fields: JSON) -> JSON:
    return of("Map", ItemProcessor=start_at(("I", inner)), **fields)


def parallel(*inner: JSON, **fields: JSON) -> JSON:
    return of("Parallel", Branches=[start_at((f"B{i}", state)) for i, state in enumerate(inner)], **fields)


def choice(*rules: JSON, **fields: JSON) -> JSON:
    return of("Choice", Choices=[{"Next": "E", **rule} for rule in rules], Default="E", **fields)


def catching(**fields: JSON) -> JSON:
    return task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "E", **fields}])


def faults(definition: JSON) -> list[str]:
    """Tell the faults of a definition, those of its schema without their code."""
    try:
        parse_definition(definition)
    except InvalidDefinitionError as refused:
        return [str(diagnostic).removeprefix("SCHEMA_VALIDATION_FAILED: ") for diagnostic in refused.diagnostics]
    return []


def faults_of(state: JSON) -> list[str]:
    """Tell the faults of a state ``S``, which may go on to a state ``E`` or leave that unreached."""
    return [fault for fault in faults(machine(("S", state), END)) if not fault.endswith(" at /States/E")]


def only_in(other: str, field: str, location: str = "/States/S") -> str:
    language = "JSONPath" if other == "JSONata" else "JSONata"
    return (
        f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{other}' "
        f"QueryLanguage at {location}"
    )


def not_supported(field: str, location: str = "/States/S") -> str:
    return f"Field '{field}' is not supported at {location}"


def top_level(name: str, location: str) -> str:
    return f"UNSUPPORTED_JSONATA_EXPRESSION: Reference to '{name}' at the top level is not supported. at {location}"


def absent(member: str, location: str) -> str:
    return f"UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.{member}' does not exist. at {location}"


def invalid(message: str, location: str) -> str:
    return f"INVALID_JSONATA_EXPRESSION: {message} at {location}"


PHONE = "{% phone %}"
ROLE = {"RoleArn": PHONE}


@pytest.mark.parametrize(
    ("state", "location"),
    [
        pytest.param({**PASS, "Output": PHONE}, "Output", id="Output"),
        pytest.param({**PASS, "Output": {"a": {"b": [1, PHONE]}}}, "Output/a/b[1]", id="deep in Output"),
        pytest.param({**PASS, "Output": {"a/b": [[PHONE]]}}, "Output/a/b[0][0]", id="under a key with a slash"),
        pytest.param({**PASS, "Output": {"Comment": PHONE}}, "Output/Comment", id="under a key that is called Comment"),
        pytest.param({**PASS, "Assign": {"v": PHONE}}, "Assign/v", id="Assign"),
        pytest.param(of("Succeed", Output=PHONE), "Output", id="Output of a Succeed"),
        pytest.param(of("Wait", Seconds=PHONE), "Seconds", id="Seconds"),
        pytest.param(of("Wait", Timestamp=PHONE), "Timestamp", id="Timestamp"),
        pytest.param(of("Fail", Error=PHONE), "Error", id="Error"),
        pytest.param(of("Fail", Cause=PHONE), "Cause", id="Cause"),
        pytest.param(task(Arguments={"Payload": PHONE}), "Arguments/Payload", id="Arguments"),
        pytest.param(task(TimeoutSeconds=PHONE), "TimeoutSeconds", id="TimeoutSeconds"),
        pytest.param(task(HeartbeatSeconds=PHONE), "HeartbeatSeconds", id="HeartbeatSeconds"),
        pytest.param(task(Credentials=ROLE), "Credentials/RoleArn", id="Credentials"),
        pytest.param(choice({"Condition": True}, {"Condition": PHONE}), "Choices[1]/Condition", id="Condition"),
        pytest.param(choice({"Condition": True, "Output": [PHONE]}), "Choices[0]/Output[0]", id="a rule's Output"),
        pytest.param(choice({"Condition": True, "Assign": {"v": PHONE}}), "Choices[0]/Assign/v", id="a rule's Assign"),
        pytest.param(choice({"Condition": True}, Output=PHONE), "Output", id="the Output of a Choice"),
        pytest.param(catching(Output={"v": PHONE}), "Catch[0]/Output/v", id="a catcher's Output"),
        pytest.param(catching(Assign={"v": PHONE}), "Catch[0]/Assign/v", id="a catcher's Assign"),
        pytest.param(mapping(Items=PHONE), "Items", id="Items"),
        pytest.param(mapping(Items=[1, PHONE]), "Items[1]", id="an item of Items"),
        pytest.param(mapping(ItemSelector={"v": PHONE}), "ItemSelector/v", id="ItemSelector"),
        pytest.param(mapping(MaxConcurrency=PHONE), "MaxConcurrency", id="MaxConcurrency"),
        pytest.param(mapping(ToleratedFailureCount=PHONE), "ToleratedFailureCount", id="ToleratedFailureCount"),
        pytest.param(mapping(ToleratedFailurePercentage=PHONE), "ToleratedFailurePercentage", id="the percentage"),
        pytest.param(
            mapping({**PASS, "Output": {"v": PHONE}}), "ItemProcessor/States/I/Output/v", id="inside a Map's processor"
        ),
        pytest.param(
            parallel(PASS, {**PASS, "Output": {"v": PHONE}}), "Branches[1]/States/B1/Output/v", id="inside a branch"
        ),
        pytest.param(parallel(PASS, Arguments=PHONE), "Arguments", id="Arguments of a Parallel"),
    ],
)
def test_an_expression_is_refused_where_it_stands(state: JSON, location: str) -> None:
    assert faults_of(state) == [top_level("phone", f"/States/S/{location}")]


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({**PASS, "Comment": PHONE}, id="the Comment of a state"),
        pytest.param(choice({"Condition": True, "Comment": PHONE}), id="the Comment of a rule"),
        pytest.param(catching(Comment=PHONE), id="the Comment of a catcher"),
        pytest.param(task(Retry=[{"ErrorEquals": [PHONE], "Comment": PHONE}], Next="E"), id="a retrier"),
        pytest.param({**PASS, "Output": {PHONE: "phone"}}, id="a key"),
        pytest.param({**PASS, "Output": f" {PHONE}"}, id="text that begins otherwise"),
        pytest.param({**PASS, "Output": "{% $states.input.items[phone > 3] %}"}, id="a name in a predicate"),
        pytest.param({**PASS, "Output": "{% $phone %}"}, id="a variable that nobody assigns"),
    ],
)
def test_what_is_not_read_or_means_something_is_not_refused(state: JSON) -> None:
    assert faults_of(state) == []


RESULT, ERROR_OUTPUT = "{% $states.result %}", "{% $states.errorOutput %}"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param({**PASS, "Output": RESULT}, [("result", "Output")], id="no result in a Pass"),
        pytest.param({**PASS, "Output": ERROR_OUTPUT}, [("errorOutput", "Output")], id="no errorOutput in a Pass"),
        pytest.param(of("Wait", Seconds=1, Assign={"v": RESULT}), [("result", "Assign/v")], id="none in a Wait"),
        pytest.param(of("Succeed", Output=RESULT), [("result", "Output")], id="none in a Succeed"),
        pytest.param(choice({"Condition": True}, Output=RESULT), [("result", "Output")], id="none in a Choice"),
        pytest.param(
            choice({"Condition": RESULT, "Output": ERROR_OUTPUT}),
            [("result", "Choices[0]/Condition"), ("errorOutput", "Choices[0]/Output")],
            id="none in a rule",
        ),
        pytest.param(task(Arguments=RESULT), [("result", "Arguments")], id="none before the work"),
        pytest.param(task(TimeoutSeconds=RESULT), [("result", "TimeoutSeconds")], id="none for the timeout"),
        pytest.param(task(Output=RESULT, Assign={"v": RESULT}), [], id="a result after the work"),
        pytest.param(task(Output=ERROR_OUTPUT), [("errorOutput", "Output")], id="but no errorOutput"),
        pytest.param(catching(Output=ERROR_OUTPUT, Assign={"v": ERROR_OUTPUT}), [], id="an errorOutput in a catcher"),
        pytest.param(catching(Output=RESULT), [("result", "Catch[0]/Output")], id="but no result"),
        pytest.param(mapping(Output=RESULT), [], id="a result of a Map"),
        pytest.param(
            mapping(Items=RESULT, ItemSelector=RESULT),
            [("result", "Items"), ("result", "ItemSelector")],
            id="but not before",
        ),
        pytest.param(parallel(PASS, Assign={"v": RESULT}), [], id="a result of a Parallel"),
        pytest.param(parallel(PASS, Arguments=RESULT), [("result", "Arguments")], id="nor here before"),
        pytest.param({**PASS, "Output": "{% $states.context.Map.Item.Value %}"}, [], id="the context object anywhere"),
        pytest.param({**PASS, "Output": "{% $states.`result`.a %}"}, [("result", "Output")], id="in back quotes"),
        pytest.param({**PASS, "Output": "{% $states['result'] %}"}, [], id="not seen through a predicate"),
        pytest.param({**PASS, "Output": "{% ($states).result %}"}, [], id="nor through parentheses"),
        pytest.param({**PASS, "Output": "{% $states.inputs %}"}, [("inputs", "Output")], id="a slip of the pen"),
    ],
)
def test_members_of_states(state: JSON, expected: list[tuple[str, str]]) -> None:
    assert faults_of(state) == [absent(member, f"/States/S/{location}") for member, location in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{% $a[1,2) %}", invalid('Expected "]", got ","', "/States/S/Output"), id="a wrong bracket"),
        pytest.param(
            '{% "open %}',
            invalid("String literal must be terminated by a matching quote", "/States/S/Output"),
            id="an open string",
        ),
        pytest.param("{% 1 + %}", invalid("Unexpected end of expression", "/States/S/Output"), id="an operand missing"),
        pytest.param("{%  %}", invalid("Unexpected end of expression", "/States/S/Output"), id="nothing"),
        pytest.param("{% $ %}", top_level("$", "/States/S/Output"), id="the context item"),
        pytest.param("{% $.x %}", top_level("$", "/States/S/Output"), id="a member of it"),
        pytest.param(
            "{% $$ %}",
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported. at /States/S/Output",
            id="the document",
        ),
    ],
)
def test_texts_of_faults_in_expressions(text: str, expected: str) -> None:
    assert faults(machine(("S", {**PASS, "Output": text}))) == [expected]


@pytest.mark.parametrize(
    ("state", "location"),
    [
        pytest.param({**PASS, "Output": "{% 1"}, "Output", id="half open in Output"),
        pytest.param({**PASS, "Output": {"a": ["{% 1 %} "]}}, "Output/a[0]", id="with a space behind it"),
        pytest.param({**PASS, "Assign": {"v": "{%"}}, "Assign/v", id="half open in Assign"),
        pytest.param(of("Wait", Seconds="{% 1"), "Seconds", id="half open in Seconds"),
        pytest.param(of("Wait", Timestamp="{% $now()"), "Timestamp", id="half open in Timestamp"),
        pytest.param(mapping(Items="{% [1]"), "Items", id="half open in Items"),
        pytest.param(task(TimeoutSeconds="{% 1"), "TimeoutSeconds", id="half open in TimeoutSeconds"),
        pytest.param(of("Fail", Cause="{% 1"), "Cause", id="half open in Cause"),
        pytest.param(choice({"Condition": "{% true"}), "Choices[0]/Condition", id="half open in Condition"),
    ],
)
def test_what_only_begins_as_an_expression_is_refused(state: JSON, location: str) -> None:
    assert faults_of(state) == [f"JSONata string must start with {{% and end with %}} at /States/S/{location}"]


@pytest.mark.parametrize("operator", ["??", "?:"])
def test_what_is_no_expression_of_2_0_6_is_refused(operator: str) -> None:
    [fault] = faults_of({**PASS, "Output": f"{{% $a {operator} 1 %}}"})

    assert fault.startswith("INVALID_JSONATA_EXPRESSION: ")
    assert fault.endswith(" at /States/S/Output")


PATHS = {
    "Pass": ["InputPath", "OutputPath", "ResultPath", "Parameters", "Result"],
    "Succeed": ["InputPath", "OutputPath"],
    "Fail": ["ErrorPath", "CausePath"],
    "Wait": ["InputPath", "OutputPath", "SecondsPath", "TimestampPath"],
    "Choice": ["InputPath", "OutputPath"],
    "Task": [
        *("InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters"),
        *("TimeoutSecondsPath", "HeartbeatSecondsPath"),
    ],
    "Parallel": ["InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters"],
    "Map": [
        *("InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "ItemsPath", "MaxConcurrencyPath"),
        *("ToleratedFailureCountPath", "ToleratedFailurePercentagePath"),
    ],
}
STATES: dict[str, JSON] = {
    "Pass": PASS,
    "Succeed": SUCCEED,
    "Fail": of("Fail"),
    "Wait": of("Wait", Seconds=1),
    "Choice": choice({"Condition": True}),
    "Task": TASK,
    "Parallel": parallel(PASS),
    "Map": mapping(),
}


@pytest.mark.parametrize(("type_", "field"), [(type_, field) for type_, fields in PATHS.items() for field in fields])
def test_fields_of_json_path_are_refused_in_jsonata(type_: str, field: str) -> None:
    assert only_in("JSONPath", field) in faults_of({**STATES[type_], field: "$.a"})


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        pytest.param("Pass", ["Arguments", "Items", "Seconds", "Retry", "Catch", "TimeoutSeconds", "Bogus"], id="Pass"),
        pytest.param("Succeed", ["Assign", "Arguments", "Next", "End"], id="Succeed"),
        pytest.param("Fail", ["Output", "Assign", "Next", "End", "Retry"], id="Fail"),
        pytest.param("Wait", ["Arguments", "Retry", "Catch", "TimeoutSeconds"], id="Wait"),
        pytest.param("Choice", ["Arguments", "Next", "End", "Retry", "Condition"], id="Choice"),
        pytest.param("Task", ["Items", "Branches", "_comment"], id="Task"),
        pytest.param("Parallel", ["TimeoutSeconds", "Items", "MaxConcurrency"], id="Parallel"),
        pytest.param("Map", ["Arguments", "TimeoutSeconds", "Branches"], id="Map"),
    ],
)
def test_fields_that_a_type_of_state_does_not_carry(type_: str, fields: list[str]) -> None:
    for field in fields:
        assert not_supported(field) in faults_of({**STATES[type_], field: {}})


@pytest.mark.parametrize(
    ("state", "field"),
    [
        pytest.param({**PASS, "Output": {}}, "Output", id="Output"),
        pytest.param(task(Arguments={}), "Arguments", id="Arguments"),
        pytest.param(mapping(Items=[]), "Items", id="Items"),
    ],
)
def test_fields_of_jsonata_are_refused_in_json_path(state: JSON, field: str) -> None:
    assert faults(start_at(("S", state))) == [only_in("JSONata", field)]


def test_text_with_marks_is_not_read_in_json_path() -> None:
    assert faults(start_at(("S", {**PASS, "Assign": {"v": PHONE}, "Parameters": {"a": "{% 1"}}))) == []


INNER = start_at(("I", PASS))


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            machine(("S", {**PASS, "Output": "{% 1 %}"}), language="jsonata"),
            [f"{NEITHER_PATH_NOR_NATA} at /QueryLanguage"],
            id="in lower case it is JSONata, and reported",
        ),
        pytest.param(
            machine(("S", {**PASS, "InputPath": "$.a"}), language="jsonata"),
            [f"{NEITHER_PATH_NOR_NATA} at /QueryLanguage", only_in("JSONPath", "InputPath")],
            id="the machine's first, then what it makes of its states",
        ),
        pytest.param(
            machine(("S", PASS), language=5), ["Expected value of type [STRING] at /QueryLanguage"], id="a number"
        ),
        pytest.param(
            start_at(("S", {**PASS, "QueryLanguage": "jsonata", "Output": "{% 1 %}", "InputPath": "$.a"})),
            [only_in("JSONPath", "InputPath"), f"{NEITHER_PATH_NOR_NATA} at /States/S/QueryLanguage"],
            id="a state's after the mixture of its fields",
        ),
        pytest.param(
            start_at(("S", {**PASS, "QueryLanguage": None, "Output": PHONE})),
            ["Expected value of type [STRING] at /States/S/QueryLanguage", top_level("phone", "/States/S/Output")],
            id="null is JSONata too",
        ),
        pytest.param(
            machine(("S", {**PASS, "QueryLanguage": "JSONPath"})), [f"{DOWNGRADE} at /States/S"], id="a downgrade"
        ),
        pytest.param(
            machine(("S", {**PASS, "QueryLanguage": "JSONPath", "Output": PHONE, "Bogus": 1})),
            [f"{DOWNGRADE} at /States/S", not_supported("Bogus")],
            id="a downgrade, which hides the mixture but not what no state carries",
        ),
        pytest.param(
            machine(("S", {**PASS, "QueryLanguage": "jsonpath"})),
            [f"{NEITHER_PATH_NOR_NATA} at /States/S/QueryLanguage"],
            id="in lower case it is no downgrade",
        ),
        pytest.param(
            machine(("S", {**PASS, "QueryLanguage": "JSONata", "Output": "{% 1 %}"})), [], id="said once more"
        ),
        pytest.param(
            machine(("S", {**PASS, "QueryLanguage": "JSONata", "Output": "{% 1 %}"}), language="JSONPath"),
            [],
            id="a state of its own language",
        ),
        pytest.param(
            start_at(("S", mapping({**PASS, "Output": {"a": PHONE}}, QueryLanguage="JSONata", Items=[1]))),
            [only_in("JSONata", "Output", "/States/S/ItemProcessor/States/I")],
            id="a Map's language is not that of its processor",
        ),
        pytest.param(
            start_at(("S", parallel({**PASS, "Output": 1}, QueryLanguage="JSONata", Arguments="{% 1 %}"))),
            [only_in("JSONata", "Output", "/States/S/Branches[0]/States/B0")],
            id="nor a Parallel's that of its branches",
        ),
        pytest.param(
            machine(("S", of("Map", ItemProcessor={**INNER, "QueryLanguage": "JSONata"}))),
            [not_supported("QueryLanguage", "/States/S/ItemProcessor")],
            id="a processor has none",
        ),
        pytest.param(
            machine(("S", of("Map", Iterator={**INNER, "QueryLanguage": "JSONata"}))),
            [not_supported("QueryLanguage", "/States/S/Iterator")],
            id="nor has an iterator",
        ),
        pytest.param(
            machine(("S", of("Parallel", Branches=[{**INNER, "QueryLanguage": "JSONata"}]))),
            [not_supported("QueryLanguage", "/States/S/Branches[0]")],
            id="nor has a branch",
        ),
    ],
)
def test_the_rules_for_query_language(definition: JSON, expected: list[str]) -> None:
    assert faults(definition) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(of("Wait", Seconds="5"), "Expected value of type Integer at /States/S/Seconds", id="text"),
        pytest.param(of("Wait", Seconds=1.5), "Expected value of type Integer at /States/S/Seconds", id="a fraction"),
        pytest.param(of("Wait", Seconds=-1), "Minimum value is 0 at /States/S/Seconds", id="less than nothing"),
        pytest.param(
            of("Wait", Seconds=100_000_000), "Maximum value is 99999999 at /States/S/Seconds", id="more than there is"
        ),
        pytest.param(
            of("Wait", Timestamp="soon"),
            "String does not match RFC3339 timestamp at /States/S/Timestamp",
            id="no timestamp",
        ),
        pytest.param(
            of("Wait", Seconds="{% 1 %}", Timestamp="{% $now() %}"),
            "There should only be one of the following fields: [Seconds, Timestamp] at /States/S",
            id="two times",
        ),
        pytest.param(mapping(MaxConcurrency=-1), "Minimum value is 0 at /States/S/MaxConcurrency", id="concurrency"),
        pytest.param(
            mapping(ToleratedFailurePercentage=101),
            "Maximum value is 100.0 at /States/S/ToleratedFailurePercentage",
            id="a percentage",
        ),
        pytest.param(task(TimeoutSeconds=0), "Minimum value is 1 at /States/S/TimeoutSeconds", id="a timeout"),
        pytest.param(
            task(Credentials={"RoleArn.$": "$.role"}),
            "The field 'RoleArn' is required but was missing at /States/S/Credentials",
            id="a role by path",
        ),
        pytest.param({**PASS, "Assign": "{% {} %}"}, "Expected value of type Object at /States/S/Assign", id="Assign"),
        pytest.param(
            mapping(Items="$.items"), "Expected value of type Array at /States/S/Items", id="a path for Items"
        ),
    ],
)
def test_literals_in_fields_that_take_expressions(state: JSON, expected: str) -> None:
    assert faults(machine(("S", state))) == [expected]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(
            {},
            "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] "
            "at /States/S/Choices[0]",
            id="no Condition",
        ),
        pytest.param(
            {"Condition": "true"}, "Expected value of type Boolean at /States/S/Choices[0]/Condition", id="plain text"
        ),
        pytest.param({"Condition": True, "Bogus": 1}, not_supported("Bogus", "/States/S/Choices[0]"), id="a field"),
    ],
)
def test_a_rule_that_is_none(rule: JSON, expected: str) -> None:
    assert faults_of(choice(rule)) == [expected]


def test_all_faults_are_told_at_once_in_the_order_of_the_definition() -> None:
    definition = machine(
        ("A", {**PASS, "InputPath": "$", "Output": {"x": "{% b + a %}", "y": "{% 1 + %}"}, "Next": "Nowhere"}),
        ("B", catching(Output="{% $states.result %}")),
        END,
    )
    assert faults(definition) == [
        only_in("JSONPath", "InputPath", "/States/A"),
        top_level("b", "/States/A/Output/x"),
        top_level("a", "/States/A/Output/x"),
        invalid("Unexpected end of expression", "/States/A/Output/y"),
        absent("result", "/States/B/Catch[0]/Output"),
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere at /States/A/Next",
        'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
    ]


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        pytest.param(
            {"totals": ["{% $states.input.net + vat %}"]},
            [
                "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'vat' at the top level is not supported. "
                "at /States/Total/Output/totals[0]",
                "    {% $states.input.net + vat %}",
                "                           ^",
            ],
            id="on one line",
        ),
        pytest.param(
            "{%\n  $states.input.net\n    + vat\n%}",
            [
                "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'vat' at the top level is not supported. "
                "at /States/Total/Output",
                "        + vat",
                "          ^",
            ],
            id="on one of several lines",
        ),
        pytest.param(
            "{% $round($states.input.net %}",
            [
                'INVALID_JSONATA_EXPRESSION: Expected ")" before end of expression at /States/Total/Output',
                "    {% $round($states.input.net %}",
                "                               ^",
            ],
            id="at the end",
        ),
    ],
)
def test_the_place_is_shown_in_the_authors_text(output: JSON, shown: list[str]) -> None:
    definition = machine(("Total", {**PASS, "Output": output}))

    with SfnSync() as sfn, pytest.raises(DefinitionError) as refused:
        sfn.register("orders", definition)

    assert str(refused.value).split("\n") == [
        "Machine 'orders' can't be registered: its definition has 1 fault:",
        *(f"  {line}" for line in shown),
    ]
