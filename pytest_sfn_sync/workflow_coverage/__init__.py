"""What of the registered workflows the tests ran: states, choice rules, retriers, catchers, and the ways between them.

`places` and `ways` are what a definition has; `recording` counts what executions went through while tests run; `table`
and `markdown` show it; `files` reads the machines of a file for coverage.py. Nothing here knows coverage.py, which has
a room of its own (`pytest_sfn_sync.coverage`), or pytest; nothing here is imported unless a report or coverage is
wanted.
"""
