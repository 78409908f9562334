"""Which files are parts of a Terraform configuration, by their names."""

from __future__ import annotations

from pathlib import Path


def is_terraform(path: Path) -> bool:
    """Return whether a file is a part of a Terraform configuration, which is the folder that it is in."""
    return path.name.endswith((".tf", ".tf.json")) and not path.name.startswith(".")
