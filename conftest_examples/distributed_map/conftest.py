import boto3
import pytest


@pytest.fixture
def s3():
    moto = pytest.importorskip("moto", reason="moto is not installed")
    with moto.mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="price-lists")
        yield client
