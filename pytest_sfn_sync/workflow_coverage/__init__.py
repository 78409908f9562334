"""What of the registered workflows the tests ran: states, choice rules, retriers, catchers, and the ways between them.

`elements` and `ways` are what a definition has, `ran` is what executions went through, `recording` brings the two
together while tests run, `table` and `markdown` tell it. Nothing here knows coverage.py, which has a room of its own
(`pytest_sfn_sync.coverage`), or pytest; nothing here is imported unless a report or coverage is wanted.
"""
