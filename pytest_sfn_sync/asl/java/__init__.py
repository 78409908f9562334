"""Behaviour of Java that is visible on AWS: printed values, the order of a HashMap, random numbers, patterns."""
