"""What all tests share: nothing yet; pytester is switched on in pyproject.toml."""
