"""The eighteen intrinsic functions, such as ``States.Format('Hi {}', $.name)``: calls are compiled once to closures.

`call_grammar` parses a call, and `intrinsic_functions` is the table of functions. `calls` compiles a call and makes the
errors. Only JSONPath states have intrinsic functions. Templates and states decide where a call is allowed.
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
