"""The check of a request against the input shape of its operation in botocore's model, in AWS's words.

These checks come before an operation reads the values. A value of the wrong type raises SerializationException. Values
that break a constraint raise one ValidationException, which lists all of them.

Recorded: the texts for a length, a number, an enum and a pattern, and the paths of members of lists. Botocore itself
refuses missing members, wrong types and values below a minimum, so these texts are seen by other clients only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.requests import Request, misfit, utf8_length

_COUNTED_IN_BYTES: Final = frozenset({"SensitiveData"})
"""The shapes of inputs and outputs. Documented: their limit is 262,144 bytes."""

_ENUM_ORDERS: Final = {
    # Recorded: not the order of the model. The orders of other enums were not recorded.
    "ExecutionStatus": ("SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"),
}

_TYPES: Final[dict[str, Any]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


def check_request(request: Request, shape: Any) -> None:
    """Check a request against an input shape of botocore; ignore members that the shape doesn't have.

    Raise SerializationException for a value of the wrong type, and ValidationException for broken constraints.
    """
    faults = list(_structure_faults(request, shape, ""))
    if faults:
        count = f"{len(faults)} validation error{'' if len(faults) == 1 else 's'} detected"
        raise service_error("ValidationException", reason=f"{count}: {'; '.join(faults)}")


def _structure_faults(value: dict[str, Any], shape: Any, path: str) -> Iterator[str]:
    for name, member in shape.members.items():
        at = f"{path}.{name}" if path else name
        if value.get(name) is not None:
            yield from _faults(value[name], member, at)
        elif name in shape.required_members:
            shown = "Value" if _is_sensitive(member) else "Value null"
            yield f"{shown} at '{at}' failed to satisfy constraint: Member must not be null"


def _faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise service_error("SerializationException", reason=misfit(value, kind))
    if kind == "structure":
        yield from _structure_faults(value, shape, path)
        return
    # Assumption: a sensitive value is left out of the text, as in other AWS services.
    shown = "Value" if _is_sensitive(shape) else f"Value '{value}'"
    for constraint in _broken(value, shape):
        yield f"{shown} at '{path}' failed to satisfy constraint: Member must {constraint}"
    if kind == "list":
        for number, item in enumerate(value, 1):  # Recorded: items count from 1, and are called "member".
            yield from _faults(item, shape.member, f"{path}.{number}.member")


def _is_sensitive(shape: Any) -> bool:
    return bool(shape.metadata.get("sensitive"))


def _broken(value: Any, shape: Any) -> Iterator[str]:
    """Yield the constraints that a value breaks, without the words "Member must"."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name in ("integer", "long", "float", "double"):
        size, measured = value, "value"
    elif shape.type_name in ("string", "list"):
        size, measured = _length(value, shape), "length"
    else:
        return
    if least is not None and size < least:
        yield f"have {measured} greater than or equal to {least}"
    enum = shape.metadata.get("enum")
    if enum:
        if value not in enum:
            yield f"satisfy enum value set: [{', '.join(_ENUM_ORDERS.get(shape.name, enum))}]"
        return
    if most is not None and size > most:
        yield f"have {measured} less than or equal to {most}"
    pattern = shape.metadata.get("pattern")
    if pattern is not None and _compiled(pattern).fullmatch(value) is None:
        yield f"satisfy regular expression pattern: {pattern}"


def _length(value: Any, shape: Any) -> int:
    return utf8_length(value) if shape.name in _COUNTED_IN_BYTES else len(value)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(r"\p{ASCII}", r"[\x00-\x7f]"), re.DOTALL)
