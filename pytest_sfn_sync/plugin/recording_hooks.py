"""The common part of the hooks of all reports: recording, and collecting the records of pytest-xdist's workers.

Each process records what it runs. At the end of its session, a worker sends its records to the controller. The
controller adds them to its own records, and writes the report.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

import pytest

from pytest_sfn_sync.executions import recorders


class MergeableRecorder(recorders.Recorder, Protocol):
    """A recorder whose records can be sent to another process, as a value that xdist can send."""

    def packed(self) -> str | bytes:
        """Return all records."""

    def add_packed(self, records: Any) -> None:
        """Add the records of another process."""


class RecordingHooks:
    """Hooks that record; ``name`` is the plugin's name, and the key of its records that are sent to the controller."""

    def __init__(self, config: pytest.Config, name: str, recorder: MergeableRecorder) -> None:
        self.config = config
        self.name = name
        self.recorder = recorder
        self.is_worker = hasattr(config, "workerinput")
        recorders.active.append(recorder)
        config.add_cleanup(partial(recorders.active.remove, recorder))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the records of a worker."""
        # A worker that crashed has no output.
        records = getattr(node, "workeroutput", {}).get(self.name)
        if records is not None:
            self.recorder.add_packed(records)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the records if this is a worker; write the report in any other process."""
        if self.is_worker:
            worker_output: dict[str, Any] = self.config.workeroutput  # type: ignore[attr-defined]
            worker_output[self.name] = self.recorder.packed()
        else:
            self.report(session)

    def report(self, session: pytest.Session) -> None:
        """Write the report."""
        raise NotImplementedError
