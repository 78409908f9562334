"""Tests of the plugin of coverage.py, which comes with pytest-cov."""

import pytest

pytest.importorskip("coverage", reason="the plugin of coverage.py is tested with coverage.py, which is not installed")
