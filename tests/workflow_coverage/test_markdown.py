"""The Markdown of what ran, for the summary of a CI job."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.diagrams.mermaid import machine_mermaid
from pytest_sfn_sync.workflow_coverage.markdown import markdown
from pytest_sfn_sync.workflow_coverage.recording import Recorder
from pytest_sfn_sync.workflow_coverage.table import Table
from tests.machines import CHARGE, PASS
from tests.workflow_coverage import orders

DONE = {"StartAt": "A|B", "States": {"A|B": {"Type": "Succeed"}}}


def test_a_table_and_for_each_machine_what_never_ran_and_a_diagram() -> None:
    def run(sfn: SfnSync) -> None:
        sfn.register("charge", CHARGE)
        done = sfn.register("done", DONE)
        sfn.client().start_sync_execution(stateMachineArn=done.arn)

    with SfnSync() as sfn:
        charge, done = sfn.register("charge", CHARGE), sfn.register("done", DONE)
        never = machine_mermaid(charge, {})
        once = machine_mermaid(done, {"/StartAt": 1, "/States/A|B": 1, "/States/A|B/End": 1})

    assert (
        markdown(Table.of(orders.recorded(run).machines))
        == f"""\
## Workflow coverage: 50%

| State machine | States | Choice rules | Retriers | Catchers | Executions | Run |
| --- | --: | --: | --: | --: | --: | --: |
| charge | 0/1 | - | - | - | 0 | 0% |
| done | 1/1 | - | - | - | 1 | 100% |
| Total | 1/2 | - | - | - | 1 | 50% |

<details open>
<summary>charge: 0%</summary>

Never executed.

```mermaid
{never}```

</details>

<details>
<summary>done: 100%</summary>

```mermaid
{once}```

</details>
"""
    )


def test_what_never_ran_is_listed_with_its_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    machine = orders.recorded_orders(tmp_path, orders.TOO_LARGE)

    assert """\
<summary>orders (orders.asl.json): 25%</summary>

Never run:

* orders.asl.json:12: IsLarge: rule 2 (-&#62; Review)
* orders.asl.json:14: IsLarge: Default (-&#62; Charge)
* orders.asl.json:16: Review
* orders.asl.json:20: Notify
* orders.asl.json:25: Charge (with 1 retrier and 2 catchers)
* orders.asl.json:36: Done

```mermaid
""" in markdown(Table.of([machine]))


def test_the_diagram_marks_the_ways_that_were_gone(tmp_path: Path) -> None:
    machine = orders.recorded_orders(
        tmp_path, orders.SMALL, orders.SMALL, orders.SMALL_AND_BUSY, orders.SMALL_AND_DECLINED
    )
    with SfnSync() as sfn:
        expected = machine_mermaid(
            sfn.register("orders", orders.TEXT),
            {
                "/StartAt": 4,
                "/States/IsLarge": 4,
                "/States/IsLarge/Default": 4,
                "/States/Charge": 4,
                "/States/Charge/Next": 3,
                "/States/Charge/Retry[0]": 1,
                "/States/Charge/Catch[0]": 1,
                "/States/Done": 3,
                "/States/Done/End": 3,
                "/States/Refuse": 1,
            },
        )

    assert expected in markdown(Table.of([machine]))


def test_placeholders_that_stay_are_no_hindrance() -> None:
    kept = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${Kept}", "End": True}}}
    recorder = orders.recorded(lambda sfn: sfn.register("kept", kept, substitutions={"Kept": "${Kept}"}))

    assert "| kept | 0/1 |" in markdown(Table.of(recorder.machines))


def test_a_standard_machine_is_drawn() -> None:
    recorder = orders.recorded(lambda sfn: sfn.register("standard", PASS, type="STANDARD"))

    assert "flowchart" in markdown(Table.of(recorder.machines))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("a\n# b\r\n\tc", r"a&#92;n&#35; b&#92;x0d&#92;n&#92;tc", id="line ends"),
        pytest.param("a|b", "a&#124;b", id="a bar"),
        pytest.param("`a` ```b", "&#96;a&#96; &#96;&#96;&#96;b", id="backticks"),
        pytest.param("%% a", "%% a", id="what is a comment in Mermaid"),
        pytest.param("#quot;", "&#35;quot;", id="what is a reference in Mermaid"),
        pytest.param("&lt;b&gt;", "&#38;lt;b&#38;gt;", id="references of HTML"),
        pytest.param("</details><script>a</script>", "&#60;/details&#62;&#60;script&#62;a&#60;/script&#62;", id="HTML"),
        pytest.param("![a](javascript:b)", "!&#91;a&#93;(javascript:b)", id="an image"),
        pytest.param("{{a}}", "&#123;&#123;a&#125;&#125;", id="what is a template elsewhere"),
    ],
)
def test_a_name_of_what_never_ran_stays_in_its_line(name: str, written: str) -> None:
    states = {
        "First": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": True, "Next": name}], "Default": "Last"},
        name: {"Type": "Succeed"},
        "Last": {"Type": "Succeed"},
    }
    recorder = orders.recorded(lambda sfn: sfn.register("names", {"StartAt": "First", "States": states}).run({}))

    lines = markdown(Table.of(recorder.machines)).split("\n")

    assert f"* {written}" in lines
    assert lines.count("```mermaid") == 1
    assert lines.count("```") == 1


def test_where_no_machine_was_registered_that_is_said() -> None:
    assert markdown(Table.of(Recorder().machines)) == "## Workflow coverage\n\nNo state machine was registered.\n"
