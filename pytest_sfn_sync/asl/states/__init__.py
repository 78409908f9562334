"""What the states with work of their own do in a run: Task, Map, Parallel, Wait, and Retry and Catch around them."""
