"""Terraform's functions on strings."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from pytest_sfn_sync.sources.document_size import MOST_CHARACTERS
from pytest_sfn_sync.terraform.regular_expressions import matches
from pytest_sfn_sync.terraform.values import ValueKindError, list_of, text_of, whole_of

_GROUP = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})", re.ASCII)


def basename(path: Any) -> str:
    """Return the last part of a path."""
    text = text_of(path)
    return text.rstrip("/").rpartition("/")[2] or ("/" if text else ".")


def dirname(path: Any) -> str:
    """Return a path without its last part."""
    folder = posixpath.normpath(text_of(path).rpartition("/")[0] or ("/" if text_of(path)[:1] == "/" else "."))
    return "/" if folder == "//" else folder


def indent(spaces: Any, text: Any) -> str:
    """Return a text with spaces before each line but the first."""
    width, lines = whole_of(spaces), text_of(text).split("\n")
    _check_length(len(text) + max(width, 0) * len(lines))
    return ("\n" + " " * width).join(lines)


def join(separator: Any, first: Any, *more: Any) -> str:
    """Return the strings of lists with a separator between them."""
    texts = [text_of(item) for one in (first, *more) for item in list_of(one)]
    between = text_of(separator)
    _check_length(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def replace(text: Any, substring: Any, replacement: Any) -> str:
    """Return a text with parts replaced; a part between slashes is a regular expression."""
    written, what, by = text_of(text), text_of(substring), text_of(replacement)
    if len(what) > 1 and what.startswith("/") and what.endswith("/"):
        return _replaced(written, what[1:-1], by)
    _check_length(len(written) + written.count(what) * len(by))
    return written.replace(what, by)


def _replaced(text: str, pattern: str, by: str) -> str:
    """Return a text with its matches replaced; ``$1`` or ``${name}`` is a group, and empty if there is none."""
    made: list[str] = []
    at, size = 0, len(text)
    for match in matches(pattern, text):
        known: dict[Any, Any] = {**dict(enumerate((match[0], *match.groups()))), **match.groupdict()}

        def group(found: re.Match[str], known: dict[Any, Any] = known) -> str:
            name = found[2] or found[3]
            return "$" if found[1] else known.get(int(name) if name.isdigit() else name) or ""

        made += [text[at : match.start()], _GROUP.sub(group, by)]
        at = match.end()
        size += len(made[-1])
        _check_length(size)
    return "".join([*made, text[at:]])


def split(separator: Any, text: Any) -> list[str]:
    """Return the parts of a text between separators; without a separator they are its characters."""
    between, written = text_of(separator), text_of(text)
    return written.split(between) if between else list(written)


def substr(text: Any, offset: Any, length: Any) -> str:
    """Return a part of a text; a negative offset counts from the end, a negative length takes the rest."""
    whole, start, count = text_of(text), whole_of(offset), whole_of(length)
    start = max(start + len(whole), 0) if start < 0 else start
    return whole[start:] if count < 0 else whole[start : start + count]


def title(text: Any) -> str:
    """Return a text with a capital at the beginning of each word."""
    return re.sub(r"(?<!\w)\w", lambda match: match[0].upper(), text_of(text))


def _check_length(length: int) -> None:
    if length > MOST_CHARACTERS:
        raise ValueKindError(f"its text has more than {MOST_CHARACTERS:,} characters")
