"""The markers with their texts in ``pytest --markers``; apart from `markers`, so that the plugin is quick to load."""

from __future__ import annotations

from typing import Final

MARKERS: Final = {
    "sfn_sync": "sfn_sync(**options): options of the fake, such as region, start_time, seed, assert_all_mocks_used, "
    "assert_no_pending, validate_mocks.",
    "sfn_machine": "sfn_machine(name, definition, **register): register a state machine; a path counts from the "
    "folder of the test's file, then from the rootdir.",
    "sfn_template": "sfn_template(path, parameters=, resources=, definitions=, only=, type=, replace=): register "
    "the machines of a template of SAM, CloudFormation, the CDK or the serverless framework; a path counts as in "
    "sfn_machine.",
    "sfn_terraform": "sfn_terraform(path, variables=, resources=, type=, replace=): register the machines of a "
    "Terraform configuration or of the JSON of terraform show -json; a path counts as in sfn_machine.",
    "sfn_task": "sfn_task(state, returns=|raises=|calls=|responses=|submits=, takes=, when=, times=, validate=, "
    "optional=): mock a Task state.",
    "sfn_lambda": "sfn_lambda(function, returns=|raises=|calls=|responses=, takes=, when=, times=, optional=): "
    "mock a Lambda function.",
    "sfn_resource": "sfn_resource(resource, returns=|raises=|calls=|responses=, takes=, when=, times=, validate=, "
    "optional=): mock a resource such as dynamodb:getItem.",
    "sfn_activity": "sfn_activity(activity, returns=|raises=|calls=|responses=, takes=, when=, times=, optional=): "
    "mock an activity.",
    "sfn_handlers": "sfn_handlers({function: handler}): run real Lambda handlers, such as 'app.charge:handler'.",
    "sfn_clients": "sfn_clients(*services): send the calls of integrations through real clients, for example of moto; "
    "clients by service, {'dynamodb': client}, are yours.",
    "sfn_mock_config": "sfn_mock_config(config, case): use a mock config file of Step Functions Local, in one of its "
    "test cases; with case alone that of the ini option sfn_sync_mock_config.",
    "sfn_history": "sfn_history(history, described, machine=): answer tasks as in a recorded execution of AWS; a path "
    "counts as in sfn_machine.",
    "sfn_error": "sfn_error(code, message=, machine=, operation=, times=, kms_key_state=, optional=): refuse calls "
    "with a service error.",
}
