"""JSON values to text and back, with the wording, the limits and the number forms of AWS's own JSON library (Jackson).

`parse_json` reads; `compact` and `utf8_size` write. `fit_for_utf8` replaces characters that UTF-8 cannot encode.
`body_of` writes a response. `java_float_text` returns a single float as Java prints it, `python_text` a value as
Lambda's Python runtime writes it.
The standard library's C code does most of the work. The modules here handle messages, limits and numbers where Jackson
differs from it. They do not depend on states or definitions.
"""

from pytest_sfn_sync.asl.json_text.document_sizes import DocumentSizes
from pytest_sfn_sync.asl.json_text.jackson import MAX_NUMBER_LENGTH
from pytest_sfn_sync.asl.json_text.reading import JSONTextError, parse_json
from pytest_sfn_sync.asl.json_text.writing import (
    body_of,
    compact,
    fit_for_utf8,
    java_float_text,
    python_text,
    utf8_size,
)

__all__ = [
    "MAX_NUMBER_LENGTH",
    "DocumentSizes",
    "JSONTextError",
    "body_of",
    "compact",
    "fit_for_utf8",
    "java_float_text",
    "parse_json",
    "python_text",
    "utf8_size",
]
