"""Templates in strings, heredocs and files: their texts, what is refused, and the lines of their faults."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from pytest_sfn_sync.terraform.hcl_source import TerraformError
from tests.terraform.evaluated_expressions import value_of
from tests.terraform.written_configurations import machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param(r'"a\n\t\"\\ \u00e9\U0001F600"', 'a\n\t"\\ é😀', id="escapes"),
        pytest.param('"$${a} %%{b} $ %"', "${a} %{b} $ %", id="signs that mean themselves"),
        pytest.param('"%{ if true }a%{ else }b%{ endif }"', "a", id="a condition that is true"),
        pytest.param('"%{ if false }a%{ else }b%{ endif }"', "b", id="a condition that is false"),
        pytest.param('"%{ if(true) }a%{ endif }"', "a", id="a condition in parentheses"),
        pytest.param('"%{ for x in ["a", "b"] }${x}-%{ endfor }"', "a-b-", id="a loop"),
        pytest.param('"%{ for i, x in ["a", "b"] }${i}${x}%{ endfor }"', "0a1b", id="a loop with an index"),
        pytest.param(
            '"%{ for x in [1, 2] ~} %{ if x == 1 ~} ${x} %{~ endif ~} %{ endfor }"', "1", id="a loop with an if"
        ),
        pytest.param('"-${{ a = "}" }.a}"', "-}", id="a brace in a string in an object"),
        pytest.param('"-${"\\"}$${%%{${"x"}%{ if true }y%{ endif }"}"', '-"}${%{xy', id="a template in a template"),
        pytest.param('"${[1, 2][1]}${true}"', "2true", id="a number and a bool"),
    ],
)
def test_text_of_a_template(template: str, text: str) -> None:
    assert value_of(template) == text


@pytest.mark.parametrize(
    ("template", "told"),
    [
        pytest.param(r'"a\qb"', r"\q is no escape; a backslash itself is written \\.", id="an escape"),
        pytest.param(r'"\u12"', r"\u needs the 4 hexadecimal digits of a character.", id="a short number"),
        pytest.param(r'"\Uffffffff"', r"\U needs the 8 hexadecimal digits of a character.", id="a number too high"),
        pytest.param('"%{ if true }a"', "the directive has no end: %{ endif } or %{ endfor }.", id="no end"),
        pytest.param('"%{ endif }"', "%{ endif } has no beginning, or is no directive.", id="no beginning"),
        pytest.param(
            '"%{ if true }%{ endfor }"', "%{ endfor } has no beginning, or is no directive.", id="another end"
        ),
        pytest.param(
            '"%{ if true }%{ else }%{ else }%{ endif }"',
            "%{ else } has no beginning, or is no directive.",
            id="a second else",
        ),
        pytest.param('"a${[1]}"', "[1]: a string is needed, not a list.", id="a list in a text"),
    ],
)
def test_template_is_refused(template: str, told: str) -> None:
    with pytest.raises(TerraformError) as caught:
        value_of(template)
    assert caught.value.why == told


@pytest.mark.parametrize(
    ("template", "told"),
    [
        pytest.param("x ${1", "${ has no closing brace.", id="an expression without an end"),
        pytest.param('x ${"a', "${ has no closing brace.", id="a string without an end"),
        pytest.param('x ${"${', "${ has no closing brace.", id="an expression in a string without an end"),
        pytest.param('x %{ if "a${"', "%{ has no closing brace.", id="a directive without an end"),
        pytest.param('x ${"a\\', "${ has no closing brace.", id="an escape without an end"),
        pytest.param(
            "%{ if true }%{ else if false }%{ endif }",
            "%{ else if false } has no beginning, or is no directive.",
            id="an else with a condition",
        ),
        pytest.param(
            "%{ for x }%{ endfor }",
            "%{ for x } is not of the form %{ for name in list }.",
            id="a loop over nothing",
        ),
        pytest.param("a${}", " is not an expression of Terraform.", id="no expression"),
        pytest.param("%{ if }%{ endif }", " is not an expression of Terraform.", id="no condition"),
    ],
)
def test_template_of_a_file_is_refused(sfn_sync: SfnSync, tmp_path: Path, template: str, told: str) -> None:
    files = {"main.tf": machine('templatefile("o.json", {})'), "o.json": f"\n{template}"}
    with pytest.raises((TemplateError, DefinitionError)) as caught:
        sfn_sync.load_terraform(write(tmp_path, files))
    assert f"o.json:2: {told}" in str(caught.value)


@pytest.mark.parametrize(
    ("heredoc", "text"),
    [
        pytest.param("<<EOT\n  a\nEOT", "  a\n", id="as it is"),
        pytest.param('<<EOT\na ${~ "b" ~} c\nEOT', "abc\n", id="marks that remove white space"),
        pytest.param(
            "<<EOT\nA:\n  b: 1\n%{ if true ~}\n  c: 2\n%{ endif ~}\n  d: 4\nEOT",
            "A:\n  b: 1\n  c: 2\n  d: 4\n",
            id="a mark that ends with its line",
        ),
        pytest.param("<<EOT\na\n  %{~ if true }b%{ endif }\nEOT", "a\nb\n", id="a mark that begins with its line"),
        pytest.param("<<EOT\na\n%{~ if true }b%{ endif }\nEOT", "ab\n", id="a mark at the beginning of its line"),
        pytest.param(
            "<<-EOT\n  X\n  %{ for i in [1, 2] ~}\n    a${i}\n  %{ endfor ~}\n  end\nEOT",
            "X\n    a1\n    a2\n  end\n",
            id="no line begins after a mark",
        ),
        pytest.param("<<-EOT\n    ${1}\n  b\nEOT", "  1\nb\n", id="the indentation before an expression"),
        pytest.param("<<-EOT\n    a\n${1}\nEOT", "    a\n1\n", id="an expression without indentation"),
        pytest.param("<<-EOT\n    a\n\n      b\n    EOT", "a\n\n  b\n", id="without its indentation"),
        pytest.param('<<-EOT\n    ${join(\n      ",",\n    [1])}\n    EOT', "1\n", id="an expression of three lines"),
        pytest.param(
            '<<EOT\n${jsonencode({ # "} of a comment\n a = 1 // } too\n /* } " */\n b = <<X\n"}\nX\n})}\nEOT',
            '{"a":1,"b":"\\"}\\n"}\n',
            id="comments and a heredoc in an expression",
        ),
    ],
)
def test_text_of_a_heredoc(sfn_sync: SfnSync, tmp_path: Path, heredoc: str, text: str) -> None:
    files = {"main.tf": f"locals {{\n  t = {heredoc}\n}}\n" + with_result("local.t")}
    assert result_of(sfn_sync, write(tmp_path, files)) == text


STATES = 'States = { A = {\n  Type = "Pass"\n  Next = "B"\n} }'


@pytest.mark.parametrize(
    ("files", "line"),
    [
        pytest.param(
            {"main.tf": machine(f'"${{jsonencode({{ StartAt = "A", {STATES} }})}}"')}, "main.tf:5", id="quotes"
        ),
        pytest.param(
            {"main.tf": machine(f'(\n  jsonencode({{ StartAt = "A", {STATES} }})\n)')}, "main.tf:6", id="parentheses"
        ),
        pytest.param(
            {
                "main.tf": machine('templatefile("o.tftpl", {})'),
                "o.tftpl": f'\n${{~ jsonencode({{ StartAt = "A", {STATES} }}) ~}}\n',
            },
            "o.tftpl:4",
            id="the file of templatefile",
        ),
    ],
)
def test_fault_in_an_expression_of_a_template_has_its_line(
    sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], line: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        sfn_sync.load_terraform(write(tmp_path, files))
    assert line in str(caught.value)


@pytest.mark.parametrize("definition", ['""', 'file("o.json")', 'templatefile("o.json", {})'])
def test_empty_definition_is_no_json(sfn_sync: SfnSync, tmp_path: Path, definition: str) -> None:
    with pytest.raises((TemplateError, DefinitionError), match="it is not JSON"):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": machine(definition), "o.json": ""}))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("${ /*" * 20_000, id="comments"),
        pytest.param("${ <<A\n" * 20_000, id="heredocs"),
    ],
)
def test_what_never_ends_in_a_template(sfn_sync: SfnSync, tmp_path: Path, text: str) -> None:
    files = {"main.tf": with_result('templatefile("t", {})'), "t": text}
    with pytest.raises((TemplateError, DefinitionError), match="has no closing brace"):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_a_template_of_too_many_lines(sfn_sync: SfnSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_sfn_sync.terraform.text_templates._MOST_PIECES", 50)
    files = {"main.tf": with_result('templatefile("t", {})'), "t": "a\n" * 60}
    with pytest.raises((TemplateError, DefinitionError), match="the template has more than 50 lines and sequences"):
        sfn_sync.load_terraform(write(tmp_path, files))
