"""Real Lambda handlers, named as text and imported at the first call."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import MockError, SfnSync
from pytest_sfn_sync.tasks.handlers import real_handler

CHARGE = """
def handler(event, context):
    return {"receipt": event["amount"], "by": context.function_name}

def simple(event):
    return event

class Charger:
    @staticmethod
    def handle(event, context):
        return "static"

version = 3
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "shop_functions"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "charge.py").write_text(CHARGE)
    (package / "broken.py").write_text("import no_such_library\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop_functions"]:
        del sys.modules[name]


def test_handlers_stand_for_their_functions(app: Path) -> None:
    with SfnSync() as sfn:
        mocks = sfn.use_lambda_handlers({"charge": "shop_functions.charge:handler"})
        invoke = {"FunctionName": "charge", "Payload": {"amount": 5}}
        state = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": invoke, "End": True}
        machine = sfn.register("orders", {"StartAt": "Charge", "States": {"Charge": state}})
        assert "shop_functions.charge" not in sys.modules

        sfn.client().start_sync_execution(stateMachineArn=machine.arn)

        assert sfn.last_execution.output["Payload"] == {"receipt": 5, "by": "charge"}
        mocks["charge"].assert_called_once_with({"amount": 5})


@pytest.mark.parametrize(
    ("named", "result"),
    [
        pytest.param("shop_functions.charge:simple", {"a": 1}, id="a handler of the event alone"),
        pytest.param("shop_functions/charge.simple", {"a": 1}, id="as AWS writes it"),
        pytest.param("shop_functions.charge:Charger.handle", "static", id="an attribute of an attribute"),
    ],
)
def test_a_handler_is_found(app: Path, named: str, result: Any) -> None:
    assert real_handler(named, "charge")({"a": 1}, None) == result


@pytest.mark.parametrize(
    ("named", "message"),
    [
        pytest.param(
            "shop_functions.chrage:handler",
            "use_lambda_handlers: 'charge': there is no module 'shop_functions.chrage'. Nearest: charge. "
            "Is its folder on sys.path (pytest's pythonpath option)?",
            id="no such module",
        ),
        pytest.param(
            "shop_functions.charge:handlr",
            "use_lambda_handlers: 'charge': shop_functions.charge has no 'handlr'. Nearest: handler.",
            id="no such attribute",
        ),
        pytest.param(
            "shop_functions.charge:version",
            "use_lambda_handlers: 'charge': 'shop_functions.charge:version' is 3, which can't be called. "
            "Name the handler function.",
            id="no function",
        ),
    ],
)
def test_a_handler_that_is_not_there(app: Path, named: str, message: str) -> None:
    handler = real_handler(named, "charge")

    with pytest.raises(MockError) as raised:
        handler({}, None)
    assert str(raised.value) == message


def test_what_the_module_itself_lacks_is_told_as_it_is(app: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        real_handler("shop_functions.broken:handler", "charge")({}, None)


@pytest.mark.parametrize(
    ("handler", "output"),
    [
        pytest.param(lambda event, context: [event, context.function_name], [{"a": 1}, "charge"], id="of both"),
        pytest.param(lambda event: event, {"a": 1}, id="of the event alone"),
        pytest.param(str.__len__, None, id="one that fails"),
        pytest.param(max, None, id="one without a signature, which is given both"),
    ],
)
def test_a_handler_is_a_function(handler: Any, output: Any) -> None:
    resource = "arn:aws:lambda:us-east-1:123456789012:function:charge"
    with SfnSync() as sfn:
        sfn.use_lambda_handlers({"charge": handler})
        state = {"Type": "Task", "Resource": resource, "End": True}
        machine = sfn.register("orders", {"StartAt": "Charge", "States": {"Charge": state}})

        sfn.client().start_sync_execution(stateMachineArn=machine.arn, input='{"a": 1}')

        assert sfn.last_execution.output == output
        assert sfn.last_execution.error == (None if output else "TypeError")
        assert ", by use_lambda_handlers('charge')" in sfn.last_execution.trace()


@pytest.mark.parametrize("handlers", ["app:handler", [], None], ids=repr)
def test_handlers_are_a_mapping(handlers: Any) -> None:
    with SfnSync() as sfn, pytest.raises(MockError) as refused:
        sfn.use_lambda_handlers(handlers)
    assert str(refused.value) == (
        f"use_lambda_handlers takes handlers by function, such as {{'charge': 'app.charge:handler'}}, not {handlers!r}."
    )


@pytest.mark.parametrize("named", ["handler", "app:", ":handler", "a b:c", 7])
def test_what_names_no_handler_is_refused_at_once(named: Any) -> None:
    with pytest.raises(MockError, match=r"^use_lambda_handlers: 'charge'"):
        real_handler(named, "charge")
