"""Compiled definitions, each compiled once in a process and shared by all fakes.

A definition is the same if its file has the same text, or it is the same text, or a dict of equal values of the same
types, and if its type, its placeholders' values and the known integrations are the same. A file is read each time, as
reading costs less than compiling, and no change of a file is missed. What is kept holds nothing of a fake or a test.

A compiled definition and its document are never changed. The tests get copies of what is in them.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.garbage_collection import collector_slowed
from pytest_sfn_sync.asl.validation.integrations import Integrations
from pytest_sfn_sync.registry.definition_source import DefinitionSource, FindLineMap, Reading
from pytest_sfn_sync.sources import SourceText
from pytest_sfn_sync.sources.document_size import is_too_large

MOST_DEFINITIONS: Final = 256
"""The most definitions that are kept; the one that was not used for the longest time is forgotten first."""

_MARSHAL_WITHOUT_REFERENCES: Final = 2
"""The version of marshal's format that writes equal values as equal bytes; later ones depend on identity."""

_Key: TypeAlias = "tuple[object, ...]"

_text_of = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledDefinition:
    """A definition with its placeholders filled in, and its compiled model.

    ``size`` is the number of the document's bytes in UTF-8. ``line_map`` is None if the definition did not come from a
    text.
    """

    document: JSON
    compiled: StateMachineDefinition
    warnings: tuple[Diagnostic, ...]
    line_map: FindLineMap | None
    size: int


class CompiledDefinitions:
    """The compiled definitions of a process, at most ``most`` of them; the one that was used last is the last one."""

    def __init__(self, most: int = MOST_DEFINITIONS) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: dict[_Key, CompiledDefinition] = {}

    def compile(
        self, reading: Reading, definition: DefinitionSource, *, machine_type: str, integrations: Integrations | None
    ) -> CompiledDefinition:
        """Read and compile a definition, unless that was done before; raise DefinitionError with all its faults.

        Afterwards, ``reading`` is as if it had read the definition itself.
        """
        source = definition if isinstance(definition, Mapping) else reading.source_text(definition)
        key = _key_of(source, reading, machine_type, integrations)
        found = None if key is None else self._find(key)
        if found is not None:
            reading.is_read_before(found.warnings, found.line_map)
            return found
        with collector_slowed:
            document = reading.read(source)
            compiled = reading.compile(document, machine_type=machine_type, integrations=integrations)
        made = CompiledDefinition(
            document=document,
            compiled=compiled,
            warnings=reading.warnings,
            line_map=reading.line_map if isinstance(source, SourceText) else None,
            size=len(_text_of(document).encode("utf-8", "surrogatepass")),
        )
        if key is not None:
            self._keep(key, made)
        return made

    def _find(self, key: _Key) -> CompiledDefinition | None:
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None:
                self._kept[key] = found
        return found

    def _keep(self, key: _Key, made: CompiledDefinition) -> None:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]

    def __len__(self) -> int:
        return len(self._kept)


def _key_of(
    source: Mapping[str, Any] | SourceText, reading: Reading, machine_type: str, integrations: Integrations | None
) -> _Key | None:
    """Return the values that decide what a definition is compiled to; None if they can't be compared.

    marshal writes each value with its type: 1, 1.0 and True are different, as are the keys 1 and "1". It refuses
    objects of other types, such as subclasses of str.
    """
    what: Any = source
    given = reading.placeholder_values
    if is_too_large(given) or (not isinstance(source, SourceText) and is_too_large(source)):
        return None  # Its bytes could fill the memory. It is refused when it is read.
    try:
        if not isinstance(source, SourceText):
            what = marshal.dumps(what, _MARSHAL_WITHOUT_REFERENCES)
        values = marshal.dumps(given, _MARSHAL_WITHOUT_REFERENCES)
    except ValueError:
        return None
    return what, values, machine_type, integrations


shared_definitions: Final = CompiledDefinitions()
"""The compiled definitions of this process."""
