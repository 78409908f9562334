"""The ``${Name}`` placeholders of a definition, whose values are in the template's DefinitionSubstitutions.

CloudFormation replaces text in the definition's text before the text is read. A bare number in JSON
(``"Seconds": ${Pause}``) stays a number; within quotes everything is text. On AWS a placeholder without a value is not
changed, which is usually a mistake. So it is refused in the forms in which definitions are written by hand. In a
JSONata expression it is text, unless the machine has DefinitionSubstitutions. The same rule holds for the
``substitutions=`` of `register`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import is_expression_text
from pytest_sfn_sync.shown_text import MOST_OF_A_VALUE, shown_text, shown_value
from pytest_sfn_sync.sources import UnquotedText, UnreadableSourceError
from pytest_sfn_sync.sources.document_size import TOO_LARGE, is_too_large
from pytest_sfn_sync.sources.source_text import PLACEHOLDER
from pytest_sfn_sync.templates.documents import Spot
from pytest_sfn_sync.templates.parameters import NumberText, text_of
from pytest_sfn_sync.templates.stack import Stack
from pytest_sfn_sync.templates.template_faults import Fault, kind_of, nearest_sentence

FIELD: Final = "DefinitionSubstitutions"

JSON_SYNTAX: Final = re.compile(r'["\\\x00-\x1f]')
YAML_SYNTAX: Final = re.compile(r"""["'\\\n\t]|: |:\Z| #|\A[\[{&*!|>%@`#-]""")
"""Characters of a value that change the meaning of a text of JSON or YAML around it."""


class Placeholders:
    """The values of the placeholders in one machine's definition; ``unknown`` has the names without a value.

    If there is no ``spot`` of DefinitionSubstitutions, as in the serverless framework, only the test gives values.
    """

    def __init__(self, stack: Stack, substitutions: Any = None, spot: Spot | None = None) -> None:
        self._stack = stack
        self._spot = stack.spot if spot is None else spot
        self._has_field = spot is not None
        self._values = {} if spot is None else dict(_values(stack, substitutions, spot))
        self._is_given = bool(self._values)
        self._values |= {name: _text(value) for name, value in stack.parameters.placeholders.items()}
        self.unknown: set[str] = set()

    def fill_in(self, text: str) -> str:
        """Return a string with its values; a string that is exactly the placeholder of a number is a `NumberText`."""
        if "${" not in text:
            return text
        whole = PLACEHOLDER.fullmatch(text)
        if whole is not None and _inside(whole) in self._values:
            return self._value(whole[1])
        return PLACEHOLDER.sub(self._filled_or_left if self._may_stay(text) else self._filled, text)

    def fill_in_bare(self, name: str, line: int) -> str:
        """Return the text for a placeholder outside of strings in JSON; if it has no value, itself in quotes."""
        if name in self._values:
            return self._value(name)
        self.unknown.add(name)
        return f'"${{{name}}}"'

    def fill_in_raw(self, text: str, syntax: re.Pattern[str]) -> str:
        """Return a text with the values that mean something in its language, such as quotes; others are left for later.

        Documented: CloudFormation's handler of the resource replaces placeholders in the text, before it is read.
        """
        names = [name for name in self.names_of_syntax(syntax) if f"${{{name}}}" in text]
        if not names:
            return text
        pattern = re.compile("|".join(re.escape(f"${{{name}}}") for name in names))
        return pattern.sub(lambda match: self._value(match[0][2:-1]), text)

    def names_of_syntax(self, syntax: re.Pattern[str]) -> list[str]:
        """Return the names whose values mean something in the language of the text around them."""
        values = self._values.items()
        return [name for name, value in values if not isinstance(value, NumberText) and syntax.search(value)]

    def fill_in_all(self, value: Any) -> Any:
        """Fill in all strings and keys of a document; raise UnreadableSourceError if two keys become equal."""
        if is_too_large(value):
            raise UnreadableSourceError(f"it is too large: {TOO_LARGE}")
        return self._filled_in(value)

    def _filled_in(self, value: Any) -> Any:
        if isinstance(value, UnquotedText):
            return value.read_as(self.fill_in(value))
        if isinstance(value, str):
            return self.fill_in(value)
        if isinstance(value, dict):
            members: dict[str, Any] = {}
            for key, member in value.items():
                name = str(self.fill_in(key))
                if name in members:
                    raise UnreadableSourceError(f"the key {shown_value(name)}, filled in, stands twice in one object")
                members[name] = self._filled_in(member)
            return members
        return [self._filled_in(item) for item in value] if isinstance(value, list) else value

    def faults(self, definition: Any, spot: Spot) -> Iterator[Fault]:
        """Yield a fault for each placeholder without a value in a definition; ``spot`` is the definition's."""
        seen: set[str] = set()
        for text, at in _texts(definition, spot):
            for name in () if self._may_stay(text) else map(_inside, PLACEHOLDER.finditer(text)):
                if name in self.unknown and name not in seen:
                    seen.add(name)
                    yield self.fault(name, at)

    def fault(self, name: str, spot: Spot) -> Fault:
        """Return the fault of a placeholder without a value."""
        give, name = ". Give", shown_text(name, MOST_OF_A_VALUE)
        if self._has_field:
            give = f" in {FIELD}. {nearest_sentence(name, self._values)} Add it there, or give"
        return Fault(
            f"${{{name}}} has no value{give} it one: "
            f'load_template(..., parameters={{"${{{name}}}": ...}}); to keep the text, give it as its own value: '
            f'{{"${{{name}}}": "${{{name}}}"}}.',
            spot,
        )

    def _may_stay(self, text: str) -> bool:
        """Return whether a placeholder without a value is plain text in a string, as on AWS."""
        return is_expression_text(text) and not self._is_given

    def _value(self, name: str) -> str:
        self._stack.parameters.used_placeholders.add(name)
        return self._stack.budget.text(self._values[name], self._spot)

    def _filled(self, match: re.Match[str]) -> str:
        name = _inside(match)
        if name in self._values:
            return self._value(name)
        self.unknown.add(name)
        return match[0]

    def _filled_or_left(self, match: re.Match[str]) -> str:
        return self._value(match[1]) if _inside(match) in self._values else match[0]


def _inside(match: re.Match[str]) -> str:
    """Return what a placeholder has between its braces, with blanks: CloudFormation fills in none with blanks."""
    return match[0][2:-1]


def literal_placeholders(definition: Any) -> dict[str, str]:
    """Return the placeholders that are left in a finished definition, each with itself as its value."""
    found = (match for text, _ in _texts(definition, None) for match in PLACEHOLDER.finditer(text))
    return {match[1]: match[0] for match in found}


def _values(stack: Stack, substitutions: Any, spot: Spot) -> Iterator[tuple[str, str]]:
    resolved = stack.resolve({} if substitutions is None else substitutions, spot)
    if not isinstance(resolved, Mapping):
        stack.faults.append(Fault(f"{FIELD} is an object, not {kind_of(resolved)}.", spot))
        return
    for name, value in resolved.items():
        if isinstance(value, (str, int, float)):
            yield name, _text(value)
        elif value is None:
            yield name, f"${{{name}}}"  # A placeholder with a fault has become null.
        else:
            why = f"{FIELD} takes texts, numbers and booleans, not {kind_of(value)}."
            stack.faults.append(Fault(f"{why} Write a list as a text: !Join.", spot / name))


def _text(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return NumberText(value)
    return value if isinstance(value, NumberText) else text_of(value)


def _texts(value: Any, spot: Spot | None) -> Iterator[tuple[str, Any]]:
    if isinstance(value, str):
        yield value, spot
    elif isinstance(value, dict):
        for key, member in value.items():
            at = None if spot is None else spot / key
            yield key, at
            yield from _texts(member, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, None if spot is None else spot / index)
