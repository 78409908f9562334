"""What the files of one module's folder declare: variables, locals, resources, data sources, modules and outputs.

A name is declared once. The files that Terraform calls override files are read last; they change what others declare.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.hcl_source import Block, SourceExpression, TerraformError
from pytest_sfn_sync.terraform.json_form import read_block

_SUFFIXES: Final = (".tf.json", ".tf")
_KINDS: Final = {
    "variable": (1, "variable"),
    "module": (1, "module"),
    "output": (1, "output"),
    "resource": (2, "resource"),
    "data": (2, "data source"),
}
"""The labels that a block of a type has, and what messages call it."""


class RefusedConfigurationError(Exception):
    """Terraform refuses the whole configuration, whatever its values are: the reason, and the place."""

    def __init__(self, why: str, place: str) -> None:
        super().__init__(f"{place}: {why}")


@dataclass(slots=True)
class Declarations:
    """The blocks of a module by their labels, joined with dots, and its locals."""

    blocks: dict[str, dict[str, Block]] = field(default_factory=lambda: {type_: {} for type_ in _KINDS})
    locals: dict[str, SourceExpression] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        """Add a block of a file that is no override file; raise RefusedConfigurationError for a second of its name."""
        for name, expression in _locals_of(block):
            if name in self.locals:
                raise _duplicate("local", name, self.locals[name].where, expression.where)
            self.locals[name] = expression
        if block.type in _KINDS:
            address = _address_of(block)
            if "count" in block.attributes and "for_each" in block.attributes:
                raise RefusedConfigurationError(
                    f"{address} has count and for_each; a block has one of them.", block.where
                )
            known = self.blocks[block.type].setdefault(address, block)
            if known is not block:
                raise _duplicate(_KINDS[block.type][1], address, known.where, block.where)

    def override(self, block: Block) -> None:
        """Change what other files declare; raise RefusedConfigurationError if they don't declare it.

        Recorded: Terraform 1.11 replaces the attributes that an override file has, and keeps all others.
        """
        for name, expression in _locals_of(block):
            if name not in self.locals:
                raise _nothing_to_override("local", name, expression.where)
            self.locals[name] = expression
        if block.type in _KINDS:
            address = _address_of(block)
            known = self.blocks[block.type].get(address)
            if known is None:
                raise _nothing_to_override(_KINDS[block.type][1], address, block.where)
            known.attributes.update(block.attributes)


def read_declarations(folder: Path) -> Declarations:
    """Read the files of a folder; raise RefusedConfigurationError if Terraform would not read them."""
    found = Declarations()
    try:
        for path in _files(folder):
            for block in read_block(path).blocks:
                (found.override if _is_override(path) else found.add)(block)
    except TerraformError as error:
        raise RefusedConfigurationError(error.why, error.place) from None
    return found


def _files(folder: Path) -> list[Path]:
    """Return the files in Terraform's order. Recorded: Terraform 1.11 does not read files that begin with a dot."""
    found = [path for path in folder.iterdir() if path.name.endswith(_SUFFIXES) and not path.name.startswith(".")]
    if not found:
        raise RefusedConfigurationError("the folder has no *.tf file.", shown_path(str(folder)))
    return sorted(found, key=lambda path: (_is_override(path), path.name))


def _is_override(path: Path) -> bool:
    """Recorded: ``override.tf`` and ``a_override.tf`` are, ``b.override.tf`` and ``myoverride.tf`` are not."""
    stem = path.name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _locals_of(block: Block) -> Iterator[tuple[str, SourceExpression]]:
    return iter(block.attributes.items() if block.type == "locals" else ())


def _address_of(block: Block) -> str:
    count, kind = _KINDS[block.type]
    if len(block.labels) != count:
        wanted = "its name" if count == 1 else "its type and its name"
        why = f"a {kind} has {wanted} in quotes, not {len(block.labels)} labels."
        raise RefusedConfigurationError(why, block.where)
    return ".".join(block.labels)


def _duplicate(kind: str, name: str, first: str, second: str) -> RefusedConfigurationError:
    return RefusedConfigurationError(f"Duplicate {kind}: {name!r} is declared at {first} already.", second)


def _nothing_to_override(kind: str, name: str, where: str) -> RefusedConfigurationError:
    return RefusedConfigurationError(
        f"an override file changes what other files declare, and none declares the {kind} {name!r}.", where
    )
