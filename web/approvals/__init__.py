"""Decisions that wait for somebody, and how they came out."""
