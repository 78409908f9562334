"""Files of HCL, read with python-hcl2: blocks, attributes, and the source code of each expression with its places."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.sources.json_source import Place
from pytest_sfn_sync.sources.line_map import LineIndex
from pytest_sfn_sync.sources.source_text import shown_path

Tree = Any
"""A node of the syntax tree of python-hcl2, which has no types."""

_MISSING: Final = (
    "Terraform's files are read with python-hcl2, which is not installed; it comes with the extra `terraform`: "
    'pip install "pytest-sfn-sync[terraform]"'
)
_OTHER_HCL2: Final = (
    "The module hcl2 that is installed can't read Terraform's files to trees. It is that of bc-python-hcl2, or an old "
    "python-hcl2; both packages use the name hcl2. Remove it, and install the extra `terraform`: "
    'pip uninstall bc-python-hcl2 python-hcl2, then pip install "pytest-sfn-sync[terraform]"'
)


class TerraformError(Exception):
    """A value can't be evaluated, or a file can't be read: the reason, and the place as ``file:line``."""

    def __init__(self, why: str, place: str) -> None:
        super().__init__(why)
        self.why = why
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of HCL: its text, its file, and the places of its characters in the file."""

    text: str
    file: Path
    place: Place

    def of(self, tree: Tree) -> str:
        """Return the source code of a node."""
        return self.text[tree.meta.start_pos : tree.meta.end_pos].strip()

    def line(self, tree: Tree) -> int:
        """Return the line of a node in the file."""
        return 1 if tree.meta.empty else self.place(tree.meta.start_pos)[0]

    def where(self, tree: Tree) -> str:
        """Return the place of a node, as messages show it."""
        return f"{shown_path(str(self.file))}:{self.line(tree)}"


@dataclass(frozen=True, slots=True)
class SourceExpression:
    """An expression with the code that it stands in; ``tree`` is a plain value in a file of JSON."""

    tree: Tree
    code: Code

    @property
    def where(self) -> str:
        """The place, as messages show it."""
        return self.code.where(self.tree) if is_tree(self.tree) else shown_path(str(self.code.file))


@dataclass(slots=True)
class Block:
    """A block: its type and labels, its attributes by name, and its blocks."""

    type: str
    labels: list[str]
    where: str
    attributes: dict[str, SourceExpression] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def blocks_of(self, type_: str) -> Iterator[Block]:
        """Yield the blocks of a type."""
        return (block for block in self.blocks if block.type == type_)


def is_tree(value: object) -> bool:
    """Return whether a value is a node of a syntax tree."""
    return hasattr(value, "data") and hasattr(value, "children")


def parts(tree: Tree) -> list[Tree]:
    """Return the nodes directly beneath a node, without its tokens and comments."""
    return [child for child in tree.children if is_tree(child) and child.data != "new_line_or_comment"]


def tokens(tree: Tree) -> list[str]:
    """Return the texts of the tokens directly beneath a node."""
    return [str(child) for child in tree.children if not is_tree(child) and child is not None]


def parsed(text: str) -> Tree:
    """Parse a text of HCL; raise TemplateError if python-hcl2 is missing."""
    return _parser()(text)


def read_hcl(path: Path) -> Block:
    """Read a file to a block with its blocks and attributes; raise TerraformError if it can't be read."""
    code = code_of(path)
    text = code.text
    parse = _parser()
    try:
        tree = parse(text if text.endswith("\n") else f"{text}\n")
    except Exception as error:  # The errors of the parser are those of lark, which is not imported here.
        line = getattr(error, "line", None)
        place = shown_path(str(path)) if not isinstance(line, int) or line < 1 else f"{shown_path(str(path))}:{line}"
        reason = str(error).strip().partition("\n")[0]
        raise TerraformError(f"it can't be parsed as HCL: {reason}", place) from None
    block = Block("", [], shown_path(str(path)))
    _fill(block, next(iter(parts(tree))), code)
    return block


def code_of(path: Path) -> Code:
    """Return the text of a file; raise TerraformError if it can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise TerraformError(f"the file can't be read: {error}.", shown_path(str(path))) from None
    return Code(text, path, LineIndex(text).place)


def _fill(block: Block, body: Tree, code: Code) -> None:
    for part in parts(body):
        if part.data == "attribute":
            name, value = parts(part)
            known = block.attributes.setdefault(code.of(name), SourceExpression(value, code))
            if known.tree is not value:
                raise TerraformError(f"{code.of(name)!r} is set at {known.where} already.", code.where(part))
        elif part.data == "block":
            *names, inner = parts(part)
            words = [code.of(name).strip('"') for name in names]
            found = Block(words[0], words[1:], code.where(part))
            _fill(found, inner, code)
            block.blocks.append(found)


def _parser() -> Callable[[str], Tree]:
    try:
        library = importlib.import_module("hcl2")
    except ImportError:
        raise TemplateError(_MISSING) from None
    parse: Callable[[str], Tree] | None = getattr(library, "parses_to_tree", None)
    if parse is None:
        raise TemplateError(_OTHER_HCL2)
    return parse
