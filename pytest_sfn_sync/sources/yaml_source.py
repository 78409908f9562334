"""YAML documents and the places of their parts; the only module that uses the YAML library.

The dialect (`yaml_dialects`) decides which scalars are numbers, booleans or null. In YAML 1.1 a key that is not a
string is refused, because its text would be lost; in a template it becomes a `NotAName`. Dates stay texts, because JSON
has no dates. Tags such as ``!Sub x`` become ``{"Fn::Sub": "x"}`` if the caller accepts tags; else they are refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, Final

from pytest_sfn_sync.shown_text import MOST_OF_A_VALUE, shown_text
from pytest_sfn_sync.sources.document_size import (
    LONGEST_PATH,
    MOST_DIGITS,
    MOST_NODES,
    TOO_LARGE,
    TOO_MANY_DIGITS,
    DocumentSize,
)
from pytest_sfn_sync.sources.json_source import repeated_key
from pytest_sfn_sync.sources.line_map import LONGEST_LOCATION, LineIndex, LineMap, Span
from pytest_sfn_sync.sources.source_text import YAML_LINE_END, UnquotedText
from pytest_sfn_sync.sources.text_files import UnreadableSourceError
from pytest_sfn_sync.sources.yaml_dialects import STANDARD_TAG, YAML_1_1, Dialect

Node = Any
"""A node of the YAML library's graph; the library has no types."""

_MERGE: Final = f"{STANDARD_TAG}merge"
_TIMESTAMP: Final = f"{STANDARD_TAG}timestamp"
_SCALARS: Final = frozenset({"null", "bool", "int", "float"})
_KINDS: Final = _SCALARS | {"str", "timestamp", "value", "merge", "map", "seq"}
_NOT_INSTALLED: Final = (
    "YAML is read with PyYAML, which is not installed; it comes with the extra `yaml`: "
    'pip install "pytest-sfn-sync[yaml]"'
)


def read_yaml(
    text: str,
    *,
    file: str | None,
    tags: Callable[[str, Any], Any] | None = None,
    dialect: Dialect = YAML_1_1,
    on_repetition: Callable[[UnreadableSourceError], None] | None = None,
) -> tuple[Any, LineMap]:
    """Read a text; return the document and the map of its parts.

    In a definition, a string without quotes that begins with a placeholder is an `UnquotedText`, so that
    ``Seconds: ${Pause}`` may become a number. ``tags`` is called with a tag (``!Sub``) and the value after it. If it is
    given, the text is a template. Raise UnreadableSourceError if the text can't be read.

    A mapping that has a key twice can't be read either. With ``on_repetition``, the last value counts, as in YAML 1.1's
    tools, and the function is called with the error; js-yaml always refuses such a mapping.
    """
    yaml = _library()
    text = YAML_LINE_END.sub("\n", text)
    try:
        loader = _loader_class(yaml, dialect)(text)
    except UnicodeEncodeError as error:
        raise _unacceptable(text, error.start, "surrogates not allowed") from None
    try:
        root = loader.get_single_node()
        if root is None:
            raise UnreadableSourceError("it is an empty YAML document")
        return _Reading(yaml, loader, tags, dialect, text, on_repetition).read(root, file=file)
    except yaml.reader.ReaderError as error:
        raise _unacceptable(text, error.position, error.reason) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context
        if problem.startswith("but "):
            problem = f"{error.context}, {problem}"  # A second document: not clear without the context.
        if mark is None:
            raise UnreadableSourceError(f"it is not YAML ({problem})") from None
        line, column = mark.line + 1, mark.column + 1
        why = f"it is not YAML ({shown_text(problem)} at line {line}, column {column})"
        raise UnreadableSourceError(why, line=line, column=column) from None
    except yaml.YAMLError as error:
        raise UnreadableSourceError(f"it is not YAML ({shown_text(str(error))})") from None
    except RecursionError:
        raise UnreadableSourceError("it is nested too deeply to be read as YAML") from None
    finally:
        loader.dispose()


def _unacceptable(text: str, position: int, reason: str) -> UnreadableSourceError:
    line, column = LineIndex(text).place(position)
    why = f"it is not YAML (the character {text[position]!r} at line {line}, column {column}: {reason})"
    return UnreadableSourceError(why, line=line, column=column)


def _reason(text: str, error: Exception) -> str:
    return TOO_MANY_DIGITS if len(text) > MOST_DIGITS else shown_text(str(error))


def _library() -> ModuleType:
    try:
        import yaml
    except ModuleNotFoundError as missing:
        if missing.name != "yaml":
            raise
        raise UnreadableSourceError(_NOT_INSTALLED) from None
    return yaml


@cache
def _loader_class(yaml: ModuleType, dialect: Dialect) -> Any:
    """Return the library's loader, with the dialect's table of types instead of its own."""
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if dialect.types is None:
        return base
    by_first_character: dict[str, list[tuple[str, Any]]] = {}
    for type_ in dialect.types:
        for first in (*type_.first, *([""] if type_.pattern.match("") else [])):
            by_first_character.setdefault(first, []).append((type_.tag, type_.pattern))
    return type("Loader", (base,), {"yaml_implicit_resolvers": by_first_character})


class NotAName(str):
    """A key of a template that is a number or a boolean in YAML: its text, and the reason why it is not a name.

    Templates have such keys outside of definitions, such as the status codes of an API. There they are correct.
    """

    __slots__ = ("why",)
    why: str

    def __new__(cls, written: str, why: str) -> NotAName:
        """Return the key's text with the reason."""
        key = super().__new__(cls, written)
        key.why = why
        return key


class _Reading:
    """The reading of one YAML document."""

    def __init__(
        self,
        yaml: ModuleType,
        loader: Any,
        tags: Callable[[str, Any], Any] | None,
        dialect: Dialect,
        text: str,
        on_repetition: Callable[[UnreadableSourceError], None] | None,
    ) -> None:
        self._on_repetition = None if dialect.refuses_repetitions else on_repetition
        self._yaml = yaml
        self._loader = loader
        self._tags = tags
        self._keys_are_texts = dialect.keys_are_texts
        self._types = None if dialect.types is None else {type_.tag: type_ for type_ in dialect.types}
        self._spans: dict[str, Span] = {}
        self._open: set[int] = set()
        self._size = DocumentSize()
        self._own_members: dict[int, int] = {}
        self._text = text
        self._lines = text.split("\n")

    def read(self, root: Node, *, file: str | None) -> tuple[Any, LineMap]:
        document = self._value(root, "", None)
        return document, LineMap(self._spans, text=self._text, file=file)

    def _value(self, node: Node, location: str, key: Node | None) -> Any:
        if id(node) in self._open:
            raise self._refusal(node, "an alias refers to a value that contains the alias")
        self._check_tag(node)
        within = self._size.adds(len(node.value) if isinstance(node, self._yaml.ScalarNode) else 0)
        if not within or len(location) > LONGEST_PATH:
            raise self._refusal(node, f"its aliases make it too large: {TOO_LARGE}")
        self._open.add(id(node))
        try:
            value, last = self._untagged(node, location)
        finally:
            self._open.discard(id(node))
        of_key, start = (key or node).start_mark, node.start_mark
        end = self._end(node, last)
        if len(location) <= LONGEST_LOCATION:
            self._spans[location] = Span(of_key.line + 1, of_key.column + 1, start.line + 1, start.column + 1, *end)
        if self._tags is not None and node.tag.startswith("!") and node.tag != "!":
            return self._tags(node.tag, value)
        return value

    def _check_tag(self, node: Node) -> None:
        """Raise UnreadableSourceError for a tag outside of a template: to ignore it would change the document."""
        tag = node.tag
        if self._tags is not None or tag == "!" or tag.removeprefix(STANDARD_TAG) in _KINDS:
            return
        why = f"the tag {shown_text(tag.replace(STANDARD_TAG, '!!'))} means nothing in a definition"
        if tag.startswith("!"):
            why += ", only in a template, which load_template reads"
        raise self._refusal(node, why)

    def _end(self, node: Node, last: Span | None) -> tuple[int, int]:
        """Return the end of a node's last part, because the library ends a block where the next node begins."""
        start, end = node.start_mark, node.end_mark
        if last is not None and not node.flow_style:
            return max((start.line + 1, start.column + 1), (last.end_line, last.end_column))
        if isinstance(node, self._yaml.ScalarNode) and node.style in ("|", ">"):
            line = end.line if end.column == 0 else end.line + 1
            while line > start.line + 1 and not self._lines[line - 1].strip():
                line -= 1
            return line, len(self._lines[line - 1]) + 1
        return end.line + 1, end.column + 1

    def _untagged(self, node: Node, location: str) -> tuple[Any, Span | None]:
        """Return the value of a node, and the place of its last part."""
        part = ""
        if isinstance(node, self._yaml.MappingNode):
            members = {}
            for name, key, value in self._members(node, location):
                part = f"{location}/{name}"
                self._size.characters += len(name)
                members[name] = self._value(value, part, key)
            return members, self._spans.get(part) if members else None
        if isinstance(node, self._yaml.SequenceNode):
            items = []
            for index, item in enumerate(node.value):
                part = f"{location}[{index}]"
                items.append(self._value(item, part, None))
            return items, self._spans.get(part) if items else None
        return self._scalar(node), None

    def _members(self, node: Node, location: str) -> Iterator[tuple[str, Node, Node]]:
        if id(node) not in self._own_members:
            self._own_members[id(node)] = own = len([1 for key, _ in node.value if key.tag != _MERGE])
            if own < len(node.value):
                self._check_merged(node)
                self._loader.flatten_mapping(node)  # Merged members come first: the node's own replace them.
        first_own = len(node.value) - self._own_members[id(node)]
        lines: dict[str, int] = {}
        for index, (key, value) in enumerate(node.value):
            name = self._key(key)
            line = key.start_mark.line + 1
            if name in lines:
                repetition = repeated_key(name, lines[name], line, key.start_mark.column + 1)
                if self._on_repetition is None:
                    raise repetition
                self._on_repetition(repetition)
            if index >= first_own:
                lines[name] = line
            yield name, key, value

    def _key(self, key: Node) -> str:
        if not isinstance(key, self._yaml.ScalarNode):
            raise self._refusal(key, "a key is a list or an object in YAML, not a name")
        value = self._scalar(key)
        if isinstance(value, str):
            return str(key.value) if key.tag == _TIMESTAMP else str(value)
        if self._keys_are_texts:
            return json.dumps(value)
        kind = "null" if value is None else "a boolean" if isinstance(value, bool) else "a number"
        written = shown_text(key.value, MOST_OF_A_VALUE)
        why = f"the key {written} is {kind} in YAML, not a name; write it in quotes: '{written}'"
        if self._tags is not None:
            return NotAName(key.value, why)
        raise self._refusal(key, why)

    def _scalar(self, node: Node) -> Any:
        if self._is_no_text(node.tag):
            return self._constructed(node, node)
        text = str(node.value)
        if self._tags is None and not node.style and text.startswith("${"):
            return UnquotedText(text, lambda filled: self._read_again(filled, node))
        return text

    def _read_again(self, text: str, node: Node) -> Any:
        """Return the value of a filled-in text that has no quotes."""
        tag = self._loader.resolve(self._yaml.ScalarNode, text, (True, False))
        if not self._is_no_text(tag):
            return text
        return self._constructed(self._yaml.ScalarNode(tag, text), node)

    def _is_no_text(self, tag: str) -> bool:
        return tag.removeprefix(STANDARD_TAG) in _SCALARS or (self._types is not None and tag == _TIMESTAMP)

    def _constructed(self, scalar: Node, at: Node) -> Any:
        """Return the value of a scalar: a number, a boolean, null or a date."""
        try:
            if self._types is None:
                value = self._loader.construct_object(scalar, deep=True)
            else:
                value = self._types[scalar.tag].read(str(scalar.value))
        except (ValueError, OverflowError) as error:
            raise self._refusal(at, f"{scalar.value:.20} is no number ({_reason(scalar.value, error)})") from None
        if isinstance(value, float) and not math.isfinite(value) and self._tags is None:
            raise self._refusal(at, f"{shown_text(scalar.value, MOST_OF_A_VALUE)} is not a JSON number")
        return value

    def _check_merged(self, node: Node) -> None:
        """Raise UnreadableSourceError if merge keys (``<<``) make a mapping too large, before they are merged."""
        members: dict[int, int] = {}

        def count(mapping: Node) -> int:
            if id(mapping) not in members:
                members[id(mapping)] = 0  # A mapping that merges itself is refused when it is read.
                members[id(mapping)] = sum(
                    sum(map(count, self._merged(value))) if key.tag == _MERGE else 1 for key, value in mapping.value
                )
            return members[id(mapping)]

        if count(node) > MOST_NODES:
            raise self._refusal(node, f"its merge keys make it too large: {TOO_LARGE}")

    def _merged(self, value: Node) -> list[Node]:
        found = value.value if isinstance(value, self._yaml.SequenceNode) else [value]
        return [one for one in found if isinstance(one, self._yaml.MappingNode)]

    @staticmethod
    def _refusal(node: Node, why: str) -> UnreadableSourceError:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        return UnreadableSourceError(f"{why} (line {line}, column {column})", line=line, column=column)
