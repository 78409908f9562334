"""A definition as a graph: states, transitions, rules and their texts, read from the raw fields or a machine."""
