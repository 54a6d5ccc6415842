"""Who has looked at one's data, a copy of it, and the end of the account."""
