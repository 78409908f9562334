"""The source of a value in a state's output: its input, its result, a variable, or a branch or iteration within it.

The fields of one state are followed backwards, as they are written in the definition. A path of names and indices is
followed to the place that it selects, through templates too. Any other expression computed the value: it is reported
with the places that it reads. `origins` follows a chain of states.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, MISSING, begins_expression, is_expression_text
from pytest_sfn_sync.asl.json_paths import compile_path
from pytest_sfn_sync.asl.json_paths.steps import single_key
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.executions.state_visits import Branch, Visit
from pytest_sfn_sync.executions.trace import work_of
from pytest_sfn_sync.executions.value_references import (
    Evaluation,
    Reference,
    evaluation_of_path,
    evaluation_of_query,
    references_in,
)
from pytest_sfn_sync.tasks.differences import Keys, shown

_EXPRESSION_LENGTH: Final = 100
_INPUT: Final = "$states.input"
_WITHOUT_RESULT: Final = ("Choice", "Wait", "Succeed")
_EXECUTION_INPUT: Final = ("Execution", "Input")
_ITEM: Final = ("Map", "Item", "Value")


class FromInput(NamedTuple):
    """The value is the one at ``keys`` in the state's input.

    ``ways`` are, here and in the other classes, the templates and expressions that passed the value on, last first.
    """

    keys: Keys
    ways: tuple[str, ...] = ()


class FromVariable(NamedTuple):
    """The value is the one at ``keys`` in the variable ``name``, as it was when the state was entered."""

    name: str
    keys: Keys
    ways: tuple[str, ...] = ()


class FromItem(NamedTuple):
    """The value is the one at ``keys`` in the item of the innermost Map around, before its ItemSelector."""

    keys: Keys
    ways: tuple[str, ...] = ()


class FromExecution(NamedTuple):
    """The value is the one at ``keys`` in the input of the execution."""

    keys: Keys
    ways: tuple[str, ...] = ()


class FromWithin(NamedTuple):
    """The value is the one at ``keys`` in the output of a ``branch`` or an iteration within the state."""

    branch: Branch
    keys: Keys
    ways: tuple[str, ...] = ()


class Written(NamedTuple):
    """The state made the value; ``by`` says how.

    ``place`` is the place of the value in the result of a task, and ``written`` is the ResultPath. ``read`` are the
    places from which an expression computed the value, each with its text and its source.
    """

    by: str
    ways: tuple[str, ...] = ()
    place: Keys | None = None
    read: tuple[tuple[str, Source], ...] = ()
    written: str = ""


Source: TypeAlias = "FromInput | FromVariable | FromItem | FromExecution | FromWithin | Written"
_Find: TypeAlias = Callable[[Keys], "Source | None"]


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

    def selected(rest: Keys) -> Source:
        return FromInput(rest) if is_jsonata else _selected(fields, "InputPath", rest)

    if visit.type == "Parallel":
        field = "Arguments" if is_jsonata else "Parameters"
        return _by_template(visit, fields, field, keys, selected, is_jsonata=is_jsonata) or selected(keys)
    selector = "Parameters" if "Parameters" in fields and not is_jsonata else "ItemSelector"

    def of_item(source: Source | None) -> Source | None:
        """Return the source of an item of this Map for one that leads to it."""
        if isinstance(source, FromItem):
            raw = source_of_raw_item(visit, index, source.keys, fields, is_jsonata=is_jsonata)
            return None if raw is None else raw._replace(ways=(*source.ways, *raw.ways))
        if isinstance(source, Written) and source.read:
            read = ((text, of_item(one)) for text, one in source.read)
            return source._replace(read=tuple((text, one) for text, one in read if one is not None))
        return source

    source = _by_template(visit, fields, selector, keys, selected, is_jsonata=is_jsonata)
    return of_item(source or FromItem(keys))


def source_of_raw_item(
    visit: Visit, index: int, keys: Keys, fields: dict[str, JSON], *, is_jsonata: bool
) -> Source | None:
    """Return the source of the value at ``keys`` in an item of a Map, as it is before ItemSelector."""
    field = "Items" if is_jsonata else "ItemsPath"
    if field not in fields:
        return FromInput((index, *keys)) if is_jsonata else _selected(fields, "InputPath", (index, *keys))
    items = fields[field]
    if is_jsonata:
        evaluation = evaluation_of_query(items, (index, *keys)) if is_expression_text(items) else Evaluation(None)
    else:
        evaluation = evaluation_of_path(items, (index, *keys))
    by = f"its {field}" if is_jsonata else "by its ItemsPath"

    def selected(rest: Keys) -> Source:
        return FromInput(rest) if is_jsonata else _selected(fields, "InputPath", rest)

    return _evaluated(visit, evaluation, by, selected, is_silent=True)


def source_of_variable(
    visit: Visit, name: str, keys: Keys, fields: dict[str, JSON], *, is_jsonata: bool
) -> Source | None:
    """Return the source of the value at ``keys`` in a variable that the state assigned."""
    if visit.caught is not None:
        fields = catcher_of(visit, fields)
        return _by_template(
            visit, fields, "Assign", (name, *keys), lambda _: _caught_error(visit), is_jsonata=is_jsonata
        )
    if visit.rule is not None and visit.rule.last != "Default":
        fields = {"InputPath": fields.get("InputPath", "$"), **_entry(fields, visit.rule)}

    def document(rest: Keys) -> Source | None:
        if visit.type in _WITHOUT_RESULT:
            return _selected(fields, "InputPath", rest)
        return _of_result(visit, rest, fields)

    return _by_template(visit, fields, "Assign", (name, *keys), document, is_jsonata=is_jsonata)


def catcher_of(visit: Visit, fields: dict[str, JSON]) -> dict[str, JSON]:
    """Return the fields of the catcher that took a state's error."""
    assert visit.caught is not None
    return _entry(fields, visit.caught.location)


def _entry(fields: dict[str, JSON], location: Location) -> dict[str, JSON]:
    """Return the ``Catch[0]`` or ``Choices[0]`` at a location, from the fields of its state."""
    field, index = location.entry
    entry: dict[str, JSON] = fields[field][index]
    return entry


def _caught_error(visit: Visit) -> Written:
    assert visit.caught is not None
    return Written(f"the error that {visit.caught.location.last} took")


def _from_catcher(visit: Visit, keys: Keys, fields: dict[str, JSON], *, is_jsonata: bool) -> Source | None:
    catcher, error = catcher_of(visit, fields), _caught_error(visit)
    if is_jsonata:
        return _by_template(visit, catcher, "Output", keys, FromInput, is_jsonata=True) or error
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
        selected = partial(_selected, fields, "InputPath")
        return _by_template(visit, fields, "Parameters", keys, selected) or selected(keys)
    return _by_template(visit, fields, "ResultSelector", keys, partial(_of_work, visit)) or _of_work(visit, keys)


def _of_work(visit: Visit, keys: Keys) -> Source | None:
    if visit.type == "Task":
        if not visit.attempts:
            return None
        attempt = visit.attempts[-1]
        by = "" if attempt.answered_by is None else f" from {attempt.answered_by}"
        return Written(f"result of {work_of(attempt.resource, attempt.payload)[0]}{by}", place=keys)
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
        source = _by_template(visit, fields, "Output", keys, FromInput, is_jsonata=True)
        template, *_ = _member(fields["Output"], keys)
        if isinstance(source, Written) and source.read and _may_pass_on(template) and _is_same(visit, keys):
            # Most often the expression passes the value on. If it made the value anew, the input held an equal value.
            return FromInput(keys, (source.by,))
        return source
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
    written = Written(f"its {field} {'null' if path is None else path}")
    passed = None if path is None else evaluation_of_path(path, keys).passed
    if passed is None:
        return written
    if passed.root == "document":
        return FromInput(passed.keys)
    source = _of_variable_or_context(passed)
    return written if isinstance(source, Written) else source._replace(ways=(written.by,))


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
        return source._replace(written=f"by ResultPath {path}")
    return source


def _by_template(
    visit: Visit, fields: dict[str, JSON], field: str, keys: Keys, document: _Find, *, is_jsonata: bool = False
) -> Source | None:
    """Return the source of a value that a payload template, an ``Output`` or an ``Assign`` made.

    Return None if the field is absent. ``document`` returns the source of a value in the document on which paths are
    evaluated.
    """
    if field not in fields:
        return None
    template, name, rest = _member(fields[field], keys)
    member = "" if name is None else f"{shown(name)}: "
    by = f"its {field}, {member}{shown(template, _EXPRESSION_LENGTH)}"
    if is_jsonata and is_expression_text(template):
        evaluation = evaluation_of_query(template, rest)
    elif not is_jsonata and name is not None and name.endswith(".$"):
        evaluation = evaluation_of_path(template, rest)
    else:
        evaluation = Evaluation(None, tuple(references_in(template, is_jsonata=is_jsonata)))
    return _evaluated(visit, evaluation, by, document)


def _evaluated(visit: Visit, evaluation: Evaluation, by: str, document: _Find, *, is_silent: bool = False) -> Source:
    """Return the source of a value that an expression passed on or computed; ``by`` names the expression."""
    source = None if evaluation.passed is None else _referred(visit, evaluation.passed, document, is_passed=True)
    if evaluation.passed is not None and source is not None:
        return source if is_silent else source._replace(ways=(by, *source.ways))
    read = [(one.text, _referred(visit, one, document, is_passed=False)) for one in evaluation.read]
    return Written(by, read=tuple((text, source) for text, source in read if source is not None))


def _referred(visit: Visit, reference: Reference, document: _Find, *, is_passed: bool) -> Source | None:
    """Return the source of the value that a reference leads to; None if that is not certain.

    A reference that is only read may lead to a part of the way to the value.
    """
    match reference.root:
        case "document":
            return document(reference.keys)
        case "input":
            # A path of JSONata that meets an array goes on in each item, so that the keys lead nowhere.
            keys = _found(visit.input, reference.keys)
            return FromInput(keys) if keys == reference.keys or not is_passed else None
        case "result":
            return _of_work(visit, reference.keys)
        case "errorOutput":
            return None if visit.caught is None else _caught_error(visit)
        case _:
            return _of_variable_or_context(reference)


def _found(document: JSON, keys: Keys) -> Keys:
    """Return the keys as far as they lead to a value."""
    while value_at(document, keys) is MISSING:
        keys = keys[:-1]
    return keys


def _of_variable_or_context(reference: Reference) -> FromVariable | FromItem | FromExecution | Written:
    keys = reference.keys
    if reference.root == "variable":
        return FromVariable(reference.name, keys)
    if keys[:2] == _EXECUTION_INPUT:
        return FromExecution(keys[2:])
    if keys[:3] == _ITEM:
        return FromItem(keys[3:])
    return Written(f"the context object, {reference.text}")


def _member(template: JSON, keys: Keys) -> tuple[JSON, str | None, Keys]:
    """Return the innermost part of a template that makes the value at ``keys``, its name, and the rest of the keys."""
    name = None
    for number, key in enumerate(keys):
        if isinstance(template, list) and isinstance(key, int) and key < len(template):
            template = template[key]
            continue
        names = [name for name in (key, f"{key}.$") if isinstance(template, dict) and name in template]
        if not names:
            return template, name, keys[number:]
        name = names[0]
        template = template[name]
    return template, name, ()


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
