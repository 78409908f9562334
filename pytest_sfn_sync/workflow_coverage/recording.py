"""The records of the parts of each machine that tests ran, collected while tests run.

A machine that many tests register is recorded as one machine, for all values of its placeholders. It is the same
machine if it has the same source, the same place in it, and the same elements. A machine without a file, or with a file
that a test wrote to a temporary folder, is identified by its name. Workers of pytest-xdist send their records as JSON.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.elements import Element, elements_of
from pytest_sfn_sync.executions.ran import Ran
from pytest_sfn_sync.workflow_coverage.places import Place, places_of

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution import Execution
    from pytest_sfn_sync.registry import RegisteredMachine


@dataclass(slots=True, kw_only=True)
class RecordedMachine:
    """A machine, and the counts of its parts that ran.

    ``names`` are the names under which it was registered. ``type`` is ``EXPRESS`` or ``STANDARD``. ``source`` is the
    file in messages, and ``file`` is the file of ``places``; both are None for a machine without a file. ``ran`` has
    the counts by the context of coverage.py, which is "" if there are no contexts.
    """

    names: list[str]
    type: str
    source: str | None
    file: str | None
    definition: JSON
    elements: tuple[Element, ...]
    places: dict[str, Place]
    ran: dict[str, Ran] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[object, ...]:
        """The values by which it differs from other machines."""
        if self.source is None:
            return None, self.names[0], self.elements
        first = self.places.get(self.elements[0].location) if self.elements else None
        return self.source, first, self.elements

    def ran_in(self, context: str) -> Ran:
        """Return the counts of a context."""
        ran = self.ran.get(context)
        if ran is None:
            ran = self.ran[context] = Ran()
        return ran

    def all_that_ran(self) -> Ran:
        """Return the counts of all contexts together."""
        ran = Ran()
        for counts in self.ran.values():
            ran.add(counts)
        return ran

    def add(self, other: RecordedMachine) -> None:
        """Add the counts of another process for the same machine."""
        self.names += [name for name in other.names if name not in self.names]
        for context, ran in other.ran.items():
            self.ran_in(context).add(ran)


class Recorder:
    """The recorder of machines and executions; ``context`` is the current context of coverage.py.

    A file in the working directory, or in one of ``folders``, does not count as temporary, even if that folder is in a
    temporary one.
    """

    def __init__(self, *folders: str | os.PathLike[str]) -> None:
        self.context = ""
        self._folders = [os.path.realpath(folder) for folder in (os.getcwd(), *folders)]
        self._recorded: dict[tuple[object, ...], RecordedMachine] = {}
        # Tests register the same machines many times. To compare documents is much quicker than to read lines.
        self._known: dict[tuple[str | None, str], list[tuple[JSON, RecordedMachine]]] = {}
        self._of_machine: dict[int, tuple[RegisteredMachine, RecordedMachine]] = {}

    @property
    def machines(self) -> list[RecordedMachine]:
        """The machines, by name and source."""
        return sorted(self._recorded.values(), key=lambda machine: (sorted(machine.names), machine.source or ""))

    def execution(self, execution: Execution) -> None:
        """Record an execution that has ended."""
        found = self._of_machine.get(id(execution.machine))
        recorded = self._find(execution.machine) if found is None else found[1]
        recorded.ran_in(self.context).add_run(execution.run)

    def registered(self, machines: Iterable[RegisteredMachine]) -> None:
        """Record machines, whether they ran or not; called when their fake removes them."""
        for machine in machines:
            if id(machine) not in self._of_machine:
                self._find(machine)
        self._of_machine.clear()

    def _find(self, machine: RegisteredMachine) -> RecordedMachine:
        known = self._known.setdefault((machine.source, machine.name), [])
        recorded = next((recorded for document, recorded in known if document == machine.document), None)
        if recorded is None:
            recorded = self._keep(_newly_recorded(machine, self._folders))
            known.append((machine.document, recorded))
        self._of_machine[id(machine)] = machine, recorded
        return recorded

    def _keep(self, machine: RecordedMachine) -> RecordedMachine:
        before = self._recorded.setdefault(machine.identity, machine)
        if before is not machine:
            before.add(machine)
        return before

    def packed(self) -> str:
        """Return all records as a text for another process."""
        return json.dumps([_to_json(machine) for machine in self._recorded.values()])

    def add_packed(self, text: str) -> None:
        """Add the records of another process."""
        for recorded in json.loads(text):
            self._keep(_from_json(recorded))


def _newly_recorded(machine: RegisteredMachine, folders: list[str]) -> RecordedMachine:
    elements = elements_of(machine.document)
    line_map = machine.line_map
    file = None if line_map is None else _lasting(line_map.file, folders)
    return RecordedMachine(
        names=[machine.name],
        type=machine.type,
        source=_lasting(machine.source, folders),
        file=file,
        definition=machine.document,
        elements=elements,
        places=places_of(elements, line_map) if line_map is not None and file is not None else {},
    )


def _lasting(path: str | None, folders: list[str]) -> str | None:
    """Return a path that does not depend on the working directory, which tests change; None for a temporary file.

    A file in a project is not temporary, even if the project is in a folder for temporary files. But a project may
    itself contain the folder for temporary files.
    """
    if path is None:
        return None
    real, temporary = os.path.realpath(path), os.path.realpath(tempfile.gettempdir())
    projects = [folder for folder in folders if _is_in(folder, temporary)]
    is_temporary = _is_in(real, temporary) and not any(_is_in(real, project) for project in projects)
    return None if is_temporary else os.path.abspath(path)


def _is_in(path: str, folder: str) -> bool:
    return os.path.join(path, "").startswith(os.path.join(folder, ""))


def _to_json(machine: RecordedMachine) -> dict[str, Any]:
    return {
        "names": machine.names,
        "type": machine.type,
        "source": machine.source,
        "file": machine.file,
        "definition": machine.definition,
        "places": machine.places,
        "ran": {context: ran.to_json() for context, ran in machine.ran.items()},
    }


def _from_json(recorded: dict[str, Any]) -> RecordedMachine:
    return RecordedMachine(
        names=recorded["names"],
        type=recorded["type"],
        source=recorded["source"],
        file=recorded["file"],
        definition=recorded["definition"],
        elements=elements_of(recorded["definition"]),
        places={location: Place(*place) for location, place in recorded["places"].items()},
        ran={context: Ran.from_json(counts) for context, counts in recorded["ran"].items()},
    )
