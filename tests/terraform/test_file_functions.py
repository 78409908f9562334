"""The functions that read files or work with paths."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from pytest_sfn_sync.sources.text_files import MOST_BYTES
from tests.terraform.written_configurations import result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

MADE_UP_TIME = "2025-01-01T00:00:00Z"
MADE_UP_UUID = "11111111-2222-3333-4444-555555555555"
ARCHIVE = b"PK\x03\x04\xff\x00"
VALUES = [
    pytest.param('file("a.txt")', "one\n", id="file"),
    pytest.param('filebase64("a.zip")', base64.b64encode(ARCHIVE).decode(), id="filebase64"),
    pytest.param('filesha1("a.zip")', hashlib.sha1(ARCHIVE).hexdigest(), id="filesha1"),
    pytest.param('filesha256("a.zip")', hashlib.sha256(ARCHIVE).hexdigest(), id="filesha256"),
    pytest.param('filesha512("a.zip")', hashlib.sha512(ARCHIVE).hexdigest(), id="filesha512"),
    pytest.param('filemd5("a.zip")', hashlib.md5(ARCHIVE).hexdigest(), id="filemd5"),
    pytest.param(
        'filebase64sha256("a.zip")', base64.b64encode(hashlib.sha256(ARCHIVE).digest()).decode(), id="filebase64sha256"
    ),
    pytest.param(
        'filebase64sha512("a.zip")', base64.b64encode(hashlib.sha512(ARCHIVE).digest()).decode(), id="filebase64sha512"
    ),
    pytest.param('[fileexists("a.txt"), fileexists("b.txt")]', [True, False], id="fileexists"),
    pytest.param('basename(abspath("x/../y"))', "y", id="abspath"),
    pytest.param('[pathexpand("~/a"), pathexpand("a")]', [f"{Path.home()}/a", "a"], id="pathexpand"),
    pytest.param('templatefile("a.tmpl", { x = 1 })', "x is 1", id="templatefile"),
    pytest.param('file("mark.json")', '\ufeff{"a":1}', id="a file with a byte order mark"),
    pytest.param('templatefile("mark.json", {})', '{"a":1}', id="a template with a byte order mark"),
    pytest.param('sort(fileset(path.module, "a.t*"))', ["a.tmpl", "a.txt"], id="fileset"),
    pytest.param('templatestring(local.t.x, { name = "Bob" })', "hi Bob", id="templatestring"),
    pytest.param("templatestring(var.t, { q = 1 })", "q is 1", id="templatestring of a variable"),
    pytest.param("[timestamp(), uuid()]", [MADE_UP_TIME, MADE_UP_UUID], id="what differs in each run of Terraform"),
    pytest.param("ephemeralasnull(1)", 1, id="ephemeralasnull of a plain value"),
]
FAULTS = [
    pytest.param('file("b.txt")', "there is no file 'b.txt' in {folder}, which has a.txt", id="no such file"),
    pytest.param('file("no/b.txt")', "there is no folder {folder}/no", id="no such folder"),
    pytest.param('filesha256("folder")', "{folder}/folder can't be read: it is a folder, not a file", id="a folder"),
    pytest.param('file("pipe")', "{folder}/pipe can't be read: it is a named pipe, not a file", id="a pipe"),
    pytest.param('fileexists("folder")', "{folder}/folder is not a file", id="a folder for fileexists"),
    pytest.param('file("a.zip")', "a.zip can't be read: its file can't be read: 'utf-8' codec", id="no text"),
    pytest.param('file("large")', f"large can't be read: its file has {MOST_BYTES + 1:,} bytes", id="a large file"),
    pytest.param('filesha256("s3://b/k")', "s3://b/k can't be read: it is a URL, not a path", id="a URL"),
    pytest.param('file("")', "an empty text is no path", id="an empty path"),
    pytest.param('jsondecode(file("mark.json"))', "it is not JSON (Unexpected UTF-8 BOM", id="JSON with a mark"),
    pytest.param(
        'fileset("x")', "fileset takes a folder and a pattern, not 1 arguments", id="fileset of a folder alone"
    ),
    *(
        pytest.param(call, "templatestring takes a reference to a text, and an object", id=name)
        for name, call in {
            "templatestring of a text": 'templatestring("a", {})',
            "templatestring without values": "templatestring(var.t, 1)",
            "templatestring of a text alone": "templatestring(var.t)",
        }.items()
    ),
    pytest.param("file(1, 2)", "file takes one path, not 2 arguments", id="two arguments"),
    pytest.param("file()", "file takes one path, not 0 arguments", id="no argument"),
    pytest.param("file([])", "a string is needed, not a list", id="a list"),
    pytest.param('templatefile("a.tmpl")', "templatefile takes a path and an object", id="a template without values"),
    pytest.param('templatefile("a.tmpl", 1)', "templatefile takes a path and an object", id="a number for the values"),
    pytest.param(
        'templatefile("in.tmpl", {})',
        "templatefile can't be called in the file of another templatefile",
        id="a template in a template",
    ),
]


def folder_of(tmp_path: Path, expression: str) -> Path:
    files = {
        "main.tf": with_result(expression)
        + 'locals {\n  t = { x = "hi $${name}" }\n}\nvariable "t" {\n  default = "q is $${q}"\n}\n',
        "mark.json": '\ufeff{"a":1}',
        "a.txt": "one\n",
        "a.tmpl": "x is ${x}",
        "in.tmpl": '${templatefile("a.tmpl", {})}',
        "folder/x": "",
    }
    write(tmp_path, files)
    (tmp_path / "a.zip").write_bytes(ARCHIVE)
    return tmp_path


@pytest.mark.parametrize(("expression", "right"), VALUES)
def test_value(sfn_sync: SfnSync, tmp_path: Path, expression: str, right: object) -> None:
    assert result_of(sfn_sync, folder_of(tmp_path, expression)) == right


@pytest.mark.parametrize(("expression", "told"), FAULTS)
def test_fault(sfn_sync: SfnSync, tmp_path: Path, expression: str, told: str) -> None:
    folder = folder_of(tmp_path, expression)
    os.mkfifo(folder / "pipe")
    with (folder / "large").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    with pytest.raises((TemplateError, DefinitionError), match=re.escape(told.format(folder=tmp_path))):
        sfn_sync.load_terraform(folder)
