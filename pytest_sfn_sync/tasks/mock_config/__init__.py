"""Step Functions Local's mock config files: they are read and checked, and they answer tasks while a machine runs.

`config_reading` turns a file or a dict into a `MockConfig`. `use` keeps the configs in use and chooses a machine's test
case. The mock table decides whether a test case or another mock answers.
"""
