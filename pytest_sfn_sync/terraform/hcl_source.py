"""Files of HCL, read with python-hcl2: blocks, attributes, and the source code of each expression with its places."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.shown_text import shown_text
from pytest_sfn_sync.sources.json_source import Place
from pytest_sfn_sync.sources.line_map import LineIndex
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import UnreadableSourceError
from pytest_sfn_sync.terraform.values import read_text

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
        return self.place(tree.meta.start_pos)[0]

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


def is_tree(value: object) -> bool:
    """Return whether a value is a node of a syntax tree."""
    return hasattr(value, "data") and hasattr(value, "children")


def parts(tree: Tree) -> list[Tree]:
    """Return the nodes directly beneath a node, without its tokens and comments."""
    # A token is a str. This is asked so often that `is_tree` would take a third of all time.
    return [
        child
        for child in tree.children
        if child is not None and not isinstance(child, str) and child.data != "new_line_or_comment"
    ]


def tokens(tree: Tree) -> list[str]:
    """Return the texts of the tokens directly beneath a node."""
    return [str(child) for child in tree.children if not is_tree(child) and child is not None]


class UnparsedError(Exception):
    """A text is not HCL: the reason, and the line if it is known."""

    def __init__(self, why: str, line: int | None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


def parsed(text: str) -> Tree:
    """Parse a text of HCL, once for a process.

    Raise TemplateError if python-hcl2 is missing, and UnparsedError if the text is not HCL.
    """
    return _tree_of(_parser(), text)


@lru_cache(maxsize=1024)
def _tree_of(parse: Callable[[str], Tree], text: str) -> Tree:
    try:
        return parse(text)
    except Exception as error:  # The errors of the parser are those of lark, which is not imported here.
        line = getattr(error, "line", None)
        known = line if isinstance(line, int) and line > 0 else None
        raise UnparsedError(shown_text(str(error).strip().partition("\n")[0]), known) from None


def read_hcl(path: Path) -> Block:
    """Read a file to a block with its blocks and attributes; raise TerraformError if it can't be read."""
    code = code_of(path)
    where = shown_path(str(path))
    try:
        tree = parsed(code.text if code.text.endswith("\n") else f"{code.text}\n")
    except UnparsedError as error:
        place = where if error.line is None else f"{where}:{error.line}"
        raise TerraformError(f"it can't be parsed as HCL: {error.why}", place) from None
    block = Block("", [], where)
    try:
        _fill(block, next(iter(parts(tree))), code)
    except RecursionError:
        raise TerraformError("its blocks are nested too deep.", where) from None
    return block


def code_of(path: Path) -> Code:
    """Return the text of a file; raise TerraformError if it can't be read."""
    try:
        text = read_text(path)
    except FileNotFoundError:
        raise TerraformError("there is no such file.", shown_path(str(path))) from None
    except UnreadableSourceError as error:
        raise TerraformError(f"{error.why}.", shown_path(str(path))) from None
    return Code(text, path, LineIndex(text).place)


def _fill(block: Block, body: Tree, code: Code) -> None:
    for part in parts(body):
        if part.data == "attribute":
            name, value = parts(part)
            known = block.attributes.setdefault(code.of(name), SourceExpression(value, code))
            if known.tree is not value:
                raise TerraformError(f"{code.of(name)!r} is set at {known.where} already.", code.where(part))
        else:
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
