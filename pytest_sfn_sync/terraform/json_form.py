"""Files of Terraform in the form of JSON (``main.tf.json``), read to the blocks of the other form."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text
from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.json_source import read_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.hcl_source import Block, Code, SourceExpression, TerraformError, code_of, read_hcl

_LABELS: Final = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "locals": 0}
_COMMENT: Final = "//"
"""The key whose value Terraform takes as a comment."""


def read_block(path: Path) -> Block:
    """Read a file of either form to one block; raise TerraformError if it can't be read."""
    if path.suffix != ".json":
        return read_hcl(path)
    code, root = _read(path)
    block = Block("", [], shown_path(str(path)))
    for name, value in root.items():
        if name in _LABELS:
            _add(block, name, [], value, code)
    return block


def read_values(path: Path) -> dict[str, SourceExpression]:
    """Read a file of values, such as ``terraform.tfvars``; raise TerraformError if it can't be read."""
    if path.suffix != ".json":
        return read_hcl(path).attributes
    code, root = _read(path)
    return {name: SourceExpression(value, code) for name, value in root.items()}


def _read(path: Path) -> tuple[Code, dict[str, Any]]:
    code = code_of(path)
    where = shown_path(str(path))
    try:
        root = read_json(code.text)
    except UnreadableSourceError as error:
        raise TerraformError(f"{error.why}.", where if error.line is None else f"{where}:{error.line}") from None
    if not isinstance(root, dict):
        raise TerraformError("it is not an object.", where)
    return code, root


def _add(block: Block, type_: str, labels: list[str], value: Any, code: Code) -> None:
    """Add the blocks of a value, which is an object or a list of objects; texts in it are templates."""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            name = shown_text(".".join([type_, *labels]))
            raise TerraformError(f"{name} is an object, or a list of objects.", block.where)
        if len(labels) < _LABELS[type_]:
            for label, inner in item.items():
                _add(block, type_, [*labels, label], inner, code)
        else:
            attributes = {name: SourceExpression(member, code) for name, member in item.items() if name != _COMMENT}
            block.blocks.append(Block(type_, labels, block.where, attributes))
