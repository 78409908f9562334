"""The texts of exceptions that the code of a test raises; only here ``str()`` is called for them."""

from __future__ import annotations

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.printed_sizes import prints_too_much
from pytest_sfn_sync.shown_text import MOST_OF_A_VALUE, shown_text


def text_of_exception(exception: BaseException) -> str:
    """Return the text of an exception as Python writes it.

    Raise MockError for one that can't be written: its text would be far larger than any payload, or it is nested too
    deep. On AWS, the function itself would run out of memory or time.
    """
    try:
        if not prints_too_much(exception):
            return str(exception)
    except RecursionError:
        pass
    name = shown_text(type(exception).__name__, MOST_OF_A_VALUE)
    raise MockError(
        f"The exception {name} was raised with arguments that are too large, or nested too deep, to be written as "
        f"text. Raise it with a short text: raise {name}('what is wrong')."
    ) from None
