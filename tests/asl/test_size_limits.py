"""What enters a state is measured, and so are all variables of an execution together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.size_bounds import SizeBound, size_bound
from tests.asl.machines import ECHO, run, start_at

TOO_MUCH = "provided parameters with a size exceeding the maximum number of bytes service limit."
TWICE: JSON = {"a.$": "$.s", "b.$": "$.s"}
WHOLE = {"a.$": "$", "b.$": "$"}


Running = Callable[[JSON, JSON], Run]


def branch(name: str) -> JSON:
    return start_at((name, {"Type": "Pass"}))


def with_text(definition: JSON, document: JSON) -> Run:
    """Run a machine as it is run from the text of an input, whose size is known beforehand."""
    return run(definition, document, input_text=compact(document))


STATES: dict[str, JSON] = {
    "Pass": {"Type": "Pass", "Parameters": TWICE},
    "Pass with a ResultPath": {"Type": "Pass", "Parameters": TWICE, "ResultPath": "$.r"},
    "Pass that keeps nothing": {"Type": "Pass", "Parameters": TWICE, "ResultPath": None},
    "Task": {"Type": "Task", "Resource": ECHO, "Parameters": TWICE, "ResultPath": None},
    "Parallel": {"Type": "Parallel", "Parameters": TWICE, "Branches": [branch("B")], "ResultPath": None},
    "Map": {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemSelector": TWICE,
        "ItemProcessor": branch("I"),
        "ResultPath": None,
    },
    "Map by its old fields": {
        "Type": "Map",
        "ItemsPath": "$.items",
        "Parameters": TWICE,
        "Iterator": branch("I"),
        "ResultPath": None,
    },
}


@pytest.mark.parametrize("runs", [run, with_text], ids=["size not known beforehand", "size known beforehand"])
@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_parameters_past_the_payload_limit_fail_every_type_of_state(state: JSON, runs: Running) -> None:
    caught = {} if state["Type"] == "Pass" else {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]}
    definition = start_at(("S", {**state, **caught}), ("Caught", {"Type": "Succeed"}))
    finished = runs(definition, {"s": "x" * 131_100, "items": [1]})
    assert (finished.status, finished.error, finished.cause) == (
        "FAILED",
        "States.DataLimitExceeded",
        f"The state/task 'S' {TOO_MUCH}",
    )


@pytest.mark.parametrize("runs", [run, with_text], ids=["size not known beforehand", "size known beforehand"])
@pytest.mark.parametrize(
    ("length", "status"),
    [
        pytest.param((PAYLOAD_BYTES - 15) // 2, "SUCCEEDED", id="to the last byte"),
        pytest.param((PAYLOAD_BYTES - 15) // 2 + 1, "FAILED", id="and two more"),
    ],
)
def test_parameters_are_measured_exactly(length: int, status: str, runs: Running) -> None:
    # {"a":"...","b":"..."} has 15 bytes besides the texts.
    task = {"Type": "Task", "Resource": ECHO, "Parameters": TWICE, "ResultPath": None}
    assert runs(start_at(("T", task)), {"s": "x" * length}).status == status


def test_characters_of_several_bytes_count_as_such() -> None:
    task = {"Type": "Task", "Resource": ECHO, "Parameters": TWICE, "ResultPath": None}
    assert with_text(start_at(("T", task)), {"s": "é" * 60_000}).status == "SUCCEEDED"
    assert with_text(start_at(("T", task)), {"s": "é" * 66_000}).status == "FAILED"


def test_numbers_that_are_longer_than_they_were_written() -> None:
    text = "[" + ",".join(["1e6"] * 14_000) + "]"  # 1000000.0 is three times as long
    passing = ("P", {"Type": "Pass", "Parameters": WHOLE})
    assert run(start_at(passing), [1e6] * 14_000, input_text=text).error == "States.DataLimitExceeded"


def test_a_document_that_doubles_from_state_to_state() -> None:
    states = [(f"P{n}", {"Type": "Pass", "Parameters": WHOLE}) for n in range(12)]
    finished = with_text(start_at(*states), "x" * 100)
    # 115 bytes more than twice the text each time: the twelfth would have more than 262,144.
    assert finished.cause == f"The state/task 'P11' {TOO_MUCH}"


def test_what_an_input_path_reads_from_elsewhere_is_measured() -> None:
    keep = {"Type": "Pass", "Assign": {"kept.$": "$.s"}}
    double = {"Type": "Pass", "InputPath": "$kept", "Parameters": WHOLE, "ResultPath": None}
    finished = with_text(start_at(("Keep", keep), ("Double", double)), {"s": "x" * 200_000})
    assert finished.cause == f"The state/task 'Double' {TOO_MUCH}"


@pytest.mark.parametrize(
    ("template", "bound"),
    [
        pytest.param({"a": 1}, SizeBound(literal_bytes=7, parts=0), id="literals alone"),
        pytest.param({"a.$": "$.b"}, SizeBound(literal_bytes=13, parts=1), id="a part"),
        pytest.param([{"a.$": "$"}, {"b": {"c.$": "$.x[0]"}}], SizeBound(literal_bytes=36, parts=2), id="nested"),
        pytest.param({"a.$": "$$.Map.Item.Value"}, SizeBound(literal_bytes=27, parts=1), id="the item of a Map"),
        pytest.param({"a.$": "$$.Execution.Input"}, None, id="another part of the context object"),
        pytest.param({"a.$": "$kept"}, None, id="a variable"),
        pytest.param({"a.$": "States.UUID()"}, None, id="a function"),
        pytest.param({"a.$": "$..b"}, None, id="a path that leads to many places"),
        pytest.param({"a.$": "$.["}, None, id="no path"),
        pytest.param({"a.$": 1}, None, id="no text"),
    ],
)
def test_a_bound_of_the_size_is_told_from_the_template(template: JSON, bound: SizeBound | None) -> None:
    assert size_bound(template) == bound


def test_a_small_input_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(value: JSON) -> int:
        raise AssertionError(f"measured: {value}")

    monkeypatch.setattr("pytest_sfn_sync.asl.json_text.document_sizes.utf8_size", refuse)
    iteration = start_at(("I", {"Type": "Pass", "Parameters": {"v.$": "$.v"}}))
    each = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": iteration, "ResultPath": None}
    finished = with_text(start_at(("P", {"Type": "Pass"}), ("M", each)), {"items": [{"v": 1}, {"v": 2}]})
    assert finished.status == "SUCCEEDED"


def assigning(count: int) -> list[tuple[str, JSON]]:
    return [(f"A{n}", {"Type": "Pass", "Assign": {f"v{n}.$": "$.s"}}) for n in range(count)]


def test_all_variables_have_ten_mebibytes() -> None:
    document = {"s": "x" * (PAYLOAD_BYTES - 100)}  # forty times 256 KiB are ten MiB
    assert run(start_at(*assigning(40)), document).status == "SUCCEEDED"
    finished = run(start_at(*assigning(41)), document)
    assert (finished.error, finished.cause) == (
        "States.DataLimitExceeded",
        "The state/task 'A40' returned a result with a size exceeding the maximum number of bytes service limit.",
    )


def test_a_variable_that_is_written_over_counts_once() -> None:
    states = [(f"A{n}", {"Type": "Pass", "Assign": {"v.$": "$.s", f"w{n % 3}.$": "$.n"}}) for n in range(60)]
    assert run(start_at(*states), {"s": "x" * 250_000, "n": 1}).status == "SUCCEEDED"


def test_variables_of_iterations_that_have_ended_do_not_count() -> None:
    keep = start_at(("K", {"Type": "Pass", "Assign": {"v.$": "$"}, "Result": 1}))
    each = {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "ItemProcessor": keep}
    document = {"s": "x" * 200_000, "items": ["y" * 1_000] * 60}
    states: list[tuple[str, JSON]] = [(f"A{n}", {"Type": "Pass", "Assign": {f"v{n}.$": "$.s"}}) for n in range(52)]
    assert run(start_at(*states, ("M", each)), document).status == "SUCCEEDED"


def test_variables_of_iterations_that_run_count_with_those_around_them() -> None:
    wait = ("W", {"Type": "Wait", "Seconds": 1})
    keep = start_at(("K", {"Type": "Pass", "Assign": {"v.$": "$"}}), wait)
    each = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": keep, "ResultPath": None}
    document = {"s": "x" * 200_000, "items": ["y" * 5_000] * 10}
    fitting = [(f"A{n}", {"Type": "Pass", "Assign": {f"v{n}.$": "$.s"}}) for n in range(52)]
    assert run(start_at(*fitting, ("M", each)), document).status == "SUCCEEDED"
    more = ("More", {"Type": "Pass", "Assign": {"more.$": "$.items"}})
    assert run(start_at(*fitting, more, ("M", each)), document).error == "States.DataLimitExceeded"
