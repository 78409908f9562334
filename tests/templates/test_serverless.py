"""The serverless framework: its machines, functions, variables, and the functions of CloudFormation among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.templates.writing import PASS, faults, read

LAMBDA = "arn:aws:lambda:eu-west-1:111122223333:function"
SERVICE = """\
service: shop
provider: {name: aws, stage: "${opt:stage, 'test'}"}
custom:
  table: "orders-${self:provider.stage}"
  nested: {list: [a, b], one: "${self:custom.table}"}
  round: "${self:custom.about}"
  about: "${self:custom.round}"
  object: {a: 1}
  more: "${file(more.yml)}"
params:
  default: {size: small, color: red}
  prod: {size: large}
functions:
  charge-card: {handler: charge.handler}
  ship_it: {handler: ship.handler, name: "ship-${sls:stage}"}
"""


def sls(result: str, *, more: str = "", machine: str = "") -> str:
    """Write a configuration of one machine, orders, whose state A has a result, given as YAML on one line."""
    return f"""\
{SERVICE}
stepFunctions:
  stateMachines:
    orders:
{machine}
      definition:
        StartAt: A
        States:
          A: {{Type: Pass, End: true, Result: {result}}}
{more}"""


def result(folder: Path, text: str, **arguments: Any) -> Any:
    (machine,) = read(folder, text, name="serverless.yml", **arguments).machines
    return machine.definition["States"]["A"]["Result"]


@pytest.mark.parametrize(
    ("text", "given", "value"),
    [
        pytest.param("${self:custom.table}", {}, "orders-test", id="self, in which there is another"),
        pytest.param("${self:custom.nested.list}", {}, ["a", "b"], id="a list"),
        pytest.param("${self:custom.nested.list.1}", {}, "b", id="an item"),
        pytest.param("${self:custom.nested.one}", {}, "orders-test", id="variables that lead to variables"),
        pytest.param("x-${self:service}-${opt:stage, 'dev'}", {}, "x-shop-dev", id="inside a text, with a default"),
        pytest.param("${opt:stage, self:provider.stage}", {}, "test", id="a default that is a variable"),
        pytest.param("${opt:stage}", {}, "test", id="the stage without a default, which is the provider's"),
        pytest.param("${opt:region}", {}, "eu-west-1", id="the region without a default, which is the fake's"),
        pytest.param("${opt:a, ${opt:b, 'c'}}", {}, "c", id="a default that is a variable in braces"),
        pytest.param("${opt:a, ${opt:b}, 'c'}", {}, "c", id="a default in braces that has no value"),
        pytest.param("${opt:n, 5}", {}, 5, id="a default that is a number"),
        pytest.param("${opt:n, true}", {}, True, id="a default that is a boolean"),
        pytest.param("${opt:stage}", {"opt:stage": "prod"}, "prod", id="an option that is given"),
        pytest.param("${strToBool(${opt:on, 'TRUE'})}", {}, True, id="a boolean of a text"),
        pytest.param("${strToBool(0)}", {}, False, id="a boolean of a number"),
        pytest.param("${sls:stage}", {}, "test", id="the stage, of the provider"),
        pytest.param("${sls:stage}", {"opt:stage": "prod"}, "prod", id="the stage that is given"),
        pytest.param("${self:custom.${opt:which, 'table'}}", {}, "orders-test", id="a variable in a variable"),
        pytest.param("${param:size}", {}, "small", id="a parameter of any stage"),
        pytest.param("${param:size}", {"opt:stage": "prod"}, "large", id="a parameter of the stage"),
        pytest.param("${param:size}", {"param:size": "huge"}, "huge", id="a parameter that is given"),
        pytest.param("${env:SFN_SYNC_NONE, 'none'}", {}, "none", id="the environment, with a default"),
        pytest.param("${env:SFN_SYNC_TEST}", {}, "from the environment", id="the environment"),
        pytest.param("${aws:accountId} ${aws:region}", {}, "111122223333 eu-west-1", id="aws"),
        pytest.param("${ssm:/app/key}", {"ssm:/app/key": "k"}, "k", id="one that can't be looked up"),
        pytest.param("${cf:other.Arn, 'x'}", {}, "x", id="one that can't be looked up, with a default"),
        pytest.param("${file(more.yml):a.b}", {}, "orders-test", id="a file and a key"),
        pytest.param("${file(./more.yml):c}", {}, {"d": 1}, id="a file and a key that leads to an object"),
        pytest.param("${file(more-${sls:stage}.json):x}", {}, 1, id="a file whose name has a variable"),
        pytest.param("${file(more.yml):a.b} ${file(more.yml):c.d}", {}, "orders-test 1", id="a file twice"),
        pytest.param("${self:custom.more.c.d}", {}, 1, id="a file on the way to a member"),
        pytest.param("${file(none.yml):x, 'none'}", {}, "none", id="a file that is not there, with a default"),
        pytest.param("${file(names.js):x}", {"file(names.js):x": "js"}, "js", id="a program, whose value is given"),
        pytest.param("${AWS::Region}", {}, "eu-west-1", id="CloudFormation's pseudo parameters"),
        pytest.param("#{AWS::AccountId}", {}, "111122223333", id="pseudo parameters, as an older plugin writes them"),
        pytest.param("${name}", {}, "${name}", id="what is no variable"),
        pytest.param("${self:custom.table", {}, "${self:custom.table", id="a variable that is not closed"),
    ],
)
def test_a_variable(
    text: str, given: dict[str, Any], value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFN_SYNC_TEST", "from the environment")
    files = {
        "more.yml": "a: {b: '${self:custom.table}'}\nc: {d: 1}\n",
        "more-test.json": '{"x": 1}',
        "names.js": "module.exports = {}",
    }

    assert result(tmp_path, sls(f'"{text}"'), parameters=given, files=files) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "${opt:shop}",
            'the variable ${opt:shop} has no value here. Give it one: load_template(..., parameters={"opt:shop": '
            "...}).",
            id="no value",
        ),
        pytest.param("${strToBool(2)}", "strToBool takes true, false, 1 or 0, not '2'.", id="no boolean"),
        pytest.param(
            "${cf:a.B, ssm:c}",
            'the variable ${cf:a.B, ssm:c} has no value here. Give it one: load_template(..., parameters={"cf:a.B": '
            "...}).",
            id="no alternative has one",
        ),
        pytest.param(
            "x${self:custom.none}",
            "the variable ${self:custom.none} has no value here. "
            'Give it one: load_template(..., parameters={"self:custom.none": ...}).',
            id="no such member",
        ),
        pytest.param(
            "${opt:a, self:custom.${opt:b}}",
            'the variable ${opt:b} has no value here. Give it one: load_template(..., parameters={"opt:b": ...}).',
            id="no value inside an alternative",
        ),
        pytest.param(
            "${param:none}",
            "the variable ${param:none} has no value here. "
            'Give it one: load_template(..., parameters={"param:none": ...}).',
            id="no such parameter",
        ),
        pytest.param(
            "${file(names.js):x}",
            "the variable ${file(names.js):x} has no value here. "
            'Give it one: load_template(..., parameters={"file(names.js):x": ...}).',
            id="a program",
        ),
        pytest.param("${self:custom.round}", "the variable ${self:custom.round} refers to itself.", id="a circle"),
        pytest.param(
            "x${self:custom.object}",
            "the variable ${self:custom.object} is an object, which can't stand inside a text.",
            id="an object in a text",
        ),
        pytest.param(
            "${file(bad.json)}", "bad.json:1: it is not JSON (Expecting value at line 1, column 7).", id="a bad file"
        ),
    ],
)
def test_a_variable_without_a_value(text: str, told: str, tmp_path: Path) -> None:
    message = faults(tmp_path, sls(f'"{text}"'), name="serverless.yml", files={"bad.json": '{"a": }', "names.js": ""})

    first, fault = message.split("\n  ")
    assert first == "The template serverless.yml can't be loaded, for 1 fault:"
    place, location, why = fault.split(": ", 2)
    assert why == told
    if "round" not in text:
        assert (place, location) == (
            "serverless.yml:24",
            "/stepFunctions/stateMachines/orders/definition/States/A/Result",
        )


RESOURCES = """\
resources:
  Conditions: {IsTest: !Equals [test, "${self:provider.stage}"]}
  Resources:
    Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: "${self:custom.table}"}}
    Topic: {Type: AWS::SNS::Topic}
"""


@pytest.mark.parametrize(
    ("function", "value"),
    [
        pytest.param("!GetAtt [charge-card, Arn]", f"{LAMBDA}:shop-test-charge-card", id="GetAtt of a function's key"),
        pytest.param("{Fn::GetAtt: [charge-card, Arn]}", f"{LAMBDA}:shop-test-charge-card", id="in its long form"),
        pytest.param("!GetAtt ship_it.Arn", f"{LAMBDA}:ship-test", id="GetAtt of a function with a name"),
        pytest.param("!GetAtt ChargeDashcardLambdaFunction.Arn", f"{LAMBDA}:shop-test-charge-card", id="logical id"),
        pytest.param("!Ref ShipUnderscoreitLambdaFunction", f"{LAMBDA}:ship-test", id="Ref of a function"),
        pytest.param("!Ref ship_it", f"{LAMBDA}:ship-test", id="Ref of a function's key"),
        pytest.param("!Sub 'x:${ShipUnderscoreitLambdaFunction}'", "x:ship-test", id="Ref of a function inside a text"),
        pytest.param("!Ref Table", "orders-test", id="Ref of a resource whose name has a variable"),
        pytest.param("!Sub '${Topic}'", "arn:aws:sns:eu-west-1:111122223333:Topic", id="Sub"),
        pytest.param("!Sub '${self:service}-${Table}'", "shop-orders-test", id="Sub with a variable in it"),
        pytest.param("!If [IsTest, 1, 2]", 1, id="a condition"),
        pytest.param(
            "!Ref HelloStepFunctionsActivity", "arn:aws:states:eu-west-1:111122223333:activity:hello", id="activity"
        ),
        pytest.param(
            "[!Ref Table, '${Topic}']",
            ["orders-test", "arn:aws:sns:eu-west-1:111122223333:Topic"],
            id="text beside a function",
        ),
        pytest.param(
            "'#{Topic}/x'", "arn:aws:sns:eu-west-1:111122223333:Topic/x", id="a resource, as an older plugin writes it"
        ),
        pytest.param(
            "!Ref OrdersStepFunctionsStateMachine",
            "arn:aws:states:eu-west-1:111122223333:stateMachine:OrdersStepFunctionsStateMachine",
            id="the machine",
        ),
        pytest.param(
            "!Ref orders",
            "arn:aws:states:eu-west-1:111122223333:stateMachine:OrdersStepFunctionsStateMachine",
            id="the machine by its key",
        ),
    ],
)
def test_functions_of_cloudformation(function: str, value: Any, tmp_path: Path) -> None:
    assert result(tmp_path, sls(function, more=f"  activities: [hello]\n{RESOURCES}")) == value


def test_names_of_functions_for_mocks(tmp_path: Path) -> None:
    template = read(tmp_path, sls("1"), name="serverless.yml")

    assert {tuple(function.keys): function.called_by for function in template.functions} == {
        ("charge-card", "ChargeDashcardLambdaFunction"): [
            "shop-test-charge-card",
            f"{LAMBDA}:shop-test-charge-card",
        ],
        ("ship_it", "ShipUnderscoreitLambdaFunction"): ["ship-test", f"{LAMBDA}:ship-test"],
    }


@pytest.mark.parametrize(
    ("machine", "name", "kind", "keys"),
    [
        pytest.param(
            "", "OrdersStepFunctionsStateMachine", "STANDARD", ("OrdersStepFunctionsStateMachine",), id="neither"
        ),
        pytest.param(
            "      name: orders-${sls:stage}\n      type: EXPRESS",
            "orders-test",
            "EXPRESS",
            ("OrdersDashtest",),
            id="both",
        ),
        pytest.param("      id: flow", "Flow", "STANDARD", ("Flow",), id="a logical id"),
        pytest.param(
            "      name: !Sub '${AWS::Region}-x'",
            "eu-west-1-x",
            "STANDARD",
            ("OrdersStepFunctionsStateMachine",),
            id="a name by Sub",
        ),
    ],
)
def test_name_and_type(machine: str, name: str, kind: str, keys: tuple[str, ...], tmp_path: Path) -> None:
    (found,) = read(tmp_path, sls("1", machine=machine), name="serverless.yml").machines

    assert (found.key, found.name, found.type, found.keys) == ("orders", name, kind, keys)


@pytest.mark.parametrize(
    ("step_functions", "files", "source", "line"),
    [
        pytest.param(
            "{stateMachines: {orders: {definition: '${file(flows/orders.json)}'}}}",
            {"flows/orders.json": PASS},
            "flows/orders.json",
            1,
            id="the definition in JSON",
        ),
        pytest.param(
            "{stateMachines: {orders: {definition: '${file(orders.yml):orders.definition}'}}}",
            {"orders.yml": f"orders:\n  definition:\n    {PASS}\n"},
            "orders.yml",
            3,
            id="the definition at a key",
        ),
        pytest.param(
            "{stateMachines: {orders: '${file(orders.yml)}'}}",
            {"orders.yml": f"type: EXPRESS\ndefinition: {PASS}\n"},
            "orders.yml",
            2,
            id="the machine",
        ),
        pytest.param(
            "{stateMachines: '${file(machines.yml)}'}",
            {"machines.yml": f"orders:\n  definition: {PASS}\n"},
            "machines.yml",
            2,
            id="the machines",
        ),
        pytest.param(
            "'${file(all.yml)}'",
            {"all.yml": f"stateMachines:\n  orders:\n    definition: {PASS}\n"},
            "all.yml",
            3,
            id="the section",
        ),
        pytest.param(
            "{stateMachines: {orders: {definition: " + repr(PASS) + "}}}", {}, "serverless.yml", 2, id="a text"
        ),
    ],
)
def test_where_a_definition_may_be(
    step_functions: str, files: dict[str, str], source: str, line: int, tmp_path: Path
) -> None:
    text = f"service: shop\nstepFunctions: {step_functions}\n"

    (machine,) = read(tmp_path, text, name="serverless.yml", files=files).machines

    assert machine.definition["StartAt"] == "A"
    assert machine.source == str(tmp_path / source)
    line_map = machine.line_map()
    assert line_map is not None
    span = line_map.span("/States/A")
    assert span is not None
    assert (line_map.file, span.line) == (machine.source, line)


def test_a_pseudo_parameter_outside_of_functions_is_noted(tmp_path: Path) -> None:
    template = read(tmp_path, sls("'${AWS::Region}'"), name="serverless.yml")

    assert [note.replace(f"{tmp_path}/", "") for note in template.notes] == [
        "serverless.yml:24: '${AWS::Region}' is filled in here, but by the plugin only within Fn::Sub"
    ]


@pytest.mark.parametrize("given", [{"opt:stage": "prod"}, {"self:custom.nested.one": "x"}, {"param:size": "x"}])
def test_values_for_variables_that_no_machine_needs(given: dict[str, Any], tmp_path: Path) -> None:
    more = "x: ${self:custom.nested.${param:size}, 'x'} ${self:custom.nested.one}\n"

    assert len(read(tmp_path, sls("1", more=more), name="serverless.yml", parameters=given).machines) == 1


def test_a_file_that_differs_in_case_is_noted(tmp_path: Path) -> None:
    text = "service: shop\nstepFunctions: {stateMachines: {orders: {definition: '${file(Orders.json)}'}}}\n"

    template = read(tmp_path, text, name="serverless.yml", files={"orders.json": PASS})

    assert [note.replace(f"{tmp_path}/", "") for note in template.notes] == [
        "serverless.yml:2: a variable says 'Orders.json', the file is 'orders.json': deploys only from a file system "
        "that is blind to case"
    ]


def test_functions_and_resources_in_lists_and_files(tmp_path: Path) -> None:
    text = f"""\
service: {{name: shop}}
provider: {{name: aws}}
functions:
  - ${{file(functions.yml)}}
  - ship: {{handler: s.h}}
resources:
  - ${{file(resources.yml)}}
  - Resources: {{Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: q}}}}}}
stepFunctions:
  stateMachines:
    orders:
      definition: {PASS.replace('"End"', '"Result": ["!"], "End"')}
"""
    parts = "[!GetAtt [charge, Arn], !Ref ship, !Ref Table, !GetAtt Queue.QueueName]"
    text = text.replace('["!"]', parts)
    files = {
        "functions.yml": "charge: {handler: c.h}\n",
        "resources.yml": "Resources: {Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: t}}}\n",
    }

    assert result(tmp_path, text, files=files) == [f"{LAMBDA}:shop-dev-charge", f"{LAMBDA}:shop-dev-ship", "t", "q"]


@pytest.mark.parametrize(
    ("text", "given", "told"),
    [
        pytest.param(
            "stepFunctions: {}", {}, "serverless.yml:1: /stepFunctions: it has no stateMachines.", id="no machines"
        ),
        pytest.param(
            "stepFunctions: {stateMachines: {a: {type: EXPRESS}}}",
            {},
            "serverless.yml:1: /stepFunctions/stateMachines/a: it has no definition.",
            id="no definition",
        ),
        pytest.param(
            "stepFunctions: {stateMachines: {a: [1]}}",
            {},
            "serverless.yml:1: /stepFunctions/stateMachines/a: a state machine is an object, not a list.",
            id="no object",
        ),
        pytest.param(
            "stepFunctions: {stateMachines: {a: {definition: 5}}}",
            {},
            "serverless.yml:1: /stepFunctions/stateMachines/a/definition: a definition is an object, not a number.",
            id="a number",
        ),
        pytest.param(
            'stepFunctions: {stateMachines: {a: {definition: \'{"A": "${Name}"}\'}}}',
            {},
            "serverless.yml:1: /stepFunctions/stateMachines/a/definition/A: ${Name} has no value. Give it one: "
            'load_template(..., parameters={"${Name}": ...}); to keep the text, give it as its own value: '
            '{"${Name}": "${Name}"}.',
            id="a placeholder",
        ),
        pytest.param(
            "stepFunctions: {stateMachines: {a: {definition: '${file(none.yml)}'}}}",
            {},
            "serverless.yml:1: /stepFunctions/stateMachines/a/definition: the variable ${file(none.yml)} has no value "
            "here. "
            'Give it one: load_template(..., parameters={"file(none.yml)": ...}).',
            id="a file that is not there",
        ),
        pytest.param(
            "stepFunctions: {stateMachines: '${file(none.yml)}'}",
            {},
            "serverless.yml:1: /stepFunctions/stateMachines: the variable ${file(none.yml)} has no value here. "
            'Give it one: load_template(..., parameters={"file(none.yml)": ...}).',
            id="machines in a file that is not there",
        ),
        pytest.param(
            "stepFunctions: {stateMachines: {a: {definition: {A: !GetAtt [helo, Arn]}}}}\nfunctions: {hello: {}}",
            {},
            "serverless.yml:1: /stepFunctions/stateMachines/a/definition/A/Fn::GetAtt: Fn::GetAtt names no resource: "
            "'helo'. Nearest: HelloLambdaFunction, AStepFunctionsStateMachine.",
            id="an unknown function",
        ),
        pytest.param(
            "stepFunctions: {stateMachines: {a: {definition: {A: \"${self:x, opt:color, 'red'}\"}}}}",
            {"opt:colour": "x"},
            "parameters= has 'opt:colour', but the template has no such parameter or variable. "
            "Nearest: opt:color, opt:stage, self:x.",
            id="a value for no variable",
        ),
    ],
)
def test_what_is_refused(text: str, given: dict[str, Any], told: str, tmp_path: Path) -> None:
    message = faults(tmp_path, text, name="serverless.yml", parameters=given)

    assert message == f"The template serverless.yml can't be loaded, for 1 fault:\n  {told}"


@pytest.mark.parametrize("stage", ["${opt:stage}", "${opt:stage, 'dev'}", "dev"])
def test_the_stage_of_the_provider_may_ask_for_the_option(stage: str, tmp_path: Path) -> None:
    text = sls('"${opt:stage} ${sls:stage}"').replace("${opt:stage, 'test'}", stage)
    template = read(tmp_path, text, name="serverless.yml")
    assert template.machines[0].definition["States"]["A"]["Result"] == "dev dev"
    assert template.notes == [
        "${opt:stage} is 'dev'; to have another: load_template(..., parameters={\"opt:stage\": ...})"
    ]


SCALARS = "[Yes, off, 010, 0o14, 12:30, 1e3, 2020-01-01, {on: 1, 5: 2}]"
AS_JS_YAML_READS = ["Yes", "off", 10, 12, "12:30", 1000, "2020-01-01T00:00:00.000Z", {"on": 1, "5": 2}]


def test_scalars_are_read_by_js_yaml_in_the_file_and_in_those_that_it_includes(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text(f"words: {SCALARS}\n", encoding="utf-8")
    (tmp_path / "included.asl.yaml").write_text(
        f"StartAt: A\nStates:\n  A: {{Type: Pass, End: true, Result: {SCALARS}}}\n", encoding="utf-8"
    )
    machine = "{orders: {definition: '${file(included.asl.yaml)}'}}"
    included = f"{SERVICE}stepFunctions: {{stateMachines: {machine}}}\n"

    assert result(tmp_path, sls(SCALARS)) == AS_JS_YAML_READS
    assert result(tmp_path, sls("'${file(more.yml):words}'")) == AS_JS_YAML_READS
    assert result(tmp_path, included) == AS_JS_YAML_READS


def test_the_same_file_is_yaml_1_1_to_sam(tmp_path: Path) -> None:
    machine = (
        "Resources: {M: {Type: 'AWS::Serverless::StateMachine', Properties: {Definition: {StartAt: A, States: {A: "
        "{Type: Pass, End: true, Result: [Yes, off, 010, 0o14, 12:30, 1e3, 2020-01-01]}}}}}}\n"
    )

    assert result(tmp_path, machine) == [True, False, 8, "0o14", 750, "1e3", "2020-01-01"]


def test_a_pseudo_parameter_in_what_a_variable_stands_for(tmp_path: Path) -> None:
    text = sls("'${self:custom.arn}'").replace("custom:", "custom:\n  arn: 'arn:#{AWS::AccountId}:#{AWS::Region}'", 1)
    template = read(tmp_path, text, name="serverless.yml")
    assert template.machines[0].definition["States"]["A"]["Result"] == "arn:111122223333:eu-west-1"
    assert template.notes == []


@pytest.mark.parametrize(
    ("text", "given", "value", "note"),
    [
        pytest.param("${self:provider.stage}", {}, "dev", "${opt:stage} is 'dev'", id="the stage"),
        pytest.param("${self:provider.region}", {}, "eu-west-1", "${opt:region} is 'eu-west-1'", id="the region"),
        pytest.param("${opt:x, self:provider.stage}", {}, "dev", "${opt:stage} is 'dev'", id="as a default"),
        pytest.param("${self:provider.stage, 'x'}", {}, "x", None, id="with a default"),
        pytest.param("${self:provider.stage}", {"opt:stage": "prod"}, "dev", None, id="a stage that is given"),
    ],
)
def test_the_provider_has_defaults(
    text: str, given: dict[str, str], value: str, note: str | None, tmp_path: Path
) -> None:
    configuration = (
        sls(f'"{text}"').replace(", stage: \"${opt:stage, 'test'}\"", "").replace("orders-${self:provider.stage}", "t")
    )
    template = read(tmp_path, configuration, name="serverless.yml", parameters=given)
    assert template.machines[0].definition["States"]["A"]["Result"] == (given.get("opt:stage") or value)
    assert given or [one.partition(";")[0] for one in template.notes] == ([] if note is None else [note])


OF_RESOURCES = """
resources:
  Resources:
    Refunds:
      Type: AWS::StepFunctions::StateMachine
      Properties:
        StateMachineName: "refunds-${sls:stage}"
        DefinitionString: !Sub
          - '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${x}", "End": true}}}'
          - {x: !Ref AWS::Region}
"""


def test_machines_of_the_resources(tmp_path: Path) -> None:
    template = read(tmp_path, sls("1") + OF_RESOURCES, name="serverless.yml")
    assert [(one.key, one.name) for one in template.machines] == [
        ("orders", "OrdersStepFunctionsStateMachine"),
        ("Refunds", "refunds-test"),
    ]
    assert template.machines[1].definition["States"]["A"]["Result"] == "eu-west-1"
    template = read(tmp_path, SERVICE + OF_RESOURCES, name="serverless.yml")
    assert [one.key for one in template.machines] == ["Refunds"]


def test_no_machines_at_all(tmp_path: Path) -> None:
    assert faults(tmp_path, SERVICE, name="serverless.yml") == (
        "The template serverless.yml has no state machines: it has no stepFunctions, and no state machine in its "
        "resources."
    )


def test_the_code_and_the_environment_of_functions(tmp_path: Path) -> None:
    text = sls("1").replace(
        "{name: aws,", "{name: aws, runtime: python3.12, environment: {STAGE: '${sls:stage}', A: 1},"
    )
    text = text.replace("handler: charge.handler", "handler: src/charge.handler, environment: {A: 2}")
    charge, ship = read(tmp_path, text, name="serverless.yml").functions
    assert charge.source is not None
    assert ship.source is not None
    assert charge.source.environment() == {"STAGE": "test", "A": "2"}
    assert ship.source.environment() == {"STAGE": "test", "A": "1"}
    assert (charge.source.code().handler, charge.source.code().folders) == ("src/charge.handler", (tmp_path,))
