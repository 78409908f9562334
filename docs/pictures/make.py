"""Make the pictures of the documentation again: ``python -m docs.pictures.make``, from the root of a checkout.

Both show the workflow of README.md. ``html_page.png`` is a screenshot of the page that ``--sfn-html`` writes for a test
that fails; it needs Chromium. ``html_page.sha256`` beside it has the digest of that page, so that the suite can tell,
without a browser, that the picture is stale. ``trace.svg`` is a trace in a terminal; nothing but this package makes it.
"""

from __future__ import annotations

import hashlib
import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pytest_sfn_sync import SfnSync, TaskError
from tests.documentation import COMMON_FILES

FOLDER: Final = Path(__file__).resolve().parent
PICTURE: Final = FOLDER / "html_page.png"
DIGEST: Final = FOLDER / "html_page.sha256"
TRACE: Final = FOLDER / "trace.svg"

_SETTINGS: Final = ("sfn_sync_start_time=2026-01-05T08:00:00Z", "sfn_sync_seed=7", "sfn_sync_region=us-east-1")
_TEST: Final = """\
import pytest
from orders import place_order

from pytest_sfn_sync import TaskError


@pytest.mark.sfn_machine("orders", "orders.asl.json")
@pytest.mark.sfn_lambda("charge-card", raises=TaskError("Gateway.Busy", "try again later"))
def test_an_order_gets_a_receipt():
    assert place_order(5) == "R-7"
"""
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_WINDOW: Final = (1180, 860)
_TO_THE_TOP: Final = "<script>addEventListener('load', () => setTimeout(() => scrollTo(0, 0), 50))</script>"
"""Scrolls back from the chosen state to the top of the page, in the copy that is photographed."""

_COLOURS: Final = {
    "1": 'font-weight="bold"',
    "2": 'fill="#8b949e"',
    "31": 'fill="#ff7b72"',
    "32": 'fill="#7ee787"',
    "33": 'fill="#e3b341"',
    "35": 'fill="#d2a8ff"',
}
_CHARACTER: Final = 7.83
_LINE: Final = 20
_MARGIN: Final = 20


def html_page() -> str:
    """Return the page of ``--sfn-html`` for a test of README's workflow that fails."""
    with TemporaryDirectory() as name:
        project = Path(name)
        for block in COMMON_FILES:
            project.joinpath(str(block.name)).write_text(block.text, encoding="utf-8")
        project.joinpath("pytest.ini").write_text("[pytest]\n" + "\n".join(_SETTINGS), encoding="utf-8")
        project.joinpath("test_orders.py").write_text(_TEST, encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_"))}
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # The other plugins of the environment are slow to load.
        command = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_sfn_sync.plugin", "--sfn-html=page.html"]
        subprocess.run(command, cwd=project, env=environment, capture_output=True, check=False)
        return project.joinpath("page.html").read_text(encoding="utf-8")


def digest_of(page: str) -> str:
    """Return the digest of a page, without the positions in its graph, which another version of graphlay may change."""
    positions = re.compile(r'(?<= )(d|x|y|width|height|viewBox|points|transform|style)="[^"]*"')
    stable = re.sub(r'<svg class="graph".*?</svg>', lambda graph: positions.sub("", graph[0]), page, flags=re.DOTALL)
    return hashlib.sha256(stable.encode()).hexdigest()


def trace_svg() -> str:
    """Return the trace of an execution with a retry, in the colours of a terminal, as SVG."""
    files = {block.name: block.text for block in COMMON_FILES}
    with SfnSync(start_time="2026-01-05T08:00:00Z", seed=7, region="us-east-1") as sfn:
        machine = sfn.register("orders", files["orders.asl.json"])
        sfn.mock_lambda("charge-card", responses=[TaskError("Gateway.Busy"), TaskError("Card.Declined", "no money")])
        trace = machine.run({"amount": 5}).trace(color=True)
    lines = trace.rstrip().split("\n")
    longest = max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in lines)
    width, height = round(longest * _CHARACTER) + 2 * _MARGIN, len(lines) * _LINE + 2 * _MARGIN
    rows = "".join(
        f'<text x="{_MARGIN}" y="{_MARGIN + 14 + number * _LINE}" xml:space="preserve">{"".join(_spans(line))}</text>\n'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="#e6edf3">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n{rows}</svg>\n'
    )


def _spans(line: str) -> Iterator[str]:
    for code, text in re.findall(r"(?:\x1b\[(\d+)m)?([^\x1b]+)(?:\x1b\[0m)?", line):
        escaped = html.escape(text, quote=False)
        yield f"<tspan {_COLOURS[code]}>{escaped}</tspan>" if code else escaped


def _photograph(page: str) -> None:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit(f"A screenshot needs Chromium, and none of {', '.join(_BROWSERS)} is on PATH. {TRACE.name} is new.")
    state = re.search(r'<a href="#(x\w+-\d+-s1)">', page)
    assert state is not None
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("page.html").write_text(page + _TO_THE_TOP, encoding="utf-8")
        command = [
            browser,
            *_FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            "--virtual-time-budget=1000",
            f"--window-size={_WINDOW[0]},{_WINDOW[1]}",
            f"--screenshot={PICTURE}",
            f"file://{folder / 'page.html'}#{state[1]}",
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> None:
    """Write the pictures and the digest."""
    TRACE.write_text(trace_svg(), encoding="utf-8")
    page = html_page()
    _photograph(page)
    DIGEST.write_text(digest_of(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
