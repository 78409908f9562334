"""A state machine as a resource or a call of a module has it: its name, its type and its definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pytest_sfn_sync.sources import LineMap, UnreadableSourceError
from pytest_sfn_sync.sources.json_source import read_json, spans_of_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.hcl_source import Block, TerraformError
from pytest_sfn_sync.terraform.values import ValueKindError, kind_of, text_of, text_of_file

TYPES: Final = ("STANDARD", "EXPRESS")
_LONGEST_NAME: Final = 80
_LENGTH_OF_SUFFIX: Final = 26
"""The characters that the provider adds to a name_prefix."""

_NAME: Final = re.compile(r"[0-9A-Za-z_-]+")
_PLACE_IN_TEXT: Final = re.compile(r" at line \d+, column \d+")


@dataclass(frozen=True, slots=True)
class WrittenMachine:
    """A machine as it is written; ``value`` evaluates an attribute, ``name`` the name with all defaults.

    ``is_of_module`` is whether it is a call of the module of terraform-aws-modules.
    """

    value: Callable[[str], Any]
    name: Callable[[], str]
    is_of_module: bool = False


def name_of(written: WrittenMachine) -> str:
    """Return the name of a machine; raise ValueKindError for one that the provider or AWS refuses.

    Documented: the provider's schema has these lengths and characters; AWS takes at most 80 characters.
    """
    for attribute, longest in (("name", _LONGEST_NAME), ("name_prefix", _LONGEST_NAME - _LENGTH_OF_SUFFIX)):
        value = written.value(attribute)
        if value is None:
            continue
        text = text_of(value).rpartition(":")[2]
        if not 1 <= len(text) <= longest:
            raise ValueKindError(f"{attribute} has 1 to {longest} characters, not {len(text)}")
        if _NAME.fullmatch(text) is None:
            raise ValueKindError(f"{attribute} may contain 0-9, A-Z, a-z, - and _ only, and is {text!r}")
    return written.name()[:_LONGEST_NAME]  # What is longer has a part that is made up here.


def type_of(written: WrittenMachine) -> str:
    """Return the type of a machine; raise ValueKindError for one that the provider refuses.

    Documented: the resource takes the two types in capitals; the module of terraform-aws-modules makes them capitals.
    """
    value = written.value("type")
    if value is None:
        return "STANDARD"
    kind = text_of(value).upper() if written.is_of_module else text_of(value)
    if kind not in TYPES:
        raise ValueKindError(f"type is 'EXPRESS' or 'STANDARD', in capitals, not {kind!r}")
    return kind


def definition_of(value: Any, block: Block) -> tuple[Any, str, Callable[[], LineMap | None]]:
    """Return the document of a definition, its file, and a function that returns the places of its parts.

    Raise TerraformError or ValueKindError if it is no JSON of an object.
    """
    if not isinstance(value, str):
        hint = " Write jsonencode(...) around it." if isinstance(value, Mapping) else ""
        raise ValueKindError(f"definition is a string of JSON, not {kind_of(value)}.{hint}".rstrip("."))
    embedded = getattr(value, "embedded", None)
    file = getattr(value, "file", None)
    made = getattr(value, "line_map", None)
    try:
        document = read_json(value)
    except UnreadableSourceError as error:
        why = _PLACE_IN_TEXT.sub("", error.why)
        if embedded is None or error.line is None or file is None:
            raise TerraformError(f"{why}.", block.where) from None
        line = embedded.place_at(error.line, error.column or 1)[0]
        raise TerraformError(f"{why}.", f"{shown_path(file)}:{line}") from None
    if not isinstance(document, dict):
        raise ValueKindError("definition is the JSON of an object")
    own_file = block.where.rpartition(":")[0]
    if made is not None:
        lines = made()
        return document, str(lines.file or own_file), made
    if embedded is None or file is None:
        return document, own_file, lambda: None
    return (
        document,
        file,
        lambda: LineMap(dict(spans_of_json(str(value), place=embedded.place)), text=text_of_file(file), file=file),
    )
