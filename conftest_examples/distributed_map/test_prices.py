"""The price list and the results are in moto's S3; each row is a child execution, and a tenth of them may fail."""

from pathlib import Path

import boto3
import pytest
from prices import failed_rows, import_prices


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("prices", Path(__file__).parent / "prices.asl.json", type="STANDARD")


def import_price(row):
    if not row["price"]:
        raise ValueError("a row without a price")
    return {"id": row["id"], "cents": int(row["price"])}


def price_list(s3, *prices):
    rows = "".join(f"{number},{price}\n" for number, price in enumerate(prices))
    s3.put_object(Bucket="price-lists", Key="today.csv", Body=f"id,price\n{rows}")


def test_a_row_in_ten_may_fail(sfn_sync, s3, machine):
    sfn_sync.use_clients("s3")
    sfn_sync.mock_lambda("import-price", calls=import_price)
    price_list(s3, 100, 200, "", *range(300, 307))

    arn = import_prices(machine.arn, "today.csv")

    assert failed_rows(arn) == [{"id": "2", "price": ""}]
    (map_run,) = sfn_sync.last_execution.map_runs
    assert (map_run.execution_counts["SUCCEEDED"], map_run.execution_counts["FAILED"]) == (9, 1)
    map_run.failed[0].assert_failed(error="ValueError")


def test_more_than_that_fail_the_import(sfn_sync, s3, machine):
    sfn_sync.use_clients("s3")
    sfn_sync.mock_lambda("import-price", calls=import_price)
    price_list(s3, 100, "", "")

    arn = import_prices(machine.arn, "today.csv")

    sfn_sync.last_execution.assert_failed(error="States.ExceedToleratedFailureThreshold")
    client = boto3.client("stepfunctions", region_name="us-east-1")
    (listed,) = client.list_map_runs(executionArn=arn)["mapRuns"]
    assert client.describe_map_run(mapRunArn=listed["mapRunArn"])["itemCounts"]["failed"] == 2


def test_without_a_bucket(sfn_sync, machine):
    sfn_sync.mock_item_reader("Rows", body="id,price\n1,100\n")
    results = sfn_sync.mock_result_writer("Rows")
    sfn_sync.mock_lambda("import-price", calls=import_price)

    machine.run({"list": "today.csv"}).assert_succeeded()

    assert results.results() == [{"id": "1", "cents": 100}]
