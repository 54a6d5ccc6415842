"""Events on their way to plugins, and what an operator does about one that is stuck."""
