"""绿币: points that a village gives for what neighbours do, and a shop where they are worth something."""
