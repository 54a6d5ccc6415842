"""Money that goes back: refunds that treasurers ask for, and disputes."""
