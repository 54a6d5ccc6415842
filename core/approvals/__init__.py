"""Decisions that nobody makes alone: N of M voters, never the maker, never who has an interest in it."""
