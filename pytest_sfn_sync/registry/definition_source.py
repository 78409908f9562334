"""A definition as its author wrote it, read into a document and compiled: files, texts, placeholders, faults.

`Reading` turns a dict, JSON or YAML text, or a path into a compiled model. A mistake raises a `DefinitionError`. The
mistakes of one kind are reported together, each with its place; `refusals` has their texts. Machines and ARNs are not
known here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON, UncompiledDefinitionError, is_expression_text
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.parsing.definition_parser import InvalidDefinitionError, parse_definition
from pytest_sfn_sync.asl.parsing.definition_text import json_fault
from pytest_sfn_sync.asl.validation.integrations import Integrations
from pytest_sfn_sync.errors import DefinitionError
from pytest_sfn_sync.registry.foreign_texts import about_functions, operand_for, with_targets
from pytest_sfn_sync.registry.names import NAME_MAX_LENGTH, forbidden_character, partition_of
from pytest_sfn_sync.registry.refusals import fault_lines, located, repetition_warning
from pytest_sfn_sync.shown_text import (
    MOST_OF_A_LIST,
    MOST_OF_A_VALUE,
    kind_of_value,
    most,
    shown_lines,
    shown_names,
    shown_text,
    shown_value,
)
from pytest_sfn_sync.sources import LineMap, SourceText, UnquotedText, UnreadableSourceError, read
from pytest_sfn_sync.sources.document_size import LONGEST_PATH, TOO_LARGE, DocumentSize, is_number
from pytest_sfn_sync.sources.source_text import PLACEHOLDER, shown_path
from pytest_sfn_sync.sources.text_files import about_missing_file

DefinitionSource: TypeAlias = "Mapping[str, Any] | str | os.PathLike[str]"
"""The definition argument of `Registry.register`: a dict, JSON or YAML text, or the path of a JSON or YAML file."""

FindLineMap: TypeAlias = Callable[[], "LineMap | None"]
"""Returns the places of a definition's parts; None for a definition that did not come from a text."""


_TAKEN_AS_PATH: Final = "a str that doesn't begin with '{' is taken as a path"
_OF_TEMPLATES: Final = ("Resources", "stepFunctions")


def no_line_map() -> LineMap | None:
    """Return None, as for a definition that did not come from a text."""
    return None


def known_placeholders(region: str, account_id: str) -> dict[str, str]:
    """Return the values of the placeholders to which the author need not give a value."""
    return {"AWS::Region": region, "AWS::AccountId": account_id, "AWS::Partition": partition_of(region)}


class Reading:
    """The reading of one definition into a compiled model, with all faults in one error.

    After `read`, ``line_map`` returns the places of the document's parts. After `compile`, ``warnings`` has AWS's
    warnings. ``invent`` returns values for placeholders that have none; it is called with the name and the location,
    which is empty for a bare placeholder in JSON text and None for one within a longer string. Without it, such
    placeholders are refused. ``verdict`` is the part of a refusal that names the machine.
    """

    def __init__(
        self,
        *,
        name: str,
        source: str | None,
        known: dict[str, str],
        substitutions: Mapping[str, Any] | None,
        line_map: FindLineMap = no_line_map,
        invent: Callable[[str, str | None], JSON] | None = None,
        verdict: str = "can't be registered",
        caller: str = "register",
    ) -> None:
        self.name = name
        self.source = source
        self.line_map = line_map
        self.warnings: tuple[Diagnostic, ...] = ()
        self._invent = invent
        self._verdict = verdict
        self._caller = caller
        self._is_without_substitutions = substitutions is None
        self._stays_text = False
        self._left: dict[str, None] = {}
        self._given = self._named_values({} if substitutions is None else substitutions)
        self._values: dict[str, Any] = {**known, **self._given}
        self._repetitions: tuple[Diagnostic, ...] = ()
        self._used: set[str] = set()
        self._bare: set[str] = set()
        self._unresolved: list[tuple[str, str]] = []
        self._characters: int | None = None
        self._size = DocumentSize()
        self._faults: list[str] = []

    def _named_values(self, substitutions: object) -> Mapping[str, Any]:
        if not isinstance(substitutions, Mapping):
            given = f"{kind_of_value(substitutions)} ({shown_value(substitutions)})"
            raise self._refusal(f"substitutions= is a dict, not {given}")
        for name in substitutions:
            if not isinstance(name, str):
                given = f"{kind_of_value(name)} ({shown_value(name)})"
                raise self._refusal(f"substitutions= has names as its keys, not {given}")
        return substitutions

    def check_name(self) -> None:
        """Raise DefinitionError for a name that AWS would refuse for a machine."""
        name: object = self.name
        if not isinstance(name, str) or not 1 <= len(name) <= NAME_MAX_LENGTH:
            raise self._refusal(f"a name has 1 to {NAME_MAX_LENGTH} characters")
        forbidden = forbidden_character(name)
        if forbidden is not None:
            raise self._refusal(f"a name can't contain {forbidden!r}")

    @property
    def placeholder_values(self) -> tuple[bool, dict[str, Any]]:
        """What the document depends on besides the definition: whether there are substitutions, and all values."""
        return self._is_without_substitutions, self._values

    def is_read_before(self, warnings: tuple[Diagnostic, ...], line_map: FindLineMap | None) -> None:
        """Take the results of a reading of the same definition; None leaves the line map as it is."""
        self.warnings = warnings
        if line_map is not None:
            self.line_map = line_map

    def read(self, definition: object) -> JSON:
        """Return the definition as a new document, in which all placeholders are filled in."""
        try:
            document = self._read(definition)
        except RecursionError:
            raise self._refusal("it is nested too deeply, or contains itself") from None
        except _TooLargeError:
            raise self._refusal(f"it is too large: {TOO_LARGE}") from None
        if self._unresolved:
            raise self._unresolved_placeholders()
        if self._faults:
            raise self._refusal("it is not a JSON document", shown_lines(self._faults, len(self._faults)))
        return document

    def _read(self, definition: object) -> JSON:
        if isinstance(definition, Mapping):
            # For AWS a placeholder is text. Only a deployment, or substitutions, give it a value.
            self._stays_text = self._is_without_substitutions and self._invent is None
            return self._document(definition, "", self._fill_in)
        source = definition if isinstance(definition, SourceText) else self.source_text(definition)
        source = source.with_bare_placeholders(self._fill_in_bare)
        if self._unresolved:
            raise self._unresolved_placeholders()
        try:
            written = read(source)
        except UnreadableSourceError as error:
            raise self._unreadable(error, source) from None
        self.line_map = partial(written.line_map, self._fill_in_text)
        self._repetitions = tuple(repetition_warning(error, source.file) for error in written.repetitions)
        self._characters = None if source.is_yaml else len(source.text)
        try:
            template = written.document if self._invent is None else with_targets(written.document, self._values)
            return self._document(template, "", self._fill_in)
        except UnreadableSourceError as error:  # The text that was filled in could not be read as YAML.
            raise self._refusal(error.why, _line_of(error, source)) from None

    def source_text(self, definition: object) -> SourceText:
        """Return the text of a definition, which is read if it is in a file."""
        if not isinstance(definition, (str, os.PathLike)):
            given = f"{kind_of_value(definition)} ({shown_value(definition)})"
            raise self._refusal(f"a definition is a dict, JSON or YAML text, or a path, not {given}")
        if isinstance(definition, str) and not definition.strip(" "):
            raise self._refusal("it is an empty text; a variable that should have its path may be empty")
        text = SourceText.of_text(definition) if isinstance(definition, str) else None
        if text is not None:
            return text
        named: object = os.fspath(definition)
        if not isinstance(named, str):
            raise self._refusal(f"a path is a str or a Path, not {shown_value(named)}")
        self.source = named
        path = Path(named)
        try:
            return SourceText.of_file(path)
        except FileNotFoundError:
            raise self._refusal(f"{about_missing_file(path)} ({_TAKEN_AS_PATH})") from None
        except UnreadableSourceError as error:
            raise self._refusal(error.why) from None

    def _unreadable(self, error: UnreadableSourceError, source: SourceText) -> DefinitionError:
        fault = None if source.is_yaml else json_fault(source.text)
        diagnostics = [] if fault is None else [replace(fault, file=source.file)]
        return self._refusal(error.why, _line_of(error, source), diagnostics)

    def compile(
        self, document: JSON, *, machine_type: str, integrations: Integrations | None = None
    ) -> StateMachineDefinition:
        """Compile a document; raise DefinitionError with all its faults and their locations."""
        if isinstance(document, dict) and "States" not in document and not document.keys().isdisjoint(_OF_TEMPLATES):
            raise self._refusal("it is a template", ["Load its machines with sfn_sync.load_template(...)."])
        try:
            compiled = parse_definition(
                document, machine_type=machine_type, integrations=integrations, characters=self._characters
            )
        except InvalidDefinitionError as invalid:
            self.warnings = (*self._repetitions, *invalid.warnings)
            lines = self.line_map()
            diagnostics = [located(fault, lines) for fault in invalid.diagnostics]
            count = len(diagnostics)
            found = f"its definition has {count} fault{'' if count == 1 else 's'}"
            lines_of_faults = [
                *fault_lines(diagnostics, lines),
                *self._about_what_is_left(),
                *about_functions(document),
            ]
            raise self._refusal(found, lines_of_faults, diagnostics) from None
        except RecursionError:
            raise self._refusal("it is nested too deeply") from None
        except UncompiledDefinitionError as uncompiled:
            raise self._refusal(str(uncompiled).rstrip(".")) from None
        self.warnings = (*self._repetitions, *compiled.warnings)
        return compiled

    def _fill_in_bare(self, name: str, line: int) -> str:
        """Return the text for a placeholder outside of the strings of a JSON text."""
        if not self._has_value(name):
            self._unresolved.append((name, f"line {line}"))
            return "null"
        if name not in self._values:
            self._bare.add(name)
            return f'"${{{name}}}"'  # Its value is invented when its field is known.
        value = self._value(name, "")
        return value if isinstance(value, str) else json.dumps(self._document(value, f"substitution {name}"))

    def _document(self, value: Any, location: str, text: Callable[[str, str], JSON] | None = None) -> JSON:
        """Return a copy of a Python value, each string replaced by ``text``; record a fault for one that isn't JSON."""
        if isinstance(value, str):
            self._count(len(value))
            return value if text is None else text(value, location)
        self._count()
        if isinstance(value, Mapping):
            return self._members(value, location, text)
        if isinstance(value, (list, tuple)):
            return [self._document(item, f"{location}[{index}]", text) for index, item in enumerate(value)]
        if value is None or is_number(value):
            return value
        self._faults.append(f"{_what_is_not_json(value)} is not JSON at {_shown_location(location)}")
        return None

    def _count(self, characters: int = 0) -> None:
        if not self._size.adds(characters):
            raise _TooLargeError

    def _members(
        self, value: Mapping[Any, Any], location: str, text: Callable[[str, str], JSON] | None
    ) -> dict[str, JSON]:
        members: dict[str, JSON] = {}
        for key, member in value.items():
            name = self._key(key, location, text)
            if name in members:
                where = _shown_location(location)
                self._faults.append(f"the key {shown_value(name)}, filled in, stands twice at {where}")
            inside = f"{location}/{key if isinstance(key, str) else name}"
            self._size.characters += len(name)
            if len(inside) > LONGEST_PATH:
                raise _TooLargeError
            members[name] = self._document(member, inside, text)
        return members

    def _key(self, key: Any, location: str, text: Callable[[str, str], JSON] | None) -> str:
        if isinstance(key, str):
            return key if text is None else self._fill_in_text(key, f"{location}/{key}")
        where = _shown_location(location)
        self._faults.append(f"the key {shown_value(key)} is {kind_of_value(key)}, not a string at {where}")
        return shown_value(key)

    def _fill_in(self, text: str, location: str) -> JSON:
        filled = self._filled(text, location)
        return text.read_as(filled) if isinstance(text, UnquotedText) else filled

    def _filled(self, text: str, location: str) -> JSON:
        whole = PLACEHOLDER.fullmatch(text)
        if whole is not None and self._has_value(whole[1]):
            return self._document(self._value(whole[1], location), location)
        return self._fill_in_text(text, location)

    def _fill_in_text(self, text: str, location: str) -> str:
        if "${" not in text:
            return text
        is_expression = self._is_without_substitutions and is_expression_text(text)
        if is_expression and self._invent is not None:
            return PLACEHOLDER.sub(lambda match: self._in_expression(match, location), text)
        stays = self._stays_text or is_expression
        return PLACEHOLDER.sub(lambda match: self._inserted(match, location, stays=stays), text)

    def _in_expression(self, match: re.Match[str], location: str) -> str:
        return self._inserted(match, location, stays=True) if match[1] in self._values else operand_for(match)

    def _inserted(self, match: re.Match[str], location: str, *, stays: bool) -> str:
        name = match[1]
        if stays and name not in self._values:
            self._left[name] = None
            return match[0]
        if not self._has_value(name):
            self._unresolved.append((name, location))
            return match[0]
        value = self._value(name, None)
        if isinstance(value, str):
            self._count(len(value))
            return value
        if not is_number(value):
            found = f"the substitution {shown_value(name)} is {_what_is_not_json(value)}"
            self._faults.append(f"{found}, which can't stand inside a longer string at {_shown_location(location)}")
            return match[0]
        return json.dumps(value)

    def _has_value(self, name: str) -> bool:
        return name in self._values or self._invent is not None

    def _value(self, name: str, location: str | None) -> Any:
        self._used.add(name)
        if name not in self._values and self._invent is not None:
            value = self._invent(name, location)
            # Without quotes around it, a placeholder is hardly a text.
            return self._invent(name, "") if name in self._bare and value == name else value
        return self._values[name]

    def _unresolved_placeholders(self) -> DefinitionError:
        names = list(dict.fromkeys(name for name, _ in self._unresolved))
        places = (
            f"${{{shown_text(name, MOST_OF_A_VALUE)}}} at {_shown_location(place)}" for name, place in self._unresolved
        )
        lines = shown_lines(places, len(self._unresolved))
        unused = [name for name in self._given if name not in self._used]
        lines += shown_lines((_about_unused(name, names) for name in unused), len(unused))
        lines.append(f"Give the values with {self._caller}(..., substitutions={_wanted(names)}).")
        first = shown_text(names[0], MOST_OF_A_VALUE)
        lines.append(f'To keep the text, give it as its own value: {{"{first}": "${{{first}}}"}}.')
        count = len(names)
        return self._refusal(f"{count} placeholder{' has' if count == 1 else 's have'} no value", lines)

    def _about_what_is_left(self) -> list[str]:
        if not self._left:
            return []
        names = shown_names(f"${{{name}}}" for name in self._left)
        return [
            f"{names} {'is' if len(self._left) == 1 else 'are'} text here, as to AWS. To fill in what a deployment "
            f"fills in, write {self._caller}(..., substitutions={_wanted(list(self._left))})."
        ]

    def _refusal(self, why: str, lines: Iterable[str] = (), diagnostics: Iterable[Diagnostic] = ()) -> DefinitionError:
        came_from = "" if self.source is None else f" ({shown_path(self.source)})"
        what = f"Machine {shown_value(self.name)}{came_from} {self._verdict}: {why}"
        return DefinitionError("\n  ".join([f"{what}:" if lines else f"{what}.", *lines]), diagnostics)


def _line_of(error: UnreadableSourceError, source: SourceText) -> list[str]:
    # If something is missing at the end of a text, the fault may have a line that the text does not have.
    lines = [] if error.line is None else source.lines[error.line - 1 : error.line]
    return [line.strip()[:120] for line in lines]


class _TooLargeError(Exception):
    """The document has more values or characters than are read."""


def _what_is_not_json(value: object) -> str:
    return shown_value(value) if isinstance(value, (int, float)) else kind_of_value(value)


def _shown_location(location: str) -> str:
    return shown_text(location or "/")


def _about_unused(name: str, names: list[str]) -> str:
    near = shown_text(nearest_first(name, names)[0], MOST_OF_A_VALUE)
    return f"substitution {shown_value(name)} fits no placeholder; nearest: ${{{near}}}"


def _wanted(names: list[str]) -> str:
    """Return the dict of the substitutions that are needed, as source text."""
    shown = [f'"{shown_text(name, MOST_OF_A_VALUE)}": ...' for name in names[: most(MOST_OF_A_LIST, len(names))]]
    return f"{{{', '.join(shown)}{', ...' if len(shown) < len(names) else ''}}}"
