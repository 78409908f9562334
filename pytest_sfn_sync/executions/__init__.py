"""Executions as a test sees them: values, visits of states, the trace, assertions, and who else is told of them."""
