"""Funds: gifts, what they are bound to, requests for money, payments, and what became of every fen."""
