"""A region for clients that are made without one, for the time of a test run.

A missing region is what stops most suites on a machine without AWS configuration. A region that is configured is left
alone: in ``AWS_DEFAULT_REGION``, or for the profile in botocore's two files. Nothing of botocore is imported for that.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from configparser import Error, RawConfigParser
from pathlib import Path
from typing import Final

VARIABLE: Final = "AWS_DEFAULT_REGION"


def set_default_region(region: str, environment: MutableMapping[str, str] = os.environ) -> bool:
    """Set the region in the environment unless one is configured; return whether it was set."""
    if not region or VARIABLE in environment or _profile_has_region(environment):
        return False
    environment[VARIABLE] = region
    return True


def _profile_has_region(environment: MutableMapping[str, str]) -> bool:
    # The order in which botocore looks for the profile; it reads the region from either file.
    profile = environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or "default"
    files = {
        environment.get("AWS_CONFIG_FILE") or "~/.aws/config": (f"profile {profile}", profile),
        environment.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials": (profile,),
    }
    return any(_has_region(Path(os.path.expandvars(name)).expanduser(), sections) for name, sections in files.items())


def _has_region(path: Path, sections: tuple[str, ...]) -> bool:
    parser = RawConfigParser(strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (Error, OSError, UnicodeDecodeError, RuntimeError):
        return False  # botocore reports what is wrong with the file
    return any(parser.has_option(section, "region") for section in sections)
