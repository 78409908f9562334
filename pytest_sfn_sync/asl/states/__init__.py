"""The work of Task, Map, Parallel and Wait states in a run, and Retry and Catch."""
