"""One's children: registered by their guardian, who agrees for them."""
