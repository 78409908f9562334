"""The source of a value in a state's output: its input, its result, an expression, or a branch or iteration within it.

The fields of one state are followed backwards, as they are written in the definition. Paths of names and indices are
followed to the place that they select. Any other expression is reported as the source of the value. `origins` follows
a chain of states.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, MISSING, begins_expression
from pytest_sfn_sync.asl.json_paths import compile_path
from pytest_sfn_sync.asl.json_paths.steps import single_key
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.executions.state_visits import Branch, Visit
from pytest_sfn_sync.executions.trace import work_of
from pytest_sfn_sync.tasks.differences import Keys, shown

_EXPRESSION_LENGTH: Final = 100
_INPUT: Final = "$states.input"
_WITHOUT_RESULT: Final = ("Choice", "Wait", "Succeed")


class FromInput(NamedTuple):
    """The value is the one at ``keys`` in the state's input."""

    keys: Keys


class Written(NamedTuple):
    """The state made the value; ``by`` says how."""

    by: str


class FromWithin(NamedTuple):
    """The value is the one at ``keys`` in the output of a ``branch`` or an iteration within the state."""

    branch: Branch
    keys: Keys


Source: TypeAlias = FromInput | Written | FromWithin


def value_at(document: JSON, keys: Keys) -> JSON:
    """Return the value at ``keys`` in a document; MISSING if there is none."""
    for key in keys:
        if isinstance(document, dict) and isinstance(key, str):
            document = document.get(key, MISSING)
        elif isinstance(document, list) and isinstance(key, int) and 0 <= key < len(document):
            document = document[key]
        else:
            return MISSING
    return document


def source_of(visit: Visit, keys: Keys, fields: dict[str, JSON], *, is_jsonata: bool) -> Source | None:
    """Return the source of the value at ``keys`` in a state's output; None if the fields don't show it.

    ``fields`` are the state's fields in its definition.
    """
    if visit.caught is not None:
        return _from_catcher(visit, keys, fields, is_jsonata=is_jsonata)
    return _in_jsonata(visit, keys, fields) if is_jsonata else _in_json_path(visit, keys, fields)


def source_of_item(visit: Visit, index: int, keys: Keys, fields: dict[str, JSON], *, is_jsonata: bool) -> Source | None:
    """Return the source of the value at ``keys`` in the input of a branch or an iteration of the state."""
    if is_jsonata:
        field = "Arguments" if visit.type == "Parallel" else "ItemSelector" if "ItemSelector" in fields else "Items"
        if field in fields:
            return Written(f"its {field}")
        return FromInput(keys if visit.type == "Parallel" else (index, *keys))
    if visit.type == "Parallel":
        return _by_template(fields, "Parameters", keys) or _selected(fields, "InputPath", keys)
    for selector in ("ItemSelector", "Parameters"):
        if selector in fields:
            return _by_template(fields, selector, keys)
    items = _keys_of(fields.get("ItemsPath", "$"))
    return Written("by its ItemsPath") if items is None else _selected(fields, "InputPath", (*items, index, *keys))


def catcher_of(visit: Visit, fields: dict[str, JSON]) -> dict[str, JSON]:
    """Return the fields of the catcher that took a state's error."""
    assert visit.caught is not None
    return _entry(fields, visit.caught.location)


def _entry(fields: dict[str, JSON], location: Location) -> dict[str, JSON]:
    """Return the ``Catch[0]`` or ``Choices[0]`` at a location, from the fields of its state."""
    field, index = location.entry
    entry: dict[str, JSON] = fields[field][index]
    return entry


def _from_catcher(visit: Visit, keys: Keys, fields: dict[str, JSON], *, is_jsonata: bool) -> Source | None:
    assert visit.caught is not None
    catcher = catcher_of(visit, fields)
    error = Written(f"the error that {visit.caught.location.last} took")
    if is_jsonata:
        return _by_template(catcher, "Output", keys) or error
    return _by_result_path(catcher, keys, lambda _: error)


def _in_json_path(visit: Visit, keys: Keys, fields: dict[str, JSON]) -> Source | None:
    selected = _selected(fields, "OutputPath", keys)
    if not isinstance(selected, FromInput):
        return selected
    keys = selected.keys
    if visit.type in _WITHOUT_RESULT:
        return _selected(fields, "InputPath", keys)
    return _by_result_path(fields, keys, lambda rest: _of_result(visit, rest, fields))


def _of_result(visit: Visit, keys: Keys, fields: dict[str, JSON]) -> Source | None:
    if visit.type == "Pass":
        if "Result" in fields:
            return Written("its Result")
        return _by_template(fields, "Parameters", keys) or _selected(fields, "InputPath", keys)
    return _by_template(fields, "ResultSelector", keys) or _of_work(visit, keys)


def _of_work(visit: Visit, keys: Keys) -> Source | None:
    if visit.type == "Task":
        if not visit.attempts:
            return None
        attempt = visit.attempts[-1]
        return Written(f"result of {work_of(attempt.resource, attempt.payload)[0]}")
    branches = visit.rounds[-1].branches if visit.rounds else []
    if keys and isinstance(keys[0], int) and not any(branch.has_failed for branch in branches):
        found = [branch for branch in branches if branch.index == keys[0]]
        return FromWithin(found[0], keys[1:]) if len(found) == 1 else None
    return Written(f"the outputs of its {'iterations' if visit.type == 'Map' else 'branches'}")


def _in_jsonata(visit: Visit, keys: Keys, fields: dict[str, JSON]) -> Source | None:
    if visit.type == "Choice":
        if visit.rule is None:
            return None
        if visit.rule.last != "Default":
            fields = _entry(fields, visit.rule)
    if "Output" in fields:
        template, _ = _member(fields["Output"], keys)
        if _may_pass_on(template) and _is_same(visit, keys):
            # Most often the expression passes the value on. If it made the value anew, the input held an equal value.
            return FromInput(keys)
        return _by_template(fields, "Output", keys)
    return FromInput(keys) if visit.type in ("Pass", *_WITHOUT_RESULT) else _of_work(visit, keys)


def _may_pass_on(template: JSON) -> bool:
    """Return whether a part of an ``Output`` is an expression that reads the state's input."""
    return begins_expression(template) and _INPUT in template


def _is_same(visit: Visit, keys: Keys) -> bool:
    before = value_at(visit.input, keys)
    return before is not MISSING and bool(before == value_at(visit.output, keys))


def _selected(fields: dict[str, JSON], field: str, keys: Keys) -> Source:
    """Return the source of a value that ``InputPath`` or ``OutputPath`` selects."""
    path = fields.get(field, "$")
    selected = None if path is None else _keys_of(path)
    if selected is None:
        return Written(f"its {field} {'null' if path is None else path}")
    return FromInput(selected + keys)


def _by_result_path(fields: dict[str, JSON], keys: Keys, of_result: Callable[[Keys], Source | None]) -> Source | None:
    path = fields.get("ResultPath", "$")
    if path is None:
        return FromInput(keys)
    written = _keys_of(path)
    if written is None:
        return None
    if keys[: len(written)] == written:
        source = of_result(keys[len(written) :])
    elif written[: len(keys)] == keys:
        source = Written("")
    else:
        return FromInput(keys)
    if isinstance(source, Written) and path != "$":
        return Written(f"{source.by}{', ' if source.by else ''}by ResultPath {path}")
    return source


def _by_template(fields: dict[str, JSON], field: str, keys: Keys) -> Written | None:
    """Return the member of a payload template, or of an ``Output``, that made a value; None if the field is absent."""
    if field not in fields:
        return None
    template, name = _member(fields[field], keys)
    member = "" if name is None else f"{shown(name)}: "
    return Written(f"its {field}, {member}{shown(template, _EXPRESSION_LENGTH)}")


def _member(template: JSON, keys: Keys) -> tuple[JSON, str | None]:
    """Return the innermost part of a template that makes the value at ``keys``, and its name."""
    name = None
    for key in keys:
        if isinstance(template, list) and isinstance(key, int) and key < len(template):
            template = template[key]
            continue
        names = [name for name in (key, f"{key}.$") if isinstance(template, dict) and name in template]
        if not names:
            break
        name = names[0]
        template = template[name]
    return template, name


def _keys_of(source: JSON) -> Keys | None:
    """Return the names and indices of a path into the document; None if it is a path of another kind.

    A path with an index from the end is of another kind: that index may mean the same item as one from the start.
    """
    if not isinstance(source, str):
        return None
    path = compile_path(source)
    keys = tuple(single_key(step) for step in path.steps)
    can_be_followed = all(key >= 0 if isinstance(key, int) else key is not None for key in keys)
    return keys if path.root == "input" and can_be_followed else None
