"""Orders, and the counter where they are paid."""
