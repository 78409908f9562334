"""Code under test: a worker that packs parcels until there are none left."""

import json
from functools import partial

import boto3

ACTIVITY = "arn:aws:states:eu-north-1:123456789012:activity:pack"


class OutOfBoxesError(Exception):
    pass


def work(pack):
    """Do all tasks that wait; return how many there were."""
    client = boto3.client("stepfunctions", region_name="eu-north-1")
    done = 0
    while True:
        task = client.get_activity_task(activityArn=ACTIVITY, workerName="packer")
        token = task.get("taskToken")
        if token is None:
            return done
        done += 1
        try:
            parcel = pack(json.loads(task["input"]), partial(client.send_task_heartbeat, taskToken=token))
        except OutOfBoxesError as error:
            client.send_task_failure(taskToken=token, error="OutOfBoxes", cause=str(error))
        else:
            client.send_task_success(taskToken=token, output=json.dumps(parcel))
