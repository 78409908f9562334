"""How faults are shown: AWS's words, file, line and column, the line with a caret, what was perhaps meant. Verbatim."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.errors import DefinitionError
from pytest_sfn_sync.plugin.markers import MarkedTest, apply_markers
from pytest_sfn_sync.registry import Registry
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE

NO_END = "  MISSING_END_STATE: Workflow has no terminal state at null"


def refusal(definition: Any, **register: Any) -> DefinitionError:
    with pytest.raises(DefinitionError) as raised:
        Registry().register("orders", definition, **register)
    return raised.value


def told(definition: Any, **register: Any) -> str:
    """Return what a refusal says beneath its first line."""
    return "\n".join(str(refusal(definition, **register)).splitlines()[1:])


def shown(text: str) -> str:
    """Return the two columns of indentation that a refusal has to a text that is indented as this file is."""
    return "\n".join(f"  {line}" if line else line for line in dedent(text).strip("\n").split("\n"))


MISSPELT = """\
{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Paramters": {}, "End": true}
  }
}"""
DANGLING = """\
{
  "StartAt": "Charge",
  "States": {
    "Charge": {"Type": "Pass", "Next": "Shp"},
    "Ship": {"Type": "Succeed"}
  }
}"""


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            MISSPELT,
            """
            SCHEMA_VALIDATION_FAILED: Field 'Paramters' is not supported at /States/A
                line 4:27
                4 |     "A": {"Type": "Pass", "Paramters": {}, "End": true}
                  |                           ^^^^^^^^^^^
                Did you mean 'Parameters'?
            """,
            id="a misspelt field: its key",
        ),
        pytest.param(
            DANGLING,
            """
            MISSING_TRANSITION_TARGET: Missing 'Next' target: Shp at /States/Charge/Next
                line 4:40
                4 |     "Charge": {"Type": "Pass", "Next": "Shp"},
                  |                                        ^^^^^
                Did you mean 'Ship'?
            MISSING_TRANSITION_TARGET: State "Ship" is not reachable. at /States/Ship
                line 5:5
                5 |     "Ship": {"Type": "Succeed"}
                  |     ^^^^^^
            """,
            id="a dangling target: its value; a state: its name",
        ),
        pytest.param(
            '{"StartAt": "A",\n "TimeoutSeconds": -5,\n "States": {"A": {"Type": "Succeed"}}}',
            """
            SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /TimeoutSeconds
                line 2:20
                2 |  "TimeoutSeconds": -5,
                  |                    ^^
            """,
            id="a bad value",
        ),
        pytest.param(
            '{\n  "StartAt": "A"\n}',
            """
            SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /
                line 1:1
                1 | {
                  | ^
            """,
            id="the whole document",
        ),
        pytest.param(
            '{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true,\n  "Branches": [\n  ]}}}',
            """
            SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/A/Branches
                line 2:3
                2 |   "Branches": [
                  |   ^^^^^^^^^^
            """,
            id="a value of several lines: its key",
        ),
        pytest.param(
            MISSPELT.replace("\n", "\r\n"),
            """
            SCHEMA_VALIDATION_FAILED: Field 'Paramters' is not supported at /States/A
                line 4:27
                4 |     "A": {"Type": "Pass", "Paramters": {}, "End": true}
                  |                           ^^^^^^^^^^^
                Did you mean 'Parameters'?
            """,
            id="CRLF",
        ),
        pytest.param(
            '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters":\n{"b": {"a.$": "x"}}}}}',
            """
            SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic \
function call at /States/A/Parameters/b
                line 2:8
                2 | {"b": {"a.$": "x"}}}}}
                  |        ^^^^^
                A function name and '(' are expected, at character 1 of: x.
            """,
            id="the very key, where AWS tells the object",
        ),
        pytest.param(
            '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"a": 1,\n"_b": 2}, "End": true}}}',
            """
            INVALID_VARIABLE_NAME: Invalid variable name '_b': the variable name contains invalid characters. \
at /States/A/Assign
                line 2:1
                2 | "_b": 2}, "End": true}}}
                  | ^^^^
            """,
            id="the very variable",
        ),
        pytest.param(
            "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Paramters: {}\n    'Nap' : 1\n    End: true\n",
            """
            SCHEMA_VALIDATION_FAILED: Field 'Paramters' is not supported at /States/A
                line 5:5
                5 |     Paramters: {}
                  |     ^^^^^^^^^
                Did you mean 'Parameters'?
            SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/A
                line 6:5
                6 |     'Nap' : 1
                  |     ^^^^^
            """,
            id="keys of YAML",
        ),
        pytest.param(
            "StartAt: A\nStates:\n  A: {Type: Wait, Seconds: -1, End: true}\n",
            """
            SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/A/Seconds
                line 3:28
                3 |   A: {Type: Wait, Seconds: -1, End: true}
                  |                            ^^
            """,
            id="a value of YAML",
        ),
        pytest.param(
            "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Comment: |\n      x\n    Nap:\n      a: 1\n    End: true\n",
            """
            SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/A
                line 7:5
                7 |     Nap:
                  |     ^^^
            """,
            id="a block of YAML, behind another",
        ),
    ],
)
def test_the_place_of_a_fault(definition: str, expected: str) -> None:
    assert told(definition) == shown(expected)


def test_tabs_stand_under_tabs() -> None:
    text = '{\n\t"StartAt": "A",\n\t"States": {\n\t\t"A": {\t"Type": "Succeed",\t"Nap": 1}\n\t}\n}'
    *_, line, carets = told(text).splitlines()
    assert line == '      4 | \t\t"A": {\t"Type": "Succeed",\t"Nap": 1}'
    assert carets == f"        | \t\t      \t{' ' * 18}\t^^^^^"
    assert line.expandtabs().index('"Nap"') == carets.expandtabs().index("^")


def test_a_fault_that_has_no_place_is_told_alone() -> None:
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}'
    assert told(definition) == NO_END
    (diagnostic,) = refusal(definition).diagnostics
    assert (diagnostic.line, diagnostic.column) == (None, None)


def test_a_dict_has_no_lines() -> None:
    assert told(json.loads(MISSPELT)) == (
        "  SCHEMA_VALIDATION_FAILED: Field 'Paramters' is not supported at /States/A\n      Did you mean 'Parameters'?"
    )


def test_a_long_line_is_cut_around_the_place() -> None:
    states = {f"State{index:03}": {"Type": "Pass", "Next": f"State{index + 1:03}"} for index in range(100)}
    states["State100"] = {"Type": "Succeed"}
    states["State050"]["Nap"] = "x"
    text = json.dumps({"StartAt": "State000", "States": states}, separators=(",", ":"))
    column = text.index('"Nap"') + 1
    excerpt = "..." + text[column - 61 : column + 59]
    assert told(text) == "\n".join(
        [
            "  SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/State050",
            f"      line 1:{column}",
            f"      1 | {excerpt}",
            f"        | {' ' * 63}^^^^^",
        ]
    )


def test_the_end_of_a_long_line_is_shown_too() -> None:
    text = '{"Comment": "' + "x" * 300 + '", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}, "Nap": 1}'
    *_, line, carets = told(text).splitlines()
    assert line.startswith("      1 | ...xxx")
    assert line.endswith(' {"A": {"Type": "Succeed"}}, "Nap": 1}')
    assert line[carets.index("^") :].startswith('"Nap"')
    assert carets.strip(" |") == "^" * 5


def test_a_long_value_is_underlined_as_far_as_it_is_shown() -> None:
    text = '{"StartAt": "A", "Comment": 1, "States": {"A": {"Type": "Succeed"}}, "Version": {"a": "' + "x" * 300 + '"}}'
    lines = told(text).splitlines()
    assert all(len(line) <= len("      1 | ...") + 120 for line in lines if " | " in line)


# Expressions


def in_jsonata(output: str) -> str:
    return (
        '{\n  "QueryLanguage": "JSONata",\n  "StartAt": "A",\n  "States": {\n'
        f'    "A": {{"Type": "Pass", "Output": {output}, "End": true}}\n  }}\n}}'
    )


def yaml_with(output: str) -> str:
    return f"QueryLanguage: JSONata\nStartAt: A\nStates:\n  A:\n    Type: Pass\n    Output: {output}\n    End: true\n"


PHONE = "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output"


@pytest.mark.parametrize(
    ("definition", "number", "line"),
    [
        pytest.param(
            in_jsonata('"{% 1 + phone %}"'),
            5,
            '    "A": {"Type": "Pass", "Output": "{% 1 + phone %}", "End": true}',
            id="in JSON",
        ),
        pytest.param(
            in_jsonata(r'"{% $states.input.a & \"x\" & phone %}"'),
            5,
            r'    "A": {"Type": "Pass", "Output": "{% $states.input.a & \"x\" & phone %}", "End": true}',
            id="behind escaped quotes",
        ),
        pytest.param(
            in_jsonata(r'"{% $states.input.a\n  & \u0022x\u0022 & phone %}"'),
            5,
            r'    "A": {"Type": "Pass", "Output": "{% $states.input.a\n  & \u0022x\u0022 & phone %}", "End": true}',
            id="behind an escaped end of line, and codes",
        ),
        pytest.param(
            in_jsonata("\"{% '😀' & phone %}\""),
            5,
            '    "A": {"Type": "Pass", "Output": "{% \'😀\' & phone %}", "End": true}',
            id="behind a character of the upper planes",
        ),
        pytest.param(
            yaml_with("|-\n      {% $states.input.a\n         & phone %}"),
            8,
            "         & phone %}",
            id="in a literal block",
        ),
        pytest.param(
            yaml_with(">-\n      {% $states.input.a\n      & phone %}"), 8, "      & phone %}", id="in a folded block"
        ),
        pytest.param(
            yaml_with("'{% ''x'' & phone %}'"), 6, "    Output: '{% ''x'' & phone %}'", id="behind doubled quotes"
        ),
        pytest.param(
            yaml_with(r'"{% \"x\" & phone %}"'), 6, r'    Output: "{% \"x\" & phone %}"', id="in double quotes"
        ),
        pytest.param(
            yaml_with("'{% $states.input.a\n      & phone %}'"), 7, "      & phone %}'", id="in quotes over two lines"
        ),
        pytest.param(yaml_with("'{% phone %}'"), 6, "    Output: '{% phone %}'", id="in quotes on one line"),
    ],
)
def test_the_place_in_an_expression(definition: str, number: int, line: str) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    column = line.index("phone")
    assert told(definition).splitlines() == [
        f"  {PHONE}",
        f"      line {number}:{column + 1}",
        f"      {number} | {line}",
        f"        | {' ' * column}^",
    ]


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("{% 1 + phone %}", "{% 1 + phone %}"),
        ("{% $states.input.a\n   & phone\n   & 'x' %}", "   & phone"),
    ],
)
def test_the_place_in_an_expression_of_a_dict(output: str, line: str) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    definition = json.loads(in_jsonata(json.dumps(output)))
    assert told(definition).splitlines() == [
        f"  {PHONE}",
        f"      {line}",
        f"      {' ' * line.index('phone')}^",
    ]


def test_an_expression_that_ends_too_soon_is_shown_at_its_end() -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    lines = told(in_jsonata('"{% 1 + %}"')).splitlines()
    assert "Unexpected end of expression" in lines[0]
    assert lines[2][lines[3].index("^") :].startswith(' %}"')


@pytest.mark.parametrize("given", ["{% 1 + phone %}", {"a": "{% 1 + phone %}"}])
def test_an_expression_that_was_filled_in_is_where_its_placeholder_stands(given: Any) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    error = refusal(in_jsonata('"${X}"'), substitutions={"X": given})
    (diagnostic,) = error.diagnostics
    assert (diagnostic.line, diagnostic.column) == (5, 37)
    *_, line, carets = str(error).splitlines()
    assert line[carets.index("^") :].startswith('"${X}"')


# What is filled in


def test_what_a_placeholder_gave_is_where_the_placeholder_stands() -> None:
    text = '{"StartAt": "A", "States": "${S}"}'
    first, second, _ = refusal(text, substitutions={"S": {"A": {"Type": "Pass", "Nap": 1}}}).diagnostics
    assert (first.location, first.line, first.column) == ("/States/A", 1, 18)
    assert (second.location, second.line, second.column) == ("/States/A", 1, 28)


def test_keys_that_were_filled_in_are_found() -> None:
    text = '{"StartAt": "A",\n "States": {\n  "${N}": {"Type": "Succeed", "Nap": 1}}}'
    (diagnostic,) = refusal(text, substitutions={"N": "A"}).diagnostics
    assert (diagnostic.line, diagnostic.column) == (3, 31)


def test_bare_placeholders_move_nothing() -> None:
    text = '{"StartAt": "A", "TimeoutSeconds": ${T}, "States": {"A": {"Type": "Succeed", "Nap": 1}}}'
    (diagnostic,) = refusal(text, substitutions={"T": 123456}).diagnostics
    assert (diagnostic.line, diagnostic.column) == (1, text.index('"Nap"') + 1)


# Data


def test_files_lines_and_columns_as_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text(DANGLING, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    error = refusal("orders.asl.json")
    found = [(one.code, one.severity, one.location, one.file, one.line, one.column) for one in error.diagnostics]
    assert found == [
        ("MISSING_TRANSITION_TARGET", "ERROR", "/States/Charge/Next", "orders.asl.json", 4, 40),
        ("MISSING_TRANSITION_TARGET", "ERROR", "/States/Ship", "orders.asl.json", 5, 5),
    ]
    assert str(error).startswith(
        "Machine 'orders' (orders.asl.json) can't be registered: its definition has 2 faults:\n"
        "  MISSING_TRANSITION_TARGET: Missing 'Next' target: Shp at /States/Charge/Next\n"
        "      orders.asl.json:4:40\n"
    )


def test_a_file_elsewhere_is_shown_by_its_whole_path(tmp_path: Path) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text(MISSPELT, encoding="utf-8")
    assert f"\n      {path}:4:27\n" in str(refusal(path))


def test_a_file_that_is_no_json_has_aws_words_as_data(tmp_path: Path) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text('{"StartAt":\n nope}', encoding="utf-8")
    error = refusal(path)
    (diagnostic,) = error.diagnostics
    assert (diagnostic.code, diagnostic.file, diagnostic.line) == ("INVALID_JSON_DESCRIPTION", str(path), 2)
    assert str(error).splitlines() == [
        f"Machine 'orders' ({path}) can't be registered: it is not JSON (Expecting value at line 2, column 2):",
        "  nope}",
    ]


def test_the_diagnostics_survive_the_name_of_the_place() -> None:
    error = refusal(MISSPELT)
    moved = error.at("marker sfn_machine of test_it")
    assert str(moved) == f"marker sfn_machine of test_it: {error}"
    assert moved.diagnostics == error.diagnostics != ()


def test_a_marker_gives_them_too() -> None:
    mark = pytest.mark.sfn_machine("orders", MISSPELT).mark
    test = MarkedTest(name="test_it.py::test_it", levels=[[mark]], folders=[])
    with SfnSync() as sfn, pytest.raises(DefinitionError) as raised:
        apply_markers(test, sfn)
    assert str(raised.value).startswith("@pytest.mark.sfn_machine at test_it.py::test_it: Machine 'orders' can't be ")
    assert [(one.location, one.line) for one in raised.value.diagnostics] == [("/States/A", 4)]


def test_a_fake_gives_them_too() -> None:
    with SfnSync() as sfn, pytest.raises(DefinitionError) as raised:
        sfn.register("orders", MISSPELT)
    (diagnostic,) = raised.value.diagnostics
    assert (diagnostic.message, diagnostic.location) == ("Field 'Paramters' is not supported", "/States/A")
    assert (diagnostic.line, diagnostic.column, diagnostic.place) == (4, 27, "/States/A/Paramters")
    assert diagnostic.hint == "Did you mean 'Parameters'?"
    assert diagnostic.is_error


def test_what_could_not_be_read_has_none() -> None:
    assert refusal("{${X}: 1}").diagnostics == ()
    assert refusal(Path("nowhere.json")).diagnostics == ()


def test_a_refusal_can_be_sent_to_another_process() -> None:
    error = refusal(MISSPELT)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.diagnostics) == (str(error), error.diagnostics)
