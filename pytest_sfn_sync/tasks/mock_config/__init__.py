"""Step Functions Local's mock config files: read and checked, put to use, and asked for answers while a machine runs.

`reading` makes a `MockConfig` out of a file or a dict; `use` keeps those in use and picks a machine's test case. How a
case stands among other mocks is the mock table's business.
"""
