"""Executions as a test sees them: their values, visits of states, traces, assertions and recorders."""
