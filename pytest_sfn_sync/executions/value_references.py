"""The places that an expression of a definition reads: a path, a call of an intrinsic function, or JSONata.

An expression either passes a value on from one place, or computes a value from several. What an expression does is read
from its text; it is not evaluated. Only paths of names and indices are followed to a single place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, expression_text, is_expression_text
from pytest_sfn_sync.asl.intrinsics import paths_in_call
from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_path
from pytest_sfn_sync.asl.json_paths.steps import single_key
from pytest_sfn_sync.asl.jsonata.expression_faults import JsonataSyntaxError, UnreadableSyntax
from pytest_sfn_sync.asl.jsonata.syntax import Node, parse
from pytest_sfn_sync.tasks.differences import Keys

Root: TypeAlias = Literal["document", "input", "result", "errorOutput", "context", "variable"]
"""Where a reference starts: ``$`` in JSONPath (the document of the field), a member of ``$states``, or a variable."""

_MEMBERS: Final[dict[str, Root]] = {
    "input": "input",
    "result": "result",
    "errorOutput": "errorOutput",
    "context": "context",
}
_EVALUATED: Final = ".$"


class Reference(NamedTuple):
    """The place ``keys`` below a root, as written in ``text``; ``name`` is that of a variable."""

    root: Root
    keys: Keys
    text: str
    name: str = ""


class Evaluation(NamedTuple):
    """What an expression makes a value of: ``passed`` is the place whose value it passes on, if it computes none.

    ``read`` are the places that it reads.
    """

    passed: Reference | None
    read: tuple[Reference, ...] = ()


def evaluation_of_path(text: JSON, rest: Keys = ()) -> Evaluation:
    """Return what a path or a call of an intrinsic function reads, for the value at ``rest`` in its value."""
    if not isinstance(text, str):
        return Evaluation(None)
    if not text.startswith("$"):
        return Evaluation(None, tuple(reference for path in paths_in_call(text) for reference in _of_path(path)))
    found = _of_path(text)
    if found and is_plain_path(text):
        return Evaluation(found[0]._replace(keys=(*found[0].keys, *rest)), found)
    return Evaluation(None, found)


def is_plain_path(text: str) -> bool:
    """Return whether a path has names and indices only.

    A path with an index from the end is of another kind: that index may mean the same item as one from the start.
    """
    return all(_is_plain(single_key(step)) for step in compile_path(text).steps)


def _of_path(text: str) -> tuple[Reference, ...]:
    """Return the reference of a path; of one with other steps than names and indices, its beginning."""
    try:
        path = compile_path(text)
    except PathSyntaxError:
        return ()
    keys: list[str | int] = []
    for key in map(single_key, path.steps):
        if key is None or not _is_plain(key):
            break
        keys.append(key)
    return (Reference("document" if path.root == "input" else path.root, tuple(keys), text, path.variable or ""),)


def _is_plain(key: str | int | None) -> bool:
    return key >= 0 if isinstance(key, int) else key is not None


def evaluation_of_query(text: str, rest: Keys = ()) -> Evaluation:
    """Return what a JSONata expression reads, for the value at ``rest`` in its value.

    Object constructors and ``$merge`` of them are followed to the member that makes the value.
    """
    query = expression_text(text)
    try:
        node = parse(query)
    except (UnreadableSyntax, JsonataSyntaxError):
        return Evaluation(None)
    node, rest = _maker(node, rest)
    reference = _chain(node, query)
    if reference is not None:
        return Evaluation(reference._replace(keys=(*reference.keys, *rest)), (reference,))
    return Evaluation(None, tuple(dict.fromkeys(_read(node, query))))


def references_in(template: JSON, *, is_jsonata: bool) -> Iterator[Reference]:
    """Yield all places that a template reads, in the order of the text."""
    if isinstance(template, dict):
        for name, value in template.items():
            if not is_jsonata and name.endswith(_EVALUATED):
                yield from evaluation_of_path(value).read
            else:
                yield from references_in(value, is_jsonata=is_jsonata)
    elif isinstance(template, list):
        for item in template:
            yield from references_in(item, is_jsonata=is_jsonata)
    elif is_jsonata and is_expression_text(template):
        yield from evaluation_of_query(template).read


def _maker(node: Node, rest: Keys) -> tuple[Node, Keys]:
    """Return the part of an expression that makes the value at ``rest`` in its value, and the rest of the keys."""
    while True:
        if node.kind == "block" and len(node.here) == 1:
            node = node.here[0]
            continue
        merged = _merged(node)
        if merged and rest:
            last = _constructed(merged[-1])
            if last is None:
                return node, rest
            node = merged[-1] if rest[0] in last or len(merged) == 1 else _without_last(node, merged)
            continue
        members = _constructed(node)
        if members is None or not rest or rest[0] not in members:
            return node, rest
        node, rest = members[rest[0]], rest[1:]


def _constructed(node: Node) -> dict[str, Node] | None:
    """Return the members of an object constructor whose names are literals; None for any other construct."""
    if node.kind != "object":
        return None
    names, values = node.here[::2], node.here[1::2]
    if any(name.kind != "string" or "\\" in name.value for name in names):
        return None
    return {name.value[1:-1]: value for name, value in zip(names, values, strict=True)}


def _merged(node: Node) -> tuple[Node, ...]:
    """Return the objects that a call of ``$merge`` merges; none for any other construct."""
    if node.kind != "call" or len(node.here) != 2 or node.here[1].kind != "array":
        return ()
    function, array = node.here
    return array.here if function.kind == "variable" and function.value == "merge" else ()


def _without_last(node: Node, merged: tuple[Node, ...]) -> Node:
    """Return a call of ``$merge`` without its last object, which does not have the member."""
    if len(merged) == 2:
        return merged[0]
    function, array = node.here
    shorter = Node("array", "", array.start, array.end, merged[:-1])
    return Node("call", "", node.start, node.end, (function, shorter))


def _chain(node: Node, query: str) -> Reference | None:
    """Return the reference of ``$states.input.a[0].b`` or ``$name.a``; None for any other construct."""
    text = query[node.start : node.end]
    keys: list[str | int] = []
    while node.kind in ("step", "filter"):
        part = node.within[0] if node.kind == "step" else node
        while part.kind == "filter":
            index = _index(part)
            if index is None:
                return None
            keys.append(index)
            part = part.here[0]
        if node.kind == "filter":
            node = part
            continue
        if part.kind != "name":
            return None
        keys.append(part.value.strip("`"))
        node = node.here[0]
    if node.kind != "variable" or node.value in ("", "$"):
        return None
    keys.reverse()
    if node.value != "states":
        return Reference("variable", tuple(keys), text, node.value)
    root = _MEMBERS.get(str(keys[0])) if keys else None
    return None if root is None else Reference(root, tuple(keys[1:]), text)


def _unfiltered(node: Node) -> Node:
    """Return a step without the filters of its name: ``$states.input.list`` for ``$states.input.list[id = 3]``."""
    if node.kind != "step":
        return node
    name = node.within[0]
    while name.kind == "filter":
        name = name.here[0]
    return node._replace(within=(name,), end=name.end)


def _index(node: Node) -> int | None:
    predicate = node.within[0] if node.within else None
    is_index = predicate is not None and predicate.kind == "number" and predicate.value.isdigit()
    return int(predicate.value) if predicate is not None and is_index else None


def _read(root: Node, query: str) -> Iterator[Reference]:
    """Yield the places that an expression reads, in the order of the text; not the variables that it binds itself."""
    bound: set[str] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        bound.update(node.locals)
        pending += node.parts
    pending = [root]
    while pending:
        node = pending.pop(0)
        reference = _chain(node, query)
        filters = () if reference is not None or _unfiltered(node) == node else node.within
        reference = reference or _chain(_unfiltered(node), query)
        if reference is not None:
            if reference.name not in bound:
                yield reference
            pending[:0] = filters
            continue
        called = node.kind in ("call", "partial") and node.here[0].kind == "variable"
        pending[:0] = node.parts[1:] if called else node.parts
