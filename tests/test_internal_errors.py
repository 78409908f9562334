"""The net at the public doors: errors of the package are told as such, those of the test's own code pass through."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from types import FunctionType
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, validate_definition
from pytest_sfn_sync.internal_errors import InternalError, public_door
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.registry.compiled_definitions import CompiledDefinitions
from pytest_sfn_sync.registry.definition_source import Reading
from pytest_sfn_sync.service.start_sync_execution import StartSyncExecution

PASS: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


class OfATest(dict[str, Any]):
    """A mapping of a test whose code fails."""

    def items(self) -> Any:
        raise LookupError("mine")


def broken(*arguments: object, **keywords: object) -> Any:
    return json.loads(b"\xff\xff")


@pytest.fixture
def package_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    of_the_package = FunctionType(broken.__code__, {**globals(), "__name__": "pytest_sfn_sync.somewhere"})
    monkeypatch.setattr(CompiledDefinitions, "compile", of_the_package)
    monkeypatch.setattr(Reading, "read", of_the_package)
    monkeypatch.setattr(StartSyncExecution, "answer", of_the_package)


def test_an_error_of_the_package_is_told_as_such(package_fails: None) -> None:
    sfn = SfnSync()
    with pytest.raises(InternalError) as raised:
        sfn.register("orders", PASS)
    assert re.fullmatch(
        r"register failed by an error of pytest-sfn-sync itself, not of the test: UnicodeDecodeError: .*\n"
        r"  at  pytest_sfn_sync\.somewhere, line \d+\n"
        r"Please report it, with this text and what was given to the call\.",
        str(raised.value),
    )
    assert isinstance(raised.value.__cause__, UnicodeDecodeError)
    assert sfn.usage_errors == [raised.value]


def test_it_is_told_again_at_the_end_of_the_test(package_fails: None) -> None:
    def test_that_swallows_it() -> None:
        with SfnSync() as sfn, suppress(Exception):
            sfn.register("orders", PASS)

    with pytest.raises(InternalError, match="register failed by an error of pytest-sfn-sync itself"):
        test_that_swallows_it()


def test_functions_have_the_net_too(package_fails: None) -> None:
    with pytest.raises(InternalError, match=r"^validate_definition failed"):
        validate_definition(PASS)


def test_a_call_of_a_client_has_the_net_too(package_fails: None) -> None:
    def test_that_swallows_it() -> None:
        with SfnSync() as sfn, suppress(Exception):
            sfn.client().start_sync_execution(
                stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:orders"
            )

    with pytest.raises(InternalError, match=r"^StartSyncExecution failed"):
        test_that_swallows_it()


def test_an_error_of_the_tests_own_code_passes_through() -> None:
    with pytest.raises(LookupError, match="mine"):
        SfnSync().register("orders", OfATest(PASS))


def test_a_warning_that_is_an_error_passes_through() -> None:
    @public_door
    def warn() -> None:
        warnings.warn("odd", UserWarning, stacklevel=1)

    with pytest.raises(UserWarning, match="odd"):
        warn()


@pytest.mark.parametrize("arguments", [{}, {"nonsense": 1}], ids=["too few", "too many"])
def test_a_call_with_other_arguments_is_a_type_error(arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="register"):
        SfnSync().register(**arguments)


def public_methods(cls: type) -> Iterator[tuple[str, Any]]:
    for name in dir(cls):
        member = getattr(cls, name)
        if not name.startswith("_") and callable(member):
            yield name, member


@pytest.mark.parametrize(("name", "method"), list(public_methods(SfnSync)))
def test_each_public_method_has_the_net(name: str, method: Any) -> None:
    assert method.__wrapped__.__name__ == name


@pytest.mark.parametrize("name", ["publish_version", "create_alias"])
def test_the_methods_of_machines_have_it(name: str) -> None:
    assert getattr(RegisteredMachine, name).__wrapped__.__name__ == name
