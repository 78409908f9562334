"""The forms of attributes that AWS or a remote module decides."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.terraform.deployment import Deployment
from pytest_sfn_sync.terraform.plausible_attributes import environment_form_of, form_by_name, form_of
from tests.terraform.written_configurations import result_of, with_result, write


def filled(form: str | None, region: str = "us-east-1", partition: str = "aws") -> str | None:
    deployment = Deployment(region, "123456789012", partition, {}, {})
    return None if form is None else deployment.filled(form, "orders", "live")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("lambda_dlq_arn", "arn:aws:sqs:us-east-1:123456789012:orders", id="the last word counts"),
        pytest.param(
            "table_function_arn", "arn:aws:lambda:us-east-1:123456789012:function:orders", id="a function of a table"
        ),
        pytest.param("stable_arn", "arn:aws:lambda:us-east-1:123456789012:function:orders", id="a part of a word"),
        pytest.param(
            "step_function_arn", "arn:aws:states:us-east-1:123456789012:stateMachine:orders", id="two words of one kind"
        ),
        pytest.param("Queue_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/orders", id="capitals"),
        pytest.param("bucket_id", "orders", id="an id"),
        pytest.param("topic_url", "orders", id="an ending that the kind does not have"),
        pytest.param("stage", "orders", id="no ending"),
    ],
)
def test_form_by_name(name: str, value: str) -> None:
    assert filled(form_by_name(name)) == value


@pytest.mark.parametrize(
    ("type_", "attribute", "value"),
    [
        pytest.param("aws_sqs_queue", "arn", "arn:aws:sqs:us-east-1:123456789012:orders", id="a row"),
        pytest.param("aws_s3_bucket", "bucket", "orders", id="the attribute that names it"),
        pytest.param(
            "aws_kinesis_stream", "arn", "arn:aws:kinesis:us-east-1:123456789012:orders", id="an ARN of others"
        ),
        pytest.param("aws_kinesis_stream", "stream_arn", "arn:aws:kinesis:us-east-1:123456789012:orders", id="its ARN"),
        pytest.param("aws_kinesis_stream", "id", "orders", id="an id of others"),
        pytest.param("aws_kinesis_stream", "shard_count", None, id="what its name does not say"),
    ],
)
def test_form_of_an_attribute(type_: str, attribute: str, value: str | None) -> None:
    assert filled(form_of(type_, attribute)) == value


def test_domain_follows_the_partition() -> None:
    form = environment_form_of("aws_partition", "dns_suffix")
    assert [filled(form), filled(form, "cn-north-1", "aws-cn")] == ["amazonaws.com", "amazonaws.com.cn"]
    url = filled(form_of("aws_sqs_queue", "url"), "cn-north-1", "aws-cn")
    assert url == "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders"


@pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")
def test_variable_without_a_value_has_the_form_of_its_name(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": 'variable "lambda_dlq_arn" {}\n' + with_result("var.lambda_dlq_arn")}
    found = result_of(sfn_sync, write(tmp_path, files))
    assert found == "arn:aws:sqs:us-east-1:123456789012:lambda-dlq-arn"
