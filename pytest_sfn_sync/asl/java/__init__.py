"""Behaviour of Java that AWS lets through: how values print, the order of a HashMap, random numbers, patterns."""
