"""A definition as its author gave it, read into a document and compiled: files, JSON text, placeholders, faults.

`Reading` takes a dict, JSON text or a path to a compiled model. Every mistake on the way is a `DefinitionError`; the
mistakes of one kind are told together, each with its place. Machines and ARNs are no business of this module.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON, EngineMissingError
from pytest_sfn_sync.asl.parser import InvalidDefinitionError, parse_definition
from pytest_sfn_sync.errors import DefinitionError
from pytest_sfn_sync.registry.integrations import Recognise, unrecognised_integrations
from pytest_sfn_sync.registry.names import NAME_MAX_LENGTH, forbidden_character, nearest_first

DefinitionSource: TypeAlias = "Mapping[str, Any] | str | os.PathLike[str]"
"""A definition as `Registry.register` takes it: a dict, JSON text, or the path of a JSON file."""

_PLACEHOLDER_NAME: Final = r"\$\{([\w-]+(?:(?:\.|::)[\w-]+)*)\}"
_PLACEHOLDER: Final = re.compile(_PLACEHOLDER_NAME)
_STRING_OR_PLACEHOLDER: Final = re.compile(r'"(?:[^"\\]|\\.)*"|' + _PLACEHOLDER_NAME)


class Reading:
    """The reading of one definition, from what the author gave to a compiled model, with its faults told together."""

    def __init__(self, *, name: str, source: str | None, known: dict[str, str], substitutions: dict[str, Any]) -> None:
        self.name = name
        self.source = source
        self._given = substitutions
        self._values: dict[str, Any] = {**known, **substitutions}
        self._used: set[str] = set()
        self._unresolved: list[tuple[str, str]] = []
        self._faults: list[str] = []

    def check_name(self) -> None:
        """Refuse a name that AWS would refuse for a machine."""
        name: object = self.name
        if not isinstance(name, str) or not 1 <= len(name) <= NAME_MAX_LENGTH:
            raise self._refusal(f"a name has 1 to {NAME_MAX_LENGTH} characters")
        forbidden = forbidden_character(name)
        if forbidden is not None:
            raise self._refusal(f"a name can't contain {forbidden!r}")

    def read(self, definition: object) -> JSON:
        """Turn what the author gave into a document of its own, with every placeholder filled in."""
        try:
            document = self._document(self._parsed(definition), "", self._fill_in)
        except RecursionError:
            raise self._refusal("it is nested too deeply, or contains itself") from None
        if self._unresolved:
            raise self._unresolved_placeholders()
        if self._faults:
            raise self._refusal("it is not a JSON document", self._faults)
        return document

    def _parsed(self, definition: object) -> JSON:
        if isinstance(definition, Mapping):
            return definition
        if isinstance(definition, str) and definition.lstrip().startswith("{"):
            return self._parse(definition)
        if isinstance(definition, (str, os.PathLike)):
            return self._parse(self._read_file(Path(definition)))
        raise self._refusal(
            f"a definition is a dict, JSON text or a path, not {_type_name(definition)} ({definition!r:.80})"
        )

    def compile(self, document: JSON, recognise: Recognise | None = None) -> StateMachineDefinition:
        """Parse a document; its structural faults are told all at once, each with its location."""
        compiled = self._parsed_definition(document)
        unknown = [] if recognise is None else unrecognised_integrations(compiled, recognise)
        if unknown:
            count = len(unknown)
            found = f"its definition has {count} fault{'' if count == 1 else 's'}"
            raise self._refusal(found, [line for fault, hint in unknown for line in (str(fault), f"    {hint}")])
        return compiled

    def _parsed_definition(self, document: JSON) -> StateMachineDefinition:
        try:
            return parse_definition(document)
        except InvalidDefinitionError as invalid:
            count = len(invalid.diagnostics)
            found = f"its definition has {count} fault{'' if count == 1 else 's'}"
            raise self._refusal(found, [line for fault in invalid.diagnostics for line in _told(fault)]) from None
        except EngineMissingError as missing:
            raise self._refusal(str(missing).rstrip(".")) from None

    def _read_file(self, path: Path) -> str:
        self.source = str(path)
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise self._refusal(_about_missing(path)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise self._refusal(f"its file can't be read: {error}") from None

    def _parse(self, text: str) -> JSON:
        text = _STRING_OR_PLACEHOLDER.sub(self._fill_in_bare, text)
        if self._unresolved:
            raise self._unresolved_placeholders()
        try:
            return json.loads(text, parse_constant=_refuse_constant)
        except json.JSONDecodeError as error:
            line = text.splitlines()[error.lineno - 1] if text.splitlines()[error.lineno - 1 :] else ""
            at = f"line {error.lineno}, column {error.colno}"
            raise self._refusal(f"it is not JSON ({error.msg} at {at})", [line.strip()[:120]]) from None
        except ValueError as error:
            raise self._refusal(f"it is not JSON ({error})") from None

    def _fill_in_bare(self, match: re.Match[str]) -> str:
        """Fill in a placeholder that stands outside any string of a JSON text; leave strings as they are."""
        name = match[1]
        if name is None:
            return match[0]
        if name not in self._values:
            self._unresolved.append((name, f"line {match.string.count(chr(10), 0, match.start()) + 1}"))
            return "null"
        self._used.add(name)
        value = self._values[name]
        return value if isinstance(value, str) else json.dumps(self._document(value, f"substitution {name}"))

    def _document(self, value: Any, location: str, text: Callable[[str, str], JSON] | None = None) -> JSON:
        """Copy a value that came from Python, each string by ``text``, noting whatever in it is not JSON."""
        if isinstance(value, str):
            return value if text is None else text(value, location)
        if isinstance(value, Mapping):
            return {
                self._key(key, location, text): self._document(member, f"{location}/{key}", text)
                for key, member in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._document(item, f"{location}[{index}]", text) for index, item in enumerate(value)]
        if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        what = repr(value) if isinstance(value, float) else _type_name(value)
        self._faults.append(f"{what} is not JSON at {location or '/'}")
        return None

    def _key(self, key: Any, location: str, text: Callable[[str, str], JSON] | None) -> str:
        if isinstance(key, str):
            return key if text is None else self._fill_in_text(key, f"{location}/{key}")
        self._faults.append(f"the key {key!r} is {_type_name(key)}, not a string at {location or '/'}")
        return str(key)

    def _fill_in(self, text: str, location: str) -> JSON:
        whole = _PLACEHOLDER.fullmatch(text)
        if whole is not None and whole[1] in self._values:
            self._used.add(whole[1])
            return self._document(self._values[whole[1]], location)
        return self._fill_in_text(text, location)

    def _fill_in_text(self, text: str, location: str) -> str:
        return _PLACEHOLDER.sub(lambda match: self._inserted(match, location), text)

    def _inserted(self, match: re.Match[str], location: str) -> str:
        name = match[1]
        if name not in self._values:
            self._unresolved.append((name, location))
            return match[0]
        self._used.add(name)
        value = self._values[name]
        if isinstance(value, str):
            return value
        if not isinstance(value, (int, float)):
            found = f"the substitution {name!r} is {_type_name(value)}"
            self._faults.append(f"{found}, which can't stand inside a longer string at {location}")
        return json.dumps(value, default=repr)

    def _unresolved_placeholders(self) -> DefinitionError:
        names = list(dict.fromkeys(name for name, _ in self._unresolved))
        lines = [f"${{{name}}} at {location}" for name, location in self._unresolved]
        for unused in [name for name in self._given if name not in self._used]:
            nearest = nearest_first(unused, names)[0]
            lines.append(f"substitution {unused!r} fits no placeholder; nearest: ${{{nearest}}}")
        wanted = ", ".join(f'"{name}": ...' for name in names)
        lines.append(f"Give the values with register(..., substitutions={{{wanted}}}).")
        lines.append(f'Text that is to stay as it is stands for itself: {{"{names[0]}": "${{{names[0]}}}"}}.')
        count = len(names)
        return self._refusal(f"{count} placeholder{' has' if count == 1 else 's have'} no value", lines)

    def _refusal(self, why: str, lines: Iterable[str] = ()) -> DefinitionError:
        came_from = "" if self.source is None else f" ({self.source})"
        what = f"Machine {self.name!r}{came_from} can't be registered: {why}"
        return DefinitionError("\n  ".join([f"{what}:" if lines else f"{what}.", *lines]))


def _told(diagnostic: Diagnostic) -> list[str]:
    """Tell of a fault, and show the place in the author's text where it is one in an expression."""
    lines = [str(diagnostic)]
    if diagnostic.text is not None and diagnostic.position is not None:
        before = diagnostic.text[: diagnostic.position]
        line_start = before.rfind("\n") + 1
        line = diagnostic.text[line_start:].partition("\n")[0]
        lines += [f"    {line}", f"    {' ' * (len(before) - line_start)}^"]
    return lines


def _refuse_constant(text: str) -> JSON:
    raise ValueError(f"{text} is not a JSON number")


def _type_name(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _about_missing(path: Path) -> str:
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"there is no folder {folder} (a str that doesn't begin with '{{' is taken as a path)"
    files = nearest_first(path.name, (entry.name for entry in folder.iterdir() if entry.is_file()))[:5]
    there = ", ".join(files) if files else "no files"
    return (
        f"there is no file {path.name!r} in {folder}, which has {there} "
        "(a str that doesn't begin with '{' is taken as a path)"
    )
