"""The values of resources and data sources that follow from the configuration alone."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync
from tests.terraform.written_configurations import machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

DATA = """\
data "template_file" "text" {
  template = file("greeting.tpl")
  vars     = { name = "Bob" }
}
data "template_file" "plain" {
  template = "plain"
}
data "template_file" "nothing" {}
data "local_file" "greeting" {
  filename = "${path.module}/plain.txt"
}
resource "terraform_data" "kept" {
  input = { a = [1] }
}
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("data.template_file.text.rendered", "hi Bob", id="a template of a file"),
        pytest.param("data.template_file.plain.rendered", "plain", id="a template without values"),
        pytest.param("data.template_file.nothing.rendered", None, id="a data source without a template"),
        pytest.param("data.template_file.json.rendered", "1 and 2", id="a template in a file of JSON"),
        pytest.param("data.local_file.greeting.content", "hello", id="the content of a file"),
        pytest.param("terraform_data.kept.output.a", [1], id="the output of a kept value"),
    ],
)
def test_values_that_follow_from_the_configuration(
    sfn_sync: SfnSync, tmp_path: Path, expression: str, value: object
) -> None:
    files = {"main.tf": DATA + with_result(expression), "greeting.tpl": "hi ${name}", "plain.txt": "hello"}
    files["more.tf.json"] = '{"data": {"template_file": {"json": {"template": "$${a} and 2", "vars": {"a": 1}}}}}'
    assert result_of(sfn_sync, write(tmp_path, files)) == value


def test_a_fault_in_a_rendered_definition_is_told_at_its_line(sfn_sync: SfnSync, tmp_path: Path) -> None:
    data = 'data "template_file" "flow" {\n  template = file("flow.json.tpl")\n  vars = { name = "A" }\n}\n'
    flow = '{"StartAt": "${name}", "States": {\n  "A": {"Type": "Pass", "Nxet": "B", "End": true}}}'
    write(tmp_path, {"main.tf": data + machine("data.template_file.flow.rendered"), "flow.json.tpl": flow})
    with pytest.raises(DefinitionError, match=r"flow\.json\.tpl:2:25"):
        sfn_sync.load_terraform(tmp_path)
