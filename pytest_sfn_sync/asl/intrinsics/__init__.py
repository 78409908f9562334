"""Intrinsic functions: ``States.Format('Hi {}', $.name)`` and its seventeen siblings, compiled once to closures.

`grammar` reads a call, `functions` holds the table of what can be called, `calls` joins the two and words the errors.
Only JSONPath states have them; where a call may stand is the concern of templates and states.
"""

from pytest_sfn_sync.asl.intrinsics.call_grammar import IntrinsicSyntaxError
from pytest_sfn_sync.asl.intrinsics.calls import (
    STRING_INTRINSICS,
    compile_intrinsic,
    intrinsic_name,
    is_intrinsic_function,
    paths_in_call,
)

__all__ = [
    "STRING_INTRINSICS",
    "IntrinsicSyntaxError",
    "compile_intrinsic",
    "intrinsic_name",
    "is_intrinsic_function",
    "paths_in_call",
]
