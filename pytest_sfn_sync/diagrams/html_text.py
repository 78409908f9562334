"""Texts and documents as HTML: escaped, and cut if they are long."""

from __future__ import annotations

import html
import json
import re
from typing import Any, Final

_DOCUMENT_LENGTH: Final = 4_000
_NO_CHARACTERS: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"  # marks that turn the direction of text
)
_encoder: Final = json.JSONEncoder(indent=2, ensure_ascii=False)


def escaped(text: str) -> str:
    """Return a text escaped for an element or a quoted attribute; forbidden characters become U+FFFD."""
    return html.escape(_NO_CHARACTERS.sub("\ufffd", text))


def document(value: Any) -> str:
    """Return a document as indented JSON in a ``pre``; a long one is cut, with a note."""
    chunks, length = [], 0
    # Written chunk by chunk, so that only the beginning of a document of 256 KiB is encoded.
    for chunk in _encoder.iterencode(value):
        chunks.append(chunk)
        length += len(chunk)
        if length > _DOCUMENT_LENGTH:
            break
    text = "".join(chunks)
    note = f'<p class="note">cut after {_DOCUMENT_LENGTH:,} characters</p>' if length > _DOCUMENT_LENGTH else ""
    return f"<pre>{escaped(text[:_DOCUMENT_LENGTH])}</pre>{note}"


def labelled(label: str, value: Any) -> str:
    """Return a document below a label."""
    return f'<div class="document"><h5>{escaped(label)}</h5>{document(value)}</div>'


def counted(count: int, noun: str) -> str:
    """Return a count with its noun in the singular or plural."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def left_out(count: int, noun: str) -> str:
    """Return a note with the count of things that are not shown; "" if all are shown."""
    return f'<p class="note">{counted(count, f"more {noun}")}, left out</p>' if count else ""
