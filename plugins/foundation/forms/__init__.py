"""What people send to a foundation's pages, by subject."""
