"""Integrations that are sent through a real boto3 client: to moto, DynamoDB Local, LocalStack, whatever stands behind.

`LiveClients` is asked for the tasks that no mock answers. It turns the task's parameters into those of the client's
method, and the response, or the ClientError, into what Step Functions gives. What parameters and responses look like on
both sides is in `live_shapes`; mocks are not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.live_shapes import UnusableParametersError, as_parameters, as_result

_SDK_PREFIX: Final = "aws-sdk:"

_WITHOUT_METADATA: Final = frozenset({"events:putEvents"})  # recorded


class LiveClients:
    """The clients of one fake, by botocore's name of their service; those not given are made when they are first used."""

    def __init__(self, *, region: str, random: Random) -> None:
        self._region = region
        self._random = random
        self._clients: dict[str, Any] = {}

    def add(self, service: str, client: Any) -> None:
        """Let a client do the work of a service's integrations; raises MockError where it is the client of another."""
        model = getattr(getattr(client, "meta", None), "service_model", None)
        if model is None:
            raise MockError(
                f"use_client({service!r}, ...) takes a boto3 client, not {client!r}. Make one with "
                f"boto3.client({service!r}); that of a boto3 resource is its meta.client."
            )
        wanted = botocore_name(service)
        if model.service_name != wanted:
            raise MockError(
                f"use_client({service!r}, ...) was given a client for {model.service_name!r}. "
                f"Write use_client({model.service_name!r}, ...), or give it a client for {wanted!r}."
            )
        self._clients[wanted] = client

    def add_all(self, services: Mapping[str, Any] | Iterable[str]) -> None:
        """Let clients do the work of several services: given by service, or made with boto3 when first used."""
        if isinstance(services, str) or not isinstance(services, Iterable):
            raise MockError(
                f"use_clients takes a list of services such as ['dynamodb'], or clients by service, not {services!r}."
            )
        if isinstance(services, Mapping):
            for service, client in services.items():
                self.add(service, client)
        else:
            for service in services:
                self._clients[botocore_name(service)] = None

    def clear(self) -> None:
        """Forget every client."""
        self._clients.clear()

    def __call__(self, call: TaskCall, integration: str) -> TaskAnswer | None:
        """Answer a call of an integration such as ``dynamodb:getItem``; None where there is no client for it."""
        is_sdk = integration.startswith(_SDK_PREFIX)
        service, _, action = integration.removeprefix(_SDK_PREFIX).partition(":")
        if not self._clients or not action or integration == "lambda:invoke":
            return None
        client = self._client_of(botocore_name(service))
        return None if client is None else self._sent(client, call, integration, action, is_sdk)

    def _client_of(self, service: str) -> Any:
        if service in self._clients and self._clients[service] is None:
            self._clients[service] = _new_client(service, self._region)
        return self._clients.get(service)

    def _sent(self, client: Any, call: TaskCall, integration: str, action: str, is_sdk: bool) -> TaskAnswer:
        from botocore.exceptions import ClientError, ParamValidationError

        operation = action[:1].upper() + action[1:]
        methods = {name: method for method, name in client.meta.method_to_api_mapping.items()}
        if operation not in methods:
            raise MockError(
                f"The client for {client.meta.service_model.service_name!r} has no operation {operation!r}, "
                f"which the state {call.state_name!r} calls by {call.resource}."
            )
        model = client.meta.service_model.operation_model(operation)
        try:
            parameters = as_parameters(call.payload, model.input_shape, is_sdk=is_sdk)
            response = getattr(client, methods[operation])(**parameters)
        except (UnusableParametersError, ParamValidationError) as fault:
            # assumption: what botocore finds unusable is so for Step Functions too, which tells it in its own words.
            raise runtime_error(
                f"The Parameters '{compact(call.payload)}' could not be used to start the Task: [{_told(fault)}]"
            ) from None
        except ClientError as error:
            return TaskAnswer(None, *self._failure(error, client, integration, is_sdk))
        metadata = response.pop("ResponseMetadata", {})
        result = as_result(response, model.output_shape, is_sdk=is_sdk)
        if not is_sdk and integration not in _WITHOUT_METADATA:
            result = {**result, **_sdk_metadata(metadata, random_uuid(self._random))}
        if integration == "events:putEvents" and result.get("FailedEntryCount"):
            return TaskAnswer(None, "EventBridge.FailedEntry", compact(result))  # recorded
        return TaskAnswer(result)

    def _failure(self, error: Any, client: Any, integration: str, is_sdk: bool) -> tuple[str, str]:
        details, metadata = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
        code, message = str(details.get("Code", "")), str(details.get("Message", ""))
        status = metadata.get("HTTPStatusCode", 400)
        request_id = metadata.get("RequestId") or random_uuid(self._random)
        prefix = client.meta.service_model.service_id.replace(" ", "")
        if is_sdk:
            return (
                f"{prefix}.{code if code.endswith('Exception') else code + 'Exception'}",
                f"{message} (Service: {prefix}, Status Code: {status}, Request ID: {request_id})",
            )
        return (
            f"{prefix}.{code if code.endswith('Exception') else code + 'Exception'}",
            f"{message} (Service: Amazon{prefix}; Status Code: {status}; Error Code: {code}; "
            f"Request ID: {request_id}; Proxy: null)",
        )


def botocore_name(service: str) -> str:
    """Give botocore's name of a service that is named as in a Resource, or as botocore names it."""
    return {"sfn": "stepfunctions", "states": "stepfunctions", "eventbridge": "events"}.get(service, service)


def _new_client(service: str, region: str) -> Any:
    try:
        import boto3
    except ImportError:
        import botocore.session

        return botocore.session.Session().create_client(service, region_name=region)
    return boto3.client(service, region_name=region)


def _told(fault: Exception) -> str:
    return str(fault).removeprefix("Parameter validation failed:").strip().replace("\n", ", ")


def _sdk_metadata(metadata: Mapping[str, Any], request_id: str) -> dict[str, JSON]:
    """Give what the results of optimized integrations have besides the response's own members."""
    headers = {str(name): str(value) for name, value in metadata.get("HTTPHeaders", {}).items()}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": metadata.get("HTTPStatusCode", 200),
        },
        "SdkResponseMetadata": {"RequestId": metadata.get("RequestId") or request_id},
    }
