"""The cases of one definition, run for its table, and the differences of an outcome from its stored row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.failure_cases.case_outcomes import CaseOutcome, outcome_of
from pytest_sfn_sync.failure_cases.failing_tasks import cases_of, read_definition
from pytest_sfn_sync.failure_cases.failure_case import FailureCase, parts_of
from pytest_sfn_sync.failure_cases.failure_table import TableSettings, read_table, table_path, write_table
from pytest_sfn_sync.registry.definition_check import plausible_value
from pytest_sfn_sync.registry.definition_source import Reading, known_placeholders
from pytest_sfn_sync.shown_text import shown_names, shown_text
from pytest_sfn_sync.sources.source_text import PLACEHOLDER

_PLAUSIBLE: Final[Mapping[str, JSON]] = {
    "arn:aws:states:::lambda:invoke": {"ExecutedVersion": "$LATEST", "Payload": {}, "StatusCode": 200},
    "arn:aws:states:::http:invoke": {"Headers": {}, "ResponseBody": {}, "StatusCode": 200, "StatusText": "OK"},
}
"""By resource: the result of a task without one in the table; all other tasks have an empty object."""

_WORDS: Final = {"handled": "handled by", "path": "path", "end": "end"}


class FailureRuns:
    """The failure cases of a definition file; ``make_fake`` returns a new `SfnSync` for each of them."""

    def __init__(
        self, definition: Path, machine_type: str, make_fake: Callable[[], AbstractContextManager[Any]]
    ) -> None:
        self.definition = definition
        self.table_path = table_path(definition)
        self._make_fake = make_fake
        folder = Path.cwd()
        named = definition.relative_to(folder) if definition.is_relative_to(folder) else definition
        self._how_to_update = f"write the table: pytest --sfn-failures {named} --sfn-failures-update"
        stored = read_table(self.table_path)
        self.stored = None if stored is None else stored.rows
        settings = TableSettings() if stored is None else stored.settings
        document, self._registered = _filled(definition, settings)
        results = {
            name: settings.results.get(name, _PLAUSIBLE.get(resource, {}))
            for name, resource in _resources(document).items()
            if settings.history is None or name in settings.results
        }
        for name in settings.results:
            if name not in results:
                raise MockError(
                    f"The table {shown_text(str(self.table_path))} has a result for {name!r}, which is no Task of "
                    f"{definition.name}. Its tasks: {shown_names(results, quoted=True)}."
                )
        self.settings = replace(settings, results=results)
        self._type = settings.type or machine_type
        name = definition.name.partition(".")[0]
        self.cases = cases_of(name, document, input=settings.input, type=self._type)

    def run(self, case: FailureCase) -> CaseOutcome:
        """Run a case and return its outcome."""
        settings = self.settings
        with self._make_fake() as fake:
            machine = fake.register(case.machine, self._registered, type=self._type)
            if settings.history is not None:
                fake.use_history(self.definition.parent / settings.history)
            for task, result in settings.results.items():
                fake.mock_task(task, returns=result, optional=True)
            return outcome_of(case, case.try_run(fake, machine))

    def update(self) -> None:
        """Write the table again with the outcomes of all cases."""
        outcomes = [self.run(case) for case in self.cases]
        write_table(self.table_path, self.definition, self.settings, outcomes)
        self.stored = {outcome.case: outcome for outcome in outcomes}

    @property
    def gone(self) -> list[str]:
        """The names of stored rows whose cases the definition does not have any more."""
        names = {case.name for case in self.cases}
        return [name for name in self.stored or () if name not in names]

    def difference(self, case: FailureCase) -> str | None:
        """Run a case; return how its outcome differs from the stored row in words, None if it does not."""
        outcome = self.run(case)
        update = self._how_to_update
        if self.stored is None:
            return (
                f"There is no table {self.table_path.name} beside {self.definition.name} yet. To begin, {update}\n"
                f"This case: {_shown(outcome)}"
            )
        stored = self.stored.get(case.name)
        if stored is None:
            return (
                f"{self.table_path.name} has no row for the case {case.name}: {_shown(outcome)}.\n"
                f"If the task or its error is new, {update}"
            )
        if stored == outcome:
            return None
        lines = [f"The case {case.name} does not end as {self.table_path.name} says."]
        for field, word in _WORDS.items():
            before, now = getattr(stored, field), getattr(outcome, field)
            if before != now:
                lines += [f"  {word:<10}  stored  {shown_text(before)}", f"  {'':<10}  now     {shown_text(now)}"]
        return "\n".join([*lines, f"If the change is meant, {update}"])

    def about_gone(self, name: str) -> str:
        """Return the message for a stored row whose case is gone."""
        return (
            f"{self.table_path.name} has a row for the case {name}, but {self.definition.name} has no such case any "
            "more: its task, or the retrier or catcher that names the error, is gone.\n"
            f"If the change is meant, {self._how_to_update}"
        )


def _shown(outcome: CaseOutcome) -> str:
    return f"handled by {outcome.handled}, path {outcome.path}, end {outcome.end}"


def _filled(definition: Path, settings: TableSettings) -> tuple[JSON, Any]:
    """Return the document of a definition file, and what is registered: the file, or the document if it was changed.

    Placeholders have the values of ``substitutions``; those that are left get plausible ones.
    """
    document = read_definition(definition)
    if settings.substitutions is None and PLACEHOLDER.search(compact(document)) is None:
        return document, definition
    reading = Reading(
        name=definition.name,
        source=None,
        known=known_placeholders(DEFAULT_REGION, DEFAULT_ACCOUNT_ID),
        substitutions=settings.substitutions or {},
        invent=plausible_value,
    )
    filled = reading.read(definition)
    return filled, filled


def _resources(states: JSON) -> dict[str, str]:
    """Return the resource of each Task in a definition, by its name."""
    found: dict[str, str] = {}
    for name, fields in states["States"].items():
        if fields.get("Type") == "Task":
            found[name] = str(fields.get("Resource"))
        for part in parts_of(fields):
            found |= _resources(part)
    return found
