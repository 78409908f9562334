"""Mermaid text; that Mermaid draws it was looked at in a browser."""

from __future__ import annotations

import re

import pytest

from pytest_sfn_sync import TaskError
from pytest_sfn_sync.diagrams.mermaid import machine_mermaid
from tests.diagrams.orders import order_execution
from tests.machines import CHARGE_WITH_RETRY, machine_of


class Machine:
    def __init__(self, definition: object) -> None:
        self.definition = definition


def test_an_execution_is_drawn_with_its_outcomes() -> None:
    execution = order_execution(charge=[TaskError("Card.Busy"), {"receipt": "R-7"}])

    assert (
        execution.to_mermaid()
        == """\
flowchart TD
    start(("start"))
    s1{{"IsLarge<br>Choice"}}
    s2(["Review<br>Wait"])
    s3["Charge<br>Task"]
    subgraph s4["Prepare (Parallel)"]
        direction TB
        subgraph s4b0["branch 0"]
            direction TB
            s5("Reserve<br>Pass")
        end
        subgraph s4b1["branch 1"]
            direction TB
            s6(["Rest<br>Wait"])
            s7("Wrap<br>Pass")
        end
    end
    subgraph s8["ShipAll (Map)"]
        direction TB
        s9["Ship<br>Task, 2 times"]
        s10("Backorder<br>Pass")
    end
    s11("Done<br>Succeed")
    s12("Reject<br>Fail")
    finish(("end"))
    start ==> s1
    s1 -.->|"#36;#46;amount #62;#61; 1000"| s2
    s1 ==>|"default"| s3
    s2 -.-> s3
    s3 ==> s4
    s3 ==>|"retry Card.Busy"| s3
    s3 -.->|"catch Card.Declined"| s12
    s4 ==> s8
    s8 ==> s11
    s11 ==> finish
    s6 ==> s7
    s9 ==>|"catch States.ALL"| s10
    linkStyle 0,2,4,7,8,9,10 stroke:#1a7f37
    linkStyle 1,3,6 stroke:#8c959f
    linkStyle 5,11 stroke:#9a6700
    classDef frame fill:#ffffff,stroke:#8c959f,color:#24292f
    class start,s4b0,s4b1,finish frame
    classDef succeeded fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c,stroke-width:2px
    class s1,s3,s4,s5,s6,s7,s8,s10,s11 succeeded
    classDef not_reached fill:#f3f4f6,stroke:#8c959f,color:#59636e,stroke-dasharray:5 4
    class s2,s12 not_reached
    classDef caught fill:#fff1c2,stroke:#9a6700,color:#4a3200,stroke-width:2px
    class s9 caught
"""
    )


def test_what_several_executions_ran_is_drawn_by_their_counts() -> None:
    ran = {"/StartAt": 3, "/States/Charge": 3, "/States/Charge/Retry[0]": 4, "/States/Charge/End": 3}

    assert (
        machine_mermaid(Machine(CHARGE_WITH_RETRY), ran)
        == """\
flowchart TD
    start(("start"))
    s1["Charge<br>Task, 3 times"]
    s2("Refuse<br>Fail")
    finish(("end"))
    start ==>|"3 times"| s1
    s1 ==>|"3 times"| finish
    s1 ==>|"retry Card.Busy 4 times"| s1
    s1 -.->|"catch Card.Declined"| s2
    linkStyle 0,1 stroke:#1a7f37
    linkStyle 2 stroke:#9a6700
    linkStyle 3 stroke:#8c959f
    classDef frame fill:#ffffff,stroke:#8c959f,color:#24292f
    class start,finish frame
    classDef ran fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c,stroke-width:2px
    class s1 ran
    classDef not_reached fill:#f3f4f6,stroke:#8c959f,color:#59636e,stroke-dasharray:5 4
    class s2 not_reached
"""
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("Charge the card", "Charge the card", id="words"),
        pytest.param("charge-card_v1.2", "charge-card_v1.2", id="marks within a word"),
        pytest.param("Löschen 注文", "Löschen 注文", id="letters of any script"),
        pytest.param('the "end"', "the #34;end#34;", id="quotes"),
        pytest.param("#1; 100%", "#35;1#59; 100#37;", id="what would be a reference"),
        pytest.param("a[0] {b} (c)", "a#91;0#93; #123;b#125; #40;c#41;", id="brackets"),
        pytest.param("<b>&amp;</b>", "#60;b#62;#38;amp#59;#60;#47;b#62;", id="HTML"),
        pytest.param("1. a", "1#46; a", id="what would be a list"),
        pytest.param("`_a_` *b*", "#96;#95;a#95;#96; #42;b#42;", id="what would be emphasis"),
        pytest.param("a|b\\c", "a#124;b#92;c", id="bar and backslash"),
        pytest.param("two\nlines", "two lines", id="a new line"),
        pytest.param(" a  b ", "#32;a#32;#32;b#32;", id="blanks at the ends"),
        pytest.param("$$x$$", "#36;#8203;#36;x#36;#8203;#36;", id="what would be a formula"),
        pytest.param("fa:fa-car", "fa#8203;#58;fa-car", id="what would be an icon"),
        pytest.param("%% end", "#37;#37; end", id="what would be a comment"),
    ],
)
def test_a_name_may_hold_anything(name: str, written: str) -> None:
    text = machine_mermaid(Machine(machine_of({name: {"Type": "Succeed"}})), {})

    assert f'    s1("{written}<br>Succeed")\n' in text


def test_a_long_condition_is_cut() -> None:
    rule = {"Variable": "$.a_name_that_takes_a_lot_of_room", "StringEquals": "another", "Next": "End"}
    states = {"Pick": {"Type": "Choice", "Choices": [rule]}, "End": {"Type": "Succeed"}}

    text = machine_mermaid(Machine(machine_of(states)), {})

    label = re.search(r'\|"(.*)"\|', text)
    assert label is not None
    assert re.sub(r"#(\d+);", lambda match: chr(int(match[1])), label[1]) == '$.a_name_that_takes_a_lot_of_room == "a…'
