"""The network, which no test needs: attempts to reach another machine are refused and recorded.

Examples are run in a process of their own with this file as a plugin; the attempts are then lines of a file.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

LOCAL: Final = {"127.0.0.1", "::1", "localhost", "", None}
ATTEMPTS_FILE: Final = "ATTEMPTS_TO_REACH_THE_NETWORK"


@contextmanager
def refused(attempt: Callable[[str], object]) -> Iterator[None]:
    """Refuse connections and the resolution of names, except for those of this machine; ``attempt`` is told."""

    def unless_local(call: Callable[..., Any], host_of: Callable[..., object]) -> Callable[..., Any]:
        def guarded(*arguments: Any, **named: Any) -> Any:
            host = host_of(*arguments, **named)
            if host in LOCAL:
                return call(*arguments, **named)
            attempt(f"{call.__name__} {host}")
            raise OSError(f"these tests have no network: {host}")

        return guarded

    def host_of_address(connected: object, address: Any) -> object:
        return address[0] if isinstance(address, tuple) else "localhost"

    def host_of_name(host: object, *arguments: object, **named: object) -> object:
        return host

    kind = socket.socket
    with (
        patch.object(kind, "connect", unless_local(kind.connect, host_of_address)),
        patch.object(kind, "connect_ex", unless_local(kind.connect_ex, host_of_address)),
        patch.object(socket, "getaddrinfo", unless_local(socket.getaddrinfo, host_of_name)),
    ):
        yield


def pytest_load_initial_conftests(early_config: Any) -> None:
    """Refuse the network from now on, and write attempts to the file that the environment names."""
    path = Path(os.environ[ATTEMPTS_FILE])

    def write(attempt: str) -> None:
        with path.open("a") as file:
            file.write(f"{attempt}\n")

    refused(write).__enter__()
