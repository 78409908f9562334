"""A region for clients that are created without one, during a test run.

On a machine without AWS configuration, most suites fail because the region is missing. A configured region is not
changed. It is in ``AWS_DEFAULT_REGION``, or in one of botocore's two files for the profile. This module does not import
botocore.
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
    # The order in which botocore searches for the profile; it reads the region from either file.
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
        return False  # Botocore reports the fault in the file.
    return any(parser.has_option(section, "region") for section in sections)
