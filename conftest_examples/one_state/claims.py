"""Code under test is the definition itself; this reads it."""

from pathlib import Path

DEFINITION = (Path(__file__).parent / "claims.asl.json").read_text()
