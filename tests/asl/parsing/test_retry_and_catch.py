"""Retry and Catch as they are written: shapes, ranges, where States.ALL may stand (measured), and what is accepted."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.diagnosing import diagnose, faults, only

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
ALONE = "States.ALL must appear alone and at end of list"
ALL: JSON = {"ErrorEquals": ["States.ALL"]}
ONE: JSON = {"ErrorEquals": ["E"]}


def task(**fields: JSON) -> JSON:
    return only("Task", Resource=LAMBDA, **fields)


def retrying(*retriers: JSON) -> JSON:
    return task(Retry=list(retriers))


def catching(*catchers: JSON) -> JSON:
    return task(Catch=[{"Next": "S", **catcher} for catcher in catchers])


@pytest.mark.parametrize("field", ["Retry", "Catch"])
@pytest.mark.parametrize(
    ("entries", "at", "index"),
    [
        pytest.param([{"ErrorEquals": ["States.ALL", "E"]}], 0, 0, id="with another name"),
        pytest.param([{"ErrorEquals": ["E", "States.ALL"]}], 0, 1, id="behind another name"),
        pytest.param([{"ErrorEquals": ["States.ALL", "States.ALL"]}], 0, 0, id="twice in one"),
        pytest.param([ALL, ONE], 0, 0, id="before another"),
        pytest.param([ONE, ALL, ONE], 1, 0, id="in the middle"),
        pytest.param([ALL, ALL], 0, 0, id="in two"),
        pytest.param([ONE, ALL], None, 0, id="alone and last"),
        pytest.param([ALL], None, 0, id="alone"),
        pytest.param(
            [{"ErrorEquals": ["State.ALL", "E"]}, ONE], None, 0, id="a name that only looks like it (recorded)"
        ),
        pytest.param([{"ErrorEquals": ["States.all"]}, ONE], None, 0, id="in another case"),
    ],
)
def test_where_all_errors_may_stand(field: str, entries: list[JSON], at: int | None, index: int) -> None:
    definition = retrying(*entries) if field == "Retry" else catching(*entries)
    expected = [] if at is None else [f"{ALONE} at /States/S/{field}[{at}]/ErrorEquals[{index}]"]
    assert faults(definition) == expected


@pytest.mark.parametrize("field", ["Retry", "Catch"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({}, "Expected value of type Array at {}", id="an object"),
        pytest.param(None, "Expected value of type Array at {}", id="null"),
        pytest.param(["x"], "Expected value of type Object at {}[0]", id="an array of texts"),
        pytest.param(
            [{"Next": "S", **ONE}, 1], "Expected value of type Object at {}[1]", id="a number behind an object"
        ),
    ],
)
def test_the_shape_of_both(field: str, value: JSON, expected: str) -> None:
    found = [fault for fault in faults(task(**{field: value})) if "'Next' is not supported" not in fault]
    assert found == [expected.format(f"/States/S/{field}")]


@pytest.mark.parametrize("field", ["Retry", "Catch"])
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param("E", "Expected value of type Array at {}/ErrorEquals", id="a text"),
        pytest.param([], "Value cannot be empty at {}/ErrorEquals", id="none"),
        pytest.param([1], "Expected value of type String at {}/ErrorEquals", id="a number"),
        pytest.param(["E", None], "Expected value of type String at {}/ErrorEquals", id="null behind a name"),
        pytest.param([[]], "Expected value of type String at {}/ErrorEquals", id="an array"),
    ],
)
def test_the_names_of_errors(field: str, names: JSON, expected: str) -> None:
    entry = {"ErrorEquals": names}
    definition = retrying(entry) if field == "Retry" else catching(entry)
    assert faults(definition) == [expected.format(f"/States/S/{field}[0]")]


def test_both_may_be_empty() -> None:
    assert faults(task(Retry=[], Catch=[])) == []


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        pytest.param("IntervalSeconds", -1, "Minimum value is 0", id="an interval below none"),
        pytest.param("IntervalSeconds", 0, None, id="an interval of none"),
        pytest.param("IntervalSeconds", 1, None, id="of one second"),
        pytest.param("IntervalSeconds", 99_999_999, None, id="the longest"),
        pytest.param("IntervalSeconds", 100_000_000, "Maximum value is 99999999", id="longer than that"),
        pytest.param("IntervalSeconds", 1.5, "Expected value of type Integer", id="a fraction"),
        pytest.param("IntervalSeconds", "1", "Expected value of type Integer", id="a text"),
        pytest.param("IntervalSeconds", True, "Expected value of type Integer", id="true"),
        pytest.param("MaxAttempts", -1, "Minimum value is 0", id="fewer attempts than none"),
        pytest.param("MaxAttempts", 0, None, id="no attempts"),
        pytest.param("MaxAttempts", 99_999_999, None, id="the most attempts"),
        pytest.param("MaxAttempts", 100_000_000, "Maximum value is 99999999", id="more than that"),
        pytest.param("BackoffRate", 0.99, "Minimum value is 1.0", id="a rate below one"),
        pytest.param("BackoffRate", 1, None, id="a rate of one"),
        pytest.param("BackoffRate", 1.5, None, id="a rate with a fraction"),
        pytest.param("BackoffRate", "2", "Expected value of type Double", id="a rate that is a text"),
        pytest.param("MaxDelaySeconds", 0, "Minimum value is 1", id="a longest delay of none"),
        pytest.param("MaxDelaySeconds", 31_622_400, None, id="the longest delay"),
        pytest.param("MaxDelaySeconds", 31_622_401, "Maximum value is 31622400", id="a longer one"),
        pytest.param("JitterStrategy", "FULL", None, id="full jitter"),
        pytest.param("JitterStrategy", "NONE", None, id="no jitter"),
        pytest.param("JitterStrategy", "HALF", "Value should be one of the following: [NONE, FULL]", id="another"),
        pytest.param("JitterStrategy", None, "Expected value of type [STRING]", id="null"),
    ],
)
def test_the_numbers_of_a_retrier(field: str, value: JSON, expected: str | None) -> None:
    found = faults(retrying({**ONE, field: value}))
    assert found == ([] if expected is None else [f"{expected} at /States/S/Retry[0]/{field}"])


@pytest.mark.parametrize(
    ("definition", "expected", "hint"),
    [
        pytest.param(
            retrying({**ONE, "maxAttempts": 1}),
            "Field 'maxAttempts' is not supported at /States/S/Retry[0]",
            "Did you mean 'MaxAttempts'?",
            id="a retrier in lower case",
        ),
        pytest.param(
            retrying({**ONE, "Next": "S"}),
            "Field 'Next' is not supported at /States/S/Retry[0]",
            None,
            id="a retrier leads nowhere",
        ),
        pytest.param(
            catching({**ONE, "Resultpath": "$.e"}),
            "Field 'Resultpath' is not supported at /States/S/Catch[0]",
            "Did you mean 'ResultPath'?",
            id="a catcher's ResultPath",
        ),
        pytest.param(
            catching({**ONE, "MaxAttempts": 1}),
            "Field 'MaxAttempts' is not supported at /States/S/Catch[0]",
            None,
            id="a catcher tries nothing again",
        ),
        pytest.param(
            catching({**ONE, "ResultPath": "e"}),
            "Value is not a Reference Path: Reference path didn't start with '$' at /States/S/Catch[0]/ResultPath",
            "A path begins with '$', as '$.e' does.",
            id="a catcher's path that is none",
        ),
        pytest.param(
            retrying({}), "These fields are required: [ErrorEquals] at /States/S/Retry[0]", None, id="nothing"
        ),
        pytest.param(
            task(Catch=[ONE]),
            "These fields are required: [Next] at /States/S/Catch[0]",
            None,
            id="a catcher that leads nowhere",
        ),
        pytest.param(
            task(Catch=[{**ONE, "Next": 1}]),
            "Expected value of type String at /States/S/Catch[0]/Next",
            None,
            id="a catcher that leads to a number",
        ),
    ],
)
def test_their_fields(definition: JSON, expected: str, hint: str | None) -> None:
    (found,) = diagnose(definition)
    assert (str(found).removeprefix("SCHEMA_VALIDATION_FAILED: "), found.hint) == (expected, hint)


def test_all_that_a_retrier_may_have() -> None:
    retrier = {
        **ALL,
        "IntervalSeconds": 2,
        "MaxAttempts": 5,
        "BackoffRate": 1.5,
        "MaxDelaySeconds": 9,
        "JitterStrategy": "FULL",
        "Comment": "c",
    }
    assert faults(retrying(ONE, retrier)) == []


@pytest.mark.parametrize("type_", ["Pass", "Wait", "Choice", "Succeed", "Fail"])
@pytest.mark.parametrize("field", ["Retry", "Catch"])
def test_states_that_do_no_work_have_neither(type_: str, field: str) -> None:
    fields: JSON = {"Wait": {"Seconds": 1}, "Choice": {"Choices": [{"Variable": "$", "IsNull": True, "Next": "S"}]}}
    definition = only(type_, **fields.get(type_, {}), **{field: []})
    assert f"Field '{field}' is not supported at /States/S" in faults(definition)
