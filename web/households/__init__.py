"""One's household: who lives in it, and what changes it."""
