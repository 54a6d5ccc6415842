"""Files that one has asked for."""
