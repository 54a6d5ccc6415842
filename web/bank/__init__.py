"""Money that comes by bank transfer: the bank's statements, and what becomes of their lines."""
