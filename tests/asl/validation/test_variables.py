"""Variables of nested scopes: which names an inner Assign may not give, and which names no variable may have.

Measured: refused is a name that any transition on the way into the Map or Parallel assigns; what the outer scope
assigns only afterwards is free inside. The locations and the words for bad names are assumptions.
"""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.diagnosing import PASS, choice, diagnose, faults, machine, mapping, only, parallel

TASK: JSON = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"}
INNER = "/States/M/ItemProcessor/States/I/Assign"


def shadowing(name: str, location: str) -> str:
    return f"DUPLICATE_VARIABLE_NAME: The variable name '{name}' was already defined in a parent scope. at {location}"


def assigns(*names: str, **fields: JSON) -> JSON:
    return {"Type": "Pass", "Assign": dict.fromkeys(names, 1), **({} if "Next" in fields else {"End": True}), **fields}


def over(*names: str, **fields: JSON) -> JSON:
    """A Map whose iterations assign the names."""
    return mapping({"I": assigns(*names)}, **({} if "Next" in fields else {"End": True}), **fields)


def rule(target: str, **fields: JSON) -> JSON:
    return {"Variable": "$.x", "IsPresent": True, "Next": target, **fields}


def catcher(target: str, **fields: JSON) -> JSON:
    return {"ErrorEquals": ["States.ALL"], "Next": target, **fields}


X: JSON = {"x": 1}


def invalid(name: str) -> str:
    return f"Invalid variable name '{name}': the variable name contains invalid characters."


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(machine({"A": assigns("x", Next="M"), "M": over("x")}), id="by the state before"),
        pytest.param(
            machine({"A": assigns("x", Next="B"), "B": {"Type": "Pass", "Next": "M"}, "M": over("x")}),
            id="by a state long before",
        ),
        pytest.param(
            machine({"A": {"Type": "Pass", "Assign": {"x.$": "$"}, "Next": "M"}, "M": over("x")}), id="by a path"
        ),
        pytest.param(
            machine({"C": {"Type": "Choice", "Choices": [rule("M", Assign=X)], "Default": "M"}, "M": over("x")}),
            id="by a rule, though not by default",
        ),
        pytest.param(
            machine({"C": choice("Z", default="M", Assign=X), "M": over("x"), "Z": PASS}),
            id="by a Choice that defaults",
        ),
        pytest.param(
            machine({"T": {**TASK, "Next": "Z", "Catch": [catcher("M", Assign=X)]}, "M": over("x"), "Z": PASS}),
            id="by a catcher",
        ),
        pytest.param(
            machine({"M": over("x", Next="C", Assign=X), "C": choice("M", default="Z"), "Z": PASS}),
            id="by the Map itself, in a loop",
        ),
        pytest.param(
            machine({"M": over("x", Catch=[catcher("M", Assign=X)])}), id="by the Map's own catcher, which leads back"
        ),
        pytest.param(
            machine({"M": over("x", Next="B"), "B": assigns("x", Next="C"), "C": choice("M", default="Z"), "Z": PASS}),
            id="by a state after it, in a loop",
        ),
        pytest.param(
            machine({"C": choice("A", default="M"), "A": assigns("x", Next="M"), "M": over("x")}),
            id="on one of two ways",
        ),
        pytest.param(
            machine({"M": over("x"), "A": assigns("x", Next="M")}, start_at="A"), id="whichever is written first"
        ),
        pytest.param(
            machine({"A": {"Type": "Wait", "Seconds": 1, "Assign": X, "Next": "M"}, "M": over("x")}), id="by a Wait"
        ),
    ],
)
def test_a_name_that_is_assigned_on_the_way_in_is_refused(definition: JSON) -> None:
    assert faults(definition) == [shadowing("x", INNER)]


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(machine({"M": over("x", Assign=X)}), id="by the Map's own Assign"),
        pytest.param(machine({"M": over("x", Catch=[catcher("Z", Assign=X)]), "Z": PASS}), id="by the Map's catcher"),
        pytest.param(machine({"M": over("x", Next="A"), "A": assigns("x")}), id="by a state after it"),
        pytest.param(
            machine({"C": choice("A", default="M"), "A": assigns("x"), "M": over("x")}), id="on another way only"
        ),
        pytest.param(
            machine({"C": choice("M", default="Z", Assign=X), "M": over("x"), "Z": PASS}),
            id="by a Choice's own Assign, where a rule leads in",
        ),
        pytest.param(
            machine(
                {
                    "C": {"Type": "Choice", "Choices": [rule("Z", Assign=X)], "Default": "M"},
                    "M": over("x"),
                    "Z": PASS,
                }
            ),
            id="by a rule that leads elsewhere",
        ),
        pytest.param(
            machine(
                {
                    "T": {**TASK, "Next": "M", "Catch": [catcher("Z", Assign=X)]},
                    "M": over("x"),
                    "Z": PASS,
                }
            ),
            id="by a catcher that leads elsewhere",
        ),
        pytest.param(
            machine({"P": parallel({"A": assigns("x")}, {"B": assigns("x")}, End=True)}), id="in two sibling branches"
        ),
        pytest.param(
            machine({"M": over("x", Next="N"), "N": mapping({"J": assigns("x")}, End=True)}), id="in two Maps in a row"
        ),
        pytest.param(
            machine({"A": assigns("x", Next="B"), "B": assigns("x")}), id="twice in one scope, which is no shadow"
        ),
        pytest.param(machine({"A": assigns("X", Next="M"), "M": over("x")}), id="in another case"),
        pytest.param(
            machine({"M": mapping({"I": assigns("x", Next="N"), "N": mapping({"J": PASS}, End=True)}, End=True)}),
            id="inside, where only the outermost could shadow",
        ),
    ],
)
def test_other_names_are_free(definition: JSON) -> None:
    assert faults(definition) == []


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            machine(
                {
                    "A": assigns("x", Next="P"),
                    "P": parallel({"M": mapping({"I": assigns("x", "y")}, End=True)}, End=True),
                }
            ),
            [shadowing("x", "/States/P/Branches[0]/States/M/ItemProcessor/States/I/Assign")],
            id="two scopes down",
        ),
        pytest.param(
            machine({"P": parallel({"A": assigns("x", Next="M"), "M": over("x")}, End=True)}),
            [shadowing("x", "/States/P/Branches[0]/States/M/ItemProcessor/States/I/Assign")],
            id="between two inner scopes",
        ),
        pytest.param(
            machine(
                {
                    "A": assigns("x", "y", Next="P"),
                    "P": parallel({"B": assigns("y", "z", "x")}, {"C": assigns("x")}, End=True),
                }
            ),
            [
                shadowing("y", "/States/P/Branches[0]/States/B/Assign"),
                shadowing("x", "/States/P/Branches[0]/States/B/Assign"),
                shadowing("x", "/States/P/Branches[1]/States/C/Assign"),
            ],
            id="several, as they are written",
        ),
        pytest.param(
            machine(
                {
                    "A": assigns("x", Next="P"),
                    "P": parallel(
                        {
                            "C": {"Type": "Choice", "Choices": [rule("T", Assign=X)], "Default": "T", "Assign": X},
                            "T": {**TASK, "End": True, "Catch": [catcher("Z", Assign=X)]},
                            "Z": PASS,
                        },
                        End=True,
                    ),
                }
            ),
            [
                shadowing("x", "/States/P/Branches[0]/States/C/Assign"),
                shadowing("x", "/States/P/Branches[0]/States/C/Choices[0]/Assign"),
                shadowing("x", "/States/P/Branches[0]/States/T/Catch[0]/Assign"),
            ],
            id="by a Choice, a rule and a catcher inside",
        ),
        pytest.param(
            machine(
                {
                    "A": assigns("x", Next="M"),
                    "M": {"Type": "Map", "Iterator": machine({"I": assigns("x")}), "End": True},
                    "Ghost": PASS,
                }
            ),
            [
                'MISSING_TRANSITION_TARGET: State "Ghost" is not reachable. at /States/Ghost',
                shadowing("x", "/States/M/Iterator/States/I/Assign"),
            ],
            id="in an Iterator, after the faults of the graph",
        ),
        pytest.param(
            machine({"A": assigns("größe", Next="M"), "M": over("größe")}),
            [shadowing("größe", INNER)],
            id="by any name",
        ),
    ],
)
def test_where_and_in_which_order_they_are_told(definition: JSON, expected: list[str]) -> None:
    assert faults(definition) == expected


def test_the_very_key_is_told_beside_the_location() -> None:
    inner = mapping({"I": {"Type": "Pass", "Assign": {"y": 1, "x.$": "$"}, "End": True}}, End=True)
    (found,) = diagnose(machine({"A": assigns("x", Next="M"), "M": inner}))
    assert (found.location, found.place) == (INNER, f"{INNER}/x.$")


def test_jsonata_is_held_to_the_same_rule() -> None:
    definition = machine({"A": assigns("x", Next="M"), "M": over("x")}, QueryLanguage="JSONata")
    assert faults(definition) == [shadowing("x", INNER)]


# Names


@pytest.mark.parametrize("name", ["a", "aB9", "a_b", "größe", "日本", "n" * 80, "States", "class", "ⅷ"])
def test_names_that_variables_may_have(name: str) -> None:
    assert faults(only("Pass", Assign={name: 1})) == []
    assert faults(only("Pass", Assign={f"{name}.$": "$"})) == []


@pytest.mark.parametrize(
    "name",
    ["", "_a", "1a", "a.b", "a-b", "a b", "$a", "a[0]", "😀"],
    ids=repr,
)
def test_names_that_no_variable_may_have(name: str) -> None:
    for key, value in ((name, 1), (f"{name}.$", "$")):
        (found,) = diagnose(only("Pass", Assign={"fine": 1, key: value}))
        assert (found.code, found.message) == ("INVALID_VARIABLE_NAME", invalid(name))
        assert (found.location, found.place) == ("/States/S/Assign", f"/States/S/Assign/{key}")


def test_in_jsonata_a_key_is_a_name_to_its_end() -> None:
    definition = only("Pass", Assign={"x.$": 1}, QueryLanguage="JSONata")
    assert faults(definition) == [f"INVALID_VARIABLE_NAME: {invalid('x.$')} at /States/S/Assign"]


@pytest.mark.parametrize("key", ["states", "states.$"])
def test_one_name_is_reserved(key: str) -> None:
    found = next(one for one in diagnose(only("Pass", Assign={key: "$"})) if one.is_error)
    assert (found.code, found.message) == ("RESERVED_VARIABLE_NAME", "Cannot assign to reserved variable '$states'.")


def test_a_name_has_80_characters_at_most() -> None:
    assert diagnose(only("Pass", Assign={"n" * 80: 1})) == []
    (found,) = diagnose(only("Pass", Assign={"n" * 81: 1}))
    limit = "the variable name exceeds the 80-character limit allowed by the service."
    assert (found.code, found.message) == ("INVALID_VARIABLE_NAME", f"Invalid variable name '{'n' * 81}': {limit}")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            only("Pass", Assign=[1]), "Expected value of type Object at /States/S/Assign", id="an array for Assign"
        ),
        pytest.param(only("Succeed", Assign=X), "Field 'Assign' is not supported at /States/S", id="Succeed has none"),
        pytest.param(only("Fail", Assign=X), "Field 'Assign' is not supported at /States/S", id="nor has Fail"),
        pytest.param(
            only("Pass", Assign={"x": 1, "x.$": "$"}),
            "The field 'x' is defined twice: as 'x' and as 'x.$' at /States/S/Assign",
            id="one name twice",
        ),
        pytest.param(
            machine({"C": {"Type": "Choice", "Choices": [rule("Z", Assign={"_x": 1})]}, "Z": PASS}),
            f"INVALID_VARIABLE_NAME: {invalid('_x')} at /States/C/Choices[0]/Assign",
            id="a bad name in a rule",
        ),
        pytest.param(
            machine({"T": {**TASK, "Next": "Z", "Catch": [catcher("Z", Assign={"_x": 1})]}, "Z": PASS}),
            f"INVALID_VARIABLE_NAME: {invalid('_x')} at /States/T/Catch[0]/Assign",
            id="a bad name in a catcher",
        ),
    ],
)
def test_what_assign_may_be(definition: JSON, expected: str) -> None:
    assert faults(definition) == [expected]


# Cost


def test_names_are_handed_on_in_few_rounds() -> None:
    """A chain that is written backwards, with a loop over all of it: still every name reaches every Map."""
    count = 60
    states: JSON = {}
    for index in reversed(range(count)):
        states[f"A{index}"] = assigns(f"v{index}", Next=f"M{index}")
        states[f"M{index}"] = mapping({f"I{index}": assigns(f"v{count - 1 - index}")}, Next=f"C{index}")
        states[f"C{index}"] = choice("A0", default=f"A{index + 1}" if index + 1 < count else "Z")
    states["Z"] = PASS
    found = faults(machine(states, start_at="A0"))
    assert len(found) == count
