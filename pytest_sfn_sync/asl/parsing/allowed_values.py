"""The fields that hold one of a few words, with the words in AWS's order; one text for all of them.

Measured: the texts of ``Version``, ``QueryLanguage`` and ``JitterStrategy``. Assumption: the others are worded alike.
The words are those of the developer guide. They belong to the language, of which an AWS SDK knows nothing.
"""

from __future__ import annotations

from typing import Final

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
"""By field, with what holds it where another holds a field of that name: the words that it may hold."""


def values_text(values: tuple[str, ...]) -> str:
    """Return AWS's text for a value that is none of the words."""
    return f"Value should be one of the following: [{', '.join(values)}]"
