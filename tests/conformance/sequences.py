"""Replays a recorded sequence of API calls through a boto3 client, and compares each answer with the recorded one.

ARNs, names and tokens of the recording are placeholders. Those in a request are replaced: by what earlier calls of the
replay returned in their place, or by a value that the service accepts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.conformance.wildcards import ALWAYS_FILLED, Wildcards
from tests.service.answering import PASS

ACCOUNT: Final = "111111111111"
ADDED_SINCE: Final = frozenset({"encryptionConfiguration", "redriveCount", "redriveStatus", "redriveStatusReason"})
"""The members that AWS has added to answers since some of them were recorded."""

_ROLE: Final = re.compile(r"\w*role_arn\w*")
_MASKED: Final = re.compile(r"<[A-Za-z0-9_]*?(\w*)>")
_LONG_TOKEN: Final = re.compile(r"<invalid_token_(\d+)_chars>")
_FILLINGS: Final = {
    "<partition>": "aws",
    "<region>": "us-east-1",
    "sm_nonexistent_arn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:nonexistent",
    "ssm_nonexistent_arn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:nonexistent",
    "invalid_execution_arn": f"arn:aws:states:us-east-1:{ACCOUNT}:execution:nonexistent:one",
}


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """The calls of one recorded test in their order."""

    id: str
    steps: list[dict[str, Any]]
    wildcards: Wildcards
    placeholders: frozenset[str]


def sequence_of(record: dict[str, Any]) -> Sequence:
    """Read one recorded sequence."""
    placeholders = record["placeholders"]
    named = frozenset({*placeholders.get("substring", ()), *placeholders.get("exact", ())})
    return Sequence(id=record["id"], steps=record["steps"], wildcards=Wildcards.of(record), placeholders=named)


def refused_sequence_of(record: dict[str, Any]) -> Sequence:
    """Read one refused call: the calls before it, and last the call itself."""
    refused = {"op": record["operation"], "params": record["params"], "error": record["error"]}
    return sequence_of({**record, "steps": [*record["preceding"], refused]})


def verdict_sequence_of(record: dict[str, Any]) -> Sequence:
    """Read one verdict on a definition: the call that got it, after the creation of the machine that it updates."""
    call = {"op": record["operation"], "params": {**record["params"], "definition": record["definition"]}}
    if record["operation"] == "UpdateStateMachine":
        name = record["params"]["stateMachineArn"].rpartition(":")[2]
        created = {"name": name, "roleArn": "sfn_role_arn", "type": record["type"], "definition": PASS}
        steps = [{"op": "CreateStateMachine", "params": created}, call]
    else:
        call["params"]["type"] = record["type"]
        steps = [call]
    if "error" in record:
        call["error"] = record["error"]
    elif "diagnostics" in record:
        call["response"] = {member: record[member] for member in ("result", "diagnostics", "truncated")}
    masked = {"substring": ["<ArnPart_0idx>", *ALWAYS_FILLED]}
    return sequence_of({"placeholders": masked, **record, "steps": steps})


def differences(sequence: Sequence, client: Any) -> Iterator[tuple[int, str]]:
    """Make all calls of a sequence; yield the number and the difference of each that was answered otherwise."""
    with SfnSync(account_id=ACCOUNT) as sfn:
        replay = _Replay(sequence, client)
        for number, step in enumerate(sequence.steps):
            try:
                difference = replay.step(step)
            except SfnSyncUsageError as refused:
                difference = f"{type(refused).__name__}: {str(refused).splitlines()[0]}"
            if difference is not None:
                yield number, f"{step['op']}: {difference}"
        sfn.usage_errors.clear()


class _Replay:
    def __init__(self, sequence: Sequence, client: Any) -> None:
        self._sequence = sequence
        self._client = client
        self._token: str | None = None
        self._known = {
            name: value for name, value in _FILLINGS.items() if name.startswith("<") or name in sequence.placeholders
        }
        for name in sequence.placeholders:
            if _MASKED.fullmatch(name) and not _LONG_TOKEN.fullmatch(name):
                self._known.setdefault(name, name.strip("<>").replace("_", ""))

    def step(self, step: dict[str, Any]) -> str | None:
        """Make one call and return the difference of its answer; None if it is equal or was not recorded."""
        arguments = self._filled(step["params"])
        if "nextToken" in arguments and "response" in step:
            arguments["nextToken"] = self._token  # The recorded one was replaced.
        if isinstance(arguments.get("definition"), dict | list):
            arguments["definition"] = json.dumps(arguments["definition"])
        try:
            answer = getattr(self._client, xform_name(step["op"]))(**arguments)
        except ParamValidationError as refused:
            told = {"code": "ParamValidationError", "message": str(refused), "http_status": None}
        except ClientError as refused:
            error = refused.response["Error"]
            status = refused.response["ResponseMetadata"]["HTTPStatusCode"]
            told = {"code": error["Code"], "message": error["Message"], "http_status": status}
        else:
            status = answer.pop("ResponseMetadata")["HTTPStatusCode"]
            self._learn(step, answer)
            self._token = answer.get("nextToken")
            if "error" in step:
                return f"was not refused with {step['error']['code']}"
            return self._compared(step, answer, status)
        if "error" not in step:
            return f"was refused: {told}"
        if step["error"]["http_status"] is None:
            told["http_status"] = None
        return self._sequence.wildcards.difference(step["error"], told, "error")

    def _compared(self, step: dict[str, Any], answer: dict[str, Any], status: int) -> str | None:
        if "response" not in step:
            return None
        if step.get("http_status") not in (None, status):
            return f"HTTP status {status}, recorded {step['http_status']}"
        recorded = step["response"]
        return self._sequence.wildcards.difference(recorded, _as_recorded(answer, recorded), "response")

    def _learn(self, step: dict[str, Any], answer: dict[str, Any]) -> None:
        """Keep what a call returned in the place of each placeholder that later calls use."""
        told = {**step.get("response", {}), **step.get("arns", {})}
        for name, recorded in told.items():
            if isinstance(recorded, str) and isinstance(answer.get(name), str) and recorded != answer[name]:
                self._known.setdefault(recorded, answer[name])

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if not isinstance(value, str):
            return value
        if value in self._known:
            return self._known[value]
        if _ROLE.fullmatch(value):
            return f"arn:aws:iam::{ACCOUNT}:role/{value}"
        for name in sorted(self._known, key=len, reverse=True):
            value = value.replace(name, self._known[name])
        return _LONG_TOKEN.sub(lambda match: "x" * int(match[1]), value)


def _as_recorded(answer: Any, recorded: Any) -> Any:
    """Leave out the members that AWS did not have when an answer was recorded, and parse what is parsed there."""
    if isinstance(answer, str) and recorded is not None and not isinstance(recorded, str):
        return json.loads(answer)
    if isinstance(answer, dict) and isinstance(recorded, dict):
        return {
            key: _as_recorded(value, recorded.get(key))
            for key, value in answer.items()
            if key in recorded or key not in ADDED_SINCE
        }
    if isinstance(answer, list) and isinstance(recorded, list):
        paired = [*recorded, *[None] * len(answer)]
        return [_as_recorded(item, other) for item, other in zip(answer, paired, strict=False)]
    return answer
