"""CloudFormation's intrinsic functions, one function each, in one table by name.

The arguments of each are the template's values, its own argument as written in the template, and the argument's spot.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.shown_text import MOST_OF_A_VALUE, shown_text, shown_value
from pytest_sfn_sync.sources.document_size import TOO_LARGE, is_too_large
from pytest_sfn_sync.templates.documents import Spot
from pytest_sfn_sync.templates.parameters import text_of
from pytest_sfn_sync.templates.template_faults import UnresolvableError, kind_of
from pytest_sfn_sync.templates.template_values import TemplateValues

Function: TypeAlias = "Callable[[TemplateValues, Any, Spot], Any]"

NO_VALUE: Final = object()
"""The value of ``AWS::NoValue``; a member with this value is removed."""

_INDEX: Final = re.compile(r"[0-9]{1,9}")
_VARIABLE: Final = re.compile(r"\$\{(!?)([^${}]*)\}")


def ref(values: TemplateValues, argument: Any, spot: Spot) -> Any:
    """Return the value of a parameter or a resource."""
    return values.reference(_name(values, argument, spot, "Ref"), spot)


def get_att(values: TemplateValues, argument: Any, spot: Spot) -> Any:
    """Return an attribute of a resource, named as ``A.B.C`` or as ``[A, B.C]``."""
    if isinstance(argument, list) and argument:
        parts = [text_of(values.evaluate(part, spot / index)) for index, part in enumerate(argument)]
        name, attribute = parts[0], ".".join(parts[1:])
    else:
        name, _, attribute = _name(values, argument, spot, "Fn::GetAtt").partition(".")
    if not attribute:
        raise UnresolvableError(f"Fn::GetAtt takes a resource and an attribute, not {shown_value(argument)}.", spot)
    return values.attribute(name, attribute, spot)


def sub(values: TemplateValues, argument: Any, spot: Spot) -> str:
    """Return a text with ``${Name}`` and ``${Name.Attribute}`` filled in; ``${!Name}`` is the text ``${Name}``."""
    own: Mapping[str, Any] = {}
    text, at, own_spot = argument, spot, spot
    if isinstance(argument, list):
        if len(argument) != 2 or not isinstance(argument[1], Mapping):
            raise UnresolvableError("Fn::Sub takes a text, or a list of a text and an object.", spot)
        text, own = argument
        at, own_spot = spot / 0, spot / 1
    text = values.evaluate(text, at)
    if not isinstance(text, str):
        raise UnresolvableError(f"Fn::Sub takes a text, not {kind_of(text)}.", at)

    def filled(match: re.Match[str]) -> str:
        literal, name = match[1], match[2].strip()
        if literal or not name:
            return f"${{{match[2]}}}"
        if name in own:
            value = values.evaluate(own[name], own_spot / name)
        elif "." not in name or values.is_qualified(name):
            value = values.reference(name, at)
        else:
            resource, _, attribute = name.partition(".")
            value = values.attribute(resource, attribute, at)
        return values.made(_text(value, f"${{{shown_text(name)}}} in Fn::Sub", at), at)

    return _VARIABLE.sub(filled, values.made(text, at))


def join(values: TemplateValues, argument: Any, spot: Spot) -> str:
    """Join texts."""
    if not isinstance(argument, list) or len(argument) != 2:
        raise UnresolvableError("Fn::Join takes a list of a delimiter and a list of texts.", spot)
    delimiter, parts = argument
    parts = _list(values, parts, spot / 1, "Fn::Join")
    between = text_of(delimiter)
    texts = []
    for part in parts:
        texts.append(values.made(_text(part, "an item of Fn::Join", spot / 1), spot))
        values.made(between, spot)
    return between.join(texts)


def split(values: TemplateValues, argument: Any, spot: Spot) -> list[str]:
    """Split a text at a delimiter."""
    if not isinstance(argument, list) or len(argument) != 2:
        raise UnresolvableError("Fn::Split takes a list of a delimiter and a text.", spot)
    delimiter = _text(argument[0], "the delimiter of Fn::Split", spot / 0)
    if not delimiter:
        raise UnresolvableError("the delimiter of Fn::Split is empty.", spot / 0)
    return _text(values.evaluate(argument[1], spot / 1), "what Fn::Split splits", spot / 1).split(delimiter)


def select(values: TemplateValues, argument: Any, spot: Spot) -> Any:
    """Return one item of a list."""
    if not isinstance(argument, list) or len(argument) != 2:
        raise UnresolvableError("Fn::Select takes a list of an index and a list.", spot)
    index = text_of(values.evaluate(argument[0], spot / 0))
    items = _list(values, argument[1], spot / 1, "Fn::Select")
    if not _INDEX.fullmatch(index) or int(index) >= len(items):
        count = f"{len(items)} item{'' if len(items) == 1 else 's'}"
        asked = shown_text(index, MOST_OF_A_VALUE)
        raise UnresolvableError(f"Fn::Select asks for item {asked} of a list that has {count}.", spot)
    return items[int(index)]


def find_in_map(values: TemplateValues, argument: Any, spot: Spot) -> Any:
    """Return a value of the section ``Mappings``."""
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        raise UnresolvableError("Fn::FindInMap takes a list of the name of a map and two keys.", spot)
    keys = [text_of(values.evaluate(key, spot / index)) for index, key in enumerate(argument[:3])]
    try:
        return values.evaluate(values.mapping(keys, spot), spot)
    except UnresolvableError:
        if len(argument) == 4 and isinstance(argument[3], Mapping) and "DefaultValue" in argument[3]:
            return values.evaluate(argument[3]["DefaultValue"], spot / 3 / "DefaultValue")
        raise


def if_(values: TemplateValues, argument: Any, spot: Spot) -> Any:
    """Choose between two values by a condition."""
    return values.evaluate(*chosen_by_if(values, argument, spot))


def chosen_by_if(values: TemplateValues, argument: Any, spot: Spot) -> tuple[Any, Spot]:
    """Return the value that a condition chooses, as written in the template, and its spot."""
    if not isinstance(argument, list) or len(argument) != 3:
        raise UnresolvableError("Fn::If takes a list of the name of a condition and two values.", spot)
    chosen = 1 if values.condition(_name(values, argument[0], spot / 0, "Fn::If"), spot) else 2
    return argument[chosen], spot / chosen


def import_value(values: TemplateValues, argument: Any, spot: Spot) -> Any:
    """Return a value that is exported by another stack."""
    return values.imported(_text(values.evaluate(argument, spot), "the name of an export", spot))


def base64_(values: TemplateValues, argument: Any, spot: Spot) -> str:
    """Encode a text."""
    text = _text(values.evaluate(argument, spot), "what Fn::Base64 encodes", spot)
    try:
        encoded = base64.b64encode(text.encode()).decode()
    except UnicodeEncodeError:
        raise UnresolvableError(
            "what Fn::Base64 encodes has half a surrogate pair, which has no bytes.", spot
        ) from None
    return values.made(encoded, spot)


def length(values: TemplateValues, argument: Any, spot: Spot) -> int:
    """Count the items of a list."""
    return len(_list(values, argument, spot, "Fn::Length"))


def to_json_string(values: TemplateValues, argument: Any, spot: Spot) -> str:
    """Write a value as JSON."""
    value = values.evaluate(argument, spot)
    if is_too_large(value):
        raise UnresolvableError(f"what Fn::ToJsonString writes is too large: {TOO_LARGE}.", spot)
    return values.made(json.dumps(value, ensure_ascii=False, separators=(",", ":")), spot)


def get_azs(values: TemplateValues, argument: Any, spot: Spot) -> list[str]:
    """Return three availability zones of a region."""
    region = values.evaluate(argument, spot) or values.region
    return [f"{region}{zone}" for zone in "abc"]


def transform(values: TemplateValues, argument: Any, spot: Spot) -> Any:
    """Raise UnresolvableError for a macro, which only CloudFormation can run."""
    name = argument.get("Name") if isinstance(argument, Mapping) else argument
    raise UnresolvableError(
        f"Fn::Transform ({shown_text(str(name))}) is run by CloudFormation alone. Write the definition out in the "
        'template, or register the machine by hand: sfn.register("name", "definition.asl.json").',
        spot,
    )


def _name(values: TemplateValues, argument: Any, spot: Spot, function: str) -> str:
    name = values.evaluate(argument, spot) if isinstance(argument, str) else argument
    if not isinstance(name, str):
        raise UnresolvableError(f"{function} takes a name, not {kind_of(name)}.", spot)
    return name


def _text(value: Any, what: str, spot: Spot) -> str:
    if value is NO_VALUE or not isinstance(value, (str, int, float)):
        found = "AWS::NoValue" if value is NO_VALUE else kind_of(value)
        raise UnresolvableError(f"{what} is {found}, where CloudFormation takes a text.", spot)
    return text_of(value)


def _list(values: TemplateValues, argument: Any, spot: Spot, function: str) -> list[Any]:
    items = values.evaluate(argument, spot)
    if not isinstance(items, list):
        raise UnresolvableError(f"{function} takes a list, not {kind_of(items)}.", spot)
    return items


FUNCTIONS: Final[Mapping[str, Function]] = {
    "Ref": ref,
    "Fn::GetAtt": get_att,
    "Fn::Sub": sub,
    "Fn::Join": join,
    "Fn::Split": split,
    "Fn::Select": select,
    "Fn::FindInMap": find_in_map,
    "Fn::If": if_,
    "Fn::ImportValue": import_value,
    "Fn::Base64": base64_,
    "Fn::Length": length,
    "Fn::ToJsonString": to_json_string,
    "Fn::GetAZs": get_azs,
    "Fn::Transform": transform,
}
