"""A fake on a clock that stands still at noon, and a boto3 client of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync

NOON = datetime(2026, 1, 5, 12, tzinfo=timezone.utc)


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(account_id="111111111111", start_time=NOON, seed=1) as sfn:
        yield sfn


@pytest.fixture
def client(sfn: SfnSync) -> Iterator[Any]:
    client = sfn.client()
    yield client
    client.close()
