"""A strict reader of the fields of one object: a value of the wrong type or range becomes a diagnostic.

Texts are AWS's where measured ("Expected value of type Integer", "Minimum value is 0", "Value cannot be empty", ...).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeGuard

from pytest_sfn_sync.asl.diagnostics import Diagnostics
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.nearest_names import did_you_mean

_MOST_HINTS: Final = 200
"""The faults of a definition after which no similar names are looked for any more; no report shows so many."""

ALLOWED_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "Version": ("1.0",),
    "QueryLanguage": ("JSONPath", "JSONata"),
    "JitterStrategy": ("NONE", "FULL"),
    "ProcessorConfig.Mode": ("INLINE", "DISTRIBUTED"),
    "ProcessorConfig.ExecutionType": ("STANDARD", "EXPRESS"),
    "ReaderConfig.InputType": ("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"),
    "ReaderConfig.CSVHeaderLocation": ("FIRST_ROW", "GIVEN"),
    "ReaderConfig.CSVDelimiter": ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
    "ReaderConfig.ManifestType": ("ATHENA_DATA", "S3_INVENTORY"),
    "ReaderConfig.Transformation": ("NONE", "LOAD_AND_FLATTEN"),
    "WriterConfig.Transformation": ("NONE", "COMPACT", "FLATTEN"),
    "WriterConfig.OutputType": ("JSON", "JSONL"),
    "http:invoke.Method": ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"),
    "http:invoke.Transform.RequestBodyEncoding": ("NONE", "URL_ENCODED"),
    "http:invoke.Transform.RequestEncodingOptions.ArrayFormat": ("INDICES", "REPEAT", "COMMAS", "BRACKETS"),
    "apigateway:invoke.Method": ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
    "apigateway:invoke.AuthType": ("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"),
    "eks:call.Method": ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"),
}
"""The words that each field may hold, in AWS's order; the object is included where several objects have the field.

Measured: the texts of ``Version``, ``QueryLanguage`` and ``JitterStrategy``. Assumption: the others are worded alike.
The words are those of the developer guide. They belong to the language, so no AWS SDK contains them.
"""


class FieldReader:
    """The fields of one object at a location: a state, a retrier, a choice rule, ..."""

    __slots__ = ("diagnostics", "fields", "location")

    def __init__(self, fields: dict[str, JSON], location: Location, diagnostics: Diagnostics) -> None:
        self.fields = fields
        self.location = location
        self.diagnostics = diagnostics

    def __contains__(self, field: str) -> bool:
        return field in self.fields

    def at(self, field: str) -> Location:
        """Return the location of a field."""
        return self.location / field

    def part(self, field: str) -> FieldReader | None:
        """Return a reader of an object inside this one; None where it is absent or no object."""
        fields = self.object(field)
        return None if fields is None else FieldReader(fields, self.at(field), self.diagnostics)

    def fault(
        self,
        message: str,
        field: str | None = None,
        *,
        of: str | None = None,
        place: Location | None = None,
        hint: str | None = None,
        is_about_type: bool = False,
    ) -> None:
        """Record a fault of a field, or of the object itself.

        ``of`` names the field at fault where AWS reports the location of the whole object; ``place`` is its location
        where it is not in the object itself. ``is_about_type`` says that only an EXPRESS machine has the fault.
        """
        location = (self.location or "/") if field is None else self.at(field)
        place = place if of is None else self.at(of)
        self.diagnostics.add(message, location, hint=hint, place=place, is_about_type=is_about_type)

    def require(self, *names: str) -> bool:
        """Record the fields that are missing, in one diagnostic as AWS does; return whether all are there."""
        missing = [name for name in names if name not in self.fields]
        if missing:
            self.fault(f"These fields are required: [{', '.join(missing)}]")
        return not missing

    def exactly_one(self, *names: str) -> str | None:
        """Return the one field of a group that is there; none or several are a fault, with a text of AWS for each."""
        present = [name for name in names if name in self.fields]
        if len(present) == 1:
            return present[0]
        group = ", ".join(names)
        if present:
            self.fault(f"There should only be one of the following fields: [{group}]")
        else:
            self.fault(f"This object should have only one of the following fields: [{group}]")
        return None

    def at_most_one(self, *names: str) -> str | None:
        """Return the one field of a group that is there, or None; several are a fault."""
        return self.exactly_one(*names) if any(name in self.fields for name in names) else None

    def string(self, field: str) -> str | None:
        """Read a string; None where it is absent or no string."""
        value = self.fields.get(field)
        if isinstance(value, str):
            return value
        if field in self.fields:
            self.fault("Expected value of type String", field)
        return None

    def boolean(self, field: str) -> bool | None:
        """Read a boolean; None where it is absent or no boolean."""
        value = self.fields.get(field)
        if isinstance(value, bool):
            return value
        if field in self.fields:
            self.fault("Expected value of type Boolean", field)
        return None

    def integer(self, field: str, *, minimum: int, maximum: int, default: int) -> int:
        """Read a whole number within a range; the default where it is absent or faulty."""
        if field not in self.fields:
            return default
        value = self.fields[field]
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault("Expected value of type Integer", field)
            return default
        return value if self._in_range(field, value, minimum, maximum) else default

    def number(self, field: str, *, minimum: float, maximum: float | None, default: float) -> float:
        """Read a number within a range; the default where it is absent or faulty."""
        if field not in self.fields:
            return default
        value = self.fields[field]
        if not is_number(value):
            self.fault("Expected value of type Double", field)
            return default
        return value if self._in_range(field, value, minimum, maximum) else default

    def _in_range(self, field: str, value: float, minimum: float, maximum: float | None) -> bool:
        if value < minimum:
            self.fault(f"Minimum value is {minimum}", field)
        elif maximum is not None and value > maximum:
            self.fault(f"Maximum value is {maximum}", field)
        else:
            return True
        return False

    def one_of(self, field: str, *, of: str = "") -> str | None:
        """Read a field that holds one of a few words; None where it is absent or faulty.

        ``of`` names the object that holds it, where the table of allowed values has several such fields.
        """
        value = self.fields.get(field)
        values = ALLOWED_VALUES[f"{of}.{field}" if of else field]
        if value in values:
            return str(value)
        if field not in self.fields:
            return None
        if isinstance(value, str):
            self.fault(values_text(values), field, hint=did_you_mean(value, values))
        else:
            # Measured: for QueryLanguage. Assumption: the same for the others.
            self.fault("Expected value of type [STRING]", field)
        return None

    def object(self, field: str) -> dict[str, JSON] | None:
        """Read an object; None where it is absent or no object."""
        value = self.fields.get(field)
        if isinstance(value, dict):
            return value
        if field in self.fields:
            self.fault("Expected value of type Object", field)
        return None

    def parts(self, field: str, *, may_be_empty: bool = False) -> list[FieldReader]:
        """Return a reader of each object in an array; entries that are no objects are faults."""
        if field not in self.fields:
            return []
        value = self.fields[field]
        if not isinstance(value, list):
            self.fault("Expected value of type Array", field)
            return []
        if not value and not may_be_empty:
            self.fault("Value cannot be empty", field)
        entries, array = [], self.at(field)
        for index, entry in enumerate(value):
            location = array / index
            if isinstance(entry, dict):
                entries.append(FieldReader(entry, location, self.diagnostics))
            else:
                self.diagnostics.add("Expected value of type Object", location)
        return entries

    def only(self, allowed: frozenset[str]) -> None:
        """Record every field that the object does not carry."""
        for field in self.fields:
            if field not in allowed:
                self.not_supported(field, allowed)

    def not_supported(self, field: str, allowed: Iterable[str]) -> None:
        """Record a field that the object does not carry, with the nearest field that it may carry."""
        hint = None
        if len(self.diagnostics.found) < _MOST_HINTS:
            hint = did_you_mean(field, [name for name in allowed if name not in self.fields])
        self.fault(f"Field '{field}' is not supported", of=field, hint=hint)


def is_number(value: JSON) -> TypeGuard[float]:
    """Report whether a JSON value is a number; a boolean is not one."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def values_text(values: tuple[str, ...]) -> str:
    """Return AWS's text for a value that is none of the words."""
    return f"Value should be one of the following: [{', '.join(values)}]"
