"""Reads of calls, applications, scores, and contracts."""
