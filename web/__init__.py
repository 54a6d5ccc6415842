"""Doors for people and programs: one frame around every page, one map from refusals to answers."""
