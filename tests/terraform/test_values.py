"""The sizes that values may have, files that can't be read, and parsing once."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from pytest_sfn_sync.terraform import hcl_source
from pytest_sfn_sync.terraform.hcl_source import parsed
from pytest_sfn_sync.terraform.values import ValueKindError, items_of, kind_of, read_text, same, text_of_file
from tests.terraform.evaluated_expressions import value_of, why_not
from tests.terraform.written_configurations import machine, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")
TOO_LONG = "its text has more than 10,485,760 characters."
TOO_LARGE = (
    "it is too large: documents of up to 200,000 values and 10,485,760 characters are read, and AWS takes definitions "
    "of at most 1,048,576 characters."
)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param("jsonencode(many)", TOO_LARGE, id="JSON of lists that are shared"),
        pytest.param("yamlencode(many)", TOO_LARGE, id="YAML of lists that are shared"),
        pytest.param("flatten(many)", "its list has more than 200,000 items.", id="lists in lists"),
        pytest.param("setproduct(long, long)", "its list has more than 200,000 items.", id="combinations"),
        pytest.param("indent(99999999, text)", TOO_LONG, id="spaces"),
        pytest.param("join(text, long)", TOO_LONG, id="separators"),
        pytest.param('replace(text, "a", text)', TOO_LONG, id="a text in place of each character"),
        pytest.param('replace(text, "/a/", text)', TOO_LONG, id="a text in place of each match"),
        pytest.param(
            'format("%2000s", "a")',
            "%2000s is wider than 1024 characters, which pytest-sfn-sync does not support.",
            id="a width",
        ),
        pytest.param('format("%s", null)', "%s can't show null.", id="null"),
        pytest.param(
            'format(join("", [for x in slice(long, 0, 500) : "%[1]s"]), wide)', TOO_LONG, id="one value many times"
        ),
        pytest.param("10 * number", "a number has more than 1,000 digits, and AWS reads no such number.", id="digits"),
        pytest.param("1 / 0", "it divides by zero.", id="a quotient of zero"),
        pytest.param("1 % 0", "it divides by zero.", id="a remainder of zero"),
        pytest.param(
            "jsonencode([resource])",
            "it has a whole resource or module in it: name the attributes that are needed.",
            id="a resource",
        ),
        pytest.param("[for x in 5 : x]", "for needs a list, a set or a map, not a number.", id="a loop over a number"),
    ],
)
def test_what_is_too_large_is_told(expression: str, told: str) -> None:
    many: list[object] = ["a"]
    for _ in range(20):
        many = [many, many]
    known = {"many": many, "long": ["b"] * 1000, "text": "a" * 20_000, "wide": "b" * 30_000, "number": 10**1000}
    assert why_not(expression, **known, resource=object()).endswith(told)


def test_results_of_functions_are_counted(sfn_sync: SfnSync, tmp_path: Path) -> None:
    doubled = "".join(f'  t{n + 1} = try(join("", [local.t{n}, local.t{n}]), "short")\n' for n in range(24))
    files = {"main.tf": f'locals {{\n  t0 = "abcd"\n{doubled}}}\n' + machine("local.t24")}
    with pytest.raises(
        (TemplateError, DefinitionError), match="its templates become longer than 10,000,000 characters"
    ):
        sfn_sync.load_terraform(write(tmp_path, files))


def test_kinds_and_equality() -> None:
    thing = object()
    assert kind_of(thing) == "a whole resource or module"
    assert same(thing, thing)
    assert not same(thing, object())
    assert list(value_of('[for k, v in s : "${k}${v}"]', s=value_of('toset(["b", "a"])'))) == ["aa", "bb"]
    with pytest.raises(ValueKindError, match="a list is needed, not a set"):
        items_of(value_of('toset(["a"])'))


def test_file_is_shown_after_it_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text("a = 1\n", encoding="utf-8")
    read_text(path)
    path.unlink()
    other = tmp_path / "other.tf"
    other.write_text("b = 1\n", encoding="utf-8")
    assert [text_of_file(str(path)), text_of_file(str(other)), text_of_file(None)] == ["a = 1\n", "b = 1\n", ""]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"\xff", "main.tf: its file can't be read: 'utf-8' codec can't decode byte 0xff", id="no UTF-8"),
        pytest.param(b"x" * (10 * 1024 * 1024 + 1), "main.tf: its file has 10,485,761 bytes", id="too large"),
        pytest.param(b"a = 1\na = 2\n", "main.tf:2: 'a' is set at ", id="an attribute twice"),
        pytest.param(b"a = [\n", "main.tf", id="no HCL"),
    ],
)
def test_file_that_cant_be_read_is_told(sfn_sync: SfnSync, tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "main.tf").write_bytes(content)
    with pytest.raises(TemplateError) as caught:
        sfn_sync.load_terraform(tmp_path)
    assert told in str(caught.value)


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(hcl_source.TerraformError, match=r"main\.tf: there is no such file\."):
        hcl_source.read_hcl(tmp_path / "main.tf")


def test_text_is_parsed_once() -> None:
    assert parsed("a = 1\n") is parsed("a = 1\n")


DEFINITION = '{"StartAt": "A",\n "States": {"A": {"Type": "Pass",\n  "Next": "B"}}}\n'


@pytest.mark.parametrize(
    ("definition", "content", "line"),
    [
        pytest.param('jsonencode(jsondecode(file("o.txt")))', DEFINITION, "o.txt:3", id="JSON in a file"),
        pytest.param(
            'jsonencode(yamldecode(file("o.txt")))',
            "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n",
            "o.txt:5",
            id="YAML in a file",
            marks=pytest.mark.skipif(find_spec("yaml") is None, reason="needs the reader of YAML"),
        ),
        pytest.param(
            'jsonencode(jsondecode(file("o.txt")))', '{\n"a": x}', "which is line 2 of ", id="a fault in JSON"
        ),
    ],
)
def test_places_come_through_functions(
    sfn_sync: SfnSync, tmp_path: Path, definition: str, content: str, line: str
) -> None:
    with pytest.raises((TemplateError, DefinitionError)) as caught:
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": machine(definition), "o.txt": content}))
    assert line in str(caught.value)
