"""The runs of distributed Maps: DescribeMapRun, ListMapRuns, UpdateMapRun."""

from __future__ import annotations

from typing import Any

from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.arns import parse_arn
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.paging import page_of
from pytest_sfn_sync.service.requests import Request


def find_map_run(account: Account, request: Request) -> dict[str, Any]:
    """Refuse the ARN of a Map Run that this account does not have. Assumption: the text."""
    arn = request["mapRunArn"]
    parse_arn(arn, "mapRun")
    raise service_error("ResourceNotFound", reason=f"Resource not found: '{arn}'")


def list_map_runs(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of the Map Runs of an execution."""
    account.execution(request["executionArn"])
    return page_of(request, [], "mapRuns", dict, str)
