"""Terraform configurations, read to the state machines in them; expressions are evaluated only for the machines."""
