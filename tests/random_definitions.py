"""Strategies that make definitions at random: all eight state types, with every field that the JSONPath dialect knows.

Well-formed definitions obey the language's grammar but may fail as they run; broken ones have had something in them
replaced or taken away. Transitions lead forward, or back to a Wait that lets virtual time pass, so each run ends.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Definition = dict[str, Any]

NAMES = ("A", "B", "C", "D", "E")
MAXIMUM_DEPTH = 2

texts = st.text(st.characters(codec="utf-8"), max_size=12)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts | st.sampled_from(["a", "items", "v"]), inner),
    max_leaves=12,
)

inputs = documents | st.fixed_dictionaries(
    {
        "a": st.integers(0, 9) | st.fixed_dictionaries({"b": scalars}) | texts,
        "items": st.lists(st.fixed_dictionaries({"v": st.integers(0, 3) | scalars}), max_size=4),
        "v": st.sampled_from(["2024-01-01T00:00:00Z", "text", 7, True]),
    }
)
"""Documents, and such as the generated paths find something in."""

reference_paths = st.sampled_from(["$", "$", "$", "$.a", "$.a.b", "$.items", "$.items[0]", "$['v']", "$.new.place"])
computed_paths = st.sampled_from(
    ["$.items[*].v", "$..v", "$.items[?(@.v>1)]", "$.items[1]", "$.items[0:2]", "$.a[(@.length-1)]"]
)
context_paths = st.sampled_from(
    ["$$", "$$.Execution.Input.a", "$$.State.Name", "$$.State.RetryCount", "$$.Map.Item.Value"]
)
other_paths = computed_paths | context_paths | st.sampled_from(["$x", "$x.y"])
paths = st.integers(0, 4).flatmap(lambda chance: other_paths if chance == 4 else reference_paths)
literals = st.integers(-3, 12).map(str) | st.sampled_from(
    ["'text'", "'{} and {}'", "''", "'a,b'", "true", "null", "1.5"]
)
INTRINSICS = {
    "Array": (0, 3), "ArrayPartition": (2, 2), "ArrayContains": (2, 2), "ArrayRange": (3, 3), "ArrayGetItem": (2, 2),
    "ArrayLength": (1, 1), "ArrayUnique": (1, 1), "Base64Encode": (1, 1), "Base64Decode": (1, 1), "Hash": (2, 2),
    "JsonMerge": (3, 3), "StringToJson": (1, 1), "JsonToString": (1, 1), "MathRandom": (2, 3), "MathAdd": (2, 2),
    "StringSplit": (2, 2), "UUID": (0, 0), "Format": (1, 3),
}  # fmt: skip


@st.composite
def _calls(draw: st.DrawFn, arguments: st.SearchStrategy[str]) -> str:
    name = draw(st.sampled_from(sorted(INTRINSICS)))
    fewest, most = INTRINSICS[name]
    return f"States.{name}({', '.join(draw(st.lists(arguments, min_size=fewest, max_size=most)))})"


intrinsics = _calls(st.recursive(paths | literals, _calls, max_leaves=4))
templates = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "v", "items", "b"]), inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a.$", "v.$", "items.$"]), paths | intrinsics, max_size=3)
    ),
    max_leaves=6,
).map(lambda template: template if isinstance(template, dict) else {"of": template})

error_names = st.sampled_from(["States.TaskFailed", "States.Timeout", "States.Runtime", "ValueError", "Own.Error"])
matched_errors = st.just(["States.ALL"]) | st.lists(error_names, min_size=1, max_size=2, unique=True)
variables = st.fixed_dictionaries({}, optional={"x": scalars, "y.$": paths | intrinsics})
retriers = st.fixed_dictionaries(
    {"ErrorEquals": matched_errors},
    optional={
        "IntervalSeconds": st.integers(1, 90),
        "MaxAttempts": st.integers(0, 2),
        "BackoffRate": st.floats(1, 3),
        "MaxDelaySeconds": st.integers(100, 200),
        "JitterStrategy": st.sampled_from(["FULL", "NONE"]),
    },
)

OPERANDS: dict[str, st.SearchStrategy[Any]] = {
    **{f"Is{what}": st.booleans() for what in ("Boolean", "Null", "Numeric", "Present", "String", "Timestamp")},
    "BooleanEquals": st.booleans(),
    "BooleanEqualsPath": reference_paths,
    "StringMatches": st.sampled_from(["*", "a*b", r"a\\*", ""]),
}
for _comparison in ("Equals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals"):
    OPERANDS |= {
        f"Numeric{_comparison}": st.integers(-5, 5) | st.floats(-5, 5),
        f"String{_comparison}": texts,
        f"Timestamp{_comparison}": st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5+01:00"]),
        **{f"{kind}{_comparison}Path": reference_paths for kind in ("Numeric", "String", "Timestamp")},
    }


@st.composite
def _comparisons(draw: st.DrawFn) -> Definition:
    operator = draw(st.sampled_from(sorted(OPERANDS)))
    return {"Variable": draw(reference_paths), operator: draw(OPERANDS[operator])}


rules = st.recursive(
    _comparisons(),
    lambda inner: (
        st.fixed_dictionaries({"Not": inner})
        | st.fixed_dictionaries({"And": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"Or": st.lists(inner, min_size=1, max_size=3)})
    ),
    max_leaves=4,
)

IN_AND_OUT = {"InputPath": paths | st.none(), "OutputPath": paths | st.none(), "Comment": texts}
RESULT = {"ResultPath": reference_paths | st.none(), "Parameters": templates}
RESOURCES = {
    "arn:aws:lambda:us-east-1:123456789012:function:echo": templates,
    "arn:aws:lambda:us-east-1:123456789012:function:fails": templates,
    "arn:aws:states:::lambda:invoke": templates.map(lambda payload: {"FunctionName": "echo", "Payload": payload}),
    "arn:aws:states:::dynamodb:getItem": st.just({"TableName": "t", "Key": {"id": {"S": "1"}}}),
}


@st.composite
def _states(draw: st.DrawFn, kind: str, name: str, later: tuple[str, ...], pauses: list[str], depth: int) -> Definition:
    """One state; ``later`` are those after it, ``pauses`` those before it that let time pass."""
    state: Definition = {"Type": kind, **draw(st.fixed_dictionaries({}, optional=_optional_fields(kind, depth)))}
    state |= draw(_required_fields(kind, name, depth))
    if kind in ("Task", "Map", "Parallel"):
        state |= draw(st.fixed_dictionaries({}, optional={"Retry": st.lists(retriers, max_size=1).map(_all_last)}))
        if later:
            catchers = st.fixed_dictionaries(
                {"ErrorEquals": matched_errors, "Next": st.sampled_from(later)},
                optional={"ResultPath": reference_paths | st.none()},
            )
            state |= draw(st.fixed_dictionaries({}, optional={"Catch": st.lists(catchers, max_size=2).map(_all_last)}))
    if kind == "Choice":
        targets = st.sampled_from([*later, *pauses])
        chosen = draw(st.lists(rules, min_size=1, max_size=3))
        state["Choices"] = [{**rule, "Next": draw(targets)} for rule in chosen]
        state["Default"] = later[0]
    elif kind not in ("Succeed", "Fail"):
        state |= {"Next": later[0]} if later else {"End": True}
    return state


def _optional_fields(kind: str, depth: int) -> dict[str, st.SearchStrategy[Any]]:
    fields: dict[str, st.SearchStrategy[Any]] = {"Comment": texts} if kind == "Fail" else dict(IN_AND_OUT)
    if not depth and kind not in ("Succeed", "Fail"):  # an inner scope may not assign what an outer one has
        fields["Assign"] = variables
    if kind in ("Pass", "Parallel"):
        fields |= RESULT
    if kind == "Pass":
        fields["Result"] = scalars
    if kind in ("Task", "Map", "Parallel"):
        fields |= {"ResultPath": RESULT["ResultPath"], "ResultSelector": templates}
    return fields


def _required_fields(kind: str, name: str, depth: int) -> st.SearchStrategy[Definition]:
    if kind == "Task":
        return st.sampled_from(sorted(RESOURCES)).flatmap(_tasks)
    if kind == "Wait":
        return st.sampled_from(
            [
                {"Seconds": 40},
                {"SecondsPath": "$.a"},
                {"Timestamp": "2024-01-01T00:00:00Z"},
                {"TimestampPath": "$.v"},
            ]
        )
    if kind == "Fail":
        return st.fixed_dictionaries(
            {},
            optional={"Error": st.just("Own.Error"), "CausePath": reference_paths},
        )
    if kind == "Parallel":
        return st.fixed_dictionaries(
            {"Branches": st.integers(1, 3).flatmap(lambda count: _branches(count, name, depth + 1))}
        )
    if kind == "Map":
        return st.fixed_dictionaries(
            {"ItemProcessor": _machines(name, depth + 1)},
            optional={
                "ItemsPath": reference_paths,
                "ItemSelector": templates,
                "MaxConcurrency": st.integers(0, 3),
                "ToleratedFailurePercentage": st.integers(0, 100),
            },
        )
    return st.just({})


def _branches(count: int, name: str, depth: int) -> st.SearchStrategy[list[Definition]]:
    return st.tuples(*(_machines(f"{name}{index}", depth) for index in range(count))).map(list)


def _tasks(resource: str) -> st.SearchStrategy[Definition]:
    no_timeout: st.SearchStrategy[Definition] = st.just({})
    timeouts = no_timeout | st.fixed_dictionaries({"TimeoutSeconds": st.integers(1, 5)})
    by_path = st.fixed_dictionaries({"TimeoutSecondsPath": reference_paths})
    task = st.fixed_dictionaries({"Resource": st.just(resource), "Parameters": RESOURCES[resource]})
    return st.tuples(task, timeouts | by_path).map(lambda parts: {**parts[0], **parts[1]})


def _all_last(handlers: list[Definition]) -> list[Definition]:
    """Put a handler of all errors last, once."""
    named = [handler for handler in handlers if handler["ErrorEquals"] != ["States.ALL"]]
    return named + [handler for handler in handlers if handler["ErrorEquals"] == ["States.ALL"]][:1]


@st.composite
def _machines(draw: st.DrawFn, prefix: str = "", depth: int = 0) -> Definition:
    """A machine, a branch or a processor; the names of its states begin with where it stands, and so are its own."""
    count = draw(st.integers(1, 2 if depth else len(NAMES)))
    names = tuple(f"{prefix}{name}" for name in NAMES[:count])
    kinds = ["Pass", "Task", "Wait", "Pass"] + (["Map", "Parallel"] if depth < MAXIMUM_DEPTH else [])
    states: Definition = {}
    for index, name in enumerate(names):
        later = names[index + 1 :]
        possible = [*kinds, "Choice"] if later else [*kinds, "Succeed", "Fail"]
        kind = draw(st.sampled_from(possible))
        pauses = [before for before in names[:index] if "Seconds" in states[before]]
        states[name] = draw(_states(kind, name, later, pauses, depth))
    machine: Definition = {"StartAt": names[0], "States": states}
    if not depth:
        machine |= draw(st.fixed_dictionaries({}, optional={"TimeoutSeconds": st.integers(1, 99)}))
    return machine


well_formed_definitions = _machines()

junk = documents | paths | intrinsics | st.sampled_from(["$.", "$[", "States.Format('", "States.No()", "{% $x %}"])


@st.composite
def _broken(draw: st.DrawFn) -> Any:
    """A definition in which some members were replaced, added or taken away, at any depth."""
    definition = deepcopy(draw(well_formed_definitions))  # parts of it belong to the strategies
    for _ in range(draw(st.integers(1, 3))):
        place, key = draw(st.sampled_from(list(_places(definition))))
        what = draw(st.sampled_from(["replace", "remove", "add"]))
        if what == "remove":
            del place[key]
        elif what == "replace" or isinstance(place, list):
            place[key] = draw(junk)
        else:
            place[
                draw(st.sampled_from(["Next", "End", "Type", "Resource", "Output", "Retry", "TimeoutSeconds", "a.$"]))
            ] = draw(junk)
        if not definition:
            break
    return definition


def _places(document: Any) -> Any:
    """Every member and item of a document, as the container and the key in it."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield document, key
            yield from _places(value)
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield document, index
            yield from _places(value)


broken_definitions = _broken()
