"""The verbs of calls, applications, scores, decisions, contracts and tranches."""
