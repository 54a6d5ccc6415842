"""Organizations: who is paid, who employs roles, whose account the public reads."""
