"""The graph of a definition: missing targets, ends, what is not reachable; AWS's words, places and order (measured)."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.validation import transitions
from tests.asl.diagnosing import PASS, SUCCEED, choice, diagnose, faults, machine, mapping, only, parallel

NO_END = "MISSING_END_STATE: Workflow has no terminal state at null"
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
TASK: JSON = {"Type": "Task", "Resource": LAMBDA, "End": True}
REQUIRED = "These fields are required: [{}] at {}"
NEXT_OR_END = "This object should have only one of the following fields: [Next, End] at {}"


def missing(target: str, location: str) -> str:
    return f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {location}"


def unreachable(name: str, location: str) -> str:
    return f'MISSING_TRANSITION_TARGET: State "{name}" is not reachable. at {location}'


def duplicate(name: str, location: str) -> str:
    return f"DUPLICATE_STATE_NAME: Duplicate State name: {name} at {location}"


def to(target: JSON) -> JSON:
    return {"Type": "Pass", "Next": target}


def catching(target: JSON) -> JSON:
    return {**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": target}]}


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(machine({"A": to("X"), "B": PASS}), [("X", "/States/A/Next")], id="Next"),
        pytest.param(machine({"A": PASS}, start_at="X"), [("X", "/StartAt")], id="StartAt is called Next too"),
        pytest.param(
            machine({"A": choice("B", default="X"), "B": PASS}), [("X", "/States/A/Default")], id="Default, too"
        ),
        pytest.param(
            machine({"A": choice("B", "X"), "B": PASS}), [("X", "/States/A/Choices[1]/Next")], id="a rule's Next"
        ),
        pytest.param(machine({"A": catching("X")}), [("X", "/States/A/Catch[0]/Next")], id="a catcher's Next"),
        pytest.param(
            machine({"M": mapping({"I": PASS}, ItemProcessor=machine({"I": PASS}, start_at="X"), End=True)}),
            [("X", "/States/M/ItemProcessor/StartAt")],
            id="StartAt of a processor",
        ),
        pytest.param(
            machine({"M": {"Type": "Map", "Iterator": machine({"I": to("X"), "J": PASS}), "End": True}}),
            [("X", "/States/M/Iterator/States/I/Next")],
            id="Next in an Iterator",
        ),
        pytest.param(
            machine({"P": parallel({"B": PASS}, {"C": to("X"), "D": PASS}, End=True)}),
            [("X", "/States/P/Branches[1]/States/C/Next")],
            id="Next in a branch",
        ),
        pytest.param(
            machine({"P": parallel({"M": mapping({"I": to("X"), "J": PASS}, End=True)}, End=True)}),
            [("X", "/States/P/Branches[0]/States/M/ItemProcessor/States/I/Next")],
            id="two levels down",
        ),
        pytest.param(machine({"a/b": to("x y"), "B": PASS}), [("x y", "/States/a/b/Next")], id="a slash in a name"),
        pytest.param(machine({"größe": to("日本"), "B": PASS}), [("日本", "/States/größe/Next")], id="other alphabets"),
        pytest.param(machine({"A": to(""), "B": PASS}), [("", "/States/A/Next")], id="an empty name"),
        pytest.param(
            machine({"A": choice("X", "B", "Y", default="Z"), "B": PASS}),
            [("Z", "/States/A/Default"), ("X", "/States/A/Choices[0]/Next"), ("Y", "/States/A/Choices[2]/Next")],
            id="several of one state",
        ),
    ],
)
def test_missing_targets(definition: JSON, expected: list[tuple[str, str]]) -> None:
    found = [fault for fault in faults(definition) if "Missing 'Next'" in fault]
    assert found == [missing(target, location) for target, location in expected]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(machine({"A": to("Secnd"), "Second": PASS}), "Did you mean 'Second'?", id="a slip of the pen"),
        pytest.param(machine({"A": to("second"), "Second": PASS}), "Did you mean 'Second'?", id="in lower case"),
        pytest.param(machine({"A": to("Elsewhere"), "B": PASS}), None, id="like none"),
        pytest.param(
            machine({"A": to("B"), "P": parallel({"B": PASS}, End=True)}),
            "'B' is a state of /States/P/Branches[0]; a transition leads to states of its own States only.",
            id="a state of a branch",
        ),
        pytest.param(
            machine({"A": to("P"), "P": parallel({"B": to("A"), "C": PASS}, End=True)}),
            "'A' is a state of the machine itself; a transition leads to states of its own States only.",
            id="from a branch to the machine",
        ),
        pytest.param(
            machine({"P": parallel({"B": to("C"), "D": PASS}, {"C": PASS}, End=True)}),
            "'C' is a state of /States/P/Branches[1]; a transition leads to states of its own States only.",
            id="from a branch to its sibling",
        ),
        pytest.param(
            machine({"M": mapping({"B": to("M"), "C": PASS}, End=True)}),
            "'M' is a state of the machine itself; a transition leads to states of its own States only.",
            id="from an iteration back to its Map",
        ),
    ],
)
def test_hints_at_what_was_meant(definition: JSON, expected: str | None) -> None:
    found = [diagnostic for diagnostic in diagnose(definition) if "Missing 'Next'" in diagnostic.message]
    assert [diagnostic.hint for diagnostic in found] == [expected]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(machine({"A": PASS, "B": PASS}), [unreachable("B", "/States/B")], id="an orphan"),
        pytest.param(
            machine({"A": PASS, "B": to("C"), "C": PASS}),
            [unreachable("B", "/States/B")],
            id="its chain is not reported",
        ),
        pytest.param(machine({"A": PASS, "B": to("C"), "C": to("B")}), [], id="a loop of orphans names itself"),
        pytest.param(
            machine({"A": PASS, "a/b": PASS}), [unreachable("a/b", "/States/a/b")], id="a slash is not escaped"
        ),
        pytest.param(
            machine({"P": parallel({"B": PASS, "Ghost": PASS}, End=True)}),
            [unreachable("Ghost", "/States/P/Branches[0]/States/Ghost")],
            id="in a branch",
        ),
        pytest.param(
            machine({"M": mapping({"B": PASS, "Ghost": PASS}, End=True)}),
            [unreachable("Ghost", "/States/M/ItemProcessor/States/Ghost")],
            id="in a processor",
        ),
        pytest.param(
            machine({"A": choice("B", default="C"), "B": PASS, "C": PASS}), [], id="reached by a rule and by default"
        ),
        pytest.param(machine({"A": catching("B"), "B": PASS}), [], id="reached by a catcher"),
        pytest.param(machine({"B": PASS, "A": to("B")}, start_at="A"), [], id="the start is anywhere"),
        pytest.param(
            machine({"A": to("X"), "B": PASS, "C": PASS}),
            [missing("X", "/States/A/Next"), unreachable("B", "/States/B"), unreachable("C", "/States/C")],
            id="after the missing targets",
        ),
        pytest.param(
            machine({"P": parallel({"B": PASS, "G": PASS}, {"C": to("X"), "H": PASS}, End=True), "Z": PASS}),
            [
                missing("X", "/States/P/Branches[1]/States/C/Next"),
                unreachable("Z", "/States/Z"),
                unreachable("G", "/States/P/Branches[0]/States/G"),
                unreachable("H", "/States/P/Branches[1]/States/H"),
            ],
            id="all missing targets before all orphans, outer ones first",
        ),
    ],
)
def test_unreachable_states(definition: JSON, expected: list[str]) -> None:
    assert faults(definition) == expected


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(machine({"A": to("A")}), [NO_END], id="a loop"),
        pytest.param(machine({"A": to("B"), "B": to("A"), "C": to("A")}), [NO_END], id="which hides the unreachable"),
        pytest.param(
            machine({"A": to("X"), "C": to("A")}),
            [missing("X", "/States/A/Next"), NO_END],
            id="but not missing targets, which come first",
        ),
        pytest.param(machine({"A": to("A"), "B": SUCCEED}), [unreachable("B", "/States/B")], id="an end not reached"),
        pytest.param(machine({"A": {"Type": "Fail"}}), [], id="a Fail is an end"),
        pytest.param(
            machine({"P": parallel({"B": PASS}, Next="P")}), [], id="an end inside counts, though nothing ends outside"
        ),
        pytest.param(machine({"M": mapping({"B": to("C"), "C": to("B")}, End=True)}), [], id="a loop inside is fine"),
        pytest.param(machine({"M": mapping({"B": to("B")}, Next="M")}), [NO_END], id="neither inside nor outside"),
        pytest.param(
            only("Pass", End=False),
            ["Value should be one of the following: [true] at /States/S/End", NO_END],
            id="End: false is none",
        ),
        pytest.param(
            only("Pass", End="true"), ["Expected value of type Boolean at /States/S/End", NO_END], id="nor is a text"
        ),
        pytest.param(
            machine({"S": {"Type": "Pass"}}), [NEXT_OR_END.format("/States/S"), NO_END], id="neither Next nor End"
        ),
        pytest.param(
            machine({"S": {"End": True}}),
            ["The field 'Type' is required at /States/S", NO_END],
            id="End without a Type",
        ),
        pytest.param(
            machine({"A": 1}), ["Expected value of type Object at /States/A", NO_END], id="a state that is none"
        ),
        pytest.param(machine({"A": choice("A", default="A")}), [NO_END], id="a Choice that leads to itself alone"),
        pytest.param(
            machine({}, start_at="First"),
            ["Value cannot be empty at /States", missing("First", "/StartAt"), NO_END],
            id="no states at all (measured)",
        ),
    ],
)
def test_the_end_of_a_machine(definition: JSON, expected: list[str]) -> None:
    assert faults(definition) == expected


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            machine({"A": PASS}, start_at=1), ["Expected value of type String at /StartAt"], id="StartAt is a number"
        ),
        pytest.param(
            machine({"A": PASS}, start_at=["A"]),
            ["Expected value of type String at /StartAt"],
            id="StartAt is an array",
        ),
        pytest.param({"States": {"A": PASS, "B": PASS}}, [REQUIRED.format("StartAt", "/")], id="StartAt is missing"),
        pytest.param(
            {"States": {"A": {"Type": "Pass", "Nap": 1, "End": True}}},
            [REQUIRED.format("StartAt", "/"), "Field 'Nap' is not supported at /States/A"],
            id="which hides no fault of the states",
        ),
        pytest.param(
            {"StartAt": None, "States": {"A": PASS}}, ["Expected value of type String at /StartAt"], id="null"
        ),
        pytest.param(
            machine({"P": {"Type": "Parallel", "Branches": [{"States": {"B": PASS}}], "End": True}}),
            [REQUIRED.format("StartAt", "/States/P/Branches[0]")],
            id="missing in a branch",
        ),
        pytest.param(
            machine({"M": {"Type": "Map", "ItemProcessor": {}, "End": True}}),
            [REQUIRED.format("States, StartAt", "/States/M/ItemProcessor")],
            id="an empty processor",
        ),
        pytest.param({"StartAt": "A", "States": [PASS]}, ["Expected value of type Object at /States"], id="a list"),
        pytest.param(machine({"A": to(1)}), ["Expected value of type String at /States/A/Next", NO_END], id="Next: 1"),
        pytest.param(
            machine({"A": choice("B", Default=1), "B": PASS}),
            ["Expected value of type String at /States/A/Default"],
            id="Default is a number",
        ),
        pytest.param(
            machine({"A": to("A"), "B": {"Type": "Pass", "Next": "A", "End": True}}),
            [
                "There should only be one of the following fields: [Next, End] at /States/B",
                unreachable("B", "/States/B"),
            ],
            id="both Next and End",
        ),
    ],
)
def test_what_the_graph_is_made_of(definition: JSON, expected: list[str]) -> None:
    assert faults(definition) == expected


def test_a_field_of_the_machine_among_its_states_is_told_where_it_belongs() -> None:
    found = diagnose({"States": {"A": PASS, "StartAt": "A"}})
    assert [(str(diagnostic), diagnostic.hint) for diagnostic in found] == [
        (f"SCHEMA_VALIDATION_FAILED: {REQUIRED.format('StartAt', '/')}", None),
        (
            "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/StartAt",
            "'StartAt' stands inside States; it is a field of the machine and belongs beside StartAt.",
        ),
    ]


def test_the_schema_is_told_before_the_graph_that_of_the_machine_too() -> None:
    definition = machine({"A": to("X"), "B": {**PASS, "Nap": 1}}, TimeoutSeconds="long", Version=1, Comment=2)
    assert faults(definition) == [
        "Field 'Nap' is not supported at /States/B",
        "Expected value of type Integer at /TimeoutSeconds",
        "Expected value of type String at /Comment",
        "Expected value of type [STRING] at /Version",
        missing("X", "/States/A/Next"),
        unreachable("B", "/States/B"),
    ]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            machine({"P": parallel({"B": PASS}, {"B": PASS}, End=True)}),
            [("B", "/States/P/Branches[1]/States/B", "/States/P/Branches[0]/States/B")],
            id="in two branches",
        ),
        pytest.param(
            machine({"P": parallel({"P": PASS}, End=True)}),
            [("P", "/States/P/Branches[0]/States/P", "/States/P")],
            id="of a Parallel and inside it",
        ),
        pytest.param(
            machine({"M": mapping({"I": PASS}, Next="N"), "N": mapping({"I": PASS}, End=True)}),
            [("I", "/States/N/ItemProcessor/States/I", "/States/M/ItemProcessor/States/I")],
            id="in two Maps",
        ),
        pytest.param(
            machine({"M": mapping({"I": PASS}, Next="I"), "I": PASS}),
            [("I", "/States/I", "/States/M/ItemProcessor/States/I")],
            id="the one that is read later",
        ),
        pytest.param(
            machine({"P": parallel({"B": PASS}, {"B": PASS}, {"B": PASS}, End=True)}),
            [
                ("B", "/States/P/Branches[1]/States/B", "/States/P/Branches[0]/States/B"),
                ("B", "/States/P/Branches[2]/States/B", "/States/P/Branches[0]/States/B"),
            ],
            id="three times: each but the first",
        ),
        pytest.param(
            machine({"a/b": parallel({"a/b": PASS}, End=True)}),
            [("a/b", "/States/a/b/Branches[0]/States/a/b", "/States/a/b")],
            id="with a slash",
        ),
        pytest.param(
            machine({"日本": parallel({"日本": PASS}, End=True)}),
            [("日本", "/States/日本/Branches[0]/States/日本", "/States/日本")],
            id="in another alphabet",
        ),
        pytest.param(machine({"P": parallel({"p": PASS}, End=True)}), [], id="case tells them apart"),
    ],
)
def test_names_stand_once_in_a_whole_machine(definition: JSON, expected: list[tuple[str, str, str]]) -> None:
    found = [(str(diagnostic), diagnostic.hint) for diagnostic in diagnose(definition)]
    assert found == [
        (duplicate(name, location), f"The other one is at {first}; a name stands once in a whole machine.")
        for name, location, first in expected
    ]


@pytest.mark.parametrize(
    ("name", "is_accepted"),
    [
        pytest.param("n" * 80, True, id="80 characters"),
        pytest.param("n" * 81, False, id="81 characters"),
        pytest.param("😀" * 80, True, id="80 characters of the upper planes"),
    ],
)
def test_names_have_80_characters(name: str, is_accepted: bool) -> None:
    limit = "exceeds the 80-character limit allowed by the service"
    message = f"INVALID_STATE_NAME: Invalid State name: State '{name}' {limit} at /States/{name}"
    assert faults(machine({name: PASS})) == ([] if is_accepted else [message])


def nested(levels: int) -> JSON:
    inner: JSON = {"S": PASS}
    for level in range(levels):
        inner = {f"P{level}": parallel(inner, End=True)}
    return machine(inner)


def test_how_deep_states_may_be_nested() -> None:
    assert faults(nested(50)) == []
    (fault,) = faults(nested(51))
    assert fault.startswith("TOO_DEEPLY_NESTED: States are nested more than 50 levels deep at /States/P50/Branches[0]/")


def test_near_names_are_searched_for_a_few_missing_targets_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a thousand of them the search took a quarter of a minute."""
    searched: list[str] = []

    def did_you_mean(name: str, known: Iterable[str]) -> str:
        searched.append(name)
        return "Did you mean it?"

    monkeypatch.setattr(transitions, "did_you_mean", did_you_mean)
    states = {f"Step{index}": to(f"Stepp{index // 2}") for index in range(300)}
    found = [diagnostic for diagnostic in diagnose(machine(states)) if "Missing" in diagnostic.message]
    assert [diagnostic.hint for diagnostic in found] == ["Did you mean it?"] * 40 + [None] * 260
    assert len(searched) == 20
