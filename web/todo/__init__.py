"""待办: what waits for the person who looks."""
