"""Terraform's functions that write and read JSON, YAML and Base64; what they read keeps its places in the file."""

from __future__ import annotations

import base64
import binascii
import codecs
import json
from collections.abc import Mapping
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources import LineMap, UnreadableSourceError
from pytest_sfn_sync.sources.json_source import read_json, spans_of_json
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.yaml_dialects import GO_YAML
from pytest_sfn_sync.terraform.guessed_values import GuessedText
from pytest_sfn_sync.terraform.values import (
    PlacedObject,
    PlacedText,
    ValueKindError,
    check_size,
    json_of,
    text_of,
    text_of_file,
)

_OF_PYTHON_ALONE: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"})
"""Codecs of Python that IANA's list of encodings does not have, or that Terraform does not know."""


def jsonencode(value: Any) -> Any:
    """Return the JSON text of a value; an object keeps the lines of its parts."""
    text = json_of(value)
    line_map = getattr(value, "line_map", None)
    return PlacedText(text, line_map=line_map) if line_map is not None else text


def jsondecode(text: Any) -> Any:
    """Return the value of a JSON text; an object keeps the lines of its parts in the file."""
    if isinstance(text, GuessedText):
        return text
    try:
        return _placed(read_json(text_of(text), on_repetition=_last_counts), text)
    except UnreadableSourceError as error:
        raise ValueKindError(f"{error.why}{_in_file(text, error.line)}") from None


def yamldecode(text: Any) -> Any:
    """Return the value of a YAML text; an object keeps the lines of its parts in the file."""
    if isinstance(text, GuessedText):
        return text
    from pytest_sfn_sync.sources.yaml_source import read_yaml

    try:
        # Recorded: Terraform 1.11 skips a byte order mark here, and not in jsondecode.
        document, lines = read_yaml(
            text_of(text).removeprefix("\ufeff"),
            file=getattr(text, "file", None),
            dialect=GO_YAML,
            on_repetition=_last_counts,
        )
    except UnreadableSourceError as error:
        raise ValueKindError(f"{error.why}{_in_file(text, error.line)}") from None
    found = _placed(_plain(document), text)
    if isinstance(found, PlacedObject):
        found.line_map = lambda: _moved(lines, text)
    return found


def yamlencode(value: Any) -> str:
    """Return the YAML text of a value, as Terraform writes it: quoted keys and texts, in blocks."""
    check_size(value)
    first, *rest = _yaml_lines(value)
    lines = [first, *(_indented(rest) if isinstance(value, str) else rest)]
    is_open = not isinstance(value, str | list | Mapping)
    return "".join(f"{line}\n" for line in [*lines, *(["..."] if is_open else [])])


def base64decode(text: Any) -> str:
    """Return the text that a text in Base64 stands for."""
    written = text_of(text)
    try:
        return base64.b64decode(written.replace("\r", "").replace("\n", ""), validate=True).decode()
    except binascii.Error:
        raise ValueKindError("it is no Base64") from None
    except UnicodeDecodeError:
        raise ValueKindError("its Base64 stands for bytes that are no text in UTF-8") from None


def textencodebase64(text: Any, encoding: Any) -> str:
    """Return a text in an encoding such as UTF-16LE, in Base64."""
    name = text_of(encoding)
    try:
        return base64.b64encode(_bytes_of(text_of(text), _codec_of(name))).decode()
    except UnicodeEncodeError:
        raise ValueKindError(f"the text has characters that {shown_value(name)} does not have") from None


def textdecodebase64(text: Any, encoding: Any) -> str:
    """Return the text that a text in Base64 stands for in an encoding."""
    name = text_of(encoding)
    try:
        return base64.b64decode(text_of(text), validate=True).decode(_codec_of(name))
    except binascii.Error:
        raise ValueKindError("it is no Base64") from None
    except UnicodeDecodeError:
        raise ValueKindError(f"its Base64 stands for bytes that are no text in {shown_value(name)}") from None


def _codec_of(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        "".encode(codec.name)  # Python has codecs that are no encodings of texts.
        if codec.name in _OF_PYTHON_ALONE:
            raise LookupError
    except LookupError:
        raise ValueKindError(f"{shown_value(encoding)} is not the name of an encoding") from None
    return codec.name


def _bytes_of(text: str, codec: str) -> bytes:
    # Recorded: Terraform 1.11 writes UTF-16 with a mark and the higher byte first.
    return codecs.BOM_UTF16_BE + text.encode("utf-16-be") if codec == "utf-16" else text.encode(codec)


def _last_counts(repetition: UnreadableSourceError) -> None:
    """Take the last value of a key that an object has twice, as Terraform 1.11 does (recorded)."""


def _yaml_lines(value: Any) -> list[str]:
    if isinstance(value, Mapping) and value:
        lines = []
        for key, member in sorted(value.items()):
            first, *rest = _yaml_lines(member)
            name = json.dumps(key, ensure_ascii=False)
            if isinstance(member, Mapping) and member:
                lines += [f"{name}:", *_indented([first, *rest])]
            elif isinstance(member, list) and member:
                lines += [f"{name}:", first, *rest]
            else:
                lines += [f"{name}: {first}", *_indented(rest)]
        return lines
    if isinstance(value, list) and value:
        lines = []
        for item in value:
            first, *rest = _yaml_lines(item)
            lines += [f"- {first}", *_indented(rest)]
        return lines
    if isinstance(value, str):
        return _yaml_text(value)
    return [json_of(value)]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]


def _yaml_text(text: str) -> list[str]:
    """Return the lines of a text: in quotes, or a block for a text of several lines."""
    if "\n" not in text:
        return [json.dumps(text, ensure_ascii=False)]
    indent = "2" if text[0] in " \n" else ""
    end = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") or text == "\n" else ""
    lines = text.removesuffix("\n").split("\n")
    return [f"|{indent}{end}", *lines]


def _plain(value: Any) -> Any:
    """Return a YAML document with plain texts in place of those with a placeholder."""
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _placed(document: Any, text: Any) -> Any:
    embedded = getattr(text, "embedded", None)
    if embedded is None or not isinstance(document, dict):
        return document
    found = PlacedObject(document)
    found.line_map = lambda: LineMap(
        dict(spans_of_json(text, place=embedded.place)), text=text_of_file(text.file), file=text.file
    )
    return found


def _moved(lines: LineMap, text: PlacedText) -> LineMap:
    """Return a line map of a rendered text with the lines of the file that the text is from."""
    place = text.embedded.place_at  # type: ignore[union-attr]  # A placed object was read from such a text.
    spans = {
        location: type(span)(*place(*span[:2]), *place(*span[2:4]), *place(*span[4:]))
        for location, span in lines.spans.items()
    }
    return LineMap(spans, text=text_of_file(lines.file), file=lines.file)


def _in_file(text: Any, line: int | None) -> str:
    embedded = getattr(text, "embedded", None)
    if embedded is None or line is None:
        return ""
    return f", which is line {embedded.place_at(line)[0]} of {shown_path(text.file)}"
