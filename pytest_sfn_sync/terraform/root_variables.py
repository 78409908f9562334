"""The values of a root module's variables: from the test, from tfvars files, and from defaults, by their types."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.terraform.hcl_source import Code, SourceExpression, Tree, is_tree, parts
from pytest_sfn_sync.terraform.json_form import read_block
from pytest_sfn_sync.terraform.values import (
    ValueKindError,
    bool_of,
    list_of,
    map_of,
    number_of,
    set_of,
    text_of,
)

_PRIMITIVES: Final = {"string": text_of, "number": number_of, "bool": bool_of}


def tfvars(folder: Path) -> dict[str, SourceExpression]:
    """Return the variables of the files that Terraform reads by itself; a later file wins over an earlier one.

    Recorded: Terraform's documentation has the order terraform.tfvars, terraform.tfvars.json, then the *.auto.tfvars
    and *.auto.tfvars.json in the order of their names. Environment variables are not read.
    """
    files = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    files += sorted([*folder.glob("*.auto.tfvars"), *folder.glob("*.auto.tfvars.json")])
    found: dict[str, SourceExpression] = {}
    for path in files:
        if path.is_file():
            found.update(read_block(path).attributes)
    return found


def type_name(expression: SourceExpression | None) -> str:
    """Return the source code of a variable's type; "" if it has none."""
    if expression is None:
        return ""
    written = expression.code.of(expression.tree) if is_tree(expression.tree) else str(expression.tree)
    return written.strip('"')


def converted(value: Any, expression: SourceExpression | None) -> Any:
    """Return a value in its variable's type; raise ValueKindError if it can't be converted."""
    if expression is None or not is_tree(expression.tree):
        primitive = _PRIMITIVES.get(type_name(expression))
        return value if primitive is None or value is None else primitive(value)
    return _as_type(value, expression.tree, expression.code)


def _as_type(value: Any, tree: Tree, code: Code) -> Any:
    while tree.data == "expr_term" and len(parts(tree)) == 1:
        tree = parts(tree)[0]
    if value is None:
        return None
    if tree.data != "function_call":
        primitive = _PRIMITIVES.get(code.of(tree).strip('"'))
        return value if primitive is None else primitive(value)
    name_tree, *rest = parts(tree)
    arguments = parts(rest[0]) if rest else []
    name = code.of(name_tree)
    if not arguments:
        return value
    if name in ("list", "set"):
        items = [_as_type(item, arguments[0], code) for item in list_of(value)]
        return set_of(items) if name == "set" else items
    if name == "map":
        return {key: _as_type(member, arguments[0], code) for key, member in map_of(value).items()}
    if name == "object":
        return _as_object(map_of(value), arguments[0], code)
    return _as_type(value, arguments[0], code) if name == "optional" else value


def _as_object(value: Mapping[str, Any], tree: Tree, code: Code) -> dict[str, Any]:
    while tree.data == "expr_term":
        tree = parts(tree)[0]
    found: dict[str, Any] = {}
    for element in parts(tree):
        key_tree, type_tree = parts(element)
        key = code.of(key_tree).strip('"')
        if key in value:
            found[key] = _as_type(value[key], type_tree, code)
        elif code.of(type_tree).startswith("optional("):
            found[key] = _default_of(type_tree, code)
        else:
            raise ValueKindError(f"the object has no {key!r}, which its type needs")
    return found


def _default_of(tree: Tree, code: Code) -> Any:
    from pytest_sfn_sync.terraform.evaluation import EvaluationScope, Evaluator

    while tree.data == "expr_term":
        tree = parts(tree)[0]
    arguments = parts(parts(tree)[1])
    if len(arguments) < 2:
        return None
    return _as_type(
        Evaluator().evaluate(arguments[1], EvaluationScope(_NoNames(code.file.parent), code)), arguments[0], code
    )


class _NoNames:
    """The names of a default of a type, which may use none."""

    def __init__(self, folder: Path) -> None:
        self.root_folder = folder

    def value_of(self, name: str, where: str) -> Any:
        raise ValueKindError(f"the default of a type can't use {name!r}")
