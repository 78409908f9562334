"""The parameters of a template, AWS's pseudo parameters among them: given, default, or plausible values.

CloudFormation's parameters of every ``Type`` are texts and lists of texts. `NumberText` is the text of a number, which
becomes a number in a field that must be one in the Amazon States Language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_names, shown_text, shown_value
from pytest_sfn_sync.templates.documents import Spot
from pytest_sfn_sync.templates.plausible_values import PlausibleValues
from pytest_sfn_sync.templates.template_faults import Fault, UnresolvableError, nearest_sentence

_URL_SUFFIXES: Final = {
    "aws-cn": "amazonaws.com.cn",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
    "aws-eusc": "amazonaws.eu",
}
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_STACK_NAME: Final = "stack"
_STACK_UUID: Final = "00000000-0000-4000-8000-000000000000"


class NumberText(str):
    """The text of a number: of a parameter of type Number, or of a number that is written in the template."""

    __slots__ = ()

    @property
    def number(self) -> int | float:
        """The number."""
        return int(self) if self.removeprefix("-").isdecimal() else float(self)


def text_of(value: Any) -> str:
    """Return the text that CloudFormation has for a string, a number or a boolean."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_placeholder(name: str) -> bool:
    return name.startswith("${") and name.endswith("}")


class Parameters:
    """The values of a template's parameters; each is computed at its first use."""

    def __init__(
        self,
        declared: Mapping[str, Any],
        spot: Spot,
        *,
        given: Mapping[str, Any],
        pseudo: Mapping[str, str],
        plausible: PlausibleValues,
        invents_numbers: bool,
    ) -> None:
        self._declared = declared
        self._spot = spot
        self._given = given
        self._plausible = plausible
        self._invents_numbers = invents_numbers
        self.pseudo = pseudo
        self.placeholders = {name[2:-1]: value for name, value in given.items() if _is_placeholder(name)}
        self.used_placeholders: set[str] = set()
        self._variables: list[str] = []

    @property
    def names(self) -> list[str]:
        """The names of parameters that a ``Ref`` may have."""
        return [*self._declared, *self.pseudo, *_MORE_PSEUDO]

    def like(self, name: str) -> list[str]:
        """Return the names that a wrong one could mean; AWS's own are included only if it begins like them."""
        known = [known for known in self.names if known in self._declared or name.startswith("AWS")]
        return [*known, *self._variables]

    def accept(self, variables: Iterable[str]) -> None:
        """Register names of variables, so that a test may give values for them; only some templates have variables."""
        self._variables = sorted(variables)

    def faults(self) -> list[Fault]:
        """Return the faults of the values that the test gave."""
        found = []
        for name, value in self._given.items():
            if name in self._variables:
                continue
            if _is_placeholder(name):
                # The placeholders are known only from the definitions: see `unused_placeholders`.
                if not isinstance(value, (str, int, float)):
                    why = "a placeholder is a text, a number or a boolean."
                    found.append(Fault(f"parameters= has {shown_value(value)} for {shown_value(name)}; {why}", None))
            elif name not in self.names:
                near = nearest_sentence(name, self.like(name))
                or_variable = " or variable" if self._variables else ""
                why = f"but the template has no such parameter{or_variable}. {near}"
                found.append(Fault(f"parameters= has {shown_value(name)}, {why}", None))
            elif name in self._declared:
                found += self._wrong_value(name, value)
        return found

    def unused_placeholders(self) -> list[Fault]:
        """Return a fault for each placeholder that has a value from the test but is in no definition."""
        unused = [name for name in self.placeholders if name not in self.used_placeholders]
        return [Fault(f"parameters= has '${{{shown_text(name)}}}', which no definition has.", None) for name in unused]

    def _wrong_value(self, name: str, value: Any) -> list[Fault]:
        allowed = self._allowed(name)
        items = value if isinstance(value, (list, tuple)) else [value]
        if not all(isinstance(item, (str, int, float)) for item in items):
            why = "a parameter is a text, a number or a list."
            return [Fault(f"parameters= has {shown_value(value)} for {shown_value(name)}; {why}", None)]
        if allowed and any(text_of(item) not in allowed for item in items):
            values = shown_names(allowed, quoted=True)
            return [
                Fault(
                    f"parameters= has {shown_value(value)} for {shown_value(name)}, whose AllowedValues are {values}.",
                    None,
                )
            ]
        if self._type(name) == "Number" and not _NUMBER.fullmatch(text_of(value)):
            return [Fault(f"parameters= has {shown_value(value)} for {shown_value(name)}, which is a Number.", None)]
        return []

    def value(self, name: str, spot: Spot) -> Any:
        """Return the value of a declared or pseudo parameter; raise UnresolvableError if no value is plausible."""
        if name in self._declared:
            return self._in_type(name, self._text(name, spot))
        if name in self._given:
            return self._given[name]
        if name in self.pseudo:
            return self.pseudo[name]
        return self._more_pseudo(name, spot)

    def _text(self, name: str, spot: Spot) -> Any:
        declaration = self._declaration(name)
        if name in self._given:
            return self._given[name]
        kind = self._type(name)
        # The default of a Systems Manager parameter is the parameter's name in Systems Manager, not its value.
        if "Default" in declaration and not kind.startswith("AWS::SSM::Parameter::Value"):
            return declaration["Default"]
        return self._plausible.guess(name, self._invented(name, kind, spot), "parameters")

    def _invented(self, name: str, kind: str, spot: Spot) -> str:
        allowed = self._allowed(name)
        if allowed:
            return allowed[0]
        if kind != "Number":
            return name
        if "MinValue" in self._declaration(name):
            return text_of(self._declaration(name)["MinValue"])
        if self._invents_numbers:
            return "1"
        raise UnresolvableError(
            f"the parameter {shown_value(name)} is a Number without Default, AllowedValues or MinValue. "
            f'Give it a value: load_template(..., parameters={{"{name}": ...}}).',
            spot,
        )

    def _in_type(self, name: str, value: Any) -> Any:
        kind = self._type(name)
        if kind.startswith("AWS::SSM::Parameter::Value<"):
            kind = kind[len("AWS::SSM::Parameter::Value<") : -1]
        if kind == "CommaDelimitedList" or kind.startswith("List<"):
            items = value if isinstance(value, (list, tuple)) else text_of(value).split(",")
            return [text_of(item).strip() for item in items]
        text = ",".join(map(text_of, value)) if isinstance(value, (list, tuple)) else text_of(value)
        return NumberText(text) if kind == "Number" and _NUMBER.fullmatch(text) else text

    def _more_pseudo(self, name: str, spot: Spot) -> Any:
        if name == "AWS::NotificationARNs":
            return []
        stack_name = str(self._given.get("AWS::StackName", _STACK_NAME))
        if name == "AWS::StackName":
            return self._plausible.keep(name, stack_name)
        # AWS::StackId
        at = {part: self.value(f"AWS::{part}", spot) for part in ("Partition", "Region", "AccountId")}
        place = f"arn:{at['Partition']}:cloudformation:{at['Region']}:{at['AccountId']}"
        return self._plausible.keep(name, f"{place}:stack/{stack_name}/{_STACK_UUID}")

    def _declaration(self, name: str) -> Mapping[str, Any]:
        declaration = self._declared[name]
        return declaration if isinstance(declaration, Mapping) else {}

    def _type(self, name: str) -> str:
        return str(self._declaration(name).get("Type", "String"))

    def _allowed(self, name: str) -> list[str]:
        allowed = self._declaration(name).get("AllowedValues")
        return [text_of(value) for value in allowed] if isinstance(allowed, list) else []


_MORE_PSEUDO: Final = ("AWS::StackName", "AWS::StackId", "AWS::NotificationARNs")


def url_suffix_of(partition: str) -> str:
    """Return the domain of a partition's services: AWS::URLSuffix."""
    return _URL_SUFFIXES.get(partition, "amazonaws.com")
