"""Search over everything that has a name and a page."""
