"""Reads of foundations, by subject."""
