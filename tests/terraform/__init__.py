"""Terraform configurations: their machines, expressions and faults."""
