"""Journeys through the demo world, step by step."""
