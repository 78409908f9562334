"""The ini options of the plugin: their declaration, and the `Options` of a fake that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION

if TYPE_CHECKING:
    from pytest_sfn_sync.options import Options

_INI_OPTIONS: Final = {
    "sfn_sync_region": f"region of the machines (default {DEFAULT_REGION})",
    "sfn_sync_account_id": f"account of the machines (default {DEFAULT_ACCOUNT_ID})",
    "sfn_sync_start_time": "ISO 8601 time at which every execution starts, with an offset (default: the real time)",
    "sfn_sync_seed": "seed of random values (default: none)",
    "sfn_sync_unsupported_operations": "raise, or pass to let other operations of Step Functions go on (default raise)",
    "sfn_sync_validate_mocks": "strict, present or none: how results of mocks are checked against service models "
    "(default present)",
}

MOCK_CONFIG: Final = "sfn_mock_config"


def add_options(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    parser.addini(
        "sfn_definitions",
        "pytest-sfn-sync: files with definitions and templates, as patterns from the rootdir; each machine in them is "
        "collected as a test that checks it as AWS would",
        type="args",
        default=[],
    )
    parser.addini(
        "sfn_definitions_type",
        "pytest-sfn-sync: type of the machines in definition files, EXPRESS or STANDARD (default EXPRESS); templates "
        "say it themselves",
        default="EXPRESS",
    )
    for name, text in _INI_OPTIONS.items():
        parser.addini(name, f"pytest-sfn-sync: {text}", default="")
    parser.addini(
        MOCK_CONFIG,
        "pytest-sfn-sync: path of a MockConfigFile.json of Step Functions Local, from the rootdir (default: none)",
        default="",
    )
    parser.addini(
        "sfn_sync_assert_all_mocks_used",
        "pytest-sfn-sync: whether a mock that is never called fails the test (default false)",
        type="bool",
        default=False,
    )
    parser.addini(
        "sfn_sync_default_region",
        "pytest-sfn-sync: region of clients that are made without one, where none is configured; empty for none "
        f"(default {DEFAULT_REGION})",
        default=DEFAULT_REGION,
    )


def options_of_ini_file(config: pytest.Config) -> Options:
    """Return the options of the ini file; raise OptionError for a value that is wrong."""
    from pytest_sfn_sync.options import Options, option_from_text

    given = {name.removeprefix("sfn_sync_"): config.getini(name) for name in _INI_OPTIONS}
    options = {name: option_from_text(name, text) for name, text in given.items() if text}
    options["assert_all_mocks_used"] = config.getini("sfn_sync_assert_all_mocks_used")
    return Options().with_nearer(options, f"the ini file {config.inipath or ''}".rstrip())
