"""练习: what the demo world would have sent, where everybody can read it."""
