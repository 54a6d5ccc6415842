"""The verbs of foundations, by subject."""
