"""The page of one execution: whole, escaped, and bounded; how it looks was looked at in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, TaskError
from tests.diagrams.orders import DOCUMENT, START, execute, order_execution
from tests.diagrams.pages import ReadPage
from tests.machines import MAP, WAIT_TOO_LONG, machine_of

pytest.importorskip("graphlay")

NASTY = "</script><script>alert(1)</script><b a='\"'>&amp;\x00\ud800"


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=1) as sfn:
        yield sfn


@pytest.fixture(scope="module")
def page() -> ReadPage:
    execution = order_execution(charge=[TaskError("Card.Busy", "try later"), {"receipt": "R-7"}])
    return ReadPage(execution.to_html())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("orders SUCCEEDED took 7 s of virtual time from 2024-01-01 00:00:00 UTC", id="how it ended"),
        pytest.param("Review not reached close Wait · /States/Review This state was not reached.", id="not reached"),
        pytest.param("Charge succeeded close Task · /States/Charge succeeded +0 s to +2 s Input {", id="a visit"),
        pytest.param("+0 s function charge-card is given the input Card.Busy try later", id="an attempt"),
        pytest.param("+0 s Retry[0] takes Card.Busy, waits 2 s", id="a retrier"),
        pytest.param('+2 s function charge-card is given the input answers { "receipt": "R-7" }', id="an answer"),
        pytest.param("+7 s Catch[0] takes Ship.Sold, goes on to Backorder", id="a catcher"),
        pytest.param("Default goes on to Charge", id="a choice"),
        pytest.param("caught +7 s to +7 s iteration 1 of ShipAll Ship.Sold no lamps", id="a visit in an iteration"),
        pytest.param("Ship caught close Task, entered 2 times", id="visits of a state"),
        pytest.param("8 history events id type details 4 TaskStateEntered", id="events"),
        pytest.param("+7 s Ship Task, iteration 1 of ShipAll caught Ship.Sold", id="a row of the time line"),
        pytest.param("+0 s Charge Task succeeded after 1 retry", id="a row with a retry"),
        pytest.param("Trace as text orders: SUCCEEDED after 7 s", id="the trace"),
        pytest.param("retry Card.Busy, 1 time ↻ retry Card.Busy \N{MULTIPLICATION SIGN}1", id="a retrier in the graph"),
        pytest.param("Ship (Task), 2 times: 1 caught, 1 succeeded", id="outcomes in the graph"),
        pytest.param("Reject (Fail): not reached", id="a state in the graph that was not reached"),
    ],
)
def test_a_page_shows(page: ReadPage, text: str) -> None:
    assert text in page.text


def test_a_page_is_whole_by_itself(page: ReadPage) -> None:
    assert page.other_addresses == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} - {"index"} <= set(page.ids)


def test_a_page_is_the_same_for_the_same_execution() -> None:
    assert order_execution().to_html() == order_execution().to_html()


def test_a_page_can_be_saved(tmp_path: Path) -> None:
    execution = order_execution()
    execution.save_html(tmp_path / "page.html")

    assert (tmp_path / "page.html").read_text(encoding="utf-8") == execution.to_html()


def test_whatever_data_holds_it_is_text(sfn: SfnSync) -> None:
    states = {NASTY: {"Type": "Pass", "Assign": {"kept.$": "$"}}, "Stop": {"Type": "Fail", "ErrorPath": "$.e"}}

    html = execute(sfn, machine_of(states), {"e": NASTY}).to_html()

    page = ReadPage(html)
    assert page.elements.count("script") == 1
    assert {"b"} & set(page.elements) == set()
    assert "</script><script>alert(1)</script><b a='\"'>&amp;\ufffd" in page.text
    html.encode()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="a script"),
        pytest.param("</script><script>alert(1)</script>", id="a script after the end of another"),
        pytest.param("</title></style></textarea></pre></svg><script>alert(1)</script>", id="ends of raw text"),
        pytest.param('<img src=x onerror="alert(1)">', id="an image with a handler"),
        pytest.param('"><svg onload="alert(1)">', id="the end of an attribute in double quotes"),
        pytest.param("'><svg onload='alert(1)'>", id="the end of an attribute in single quotes"),
        pytest.param('<a href="javascript:alert(1)" autofocus onfocus="alert(1)">x</a>', id="a link"),
        pytest.param('<iframe srcdoc="<script>alert(1)</script>">', id="a frame"),
        pytest.param('<details open ontoggle="alert(1)">', id="an element that opens"),
        pytest.param("<!--<script>alert(1)//-->", id="a comment"),
        pytest.param("]]><script>alert(1)</script>", id="the end of a section"),
        pytest.param("javascript:alert(1)", id="a scheme"),
        pytest.param("{{constructor.constructor('alert(1)')()}}", id="a template of a library"),
        pytest.param("&lt;script&gt;alert(1)&lt;/script&gt;", id="references"),
    ],
)
def test_nothing_that_a_run_holds_becomes_an_element_or_an_attribute(text: str, sfn: SfnSync) -> None:
    sfn.mock_lambda("f", raises=TaskError(text, text))
    catch = [{"ErrorEquals": [text], "Comment": text, "ResultPath": "$.caught", "Next": "Choose"}]
    retry = [{"ErrorEquals": [f"Another {text}"], "Comment": text}]
    rules = [{"Variable": "$.rule", "StringEquals": text, "Comment": text, "Next": "Stop"}]
    states = {
        text: {
            "Type": "Task",
            "Comment": text,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Retry": retry,
            "Catch": catch,
            "Next": "Choose",
        },
        "Choose": {"Type": "Choice", "Comment": text, "Choices": rules, "Default": "Stop"},
        "Stop": {"Type": "Fail", "Comment": text, "Error": text, "Cause": text},
    }
    definition = {"Comment": text, "StartAt": text, "States": states}
    execution = sfn.register("hostile", definition).run({text: text, "rule": text})
    page = ReadPage(execution.to_html())

    assert execution.cause == text
    assert page.elements.count("script") == 1
    assert {"img", "iframe"}.isdisjoint(page.elements)
    assert [name for name in page.attributes if name.startswith("on") or name == "srcdoc"] == []
    assert [link for link in page.links if not link.startswith("#")] == []
    assert page.other_addresses == []
    assert text in page.text


def test_a_long_document_is_cut(sfn: SfnSync) -> None:
    text = ReadPage(execute(sfn, machine_of({"A": {"Type": "Pass"}}), {"long": "a" * 10_000}).to_html()).text

    assert "cut after 4,000 characters" in text
    assert "a" * 4_001 not in text


@pytest.mark.parametrize(
    ("definition", "document", "text"),
    [
        pytest.param(
            machine_of({f"S{number}": {"Type": "Pass"} for number in range(250)}),
            None,
            "50 more states, left out",
            id="many states",
        ),
        pytest.param(MAP, list(range(40)), "30 more visits, left out", id="many visits"),
        pytest.param(MAP, list(range(40)), "44 more events, left out", id="many events"),
    ],
)
def test_much_of_the_same_is_cut(sfn: SfnSync, definition: dict[str, Any], document: Any, text: str) -> None:
    sfn.mock_lambda("charge-card", returns=1)

    assert text in ReadPage(execute(sfn, definition, document).to_html()).text


def test_visits_that_did_not_succeed_are_shown_rather_than_others(sfn: SfnSync) -> None:
    definition = {**MAP, "States": {"Each": {**MAP["States"]["Each"], "ToleratedFailureCount": 1}}}
    sfn.mock_lambda("charge-card", returns=1)
    sfn.mock_lambda("charge-card", when=33, raises=TaskError("Card.Declined"))

    text = ReadPage(execute(sfn, definition, list(range(40))).to_html()).text

    shown = re.findall(r"(succeeded|failed) \+0 s(?: to \+0 s)? iteration (\d+) of Each", text)
    assert shown == [*(("succeeded", str(number)) for number in range(9)), ("failed", "33")]


def test_a_run_that_was_cut_off_says_so(sfn: SfnSync) -> None:
    text = ReadPage(execute(sfn, WAIT_TOO_LONG).to_html()).text

    assert "orders TIMED_OUT took 150 s" in text
    assert "timed out after 150 virtual seconds" in text
    assert "Wait (Wait): cut off" in text


def test_the_page_of_a_failed_run_has_its_error() -> None:
    text = ReadPage(order_execution(charge=[TaskError("Card.Declined")], document=dict(DOCUMENT)).to_html()).text

    assert "Order.Rejected see the problem" in text
    assert "Reject (Fail): failed" in text
