"""The workflow of a CDK stack, with a mock of its function, and with the function's real code."""

from pytest_sfn_sync import TaskError


def test_a_declined_card_fails_the_order(sfn_sync, stack):
    sfn_sync.mock_lambda("Charge", raises=TaskError("Card.Declined"))
    stack["Orders"].run({"amount": 5}).assert_failed(error="Card.Declined")


def test_the_real_function_with_its_environment(stack):
    functions = stack.use_handlers()

    execution = stack["Orders"].run({"amount": 5})

    execution.assert_succeeded(output={"receipt": "R-5", "currency": "EUR"})
    functions["Charge"].assert_called_once_with({"amount": 5})
    assert stack.environment("Charge") == {"CURRENCY": "EUR"}
