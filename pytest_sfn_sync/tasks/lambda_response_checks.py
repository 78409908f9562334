"""The checks of mocks for ``lambda:invoke``: is a result the function's own, or Lambda's response around it?

A mock of the function returns the function's own result. A mock of the state or of the resource returns the response,
whose ``Payload`` is the function's result. If a test mixes them up, its workflow reads other paths than on AWS.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.differences import shown

RESPONSE_MEMBERS: Final = frozenset(
    {
        "ExecutedVersion",
        "FunctionError",
        "LogResult",
        "Payload",
        "SdkHttpMetadata",
        "SdkResponseMetadata",
        "StatusCode",
    }
)
"""The members of the response of Lambda's Invoke, as a task gets it."""


def check_function_result(result: JSON, *, mock: str, place: str) -> None:
    """Raise MockError if a literal result for a function is Lambda's response, which would get a second ``Payload``."""
    if isinstance(result, dict) and "Payload" in result and result.keys() <= RESPONSE_MEMBERS:
        raise MockError(
            f"{mock}: its result has the Payload of a response of lambda:invoke, but this mock returns what the "
            "function itself returns.\n"
            f"  from     {place}\n"
            f"  result   {shown(result)}\n"
            f"Write returns={shown(result['Payload'])}: the task's result gets its Payload by itself. If the function "
            "does return a member Payload, write calls=lambda event: {...}."
        )


def check_response(result: JSON, *, mock: str, function: str | None, place: str | None) -> None:
    """Raise MockError if a result for ``lambda:invoke`` has no member of Lambda's response; ``{}`` and None pass."""
    if not result or (isinstance(result, dict) and not RESPONSE_MEMBERS.isdisjoint(result)):
        return
    lines = [f"{mock}: its result is not one that lambda:invoke gives: the function's result is in its Payload."]
    if place is not None:
        lines.append(f"  from     {place}")
    lines += [
        f"  result   {shown(result)}",
        f'Write returns={{"Payload": {shown(result)}}}, or mock the function: '
        f"mock_lambda({function or 'its name'!r}, returns={shown(result)}).",
    ]
    raise MockError("\n".join(lines))
