"""One walk of a request and its shape: where the request has members that the shape lacks, or values of another type.

The checks of definitions and of runs both read it, and decide for themselves what a misfit comes to.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.integrations.shapes import is_of_type, is_other_spelling

UNKNOWN: Final = "unknown"
WRONG_TYPE: Final = "wrong type"

_Place: TypeAlias = "tuple[_Place, str | int] | None"
"""The steps from the request down, the last one first; a text is made of them where one is wanted."""

# Recorded: any JSON passes where a string or a blob belongs (it is sent as JSON text), and null passes everywhere.
_TAKES_ANY: Final = frozenset({"string", "blob", "timestamp", "character", "any"})
_CONTAINERS: Final[dict[str, type]] = {"structure": dict, "map": dict, "list": list}


class Misfit(NamedTuple):
    """A member that its structure lacks (``UNKNOWN``), or a value that is not of its shape's type (``WRONG_TYPE``).

    ``name`` is the member's, without the suffix of one that is evaluated; in lists and maps, that of the member that
    holds them. ``shape`` is the structure that lacks the member, or the shape of the value.
    """

    kind: str
    name: str
    shape: Shape
    steps: _Place

    @property
    def place(self) -> str:
        """Where it is in the request: ``RetryStrategy/EvaluateOnExit[1]/OnReason``."""
        told, step = "", self.steps
        while step is not None:
            told = f"[{step[1]}]{told}" if isinstance(step[1], int) else f"/{step[1]}{told}"
            step = step[0]
        return told[1:]

    @property
    def is_of_the_request(self) -> bool:
        """Whether it is a member of the request itself, and not of what the request holds."""
        return self.steps is not None and self.steps[0] is None


def misfits(request: JSON, shape: Shape, *, of_text: frozenset[str] = frozenset(), suffix: str = "") -> list[Misfit]:
    """Return where a request does not fit its shape, in the order of the request.

    ``of_text`` are the structures that may be given as a text. The values of members that end in ``suffix`` are not
    known yet. Keys of maps are free, and so is what stands where any JSON may stand.
    """
    found: list[Misfit] = []
    _walk(request, shape, None, "", _Walk(of_text, suffix, found))
    return found


class _Walk(NamedTuple):
    of_text: frozenset[str]
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
            _walk(member, known, (steps, written), written, walk)
            continue
        name = written.removesuffix(walk.suffix)
        if name not in members and not is_other_spelling(name, shape):
            walk.found.append(Misfit(UNKNOWN, name, shape, (steps, written)))


def _fits(value: Any, shape: Shape) -> bool:
    container = _CONTAINERS.get(shape.type)
    return isinstance(value, container) if container else is_of_type(value, shape) or _reads_as(value, shape.type)


def _reads_as(value: Any, kind: str) -> bool:
    """Whether a text stands for a number or a boolean. Assumption: it is taken as one."""
    if not isinstance(value, str):
        return False
    if kind == "boolean":
        return value in ("true", "false")
    try:
        float(value)
    except ValueError:
        return False
    return True
