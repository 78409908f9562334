"""The functions of Terraform's language that take values, by name; those that read files are in `evaluation`.

The right values in the tests were recorded with Terraform 1.11.
"""

from __future__ import annotations

import base64
import hashlib
import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote_plus

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.terraform import collection_functions as collections
from pytest_sfn_sync.terraform import (
    date_functions,
    encodings,
    formatting,
    network_functions,
    number_functions,
    regular_expressions,
    string_functions,
)
from pytest_sfn_sync.terraform.evaluation_scope import Budget
from pytest_sfn_sync.terraform.values import ValueKindError, bool_of, list_of, number_of, text_of


def _on_text(function: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda text: function(text_of(text))


def _on_texts(function: Callable[[str, str], Any]) -> Callable[[Any, Any], Any]:
    return lambda text, other: function(text_of(text), text_of(other))


def _or_null(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else function(value)


def _hexadecimal(name: str) -> Callable[[Any], str]:
    return lambda text: hashlib.new(name, text_of(text).encode()).hexdigest()


def _in_base64(name: str) -> Callable[[Any], str]:
    return lambda text: base64.b64encode(hashlib.new(name, text_of(text).encode()).digest()).decode()


_MADE_UP_UUID: Final = "11111111-2222-3333-4444-555555555555"
"""The value of uuid(): the same in each run, so that tests can expect it."""

_ROWS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": lambda number: abs(number_of(number)),
    "alltrue": lambda items: all(item is not None and bool_of(item) for item in list_of(items)),
    "anytrue": lambda items: any(item is not None and bool_of(item) for item in list_of(items)),
    "base64decode": encodings.base64decode,
    "base64encode": _on_text(lambda text: base64.b64encode(text.encode()).decode()),
    "base64sha256": _in_base64("sha256"),
    "base64sha512": _in_base64("sha512"),
    "basename": string_functions.basename,
    "ceil": lambda number: math.ceil(number_of(number)),
    "chomp": _on_text(lambda text: text.rstrip("\r\n")),
    "chunklist": collections.chunklist,
    "cidrhost": network_functions.cidrhost,
    "cidrnetmask": network_functions.cidrnetmask,
    "cidrsubnet": network_functions.cidrsubnet,
    "cidrsubnets": network_functions.cidrsubnets,
    "coalesce": collections.coalesce,
    "coalescelist": collections.coalescelist,
    "compact": collections.compact,
    "concat": collections.concat,
    "contains": collections.contains,
    "dirname": string_functions.dirname,
    "distinct": collections.distinct,
    "element": collections.element,
    "endswith": _on_texts(str.endswith),
    "ephemeralasnull": lambda value: value,
    "flatten": collections.flatten,
    "floor": lambda number: math.floor(number_of(number)),
    "format": formatting.format_,
    "formatdate": date_functions.formatdate,
    "formatlist": formatting.formatlist,
    "indent": string_functions.indent,
    "index": collections.index,
    "join": string_functions.join,
    "jsondecode": encodings.jsondecode,
    "jsonencode": encodings.jsonencode,
    "keys": collections.keys,
    "length": collections.length,
    "log": number_functions.log,
    "lookup": collections.lookup,
    "lower": _on_text(str.lower),
    "matchkeys": collections.matchkeys,
    "max": number_functions.largest,
    "md5": _hexadecimal("md5"),
    "merge": collections.merge,
    "min": number_functions.smallest,
    "nonsensitive": lambda value: value,
    "one": collections.one,
    "parseint": number_functions.parseint,
    "plantimestamp": lambda: date_functions.MADE_UP_TIME,
    "pow": number_functions.power,
    "range": number_functions.range_,
    "regex": regular_expressions.regex,
    "regexall": regular_expressions.regexall,
    "replace": string_functions.replace,
    "reverse": collections.reverse,
    "sensitive": lambda value: value,
    "setintersection": collections.setintersection,
    "setproduct": collections.setproduct,
    "setsubtract": collections.setsubtract,
    "setunion": collections.setunion,
    "sha1": _hexadecimal("sha1"),
    "sha256": _hexadecimal("sha256"),
    "sha512": _hexadecimal("sha512"),
    "signum": number_functions.signum,
    "slice": collections.slice_,
    "sort": collections.sort,
    "split": string_functions.split,
    "startswith": _on_texts(str.startswith),
    "strcontains": _on_texts(lambda text, part: part in text),
    "strrev": _on_text(lambda text: text[::-1]),
    "substr": string_functions.substr,
    "sum": number_functions.sum_,
    "textdecodebase64": encodings.textdecodebase64,
    "textencodebase64": encodings.textencodebase64,
    "timeadd": date_functions.timeadd,
    "timecmp": date_functions.timecmp,
    "timestamp": lambda: date_functions.MADE_UP_TIME,
    "title": string_functions.title,
    "tobool": _or_null(bool_of),
    "tolist": collections.tolist,
    "tomap": collections.tomap,
    "tonumber": _or_null(number_of),
    "toset": collections.toset,
    "tostring": _or_null(text_of),
    "transpose": collections.transpose,
    "trim": _on_texts(str.strip),
    "trimprefix": _on_texts(str.removeprefix),
    "trimspace": _on_text(str.strip),
    "trimsuffix": _on_texts(str.removesuffix),
    "upper": _on_text(str.upper),
    "urlencode": _on_text(quote_plus),
    "uuid": lambda: _MADE_UP_UUID,
    "values": collections.values,
    "yamldecode": encodings.yamldecode,
    "yamlencode": encodings.yamlencode,
    "zipmap": collections.zipmap,
}


def _checked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that raises ValueKindError for a wrong number of arguments."""

    def call(*values: Any) -> Any:
        parameters = inspect.signature(function).parameters.values()
        least = sum(1 for parameter in parameters if parameter.kind is not parameter.VAR_POSITIONAL)
        has_more = least < len(parameters)
        if len(values) < least or (len(values) > least and not has_more):
            count = f"{least} argument{'s' * (least != 1)}{' or more' * has_more}"
            raise ValueKindError(f"{name} takes {count}, not {len(values)}")
        return function(*values)

    return call


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {name: _checked(name, row) for name, row in _ROWS.items()}
"""Functions by name; each takes evaluated values, and raises ValueKindError for values that it can't take."""

_LOOK_UPS: Final = frozenset({"element", "length", "lookup", "nonsensitive", "sensitive"})
"""The functions that take no longer for a longer list, map or text."""

_COMPARING: Final = frozenset(
    {
        *("contains", "distinct", "index", "matchkeys", "setintersection", "setproduct", "setsubtract"),
        *("setunion", "toset"),
    }
)
"""The functions that compare all that is in their values."""

_WRITING: Final = frozenset({"jsonencode", "yamlencode"})
"""The functions that write out all that is in a value; they refuse one that is too large themselves."""

UNSUPPORTED: Final = frozenset({"base64gzip", "bcrypt", "csvdecode", "issensitive", "provider", "rsadecrypt", "uuidv5"})
"""The functions that Terraform 1.11 has, and that are missing here; those of providers begin with ``provider::``."""


def result_of(name: str, values: list[Any], budget: Budget) -> Any:
    """Return the result of a function; raise ValueKindError if it has none, or takes more work than is left."""
    if name not in _LOOK_UPS and name not in _WRITING:
        budget.weigh(*values, is_heavy=name in _COMPARING)
    try:
        made = FUNCTIONS[name](*values)
    except (TypeError, ValueError, LookupError, ArithmeticError, re.error) as error:
        raise ValueKindError(f"{name} can't be called like this: {error}") from None
    if name in _WRITING:
        budget.weigh(*values, is_heavy=True)
    return made


def without_function(name: str, known: Iterable[str]) -> ValueKindError:
    """Return the error for a function that is not there, in Terraform or here."""
    if name not in UNSUPPORTED:
        return ValueKindError(f"Terraform has no function {name!r}. Nearest: {nearest(name, known)}")
    return ValueKindError(
        f"the function {name!r} of Terraform is not supported here. Give the value that needs it with variables= or "
        "resources= of load_terraform, or register the machine's definition directly with sfn_sync.register"
    )
