"""The verbs of volunteering, by noun."""
