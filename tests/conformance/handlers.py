"""Counterparts of the Lambda functions that ran while cases were recorded whose task results were not.

A function is told by the name of its source file; its entry mocks it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from pytest_sfn_sync import SfnSync, TaskError

RAISED: Final = {
    "errorMessage": "Some exception was raised.",
    "errorType": "Exception",
    "requestId": "c0ffee00-0000-4000-8000-000000000000",
    "stackTrace": [
        '  File "/var/task/handler.py", line 2, in handler\n    raise Exception("Some exception was raised.")\n'
    ],
}


def mock_echo(sfn: SfnSync, function: str, through_invoke: bool) -> None:
    """Answer with the event."""
    sfn.mock_lambda(function, calls=lambda event: event)


def mock_exception(sfn: SfnSync, function: str, through_invoke: bool) -> None:
    """Fail as Python's runtime tells it: compact through ``lambda:invoke``, with spaces through the function's ARN."""
    cause = json.dumps(RAISED, separators=(",", ":") if through_invoke else None)
    sfn.mock_lambda(function, raises=TaskError("Exception", cause))


def mock_text(sfn: SfnSync, function: str, through_invoke: bool) -> None:
    """Answer with a text."""
    sfn.mock_lambda(function, returns="HelloWorld!")


HANDLERS: Final[dict[str, Callable[[SfnSync, str, bool], None]]] = {
    "id_function.py": mock_echo,
    "raise_exception.py": mock_exception,
    "return_bytes_str.py": mock_text,
}
