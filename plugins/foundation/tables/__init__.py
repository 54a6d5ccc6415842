"""The tables of foundations, by subject."""
