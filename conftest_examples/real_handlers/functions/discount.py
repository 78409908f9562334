"""A Lambda function: ten percent off from 100 on."""


def handler(event, context):
    total = event["total"]
    return {"total": total - total // 10 if total >= 100 else total}
