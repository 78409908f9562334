"""Texts and documents in HTML: escaped, whatever they hold, and cut where they are long."""

from __future__ import annotations

import html
import json
import re
from typing import Any, Final

_DOCUMENT_LENGTH: Final = 4_000
_NO_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_encoder: Final = json.JSONEncoder(indent=2, ensure_ascii=False)


def escaped(text: str) -> str:
    """Escape a text for an element or a quoted attribute; what no page may hold is replaced by U+FFFD."""
    return html.escape(_NO_CHARACTERS.sub("\ufffd", text))


def document(value: Any) -> str:
    """Write a document as JSON over several lines in a ``pre``; a long one is cut, and says so."""
    chunks, length = [], 0
    # Chunk by chunk: of a document of 256 KiB only the beginning is written.
    for chunk in _encoder.iterencode(value):
        chunks.append(chunk)
        length += len(chunk)
        if length > _DOCUMENT_LENGTH:
            break
    text = "".join(chunks)
    note = f'<p class="note">cut after {_DOCUMENT_LENGTH:,} characters</p>' if length > _DOCUMENT_LENGTH else ""
    return f"<pre>{escaped(text[:_DOCUMENT_LENGTH])}</pre>{note}"


def labelled(label: str, value: Any) -> str:
    """Write a document under a label."""
    return f'<div class="document"><h5>{escaped(label)}</h5>{document(value)}</div>'


def counted(count: int, noun: str) -> str:
    """Write a number of things."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def left_out(count: int, noun: str) -> str:
    """Note how many things of a kind are not shown; nothing where all are."""
    return f'<p class="note">{counted(count, f"more {noun}")}, left out</p>' if count else ""
