import pytest


@pytest.fixture
def aws():
    moto = pytest.importorskip("moto", reason="moto is not installed")
    with moto.mock_aws():
        yield
