"""Hostile values at each public door: too large, too deep, shared, odd numbers, odd characters, wrong types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final

from tests.fuzz.cases import Case

_TEXTS: Final = (
    "", "\0", "\ud83d", "\x1b[31m", "\u202e", "<script>alert(1)</script>", "`|%%\n#", "a" * 300, "../..", "/dev/null",
    {"repeat": "a", "times": 10_000_000}, {"repeat": "é", "times": 200_000}, "http://example.com/x", "\ufeff{}", "~",
    "arn:aws:states:us-east-1:123456789012:stateMachine:x", "arn:" * 50, "#", "a:b:c:d:e:f:g:h", "$", "$$", "{%%}",
)  # fmt: skip
_NUMBERS: Final = (
    0, -1, 2**63, -(2**63) - 1, 1e308, 5e-324, 10**400, {"digits": 5_000}, {"float": "nan"}, {"float": "inf"}, True,
)  # fmt: skip
_CONTAINERS: Final[tuple[Any, ...]] = (
    [], {}, {"nested": "list", "depth": 100_000}, {"nested": "object", "depth": 100_000}, {"shared": 40},
    {"nested": "list", "depth": 990}, {"nested": "object", "depth": 999}, {"repeat": [0], "times": 300_000},
    {"repeat": [{"key": 200_000, "value": 1}], "times": 2_000}, {"key": 9_000, "value": {"repeat": [0], "times": 9**5}},
    {"repeat": [{"repeat": "x", "times": 9**7}], "times": 60},
    {"repeat": [{"a": {"repeat": "x", "times": 9}}], "times": 1_000}, {"": 1}, {"\ud83d": 1},
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (None, *_TEXTS, *_NUMBERS, *_CONTAINERS)

_PATHS: Final = (
    "$..*..*..*", "$..a..a..a", "$..[?(@..a)]", "$.a[?(@.b=~/(a+)+$/)]", "$[*][*][*]", "$..['a','b']..*",
    "$.a[?($..a)]", "$..*[?(@.a==@.b)]", "$..a[0:100:1]", "$..a.length()",
)  # fmt: skip
_INTRINSICS: Final = (
    "States.ArrayRange(1, 1000, 1)", "States.ArrayUnique($.a)", "States.ArrayContains($.a, $.a)",
    "States.JsonToString($)", "States.Format('{}{}{}', $, $, $)", "States.Hash($, 'MD5')",
    "States.JsonMerge($, $, false)",
    "States.ArrayPartition($.a, 1)", "States.StringSplit(States.JsonToString($), ',')", "States.MathAdd($.n, $.n)",
    "States.Array($, $, $, $, $, $)", "States.Base64Encode(States.JsonToString($))", "States.StringToJson($.t)",
)  # fmt: skip
_PROGRAMS: Final = (
    "$map([1..2000], function($v) { $map([1..2000], function($w) { $v * $w }) })", "[1..10000000]",
    "$match($string($states.input), /(a+)+$/)", "$reduce([1..100000], function($a, $b) { $a & 'x' })",
    "$sort($states.input.a)", "$distinct($states.input.a)", "$eval('1+1')", "$parse($states.input.t)",
    "$toMillis('9999999999', '[Y]')", "$power(10, 400)", "$sum([1e308, 1e308])", "$number('1e999')",
    "($f := function($n) { $f($n + 1) }; $f(1))", "$states.input.**.**.**", "$states.input.*.*.*", "1/0",
    "$pad('a', 10000000)",
    "$split($string($states.input), '')", "$spread($states.input)", "$formatNumber(1e300, '#')", "$random() = 2",
)  # fmt: skip
_OPERATIONS: Final[dict[str, tuple[str, ...]]] = {
    "start_sync_execution": ("stateMachineArn", "name", "input", "traceHeader", "includedData"),
    "start_execution": ("stateMachineArn", "name", "input", "traceHeader"),
    "create_state_machine": ("name", "definition", "roleArn", "type", "versionDescription"),
    "describe_state_machine": ("stateMachineArn", "includedData"),
    "update_state_machine": ("stateMachineArn", "definition", "roleArn"),
    "describe_execution": ("executionArn", "includedData"),
    "get_execution_history": ("executionArn", "maxResults", "nextToken"),
    "list_executions": ("stateMachineArn", "statusFilter", "maxResults", "nextToken"),
    "list_state_machines": ("maxResults", "nextToken"),
    "test_state": ("definition", "roleArn", "input", "variables", "context", "stateName", "inspectionLevel"),
    "validate_state_machine_definition": ("definition", "type", "severity", "maxResults"),
    "create_activity": ("name",),
    "get_activity_task": ("activityArn", "workerName"),
    "send_task_success": ("taskToken", "output"),
    "send_task_failure": ("taskToken", "error", "cause"),
    "send_task_heartbeat": ("taskToken",),
    "list_tags_for_resource": ("resourceArn",),
    "describe_map_run": ("mapRunArn",),
    "redrive_execution": ("executionArn", "clientToken"),
    "stop_execution": ("executionArn", "error", "cause"),
}
"""Operations, and members of their requests that are texts or, for ``maxResults``, numbers."""

_REQUIRED: Final = frozenset(
    {"stateMachineArn", "name", "definition", "roleArn", "executionArn", "taskToken", "output"}
)
_METHODS: Final[dict[str, tuple[str, ...]]] = {
    "register": ("name", "definition", "type", "region", "substitutions", "role_arn"),
    "inject_error": ("code", "message", "operation", "machine", "times"),
    "mock_task": ("state", "returns", "raises", "calls", "responses", "takes", "times", "when"),
    "mock_lambda": ("function", "returns", "raises", "responses", "takes", "times", "when"),
    "mock_resource": ("resource", "returns", "raises", "responses", "takes", "times"),
    "use_mock_config": ("config", "case"),
    "use_lambda_handlers": ("handlers",),
    "load_template": ("path", "parameters"),
    "raises": ("code", "match"),
}
_TASK: Final = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:echo", "End": True}


def hostile_cases(random: Random) -> Iterator[Case]:
    """Yield cases of hostile values at random doors, for ever."""
    doors = tuple(_DOORS)
    while True:
        yield random.choice(doors)(random)


def value(random: Random, depth: int = 2) -> Any:
    """Return a hostile value, or a small document that holds some."""
    if depth and random.random() < 0.3:
        if random.random() < 0.5:
            return [value(random, depth - 1) for _ in range(random.randrange(1, 4))]
        return {random.choice(("a", "Type", "Return", "\0", "Payload")): value(random, depth - 1)}
    return random.choice(VALUES)


def text(random: Random) -> Any:
    """Return a text, mostly one that looks like JSON."""
    return random.choice((
        random.choice(_TEXTS), "{}", "[1, 2", "{'a': 1}", '{"a": 1e400}', '{"a": NaN}', '{"a": "\\ud83d"}',
        {"repeat": "[", "times": 100_000}, {"texts": ['{"a": ', {"repeat": "9", "times": 5_000}, "}"]},
        {"texts": ['{"a": "', {"repeat": "x", "times": 300_000}, '"}']}, '{"a": 1, "a": 2}', '{"t": "[[[[1]]]]"}',
        {"texts": ['{"a": [0', {"repeat": ", 1", "times": 30_000}, "]}"]},
        {"texts": [{"repeat": '{"a":', "times": 900}, "1", {"repeat": "}", "times": 900}]},
    ))  # fmt: skip


def _input(random: Random) -> Case:
    return {"door": "run", "definition": _machine(random), "input": text(random)}


def _result(random: Random) -> Case:
    return {"door": "run", "definition": {"StartAt": "A", "States": {"A": _TASK}}, "returns": value(random)}


def _field(random: Random) -> Case:
    machine = _machine(random)
    state = machine["States"]["A"]
    state[random.choice((*state, "Result", "Comment", "Next", "TimeoutSeconds", "Assign", "Retry"))] = value(random)
    return {"door": "run", "definition": machine, "input": text(random)}


def _names(random: Random) -> Case:
    return {
        "door": "run",
        "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": random.choice(_TEXTS)}}},
    }


def _template(random: Random) -> Case:
    odd = random.choice((
        "&a [*a]", "!GetAtt x", "!Sub '${a.b}${'", {"texts": ["[", {"repeat": "[", "times": 20_000}]},
        "!If [c, 1, 2]", "{<<: [{a: 1}]}",
        "\t", "'\\0'", {"texts": ["&a [x,x]\nB: &b [*a,*a]\nC: &c [*b,*b]\nD: &d [*c,*c]"]}, "!Ref AWS::Region",
        "1e999",
        {"repeat": "9", "times": 5_000}, "!!python/object:os.system x", "!Join ['', [!Ref A, 1]]", "|\n x",
    ))  # fmt: skip
    place = random.choice(("Definition", "DefinitionString", "Type", "Name", "DefinitionSubstitutions", "Condition"))
    start = "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      "
    return {"door": "template", "text": {"texts": [f"{start}{place}: ", odd, "\n"]}}


def _mock_config(random: Random) -> Case:
    response = random.choice((value(random), {"0": {"Return": value(random)}}, {"0": {"Throw": value(random)}}))
    machines = random.choice(({"orders": {"TestCases": {"Case": {"A": "r"}}}}, value(random)))
    return {"door": "mock config", "config": {"StateMachines": machines, "MockedResponses": {"r": response}}}


def _argument(random: Random) -> Case:
    method = random.choice(tuple(_METHODS))
    first, *others = _METHODS[method]
    if method == "register":
        others.remove("definition")
    names = [first, *random.sample(others, random.randint(0, len(others)))]
    arguments = {name: value(random) for name in names}
    if method == "register":
        arguments["definition"] = value(random) if random.random() < 0.3 else _machine(random)
    return {"door": "call", "method": method, "arguments": arguments}


def _request(random: Random) -> Case:
    operation = random.choice(tuple(_OPERATIONS))
    members = {
        name: random.choice((-1, 0, 1, 1000, 1001, 10**12)) if name == "maxResults" else text(random)
        for name in _OPERATIONS[operation]
        if name in _REQUIRED or random.random() < 0.5
    }
    return {"door": "request", "operation": operation, "members": members}


def _machine(random: Random) -> dict[str, Any]:
    if random.random() < 0.5:
        state: dict[str, Any] = {"Type": "Pass", "QueryLanguage": "JSONata", "End": True}
        state["Output"] = f"{{% {random.choice(_PROGRAMS)} %}}"
    else:
        written = random.choice((*_PATHS, *_INTRINSICS))
        state = {"Type": "Pass", "End": True, "Parameters": {"a.$": written}}
    return {"StartAt": "A", "States": {"A": state}}


_DOORS: Final[tuple[Callable[[Random], Case], ...]] = (
    _input, _input, _result, _field, _names, _template, _mock_config, _argument, _argument, _request,
)  # fmt: skip
