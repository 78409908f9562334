"""The fields of the objects of a definition: their types and ranges, the query language that has them, variables."""
