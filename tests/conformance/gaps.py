"""The cases in which this fake is known to differ from the recording, each with its reason.

A gap that closes fails the suite, so that this list only ever says what is true.
"""

from __future__ import annotations

from typing import Final

RESULT_GAPS: Final[dict[str, str]] = {}
"""Executions that end otherwise: status, output, error or cause."""

EVENT_GAPS: Final[dict[str, str]] = {
    "timeouts/test_timeouts.py::TestTimeouts::test_service_lambda_map_timeout": (
        "four tasks time out in the same instant; AWS happened to record them in the order 0, 2, 1, 3"
    ),
}
"""Executions whose history differs."""

MEASURED_GAPS: Final[dict[str, str]] = {}
"""Measured executions that end otherwise."""

EXPRESSION_GAPS: Final[dict[str, str]] = {}
"""Measured expressions that give otherwise."""

VALIDATION_GAPS: Final[dict[str, str]] = {
    "test_sfn_api_express.py::TestSfnApiExpress::test_illegal_activity_task": (
        "the recording has a word in the place of the activity's ARN, so that here it is no ARN at all"
    ),
}
"""Definitions that are judged otherwise."""

API_ERROR_GAPS: Final[dict[str, str]] = {}
"""Calls that are refused otherwise, or not at all."""

TRIAL_GAPS: Final[dict[str, str]] = {
    "numeric-path-at-least-false": "row 1, being mended",
    "numeric-path-greater-than-a-list": "row 1, being mended",
    "choice-on-the-null-of-a-function": "row 2, being mended",
    "template-takes-the-whole-of-null": "row 2, being mended",
    "size-of-an-item-selector": "row 3, being mended",
    "size-of-parameters-of-a-function": "row 3, being mended",
    "variables-of-more-than-ten-mebibytes": "row 4, being mended",
    "wait-timestamp-path-with-an-offset-and-a-fraction": "row 5, being mended",
    "wait-timestamp-with-a-fraction": "row 5, being mended",
    "cause-keeps-the-blanks-handed-on-by-a-pass": "row 6, being mended",
    "cause-keeps-the-blanks-of-the-input": "row 6, being mended",
    "result-path-of-a-function-on-a-number": "row 7, being mended",
    "result-path-on-a-list": "row 7, being mended",
    "result-path-on-a-text": "row 7, being mended",
    "json-to-string-without-an-argument": "row 8, being mended",
    "sdk-cause-of-dynamodb-counts-the-attempts": "row 9, being mended",
    "sdk-cause-of-s3-has-both-ids": "row 9, being mended",
    "equals-of-guardduty-is-equalsvalue": "row 11, being mended",
    "null-attribute-is-not-null-in-the-sdk-integration": "row 11, being mended",
    "unknown-member-in-a-list-of-a-batch-job": "row 12, being mended",
    "http-task-longer-than-a-minute": "row 16, being mended",
    "http-task-with-a-refused-header-from-the-input": "row 16, being mended",
    "filter-by-a-bare-word": "the sheet of JSONPath, being mended",
    "filter-by-a-text-in-double-quotes": "the sheet of JSONPath, being mended",
    "filter-by-in": "the sheet of JSONPath, being mended",
    "filter-for-a-member-that-is-null": "the sheet of JSONPath, being mended",
    "last-item-by-a-script-index": "the sheet of JSONPath, being mended",
    "length-is-no-function-in-an-input-path": "the sheet of JSONPath, being mended",
    "negative-index-in-a-template": "the sheet of JSONPath, being mended",
    "two-names-within-a-path": "the sheet of JSONPath, being mended",
}
"""Trials that end otherwise, or definitions of trials that are judged otherwise."""
