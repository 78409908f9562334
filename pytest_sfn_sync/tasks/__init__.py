"""What answers a Task: the mock table, and the shapes that a resource gives to answers and errors."""
