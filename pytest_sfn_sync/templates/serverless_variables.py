"""The variables of the serverless framework: ``${self:custom.table}``, ``${opt:stage, 'dev'}``, ``${file(x.yml):key}``.

A placeholder of another form, such as ``${AWS::Region}`` or ``${Name}``, is not a variable; CloudFormation fills it in.
A variable that can't be looked up here (``${ssm:/x}``, ``${cf:stack.Output}``) has the value that the test gave for its
text.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.yaml_dialects import JS_YAML
from pytest_sfn_sync.templates.definition_files import FoundFile, find_file
from pytest_sfn_sync.templates.documents import Document, Spot
from pytest_sfn_sync.templates.parameters import text_of
from pytest_sfn_sync.templates.template_budget import TemplateBudget
from pytest_sfn_sync.templates.template_faults import UnresolvableError, kind_of

DEFAULT_STAGE: Final = "dev"

_VARIABLE: Final = re.compile(r"\w[\w-]*(?:\([^)]*\))?:(?!:)|(?:file|strToBool)\([^)]*\)")
_BRACE: Final = re.compile(r"\$\{|\}")
_INDEX: Final = re.compile(r"[0-9]{1,9}")
_FILE: Final = re.compile(r"file\((?P<path>[^)]*)\)(?::(?P<keys>.*))?")
_BOOLEAN: Final = re.compile(r"strToBool\((?P<text>[^)]*)\)")
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_OPTIONS_OF_THE_COMMAND_LINE: Final = ("opt:stage", "opt:region")
_OF_PROVIDER: Final = {"self:provider.stage": "opt:stage", "self:provider.region": "opt:region"}
"""Settings of the provider that have a default, with the option of the command line that sets them."""

_OF_FILES: Final = ("self:", "file(")
_MOST_NESTED: Final = 50
"""The deepest nesting of variables inside variables."""

_MISSING: Final = object()

Found = tuple[Any, Spot]


def _boolean_of(text: str, spot: Spot) -> Found:
    """Return what the framework's strToBool returns. Documented: it takes true, false, 1 and 0, in any case."""
    value = _BOOLEANS.get(text.strip().lower())
    if value is None:
        raise UnresolvableError(f"strToBool takes true, false, 1 or 0, not {shown_value(text)}.", spot)
    return value, spot


class Variables:
    """The variables of one configuration file; ``notes`` collects remarks about the files that they name."""

    def __init__(
        self,
        document: Document,
        *,
        given: Mapping[str, Any],
        region: str,
        account_id: str,
        notes: list[str],
        budget: TemplateBudget,
    ) -> None:
        self._document = document
        self._given = given
        self._aws = {"region": region, "accountId": account_id}
        self._notes = notes
        self._budget = budget
        self._found: dict[str, Found | None] = {}
        self._files: dict[str, Document] = {}
        self._under_way: set[str] = set()
        self._used: set[str] = set()
        self._asks_for_stage = False

    def names(self) -> set[str]:
        """Return the variables of the file and of the files that it names, and all others that a test may set."""
        texts = [text for document in (self._document, *self._files.values()) for text in _texts(document.value)]
        return {"opt:stage", *self._used, *(address for text in texts for address in _addresses(text))}

    def fill_in(self, text: str, spot: Spot) -> Found:
        """Return the value of a text with its variables filled in; a text without variables is returned as it is."""
        if "${" not in text:
            return text, spot
        ends, depth = _ends_of_variables(text)
        if depth > _MOST_NESTED:
            raise UnresolvableError(f"its variables are nested more than {_MOST_NESTED} deep.", spot)
        pieces = _pieces(text, ends)
        if len(pieces) == 1 and pieces[0][0]:
            return self._value(pieces[0][1], spot)
        if not any(is_variable for is_variable, _ in pieces):
            return text, spot
        filled = [self._within_text(piece, spot) if is_variable else piece for is_variable, piece in pieces]
        return "".join(filled), spot

    def _within_text(self, expression: str, spot: Spot) -> str:
        value, _ = self._value(expression, spot)
        if not isinstance(value, (str, int, float)):
            variable = f"${{{shown_text(expression)}}}"
            why = f"the variable {variable} is {kind_of(value)}, which can't stand inside a text."
            raise UnresolvableError(why, spot)
        return self._budget.text(text_of(value), spot)

    def stage(self) -> str:
        """Return the stage: that of the option, that of the provider, or ``dev``."""
        if "opt:stage" in self._given:
            return text_of(self._given["opt:stage"])
        found = self._of_self("provider.stage", self._document.root)
        if found is None:
            return DEFAULT_STAGE
        value = self.fill_in(*found)[0] if isinstance(found[0], str) else found[0]
        return text_of(value)

    def _value(self, expression: str, spot: Spot) -> Found:
        """Return the value of the first alternative of a variable that has one."""
        self._budget.step(spot)
        alternatives = [alternative.strip() for alternative in _split(expression)]
        for alternative in alternatives:
            found = self._alternative(alternative, spot)
            if found is not None:
                return found
        address = alternatives[0]
        if address in _OPTIONS_OF_THE_COMMAND_LINE:
            return self._as_if_left_out(address), spot
        option = next((_OF_PROVIDER[name] for name in alternatives if name in _OF_PROVIDER), None)
        if option is not None:
            return self._as_if_left_out(option), spot
        name = shown_text(json.dumps(address, ensure_ascii=False))
        raise UnresolvableError(
            f"the variable ${{{shown_text(expression)}}} has no value here. "
            f"Give it one: load_template(..., parameters={{{name}: ...}}).",
            spot,
        )

    def _as_if_left_out(self, address: str) -> str:
        """Return the stage or the region of a deployment without ``--stage`` or ``--region``."""
        value = self._aws["region"]
        if address == "opt:stage":
            if self._asks_for_stage:
                return DEFAULT_STAGE  # The provider's stage is itself ${opt:stage}.
            self._asks_for_stage = True
            try:
                value = self.stage()
            finally:
                self._asks_for_stage = False
        another = f'load_template(..., parameters={{"{address}": ...}})'
        note = f"${{{address}}} is {shown_value(value)}; to have another: {another}"
        if note not in self._notes:
            self._notes.append(note)
        return value

    def _alternative(self, text: str, spot: Spot) -> Found | None:
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
            return self.fill_in(text[1:-1], spot)
        literal = _literal(text)
        if literal is not _MISSING:
            return literal, spot
        try:
            address, at = self.fill_in(text, spot)
        except UnresolvableError:
            if _pieces(text, _ends_of_variables(text)[0]) == [(True, text[2:-1])]:
                return None  # The alternative is itself a variable, without a value.
            raise
        if not isinstance(address, str) or text.startswith("${"):
            return address, at
        if address in self._under_way:
            raise UnresolvableError(f"the variable ${{{shown_text(address)}}} refers to itself.", spot)
        if address in self._found:
            return self._found[address]
        self._under_way.add(address)
        try:
            found = self._looked_up(address, spot)
            if found is not None and isinstance(found[0], str):
                found = self.fill_in(*found)
        finally:
            self._under_way.discard(address)
        if address.startswith(_OF_FILES) and not self._asks_for_stage:  # The spots of others are where they are used.
            self._found[address] = found
        return found

    def _looked_up(self, address: str, spot: Spot) -> Found | None:
        if address in self._given:
            self._used.add(address)
            return self._given[address], spot
        file = _FILE.fullmatch(address)
        if file is not None:
            return self._of_file(file["path"], file["keys"], spot)
        boolean = _BOOLEAN.fullmatch(address)
        if boolean is not None:
            return _boolean_of(boolean["text"], spot)
        source, _, name = address.partition(":")
        values: Mapping[str, Any] = {}
        if source == "self":
            return self._of_self(name, self._document.root)
        if source == "sls":
            values = {"stage": self.stage(), "instanceId": "instance"}
        elif source == "opt" and name == "stage":
            return None
        elif source == "env":
            values = os.environ
        elif source == "aws":
            values = self._aws
        elif source == "param":
            return self._of_params(name)
        return (values[name], spot) if name in values else None

    def _of_self(self, name: str, spot: Spot) -> Found | None:
        return self._member(self._document.value, spot, name.split(".") if name else [])

    def _of_params(self, name: str) -> Found | None:
        for stage in (self.stage(), "default"):
            found = self._of_self(f"params.{stage}.{name}", self._document.root)
            if found is not None:
                return found
        return None

    def _of_file(self, path: str, keys: str | None, spot: Spot) -> Found | None:
        named = path.strip().strip("'\"")
        document = self._files.get(named)
        if document is None:
            found = find_file(self._document.path.parent, named)
            if not isinstance(found, FoundFile):
                return None
            if found.path.suffix in (".js", ".cjs", ".mjs", ".ts"):
                return None  # The file is a program, which is not run here.
            if found.spelling is not None:
                self._notes.append(
                    f"{spot}: a variable says {shown_value(named)}, the file is {shown_value(found.spelling)}: deploys "
                    "only from a file system that is blind to case"
                )
            try:
                document = self._files[named] = Document.read(found.path, JS_YAML)
            except UnreadableSourceError as error:
                where = shown_text(named) if error.line is None else f"{shown_text(named)}:{error.line}"
                raise UnresolvableError(f"{where}: {error.why}.", spot) from None
        return self._member(document.value, document.root, keys.split(".") if keys else [])

    def _member(self, value: Any, spot: Spot, keys: list[str]) -> Found | None:
        """Return the value at the end of some keys; variables on the way are filled in."""
        for key in keys:
            if isinstance(value, str):
                value, spot = self.fill_in(value, spot)
            step: str | int = int(key) if isinstance(value, list) and _INDEX.fullmatch(key) else key
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
            spot = spot / step
        return None if value is None else (value, spot)


def _pieces(text: str, ends: Mapping[int, int]) -> list[tuple[bool, str]]:
    """Split a text into variables, without their braces, and the texts between them; ``ends`` has their braces."""
    pieces: list[tuple[bool, str]] = []
    position = 0
    for start, end in ends.items():
        if start < position or not _VARIABLE.match(text, start + 2, end):
            continue
        if start > position:
            pieces.append((False, text[position:start]))
        pieces.append((True, text[start + 2 : end]))
        position = end + 1
    return [*pieces, (False, text[position:])] if position < len(text) else pieces


def _ends_of_variables(text: str) -> tuple[dict[int, int], int]:
    """Return the position of the closing brace of each ``${``, in their order, and how deep they are nested."""
    open_: list[int] = []
    ends: dict[int, int] = {}
    depth = 0
    for brace in _BRACE.finditer(text):
        if brace[0] == "${":
            open_.append(brace.start())
            depth = max(depth, len(open_))
        elif open_:
            ends[open_.pop()] = brace.start()
    return dict(sorted(ends.items())), depth


def _split(expression: str) -> list[str]:
    """Split a variable into its alternatives, at the commas outside of braces, brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for character in expression:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "{(":
            depth += 1
        elif character in "})":
            depth -= 1
        elif character == "," and not depth:
            parts.append("")
            continue
        parts[-1] += character
    return parts


def _addresses(text: str) -> Iterator[str]:
    """Yield the addresses that the variables in a text look up, if the text contains them."""
    ends, depth = _ends_of_variables(text)
    if depth > _MOST_NESTED:
        return
    for is_variable, expression in _pieces(text, ends):
        for alternative in map(str.strip, _split(expression) if is_variable else ()):
            if "${" in alternative:
                yield from _addresses(alternative)
            elif _VARIABLE.match(alternative):
                yield alternative


def _literal(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _MISSING
    return value if value is None or isinstance(value, (bool, int, float)) else _MISSING


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for member in value.values() for text in _texts(member)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
