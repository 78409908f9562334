"""What the hooks of all reports have in common: recording, and bringing what workers of pytest-xdist record together.

Each process records what it runs. A worker sends its records to the controller at the end of its session; the
controller adds them to its own and reports.
"""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from pytest_sfn_sync.executions import recorders


class MergeableRecorder(recorders.Recorder, Protocol):
    """A recorder whose records can be sent to another process, in a type that xdist can send."""

    def packed(self) -> str | bytes:
        """Return everything that was recorded."""

    def add_packed(self, records: Any) -> None:
        """Add what another process recorded."""


class RecordingHooks:
    """Hooks that record; ``name`` is that of the plugin and of its records on their way to the controller."""

    def __init__(self, config: pytest.Config, name: str, recorder: MergeableRecorder) -> None:
        self.config = config
        self.name = name
        self.recorder = recorder
        self.is_worker = hasattr(config, "workerinput")
        recorders.active.append(recorder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker recorded."""
        # A worker that crashed has no output.
        records = getattr(node, "workeroutput", {}).get(self.name)
        if records is not None:
            self.recorder.add_packed(records)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the records in a worker; report in any other process."""
        if self.is_worker:
            worker_output: dict[str, Any] = self.config.workeroutput  # type: ignore[attr-defined]
            worker_output[self.name] = self.recorder.packed()
        else:
            self.report(session)

    def report(self, session: pytest.Session) -> None:
        """Write what was recorded."""
        raise NotImplementedError

    def pytest_unconfigure(self) -> None:
        """Stop recording."""
        recorders.active.remove(self.recorder)
