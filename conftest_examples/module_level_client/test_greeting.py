"""The client of the code under test is older than any fixture; it is answered all the same."""

from greeting import handler


def test_greets_by_name():
    assert handler({"name": "Ada"}, None) == {"statusCode": 200, "body": "Hello, Ada!"}


def test_each_test_has_its_own_executions(sfn_sync):
    handler({"name": "Grace"}, None)

    assert [execution.output for execution in sfn_sync.executions] == ["Hello, Grace!"]
