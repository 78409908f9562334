import pytest


@pytest.fixture(scope="session", autouse=True)
def usual_answers(sfn_sync_session):
    """Everything is in stock, unless a test says otherwise: the mocks of a test come first."""
    return sfn_sync_session.mock_lambda("check-stock", returns={"available": True})
