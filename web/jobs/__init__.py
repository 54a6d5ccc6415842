"""Work in the background: an operator's list, and the progress of what one has asked for."""
