"""A hook of hatchling: it makes the description on PyPI from README.md.

README's links are relative, so that they work in every clone and fork. On PyPI they have to be absolute.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


def with_absolute_links(readme: str, repository: str) -> str:
    """Return a text of Markdown whose relative links and pictures lead to the repository."""
    raw = repository.replace("https://github.com/", "https://raw.githubusercontent.com/")
    pictures = re.sub(r"(!\[[^\]]*\]\()(?!https:|#)", rf"\g<1>{raw}/main/", readme)
    return re.sub(r"(?<!!)(\[[^\]]*\]\()(?!https:|#)", rf"\g<1>{repository}/blob/main/", pictures)


class ReadmeHook(MetadataHookInterface):
    """Sets the metadata field ``readme``."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the field."""
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        text = with_absolute_links(readme, metadata["urls"]["Homepage"])
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
