"""How fast the fake is, as multiples of botocore's own cost measured in the same run: ``python -m tests.benchmarks``.

Not part of the default run: the files are named ``bench_*.py``, which pytest collects only when they are given to it.
Nothing here asserts a time; what is measured is printed beside what the project allows itself.
"""
