"""Code under test: imports a price list, and reads which rows failed."""

import json

import boto3


def import_prices(state_machine_arn, price_list):
    """Start the import and return its ARN."""
    client = boto3.client("stepfunctions", region_name="us-east-1")
    started = client.start_execution(stateMachineArn=state_machine_arn, input=json.dumps({"list": price_list}))
    return started["executionArn"]


def failed_rows(execution_arn):
    """Return the rows that could not be imported."""
    client, s3 = (boto3.client(service, region_name="us-east-1") for service in ("stepfunctions", "s3"))
    output = json.loads(client.describe_execution(executionArn=execution_arn)["output"])
    manifest = _document(s3, **output["ResultWriterDetails"])
    files = manifest["ResultFiles"]["FAILED"]
    return [json.loads(row["Input"]) for file in files for row in _document(s3, Bucket="price-lists", Key=file["Key"])]


def _document(s3, **place):
    return json.loads(s3.get_object(**place)["Body"].read())
