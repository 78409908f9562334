"""What all modules of a configuration share: the place of the deployment, the test's values, and the evaluator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.templates.parameters import url_suffix_of
from pytest_sfn_sync.templates.plausible_values import PlausibleValues
from pytest_sfn_sync.terraform.declarations import Declarations, RefusedConfigurationError, read_declarations
from pytest_sfn_sync.terraform.evaluation import Evaluator
from pytest_sfn_sync.terraform.guessed_values import GuessedList, GuessedText, is_plural
from pytest_sfn_sync.terraform.plausible_attributes import form_by_name
from pytest_sfn_sync.terraform.values import ValueKindError

MOST_INSTANCES: Final = 10_000
"""The most instances of one block, and the most modules of one configuration."""


@dataclass(slots=True)
class Deployment:
    """What all modules of a configuration share: the place of the deployment, and the values from the test."""

    region: str
    account_id: str
    partition: str
    variables: Mapping[str, Any]
    resources: Mapping[str, Any]
    invents_values: bool = False
    evaluator: Evaluator = field(default_factory=Evaluator)
    plausible: PlausibleValues = field(default_factory=PlausibleValues)
    used: set[str] = field(default_factory=set)
    _declarations: dict[Path, Declarations] = field(default_factory=dict)
    _modules: int = 0

    def declarations(self, folder: Path, where: str) -> Declarations:
        """Return what the files of a module's folder declare; each is read once, however many calls it has.

        ``where`` is the place of the call. Raise RefusedConfigurationError if there are too many calls.
        """
        self._modules += 1
        if self._modules > MOST_INSTANCES:
            raise RefusedConfigurationError(f"the modules fan out to more than {MOST_INSTANCES:,} instances.", where)
        if folder not in self._declarations:
            self._declarations[folder] = read_declarations(folder)
        return self._declarations[folder]

    def filled(self, form: str, name: str, label: str = "") -> str:
        """Return a form with its values filled in."""
        suffix = url_suffix_of(self.partition)
        return form.format(p=self.partition, r=self.region, a=self.account_id, n=name, l=label, u=suffix)

    def guess(self, address: str, text: str, argument: str = "resources", *keys: str, is_text: bool = False) -> Any:
        """Return a plausible value, and record how a test gives it; not even its type is known, unless ``is_text``.

        ``keys`` are those of the value in that argument, if the address is not the only one.
        """
        keys = keys or (address,)

        def part(name: str) -> Any:
            is_given, value = self.given(address, name)
            if is_given:
                return value
            if name.isdigit():
                return GuessedText(f"{text}-{name}" if name != "0" else text, address, part)
            own = (*keys, name) if argument == "variables" else (f"{address}.{name}",)
            return self.guess(
                f"{address}.{name}", self.filled(form_by_name(name), name.replace("_", "-")), argument, *own
            )

        is_list = not is_text and is_plural(address.rpartition(".")[2])
        value = GuessedList(part) if is_list else GuessedText(text, address, part)
        return self.plausible.guess(address, value, argument, *keys)

    def given(self, address: str, attribute: str) -> tuple[bool, Any]:
        """Return whether the test has a value for an attribute, and the value."""
        value = self.resources.get(f"{address}.{attribute}", _NOTHING)
        if value is not _NOTHING:
            self.used.add(f"{address}.{attribute}")
            return True, value
        found = self.resources.get(address, _NOTHING)
        if isinstance(found, Mapping) and attribute in found:
            self.used.add(address)
            return True, found[attribute]
        if isinstance(found, str) and attribute in ("arn", "id", "name"):
            self.used.add(address)
            return True, found
        return False, None


_NOTHING: Final = object()


class LazyMembers:
    """The members of ``var``, ``local``, ``module`` or a type of resources, each evaluated at its use."""

    def __init__(self, kind: str, known: Mapping[str, Any], make: Callable[[str], Any]) -> None:
        self._kind, self._known, self._make = kind, known, make

    def attribute(self, name: str) -> Any:
        """Return a member."""
        if name not in self._known:
            raise ValueKindError(f"the module declares no {self._kind} {name!r}. Nearest: {nearest(name, self._known)}")
        return self._make(name)
