"""The ways in which the tasks of a machine can fail, each as a case that a test runs, and their outcomes as a table."""
