"""Public accounts."""
