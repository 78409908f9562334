"""Real templates from the sibling folder `shared/workflows/templates`: each loads, and its machines run with mocks.

Functions are mocked by logical id, integrations by resource. Machines that Express can't have are registered as the
Standard ones that they are.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "workflows" / "templates"
INDEX = FOLDER / "index.json"
ENTRIES: list[dict[str, Any]] = json.loads(INDEX.read_text(encoding="utf-8")) if INDEX.is_file() else []

pytestmark = pytest.mark.skipif(
    not ENTRIES, reason="there is no folder ../shared/workflows/templates beside the checkout"
)

NOT_EXPRESS: Final = {
    "04/StateMachineUtilRunGlueCrawlersWithTags": "Express state machine does not support '.sync'",
    "05/StateMachineTestSemaphore": "Express state machine does not support '.sync'",
    "08/AthenaStateMachine": "Express state machine does not support '.sync'",
    "22/ReminderStateMachine": "Express state machine does not support '.waitForTaskToken'",
    "25/ParentStateMachine": "Express state machine does not support '.waitForTaskToken'",
    "27/NestingPatternMainStateMachine": "Express state machine does not support '.sync'",
    "31/SFProcessFile": "'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
}
"""The machines that Express can't have, and what in them it is."""

NOTES: Final = {
    "15": [
        "DefinitionUri says 'statemachine/StateMachine.asl.json', the file is 'statemachine/stateMachine.asl.json': "
        "deploys only from a file system that is blind to case"
    ]
}


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a machine: its input, what functions (by logical id) and resources answer, and what comes out."""

    given: Any = field(default_factory=dict)
    lambdas: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=dict)
    output: Any


_SAGA: Final = "StateMachine{}LambdaHandler"
_TRIP: Final = ("reserveFlight", "reserveRental", "processPayment", "confirmFlight", "confirmRental")
_PUBLISHED: Final = {"MessageId": "m-1"}

RUNS: Final = {
    "03/StateMachineAslDemo": Run(output=None),
    "04/StateMachineUtilRunGlueCrawler": Run(
        given={"crawler_name": "c"},
        resources={
            "aws-sdk:glue:startCrawler": {},
            "aws-sdk:glue:getCrawler": {"Crawler": {"State": "READY", "LastCrawl": {"Status": "SUCCEEDED"}}},
        },
        output={"crawler_name": "c", "LastCrawl": {"Status": "SUCCEEDED"}},
    ),
    "05/StateMachineSempaphore": Run(
        lambdas={"LambdaDoWorkFunction": "done"}, resources={"dynamodb:updateItem": {}}, output=[{"payload": "done"}]
    ),
    "05/StateMachineSempaphoreCleanup": Run(
        given={"detail": {"executionArn": "arn"}},
        resources={"dynamodb:getItem": {"Item": {"arn": {"S": "2024-01-01T00:00:00Z"}}}, "dynamodb:updateItem": {}},
        output=None,
    ),
    "06/RuleStateMachine": Run(
        lambdas={"AuditFunction": {}, "ExecuteBusinessRulesFunction": {"body": {"premium": 1}}}, output={"premium": 1}
    ),
    "07/StockTradingStateMachine": Run(
        lambdas={
            "StockCheckerFunction": {"stock_price": 51},
            "StockSellerFunction": {"id": "1", "type": "sell", "price": "51", "qty": "2", "timestamp": "now"},
        },
        resources={"dynamodb:putItem": {}},
        output={},
    ),
    "09/StateMachineExpressSync": Run(
        given={"prompt_one": "a story"},
        resources={
            "bedrock:invokeModel": {
                "Body": {"output": {"message": {"content": [{"text": "once"}]}}},
                "ContentType": "application/json",
            }
        },
        output=None,
    ),
    "10/StateMachineExpressSync": Run(output="World"),
    "13/TargetSfn": Run(given={"a": 1}, output={"a": 1}),
    "15/StateMachineExpressSynctoLambda": Run(
        given={"message": "m"}, lambdas={"GenerateRefernceNumber": 7}, output={"message": "m", "ticketId": 7}
    ),
    "20/syncronousApiStateMachine": Run(
        lambdas={
            "LambdaFunctionsumFunction": {"sum": 6},
            "LambdaFunctionAvgFunction": {"avg": 2},
            "LambdaFunctionMaxMinFunction": {"min": 1, "max": 3},
        },
        output=[{"sum": 6}, {"avg": 2}, {"min": 1, "max": 3}],
    ),
    "21/IdnetifierStateMachine": Run(
        given={"detail": {"bucket": {"name": "b"}, "object": {"key": "k"}}, "time": "now"},
        resources={
            "aws-sdk:rekognition:recognizeCelebrities": {
                "CelebrityFaces": [{"Id": "1", "Name": "N", "MatchConfidence": 99.0}]
            },
            "dynamodb:putItem": {},
        },
        output=[{}],
    ),
    "24/StateMachine": Run(
        lambdas={_SAGA.format(step): {} for step in _TRIP}, resources={"sns:publish": _PUBLISHED}, output=_PUBLISHED
    ),
    "25/ChildStateMachine": Run(lambdas={"UpdateDatabaseLambdaFunction": "updated"}, output=None),
    "26/ApiGatewayECSStateMachine": Run(
        resources={
            "apigateway:invoke": {"StatusCode": 200, "ResponseBody": {}, "Headers": {}, "StatusText": "OK"},
            "sns:publish": _PUBLISHED,
        },
        output=_PUBLISHED,
    ),
    "27/NestingPatternAnotherStateMachine": Run(
        given={"NeedCallback": True, "TaskToken": "t"},
        lambdas={"NestingPatternCallbackLambdaFunction": {}},
        output="The whole execution is completed including both long-running jobs",
    ),
    "29/DetectSentimentStateMachine": Run(
        lambdas={
            "DetectSentimentFunction": {
                "caseId": "1",
                "sentimentResponse": {"Sentiment": "POSITIVE", "SentimentScore": {}},
            }
        },
        resources={"dynamodb:putItem": {}},
        output=None,
    ),
    "30/StepFunctionsLambdaStateMachine": Run(
        lambdas={"StepFunctionExampleSumLambda": 16, "StepFunctionExampleSquareLambda": 4}, output={"Payload": 4}
    ),
    "32/StateMachine": Run(lambdas={"MyFunction": "answer"}, output="answer"),
    "33/StateMachine": Run(lambdas={"MyFunction": "answer"}, output="answer"),
    "34/StateMachine": Run(lambdas={"MyFunction": "answer"}, output="answer"),
    "36/statem555CAA27": Run(
        lambdas={"fn": {}}, resources={"sqs:sendMessage": {"MessageId": "m-1"}}, output={"MessageId": "m-1"}
    ),
    "37/stm": Run(lambdas={"startFn": "hello"}, output="hello"),
    "39/LoanBroker641FC9A8": Run(
        given={"SSN": "1", "Amount": 5, "Term": 2},
        lambdas={
            "CreditBureauLambda": {"body": {"score": 700, "history": 3}},
            "BankRecipientPawnShop": {"rate": 5},
        },
        resources={
            "dynamodb:getItem": {
                "Item": {
                    "BankAddress": {
                        "L": [{"S": "arn:aws:lambda:us-east-1:123456789012:function:BankRecipientPawnShop"}]
                    }
                }
            }
        },
        output=None,
    ),
}
"""One run of each machine but the largest; where ``output`` is None it is too much to be written down."""

TOO_LARGE: Final = {"04/StateMachineCreateDataset": "tens of thousands of files, one a Map iteration"}


def machines(entry: dict[str, Any]) -> dict[str, str]:
    return {machine["id"]: machine["type"] for machine in entry["machines"]}


def test_every_machine_of_the_index_is_named_here() -> None:
    indexed = [f"{entry['n']}/{key}" for entry in ENTRIES for key in machines(entry)]

    assert sorted(indexed) == sorted([*NOT_EXPRESS, *RUNS, *TOO_LARGE])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["n"]))
def test_a_template_loads_with_the_machines_of_the_index(entry: dict[str, Any]) -> None:
    with SfnSync() as sfn:
        loaded = sfn.load_template(FOLDER / entry["n"] / entry["template"])

    assert {key: machine.type for key, machine in loaded.items()} == machines(entry)
    assert loaded.notes == NOTES.get(entry["n"], [])
    for machine in loaded.values():
        line_map = machine.line_map
        assert line_map is not None
        for name in machine.definition["States"]:
            span = line_map.spans[f"/States/{name}"]
            assert name in line_map.lines[span.line - 1][span.column - 1 :]


@pytest.mark.parametrize("name", [*RUNS, *TOO_LARGE])
def test_a_machine_runs_as_express(name: str) -> None:
    number, key = name.split("/")
    (entry,) = (entry for entry in ENTRIES if entry["n"] == number)
    run = RUNS.get(name, Run(resources={"aws-sdk:s3:putObject": "S3.NoSuchBucketException"}, output=None))
    with SfnSync(start_time=None, seed=1) as sfn:
        loaded = sfn.load_template(FOLDER / number / entry["template"], type={key: "EXPRESS"})
        for function, result in run.lambdas.items():
            sfn.mock_lambda(function, returns=result)
        for resource, result in run.resources.items():
            arguments = {"raises" if name in TOO_LARGE else "returns": result}
            sfn.mock_resource(resource, **arguments)

        sfn.client().start_sync_execution(stateMachineArn=loaded[key].arn, input=json.dumps(run.given))

        execution = sfn.last_execution
        assert sfn.usage_errors == []
        if name in TOO_LARGE:
            execution.assert_failed(error="S3.NoSuchBucketException")
        else:
            execution.assert_succeeded()
            assert run.output is None or execution.output == run.output
            assert all(mock.called for mock in sfn.mocks)


@pytest.mark.parametrize("name", NOT_EXPRESS)
def test_a_machine_that_express_can_not_have(name: str) -> None:
    number, key = name.split("/")
    (entry,) = (entry for entry in ENTRIES if entry["n"] == number)
    with SfnSync() as sfn, pytest.raises(DefinitionError, match=re.escape(NOT_EXPRESS[name])):
        sfn.load_template(FOLDER / number / entry["template"], type={key: "EXPRESS"})[key]
