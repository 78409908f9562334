"""Files of Terraform in the form of JSON (``main.tf.json``), read to the blocks of the other form."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.json_source import read_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.hcl_source import Block, Code, SourceExpression, TerraformError, code_of, read_hcl

_LABELS: Final = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "locals": 0}


def read_block(path: Path) -> Block:
    """Read a file of either form to one block; raise TerraformError if it can't be read."""
    return block_of_json(code_of(path)) if path.suffix == ".json" else read_hcl(path)


def block_of_json(code: Code) -> Block:
    """Return the block for a file; texts in it are templates, and all other values are plain values."""
    where = shown_path(str(code.file))
    try:
        root = read_json(code.text)
    except UnreadableSourceError as error:
        raise TerraformError(f"{error.why}.", where if error.line is None else f"{where}:{error.line}") from None
    if not isinstance(root, dict):
        raise TerraformError("it is not an object.", where)
    block = Block("", [], where)
    for name, value in root.items():
        if name in _LABELS:
            _add(block, name, [], value, _LABELS[name], code)
        else:
            block.attributes[name] = SourceExpression(value, code)
    return block


def _add(block: Block, type_: str, labels: list[str], value: Any, depth: int, code: Code) -> None:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        if depth:
            for label, inner in item.items():
                _add(block, type_, [*labels, label], inner, depth - 1, code)
        else:
            attributes = {name: SourceExpression(member, code) for name, member in item.items()}
            block.blocks.append(Block(type_, labels, block.where, attributes))
