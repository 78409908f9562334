"""The stack as it is deployed: a workflow and its Lambda function."""

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks

CHARGE = """\
import os


def handler(event, context):
    return {"receipt": f"R-{event['amount']}", "currency": os.environ["CURRENCY"]}
"""


class OrdersStack(Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        charge = lambda_.Function(
            self,
            "Charge",
            runtime=lambda_.Runtime.PYTHON_3_12,
            handler="index.handler",
            code=lambda_.Code.from_inline(CHARGE),
            environment={"CURRENCY": "EUR"},
        )
        sfn.StateMachine(
            self,
            "Orders",
            state_machine_type=sfn.StateMachineType.EXPRESS,
            definition_body=sfn.DefinitionBody.from_chainable(
                tasks.LambdaInvoke(self, "ChargeCard", lambda_function=charge, payload_response_only=True)
            ),
        )
