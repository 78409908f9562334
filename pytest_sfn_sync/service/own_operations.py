"""Tasks that call Step Functions itself, such as ``aws-sdk:sfn:describeExecution``: the account of the fake answers.

The parameters become a request, and the response becomes the result, by botocore's shapes, as with any other service.
"""

from __future__ import annotations

import json
from functools import lru_cache
from random import Random
from typing import Any

from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.service.operations import OPERATIONS
from pytest_sfn_sync.service.step_functions import StepFunctions, WireResponse
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.service_errors import client_error
from pytest_sfn_sync.tasks.live_shapes import as_parameters, as_result


def answer_of_own_operation(service: StepFunctions, call: TaskCall, key: str, random: Random) -> TaskAnswer | None:
    """Return the answer to a task that calls an operation of Step Functions; None for any other task."""
    integration = integration_of(key)
    operation = None if integration is None else integration.operation
    if integration is None or operation not in OPERATIONS:
        return None
    model = _service_model().operation_model(operation)
    call.answered_by = f"{operation} of this fake"
    parameters = as_parameters(call.document, model.input_shape, integration.spelling)
    response = service.answer(operation, json.dumps(parameters), model=model)
    assert response is not None, "the operation is known"
    members = _read(response, model)
    metadata = members.pop("ResponseMetadata")
    if response.status != 200:
        return TaskAnswer(None, *client_error(integration, {**members, "ResponseMetadata": metadata}, random))
    return TaskAnswer(as_result(members, model.output_shape, integration.spelling))


def _read(response: WireResponse, model: Any) -> dict[str, Any]:
    """Return a response as a client reads it."""
    from botocore.parsers import JSONParser

    wire = {"status_code": response.status, "headers": response.headers, "body": response.body}
    read: dict[str, Any] = JSONParser().parse(wire, model.output_shape)
    return read


@lru_cache(maxsize=1)
def _service_model() -> Any:
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return ServiceModel(Loader().load_service_model("stepfunctions", "service-2"), "stepfunctions")
