"""The check of a mock's result against its shape, as TestState makes it.

Recorded: answers of TestState (`fieldValidationMode`). The search for misspelt members is this package's own, as AWS
accepts members that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.json_values import member_path

STRICT: Final = "strict"
PRESENT: Final = "present"
NONE: Final = "none"
MODES: Final = (STRICT, PRESENT, NONE)

_PYTHON_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "character": (str,),
    "timestamp": (str,),
    "blob": (str,),
    "integer": (int, float),
    "long": (int, float),
    "short": (int, float),
    "byte": (int, float),
    "float": (int, float),
    "double": (int, float),
    "bigdecimal": (int, float),
    "biginteger": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
    "any": (object,),
}

_NUMBERS: Final = frozenset(name for name, types in _PYTHON_TYPES.items() if int in types)

# Recorded: a string, a number, an array. Assumption: the other two have the same form.
_TYPE_TEXTS: Final = {str: "a string", int: "a number", list: "an array", dict: "an object", bool: "a boolean"}

_METADATA: Final = ("SdkHttpMetadata", "SdkResponseMetadata")
_NEAR: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeFault:
    """A value that does not fit its shape; ``message`` is TestState's message without its beginning."""

    path: str
    message: str
    expected: str
    given: JSON = None
    is_absent: bool = False
    type: str = "any"

    @property
    def is_date_as_number(self) -> bool:
        """Report whether the fault is only that a date is a number and not a text."""
        return self.type == "timestamp" and isinstance(self.given, int | float) and not isinstance(self.given, bool)

    @property
    def test_state_message(self) -> str:
        """The message of TestState's ValidationException."""
        return f"Mock result schema validation error: {self.message}"


def type_text(shape: Shape) -> str:
    """Return the type of a shape's values in TestState's words, such as ``a string``."""
    return _TYPE_TEXTS.get(_PYTHON_TYPES[shape.type][0], "any JSON value")


def check_result(
    value: JSON, shape: Shape | None, mode: str, *, dates_may_be_numbers: bool = False
) -> ShapeFault | None:
    """Return the first fault that TestState finds in a mock's result; None if it finds none.

    In the mode ``strict`` all required members must be there, and values must be right. In ``present`` only the values
    that are there must be right. In ``none`` nothing is checked. Recorded: members that the shape lacks are accepted in
    every mode. ``dates_may_be_numbers`` is true for results in which AWS has dates as milliseconds.
    """
    if mode == NONE or shape is None:
        return None
    if not isinstance(value, dict):
        # Assumption: the text that was recorded for a Map with a ResultWriter.
        return ShapeFault(path="$", message="Mocked result must be a JSON object.", expected="an object", given=value)
    faults = _faults(value, shape, "$", "", mode == STRICT)
    if dates_may_be_numbers:
        faults = (fault for fault in faults if not fault.is_date_as_number)
    return next(faults, None)


def _faults(value: JSON, shape: Shape, path: str, field: str, strict: bool) -> Iterator[ShapeFault]:
    if not is_of_type(value, shape):
        expected = type_text(shape)
        message = f"Field '{field}' must be {expected}"
        yield ShapeFault(path=path, message=message, expected=expected, given=value, type=shape.type)
        return
    limit = _limit_overstepped(value, shape)
    if limit is not None:
        what, expected = limit
        yield ShapeFault(path=path, message=f"Field '{field}' {what}", expected=expected, given=value)
    if shape.type == "structure":
        for name in shape.required if strict else ():
            if name not in value:
                at, expected = member_path(path, name), type_text(shape.members[name])
                message = f"Required field '{name}' is missing"
                yield ShapeFault(path=at, message=message, expected=expected, is_absent=True)
        for name, member in value.items():
            if name in shape.members:
                yield from _faults(member, shape.members[name], member_path(path, name), name, strict)
    elif shape.type == "list":
        for index, item in enumerate(value):
            yield from _faults(item, shape.item, f"{path}[{index}]", field, strict)
    elif shape.type == "map":
        for name, member in value.items():
            yield from _faults(member, shape.item, member_path(path, name), name, strict)


def is_of_type(value: JSON, shape: Shape) -> bool:
    """Return whether a value has the JSON type of a shape's values."""
    types = _PYTHON_TYPES[shape.type]
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types or object in types)


def _limit_overstepped(value: JSON, shape: Shape) -> tuple[str, str] | None:
    """Return the limit that a value exceeds and the values that fit; None if it exceeds none.

    Recorded: patterns are not checked.
    """
    if shape.type == "any" or isinstance(value, bool):
        return None
    if shape.enum is not None and value not in shape.enum:
        return "is not an expected value", f"one of {', '.join(shape.enum)}"
    is_number = shape.type in _NUMBERS
    size = value if is_number else len(value)
    unit = "" if is_number else "a length of "
    if shape.least is not None and size < shape.least:
        what = "is less than the minimum value" if is_number else "is smaller than the minimum length"
        return what, f"{unit}{shape.least:g} or more"
    if shape.most is not None and size > shape.most:
        # Recorded: the text for the greatest value. Assumption: the text for the greatest length has the same form.
        what = "exceeds the maximum value" if is_number else "exceeds the maximum length"
        return what, f"{unit}{shape.most:.15g} or less"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MisspeltMember:
    """A member that the shape lacks, with a name that is very near to that of a member that it has."""

    path: str
    name: str
    meant: str
    known: tuple[str, ...]


def misspelt_member(value: JSON, shape: Shape) -> MisspeltMember | None:
    """Return a member that is probably misspelt; TestState would accept it, but the workflow would not find it."""
    return next(_misspelt(value, shape, "$", _METADATA), None)


def _misspelt(value: JSON, shape: Shape, path: str, more: tuple[str, ...] = ()) -> Iterator[MisspeltMember]:
    if shape.type == "structure" and isinstance(value, dict):
        known = (*shape.members, *more)
        for name, member in value.items():
            if name in shape.members:
                yield from _misspelt(member, shape.members[name], member_path(path, name))
            elif name not in known and not is_other_spelling(name, shape):
                meant = _near(name, known)
                if meant is not None:
                    at = member_path(path, name)
                    yield MisspeltMember(path=at, name=name, meant=meant, known=tuple(sorted(shape.members)))
    elif shape.type == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _misspelt(item, shape.item, f"{path}[{index}]")
    elif shape.type == "map" and isinstance(value, dict):
        for name, member in value.items():
            yield from _misspelt(member, shape.item, member_path(path, name))


def is_other_spelling(name: str, shape: Shape) -> bool:
    """Return whether a name is the model's own name and begins with an acronym and a digit.

    The sources differ on such names (``MD5OfMessageBody``, ``Md5OfMessageBody``), so both are accepted.
    """
    return name in shape.model_names.values() and name[:1].isupper() and any(letter.isdigit() for letter in name[:4])


def _near(name: str, known: tuple[str, ...]) -> str | None:
    plain = {_plain(other): other for other in known}
    if _plain(name) in plain:
        return plain[_plain(name)]
    # Any two names of two letters are near to each other.
    near = get_close_matches(_plain(name), plain, n=1, cutoff=_NEAR) if len(name) > 2 else []
    return plain[near[0]] if near else None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
