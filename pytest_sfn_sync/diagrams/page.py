"""A self-contained page of HTML: it needs no network, and can be read without its script."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING

from pytest_sfn_sync.diagrams.drawing import DEFINITIONS
from pytest_sfn_sync.diagrams.execution_section import execution_section, picture_of
from pytest_sfn_sync.diagrams.html_text import escaped

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution_values import ExecutionValues


def execution_page(execution: ExecutionValues) -> str:
    """Return the page of one execution; raise SfnSyncUsageError if graphlay is not installed."""
    section = execution_section(execution, picture_of(execution), key="e")
    return page(f"{execution.machine.name}: {execution.status}", [section], is_alone=True)


def page(title: str, body: Iterable[str], *, is_alone: bool = False) -> str:
    """Return a page with a title and sections; if ``is_alone``, its only section is always shown."""
    package = files("pytest_sfn_sync.diagrams")
    css = package.joinpath("page.css").read_text(encoding="utf-8")
    script = package.joinpath("page.js").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>\n{css}</style>\n</head>\n"
        f'<body class="{"alone" if is_alone else "run"}">\n{DEFINITIONS}\n'
        + "\n".join(body)
        + f"\n<script>\n{script}</script>\n</body>\n</html>\n"
    )
