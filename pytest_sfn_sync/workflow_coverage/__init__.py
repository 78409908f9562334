"""The parts of registered workflows that tests ran: states, choice rules, retriers, catchers, and ways between them.

`places` and `ways` find the parts of a definition. `recording` counts the parts that executions went through. `table`
and `markdown` show the counts. `files` reads the machines of a file for coverage.py.

This package uses neither coverage.py, for which there is `pytest_sfn_sync.coverage`, nor pytest. It is imported only
for a report or for coverage.
"""
