"""The items of a distributed Map: read from the bytes of objects, in each of the formats of an ItemReader."""
