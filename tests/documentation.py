"""The pages of the documentation, README.md and docs/*.md, with their blocks, headings and links.

A comment above a block has the name of its file: ``<!-- orders.py -->``. For a test file, the comment also has the
outcome: ``<!-- test_orders.py: 2 passed -->``. A file with ``, needs jlens`` is skipped if that module, an extra, is
not installed. The comment ``<!-- before -->`` stands above code without this plugin, which is compiled and not run. A
``text`` block after a test file is output of its run. In it, ``...`` on a line of its own matches any lines, and within
a line any text.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
README: Final = ROOT / "README.md"
PAGES: Final = (README, *sorted((ROOT / "docs").glob("*.md")))

_BLOCK: Final = re.compile(
    r"^(?:<!-- (?P<name>\S+?)(?:: (?P<outcome>\d+ \w+)(?:, needs (?P<needs>\w+))?)? -->\n)?"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_LINK: Final = re.compile(r"(?P<picture>!?)\[(?:[^\[\]]|\[[^\]]*\]\([^)]*\))*\]\((?P<target>[^)\s]+)\)")


class Block(NamedTuple):
    page: Path
    language: str
    name: str | None
    outcome: str | None
    needs: str | None
    text: str
    line: int

    @property
    def folder(self) -> str:
        """The folder of the page's project."""
        return self.page.stem.lower()

    @property
    def is_file(self) -> bool:
        """True for a block that has the name of a file."""
        return self.name is not None and self.name != "before"

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks_of(page: Path) -> Iterator[Block]:
    text = text_of(page)
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text")) + 1
        yield Block(page, match["language"], match["name"], match["outcome"], match["needs"], match["text"], line)


BLOCKS: Final = [block for page in PAGES for block in blocks_of(page)]
FILES: Final = [block for block in BLOCKS if block.is_file]
TEST_FILES: Final = [block for block in FILES if block.outcome is not None]
COMMON_FILES: Final = [block for block in FILES if block.page == README and block.outcome is None]
"""The files of README that are no tests. Other pages use them too, so that they are in the project of each page."""


def prose_of(page: Path) -> str:
    """Return a page without its blocks and without code between backticks, with its lines as they are."""
    return re.sub(r"`[^`\n]+`", "``", _BLOCK.sub("", text_of(page)))


def words_of(*pages: Path) -> str:
    """Return the whole text of pages, each run of white space as one space."""
    return " ".join(" ".join(text_of(page) for page in pages).split())


def outputs_after(test_file: Block) -> list[str]:
    """Return the ``text`` blocks between a test file and the next block that is a file."""
    following = BLOCKS[BLOCKS.index(test_file) + 1 :]
    shown = []
    for block in following:
        if block.name is not None or block.page != test_file.page:
            break
        if block.language == "text":
            shown.append(block.text)
    return shown


def holds(output: str, shown: str) -> bool:
    """Return whether an output has the lines that a page shows, one after another except at ``...``."""
    lines = iter(enumerate(output.splitlines()))
    last = None
    consecutive = False
    for wanted in shown.splitlines():
        if wanted.strip() == "...":
            consecutive = False
            continue
        pattern = wanted.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]").replace("...", "*")
        found = next((number for number, line in lines if fnmatch.fnmatchcase(line.rstrip(), pattern)), None)
        if found is None or (consecutive and last is not None and found != last + 1):
            return False
        last, consecutive = found, True
    return True


class Link(NamedTuple):
    page: Path
    target: str
    is_picture: bool

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)} -> {self.target}"


def links_of(page: Path) -> Iterator[Link]:
    """Return the links and pictures of a page, those around a picture included."""
    prose = re.sub(r"`[^`\n]+`", lambda code: code[0].translate(_NO_BRACKETS), _BLOCK.sub("", text_of(page)))
    for match in _LINK.finditer(prose):
        yield Link(page, match["target"], match["picture"] == "!")
        for inner in _LINK.finditer(match[0], 1):
            yield Link(page, inner["target"], inner["picture"] == "!")


_NO_BRACKETS: Final = str.maketrans("[]()", "    ")


@cache
def anchors_of(page: Path) -> frozenset[str]:
    """Return the anchors that GitHub makes of a page's headings."""
    seen: dict[str, int] = {}
    anchors = set()
    for heading in re.findall(r"^#{1,6} (.+?)\s*$", _BLOCK.sub("", text_of(page)), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        anchors.add(f"{slug}-{count}" if count else slug)
    return frozenset(anchors)
