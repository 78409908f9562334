"""The executions that ran lately, whichever fake they belong to, for the report of a failing test.

The plugin clears the list before each test; without the plugin it stays short by itself.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_sfn_sync.executions import Execution

recent: deque[Execution] = deque(maxlen=20)
