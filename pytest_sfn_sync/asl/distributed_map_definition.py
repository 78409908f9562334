"""The fields of a distributed Map after parsing: frozen data, with expressions compiled.

A number is a literal, or an expression where the definition has a path or JSONata.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_sfn_sync.asl.expressions import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReader:
    """An ``ItemReader``; ``arguments`` evaluates to the parameters of the action, such as Bucket and Key.

    ``action`` is ``getObject`` or ``listObjectsV2``. ``delimiter`` is the character between the columns of a CSV file.
    ``headers`` are the ``CSVHeaders``; None if the first row has the names of the columns.
    """

    action: str
    arguments: Expression | None = None
    input_type: str | None = None
    manifest_type: str | None = None
    loads_objects: bool = False
    """True for the transformation LOAD_AND_FLATTEN: the objects of a list are read, and their items joined."""
    max_items: int | Expression = 0
    delimiter: str = ","
    headers: tuple[str, ...] | None = None
    items_pointer: str | Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBatcher:
    """An ``ItemBatcher``; a limit of 0 is no limit."""

    batch_input: Expression | None = None
    max_items: int | Expression = 0
    max_bytes: int | Expression = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWriter:
    """A ``ResultWriter``; ``arguments`` evaluates to Bucket and Prefix. Without a Resource, nothing is written."""

    has_resource: bool
    arguments: Expression | None = None
    transformation: str | None = None
    output_type: str = "JSON"


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributedMap:
    """The fields that a Map has besides those of an inline one; ``execution_type`` is that of its children."""

    execution_type: str
    label: str | None = None
    reader: ItemReader | None = None
    batcher: ItemBatcher | None = None
    writer: ResultWriter | None = None
