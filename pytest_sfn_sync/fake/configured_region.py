"""The region that a client without arguments would get now: machines are in it unless an option says otherwise.

It is read as botocore reads it, without a session of botocore: from the default session of boto3, from the variable
``AWS_DEFAULT_REGION``, and from the two files of AWS for the profile. This module imports neither botocore nor boto3.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from configparser import Error, RawConfigParser
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

VARIABLE: Final = "AWS_DEFAULT_REGION"
_PROFILE_VARIABLES: Final = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")  # in the order in which botocore reads them

_FileState: TypeAlias = "tuple[str, int, int] | None"


def configured_region(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the region that is configured for clients, or None."""
    of_session = _default_session()
    region = of_session.get("region") or environment.get(VARIABLE)
    if region is not None:
        return region or None
    return region_of_files(environment, of_session.get("profile"))


def region_of_files(environment: Mapping[str, str] = os.environ, profile: str | None = None) -> str | None:
    """Return the region that the two files have for a profile (default: the one of the environment), or None."""
    if profile is None:
        profile = next((environment[name] for name in _PROFILE_VARIABLES if name in environment), "default")
    config = environment.get("AWS_CONFIG_FILE", "~/.aws/config")
    credentials = environment.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    return _region_in(profile, _state_of(config), _state_of(credentials))


def _default_session() -> Mapping[str, Any]:
    """Return what a program has set for boto3's default session, such as by ``boto3.setup_default_session``."""
    session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    variables: object = getattr(getattr(session, "_session", None), "instance_variables", dict)()
    return variables if isinstance(variables, dict) else {}


def _state_of(name: str) -> _FileState:
    try:
        path = Path(os.path.expandvars(name)).expanduser()
        state = path.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    return str(path), state.st_mtime_ns, state.st_size


@lru_cache(maxsize=16)
def _region_in(profile: str, config: _FileState, credentials: _FileState) -> str | None:
    # In botocore, the credentials file wins over the config file.
    of_credentials = _sections(credentials).get(profile, {}).get("region")
    if of_credentials is not None:
        return of_credentials
    sections = _sections(config)
    found = [values["region"] for name, values in sections.items() if "region" in values and _is_of(name, profile)]
    return found[-1] if found else None


def _sections(state: _FileState) -> dict[str, dict[str, str]]:
    if state is None:
        return {}
    parser = RawConfigParser()
    try:
        parser.read(state[0], encoding="utf-8")
        return {name: dict(parser.items(name)) for name in parser.sections()}
    except (Error, OSError, UnicodeDecodeError):
        return {}  # Botocore reports the fault in the file.


def _is_of(section: str, profile: str) -> bool:
    """Return whether a section of the config file is that of a profile: ``[default]`` or ``[profile "name"]``."""
    if section == profile == "default":
        return True
    try:
        return shlex.split(section) == ["profile", profile]
    except ValueError:
        return False
