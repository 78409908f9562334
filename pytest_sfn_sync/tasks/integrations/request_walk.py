"""One walk of a request and its shape, which finds members that the shape lacks, and values of another type.

The checks of definitions and of runs both use it. Each decides by itself what a misfit means.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.integrations.shapes import is_of_type, is_other_spelling

UNKNOWN: Final = "unknown"
WRONG_TYPE: Final = "wrong type"
NOT_A_STRING: Final = "not a string"

_Place: TypeAlias = "tuple[_Place, str | int] | None"
"""The steps from the request down to a value, the last one first; they become a text only if one is needed."""

# Recorded: any JSON is accepted for a string or a blob (it is sent as JSON text), and null is accepted everywhere.
_TAKES_ANY: Final = frozenset({"string", "blob", "timestamp", "character", "any"})
_CONTAINERS: Final[dict[str, type]] = {"structure": dict, "map": dict, "list": list}


class Misfit(NamedTuple):
    """A member that its structure lacks (``UNKNOWN``), or a value that is not of its shape's type (``WRONG_TYPE``).

    ``NOT_A_STRING`` is for a string member of a structure that takes strings alone.

    ``name`` is the member's name without the suffix of an evaluated one. For a value in a list or a map, it is the name
    of the member that has the list or the map. ``shape`` is the structure that lacks the member, or the value's shape.
    """

    kind: str
    name: str
    shape: Shape
    steps: _Place

    @property
    def place(self) -> str:
        """The place in the request: ``RetryStrategy/EvaluateOnExit[1]/OnReason``."""
        place, step = "", self.steps
        while step is not None:
            place = f"[{step[1]}]{place}" if isinstance(step[1], int) else f"/{step[1]}{place}"
            step = step[0]
        return place[1:]

    @property
    def is_of_the_request(self) -> bool:
        """Return whether it is a member of the request itself, and not of a structure within it."""
        return self.steps is not None and self.steps[0] is None


def misfits(
    request: JSON,
    shape: Shape,
    *,
    of_text: frozenset[str] = frozenset(),
    of_strings: frozenset[str] = frozenset(),
    suffix: str = "",
) -> list[Misfit]:
    """Return the misfits of a request and its shape, in the order of the request.

    ``of_text`` are the structures for which a text may be given; ``of_strings`` are those whose string members take no
    number and no boolean. The values of members that end in ``suffix`` are not known yet. Maps may have any keys. A
    value whose shape is any JSON always fits.
    """
    found: list[Misfit] = []
    _walk(request, shape, None, "", _Walk(of_text, of_strings, suffix, found))
    return found


class _Walk(NamedTuple):
    of_text: frozenset[str]
    of_strings: frozenset[str]
    suffix: str
    found: list[Misfit]


def _walk(value: Any, shape: Shape, steps: _Place, field: str, walk: _Walk) -> None:
    kind = shape.type
    if value is None or kind in _TAKES_ANY:
        return
    if not _fits(value, shape):
        if not (isinstance(value, str) and shape.name in walk.of_text):
            walk.found.append(Misfit(WRONG_TYPE, field, shape, steps))
    elif kind == "structure":
        _walk_structure(value, shape, steps, walk)
    elif kind == "list":
        item = shape.item
        for index, member in enumerate(value):
            _walk(member, item, (steps, index), field, walk)
    elif kind == "map":
        item = shape.item
        for name, member in value.items():
            _walk(member, item, (steps, name), field, walk)


def _walk_structure(value: dict[str, Any], shape: Shape, steps: _Place, walk: _Walk) -> None:
    members = shape.members
    for written, member in value.items():
        known = members.get(written)
        if known is not None:
            if shape.name in walk.of_strings and known.type == "string" and isinstance(member, (bool, int, float)):
                walk.found.append(Misfit(NOT_A_STRING, written, known, (steps, written)))
            _walk(member, known, (steps, written), written, walk)
            continue
        name = written.removesuffix(walk.suffix)
        if name not in members and not is_other_spelling(name, shape):
            walk.found.append(Misfit(UNKNOWN, name, shape, (steps, written)))


def _fits(value: Any, shape: Shape) -> bool:
    container = _CONTAINERS.get(shape.type)
    return isinstance(value, container) if container else is_of_type(value, shape) or _reads_as(value, shape.type)


def _reads_as(value: Any, kind: str) -> bool:
    """Return whether a text is that of a number or a boolean. Assumption: AWS then accepts it as one."""
    if not isinstance(value, str):
        return False
    if kind == "boolean":
        return value in ("true", "false")
    try:
        float(value)
    except ValueError:
        return False
    return True
