"""JSON values to text and back, with the wording, the limits and the number forms of AWS's own JSON library (Jackson).

`parse_json` reads, `compact` and `utf8_size` write, `fit_for_utf8` makes a text
fit to be sent; `java_float_text` is how a lone float is printed,
`python_text` what Lambda's Python runtime would have written. The
standard library's C code does the work; what it words, bounds or prints otherwise is handled beside it. Nothing here
knows of states or definitions.
"""

from pytest_sfn_sync.asl.json_text.reading import JSONTextError, parse_json
from pytest_sfn_sync.asl.json_text.writing import compact, fit_for_utf8, java_float_text, python_text, utf8_size

__all__ = ["JSONTextError", "compact", "fit_for_utf8", "java_float_text", "parse_json", "python_text", "utf8_size"]
