"""The error with which a distributed Map ends if its items can't be read."""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.error_names import STATES_ITEM_READER_FAILED, AslError

NOT_ITERABLE: Final = "Attempting to map over non-iterable node."
"""Recorded: the cause where the document, or what ItemsPointer names, is no array."""


def reader_failed(cause: str) -> AslError:
    """Return the error of an ItemReader; its cause has no prefix (recorded)."""
    return AslError(STATES_ITEM_READER_FAILED, cause)


def text_of(body: bytes) -> str:
    """Return the text of an object. Assumption: a text that is not UTF-8 fails, and a byte order mark is left out."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise reader_failed(f"The object is not encoded in UTF-8: {fault.reason} at byte {fault.start}") from None
