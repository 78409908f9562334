"""Calls that AWS refused. StartExecution's bad inputs too: StartSyncExecution reads its input with the same parser."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.conformance.cases import ABSENT, FOLDER, ApiErrorCase, api_errors, parameters
from tests.conformance.gaps import API_ERROR_GAPS
from tests.conformance.judging import Note, judge, note
from tests.conformance.replay import ACCOUNT

CASES = [
    *api_errors("StartSyncExecution"),
    *(case for case in api_errors("StartExecution") if case.error["code"] == "InvalidExecutionInput"),
]


@pytest.mark.parametrize("case", parameters(CASES))
def test_is_refused_as_by_aws(case: ApiErrorCase, client: Any, record_property: Note) -> None:
    note(record_property, "api_errors.json: StartSyncExecution", [case.operation])
    judge(case_id=case.id, difference=difference(case, client), gaps=API_ERROR_GAPS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_every_gap_names_an_api_error_case() -> None:
    assert API_ERROR_GAPS.keys() <= {case.id for case in CASES}


def difference(case: ApiErrorCase, client: Any) -> str | None:
    """Set the scene, make the call, and compare code, message and HTTP status of its refusal."""
    with SfnSync(account_id=ACCOUNT) as sfn:
        try:
            for machine in case.machines:
                definition = case.wildcards.fill(machine["definition"])
                sfn.register(_name(machine["name"]), definition, type=_type(case, machine))
            client.start_sync_execution(**_arguments(case))
        except ParamValidationError as refused:
            return None if case.client_side else f"refused by the client: {refused}"
        except ClientError as refused:
            return case.wildcards.difference(case.error, _told(refused), "error")
        except SfnSyncUsageError as refused:
            return f"refused with {type(refused).__name__}: {refused}"
    return "was not refused"


def _told(refused: ClientError) -> dict[str, Any]:
    error = refused.response["Error"]
    status = refused.response["ResponseMetadata"]["HTTPStatusCode"]
    return {"code": error["Code"], "message": error["Message"], "http_status": status}


def _type(case: ApiErrorCase, machine: dict[str, Any]) -> Any:
    """The machine's type; EXPRESS for a case of StartExecution, which knows no type that it would refuse."""
    return "EXPRESS" if case.operation == "StartExecution" else machine.get("type", "STANDARD")


def _arguments(case: ApiErrorCase) -> dict[str, Any]:
    return {name: _name(case.wildcards.fill(value)) for name, value in case.parameters.items()}


def _name(text: str) -> str:
    """Replace the placeholder of a machine's name, which the rules for names would refuse."""
    return text.replace("<ArnPart_0idx>", "machine")
