"""Integrations that are sent through a real boto3 client, for example to moto, DynamoDB Local or LocalStack.

`LiveClients` answers tasks that no mock answers. It turns the task's parameters into the arguments of the client's
method. It turns the response, or the ClientError, into the result or the error that Step Functions gives. `live_shapes`
converts parameters and responses. This module does not use mocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_names, shown_value
from pytest_sfn_sync.tasks.integrations.integration import Integration, integration_of
from pytest_sfn_sync.tasks.integrations.java_names import optimized_member
from pytest_sfn_sync.tasks.integrations.service_errors import cause_of_version_1, client_error
from pytest_sfn_sync.tasks.integrations.service_models import sdk_services
from pytest_sfn_sync.tasks.integrations.service_names import OPTIMIZED_SERVICES
from pytest_sfn_sync.tasks.lambda_functions import document_of_payload, error_of_payload
from pytest_sfn_sync.tasks.live_jobs import LiveJob
from pytest_sfn_sync.tasks.live_shapes import as_parameters, as_result, with_dates_in_milliseconds
from pytest_sfn_sync.tasks.made_clients import RequestToAwsError, made_client
from pytest_sfn_sync.tasks.mocks import place_of
from pytest_sfn_sync.tasks.resources import Resource, resource_of

_WITHOUT_METADATA: Final = frozenset({"events:putEvents"})  # Recorded.


class LiveClients:
    """The clients of one fake by botocore's name of their service; missing ones are made at their first use."""

    def __init__(self, *, region: str, random: Random) -> None:
        self._region = region
        self._random = random
        self._clients: dict[str, Any] = {}

    def add(self, service: str, client: Any) -> None:
        """Use a client for a service's integrations; raise MockError if it is the client of another service."""
        model = getattr(getattr(client, "meta", None), "service_model", None)
        if model is None:
            raise MockError(
                f"use_client({shown_value(service)}, ...) takes a boto3 client, not {shown_value(client)}. Make "
                "one with "
                f"boto3.client({shown_value(service)}); that of a boto3 resource is its meta.client."
            )
        wanted = _botocore_name(service, f"use_client({shown_value(service)}, ...)")
        if model.service_name != wanted:
            raise MockError(
                f"use_client({shown_value(service)}, ...) was given a client for {model.service_name!r}. "
                f"Write use_client({model.service_name!r}, ...), or give it a client for {wanted!r}."
            )
        self._clients[wanted] = client

    def add_all(self, given: Iterable[str | Mapping[str, Any] | Iterable[str]]) -> None:
        """Use clients for several services: each is a name, a list of names, or a mapping of clients by service."""
        given = tuple(given)
        if not given or not all(isinstance(services, Iterable) for services in given):
            raise MockError(
                "use_clients takes services such as 'dynamodb', a list of them, or clients by service, not "
                f"{shown_names(given, quoted=True) or 'nothing'}."
            )
        for services in given:
            if isinstance(services, Mapping):
                for service, client in services.items():
                    self.add(service, client)
            else:
                for service in [services] if isinstance(services, str) else services:
                    self._clients.setdefault(_botocore_name(service, "use_clients"), None)

    def clear(self) -> None:
        """Remove all clients."""
        self._clients.clear()

    def __call__(self, call: TaskCall, key: str) -> TaskAnswer | Submitted | None:
        """Return the answer to a call of an integration such as ``dynamodb:getItem``; None if it has no client."""
        if not self._clients or ":" not in key:
            return None
        resource = resource_of(key)
        if resource.is_lambda:
            return self._function_answer(call, resource) if "lambda" in self._clients else None
        integration = integration_of(key)
        if integration is None or integration.operation is None or integration.botocore_name not in self._clients:
            return None
        return self._integration_answer(call, integration, integration.botocore_name, integration.operation)

    def client_of(self, service: str) -> Any:
        """Return the client of a service by botocore's name; None if the test has given none."""
        return self._client(service) if service in self._clients else None

    def _client(self, service: str) -> Any:
        client = self._clients[service]
        if client is None:
            client = self._clients[service] = made_client(service, self._region)
        return client

    def _sent(
        self, call: TaskCall, service: str, operation: str, payload: JSON, integration: Integration | None
    ) -> tuple[dict[str, JSON], dict[str, Any]]:
        """Return the result of an operation and botocore's metadata; raise MockError if nothing answers the client."""
        from botocore.exceptions import BotoCoreError

        call.answered_by = f"use_client({shown_value(service)})"
        try:
            return _sent(self._client(service), operation, payload, integration)
        except RequestToAwsError as refused:
            raise _nothing_answers(call, service, operation, refused.host) from None
        except BotoCoreError as error:
            raise MockError(
                f"use_client({shown_value(service)}): the client could not send {operation}: "
                f"{type(error).__name__}: {error}\n"
                f"  from     {place_of(call)}"
            ) from error

    def _integration_answer(
        self, call: TaskCall, integration: Integration, service: str, operation: str
    ) -> TaskAnswer | Submitted:
        from botocore.exceptions import ClientError

        try:
            result, metadata = self._sent(call, service, operation, call.document, integration)
        except ClientError as error:
            return TaskAnswer(None, *client_error(integration, error.response, self._random))
        started = dict(result)
        if integration.optimized is not None and integration.key not in _WITHOUT_METADATA:
            result.update(_sdk_metadata(metadata, random_uuid(self._random)))
        job = integration.job
        if job is None:
            return TaskAnswer(result)
        refusal = job.refusal(started)
        if refusal is not None:
            return TaskAnswer(None, *refusal)

        def ask(operation: str, parameters: JSON) -> dict[str, JSON]:
            return self._sent(call, service, operation, parameters, integration)[0]

        return Submitted(result, answer=LiveJob(job, integration, call, started, ask=ask, random=self._random))

    def _function_answer(self, call: TaskCall, resource: Resource) -> TaskAnswer:
        """Invoke a function that the task calls by ``lambda:invoke``, or by its ARN as the Resource."""
        from botocore.exceptions import ClientError

        is_invoke = resource.is_lambda_invoke
        payload = call.document if is_invoke else {"FunctionName": resource.arn, "Payload": call.document}
        try:
            result, metadata = self._sent(call, "lambda", "Invoke", payload, None)
        except ClientError as error:
            return TaskAnswer(None, *_lambda_error(error.response, self._random))
        text = result.get("Payload", "")
        if "FunctionError" in result:
            return TaskAnswer(None, *error_of_payload(text))
        document = document_of_payload(text)
        if not is_invoke:
            return TaskAnswer(document)
        envelope = {**result, "Payload": document, **_sdk_metadata(metadata, random_uuid(self._random))}
        return TaskAnswer({name: envelope[name] for name in sorted(envelope)})


def _nothing_answers(call: TaskCall, service: str, operation: str, host: str) -> MockError:
    resource = resource_of(call.resource)
    mock = f"mock_task({call.state_name!r}, ...)" if resource.is_lambda else f"mock_resource({resource.key!r}, ...)"
    variable = f"AWS_ENDPOINT_URL_{service.replace('-', '_').upper()}"
    return MockError(
        f"use_clients: {operation} of {shown_value(service)} would be sent to AWS ({host}), as nothing else "
        "answers the client.\n"
        f"  from     {place_of(call)}\n"
        "Clients that use_clients makes send nothing to AWS. Do one of these:\n"
        "    with moto.mock_aws():  around the call, so that moto answers\n"
        f"    {variable}=...  in the environment, for LocalStack or another endpoint\n"
        f"    sfn_sync.{mock}  to mock the task\n"
        f"    sfn_sync.use_client({shown_value(service)}, client)  for a client of your own, which may reach AWS"
    )


def _sent(
    client: Any, operation: str, payload: JSON, integration: Integration | None
) -> tuple[dict[str, JSON], dict[str, Any]]:
    """Call an operation of a client; return the result in the integration's spelling, and botocore's metadata.

    The integration is None for a function.
    """
    from botocore.exceptions import ParamValidationError

    spelling = optimized_member if integration is None else integration.spelling
    model = client.meta.service_model.operation_model(operation)
    method = next(method for method, name in client.meta.method_to_api_mapping.items() if name == operation)
    try:
        response = getattr(client, method)(**as_parameters(payload, model.input_shape, spelling))
    except ParamValidationError as fault:
        # Assumption: parameters that botocore refuses are refused by Step Functions too, with its own text.
        raise runtime_error(
            f"The Parameters '{compact(payload)}' could not be used to start the Task: [{_reasons(fault)}]"
        ) from None
    # The response may be the test's own, as botocore's Stubber returns it.
    members = {name: value for name, value in response.items() if name != "ResponseMetadata"}
    if integration is not None and integration.job is not None:
        members = with_dates_in_milliseconds(members)
    return as_result(members, model.output_shape, spelling), response.get("ResponseMetadata", {})


def _lambda_error(response: Mapping[str, Any], random: Random) -> tuple[str, str]:
    """Return the error of a function that could not be invoked; recorded is its form for a function that is missing."""
    details, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, status = details.get("Code", "AWSLambdaException"), metadata.get("HTTPStatusCode", 400)
    request_id = metadata.get("RequestId") or random_uuid(random)
    return f"Lambda.{code}", cause_of_version_1(details.get("Message", ""), "AWSLambda", status, code, request_id)


def _botocore_name(service: object, described: str) -> str:
    """Return botocore's name of a service; ``service`` is its name in a Resource, or botocore's."""
    if not isinstance(service, str):
        raise MockError(f"{described}: a service is named by a str such as 'dynamodb', not {shown_value(service)}.")
    optimized = OPTIMIZED_SERVICES.get(service)
    if optimized is not None and optimized.botocore_name is not None:
        return optimized.botocore_name
    services = sdk_services()
    name = services.get(service, service)
    if name not in services.values():
        near = ", ".join(nearest_first(str(service), services)[:3])
        raise MockError(f"{described}: there is no service {shown_value(service)}. Nearest: {near}.")
    return name


def _reasons(fault: Exception) -> str:
    return str(fault).removeprefix("Parameter validation failed:").strip().replace("\n", ", ")


def _sdk_metadata(metadata: Mapping[str, Any], request_id: str) -> dict[str, JSON]:
    """Return the members that results of optimized integrations have in addition to the response's own."""
    headers = {str(name): str(value) for name, value in metadata.get("HTTPHeaders", {}).items()}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": metadata.get("HTTPStatusCode", 200),
        },
        "SdkResponseMetadata": {"RequestId": metadata.get("RequestId") or request_id},
    }
