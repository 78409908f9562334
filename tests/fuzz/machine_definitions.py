"""Random definitions of machines, in both dialects, and definitions in which something was broken.

Transitions lead forward, or back to a Wait that lets virtual time pass, so that each run ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any, Final, TypeAlias

from tests.fuzz.cases import Case
from tests.fuzz.jsonata_programs import hostile_program, random_program

Definition: TypeAlias = dict[str, Any]

_PATHS: Final = (
    "$", "$", "$.a", "$.a.b", "$.items", "$.items[0]", "$['v']", "$.new.place", "$.items[*].v", "$..v", "$..*",
    "$.items[?(@.v>1)]", "$.items[?(@.v=~/a.*/)]", "$.items[0:2]", "$.items[-1]", "$$", "$$.State.Name",
    "$$.Execution.Input.a", "$$.Map.Item.Value", "$x", "$x.y", "$..*..*",
)  # fmt: skip
_INTRINSICS: Final = (
    "Array", "ArrayPartition", "ArrayContains", "ArrayRange", "ArrayGetItem", "ArrayLength", "ArrayUnique",
    "Base64Encode", "Base64Decode", "Hash", "JsonMerge", "StringToJson", "JsonToString", "MathRandom", "MathAdd",
    "StringSplit", "UUID", "Format",
)  # fmt: skip
_LITERALS: Final = ("'text'", "'{} and {}'", "''", "'a,b'", "null", "true", "1.5", "-3", "7", "1e308", "0")
_SCALARS: Final = (None, True, False, 0, 1, -7, 1.5, 1e300, 10**40, "", "a", "2024-01-01T00:00:00Z", "\ud83d", "\0")
_ERRORS: Final = ("States.ALL", "States.TaskFailed", "States.Timeout", "States.Runtime", "ValueError", "Own.Error")
_RESOURCES: Final = (
    "arn:aws:lambda:us-east-1:123456789012:function:echo",
    "arn:aws:lambda:us-east-1:123456789012:function:fails",
    "arn:aws:states:::lambda:invoke",
    "arn:aws:states:::dynamodb:getItem",
)
_OPERATORS: Final = (
    "StringEquals", "StringMatches", "NumericEquals", "NumericGreaterThan", "BooleanEquals", "TimestampLessThan",
    "IsPresent", "IsNull", "IsNumeric", "StringEqualsPath", "NumericLessThanEqualsPath", "TimestampEqualsPath",
)  # fmt: skip
_JUNK: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, "", [], {}, "$.", "$[", "States.Format('", "States.No()", "{% $x %}", "{% ( %}", [[]],
    {"a.$": "$["}, {"a": {"b.$": 7}}, "A", "Next", 10**30, "\0", "\ud83d", "${x}",
)  # fmt: skip
_INPUT_FIELDS: Final = ("InputPath", "OutputPath", "ResultPath", "ItemsPath")


def definition_cases(random: Random) -> Iterator[Case]:
    """Yield cases of generated definitions and inputs, for ever."""
    while True:
        is_jsonata = random.random() < 0.4
        definition = _Machines(random, is_jsonata=is_jsonata).machine()
        if random.random() < 0.4:
            definition = broken(random, definition)
        yield {"door": "run", "definition": definition, "input": json.dumps(document(random, 3))}


def document(random: Random, depth: int) -> Any:
    """Return a random document, such as the generated paths find something in."""
    if depth == 0 or random.random() < 0.2:
        return random.choice(_SCALARS)
    if random.random() < 0.3:
        return [document(random, depth - 1) for _ in range(random.randrange(4))]
    members = {name: document(random, depth - 1) for name in ("a", "v", "b") if random.random() < 0.6}
    if random.random() < 0.7:
        members["items"] = [{"v": random.choice(_SCALARS)} for _ in range(random.randrange(4))]
    return members


def broken(random: Random, definition: Definition) -> Any:
    """Return a copy of a definition in which members were replaced, added or taken away."""
    copy = deepcopy(definition)
    for _ in range(random.randint(1, 3)):
        places = list(_places(copy))
        if not places:
            break
        place, key = random.choice(places)
        change = random.randrange(3)
        if change == 0:
            del place[key]
        elif change == 1 or isinstance(place, list):
            place[key] = deepcopy(random.choice(_JUNK))
        else:
            added = random.choice(("Next", "End", "Type", "Resource", "Output", "Retry", "TimeoutSeconds", "a.$"))
            place[added] = deepcopy(random.choice(_JUNK))
    return copy


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield value, key
        yield from _places(member)


class _Machines:
    def __init__(self, random: Random, *, is_jsonata: bool) -> None:
        self.random = random
        self.is_jsonata = is_jsonata

    def machine(self, prefix: str = "", depth: int = 0) -> Definition:
        names = [f"{prefix}{letter}" for letter in "ABCDE"[: self.random.randint(1, 2 if depth else 5)]]
        states: dict[str, Definition] = {}
        for index, name in enumerate(names):
            later = names[index + 1 :]
            waits = [before for before in names[:index] if states[before].get("Seconds") == 40]
            states[name] = self.state(name, later, waits, depth)
        definition: Definition = {"StartAt": names[0], "States": states}
        if not depth and self.is_jsonata:
            definition["QueryLanguage"] = "JSONata"
        if not depth and self.random.random() < 0.2:
            definition["TimeoutSeconds"] = self.random.randint(1, 99)
        return definition

    def state(self, name: str, later: Sequence[str], waits: Sequence[str], depth: int) -> Definition:
        kinds = ["Pass", "Task", "Wait", "Pass"]
        kinds += ["Map", "Parallel"] if depth < 2 else []
        kinds += ["Choice"] if later else ["Succeed", "Fail"]
        kind = self.random.choice(kinds)
        state: Definition = {"Type": kind, **_FIELDS[kind](self, name, depth)}
        if kind not in ("Fail", "Choice"):
            state |= self.in_and_out(kind)
        if kind == "Choice":
            targets = [*later, *waits]
            state["Choices"] = [
                {**self.rule(), "Next": self.random.choice(targets)} for _ in range(self.random.randint(1, 3))
            ]
            state["Default"] = later[0]
        elif kind not in ("Succeed", "Fail"):
            state |= {"Next": later[0]} if later else {"End": True}
        if kind in ("Task", "Map", "Parallel"):
            state |= self.handlers(later)
        return state

    def in_and_out(self, kind: str) -> Definition:
        if self.is_jsonata:
            output = {"Output": self.value(2)} if self.chance(0.4) else {}
            return output | ({"Assign": {"x": self.value(1)}} if self.chance(0.2) and kind != "Succeed" else {})
        fields: Definition = {}
        for field in ("InputPath", "OutputPath"):
            if self.chance(0.25):
                fields[field] = self.random.choice((*_PATHS, None))
        if kind in ("Pass", "Task", "Map", "Parallel"):
            if self.chance(0.3):
                fields["ResultPath"] = self.random.choice(("$", "$.a", "$.new.place", "$.items[0]", None))
            if self.chance(0.2):
                fields["Assign"] = {"x.$": self.random.choice(_PATHS)}
        if kind in ("Task", "Map", "Parallel") and self.chance(0.3):
            fields["ResultSelector"] = self.template()
        return fields

    def handlers(self, later: Sequence[str]) -> Definition:
        fields: Definition = {}
        if self.chance(0.4):
            fields["Retry"] = [{"ErrorEquals": [self.random.choice(_ERRORS)], "MaxAttempts": self.random.randrange(3)}]
        if later and self.chance(0.4):
            catcher: Definition = {"ErrorEquals": [self.random.choice(_ERRORS)], "Next": self.random.choice(later)}
            if self.chance(0.5):
                catcher |= {"Output": self.value(1)} if self.is_jsonata else {"ResultPath": "$.error"}
            fields["Catch"] = [catcher]
        return fields

    def rule(self, depth: int = 2) -> Definition:
        if self.is_jsonata:
            return {"Condition": f"{{% {self.program()} %}}"}
        if depth and self.chance(0.3):
            inner = [self.rule(depth - 1) for _ in range(self.random.randint(1, 2))]
            name = self.random.choice(("And", "Or", "Not"))
            return {name: inner[0] if name == "Not" else inner}
        operator = self.random.choice(_OPERATORS)
        operand = self.random.choice(_PATHS) if operator.endswith("Path") else _operand(self.random, operator)
        return {"Variable": self.random.choice(_PATHS), operator: operand}

    def template(self, depth: int = 2) -> Definition:
        template: Definition = {}
        for name in "ab":
            if self.chance(0.5):
                template[f"{name}.$"] = self.random.choice(_PATHS) if self.chance(0.5) else self.intrinsic(2)
            elif depth:
                template[name] = self.template(depth - 1)
        return template

    def intrinsic(self, depth: int) -> str:
        count = self.random.choice((0, 1, 1, 2, 2, 2, 3))
        return f"States.{self.random.choice(_INTRINSICS)}({', '.join(self.argument(depth) for _ in range(count))})"

    def argument(self, depth: int) -> str:
        if depth and self.chance(0.3):
            return self.intrinsic(depth - 1)
        return self.random.choice(_PATHS if self.chance(0.6) else _LITERALS)

    def value(self, depth: int) -> Any:
        """Return a value of a JSONata field."""
        if depth and self.chance(0.3):
            return {"a": self.value(depth - 1), "b": [self.value(depth - 1)]}
        return f"{{% {self.program()} %}}" if self.chance(0.7) else self.random.choice(_SCALARS)

    def program(self) -> str:
        make = random_program if self.chance(0.8) else hostile_program
        return make(self.random, 3)

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def pass_(self, name: str, depth: int) -> Definition:
        if self.is_jsonata:
            return {}
        return {
            **({"Result": document(self.random, 1)} if self.chance(0.4) else {}),
            **({"Parameters": self.template()} if self.chance(0.4) else {}),
        }

    def task(self, name: str, depth: int) -> Definition:
        resource = self.random.choice(_RESOURCES)
        arguments: Any = self.value(2) if self.is_jsonata else self.template()
        if resource.endswith("invoke"):
            arguments = {"FunctionName": "echo", "Payload": arguments}
        elif resource.endswith("getItem"):
            arguments = {"TableName": "t", "Key": {"id": {"S": "1"}}}
        fields: Definition = {"Resource": resource, "Arguments" if self.is_jsonata else "Parameters": arguments}
        if self.chance(0.3):
            fields["TimeoutSeconds"] = self.random.randint(1, 5)
        return fields

    def wait(self, name: str, depth: int) -> Definition:
        if self.is_jsonata:
            return self.random.choice(({"Seconds": 40}, {"Seconds": f"{{% {self.program()} %}}"}))
        return self.random.choice(
            ({"Seconds": 40}, {"SecondsPath": "$.a"}, {"Timestamp": "2024-01-01T00:00:00Z"}, {"TimestampPath": "$.v"})
        )

    def fail(self, name: str, depth: int) -> Definition:
        if self.is_jsonata:
            return {"Error": "Own.Error", "Cause": f"{{% {self.program()} %}}"}
        return self.random.choice(({}, {"Error": "Own.Error"}, {"CausePath": "$.a"}, {"ErrorPath": "$.v"}))

    def parallel(self, name: str, depth: int) -> Definition:
        count = self.random.randint(1, 3)
        return {"Branches": [self.machine(f"{name}{index}", depth + 1) for index in range(count)]}

    def map(self, name: str, depth: int) -> Definition:
        fields: Definition = {"ItemProcessor": self.machine(name, depth + 1)}
        if self.is_jsonata:
            fields |= {"Items": f"{{% {self.program()} %}}"} if self.chance(0.6) else {}
        elif self.chance(0.6):
            fields["ItemsPath"] = self.random.choice(("$.items", "$", "$.a"))
        if self.chance(0.3):
            fields["ItemSelector"] = {"a": self.value(1)} if self.is_jsonata else self.template()
        if self.chance(0.3):
            fields["MaxConcurrency"] = self.random.randrange(4)
        return fields


_FIELDS: Final[dict[str, Callable[[_Machines, str, int], Definition]]] = {
    "Pass": _Machines.pass_,
    "Task": _Machines.task,
    "Wait": _Machines.wait,
    "Fail": _Machines.fail,
    "Parallel": _Machines.parallel,
    "Map": _Machines.map,
    "Succeed": lambda machines, name, depth: {},
    "Choice": lambda machines, name, depth: {},
}


def _operand(random: Random, operator: str) -> Any:
    if operator.startswith(("Is", "Boolean")):
        return random.random() < 0.5
    if operator.startswith("Numeric"):
        return random.choice((-1, 0, 1, 2.5))
    return "2024-01-01T00:00:00Z" if operator.startswith("Timestamp") else random.choice(("*", "a*b", "", "a"))
