"""The ini options of the plugin: their declaration, their values, and the `Options` of a fake that they make.

A value may be written in each way that pytest knows: as text in an ini file or with ``-o``, and with a type of TOML in
``[tool.pytest]`` or ``pytest.toml``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

import pytest

from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION, DEFAULT_WORK_BUDGET

if TYPE_CHECKING:
    from pytest_sfn_sync.options import Options

_IniType: TypeAlias = Literal["string", "args", "linelist", "bool"]

DEFINITIONS: Final = "sfn_sync_definitions"
DEFINITIONS_TYPE: Final = "sfn_sync_definitions_type"
FAILURES: Final = "sfn_sync_failures"
MACHINES: Final = "sfn_sync_machines"
TEMPLATES: Final = "sfn_sync_templates"
MOCK_CONFIG: Final = "sfn_sync_mock_config"
OUTSIDE: Final = "sfn_sync_outside"

_OF_FAKES: Final = (
    "sfn_sync_region",
    "sfn_sync_account_id",
    "sfn_sync_start_time",
    "sfn_sync_seed",
    "sfn_sync_unsupported_operations",
    "sfn_sync_validate_mocks",
    "sfn_sync_work_budget",
)
"""The options of a fake, under their names with the prefix."""

_RENAMED: Final = {
    DEFINITIONS: "sfn_definitions",
    DEFINITIONS_TYPE: "sfn_definitions_type",
    MOCK_CONFIG: "sfn_mock_config",
}
"""The options that had another name before; the old names still work."""


class _IniOption(NamedTuple):
    help: str
    type: _IniType = "string"
    default: object = ""


_INI_OPTIONS: Final = {
    "sfn_sync_region": _IniOption(
        f"region of the machines (default: the region that is configured for clients, or {DEFAULT_REGION})"
    ),
    "sfn_sync_account_id": _IniOption(f"account of the machines (default {DEFAULT_ACCOUNT_ID})"),
    "sfn_sync_start_time": _IniOption(
        "ISO 8601 time at which every execution starts, with an offset (default: the real time)"
    ),
    "sfn_sync_seed": _IniOption("seed of random values (default: none)"),
    "sfn_sync_unsupported_operations": _IniOption(
        "raise, or pass to let other operations of Step Functions go on (default raise)"
    ),
    "sfn_sync_validate_mocks": _IniOption(
        "strict, present or none: how results of mocks are checked against service models (default present)"
    ),
    "sfn_sync_work_budget": _IniOption(
        f"steps that the expressions of one execution may take; more is a usage error (default {DEFAULT_WORK_BUDGET})"
    ),
    "sfn_sync_assert_all_mocks_used": _IniOption(
        "whether a mock that is never called fails the test (default false)", "bool", False
    ),
    "sfn_sync_assert_no_pending": _IniOption(
        "whether a task that still waits for an answer at the end fails the test (default false)", "bool", False
    ),
    "sfn_sync_default_region": _IniOption(
        "region of clients that are made without one, where none is configured; empty for none "
        f"(default {DEFAULT_REGION})",
        default=DEFAULT_REGION,
    ),
    OUTSIDE: _IniOption(
        "raise or pass: whether a call of Step Functions in a test without a fake is a usage error if it would go to "
        "AWS (default raise)"
    ),
    MACHINES: _IniOption(
        "machines of all fakes, one a line: 'name = path of the definition', or a pattern of paths whose names up to "
        "the first dot are the machines' names; paths count from the rootdir",
        "linelist",
        [],
    ),
    TEMPLATES: _IniOption(
        "templates whose machines all fakes have, as patterns from the rootdir",
        "args",
        [],
    ),
    DEFINITIONS: _IniOption(
        "folders, or files with definitions and templates, as patterns from the rootdir; each machine in them is "
        "collected as a test that checks it as AWS would",
        "args",
        [],
    ),
    FAILURES: _IniOption(
        "definition files, as patterns from the rootdir; each failure case of them is collected as a test that "
        "compares it with the table beside the file",
        "args",
        [],
    ),
    DEFINITIONS_TYPE: _IniOption(
        "type of the machines in definition files, EXPRESS or STANDARD (default EXPRESS, but STANDARD for a definition "
        "that only a Standard machine can have); templates say it themselves"
    ),
    MOCK_CONFIG: _IniOption("path of a MockConfigFile.json of Step Functions Local, from the rootdir (default: none)"),
}

_OPTIONS: Final[pytest.StashKey[Options]] = pytest.StashKey()


def add_options(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    for name, option in _INI_OPTIONS.items():
        parser.addini(name, f"pytest-sfn-sync: {option.help}", type=option.type, default=option.default)
    for name, old in _RENAMED.items():
        option = _INI_OPTIONS[name]
        default: object = [] if isinstance(option.default, list) else ""
        parser.addini(old, f"pytest-sfn-sync: the old name of {name}", type=option.type, default=default)


def check_names(config: pytest.Config) -> None:
    """Warn of options that are given under their old names; raise UsageError for one that is given under both."""
    for name, old in _RENAMED.items():
        if not _value(config, old):
            continue
        if _value(config, name):
            raise pytest.UsageError(f"{_place(config)} has both {name} and {old}, its old name. Leave {old} out.")
        warning = pytest.PytestDeprecationWarning(f"{_place(config)}: the option {old} is now called {name}.")
        try:
            config.issue_config_time_warning(warning, stacklevel=2)
        except pytest.PytestDeprecationWarning as error:  # where filterwarnings makes it an error
            raise pytest.UsageError(str(error)) from None


def ini_value(config: pytest.Config, name: str) -> Any:
    """Return the value of an option, also under its old name; an empty value means that it is not given."""
    value = _value(config, name)
    return _value(config, _RENAMED[name]) if not value and name in _RENAMED else value


def options_of_ini_file(config: pytest.Config) -> Options:
    """Return the options of the ini file; raise OptionError for a value that is wrong."""
    if _OPTIONS not in config.stash:
        from pytest_sfn_sync.options import Options, option_of_ini_file

        given = {name.removeprefix("sfn_sync_"): ini_value(config, name) for name in _OF_FAKES}
        options = {name: option_of_ini_file(name, value) for name, value in given.items() if value != ""}
        for name in ("assert_all_mocks_used", "assert_no_pending"):
            options[name] = ini_value(config, f"sfn_sync_{name}")
        config.stash[_OPTIONS] = Options().with_nearer(options, _place(config))
    return config.stash[_OPTIONS]


def _place(config: pytest.Config) -> str:
    return f"the ini file {config.inipath or ''}".rstrip()


def _value(config: pytest.Config, name: str) -> Any:
    try:
        return config.getini(name)
    except (TypeError, ValueError, pytest.UsageError):
        # In native TOML, pytest accepts only the declared type, and it can't declare all of those that are meant here.
        native = _native_values(config).get(name)
        is_of_other_type = native is not None and not isinstance(native, str | list)
        if is_of_other_type and _INI_OPTIONS[name].type == "string":
            return native
        raise


def _native_values(config: pytest.Config) -> dict[str, Any]:
    """Return the table of pytest's options in a TOML file."""
    if config.inipath is None or config.inipath.suffix != ".toml":
        return {}
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")  # pytest itself needs the latter
    document = toml.loads(config.inipath.read_text(encoding="utf-8"))
    table = document if config.inipath.name != "pyproject.toml" else document.get("tool", {})
    found: dict[str, Any] = table.get("pytest", {})
    return found
