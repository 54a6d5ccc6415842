"""Organizations: found, registered by those who run them, reviewed by their region's staff."""
