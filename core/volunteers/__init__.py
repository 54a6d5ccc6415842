"""Volunteers: what is to be done and when, who comes, and what was done, confirmed from both sides."""
