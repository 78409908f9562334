"""Without the engine: importing works, the first expression tells how to install it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_sfn_sync
from pytest_sfn_sync.asl.diagnostics import Diagnostics
from pytest_sfn_sync.asl.jsonata import JsonataNotInstalled, compile_expression, compile_value
from pytest_sfn_sync.asl.location import Location
from tests.asl.jsonata.evaluating import IN_EVERY_FIELD

AT = Location("Output")

pytestmark = pytest.mark.usefixtures("without_engine")


def test_the_message_tells_how_to_install_it() -> None:
    with pytest.raises(JsonataNotInstalled) as missing:
        compile_expression("1", field_location="Output")

    assert str(missing.value) == (
        'it uses JSONata, whose engine is not installed; install it with: pip install "pytest-sfn-sync[jsonata]"'
    )


@pytest.mark.parametrize("value", ["{% 1 %}", {"a": ["{% 1 %}"]}])
def test_a_field_with_an_expression_needs_it(value: object) -> None:
    with pytest.raises(JsonataNotInstalled):
        compile_value(value, location=AT, field=AT, diagnostics=Diagnostics(), available=IN_EVERY_FIELD)


def test_a_field_without_one_does_not() -> None:
    expression = compile_value({"a": 1}, location=AT, field=AT, diagnostics=Diagnostics(), available=IN_EVERY_FIELD)

    assert not expression.is_dynamic


def test_importing_the_package_does_not_import_the_engine() -> None:
    code = "import sys, pytest_sfn_sync.asl.jsonata; sys.exit('jlens' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_one_module_imports_the_engine() -> None:
    package = Path(pytest_sfn_sync.__file__).parent

    importers = [
        path.name for path in package.rglob("*.py") if re.search(r"^\s*(import|from) jlens\b", path.read_text(), re.M)
    ]

    assert importers == ["engine.py"]
