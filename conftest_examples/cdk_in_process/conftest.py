"""The stack's template: made once by the CDK, in this process, and loaded for each test."""

import json
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def synthesised():
    try:
        from aws_cdk import App
        from aws_cdk.assertions import Template
        from orders_stack import OrdersStack
    except ModuleNotFoundError:  # So that this example runs without the CDK too. Your project needs only the rest.
        return json.loads((Path(__file__).parent / "synthesised.json").read_text())
    return Template.from_stack(OrdersStack(App(), "OrdersStack")).to_json()


@pytest.fixture
def stack(sfn_sync, synthesised):
    return sfn_sync.load_template(synthesised)
