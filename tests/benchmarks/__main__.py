"""Runs the benchmarks and prints their tables; further arguments go to pytest (``-k pass1``)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FILES = sorted(str(path) for path in Path(__file__).parent.glob("bench_*.py"))

if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-p", "no:randomly", "-p", "no:xdist", *FILES, *sys.argv[1:]]))
