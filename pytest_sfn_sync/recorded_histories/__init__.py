"""Recorded executions: what really happened on AWS, as the answers of a test and as what a replay has to repeat."""
