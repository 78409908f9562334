"""Code under test: asks carriers for quotes, with an asynchronous client."""

import json

from aiobotocore.session import get_session


async def cheapest_quote(state_machine_arn, carriers):
    async with get_session().create_client("stepfunctions") as client:
        response = await client.start_sync_execution(
            stateMachineArn=state_machine_arn,
            input=json.dumps({"carriers": carriers}),
        )
    return min(json.loads(response["output"]), key=lambda quote: quote["price"])
