"""Funds: what everybody sees, and the desks of those who work for them."""
