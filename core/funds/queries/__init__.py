"""Reads of funds, their gifts and requests, and of what became of the money."""
